#include <string.h>

#include "scan/reader_impl.h"

uint8_t
reader_reason(enum status st)
{
	static const struct {
		enum status st;
		uint8_t reason;
	} map[] = {
	    {ST_DENIED, COVER_DENIED},
	    {ST_NOTFOUND, COVER_VANISHED},
	    {ST_UNSUPPORTED, COVER_UNSUPPORTED},
	    {ST_TIMEOUT, COVER_TIME},
	    {ST_NOMEM, COVER_MEMORY},
	};

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (map[i].st == st)
			return map[i].reason;
	return COVER_IO;
}

/* Too large for the slot: its descriptor goes along. */
static void
add_descriptor(struct reader *r, struct slot_item *it, struct source_item *item)
{
	int fd = -1;
	enum status st = r->ops->take(r->source, item, &fd);

	it->size = item->size;
	it->mtime = item->mtime;
	it->mode = item->mode;
	it->uid = item->uid;
	it->gid = item->gid;
	if (st != ST_OK) {
		it->reason = st == ST_IO ? COVER_IO : COVER_SPECIAL;
		return;
	}
	if (item->sparse)
		it->flags |= SLOT_SPARSE;
	if (item->size == 0)
		it->flags |=
		    SLOT_UNSIZED; /* /proc: it has bytes all the same */
	r->fds[r->slot->fds++] = fd;
	it->fd = (uint16_t)r->slot->fds;
	r->fat += item->size;
	r->slot->bytes += item->size;
}

void
reader_content(struct reader *r, struct slot_item *it, struct source_item *item)
{
	uint8_t *dst = (uint8_t *)r->slot + r->slot->used;
	size_t have = 0, got = 0;
	enum status st;

	do {
		got = 0;
		st = r->ops->read(r->source, dst + have, r->small + 1 - have,
				  &got);
		have += got;
	} while (st == ST_OK && got > 0 && have <= r->small && item->trickle);
	if (st == ST_AGAIN && have == 0) {
		reader_slot_drop(r);
		reader_give_over(r);
	}
	if (st != ST_OK && have == 0) {
		it->reason = reader_reason(st);
		return;
	}
	/* what came of one that broke off is a stream that is cut */
	if ((st != ST_OK || have > r->small) && r->spec->remote) {
		memcpy(r->piece, dst, have);
		r->piece_len = have;
		r->piece_end = st;
		return;
	}
	if (have > r->small) {
		add_descriptor(r, it, item);
		return;
	}
	it->data = r->slot->used;
	it->data_len = (uint32_t)have;
	it->size = have;
	r->slot->used += (uint32_t)have;
	r->slot->bytes += have;
}
