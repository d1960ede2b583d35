#include "master/gate/conn.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/table.h"
#include "master/gate/hear.h"
#include "master/proc/edge.h"
#include "sys/loop.h"

#define ARENA_MAX (64 * 1024 * 1024) /* of one decoded message */

/* ---- beginning and end ---- */

static bool
is_stranger(const struct conn *c)
{
	return c->agent == 0;
}

static void
unlist(struct conn *c)
{
	struct conns *all = c->all;

	if (is_stranger(c)) {
		TAILQ_REMOVE(&all->strangers, c, entry);
		all->stranger_count--;
	} else {
		TAILQ_REMOVE(&all->known, c, entry);
		if (table_find_u64(all->by_agent, c->agent) == c)
			table_take_u64(all->by_agent, c->agent);
	}
	table_take_u64(all->by_id, c->id);
	all->count--;
}

static void
destroy(struct conn *c)
{
	unlist(c);
	link_close(c->link);
	loop_timer_close(c->deadline);
	buf_fini(&c->announce);
	free(c);
}

/* The end of a connection that core has heard of. */
static void
tell_down(struct conn *c, const char *why)
{
	struct peer_down m = {
	    .conn = c->id, .agent = c->agent, .why = span_str(why)};

	bool heard = c->announce_kind != 0;

	c->announce_kind = 0;
	if (heard)
		conn_tell(c, PEER_AGENT_DOWN, peer_down_pack(&m, conn_body(c)));
}

static void
on_down(void *arg, struct link *l, enum status why, const char *text)
{
	struct conn *c = arg;

	(void)why;
	log_info("disconnected agent=%" PRIu64 " address=%s: %s", c->agent,
		 link_peer_text(l), text);
	tell_down(c, text);
	destroy(c);
}

void
conn_bye(struct conn *c, uint32_t code, const char *text, uint32_t retry)
{
	if (c->state == CONN_LEFT)
		return;
	log_info("closing agent=%" PRIu64 " address=%s: %s (%s)", c->agent,
		 link_peer_text(c->link), bye_text(code), text);
	c->state = CONN_LEFT;
	tell_down(c, text);
	link_bye(c->link, code, text, retry); /* may end in on_down() */
}

static void
on_deadline(void *arg)
{
	conn_bye(arg, BYE_TIMEOUT, "nothing was said in time", 0);
}

/* ---- TLS is up ---- */

/* The newest wins: the one before is often a line that died unnoticed. */
static void
replace_older(struct conn *c)
{
	struct conn *old = table_find_u64(c->all->by_agent, c->agent);

	if (old == NULL || old == c)
		return;
	table_take_u64(c->all->by_agent, c->agent);
	conn_bye(old, BYE_REPLACED, "the same agent has connected again", 0);
}

static enum status
become_known(struct conn *c, uint64_t agent)
{
	struct conns *all = c->all;

	TAILQ_REMOVE(&all->strangers, c, entry);
	all->stranger_count--;
	c->agent = agent;
	TAILQ_INSERT_TAIL(&all->known, c, entry);
	replace_older(c);
	return table_put_u64(all->by_agent, agent, c);
}

static void
on_up(void *arg, struct link *l, const struct tls_peer *peer)
{
	struct conn *c = arg;

	c->peer = *peer;
	c->state = peer->role == 0 ? CONN_STRANGE : CONN_KNOWN;
	log_debug("tls up agent=%" PRIu64 " pass=%s address=%s", peer->agent,
		  peer->again ? "yes" : "no", link_peer_text(l));
	if (loop_timer_set(c->deadline, c->all->config.hello_ms) != ST_OK ||
	    (peer->role != 0 && become_known(c, peer->agent) != ST_OK)) {
		conn_bye(c, BYE_BUSY, "no memory is left", 60);
		return;
	}
	if (peer->role != 0 && c->all->paused)
		link_read_stop(l, true);
}

static void
on_frame(void *arg, struct link *l, const struct frame *f)
{
	(void)l;
	hear_frame(arg, f);
}

static void
on_room(void *arg, struct link *l)
{
	(void)arg;
	(void)l;
}

/* ---- accept ---- */

/* A crowd of strangers pushes out its oldest, never an agent we know. */
static void
make_room(struct conns *all)
{
	struct conn *oldest = TAILQ_FIRST(&all->strangers);

	if (oldest == NULL || all->stranger_count < all->config.waiting_max)
		return;
	tell_down(oldest, "too many strangers");
	destroy(oldest);
}

static enum status
start(struct conns *all, int fd, struct conn *c)
{
	static const struct link_ops ops = {on_up, on_frame, on_room, on_down};
	struct link_config lc = link_config_default;
	enum status st;

	lc.handshake_ms = all->config.handshake_ms;
	lc.idle_ms = all->config.idle_ms;
	st = loop_timer_open(all->loop, on_deadline, c, &c->deadline);
	if (st != ST_OK) {
		close(fd);
		return st;
	}
	st = link_accept(all->loop, all->tls, fd, &lc,
			 &(struct link_owner){&ops, c}, &c->link);
	if (st == ST_OK)
		st = table_put_u64(all->by_id, c->id, c);
	return st;
}

void
conn_accept(struct conns *all, int fd)
{
	struct conn *c;

	make_room(all);
	c = all->count < all->config.connections_max ? calloc(1, sizeof(*c))
						     : NULL;
	if (c == NULL) {
		close(fd);
		return;
	}
	c->all = all;
	c->id = ++all->last_id;
	buf_init(&c->announce, EDGE_MAX);
	if (start(all, fd, c) != ST_OK) {
		link_close(c->link);
		loop_timer_close(c->deadline);
		free(c);
		return;
	}
	TAILQ_INSERT_TAIL(&all->strangers, c, entry);
	all->stranger_count++;
	all->count++;
}

/* ---- all of them ---- */

static void
fill_config(struct gate_config *g)
{
	if (g->connections_max == 0)
		g->connections_max = 4096;
	if (g->waiting_max == 0)
		g->waiting_max = 256;
	if (g->handshakes == 0)
		g->handshakes = 200;
	if (g->hello_ms == 0)
		g->hello_ms = 10 * 1000;
	if (g->handshake_ms == 0)
		g->handshake_ms = 10 * 1000;
	if (g->idle_ms == 0)
		g->idle_ms = 200 * 1000;
}

enum status
conns_open(struct loop *loop, struct tls *tls, const struct gate_config *config,
	   struct conns **out)
{
	struct conns *all = calloc(1, sizeof(*all));
	enum status st;

	if (all == NULL)
		return ST_NOMEM;
	all->loop = loop;
	all->tls = tls;
	all->config = *config;
	all->paused = true; /* no core yet */
	fill_config(&all->config);
	TAILQ_INIT(&all->strangers);
	TAILQ_INIT(&all->known);
	arena_init(&all->arena, ARENA_MAX);
	buf_init(&all->frame, FRAME_MAX);
	buf_init(&all->body, EDGE_MAX);
	st = table_open((size_t)all->config.connections_max + 1, &all->by_id);
	if (st == ST_OK)
		st = table_open((size_t)all->config.connections_max + 1,
				&all->by_agent);
	if (st == ST_OK)
		*out = all;
	else
		conns_close(all);
	return st;
}

void
conns_close(struct conns *all)
{
	struct conn *c, *next;

	if (all == NULL)
		return;
	for (c = TAILQ_FIRST(&all->strangers); c != NULL; c = next) {
		next = TAILQ_NEXT(c, entry);
		destroy(c);
	}
	for (c = TAILQ_FIRST(&all->known); c != NULL; c = next) {
		next = TAILQ_NEXT(c, entry);
		destroy(c);
	}
	table_close(all->by_id);
	table_close(all->by_agent);
	arena_fini(&all->arena);
	buf_fini(&all->frame);
	buf_fini(&all->body);
	free(all);
}

void
conns_pause(struct conns *all, bool pause)
{
	struct conn *c, *next;

	all->paused = pause;
	for (c = TAILQ_FIRST(&all->known); c != NULL; c = next) {
		next = TAILQ_NEXT(c, entry);
		link_read_stop(c->link, pause);
	}
}

/* "again" is a field of what an agent that is up was announced with. */
static void
announce_again(struct conn *c)
{
	struct peer_up up;

	if (c->announce_kind == PEER_AGENT_UP && c->state == CONN_ON &&
	    peer_up_unpack(buf_span(&c->announce), &up) == ST_OK) {
		up.again = 1;
		conn_tell(c, PEER_AGENT_UP, peer_up_pack(&up, conn_body(c)));
	} else if (c->announce_kind != 0) {
		(void)!edge_send(c->all->core, c->announce_kind,
				 buf_span(&c->announce));
	}
}

void
conns_core(struct conns *all, struct edge *core)
{
	struct conn *c;

	all->core = core;
	if (core == NULL) {
		conns_pause(all, true);
		return;
	}
	TAILQ_FOREACH(c, &all->known, entry)
	announce_again(c);
	TAILQ_FOREACH(c, &all->strangers, entry)
	announce_again(c);
	conns_pause(all, false);
}

/* ---- helpers of hear.c and relay.c ---- */

/* BYE to the one who said it; true: go on. */
bool
conn_understood(struct conn *c, enum status st)
{
	if (st == ST_OK)
		return true;
	if (st == ST_NOMEM || st == ST_FULL)
		conn_bye(c, BYE_BUSY, status_text(st), 30);
	else if (st == ST_LIMIT)
		conn_bye(c, BYE_LIMIT, "a message holds too much", 0);
	else
		conn_bye(c, BYE_PROTOCOL, "a message is not well formed", 0);
	return false;
}

void
conn_announce(struct conn *c, uint16_t kind, enum status packed)
{
	struct edge *core = c->all->core;

	if (!conn_understood(c, packed))
		return;
	c->announce_kind = kind;
	if (core != NULL &&
	    edge_send(core, kind, buf_span(&c->announce)) == ST_FULL)
		(void)conn_understood(c, ST_FULL);
}

struct buf *
conn_frame(struct conn *c)
{
	buf_clear(&c->all->frame);
	return &c->all->frame;
}

void
conn_send(struct conn *c, enum wire_kind kind, enum status encoded)
{
	enum status st = encoded;

	if (st == ST_OK)
		st = link_send(c->link, kind, buf_span(&c->all->frame));
	if (st != ST_OK && st != ST_CLOSED)
		conn_bye(c, BYE_BUSY, "too much waits to be sent", 30);
}

struct buf *
conn_body(struct conn *c)
{
	buf_clear(&c->all->body);
	return &c->all->body;
}

void
conn_tell(struct conn *c, enum peer_kind kind, enum status packed)
{
	struct conns *all = c->all;
	enum status st = packed;

	if (st == ST_OK && all->core != NULL) {
		st = edge_send(all->core, (uint16_t)kind, buf_span(&all->body));
		if (!all->paused && edge_crowded(all->core))
			conns_pause(all, true);
	}
	if (st == ST_FULL || st == ST_NOMEM || st == ST_LIMIT)
		(void)conn_understood(c, st);
}
