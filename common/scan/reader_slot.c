#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/must.h"
#include "scan/reader_impl.h"
#include "scan/talk.h"

#define SLOT_OLD_MS 2000 /* of one that is filled slowly */

static void
put_free(struct reader *r, const struct pipe_message *m)
{
	const size_t count = r->spec->slots->count;

	must(m->kind == TALK_SLOT && m->tag < count && r->free_count < count);
	r->free[r->free_count++] = (uint32_t)m->tag;
}

/* The one that came last: the others' memory need not be touched at all. */
static size_t
take_free(struct reader *r)
{
	struct pipe_message m;
	enum status st;

	if (r->free_count == 0) {
		reader_need(pipe_receive(r->pipe, &m));
		put_free(r, &m);
	}
	while ((st = pipe_poll(r->pipe, &m)) == ST_OK)
		put_free(r, &m);
	reader_need(st == ST_AGAIN ? ST_OK : st);
	return r->free[--r->free_count];
}

void
reader_slot_take(struct reader *r)
{
	if (r->slot != NULL)
		return;
	r->slot_at = take_free(r);
	r->slot = slot_write(r->spec->slots, r->slot_at);
	memset(r->slot, 0, offsetof(struct slot_head, items));
	r->slot->used = sizeof(*r->slot);
	r->fat = 0;
	r->taken_ms = clock_mono_ms(clock_system());
}

void
reader_slot_position(struct reader *r, struct span at)
{
	struct slot_head *h = r->slot;

	h->root = at.len == 0 ? r->root + 1 : r->root;
	h->cursor = h->used;
	h->cursor_len = (uint32_t)at.len;
	if (at.len > 0)
		memcpy((uint8_t *)h + h->used, at.ptr, at.len);
}

void
reader_slot_cursor(struct reader *r)
{
	buf_clear(&r->cursor);
	reader_need(r->ops->cursor(r->source, &r->cursor));
	reader_slot_position(r, buf_span(&r->cursor));
}

void
reader_slot_send(struct reader *r)
{
	struct talk_batch body = {
	    .slot = (uint32_t)r->slot_at,
	    .rested_ms = r->pace.rested_ms - r->told_ms,
	};
	struct pipe_message m = {
	    .kind = TALK_BATCH,
	    .tag = r->seq++,
	    .body = span_of(&body, sizeof(body)),
	    .fd_count = r->slot->fds,
	};

	memcpy(m.fds, r->fds, r->slot->fds * sizeof(int));
	reader_need(pipe_send(r->pipe, &m));
	for (size_t i = 0; i < r->slot->fds; i++)
		close(r->fds[i]);
	r->told_ms = r->pace.rested_ms;
	r->slot = NULL;
}

void
reader_slot_drop(struct reader *r)
{
	struct slot_head *h = r->slot;

	h->used = h->items[--h->count].path;
}

bool
reader_slot_full(const struct reader *r)
{
	const struct slot_head *h = r->slot;

	/* twice the path: the cursor stands behind the last item */
	return h->count == SLOT_ITEMS || h->fds == SLOT_FDS ||
	       r->fat >= SLOT_FAT ||
	       h->used > SLOT_FILL - r->small - 1 - SLOT_DETAIL - 2 * SLOT_PATH;
}

bool
reader_slot_old(const struct reader *r)
{
	return clock_mono_ms(clock_system()) - r->taken_ms >= SLOT_OLD_MS;
}

/* Words for people on why it is not read. */
static void
add_detail(struct reader *r, struct slot_item *it, struct span words)
{
	struct slot_head *h = r->slot;
	size_t len = words.len < SLOT_DETAIL ? words.len : SLOT_DETAIL;

	it->detail = h->used;
	it->detail_len = (uint32_t)len;
	memcpy((uint8_t *)h + h->used, words.ptr, len);
	h->used += (uint32_t)len;
}

struct slot_item *
reader_slot_add(struct reader *r, const struct source_item *item)
{
	struct slot_head *h = r->slot;
	struct slot_item *it = &h->items[h->count++];
	size_t len = item->path.len;

	*it = (struct slot_item){
	    .size = item->size,
	    .mtime = item->mtime,
	    .mode = item->mode,
	    .uid = item->uid,
	    .gid = item->gid,
	    .reason = item->reason,
	    .flags = item->folder ? SLOT_FOLDER : 0,
	    .path = h->used,
	};
	if (len > SLOT_PATH) {
		len = SLOT_PATH;
		it->reason = COVER_NAME;
	}
	it->path_len = (uint32_t)len;
	memcpy((uint8_t *)h + h->used, item->path.ptr, len);
	h->used += (uint32_t)len;
	if (item->detail.len > 0)
		add_detail(r, it, item->detail);
	return it;
}
