#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "model/budget.h"

/* The table of what one object may cost: what an order can be given. */

static void
put_row(struct json *j, const struct budget_row *r)
{
	json_map(j);
	json_put_cstr(j, "name", r->name);
	json_put_u64(j, "default", r->normal);
	json_put_u64(j, "low", r->low);
	json_key(j, "high");
	if (r->high > INT64_MAX)
		json_nil(j);
	else
		json_u64(j, r->high);
	json_put_cstr(j, "unit", budget_unit_name(r->unit));
	json_put_cstr(j, "text", r->text);
	json_end(j);
}

void
r_limits_list(struct request *rq, struct reply *rp)
{
	struct json j;
	uint64_t count = 0;

	reply_json(rp, 200, &j);
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	while (budget_row(count) != NULL)
		put_row(&j, budget_row(count++));
	json_end(&j);
	json_put_u64(&j, "total", count);
	json_end(&j);
	reply_done(rq, rp, &j);
}
