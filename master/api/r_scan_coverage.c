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
	json_put_u64(j, "number", r->number);
	json_put_cstr(j, "coverage", coverage_name(r->coverage));
	json_put_cstr(j, "reason", cover_name(r->reason));
	json_put_cstr(j, "text", cover_text(r->reason));
	json_put_str(j, "parser", r->parser);
	json_put_str(j, "detail", r->detail);
	json_put_u64(j, "size", r->size);
	json_put_u64(j, "read", r->read);
	json_put_bool(j, "folder", r->folder);
	json_put_u64(j, "members", r->members);
	json_put_u64(j, "members_partial", r->members_partial);
	json_put_u64(j, "members_unread", r->members_unread);
	json_put_u64(j, "places", r->places);
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

/* ?reason and ?target; false: the reply is made. */
static bool
read_ask(struct request *rq, struct reply *rp, struct coverage_ask *ask)
{
	const struct query_pair *reason = query_find(&rq->query, "reason");
	const struct query_pair *target = query_find(&rq->query, "target");
	struct problem p = {.status = 0};
	uint8_t n = 0;

	if (reason != NULL && !cover_find(reason->value, &n))
		problem_field(&p, "?reason", "is not known");
	if (target != NULL && (ask->target = body_parse_id(target->value)) == 0)
		problem_field(&p, "?target", "must be an id");
	ask->reason = reason == NULL ? -1 : n;
	if (p.count > 0)
		problem_reply(rq, rp, &p);
	return p.count == 0;
}

static void
put_page(struct request *rq, struct reply *rp, const struct coverage_ask *ask,
	 struct coverage_page *page, const char *list)
{
	struct json j;
	enum status st;

	reply_json(rp, 200, &j);
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	st = q_coverage_list(rq->db, ask, page, put_coverage, &j);
	json_end(&j);
	reply_next(rq, &j, list, page->next);
	json_key(&j, "total");
	json_nil(&j);
	json_put_bool(&j, "total_exact", false);
	json_end(&j);
	if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the coverage");
	else
		reply_done(rq, rp, &j);
}

void
r_scan_coverage(struct request *rq, struct reply *rp)
{
	struct coverage_ask ask = {.scan = serve_id(rq, rp)};
	struct coverage_page page = {.limit = 0};
	char list[80];
	enum status st;

	if (ask.scan == 0 || !read_ask(rq, rp, &ask))
		return;
	snprintf(list, sizeof(list), "coverage %" PRIu64 " %" PRIu64 " %d",
		 ask.scan, ask.target, ask.reason);
	if (!serve_page(rq, rp, list, &page.limit, &page.cursor))
		return;
	st = q_scan_get(rq->db, ask.scan, nothing, NULL);
	if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the scan");
	else
		put_page(rq, rp, &ask, &page, list);
}
