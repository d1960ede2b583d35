#ifndef WIRE_CODEC_ENROLL_H
#define WIRE_CODEC_ENROLL_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/session.h"

struct arena;

/* codec_enroll: schema/wire/enroll.proto <-> model; as codec_session. */
NODISCARD enum status enroll_encode(const struct enroll_request *m,
				    struct buf *to);
NODISCARD enum status enroll_decode(struct span s, struct arena *a,
				    struct enroll_request *m);
NODISCARD enum status enroll_reply_encode(const struct enroll_reply *m,
					  struct buf *to);
NODISCARD enum status enroll_reply_decode(struct span s, struct arena *a,
					  struct enroll_reply *m);

#endif
