#include "scan/talk.h"
#include "scan/worker_impl.h"

static void
say_text(struct worker *w, const struct extract_window *win, size_t from,
	 struct span text)
{
	const struct talk_text head = {.item = w->item};
	struct record r = {.kind = RECORD_TEXT};

	r.text.place = extract_place(win, from, w->place, &r.text.offset);
	r.text.place = worker_clip(r.text.place, FINDING_PLACE_MAX);
	r.text.bytes = text;
	r.text.again = win->again;
	buf_clear(&w->text);
	worker_need(buf_add(&w->text, &head, sizeof(head)));
	worker_need(record_add(&w->text, &r));
	worker_need(pipe_say(w->pipe, TALK_TEXT, w->seq, buf_span(&w->text)));
}

enum status
worker_text(void *arg, const struct extract_window *win)
{
	struct worker *w = arg;
	size_t at = win->from;

	while (at < win->to) {
		size_t end = extract_place_end(win, at);
		struct span s = worker_clip(
		    span_of(win->text.ptr + at, end - at), TEXT_PIECE);

		if (s.len == 0) /* no characters at all: cut anywhere */
			s = span_of(win->text.ptr + at, TEXT_PIECE);
		say_text(w, win, at, s);
		at += s.len;
	}
	return ST_OK;
}
