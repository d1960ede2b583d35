#ifndef MASTER_GATE_CONN_H
#define MASTER_GATE_CONN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "crypto/tls.h"
#include "master/gate/gate.h"
#include "master/proc/peers.h"
#include "wire/link.h"

struct edge;
struct loop;
struct loop_timer;
struct table;

/*
 * conn: one connection of an agent, from accept to its end, and the list of all
 * of them. What an agent may say is a table of states: conn.c.
 *
 * Owner:   conns_open() gives the list, conns_close() ends every connection.
 * Threads: that of the loop.
 */
enum conn_state {
	CONN_SHAKING, /* TLS is not up */
	CONN_STRANGE, /* up, no certificate, has said nothing yet */
	CONN_ASKED,   /* ENROLL went to core; it may wait for an admin */
	CONN_KNOWN,   /* up, with a certificate, no HELLO yet */
	CONN_HELLO,   /* HELLO went to core, no WELCOME yet */
	CONN_ON,      /* at work */
	CONN_LEFT,    /* its end is on the way, nothing counts any more */
};

struct conn {
	struct conns *all;
	TAILQ_ENTRY(conn) entry; /* in list of strangers or of the known */
	struct link *link;
	struct loop_timer *deadline; /* for its first words */
	enum conn_state state;
	uint64_t id;    /* never used twice */
	uint64_t agent; /* by its certificate, else 0 */
	struct tls_peer peer;
	uint16_t announce_kind; /* PEER_AGENT_UP, PEER_ENROLL; 0: core knows
				   nothing of it */
	struct buf announce;    /* its body, told again to a new core */
};

TAILQ_HEAD(conn_list, conn);

struct conns {
	struct loop *loop;
	struct tls *tls;
	struct edge *core;         /* NULL while there is none */
	struct gate_config config; /* with no zeros left */
	struct table *by_id, *by_agent;
	struct conn_list strangers; /* SHAKING, STRANGE, ASKED: oldest first */
	struct conn_list known;
	uint32_t stranger_count, count;
	uint64_t last_id;
	bool paused;        /* nothing is read from the known */
	struct arena arena; /* of the message at hand */
	struct buf frame;   /* body of the frame that is made */
	struct buf body;    /* body of the message to core that is made */
};

NODISCARD enum status conns_open(struct loop *loop, struct tls *tls,
				 const struct gate_config *config,
				 struct conns **out);
void conns_close(struct conns *all); /* takes NULL */

/* A new socket, which is taken in any case. */
void conn_accept(struct conns *all, int fd);

/*
 * core is new (or gone: NULL): who is there is announced again; while there is
 * none the known are not read, so that nothing they say is lost.
 */
void conns_core(struct conns *all, struct edge *core);

/* Read less or again, as the edge to core has room. */
void conns_pause(struct conns *all, bool pause);

/*
 * For hear.c and relay.c. What cannot be said or understood ends the
 * connection; nothing is dropped unseen. A connection that ends calls back
 * later or at once: look at its state before going on with it.
 */
void conn_bye(struct conn *c, uint32_t code, const char *text, uint32_t retry);

/* False, and BYE is on its way, when st is trouble. */
bool conn_understood(struct conn *c, enum status st);

/* Tell core of c->announce now, and again when core is new. */
void conn_announce(struct conn *c, uint16_t kind, enum status packed);

/* conn_send(c, kind, x_encode(&m, conn_frame(c))) */
struct buf *conn_frame(struct conn *c);
void conn_send(struct conn *c, enum wire_kind kind, enum status encoded);

/* conn_tell(c, kind, x_pack(&m, conn_body(c))) */
struct buf *conn_body(struct conn *c);
void conn_tell(struct conn *c, enum peer_kind kind, enum status packed);

#endif
