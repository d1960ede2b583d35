/*
 * The reader as the files of it share it: `reader_slot` fills slots and sends
 * them, `reader_content` puts an object's bytes into one, `reader_stream` lets
 * those go that are too large, `reader` walks from root to root. `census` is
 * the process that counts ahead.
 */
#ifndef SCAN_READER_IMPL_H
#define SCAN_READER_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "base/buf.h"
#include "scan/reader.h"
#include "sys/pace.h"
#include "sys/throttle.h"

struct reader {
	struct reader_spec *spec;
	struct pipe *pipe;
	struct slot_head *slot; /* being filled; NULL: none yet */
	uint64_t taken_ms;      /* when that began */
	size_t slot_at;
	uint32_t *free; /* slots, the one that came last at the end */
	size_t free_count;
	uint64_t seq;
	uint32_t root;
	const struct source_ops *ops;
	struct source *source;
	int fds[SLOT_FDS];
	uint64_t fat; /* bytes behind those descriptors */
	struct buf cursor;
	struct source_known known; /* for the source, with spec->known */
	struct throttle throttle;  /* of bytes */
	struct throttle rate;      /* of objects, of a source that is paced */
	struct pace pace;          /* of the target, if it is remote */
	uint64_t told_ms;          /* of its rests, to the director */
	bool said;                 /* that it gets any */
	size_t small; /* bytes of an object that may lie in a slot */
	/* of a remote target: */
	struct buf before;     /* the position before the item at hand */
	uint8_t *piece;        /* small + 1 bytes on their way */
	size_t piece_len;      /* of an object that has to be streamed */
	enum status piece_end; /* ST_OK: more comes behind it */
};

/* The other side is gone or broken: there is nobody to work for. */
static inline void
reader_need(enum status st)
{
	if (st != ST_OK)
		_exit(1);
}

/*
 * From here on it reads, without a trace, and that is all: what CAP_FOWNER is
 * feared for (modes, owners, times, flags) its sandbox has no call for. All of
 * the file tree: what an order names may be replaced while the scan goes on,
 * and is then another folder.
 */
void reader_lose_rights(void);

/* Whether it had to wait. */
bool reader_slow_down(struct reader *r, struct throttle *throttle, uint64_t n);
/* A target that answers later than usual gets the rest that is due. */
bool reader_rest(struct reader *r);

/* A slot to be filled, when there is none. */
void reader_slot_take(struct reader *r);
/* Where a reader goes on behind the slot; empty: at the next root. */
void reader_slot_position(struct reader *r, struct span at);
/* The position behind the last item of the slot. */
void reader_slot_cursor(struct reader *r);
void reader_slot_send(struct reader *r);
struct slot_item *reader_slot_add(struct reader *r,
				  const struct source_item *item);
/* The last item is not to be in it. */
void reader_slot_drop(struct reader *r);
bool reader_slot_full(const struct reader *r);
/* Who waits, on purpose or for a server, lets nobody wait for what is there. */
bool reader_slot_old(const struct reader *r);

/* What tells it from any other, for the next scan; whether this one has it. */
void reader_version(struct reader *r, struct slot_item *it,
		    struct span version);

uint8_t reader_reason(enum status st);
/* The object's bytes, its descriptor, or its beginning into r->piece. */
void reader_content(struct reader *r, struct slot_item *it,
		    struct source_item *item);

/* Alone in a slot: its worker begins while the rest is still on its way. */
void reader_stream(struct reader *r, const struct source_item *item);
/* A slot that ends before a stream needs the position before it. */
void reader_remember(struct reader *r);

/* Without its connection a source can do no more: what was read before goes
 * out, and a new process begins behind that. */
_Noreturn void reader_give_over(struct reader *r);

#endif
