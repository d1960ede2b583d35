#ifndef WIRE_CODEC_FINDING_H
#define WIRE_CODEC_FINDING_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/batch.h"

struct arena;

/*
 * codec_finding: struct batch <-> an image: columns in protobuf inside one zstd
 * frame that states its size. The agent spools images and sends each in a
 * parcel (codec_parcel.h). Who makes a batch aims at some 2,000
 * findings (64 KiB of image), so that a heartbeat never waits long behind one.
 *
 * Owner:  a decoded batch: its arrays belong to it (batch_fini), its spans
 *         point into the arena.
 * Limits: BATCH_RAW_MAX bytes before zstd, BATCH_IMAGE_MAX after it, and those
 *         of model/batch.h and model/finding.h: ST_LIMIT when encoding,
 *         ST_MALFORMED when decoding.
 */
#define BATCH_RAW_MAX   (4 * 1024 * 1024)
#define BATCH_IMAGE_MAX (1024 * 1024 - 64)

NODISCARD enum status batch_encode(const struct batch *b, struct buf *image);

/*
 * The same for who makes many: what the work takes in memory stays for the next
 * one, some MiB. The caller ends it.
 */
struct batch_maker;

NODISCARD enum status batch_maker_open(struct batch_maker **out);
void batch_maker_close(struct batch_maker *m); /* takes NULL */
NODISCARD enum status batch_make(struct batch_maker *m, const struct batch *b,
				 struct buf *image);
NODISCARD enum status batch_decode(struct span image, struct arena *a,
				   struct batch *b);

#endif
