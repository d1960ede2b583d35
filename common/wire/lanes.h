#ifndef WIRE_LANES_H
#define WIRE_LANES_H

#include <stddef.h>

#include "base/span.h"
#include "base/status.h"
#include "wire/frame.h"
#include "wire/kinds.h"

struct evbuffer; /* libevent's: link.c has it from its bufferevent */

/*
 * lanes: frames that wait to go out, by urgency: control and remediation,
 * progress, findings, bulk. Frames of one lane keep their order, and a frame
 * that is on its way is never cut into.
 *
 * Owner: lanes_init() takes memory, lanes_fini() is right on half of it too.
 */
#define LANES 4

struct lanes {
	struct evbuffer *lane[LANES]; /* the most urgent first */
	size_t bytes;                 /* in all of them */
};

NODISCARD enum status lanes_init(struct lanes *l);
void lanes_fini(struct lanes *l);

/* The body is copied; ST_NOMEM leaves all as it was. */
NODISCARD enum status
lanes_add(struct lanes *l, const struct wire_kind_row *row, struct span body);

/* Whole frames to `out` until it holds `enough` bytes or nothing waits. */
void lanes_move(struct lanes *l, struct evbuffer *out, size_t enough);

#endif
