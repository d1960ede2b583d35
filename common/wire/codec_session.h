#ifndef WIRE_CODEC_SESSION_H
#define WIRE_CODEC_SESSION_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/session.h"

struct arena;

/*
 * codec_session: schema/wire/session.proto <-> model/session.h.
 *
 * Owner:  spans of what was decoded point into the arena.
 * Errors: ST_MALFORMED for bytes that are not protobuf or break a bound of
 *         model/session.h, ST_LIMIT when the arena is full.
 */
NODISCARD enum status hello_encode(const struct agent_hello *m, struct buf *to);
NODISCARD enum status hello_decode(struct span s, struct arena *a,
				   struct agent_hello *m);
NODISCARD enum status hello_reply_encode(const struct hello_reply *m,
					 struct buf *to);
NODISCARD enum status hello_reply_decode(struct span s, struct arena *a,
					 struct hello_reply *m);
NODISCARD enum status heartbeat_encode(const struct heartbeat *m,
				       struct buf *to);
NODISCARD enum status heartbeat_decode(struct span s, struct arena *a,
				       struct heartbeat *m);
NODISCARD enum status ack_encode(const struct stream_ack *m, struct buf *to);
NODISCARD enum status ack_decode(struct span s, struct arena *a,
				 struct stream_ack *m);
NODISCARD enum status nack_encode(const struct stream_nack *m, struct buf *to);
NODISCARD enum status nack_decode(struct span s, struct arena *a,
				  struct stream_nack *m);
NODISCARD enum status bye_encode(const struct session_bye *m, struct buf *to);
NODISCARD enum status bye_decode(struct span s, struct arena *a,
				 struct session_bye *m);
NODISCARD enum status renew_encode(const struct renew_request *m,
				   struct buf *to);
NODISCARD enum status renew_decode(struct span s, struct arena *a,
				   struct renew_request *m);
NODISCARD enum status renew_reply_encode(const struct renew_reply *m,
					 struct buf *to);
NODISCARD enum status renew_reply_decode(struct span s, struct arena *a,
					 struct renew_reply *m);

#endif
