#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "master/api/coverage.h"
#include "master/api/filters.h"
#include "master/api/out.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_coverage.h"
#include "master/store/q_findings.h"
#include "master/store/q_targets.h"

/* The tree of what is looked at, one level at a time. */

/*
 * Hosts that are in no group stand at the root, before the groups: the group
 * without a name is never shown. The cursor of the root says in which of the
 * two parts it is.
 */
#define NO_GROUP "g:"

struct level {
	struct json *j;
	uint64_t written; /* by this request */
	uint64_t passed;  /* rows of the part so far, those before it too */
	uint32_t limit;
	bool more;
	char next[32];
};

static enum status
put_child(void *arg, const struct node_row *r)
{
	struct level *l = arg;

	l->passed++;
	if (r->kind == NODE_GROUP && r->name.len == 0)
		return ST_OK;
	json_map(l->j);
	out_node(l->j, r);
	json_end(l->j);
	l->written++;
	return ST_OK;
}

/* One part of the level from a row on; more and next say whether it ended. */
static enum status
put_part(struct level *l, struct store *db, const char *part, struct span id,
	 uint64_t after)
{
	enum status st;

	l->passed = after;
	l->more = true;
	if (l->written < l->limit) {
		struct node_page page = {
		    .after = after, .limit = l->limit - (uint32_t)l->written};

		st = q_targets_children(db, id, &page, put_child, l);
		l->more = page.more;
		if (st != ST_OK)
			return st;
	}
	if (l->more)
		snprintf(l->next, sizeof(l->next), "%s%" PRIu64, part,
			 l->passed);
	return ST_OK;
}

static enum status
put_level(struct level *l, struct store *db, struct span id, struct span cursor)
{
	bool groups = str_starts(cursor, "g");
	uint64_t after = 0;
	enum status st;

	if (cursor.len > 1 &&
	    str_to_u64(span_skip(cursor, 1), 0, INT64_MAX, &after) != ST_OK)
		return ST_MALFORMED;
	if (id.len > 0)
		return put_part(l, db, "n", id, after);
	if (!groups) {
		st = put_part(l, db, "n", span_str(NO_GROUP), after);
		if (st != ST_OK || l->more)
			return st;
		after = 0;
	}
	return put_part(l, db, "g", id, after);
}

void
r_targets_list(struct request *rq, struct reply *rp)
{
	const struct query_pair *parent = query_find(&rq->query, "parent");
	struct span id = parent == NULL ? span_str("") : parent->value;
	struct span cursor;
	struct level l = {.written = 0};
	struct json j;
	enum status st;

	if (!serve_page(rq, rp, "targets", &l.limit, &cursor))
		return;
	reply_json(rp, 200, &j);
	l.j = &j;
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	st = put_level(&l, rq->db, id, cursor);
	json_end(&j);
	reply_next(rq, &j, "targets", l.next);
	json_key(&j, "total");
	if (l.more || cursor.len > 0)
		json_nil(&j);
	else
		json_u64(&j, l.written);
	json_put_bool(&j, "total_exact", !l.more && cursor.len == 0);
	json_end(&j);
	if (st == ST_MALFORMED || st == ST_NOTFOUND)
		problem_say(rq, rp, 404, "there is no such node");
	else if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the targets");
	else
		reply_done(rq, rp, &j);
}

/* ---- one node ----------------------------------------------------------- */

struct detail {
	struct request *rq;
	struct json *j;
	enum node_kind kind;
	uint64_t target;
};

static enum status
put_node(void *arg, const struct node_row *r)
{
	struct detail *d = arg;

	out_node(d->j, r);
	d->kind = r->kind;
	d->target = r->target;
	return ST_OK;
}

static enum status
put_crumb(void *arg, const struct node_row *r)
{
	if (r->kind == NODE_GROUP && r->name.len == 0)
		return ST_OK;
	json_map(arg);
	out_crumb(arg, r);
	json_end(arg);
	return ST_OK;
}

static enum status
put_count(void *arg, const struct facet_row *r)
{
	struct json *j = arg;

	json_map(j);
	json_put_str(j, "value", r->value);
	json_put_str(j, "name", out_category(r->value));
	json_put_u64(j, "count", r->findings);
	json_end(j);
	return ST_OK;
}

/* What stands open below the node, by one field. */
static enum status
put_counts(struct detail *d, struct span id, const char *dimension,
	   const char *key)
{
	const struct query q = {
	    .pairs = {{span_str("under"), id},
		      {span_str("state"), span_str("open")},
		      {span_str("state"), span_str("confirmed")}},
	    .count = 3,
	};
	struct problem p = {.status = 0};
	struct filter f;
	enum status st = filters_read(&q, "", &f, &p);

	json_key(d->j, key);
	json_list(d->j);
	if (st == ST_OK)
		st = q_findings_facet(d->rq->db, &f, dimension, 200, put_count,
				      d->j);
	json_end(d->j);
	return st;
}

/* The ledger of the last scan that began on a host. */
static enum status
put_coverage(struct detail *d)
{
	struct coverage_ask ask = {.target = d->target, .reason = -1};
	struct coverage_sum sum = {0};
	enum status st = ST_OK;

	if (d->kind == NODE_TARGET)
		st = q_coverage_last(d->rq->db, d->target, &ask.scan);
	if (st == ST_OK && ask.scan != 0)
		st = q_coverage_sum(d->rq->db, &ask, &sum);
	if (st != ST_OK)
		return st;
	json_key(d->j, "problems");
	if (ask.scan == 0)
		json_nil(d->j);
	else
		json_u64(d->j, sum.partial + sum.unread + sum.folders);
	out_id(d->j, "scan", ask.scan);
	json_key(d->j, "coverage");
	if (ask.scan != 0)
		return coverage_put(d->j, d->rq->db, &ask);
	json_nil(d->j);
	return ST_OK;
}

static enum status
put_detail(struct detail *d, struct span id)
{
	enum status st = q_targets_node(d->rq->db, id, put_node, d);

	if (st != ST_OK)
		return st;
	json_key(d->j, "breadcrumb");
	json_list(d->j);
	st = q_targets_way(d->rq->db, id, put_crumb, d->j);
	json_end(d->j);
	if (st == ST_OK)
		st = put_counts(d, id, "risk", "risks");
	if (st == ST_OK)
		st = put_counts(d, id, "category", "categories");
	if (st == ST_OK)
		st = put_coverage(d);
	return st;
}

void
r_target_get(struct request *rq, struct reply *rp)
{
	struct json j;
	struct detail d = {.rq = rq, .j = &j};
	enum status st;

	reply_json(rp, 200, &j);
	json_map(&j);
	st = put_detail(&d, rq->param);
	if (st == ST_MALFORMED || st == ST_NOTFOUND) {
		problem_say(rq, rp, 404, "there is no such node");
		return;
	}
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the target");
		return;
	}
	json_end(&j);
	reply_done(rq, rp, &j);
}
