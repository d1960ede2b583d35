#include "master/api/scans.h"

#include "master/api/out.h"
#include "master/api/serve.h"

#define AGENTS_SHOWN 64

struct agents {
	struct json *j;
	unsigned count;
	struct buf current; /* of a running task */
	struct buf message; /* of the first task that failed */
};

struct span
scans_host(const struct task_row *r)
{
	if (r->url.len > 0 || r->agent_name.len == 0)
		return r->target_name;
	return r->agent_name;
}

static enum status
put_agent(void *arg, const struct task_row *r)
{
	struct agents *a = arg;
	enum status st = ST_OK;

	if (a->count++ < AGENTS_SHOWN) {
		json_map(a->j);
		out_id(a->j, "id", r->agent);
		json_put_str(a->j, "host", scans_host(r));
		json_end(a->j);
	}
	if (a->current.len == 0 && r->state == TASK_RUNNING)
		st = buf_add(&a->current, r->current.ptr, r->current.len);
	/* of one that is done it says who could not read it before */
	if (st == ST_OK && a->message.len == 0 && r->state != TASK_DONE)
		st = buf_add(&a->message, r->message.ptr, r->message.len);
	return st;
}

static void
put_progress(struct scans_out *o, const struct scan_row *r, struct span current)
{
	const struct out_progress p = {
	    .state = r->state,
	    .done_objects = r->done_objects,
	    .done_bytes = r->done_bytes,
	    .total_objects = r->total_objects,
	    .total_bytes = r->total_bytes,
	    .total_exact = r->total_exact,
	    .rate = r->state == TASK_RUNNING ? r->rate : 0,
	    .matches = r->matches,
	    .partial = r->partial,
	    .unread = r->unread,
	    .current = current,
	    .moved = r->moved,
	};

	json_key(o->j, "progress");
	out_progress(o->j, &p, serve_now_ms(o->rq));
}

enum status
scans_put_members(struct scans_out *o, const struct scan_row *r)
{
	struct agents a = {.j = o->j};
	enum status st;

	buf_init(&a.current, 64 * 1024);
	buf_init(&a.message, 64 * 1024);
	out_id(o->j, "id", r->id);
	json_put_str(o->j, "name", r->name);
	json_put_cstr(o->j, "state", task_state_name(r->state));
	out_ms(o->j, "created", r->created);
	out_ms(o->j, "started", r->started);
	out_ms(o->j, "ended", r->finished);
	json_put_str(o->j, "created_by", r->created_by);
	json_key(o->j, "agents");
	json_list(o->j);
	st = q_scan_tasks(o->rq->db, r->id, put_agent, &a);
	json_end(o->j);
	put_progress(o, r, buf_span(&a.current));
	out_text(o->j, "message", buf_span(&a.message));
	buf_fini(&a.current);
	buf_fini(&a.message);
	return st;
}

enum status
scans_put(struct scans_out *o, const struct scan_row *r)
{
	enum status st;

	json_map(o->j);
	st = scans_put_members(o, r);
	json_end(o->j);
	return st;
}

enum status
scans_row(void *arg, const struct scan_row *r)
{
	return scans_put_members(arg, r);
}
