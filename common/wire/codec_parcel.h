#ifndef WIRE_CODEC_PARCEL_H
#define WIRE_CODEC_PARCEL_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * codec_parcel: the body of a KIND_BATCH frame: a number and the image of a
 * batch (codec_finding.h), which nobody between looks into.
 *
 * Owner:  the image of a decoded parcel borrows from the bytes.
 * Limits: BATCH_IMAGE_MAX, seq from 1 to INT64_MAX; else ST_MALFORMED.
 */
struct parcel {
	uint64_t seq; /* from 1 on, without gaps, per agent, incarnation,
			 stream */
	struct span image;
};

NODISCARD enum status parcel_encode(const struct parcel *p, struct buf *to);
NODISCARD enum status parcel_decode(struct span s, struct parcel *p);

#endif
