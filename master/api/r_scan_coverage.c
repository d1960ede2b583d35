#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "master/api/out.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_coverage.h"
#include "master/store/q_scans.h"
#include "model/object.h"

/* What a scan did not read, or not wholly. */

static int
reason_number(struct span word)
{
	for (int i = 0; i < COVER__COUNT; i++)
		if (str_is(word, cover_name((unsigned)i)))
			return i;
	return -1;
}

static enum status
put_coverage(void *arg, const struct coverage_row *r)
{
	struct json *j = arg;

	json_map(j);
	out_id(j, "task", r->task);
	out_id(j, "target", r->target);
	json_put_str(j, "host", r->target_name);
	json_put_str(j, "path", r->path);
	json_put_str(j, "place", r->place);
	json_put_cstr(j, "coverage", coverage_name(r->coverage));
	json_put_cstr(j, "reason", cover_name(r->reason));
	json_put_cstr(j, "text", cover_text(r->reason));
	json_put_str(j, "parser", r->parser);
	json_put_str(j, "detail", r->detail);
	json_put_u64(j, "size", r->size);
	json_put_u64(j, "read", r->read);
	json_end(j);
	return ST_OK;
}

static enum status
nothing(void *arg, const struct scan_row *r)
{
	(void)arg;
	(void)r;
	return ST_OK;
}

void
r_scan_coverage(struct request *rq, struct reply *rp)
{
	const struct query_pair *pair = query_find(&rq->query, "reason");
	int reason = pair == NULL ? -1 : reason_number(pair->value);
	char list[48];
	uint64_t id = serve_id(rq, rp);
	struct coverage_ask ask = {.reason = -1};
	struct row_page page;
	struct span cursor;
	uint32_t limit;
	struct json j;
	enum status st;

	snprintf(list, sizeof(list), "coverage %" PRIu64 " %d", id, reason);
	if (id == 0 || !serve_page(rq, rp, list, &limit, &cursor))
		return;
	if (pair != NULL && reason < 0) {
		problem_say(rq, rp, 400, "the reason is not known");
		return;
	}
	st = q_scan_get(rq->db, id, nothing, NULL);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the scan");
		return;
	}
	reply_json(rp, 200, &j);
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	page = (struct row_page){.cursor = cursor, .limit = limit};
	ask.scan = id;
	ask.reason = reason;
	st = q_coverage_list(rq->db, &ask, &page, put_coverage, &j);
	json_end(&j);
	reply_next(rq, &j, list, page.next);
	json_key(&j, "total");
	json_nil(&j);
	json_put_bool(&j, "total_exact", false);
	json_end(&j);
	if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the coverage");
	else
		reply_done(rq, rp, &j);
}
