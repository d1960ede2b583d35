#include "wire/lanes.h"

#include <event2/buffer.h>
#include <stdint.h>
#include <string.h>

#include "base/must.h"

static const uint8_t lane_of[STREAM__COUNT] = {
    [STREAM_CONTROL] = 0,  [STREAM_REMEDY] = 0, [STREAM_PROGRESS] = 1,
    [STREAM_FINDINGS] = 2, [STREAM_BULK] = 3,
};

enum status
lanes_init(struct lanes *l)
{
	memset(l, 0, sizeof(*l));
	for (size_t i = 0; i < LANES; i++) {
		l->lane[i] = evbuffer_new();
		if (l->lane[i] == NULL)
			return ST_NOMEM;
	}
	return ST_OK;
}

void
lanes_fini(struct lanes *l)
{
	for (size_t i = 0; i < LANES; i++)
		if (l->lane[i] != NULL)
			evbuffer_free(l->lane[i]);
	memset(l, 0, sizeof(*l));
}

enum status
lanes_add(struct lanes *l, const struct wire_kind_row *row, struct span body)
{
	struct frame f = {
	    .kind = row->kind, .stream = row->stream, .body = body};
	struct evbuffer *lane = l->lane[lane_of[row->stream]];
	uint8_t head[FRAME_HEAD];

	frame_head(&f, head);
	if (evbuffer_expand(lane, FRAME_HEAD + body.len) != 0)
		return ST_NOMEM;
	must(evbuffer_add(lane, head, sizeof(head)) == 0);
	must(evbuffer_add(lane, body.ptr, body.len) == 0);
	l->bytes += FRAME_HEAD + body.len;
	return ST_OK;
}

void
lanes_move(struct lanes *l, struct evbuffer *out, size_t enough)
{
	for (size_t i = 0; i < LANES; i++) {
		while (evbuffer_get_length(l->lane[i]) > 0 &&
		       evbuffer_get_length(out) < enough) {
			uint8_t head[FRAME_HEAD];
			size_t n;

			evbuffer_copyout(l->lane[i], head, sizeof(head));
			n = FRAME_HEAD + frame_body_len(head);
			evbuffer_remove_buffer(l->lane[i], out, n);
			l->bytes -= n;
		}
	}
}
