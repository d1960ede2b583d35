#include "scan/reader_impl.h"
#include "scan/ring.h"

/* A piece as full as can be: what may lie ahead of the worker counts in pieces,
 * and some sources give few bytes at a time. *end: no more come. */
static enum status
fill(struct reader *r, uint8_t *piece, size_t *have, bool *end)
{
	enum status st;
	size_t got;

	*have = 0;
	do {
		got = 0;
		st = r->ops->read(r->source, piece + *have, RING_PIECE - *have,
				  &got);
		*have += got;
		*end = st != ST_OK || got == 0;
		reader_slow_down(r, &r->throttle, got);
		reader_rest(r);
	} while (!*end && *have < RING_PIECE);
	return st;
}

/* What has come, then the rest straight to where its worker reads it. */
static void
pump(struct reader *r, struct ring_out *out)
{
	bool wanted = ring_copy(out, span_of(r->piece, r->piece_len)) == ST_OK;
	enum status st = r->piece_end;
	bool end = st != ST_OK;

	reader_slow_down(r, &r->throttle, r->piece_len);
	while (wanted && !end) {
		size_t have;

		st = fill(r, ring_room(out), &have, &end);
		if (have > 0)
			wanted = ring_push(out, (uint32_t)have) == ST_OK;
	}
	if (st == ST_AGAIN)
		_exit(1); /* the director decides whether once more */
	ring_end(out, st == ST_OK ? STREAM_WHOLE : STREAM_CUT);
}

void
reader_stream(struct reader *r, const struct source_item *item)
{
	struct slot_head *h = r->slot;
	struct ring_out out;
	struct slot_item *it;

	reader_slot_drop(r);
	if (h->count > 0) {
		reader_slot_position(r, buf_span(&r->before));
		reader_slot_send(r);
		reader_slot_take(r);
	}
	h = r->slot;
	it = reader_slot_add(r, item);
	reader_version(r, it, item->version);
	it->flags |= SLOT_STREAM | (item->size == 0 ? SLOT_UNSIZED : 0);
	it->fd = 1;
	h->bytes = item->size;
	reader_slot_cursor(r);
	reader_need(ring_open(h, &out, &r->fds[h->fds++]));
	reader_slot_send(r);
	pump(r, &out);
	r->piece_len = 0;
	r->piece_end = ST_OK;
	reader_slot_take(r);
}

void
reader_give_over(struct reader *r)
{
	if (r->slot->count > 0) {
		reader_slot_position(r, buf_span(&r->before));
		reader_slot_send(r);
	}
	_exit(1);
}

void
reader_remember(struct reader *r)
{
	if (!r->spec->remote || r->slot->count == 0)
		return;
	buf_clear(&r->before);
	reader_need(r->ops->cursor(r->source, &r->before));
}
