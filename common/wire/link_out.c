#include "wire/link_impl.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "base/must.h"

/* No more than a bulk chunk is ahead of control. */
#define OUT_HIGH (64 * 1024)

/* No more than a chunk is ahead of what is more urgent. */
void
link_pump(struct link *l)
{
	lanes_move(&l->lanes, bufferevent_get_output(l->bev), OUT_HIGH);
}

size_t
link_queued(const struct link *l)
{
	if (l->bev == NULL)
		return l->lanes.bytes;
	return l->lanes.bytes +
	       evbuffer_get_length(bufferevent_get_output(l->bev));
}

void
link_on_out(struct evbuffer *buffer, const struct evbuffer_cb_info *info,
	    void *arg)
{
	struct link *l = arg;

	(void)buffer;
	if (info->n_deleted > 0 || info->orig_size == 0)
		l->last_out = link_now();
}

void
link_on_writable(struct bufferevent *bev, void *arg)
{
	struct link *l = arg;

	(void)bev;
	if (l->state != LINK_UP && l->state != LINK_LEAVING)
		return;
	link_pump(l);
	if (l->state == LINK_LEAVING && link_queued(l) == 0) {
		link_end_writing(l);
	} else if (l->full && link_queued(l) < l->config.queue_max / 2) {
		l->full = false;
		link_enter(l);
		if (l->owner.ops->room != NULL)
			l->owner.ops->room(l->owner.arg, l);
		(void)link_leave(l);
	}
}

enum status
link_queue(struct link *l, const struct wire_kind_row *row, struct span body)
{
	if (link_queued(l) == 0)
		l->last_out = link_now();
	return lanes_add(&l->lanes, row, body);
}

enum status
link_send(struct link *l, enum wire_kind kind, struct span body)
{
	const struct wire_kind_row *row = kinds_find((uint16_t)kind);
	enum status st;

	must(row != NULL);
	if (l->state != LINK_UP)
		return ST_CLOSED;
	if (body.len > row->cap)
		return ST_LIMIT;
	if (link_queued(l) + FRAME_HEAD + body.len > l->config.queue_max) {
		l->full = true;
		return ST_FULL;
	}
	st = link_queue(l, row, body);
	if (st == ST_OK)
		link_pump(l);
	return st;
}
