#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "master/core/agents.h"
#include "master/core/enroll.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/ops.h"
#include "master/core/proxies.h"
#include "master/core/tasks.h"
#include "master/store/q_agents.h"
#include "master/store/q_scans.h"
#include "master/store/q_targets.h"

/* The agent that an operation is about, as it stood before. */
struct subject {
	uint64_t id;
	enum agent_state state;
	char fingerprint[128], name[256], group[128];
};

static void
copy_text(char *to, size_t room, struct span s)
{
	snprintf(to, room, "%.*s", (int)s.len,
		 s.len > 0 ? (const char *)s.ptr : "");
}

static enum status
note_subject(void *arg, const struct agent_row *row)
{
	struct subject *s = arg;

	s->id = row->id;
	s->state = row->state;
	copy_text(s->fingerprint, sizeof(s->fingerprint), row->fingerprint);
	copy_text(s->name, sizeof(s->name), row->name);
	copy_text(s->group, sizeof(s->group), row->group);
	return ST_OK;
}

static bool
find_subject(struct ask *a, struct subject *s)
{
	uint64_t id = 0;
	enum status st;

	if (!ask_id(a, "id", &id)) {
		ask_missing(a, "id");
		return false;
	}
	st = q_agent_get(a->core->store, id, note_subject, s);
	if (st == ST_OK && s->state == AGENT_REMOVED)
		st = ST_NOTFOUND;
	if (st == ST_NOTFOUND)
		answer_problem(a->reply, 404, "There is no such agent.");
	else if (st != ST_OK)
		answer_status(a->reply, st);
	return st == ST_OK;
}

static void
say_state(struct ask *a, uint64_t id, enum agent_state state)
{
	struct json j;

	answer_begin(a->reply, 200, &j);
	json_put_u64(&j, "id", id);
	json_put_cstr(&j, "state", agent_state_word(state));
	answer_end(a->reply, &j);
	events_agent(a->core, id);
}

static enum status
change_state(struct ask *a, const struct subject *s, enum agent_state to,
	     const char *action)
{
	struct core *c = a->core;
	uint64_t target = 0;
	enum status st = flow_begin(c);

	if (st != ST_OK)
		return st;
	st = q_agent_set_state(c->store, s->id, to);
	if (st == ST_OK && to == AGENT_VERIFIED)
		st =
		    q_target_of_agent(c->store, s->id, span_str(s->name),
				      span_str(s->group), core_now(c), &target);
	if (st == ST_OK && to == AGENT_BLOCKED)
		st = proxies_free(c, s->id);
	if (st == ST_OK)
		st = audit_on(c, &a->who, action, "agent", s->id);
	return flow_end(c, st);
}

void
op_agent_verify(struct ask *a)
{
	struct subject s = {0};
	struct span print;
	enum status st;

	if (!find_subject(a, &s))
		return;
	if (s.state != AGENT_UNVERIFIED) {
		answer_problem(a->reply, 409,
			       "It does not wait to be verified.");
		return;
	}
	if (ask_text(a, "fingerprint", 128, &print) &&
	    !span_eq(print, span_str(s.fingerprint))) {
		answer_problem(a->reply, 412,
			       "The fingerprint is another one.");
		return;
	}
	if (ask_failed(a))
		return;
	st = change_state(a, &s, AGENT_VERIFIED, "agent.verify");
	if (st != ST_OK) {
		answer_status(a->reply, st);
		return;
	}
	say_state(a, s.id, AGENT_VERIFIED);
	enroll_verified(a->core, s.id);
}

void
op_agent_block(struct ask *a)
{
	struct subject s = {0};
	enum status st;

	if (!find_subject(a, &s))
		return;
	if (s.state == AGENT_BLOCKED) {
		answer_problem(a->reply, 409, "It is blocked already.");
		return;
	}
	st = change_state(a, &s, AGENT_BLOCKED, "agent.block");
	if (st != ST_OK) {
		answer_status(a->reply, st);
		return;
	}
	agents_cut(a->core, s.id, BYE_BLOCKED);
	proxies_assign(a->core);
	say_state(a, s.id, AGENT_BLOCKED);
}

void
op_agent_unblock(struct ask *a)
{
	struct subject s = {0};
	enum agent_state to;
	enum status st;

	if (!find_subject(a, &s))
		return;
	if (s.state != AGENT_BLOCKED) {
		answer_problem(a->reply, 409, "It is not blocked.");
		return;
	}
	st = q_agent_had_certificate(a->core->store, s.id, &to);
	if (st == ST_OK)
		st = change_state(a, &s, to, "agent.unblock");
	if (st == ST_OK)
		say_state(a, s.id, to);
	else
		answer_status(a->reply, st);
}

static enum status
stop_task(void *arg, const struct task_row *t)
{
	struct ask *a = arg;
	struct core *c = a->core;
	enum status st;

	if (t->url.len > 0 && t->outcome == 0)
		return proxies_free_task(c, t); /* another may read it */
	st = q_task_set_state(c->store, t->id, TASK_STOPPED,
			      span_str("the agent was removed"), core_now(c));
	if (st == ST_OK)
		st = q_task_settle(c->store, t->id);
	if (st == ST_OK)
		st = q_scan_follow(c->store, t->scan, core_now(c));
	if (st == ST_OK)
		events_scan(c, t->scan);
	return st;
}

static enum status
remove_agent(struct ask *a, const struct subject *s)
{
	struct core *c = a->core;
	enum status st = q_agent_tasks(c->store, s->id, stop_task, a);

	if (st == ST_OK)
		st = q_agent_set_state(c->store, s->id, AGENT_REMOVED);
	if (st == ST_OK)
		st = audit_on(c, &a->who, "agent.remove", "agent", s->id);
	return st;
}

void
op_agent_remove(struct ask *a)
{
	struct core *c = a->core;
	struct subject s = {0};
	enum status st;

	if (!find_subject(a, &s))
		return;
	st = flow_begin(c);
	if (st == ST_OK)
		st = flow_end(c, remove_agent(a, &s));
	if (st != ST_OK) {
		answer_status(a->reply, st);
		return;
	}
	agents_cut(c, s.id, BYE_REMOVED);
	proxies_assign(c);
	answer_empty(a->reply, 200);
	events_agent(c, s.id);
}

void
op_agent_move(struct ask *a)
{
	struct core *c = a->core;
	struct subject s = {0};
	struct span group = span_str("");
	enum status st;

	if (!find_subject(a, &s))
		return;
	(void)ask_text(a, "group", 64, &group);
	if (ask_failed(a))
		return;
	st = flow_begin(c);
	if (st == ST_OK) {
		st = q_agent_set_group(c->store, s.id, group);
		if (st == ST_OK)
			st = audit_on(c, &a->who, "agent.move", "agent", s.id);
		st = flow_end(c, st);
	}
	if (st != ST_OK) {
		answer_status(a->reply, st);
		return;
	}
	answer_empty(a->reply, 200);
	events_agent(c, s.id);
}

void
op_agents_live(struct ask *a)
{
	struct live *l;
	struct json j;
	size_t at = 0;

	answer_begin(a->reply, 200, &j);
	json_key(&j, "items");
	json_list(&j);
	while ((l = table_next(a->core->agents, &at, NULL)) != NULL) {
		json_map(&j);
		json_put_u64(&j, "id", l->agent);
		json_put_bool(&j, "online", l->conn != 0);
		json_put_i64(&j, "seen", l->seen);
		json_put_i64(&j, "load", l->load);
		json_put_u64(&j, "spool", l->spool);
		json_end(&j);
	}
	json_end(&j);
	answer_end(a->reply, &j);
}

void
op_status(struct ask *a)
{
	struct core *c = a->core;
	struct live *l;
	struct json j;
	uint64_t online = 0;
	size_t at = 0;

	while ((l = table_next(c->agents, &at, NULL)) != NULL)
		online += l->conn != 0;
	answer_begin(a->reply, 200, &j);
	json_put_cstr(&j, "version", TRAWL_VERSION);
	json_put_cstr(&j, "store", flow_store_word(c));
	json_put_cstr(&j, "store_text", c->trouble_text);
	json_put_u64(&j, "agents_online", online);
	json_put_u64(&j, "batches", c->batches);
	json_put_u64(&j, "findings", c->findings);
	json_put_u64(&j, "commits", c->commits);
	json_put_u64(&j, "queue_bytes",
		     c->gate == NULL ? 0 : edge_queued(c->gate));
	json_put_u64(&j, "seconds",
		     (clock_mono_ms(c->clock) - c->began) / 1000);
	answer_end(a->reply, &j);
}
