#ifndef WIRE_COLUMNS_H
#define WIRE_COLUMNS_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "model/batch.h"

struct arena;

/*
 * columns: struct batch <-> the protobuf message of schema/wire/finding.proto:
 * one column a member, paths front-coded, offsets and times as differences,
 * types and places as dictionaries. The part of codec_finding without zstd and
 * without the model's bounds; nobody else includes it.
 *
 * Owner: as codec_finding.h says for a decoded batch; batch_fini() also after
 *        a failure.
 */
#define COLUMNS_PATH_MAX 32768

NODISCARD enum status columns_pack(const struct batch *b, struct arena *a,
				   struct buf *raw);
/* b is batch_init()ed. ST_MALFORMED for columns that do not fit together. */
NODISCARD enum status columns_unpack(struct span raw, struct arena *a,
				     struct batch *b);

#endif
