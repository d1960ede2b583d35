#include "wire/link_impl.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "model/session.h"

static bool
may_come(const struct link *l, const struct wire_kind_row *row)
{
	uint8_t from = l->server ? FROM_AGENT : FROM_MASTER;
	uint8_t when = l->known ? WHEN_KNOWN : WHEN_EARLY;

	return (row->from & from) != 0 && (row->when & when) != 0;
}

/* One whole frame; false when nothing more is to be read. */
static bool
take_frame(struct link *l, const struct frame *f)
{
	const struct wire_kind_row *row = kinds_find(f->kind);

	if (row == NULL) {
		if ((f->flags & FRAME_CRITICAL) == 0)
			return true; /* of a newer version: not for us */
		link_bye(l, BYE_VERSION, "a message is not known here", 0);
		return false;
	}
	if (!may_come(l, row) || f->stream != row->stream) {
		link_bye(l, BYE_PROTOCOL, "a message out of place", 0);
		return false;
	}
	if (f->body.len > row->cap) {
		link_bye(l, BYE_LIMIT, "a message is too large", 0);
		return false;
	}
	link_enter(l);
	l->owner.ops->frame(l->owner.arg, l, f);
	return link_leave(l) && l->state == LINK_UP && !l->reading_stopped;
}

/* Remember since when half a frame is there: it must not stay so. */
static void
note_half(struct link *l, struct evbuffer *in)
{
	uint8_t head[FRAME_HEAD];

	if (evbuffer_get_length(in) == 0) {
		l->frame_since = 0;
		return;
	}
	if (l->frame_since == 0)
		l->frame_since = link_now();
	l->frame_len = 0;
	if (evbuffer_copyout(in, head, sizeof(head)) == sizeof(head))
		l->frame_len = frame_body_len(head);
}

/* Gives the status of the first frame in the buffer, made contiguous. */
static enum status
first_frame(struct link *l, struct evbuffer *in, struct frame *f, size_t *used)
{
	size_t cap = l->known ? FRAME_MAX : FRAME_MAX_EARLY;
	uint8_t head[FRAME_HEAD];
	ev_ssize_t n = evbuffer_copyout(in, head, sizeof(head));
	enum status st;
	size_t len;

	st = frame_next(span_of(head, n > 0 ? (size_t)n : 0), cap, f, used);
	if (n < FRAME_HEAD || (st != ST_OK && st != ST_AGAIN))
		return st;
	len = frame_body_len(head);
	if (evbuffer_get_length(in) < FRAME_HEAD + len)
		return ST_AGAIN;
	return frame_next(
	    span_of(evbuffer_pullup(in, (ev_ssize_t)(FRAME_HEAD + len)),
		    FRAME_HEAD + len),
	    cap, f, used);
}

/* False when the link is gone. */
bool
link_read_frames(struct link *l)
{
	struct evbuffer *in = bufferevent_get_input(l->bev);
	bool more = true;

	link_enter(l);
	while (more && l->state == LINK_UP && !l->reading_stopped) {
		struct frame f;
		size_t used = 0;
		enum status st = first_frame(l, in, &f, &used);

		if (st == ST_AGAIN)
			break;
		l->frame_since = 0;
		if (st == ST_OK) {
			more = take_frame(l, &f);
			evbuffer_drain(in, used);
		} else if (st == ST_LIMIT) {
			link_bye(l, BYE_LIMIT, "a frame is too large", 0);
		} else {
			link_bye(l, BYE_PROTOCOL, "what came is no frame", 0);
		}
	}
	if (l->state == LINK_UP && !l->reading_stopped)
		note_half(l, in);
	return link_leave(l);
}

void
link_on_readable(struct bufferevent *bev, void *arg)
{
	struct link *l = arg;
	struct evbuffer *in = bufferevent_get_input(bev);

	l->last_in = link_now();
	if (l->state == LINK_LEAVING)
		evbuffer_drain(in, evbuffer_get_length(in));
	else if (l->state == LINK_UP)
		(void)link_read_frames(l);
}
