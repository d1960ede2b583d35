#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "master/api/filters.h"
#include "master/api/out.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_agents.h"

/* Agents: who scans, who waits to be trusted, who is shut out. */
#define LIST "agents"

struct agents {
	struct json *j;
	unsigned states; /* bits by enum agent_state; 0: all */
	uint64_t skip;   /* rows of the list that are behind us */
	uint32_t limit;
	uint64_t row; /* rows of the list met so far */
	uint64_t written;
	/* over all agents, whatever is listed */
	uint64_t total, online, unverified, blocked, outdated;
};

static void
count_agent(struct agents *l, const struct agent_row *r)
{
	l->total++;
	l->online += r->online;
	l->unverified += r->state == AGENT_UNVERIFIED;
	l->blocked += r->state == AGENT_BLOCKED;
	l->outdated += r->build.len > 0 && !str_is(r->build, TRAWL_VERSION);
}

static enum status
list_agent(struct agents *l, const struct agent_row *r)
{
	if (l->states != 0 && (l->states & (1U << r->state)) == 0)
		return ST_OK;
	if (l->row++ < l->skip || l->written == l->limit)
		return ST_OK;
	json_map(l->j);
	out_agent(l->j, r);
	json_end(l->j);
	l->written++;
	return ST_OK;
}

/* Those that wait for a person come first. */
static enum status
waiting_agent(void *arg, const struct agent_row *r)
{
	struct agents *l = arg;

	count_agent(l, r);
	return r->state == AGENT_UNVERIFIED ? list_agent(l, r) : ST_OK;
}

static enum status
known_agent(void *arg, const struct agent_row *r)
{
	return r->state == AGENT_UNVERIFIED ? ST_OK : list_agent(arg, r);
}

static bool
read_states(struct request *rq, struct reply *rp, unsigned *states)
{
	struct problem p = {.status = 0};

	for (size_t i = 0; i < rq->query.count; i++) {
		unsigned n;

		if (!str_is(rq->query.pairs[i].name, "state"))
			continue;
		n = agent_state_number(rq->query.pairs[i].value);
		if (n == 0 || n == AGENT_REMOVED)
			problem_field(&p, "?state",
				      "is unverified, verified or blocked");
		*states |= 1U << n;
	}
	if (p.count > 0)
		problem_reply(rq, rp, &p);
	return p.count == 0;
}

static void
put_summary(struct json *j, const struct agents *l)
{
	json_key(j, "summary");
	json_map(j);
	json_put_u64(j, "total", l->total);
	json_put_u64(j, "online", l->online);
	json_put_u64(j, "unverified", l->unverified);
	json_put_u64(j, "blocked", l->blocked);
	json_put_u64(j, "outdated", l->outdated);
	json_end(j);
}

void
r_agents_list(struct request *rq, struct reply *rp)
{
	struct agents l = {.states = 0};
	struct span cursor;
	struct json j;
	char next[24] = "";
	enum status st;

	if (!read_states(rq, rp, &l.states) ||
	    !serve_page(rq, rp, LIST, &l.limit, &cursor))
		return;
	if (cursor.len > 0 &&
	    str_to_u64(cursor, 0, UINT32_MAX, &l.skip) != ST_OK)
		l.skip = 0;
	reply_json(rp, 200, &j);
	l.j = &j;
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	st = q_agents_list(rq->db, waiting_agent, &l);
	if (st == ST_OK)
		st = q_agents_list(rq->db, known_agent, &l);
	json_end(&j);
	if (l.skip + l.written < l.row)
		snprintf(next, sizeof(next), "%" PRIu64, l.skip + l.written);
	reply_next(rq, &j, LIST, next);
	json_put_u64(&j, "total", l.row);
	json_put_bool(&j, "total_exact", true);
	put_summary(&j, &l);
	json_end(&j);
	if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the agents");
	else
		reply_done(rq, rp, &j);
}

static enum status
one_agent(void *arg, const struct agent_row *r)
{
	if (r->state == AGENT_REMOVED)
		return ST_NOTFOUND;
	out_agent(arg, r);
	return ST_OK;
}

static void
say_agent(struct request *rq, struct reply *rp, uint64_t id)
{
	struct json j;
	enum status st;

	reply_json(rp, 200, &j);
	json_map(&j);
	st = q_agent_get(rq->db, id, one_agent, &j);
	if (st != ST_OK) {
		reply_failed(rq, rp, st, "reading the agent");
		return;
	}
	json_end(&j);
	reply_done(rq, rp, &j);
}

void
r_agent_get(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);

	if (id != 0)
		say_agent(rq, rp, id);
}

/* Core does it; then the agent is shown as it stands in the store. */
static bool
order(struct request *rq, struct reply *rp, const char *op, uint64_t id)
{
	char args[48];

	snprintf(args, sizeof(args), "{\"id\":%" PRIu64 "}", id);
	return serve_ask(rq, rp, op, span_str(args), NULL);
}

void
r_agent_block(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);

	if (id != 0 && order(rq, rp, "agent.block", id))
		say_agent(rq, rp, id);
}

void
r_agent_unblock(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);

	if (id != 0 && order(rq, rp, "agent.unblock", id))
		say_agent(rq, rp, id);
}

void
r_agent_delete(struct request *rq, struct reply *rp)
{
	uint64_t id = serve_id(rq, rp);

	if (id != 0 && order(rq, rp, "agent.remove", id))
		reply_empty(rp);
}

static bool
verify(struct request *rq, struct reply *rp, uint64_t id, const struct body *b)
{
	struct buf args;
	struct json j;
	bool done;

	buf_init(&args, 1024);
	json_init(&j, &args);
	json_map(&j);
	json_put_u64(&j, "id", id);
	if (body_has(b, "fingerprint"))
		json_put_str(&j, "fingerprint", body_text(b, "fingerprint"));
	json_end(&j);
	done = json_done(&j) == ST_OK &&
	       serve_ask(rq, rp, "agent.verify", buf_span(&args), NULL);
	buf_fini(&args);
	return done;
}

void
r_agent_verify(struct request *rq, struct reply *rp)
{
	static const struct field fields[] = {
	    {"fingerprint", FIELD_TEXT, false, 1, 128, 0, NULL, NULL},
	};
	uint64_t id = serve_id(rq, rp);
	struct body *b = NULL;

	if (id == 0)
		return;
	if (rq->body.len > 0 && !serve_body(rq, rp, fields, 1, &b))
		return;
	if (verify(rq, rp, id, b))
		say_agent(rq, rp, id);
	body_close(b);
}
