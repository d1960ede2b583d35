#ifndef WIRE_LINK_IMPL_H
#define WIRE_LINK_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "wire/lanes.h"
#include "wire/link.h"

struct bufferevent;
struct evbuffer;
struct evbuffer_cb_info;
struct ssl_st;

/*
 * link_impl: what the parts of a link share, and nobody else includes.
 *
 *   link.c       birth, TLS up, trouble, good-bye, end
 *   link_in.c    bytes become frames, frames are checked
 *   link_out.c   frames go out by urgency
 *   link_time.c  what must not last for ever
 */
enum link_state {
	LINK_DIALING,
	LINK_HANDSHAKE,
	LINK_UP,
	LINK_LEAVING, /* BYE is queued; what comes in is thrown away */
	LINK_DOWN,
};

struct link {
	struct loop *loop;
	struct tls *tls;
	struct link_config config;
	struct link_owner owner;
	bool server;
	bool known; /* the peer (server) or we (client) have a certificate */
	enum link_state state;
	unsigned busy; /* callbacks that are running */
	bool closed;   /* link_close() came while busy */
	bool reading_stopped, full;

	struct dial *dial;
	struct bufferevent *bev;
	struct ssl_st *ssl; /* belongs to bev */
	struct loop_timer *timer;
	struct lanes lanes; /* frames that wait */
	char peer[64];

	/* Monotonic milliseconds. */
	uint64_t born;
	uint64_t last_in;     /* a byte came in */
	uint64_t last_out;    /* a byte went out, or nothing waited */
	uint64_t frame_since; /* half a frame is there since, 0: none */
	uint64_t frame_len;   /* of that frame */
	uint64_t leaving_since;
};

/* ---- link.c ---- */

/* Around each callback of the owner; leave is true when the link lives on. */
void link_enter(struct link *l);
bool link_leave(struct link *l);
/* Cut, and tell the owner, who may close it. */
void link_go_down(struct link *l, enum status why, const char *text);
void link_end_writing(struct link *l); /* the last byte has gone */

/* ---- link_in.c ---- */

/* What lies in the buffer; false when the link is gone. */
bool link_read_frames(struct link *l);
void link_on_readable(struct bufferevent *bev, void *arg);

/* ---- link_out.c ---- */

void link_pump(struct link *l);
NODISCARD enum status
link_queue(struct link *l, const struct wire_kind_row *row, struct span body);
void link_on_writable(struct bufferevent *bev, void *arg);
void link_on_out(struct evbuffer *buffer, const struct evbuffer_cb_info *info,
		 void *arg);

/* ---- link_time.c ---- */

uint64_t link_now(void);         /* monotonic milliseconds */
void link_watch(struct link *l); /* look again when the next time runs out */
void link_on_time(void *arg);    /* timer */

#endif
