#ifndef RUNTIME_SESSION_IMPL_H
#define RUNTIME_SESSION_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "runtime/backoff.h"
#include "runtime/session.h"
#include "wire/link.h"

struct key;

/*
 * session_impl: what the parts of a session share, and nobody else includes.
 * What takes a message gives ST_MALFORMED for one that breaks the protocol.
 *
 *   session.c        the line, again and again, and who gets which message
 *   session_hello.c  who we are, what the master answers, heartbeats
 *   session_flow.c   the spool goes out under credit, acknowledgements come in
 *   session_renew.c  a new certificate in time
 */
#define FLIGHT_MAX   1024 /* batches under way */
#define TROUBLE_ROOM 320

struct session {
	struct session_config config;
	enum session_phase phase;
	struct tls *tls;
	bool has_pass; /* to come back with, for the certificate at hand */
	struct pass pass;
	struct link *link;
	bool up, welcome; /* TLS is up; HELLO was answered */
	struct backoff backoff;
	struct loop_timer *retry, *beat, *renew, *leave;
	uint64_t hint_ms; /* the master asked to stay away for so long */
	uint64_t beat_ms;

	/* What is under way: batches sent and not acknowledged, oldest first */
	uint64_t send_next; /* number to be sent next */
	uint64_t credit;
	uint64_t under_way; /* bytes */
	uint32_t flight[FLIGHT_MAX];
	size_t flight_at, flight_count;

	struct key *new_key; /* of the certificate that was asked for */
	struct buf frame;    /* being encoded */
	struct buf offered;  /* what HELLO said can be read */
	struct arena arena;
	int64_t last_contact, skew_us;
	uint64_t next_try_ms;
	char trouble[TROUBLE_ROOM], logged[TROUBLE_ROOM];
	bool told; /* trouble is of this line, not of the one before */
	void (*left)(void *arg);
	void *left_arg;
};

/* Encode into s->frame and send. */
#define SEND(s, kind, encode, message)                                         \
	(buf_clear(&(s)->frame),                                               \
	 encode((message), &(s)->frame) == ST_OK                               \
	     ? link_send((s)->link, (kind), buf_span(&(s)->frame))             \
	     : ST_LIMIT)

/* ---- session.c ---- */

/* The line is of no use any more; the next one is tried later. */
void session_drop(struct session *s, const char *why);

/* ---- session_hello.c ---- */

NODISCARD enum status session_say_hello(struct session *s);
NODISCARD enum status session_take_welcome(struct session *s, struct span body);
NODISCARD enum status session_take_beat(struct session *s, struct span body);
void session_on_beat(void *arg); /* timer */

/* ---- session_flow.c ---- */

/* Send on from behind what the master has. */
NODISCARD enum status session_flow_resume(struct session *s,
					  const struct hello_reply *m);
void session_flow_pump(struct session *s);  /* what credit and line can take */
void session_flow_clear(struct session *s); /* nothing is under way */
NODISCARD enum status session_take_ack(struct session *s, struct span body);
NODISCARD enum status session_take_nack(struct session *s, struct span body);

/* ---- session_renew.c ---- */

void session_on_renew(void *arg); /* timer: asks when it is due */
NODISCARD enum status session_take_renewed(struct session *s, struct span body);

#endif
