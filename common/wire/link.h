#ifndef WIRE_LINK_H
#define WIRE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "crypto/tls.h"
#include "wire/frame.h"
#include "wire/kinds.h"

struct loop;
struct link;

/*
 * link: one connection between agent and master, either end of it: TCP, TLS,
 * frames in, frames out by urgency (control, progress, findings, then bulk).
 *
 * What the other side sends is checked against wire/kinds.h before anybody sees
 * it: sender, time, size. An unknown kind is skipped, or ends the connection
 * when it is marked critical.
 *
 * Owner:   the caller, until link_close(), which is also right in a callback
 *          and which calls no callback.
 * Threads: that of the loop.
 * Limits:  link_config; past queue_max link_send() gives ST_FULL and takes
 *          nothing.
 */
struct link_config {
	uint32_t handshake_ms; /* from connect or accept to TLS up */
	uint32_t idle_ms;      /* without a byte from the peer; 0: for ever */
	uint32_t stall_ms; /* without progress while bytes wait to go out, or
			      while half a frame is there */
	size_t queue_max;  /* bytes that wait to go out */
};

extern const struct link_config link_config_default;

struct link_ops {
	/* TLS is up; who is there is checked. The first frame may be sent. */
	void (*up)(void *arg, struct link *l, const struct tls_peer *peer);
	/* One good frame; its body is good until return. */
	void (*frame)(void *arg, struct link *l, const struct frame *f);
	/* The queue has room again after ST_FULL. May be NULL. */
	void (*room)(void *arg, struct link *l);
	/*
	 * It is over, and why in words for people. Call link_close() then, here
	 * or later; nothing else is called any more.
	 */
	void (*down)(void *arg, struct link *l, enum status why,
		     const char *text);
};

/* Whom to call. */
struct link_owner {
	const struct link_ops *ops;
	void *arg;
};

/* An established TCP socket, given away also on failure. */
NODISCARD enum status link_accept(struct loop *loop, struct tls *tls, int fd,
				  const struct link_config *config,
				  const struct link_owner *owner,
				  struct link **out);

/* host: a name or a literal address; names are looked up without blocking. */
struct link_target {
	const char *host;
	uint16_t port;
};

NODISCARD enum status link_connect(struct loop *loop, struct tls *tls,
				   const struct link_target *to,
				   const struct link_config *config,
				   const struct link_owner *owner,
				   struct link **out);

/* Another silence is allowed from now on; 0: for ever. */
void link_set_idle(struct link *l, uint32_t idle_ms);

void link_set_arg(struct link *l, void *arg);

/* Queue one frame of a kind in the table, on the kind's stream. */
NODISCARD enum status link_send(struct link *l, enum wire_kind kind,
				struct span body);

/*
 * Say BYE, let what is queued drain for a moment, then down() with ST_CLOSED.
 * Frames that still come in are not read any more.
 */
void link_bye(struct link *l, uint32_t code, const char *text,
	      uint32_t retry_after);

void link_close(struct link *l); /* takes NULL; cuts at once */

/* While stopped nothing is read: the peer feels it as TCP back pressure. */
void link_read_stop(struct link *l, bool stop);

size_t link_queued(const struct link *l); /* bytes that wait to go out */
const char *link_peer_text(const struct link *l); /* "192.0.2.7:40112" */

NODISCARD enum status link_exporter(struct link *l,
				    uint8_t out[TLS_EXPORTER_LEN]);
/* Gate: what the agent may come back with; see tls_pass(). */
NODISCARD enum status link_pass(struct link *l, int64_t now, struct pass *out);
/* The CA that an enrolling agent met. */
NODISCARD enum status link_met_ca(struct link *l, struct buf *der);

#endif
