#include "master/core/core.h"

#include <malloc.h>

#include "base/log.h"
#include "detect/detect.h"
#include "master/core/admin.h"
#include "master/core/agents.h"
#include "master/core/checkpoint.h"
#include "master/core/enroll.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/handover.h"
#include "master/core/ops.h"
#include "master/core/state.h"
#include "master/core/tasks.h"
#include "master/core/tries.h"
#include "master/store/q_agents.h"
#include "master/store/q_sessions.h"
#include "master/store/q_tokens.h"
#include "master/store/q_types.h"

#define HOUSEKEEPING_MS 60000

/* ---- neighbours ---------------------------------------------------------- */

static void
gate_message(void *arg, uint16_t kind, struct span body)
{
	static const struct {
		uint16_t kind;
		void (*take)(struct core *c, struct span body);
	} table[] = {
	    {PEER_AGENT_UP, agents_up},         {PEER_AGENT_DOWN, agents_down},
	    {PEER_ENROLL, enroll_request},      {PEER_RENEW, enroll_renew},
	    {PEER_HEARTBEAT, agents_heartbeat}, {PEER_PROGRESS, tasks_progress},
	    {PEER_BATCH, flow_batch},           {PEER_TRIED, tries_answered},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].kind == kind) {
			table[i].take(arg, body);
			return;
		}
	log_error("the gate sent an unknown message kind=%u", kind);
}

static void
gate_down(void *arg)
{
	struct core *c = arg;

	edge_close(c->gate);
	c->gate = NULL;
	agents_forget_conns(c);
}

static void
ca_message(void *arg, uint16_t kind, struct span body)
{
	if (kind == PEER_SIGNED)
		enroll_signed(arg, body);
}

static void
ca_down(void *arg)
{
	struct core *c = arg;

	edge_close(c->ca);
	c->ca = NULL;
}

static void
api_message(void *arg, uint16_t kind, struct span body)
{
	if (kind == PEER_ASK)
		ops_ask(arg, body);
}

static void
api_down(void *arg)
{
	struct core *c = arg;

	edge_close(c->api);
	c->api = NULL;
}

static const struct edge_ops gate_ops = {gate_message, gate_down, NULL};
static const struct edge_ops ca_ops = {ca_message, ca_down, NULL};
static const struct edge_ops api_ops = {api_message, api_down, NULL};

static void
on_peer(void *arg, enum role peer, int fd)
{
	struct core *c = arg;
	const struct edge_ops *ops = &gate_ops;
	struct edge **place = &c->gate;

	if (peer == ROLE_CA) {
		ops = &ca_ops;
		place = &c->ca;
	} else if (peer == ROLE_API) {
		ops = &api_ops;
		place = &c->api;
	}
	if (*place != NULL)
		ops->down(c);
	if (edge_open(c->loop, fd, ops, c, place) != ST_OK) {
		log_error("a neighbour cannot be reached peer=%u",
			  (unsigned)peer);
		return;
	}
	if (peer == ROLE_CA)
		enroll_ask_again(c);
	if (peer == ROLE_API)
		events_reset(c);
}

static void
on_stop(void *arg)
{
	struct core *c = arg;

	(void)flow_flush(c);
	loop_stop(c->loop);
}

/* ---- time ---------------------------------------------------------------- */

static enum status
keep_house(struct core *c)
{
	int64_t now = core_now(c);
	enum status st = q_sessions_expire(c->store, now);

	if (st == ST_OK)
		st = q_tokens_expire(c->store, now);
	if (st == ST_OK)
		st = agents_write_seen(c);
	return st;
}

static void
on_housekeeping(void *arg)
{
	struct core *c = arg;
	enum status st;

	if (c->trouble == STORE_WELL) {
		st = flow_begin(c);
		if (st == ST_OK)
			st = flow_end(c, keep_house(c));
		if (st != ST_OK)
			log_warn("housekeeping failed reason=\"%s\"",
				 status_text(st));
	}
	if (loop_timer_set(c->housekeeping, HOUSEKEEPING_MS) != ST_OK)
		log_error("no timer for housekeeping");
}

/* ---- the catalogue ------------------------------------------------------- */

/* What it says of each type goes to the store; its default profile is kept. */
static enum status
store_types(struct core *c, const struct detector *d)
{
	size_t n = detector_type_count(d);
	enum status st = q_types_clear_positions(c->store);

	for (size_t i = 0; st == ST_OK && i < n; i++) {
		struct type_info t;
		struct type_row row = {.position = (int32_t)i};

		detector_type(d, i, &t);
		row.name = span_str(t.id);
		row.title = span_str(t.name);
		row.category = span_str(t.category);
		row.risk = (uint8_t)risk_number(span_str(t.risk));
		row.countries = span_str(t.countries);
		row.source = span_str(t.source);
		if (row.risk == 0)
			row.risk = RISK_MEDIUM;
		st = q_types_put(c->store, &row);
		if (st == ST_OK)
			st = table_put(c->defaults, row.name, c);
	}
	return st;
}

static enum status
read_catalogue(const struct core *c, struct detector **out)
{
	struct detect_options o = {.catalogue = c->config.catalogue};
	struct buf why;
	enum status st;

	buf_init(&why, 65536);
	st = detector_open(&o, out, &why);
	if (st != ST_OK)
		log_error("the catalogue of data types is not good: %.*s",
			  (int)why.len, (const char *)why.data);
	buf_fini(&why);
	return st;
}

static enum status
keep_catalogue(struct core *c, const struct detector *d)
{
	enum status st = store_begin(c->store);

	return st == ST_OK ? flow_end(c, store_types(c, d)) : st;
}

/* ---- life ---------------------------------------------------------------- */

/* What a core before us left behind. */
static enum status
tidy_up(struct core *c)
{
	enum status st = flow_begin(c);

	if (st == ST_OK)
		st = flow_end(c, q_agents_all_offline(c->store));
	/* A full disk is no reason to stay away. */
	if (st == ST_FULL || st == ST_IO)
		return ST_OK;
	return st;
}

static enum status
start(struct core *c)
{
	static const struct child_ops ops = {on_peer, on_stop};
	enum status st = state_loop(c);

	if (st == ST_OK)
		st = loop_timer_open(c->loop, on_housekeeping, c,
				     &c->housekeeping);
	if (st == ST_OK)
		st = admin_open(c, child_socket(c->child, DOOR_ADMIN, 0),
				&c->admin);
	if (st == ST_OK)
		st = child_watch(c->child, c->loop, &ops, c);
	if (st == ST_OK)
		st = loop_timer_set(c->housekeeping, HOUSEKEEPING_MS);
	if (st == ST_OK) {
		c->sweep_wanted = true;
		tasks_wake_sweep(c);
		handover_start(c);
	}
	return st;
}

static enum status
open_base(struct core *c)
{
	struct buf why;
	enum status st;

	buf_init(&why, 4096);
	st = state_tables(c);
	if (st == ST_OK)
		st = state_store(c, &why);
	if (why.len > 0)
		log_error("%.*s", (int)why.len, (const char *)why.data);
	buf_fini(&why);
	return st;
}

/* The catalogue, then less rights, then the database. */
static enum status
begin(struct core *c)
{
	struct detector *d = NULL;
	enum status st = read_catalogue(c, &d);

	if (st == ST_OK && c->config.drop != NULL)
		st = c->config.drop(c->config.arg);
	if (st == ST_OK)
		st = open_base(c);
	if (st == ST_OK)
		st = keep_catalogue(c, d);
	detector_close(d);
	malloc_trim(0);
	return st;
}

static enum status
run(struct core *c, struct checkpoint **checkpoint)
{
	enum status st = begin(c);

	if (st == ST_OK)
		st = tidy_up(c);
	if (st == ST_OK)
		st = checkpoint_open(c->config.database, checkpoint);
	if (st == ST_OK && c->config.confine != NULL)
		st = c->config.confine(c->config.arg);
	if (st == ST_OK)
		st = checkpoint_start(*checkpoint);
	if (st == ST_OK)
		st = start(c);
	if (st == ST_OK)
		st = loop_run(c->loop);
	return st;
}

enum status
core_ask_offline(const struct core_question *q, unsigned *http,
		 struct buf *answer, struct buf *why)
{
	struct actor who = {.user = PEER_USER_OPERATOR,
			    .address = span_str("local")};
	struct core *c = state_make(q->config);
	struct answer r;
	enum status st;

	if (c == NULL)
		return ST_NOMEM;
	st = state_tables(c);
	if (st == ST_OK)
		st = state_store(c, why);
	if (st == ST_OK) {
		answer_init(&r);
		ops_run(c, &who, q->op, q->args, &r);
		*http = r.http;
		st = buf_add(answer, r.body.data, r.body.len);
		answer_fini(&r);
	}
	state_unmake(c);
	return st;
}

enum status
core_run(struct child *child, const struct core_config *config)
{
	struct core *c = state_make(config);
	struct checkpoint *checkpoint = NULL;
	enum status st;

	if (c == NULL)
		return ST_NOMEM;
	c->child = child;
	st = run(c, &checkpoint);
	if (st != ST_OK)
		log_error("core cannot go on reason=\"%s\"", status_text(st));
	checkpoint_close(checkpoint);
	state_unmake(c);
	return st;
}
