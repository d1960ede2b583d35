#include "master/core/events.h"

#include "base/json.h"
#include "base/log.h"
#include "master/core/agents.h"
#include "master/core/flow.h"
#include "master/core/say.h"
#include "master/core/tasks.h"
#include "master/store/q_agents.h"
#include "master/store/q_overview.h"
#include "master/store/q_scans.h"
#include "master/store/words.h"

#define EVENT_MAX 65536 /* bytes of one */

static void
say(struct core *c, const char *type, struct json *j, struct buf *b)
{
	if (json_done(j) == ST_OK)
		say_event(c, type, buf_span(b));
	else
		log_error("an event does not fit type=%s", type);
	buf_fini(b);
}

static void
start(struct json *j, struct buf *b)
{
	buf_init(b, EVENT_MAX);
	json_init(j, b);
	json_map(j);
}

static void
wake(struct core *c)
{
	uint64_t now = clock_mono_ms(c->clock);
	uint64_t due = c->told_at + EVENTS_EVERY_MS;

	if (c->api == NULL)
		return;
	if (loop_timer_set(c->telling, due > now ? due - now : 0) != ST_OK)
		log_error("no timer for events");
}

static void
note(struct core *c, struct table *t, uint64_t id)
{
	/* Any pointer that is not NULL: it is a set. */
	if (table_put_u64(t, id, t) != ST_OK)
		events_reset(c);
	else
		wake(c);
}

void
events_findings(struct core *c)
{
	c->changed_findings = true;
	wake(c);
}

void
events_scan(struct core *c, uint64_t scan)
{
	note(c, c->changed_scans, scan);
}

void
events_agent(struct core *c, uint64_t agent)
{
	note(c, c->changed_agents, agent);
}

void
events_store(struct core *c)
{
	struct json j;
	struct buf b;

	start(&j, &b);
	json_put_cstr(&j, "state", flow_store_word(c));
	json_put_cstr(&j, "text", c->trouble_text);
	json_end(&j);
	say(c, "store", &j, &b);
}

void
events_reset(struct core *c)
{
	struct json j;
	struct buf b;

	start(&j, &b);
	json_end(&j);
	say(c, "reset", &j, &b);
}

static void
tell_findings(struct core *c)
{
	struct overview_totals t = {0};
	uint64_t open = 0, critical = 0, matches = 0;
	struct json j;
	struct buf b;

	if (!c->changed_findings || q_overview_standing(c->store, &t) != ST_OK)
		return;
	c->changed_findings = false;
	for (int s = FINDING_OPEN; s <= FINDING_CONFIRMED; s++) {
		critical += t.findings[s][RISK_CRITICAL];
		for (int r = 1; r <= RISK_COUNT; r++) {
			open += t.findings[s][r];
			matches += t.matches[s][r];
		}
	}
	start(&j, &b);
	json_put_u64(&j, "open", open);
	json_put_u64(&j, "critical", critical);
	json_put_u64(&j, "matches", matches);
	json_put_u64(&j, "new", c->new_findings);
	json_end(&j);
	c->new_findings = 0;
	say(c, "finding", &j, &b);
}

/* Sums of a scan with what its tasks said last. */
struct scan_sum {
	struct core *c;
	struct task_row sum;
	char current[1024];
	bool exact, any;
};

static enum status
add_task(void *arg, const struct task_row *row)
{
	struct scan_sum *s = arg;
	struct task_row t = *row;

	tasks_overlay(s->c, &t);
	s->sum.done_objects += t.done_objects;
	s->sum.done_bytes += t.done_bytes;
	s->sum.total_objects += t.total_objects;
	s->sum.total_bytes += t.total_bytes;
	s->exact = (s->exact || !s->any) && t.total_exact;
	s->any = true;
	s->sum.matches += t.matches;
	s->sum.partial += t.partial;
	s->sum.unread += t.unread;
	if (t.state == TASK_RUNNING)
		s->sum.rate += t.rate;
	if (t.moved > s->sum.moved)
		s->sum.moved = t.moved;
	if (t.current.len > 0 && t.current.len <= sizeof(s->current)) {
		memcpy(s->current, t.current.ptr, t.current.len);
		s->sum.current = span_of(s->current, t.current.len);
	}
	return ST_OK;
}

static enum status
tell_scan(void *arg, const struct scan_row *row)
{
	struct scan_sum s = {.c = arg};
	struct json j;
	struct buf b;
	enum status st = q_scan_tasks(s.c->store, row->id, add_task, &s);

	if (st != ST_OK)
		return st;
	start(&j, &b);
	json_put_u64(&j, "id", row->id);
	json_put_cstr(&j, "state", task_state_name(row->state));
	json_put_u64(&j, "done_objects", s.sum.done_objects);
	json_put_u64(&j, "done_bytes", s.sum.done_bytes);
	json_put_u64(&j, "total_objects", s.sum.total_objects);
	json_put_u64(&j, "total_bytes", s.sum.total_bytes);
	json_put_bool(&j, "total_exact", s.exact);
	json_put_u64(&j, "matches", s.sum.matches);
	json_put_u64(&j, "partial", s.sum.partial);
	json_put_u64(&j, "unread", s.sum.unread);
	json_put_u64(&j, "rate", s.sum.rate);
	json_put_str(&j, "current", s.sum.current);
	json_put_i64(&j, "moved", s.sum.moved);
	json_end(&j);
	say(s.c, "scan", &j, &b);
	return ST_OK;
}

static enum status
tell_agent(void *arg, const struct agent_row *row)
{
	struct core *c = arg;
	const struct live *a = agents_find(c, row->id);
	struct json j;
	struct buf b;

	start(&j, &b);
	json_put_u64(&j, "id", row->id);
	json_put_str(&j, "name", row->name);
	json_put_cstr(&j, "state", agent_state_word(row->state));
	json_put_bool(&j, "online", a != NULL && a->conn != 0);
	json_put_i64(&j, "seen", a != NULL ? a->seen : row->seen);
	json_end(&j);
	say(c, "agent", &j, &b);
	return ST_OK;
}

static uint64_t
take_one(struct table *t)
{
	struct span key;
	size_t at = 0;
	uint64_t id = 0;

	if (table_next(t, &at, &key) == NULL)
		return 0;
	for (size_t i = 0; i < 8 && i < key.len; i++)
		id |= (uint64_t)key.ptr[i] << (8 * i);
	(void)table_take_u64(t, id);
	return id;
}

void
events_timer(void *core)
{
	struct core *c = core;
	uint64_t id;

	c->told_at = clock_mono_ms(c->clock);
	tell_findings(c);
	while ((id = take_one(c->changed_scans)) != 0)
		if (q_scan_get(c->store, id, tell_scan, c) != ST_OK)
			log_debug("no event for scan=%llu",
				  (unsigned long long)id);
	while ((id = take_one(c->changed_agents)) != 0)
		if (q_agent_get(c->store, id, tell_agent, c) != ST_OK)
			log_debug("no event for agent=%llu",
				  (unsigned long long)id);
}
