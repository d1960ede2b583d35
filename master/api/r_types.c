#include <string.h>

#include "master/api/etag.h"
#include "master/api/out.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_types.h"

/* The data types that core knows, and those that only old findings name. */

struct types {
	struct json *j;
	uint64_t count;
};

static enum status
put_type(void *arg, const struct type_row *r)
{
	struct types *t = arg;
	struct json *j = t->j;

	json_map(j);
	json_put_str(j, "id", r->name);
	json_put_str(j, "name", r->title);
	json_put_str(j, "category", r->category);
	json_put_str(j, "category_name", out_category(r->category));
	json_put_cstr(j, "risk", risk_word(r->risk));
	json_put_str(j, "countries", r->countries);
	json_put_str(j, "source", r->source);
	json_put_u64(j, "findings", r->findings);
	json_put_bool(j, "current", r->position >= 0);
	json_end(j);
	t->count++;
	return ST_OK;
}

void
r_types_list(struct request *rq, struct reply *rp)
{
	struct json j;
	struct types t = {.j = &j};
	enum status st;

	reply_json(rp, 200, &j);
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	st = q_types_list(rq->db, put_type, &t);
	json_end(&j);
	reply_next(rq, &j, "types", "");
	json_put_u64(&j, "total", t.count);
	json_put_bool(&j, "total_exact", true);
	json_end(&j);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the data types");
		return;
	}
	reply_done(rq, rp, &j);
	if (rp->status != 200)
		return;
	etag_bytes(rp->etag, buf_span(&rp->body));
	if (etag_unchanged(rq->header[HEADER_IF_NONE_MATCH], rp->etag)) {
		buf_clear(&rp->body);
		rp->status = 304;
		rp->type = NULL;
	}
}
