#include "fake/core_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "master/core/agents.h"
#include "master/core/flow.h"
#include "master/core/ops.h"
#include "master/core/tasks.h"
#include "master/store/q_agents.h"
#include "master/store/q_targets.h"

#define BODY_MAX (1024 * 1024)

static void
hear_nothing(void *arg, uint16_t kind, struct span body)
{
	(void)arg;
	(void)kind;
	(void)body;
}

static void
stay(void *arg)
{
	(void)arg;
}

static void
join(struct core_world *w, struct edge **ours, struct pipe **theirs)
{
	static const struct edge_ops ops = {hear_nothing, stay, NULL};
	int fds[2];

	must(pipe_pair(fds) == ST_OK);
	must(edge_open(w->core->loop, fds[0], &ops, w->core, ours) == ST_OK);
	must(pipe_open(fds[1], BODY_MAX, theirs) == ST_OK);
}

void
core_world_open(struct core_world *w)
{
	struct core_config config = {.heartbeat = 60,
				     .proxy_away = CORE_WORLD_AWAY_MS,
				     .proxy_hung = CORE_WORLD_HUNG_MS,
				     .certificate_days = 30,
				     .fingerprint_key = {7}};
	struct buf why;

	memset(w, 0, sizeof(*w));
	world_open(&w->db);
	clock_fake_init(&w->clock, w->db.now * 1000);
	config.database = w->db.file;
	w->core = state_make(&config);
	must(w->core != NULL);
	w->core->clock = &w->clock.clock;
	w->core->began = clock_mono_ms(w->core->clock);
	buf_init(&why, 4096);
	must(state_tables(w->core) == ST_OK);
	must(state_store(w->core, &why) == ST_OK);
	must(state_loop(w->core) == ST_OK);
	buf_fini(&why);
	join(w, &w->core->gate, &w->gate);
	join(w, &w->core->api, &w->api);
	join(w, &w->core->ca, &w->ca);
}

void
core_world_close(struct core_world *w)
{
	state_unmake(w->core);
	pipe_close(w->gate);
	pipe_close(w->api);
	pipe_close(w->ca);
	world_close(&w->db);
}

int
core_world_setup(void **state)
{
	struct core_world *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return -1;
	core_world_open(w);
	*state = w;
	return 0;
}

int
core_world_teardown(void **state)
{
	core_world_close(*state);
	free(*state);
	return 0;
}

void
core_world_up(struct core_world *w, uint64_t conn, uint64_t agent, uint8_t inc)
{
	struct peer_up up = {.conn = conn,
			     .agent = agent,
			     .cert_ends = w->db.now / 1000 + 86400,
			     .address = span_str("192.0.2.7:40112")};
	struct buf body;

	up.hello.protocol_min = up.hello.protocol_max = PROTOCOL_MAX;
	up.hello.incarnation[0] = inc;
	up.hello.host.name = span_str("pay-db-01");
	buf_init(&body, BODY_MAX);
	must(peer_up_pack(&up, &body) == ST_OK);
	agents_up(w->core, buf_span(&body));
	buf_fini(&body);
}

uint64_t
core_world_proxy(struct core_world *w, const char *name)
{
	static const uint8_t inc[INCARNATION_LEN] = {1};
	struct agent_row row = {.name = span_str(name),
				.group = span_str(""),
				.state = AGENT_VERIFIED,
				.fingerprint = span_str(name),
				.incarnation = span_of(inc, sizeof(inc)),
				.program = span_str("trawl-proxy-agent"),
				.created = w->db.now};
	uint64_t id = 0, target = 99;

	must(q_agent_put(w->db.store, &row, &id) == ST_OK);
	must(q_target_of_agent(w->db.store, id, row.name, row.group, w->db.now,
			       &target) == ST_OK);
	must(target == 0); /* its own host is none */
	return id;
}

void
core_world_proxy_up(struct core_world *w, uint64_t conn, uint64_t agent,
		    const char *kinds, const char *credentials)
{
	core_world_proxy_back(w, conn, agent, kinds, credentials, 0);
}

void
core_world_proxy_back(struct core_world *w, uint64_t conn, uint64_t agent,
		      const char *kinds, const char *credentials, uint64_t task)
{
	struct peer_up *up = calloc(1, sizeof(*up));
	struct agent_hello *h = &up->hello;
	struct span rest = span_str(kinds);
	struct buf body;

	must(up != NULL);
	up->conn = conn;
	up->agent = agent;
	up->cert_ends = w->db.now / 1000 + 86400;
	h->protocol_min = h->protocol_max = PROTOCOL_MAX;
	h->incarnation[0] = 1;
	h->host.name = span_str("px");
	h->program = span_str("trawl-proxy-agent");
	while (str_next(&rest, ' ', &h->kinds[h->kind_count]))
		h->kind_count++;
	rest = span_str(credentials);
	while (str_next(&rest, ' ', &h->credentials[h->credential_count]))
		h->credential_count++;
	h->task_count = task != 0;
	h->tasks[0] = (struct task_held){.task = task, .state = TASK_RUNNING};
	buf_init(&body, BODY_MAX);
	must(peer_up_pack(up, &body) == ST_OK);
	agents_up(w->core, buf_span(&body));
	buf_fini(&body);
	free(up);
}

void
core_world_down(struct core_world *w, uint64_t conn, uint64_t agent)
{
	struct peer_down down = {.conn = conn, .agent = agent};
	struct buf body;

	buf_init(&body, BODY_MAX);
	must(peer_down_pack(&down, &body) == ST_OK);
	agents_down(w->core, buf_span(&body));
	buf_fini(&body);
}

int64_t
core_world_ask(struct core_world *w, unsigned http, const char *op,
	       const char *args)
{
	const struct actor who = {.user = 1};
	struct answer r;
	json_t *body, *id;
	int64_t n;

	answer_init(&r);
	ops_run(w->core, &who, span_str(op), span_str(args), &r);
	if (r.http != http) {
		fprintf(stderr, "%s %s: %u: %.*s\n", op, args, r.http,
			(int)r.body.len, (const char *)r.body.data);
		must(false);
	}
	body = json_loadb((const char *)r.body.data, r.body.len, 0, NULL);
	id = json_object_get(body, "id");
	n = json_is_string(id) ? strtoll(json_string_value(id), NULL, 10)
			       : json_integer_value(id);
	json_decref(body);
	answer_fini(&r);
	return n;
}

void
core_world_batch(struct core_world *w, uint64_t conn, uint64_t agent,
		 uint64_t seq, const struct batch *b)
{
	struct peer_batch m = {
	    .conn = conn, .agent = agent, .stream = 1, .seq = seq};
	struct buf inner, body;

	buf_init(&inner, BODY_MAX);
	buf_init(&body, BODY_MAX);
	must(batch_pack(b, &inner) == ST_OK);
	m.batch = buf_span(&inner);
	m.size = (uint32_t)inner.len;
	must(peer_batch_pack(&m, &body) == ST_OK);
	flow_batch(w->core, buf_span(&body));
	buf_fini(&inner);
	buf_fini(&body);
}

void
core_world_progress(struct core_world *w, uint64_t conn, uint64_t agent,
		    const struct task_progress *p)
{
	struct peer_said said = {.conn = conn, .agent = agent};
	struct buf inner, body;

	buf_init(&inner, BODY_MAX);
	buf_init(&body, BODY_MAX);
	must(task_progress_pack(p, &inner) == ST_OK);
	said.body = buf_span(&inner);
	must(peer_said_pack(&said, &body) == ST_OK);
	tasks_progress(w->core, buf_span(&body));
	buf_fini(&inner);
	buf_fini(&body);
}

bool
core_heard(struct core_world *w, struct pipe *p, uint16_t kind)
{
	while (pipe_poll(p, &w->heard) == ST_OK)
		if (w->heard.kind == kind)
			return true;
	return false;
}

bool
core_said(struct core_world *w, uint16_t kind, uint64_t *conn,
	  struct span *body)
{
	struct peer_said m;

	if (!core_heard(w, w->gate, kind))
		return false;
	must(peer_said_unpack(w->heard.body, &m) == ST_OK);
	*conn = m.conn;
	*body = m.body;
	return true;
}

void
core_deaf(struct core_world *w)
{
	struct pipe *all[] = {w->gate, w->api, w->ca};

	for (size_t i = 0; i < 3; i++)
		while (pipe_poll(all[i], &w->heard) == ST_OK)
			;
}
