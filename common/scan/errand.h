#ifndef SCAN_ERRAND_H
#define SCAN_ERRAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "source/kind.h"
#include "source/pairs.h"

/*
 * errand: what a reader in a program of its own (trawl-source) is told: all
 * that a forked one inherits. The memory of the slots and the socket are
 * descriptors that it begins with, the credential is one beside the message.
 */
#define ERRAND_SOCKET KIND_FD_SOCKET /* descriptors it begins with */
#define ERRAND_SLOTS  KIND_FD_SLOTS
#define ERRAND_SECRET                                                          \
	KIND_FD_SECRET /* a vault: zeros stand behind its pairs; see given */
#define ERRAND_KEPT KIND_FD_KEPT /* beside it: what hears TALK_RENEWED */

struct errand {
	uint64_t seq; /* of its first batch */
	uint64_t bytes_per_second;
	uint32_t root;   /* number of the target in its order */
	uint32_t slots;  /* as many lie in the memory */
	uint32_t secret; /* bytes of the credential's pairs; 0: none comes */
	bool browse;
	bool known; /* a descriptor beside it is for clean_map() */
	bool past;  /* and behind that comes what a scan before kept */
	bool given; /* the credential stands in ERRAND_SECRET already */
	struct span path, cursor;
	struct pairs options;
};

NODISCARD enum status errand_pack(const struct errand *e, struct buf *to);

/* Spans borrow. ST_UNSUPPORTED: from a program of another version. */
NODISCARD enum status errand_unpack(struct span body, struct errand *out);

#endif
