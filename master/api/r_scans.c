#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "master/api/coverage.h"
#include "master/api/out.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/scans.h"
#include "master/api/serve.h"
#include "master/store/q_coverage.h"
#include "master/store/q_scans.h"
#include "model/budget.h"
#include "model/object.h"

/* The list of scans, and one scan with its tasks. */
#define LIST "scans"

#define LIVE_STATES (1U << TASK_QUEUED | 1U << TASK_RUNNING | 1U << TASK_PAUSED)

struct list {
	struct scans_out out;
	unsigned states; /* bits by enum task_state; 0: all */
	bool live;       /* the live ones are listed already */
	uint32_t limit;
	uint64_t written, last;
	bool more;
};

static unsigned
state_number(struct span word)
{
	for (unsigned n = TASK_QUEUED; n <= TASK_PARTIAL; n++)
		if (str_is(word, task_state_name(n)))
			return n;
	return 0;
}

static bool
read_states(struct request *rq, struct reply *rp, unsigned *states)
{
	struct problem p = {.status = 0};

	for (size_t i = 0; i < rq->query.count; i++) {
		unsigned n;

		if (!str_is(rq->query.pairs[i].name, "state"))
			continue;
		n = state_number(rq->query.pairs[i].value);
		if (n == 0)
			problem_field(&p, "?state",
				      "is queued, running, paused, done, "
				      "stopped, failed or partial");
		*states |= 1U << n;
	}
	if (p.count > 0)
		problem_reply(rq, rp, &p);
	return p.count == 0;
}

static bool
wanted(const struct list *l, unsigned state)
{
	return l->states == 0 || (l->states & (1U << state)) != 0;
}

static enum status
put_live(void *arg, const struct scan_row *r)
{
	struct list *l = arg;

	if (!wanted(l, r->state))
		return ST_OK;
	l->written++;
	return scans_put(&l->out, r);
}

/* Ended ones, newest first; the live ones stand on the first page already. */
static enum status
put_ended(void *arg, const struct scan_row *r)
{
	struct list *l = arg;

	if ((LIVE_STATES & (1U << r->state)) != 0 || !wanted(l, r->state))
		return ST_OK;
	if (l->written >= l->limit) {
		l->more = true;
		return ST_EOF;
	}
	l->written++;
	l->last = r->id;
	return scans_put(&l->out, r);
}

/*
 * The store gives rows of any state; those that are not wanted are passed over,
 * a page of the store at a time, until ours is full.
 */
static enum status
put_page(struct list *l, struct store *db, uint64_t before)
{
	enum status st = ST_OK;

	if (before == 0)
		st = q_scans_live(db, put_live, l);
	if (st != ST_OK)
		return st;
	return q_scans_list(db, before, 0, UINT32_MAX, put_ended, l);
}

void
r_scans_list(struct request *rq, struct reply *rp)
{
	struct list l = {.states = 0};
	struct span cursor;
	char next[24] = "";
	uint64_t before = 0;
	struct json j;
	enum status st;

	if (!read_states(rq, rp, &l.states) ||
	    !serve_page(rq, rp, LIST, &l.limit, &cursor))
		return;
	if (cursor.len > 0 &&
	    str_to_u64(cursor, 1, INT64_MAX, &before) != ST_OK)
		before = 0;
	reply_json(rp, 200, &j);
	l.out = (struct scans_out){.rq = rq, .j = &j};
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	st = put_page(&l, rq->db, before);
	json_end(&j);
	if (l.more)
		snprintf(next, sizeof(next), "%" PRIu64,
			 l.last == 0 ? INT64_MAX : l.last);
	reply_next(rq, &j, LIST, next);
	json_key(&j, "total");
	if (l.more || before != 0)
		json_nil(&j);
	else
		json_u64(&j, l.written);
	json_put_bool(&j, "total_exact", !l.more && before == 0);
	json_end(&j);
	if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the scans");
	else
		reply_done(rq, rp, &j);
}

/* ---- one scan ----------------------------------------------------------- */

static enum status
put_path(void *arg, struct span path)
{
	json_str(arg, path);
	return ST_OK;
}

static enum status
put_task(void *arg, const struct task_row *r)
{
	struct scans_out *o = arg;
	const struct out_progress p = {
	    .state = r->state,
	    .done_objects = r->done_objects,
	    .done_bytes = r->done_bytes,
	    .total_objects = r->total_objects,
	    .total_bytes = r->total_bytes,
	    .total_exact = r->total_exact,
	    .rate = r->rate,
	    .matches = r->matches,
	    .partial = r->partial,
	    .unread = r->unread,
	    .current = r->state == TASK_RUNNING ? r->current : span_of(NULL, 0),
	    .moved = r->moved,
	};

	json_map(o->j);
	out_id(o->j, "id", r->id);
	out_id(o->j, "agent", r->agent);
	json_put_str(o->j, "host", scans_host(r));
	out_text(o->j, "proxy",
		 r->url.len > 0 ? r->agent_name : span_of(NULL, 0));
	out_text(o->j, "url", r->url);
	out_id(o->j, "target", r->target);
	json_put_bool(o->j, "online", r->online);
	json_put_cstr(o->j, "state", task_state_name(r->state));
	out_ms(o->j, "started", r->started);
	out_ms(o->j, "ended", r->finished);
	json_key(o->j, "progress");
	out_progress(o->j, &p, serve_now_ms(o->rq));
	out_text(o->j, "message", r->message);
	json_end(o->j);
	return ST_OK;
}

static enum status
put_error(void *arg, const struct coverage_total_row *r)
{
	struct json *j = arg;

	json_map(j);
	json_put_cstr(j, "coverage", coverage_name(r->coverage));
	json_put_cstr(j, "reason", cover_name(r->reason));
	json_put_cstr(j, "text", cover_text(r->reason));
	json_put_u64(j, "count", r->places);
	json_end(j);
	return ST_OK;
}

/* Those that are not the default ones, by name. */
static void
put_limits(struct json *j, struct span list)
{
	struct budget b;
	struct buf why;

	budget_default(&b);
	buf_init(&why, 256);
	json_key(j, "limits");
	json_map(j);
	/* an order of another version may name what is no limit here */
	if (budget_set(&b, list, &why) == ST_OK)
		for (size_t i = 0; budget_row(i) != NULL; i++) {
			const struct budget_row *r = budget_row(i);
			uint64_t v = budget_value(&b, r);

			if (v != r->normal)
				json_put_u64(j, r->name, v);
		}
	json_end(j);
	buf_fini(&why);
}

static void
put_list(struct json *j, const char *key, struct span list, uint8_t sep)
{
	struct span part;

	json_key(j, key);
	json_list(j);
	while (str_next(&list, sep, &part))
		if (part.len > 0)
			json_str(j, str_trim(part));
	json_end(j);
}

static enum status
put_order(void *arg, const struct scan_row *r)
{
	struct scans_out *o = arg;
	enum status st = scans_put_members(o, r);

	json_put_u64(o->j, "min_confidence", r->min_confidence);
	put_list(o->j, "types", r->types, '\n');
	json_put_bool(o->j, "skip_unchanged", r->skip_unchanged);
	put_limits(o->j, r->limits);
	put_list(o->j, "ocr", r->ocr, ',');
	return st;
}

static enum status
put_detail(struct scans_out *o, uint64_t id)
{
	const struct coverage_ask ask = {.scan = id, .reason = -1};
	struct store *db = o->rq->db;
	enum status st = q_scan_get(db, id, put_order, o);

	if (st != ST_OK)
		return st;
	json_key(o->j, "paths");
	json_list(o->j);
	st = q_scan_paths(db, id, put_path, o->j);
	json_end(o->j);
	if (st != ST_OK)
		return st;
	json_key(o->j, "tasks");
	json_list(o->j);
	st = q_scan_tasks(db, id, put_task, o);
	json_end(o->j);
	if (st != ST_OK)
		return st;
	json_key(o->j, "errors");
	json_list(o->j);
	st = q_coverage_totals(db, &ask, put_error, o->j);
	json_end(o->j);
	if (st != ST_OK)
		return st;
	json_key(o->j, "coverage");
	return coverage_put(o->j, db, &ask);
}

void
r_scan_get(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);
	struct json j;
	struct scans_out o = {.rq = rq, .j = &j};
	enum status st;

	if (id == 0)
		return;
	reply_json(rp, 200, &j);
	json_map(&j);
	st = put_detail(&o, id);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the scan");
		return;
	}
	json_end(&j);
	reply_done(rq, rp, &j);
}
