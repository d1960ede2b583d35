#include <string.h>

#include "scan/talk.h"
#include "scan/worker_impl.h"

void
worker_begin(struct worker *w)
{
	struct talk_result head = {0};

	buf_clear(&w->out);
	worker_need(buf_add(&w->out, &head, sizeof(head)));
	w->segment = 0;
	w->complete = 0;
}

void
worker_close(struct worker *w)
{
	struct talk_segment s = {.item = w->item};

	if (w->segment == 0)
		return;
	s.len = (uint32_t)(w->out.len - w->segment - sizeof(s));
	memcpy(w->out.data + w->segment, &s, sizeof(s));
	w->segment = 0;
}

static void
open_segment(struct worker *w)
{
	struct talk_segment s = {0};

	if (w->segment != 0)
		return;
	w->segment = w->out.len;
	worker_need(buf_add(&w->out, &s, sizeof(s)));
}

void
worker_flush(struct worker *w)
{
	struct talk_result head;

	worker_close(w);
	head = (struct talk_result){.done = w->done, .complete = w->complete};
	memcpy(w->out.data, &head, sizeof(head));
	worker_need(pipe_say(w->pipe, TALK_RESULT, w->seq, buf_span(&w->out)));
	worker_begin(w);
}

void
worker_put(struct worker *w, const struct record *r)
{
	open_segment(w);
	worker_need(record_add(&w->out, r));
}

struct span
worker_clip(struct span s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && (s.ptr[max] & 0xc0) == 0x80)
		max--;
	return span_of(s.ptr, max);
}
