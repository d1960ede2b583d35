#include "master/gate/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "master/gate/conn.h"
#include "master/gate/relay.h"
#include "master/proc/child.h"
#include "master/proc/edge.h"
#include "sys/loop.h"
#include "sys/throttle.h"
#include "wire/dial.h"

#define DOORS_MAX     16
#define TURN          16  /* accepted before others on the loop get a turn */
#define NO_DESCRIPTOR 200 /* ms of rest when there is none left */

struct gate {
	struct loop *loop;
	struct tls *tls;
	struct conns *conns;
	struct edge *core;
	struct loop_io *doors[DOORS_MAX];
	size_t door_count;
	struct loop_timer *open_again;
	struct throttle handshakes;
};

/* ---- doors ---- */

static void
want_doors(struct gate *g, unsigned want)
{
	for (size_t i = 0; i < g->door_count; i++)
		(void)!loop_io_want(g->doors[i], want);
}

/* Who wants in waits in the kernel's queue meanwhile. */
static void
rest(struct gate *g, uint64_t ms)
{
	if (loop_timer_set(g->open_again, ms) == ST_OK)
		want_doors(g, 0);
}

static void
open_again(void *arg)
{
	want_doors(arg, LOOP_READ);
}

static void
knock(void *arg, int fd, unsigned ready)
{
	struct gate *g = arg;

	(void)ready;
	for (unsigned i = 0; i < TURN; i++) {
		uint64_t wait;
		int s = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (s < 0) {
			if (errno == EMFILE || errno == ENFILE ||
			    errno == ENOMEM || errno == ENOBUFS)
				rest(g, NO_DESCRIPTOR);
			return;
		}
		dial_tune(s);
		conn_accept(g->conns, s);
		wait = throttle_take(&g->handshakes, 1);
		if (wait > 0) {
			rest(g, wait);
			return;
		}
	}
}

static enum status
open_doors(struct gate *g, struct child *c)
{
	enum status st = ST_OK;
	int fd;

	while (st == ST_OK && g->door_count < DOORS_MAX) {
		fd = child_socket(c, DOOR_AGENTS, g->door_count);
		if (fd < 0)
			break;
		if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
			return ST_IO;
		st = loop_io_open(g->loop, fd, LOOP_READ, knock, g,
				  &g->doors[g->door_count]);
		if (st == ST_OK)
			g->door_count++;
	}
	return st;
}

/* ---- core ---- */

static void
message(void *arg, uint16_t kind, struct span body)
{
	struct gate *g = arg;

	relay_message(g->conns, kind, body);
}

static void
core_down(void *arg)
{
	struct gate *g = arg;

	conns_core(g->conns, NULL);
	edge_close(g->core);
	g->core = NULL;
}

static void
core_room(void *arg)
{
	struct gate *g = arg;

	conns_pause(g->conns, false);
}

static void
peer(void *arg, enum role role, int fd)
{
	static const struct edge_ops ops = {
	    .message = message, .down = core_down, .room = core_room};
	struct gate *g = arg;

	(void)role; /* the table knows only one neighbour */
	core_down(g);
	if (edge_open(g->loop, fd, &ops, g, &g->core) == ST_OK)
		conns_core(g->conns, g->core);
	else
		log_error("no memory for the edge to core");
}

static void
stop(void *arg)
{
	struct gate *g = arg;

	loop_stop(g->loop);
}

/* ---- life ---- */

static enum status
set_up(struct gate *g, struct child *c, const struct gate_config *config)
{
	static const struct child_ops ops = {.peer = peer, .stop = stop};
	struct tls_identity id = {
	    .key_pem = config->key_pem,
	    .cert_der = config->cert_der,
	    .ca_der = config->ca_der,
	};
	enum status st = tls_gate(&id, &g->tls);

	if (st == ST_OK)
		st = loop_open(&g->loop);
	if (st == ST_OK)
		st = conns_open(g->loop, g->tls, config, &g->conns);
	if (st == ST_OK)
		st = loop_timer_open(g->loop, open_again, g, &g->open_again);
	if (st != ST_OK)
		return st;
	throttle_init(&g->handshakes, clock_system(),
		      g->conns->config.handshakes, g->conns->config.handshakes);
	st = open_doors(g, c);
	if (st == ST_OK)
		st = child_watch(c, g->loop, &ops, g);
	return st;
}

static void
tear_down(struct gate *g, struct child *c)
{
	child_unwatch(c);
	edge_close(g->core);
	conns_close(g->conns);
	for (size_t i = 0; i < g->door_count; i++)
		loop_io_close(g->doors[i]);
	loop_timer_close(g->open_again);
	loop_close(g->loop);
	tls_free(g->tls);
}

enum status
gate_run(struct child *c, const struct gate_config *config)
{
	struct gate g = {0};
	enum status st = set_up(&g, c, config);

	if (st == ST_OK && config->confine != NULL)
		st = config->confine(config->arg);
	if (st == ST_OK)
		st = loop_run(g.loop);
	if (g.conns != NULL)
		g.conns->core = NULL; /* nothing more to tell */
	tear_down(&g, c);
	return st;
}
