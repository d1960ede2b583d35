#ifndef WIRE_CODEC_ASK_H
#define WIRE_CODEC_ASK_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/session.h"

struct arena;

/* codec_ask: schema/wire/ask.proto <-> model; as codec_session. */
NODISCARD enum status ask_encode(const struct agent_ask *m, struct buf *to);
NODISCARD enum status ask_decode(struct span s, struct arena *a,
				 struct agent_ask *m);
NODISCARD enum status answer_encode(const struct agent_answer *m,
				    struct buf *to);
NODISCARD enum status answer_decode(struct span s, struct arena *a,
				    struct agent_answer *m);

#endif
