#ifndef SCAN_SLOT_H
#define SCAN_SLOT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * slot: shared memory by which the reader hands a batch of objects to a worker
 * and tells the director what is in it. Small files lie in it as bytes, larger
 * ones travel as descriptors beside it. A large object of another host has no
 * descriptor: it is alone in its slot, with the end of a pipe through which its
 * bytes come while the worker reads them.
 *
 * The reader writes, everybody else can only read: their mapping cannot be
 * made writable. A slot belongs to the reader until its batch is sent and comes
 * back when the results of the batch were given out.
 */
#define SLOT_SIZE  (4096u * 1024)
#define SLOT_FILL  (1024u * 1024) /* of objects in it; then comes the ring's */
#define SLOT_ITEMS 512            /* objects in a slot */
#define SLOT_FDS   32             /* descriptors beside it */
#define SLOT_SMALL (64 * 1024)    /* larger files travel as descriptors */
#define SLOT_PATH  (16 * 1024)    /* bytes of a path, more is cut */
#define SLOT_FAT   (8u << 20)     /* bytes in descriptors that end a batch */

#define SLOT_REMOTE  (256 * 1024) /* larger ones of other hosts are streamed */
#define SLOT_VERSION 16
#define SLOT_DETAIL  512  /* bytes of words on why, more are cut */
#define SLOTS_TAIL   4096 /* bytes behind all slots: signs of life */

enum slot_flag {
	SLOT_FOLDER = 1,
	SLOT_SPARSE = 2,
	SLOT_UNSIZED = 4,
	SLOT_STREAM = 8,     /* the descriptor is a pipe; count is 1 */
	SLOT_SAME = 16,      /* not read: an earlier scan did, see clean.h */
	SLOT_UNREACHED = 32, /* a target: no connection to it came about */
};

/* How the bytes of a stream ended: set before its pipe is closed. */
enum slot_stream { STREAM_OPEN, STREAM_WHOLE, STREAM_CUT };

struct slot_item {
	uint64_t size;
	int64_t mtime;
	uint32_t path, path_len;       /* offset in the slot */
	uint32_t data, data_len;       /* when fd is 0 */
	uint32_t detail, detail_len;   /* words on the reason, or none */
	uint32_t mode, uid, gid;       /* mode 0: not asked yet */
	uint8_t version[SLOT_VERSION]; /* digest, see clean.h; zeros: none */
	uint16_t fd;                   /* descriptor number + 1 */
	uint8_t reason; /* enum cover_reason; COVER_OK: to be read */
	uint8_t flags;
};

struct slot_head {
	uint32_t count, fds;
	uint32_t used; /* bytes of the slot */
	uint32_t root; /* the cursor: which path of the order ... */
	uint32_t cursor, cursor_len; /* ... and where in it */
	uint64_t bytes;              /* of all objects */
	_Atomic uint32_t stream;     /* enum slot_stream */
	struct slot_item items[SLOT_ITEMS];
};

struct slots {
	uint8_t *base;
	size_t count;
	int fd; /* of the memory, as long as it may be mapped for writing */
};

/* Make count slots, mapped for reading only. */
NODISCARD enum status slots_open(size_t count, struct slots *out);
void slots_close(struct slots *s);
/* In the reader: map the same memory for writing instead. */
NODISCARD enum status slots_writable(struct slots *s);

/* The head of slot i when everything in it lies in bounds, else NULL. */
const struct slot_head *slot_check(const struct slots *s, size_t i);
struct slot_head *slot_write(const struct slots *s, size_t i);

/*
 * How often the reader has given a sign of life, behind all slots: its target
 * said something, it has taken an object, or a part of a rest is over. A target
 * that is slow gives some, a process that hangs none.
 */
_Atomic uint64_t *slots_signs(const struct slots *s);

static inline struct span
slot_span(const struct slot_head *h, uint32_t off, uint32_t len)
{
	return span_of((const uint8_t *)h + off, len);
}

/* Whether a worker has something to do with it. */
static inline bool
slot_is_read(const struct slot_item *it)
{
	return it->reason == 0 && (it->flags & SLOT_SAME) == 0;
}

static inline struct span
slot_path(const struct slot_head *h, size_t i)
{
	return slot_span(h, h->items[i].path, h->items[i].path_len);
}

#endif
