#include "master/core/agents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "master/core/events.h"
#include "master/core/flow.h"
#include "master/core/handover.h"
#include "master/core/proxies.h"
#include "master/core/say.h"
#include "master/core/tasks.h"
#include "master/store/words.h"

#define STREAM 1

struct live *
agents_find(struct core *c, uint64_t agent)
{
	return agent == 0 ? NULL : table_find_u64(c->agents, agent);
}

struct live *
agents_live(struct core *c, uint64_t conn, uint64_t agent)
{
	struct live *a = agents_find(c, agent);

	if (a == NULL || a->conn != conn || conn == 0)
		return NULL;
	a->seen = core_now(c);
	a->touched = true;
	return a;
}

static struct live *
live_of(struct core *c, uint64_t agent)
{
	struct live *a = agents_find(c, agent);

	if (a != NULL)
		return a;
	a = calloc(1, sizeof(*a));
	if (a == NULL)
		return NULL;
	a->agent = agent;
	a->load = LOAD_UNKNOWN;
	if (table_put_u64(c->agents, agent, a) != ST_OK) {
		free(a);
		return NULL;
	}
	return a;
}

struct conn *
agents_conn(struct core *c, uint64_t conn, uint64_t agent, struct span address)
{
	struct conn *k = table_find_u64(c->conns, conn);

	if (k == NULL) {
		k = calloc(1, sizeof(*k));
		if (k == NULL)
			return NULL;
		k->conn = conn;
		if (table_put_u64(c->conns, conn, k) != ST_OK) {
			free(k);
			return NULL;
		}
	}
	k->agent = agent;
	snprintf(k->address, sizeof(k->address), "%.*s", (int)address.len,
		 address.len > 0 ? (const char *)address.ptr : "");
	return k;
}

void
agents_drop_conn(struct core *c, uint64_t conn)
{
	free(table_take_u64(c->conns, conn));
}

static enum status
write_seen(struct core *c, const struct live *a)
{
	const struct agent_seen seen = {
	    .online = a->conn != 0, .at = a->seen, .load = a->load};

	return q_agent_set_seen(c->store, a->agent, &seen);
}

static void
keep_seen(struct core *c, const struct live *a)
{
	enum status st = flow_begin(c);

	if (st == ST_OK)
		st = flow_end(c, write_seen(c, a));
	if (st != ST_OK)
		flow_note(c, st);
}

static void
note_away(struct core *c, struct live *a)
{
	a->conn = 0;
	a->nacked = false;
	a->ack = 0;
	a->load = LOAD_UNKNOWN;
	handover_left(c, a);
	keep_seen(c, a);
	events_agent(c, a->agent);
}

void
agents_forget_conns(struct core *c)
{
	struct conn *k;
	struct live *a;
	size_t at = 0;

	while ((k = table_next(c->conns, &at, NULL)) != NULL)
		free(table_take_u64(c->conns, k->conn));
	for (at = 0; (a = table_next(c->agents, &at, NULL)) != NULL;) {
		if (a->conn != 0)
			note_away(c, a);
	}
}

void
agents_cut(struct core *c, uint64_t agent, enum bye_code code)
{
	struct live *a = agents_find(c, agent);
	struct conn *k;
	size_t at = 0;

	while ((k = table_next(c->conns, &at, NULL)) != NULL)
		if (k->agent == agent)
			say_close_to(c, k->conn, code);
	if (a != NULL && a->conn != 0)
		note_away(c, a);
}

static struct span
cut(struct span s)
{
	if (s.len > NAME_MAX_LEN)
		s.len = NAME_MAX_LEN;
	return s;
}

void
agents_host(const struct host_facts *h, struct agent_row *row,
	    char addresses[AGENT_ADDRESSES_TEXT])
{
	size_t used = 0;

	row->name = h->name.len > 0 ? cut(h->name) : span_str("unnamed");
	row->os = cut(h->os);
	row->kernel = cut(h->kernel);
	row->arch = cut(h->arch);
	row->cpus = h->cpus;
	row->memory = h->memory > INT64_MAX ? INT64_MAX : h->memory;
	for (size_t i = 0; i < h->address_count; i++) {
		struct span a = h->addresses[i];

		if (a.len == 0 || used + a.len + 1 >= AGENT_ADDRESSES_TEXT)
			continue;
		if (used > 0)
			addresses[used++] = '\n';
		memcpy(addresses + used, a.ptr, a.len);
		used += a.len;
	}
	row->addresses = span_of(addresses, used);
}

/* What an agent said of itself over what is known of it. */
struct update {
	struct core *c;
	const struct peer_up *up;
	enum agent_state state;
	enum status st;
	char said[PROXIES_TEXT]; /* what it reads and keeps */
};

static enum status
update_row(void *arg, const struct agent_row *have)
{
	struct update *u = arg;
	char addresses[AGENT_ADDRESSES_TEXT];
	struct agent_row row = *have;
	uint64_t id = 0;

	u->state = have->state;
	if (have->state != AGENT_VERIFIED)
		return ST_OK;
	agents_host(&u->up->hello.host, &row, addresses);
	proxies_say(&u->up->hello, &row, u->said);
	row.incarnation = span_of(u->up->hello.incarnation, INCARNATION_LEN);
	row.program = cut(u->up->hello.program);
	row.build = cut(u->up->hello.build);
	row.address = cut(u->up->address);
	row.cert_until = u->up->cert_ends * 1000;
	row.online = true;
	row.seen = core_now(u->c);
	return q_agent_put(u->c->store, &row, &id);
}

static void
say_welcome(struct core *c, const struct live *a, const struct peer_up *up)
{
	struct hello_reply m = {
	    .protocol = PROTOCOL_MAX,
	    .build = span_str(TRAWL_VERSION),
	    .clock = clock_wall_us(c->clock),
	    .agent = a->agent,
	    .heartbeat_seconds = c->config.heartbeat,
	    .credit = flow_credit(c),
	    .verified = 1,
	};
	uint64_t seq = 0;

	if (q_seq_get(c->store, a->agent,
		      span_of(a->incarnation, INCARNATION_LEN), STREAM,
		      &seq) != ST_OK) {
		say_close_to(c, up->conn, BYE_BUSY);
		return;
	}
	memcpy(m.fingerprint_key, c->config.fingerprint_key,
	       FINGERPRINT_KEY_LEN);
	m.resume_count = 1;
	m.resume[0] = (struct stream_resume){.stream = STREAM, .seq = seq};
	say_welcome_to(c, up->conn, &m);
	explicit_bzero(m.fingerprint_key, FINGERPRINT_KEY_LEN);
}

static void
take_up(struct core *c, const struct peer_up *up)
{
	struct live *a = live_of(c, up->agent);

	if (a == NULL ||
	    agents_conn(c, up->conn, up->agent, up->address) == NULL) {
		say_close_to(c, up->conn, BYE_BUSY);
		return;
	}
	if (a->conn != 0 && a->conn != up->conn) {
		agents_drop_conn(c, a->conn);
		say_close_to(c, a->conn, BYE_REPLACED);
	}
	if (a->conn == 0)
		handover_came(c);
	a->conn = up->conn;
	a->nacked = false;
	a->ack = 0;
	a->seen = core_now(c);
	memcpy(a->incarnation, up->hello.incarnation, INCARNATION_LEN);
	say_welcome(c, a, up);
	tasks_agent_up(c, a, &up->hello);
	proxies_assign(c);
	events_agent(c, a->agent);
}

static void
refuse_up(struct core *c, const struct peer_up *up, enum status st,
	  enum agent_state state)
{
	enum bye_code code = BYE_REMOVED;

	if (st == ST_OK && state == AGENT_BLOCKED)
		code = BYE_BLOCKED;
	else if (st != ST_OK && st != ST_NOTFOUND)
		code = BYE_BUSY;
	log_warn("agent is not let in agent=%llu reason=\"%s\"",
		 (unsigned long long)up->agent, bye_text(code));
	say_close_to(c, up->conn, code);
}

void
agents_up(struct core *c, struct span body)
{
	struct peer_up *up = calloc(1, sizeof(*up));
	struct update u = {.c = c, .up = up};
	enum status st = ST_NOMEM;

	if (up != NULL)
		st = peer_up_unpack(body, up);
	if (st != ST_OK) {
		log_error("the gate sent what cannot be read kind=AGENT_UP");
		free(up);
		return;
	}
	st = flow_begin(c);
	if (st == ST_OK)
		st = flow_end(c,
			      q_agent_get(c->store, up->agent, update_row, &u));
	/* A full disk keeps nobody out. */
	if (c->trouble != STORE_WELL && u.state == AGENT_VERIFIED)
		st = ST_OK;
	if (st == ST_OK && u.state == AGENT_VERIFIED)
		take_up(c, up);
	else
		refuse_up(c, up, st, u.state);
	free(up);
}

void
agents_down(struct core *c, struct span body)
{
	struct peer_down down;
	struct live *a;

	if (peer_down_unpack(body, &down) != ST_OK) {
		log_error("the gate sent what cannot be read kind=AGENT_DOWN");
		return;
	}
	agents_drop_conn(c, down.conn);
	a = agents_find(c, down.agent);
	if (a == NULL || a->conn != down.conn)
		return;
	/* What it sent before it went is committed all the same. */
	note_away(c, a);
}

void
agents_heartbeat(struct core *c, struct span body)
{
	struct peer_said said;
	struct heartbeat beat;
	struct live *a;
	bool unknown;

	if (peer_said_unpack(body, &said) != ST_OK ||
	    heartbeat_unpack(said.body, &beat) != ST_OK) {
		log_error("the gate sent what cannot be read kind=HEARTBEAT");
		return;
	}
	a = agents_live(c, said.conn, said.agent);
	if (a == NULL)
		return;
	unknown = a->load == LOAD_UNKNOWN;
	a->load = beat.load_permille;
	a->spool = beat.spool_bytes;
	if (unknown) /* later ones are written when the house is kept */
		keep_seen(c, a);
}

enum status
agents_write_seen(struct core *c)
{
	struct live *a;
	enum status st = ST_OK;
	size_t at = 0;

	while (st == ST_OK && (a = table_next(c->agents, &at, NULL)) != NULL) {
		if (!a->touched)
			continue;
		a->touched = false;
		st = write_seen(c, a);
	}
	return st;
}
