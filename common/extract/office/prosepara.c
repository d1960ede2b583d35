#include "extract/office/prose_impl.h"

/* Between paragraphs: a line, in a row of a table a blank. */
static void
put_line(struct prose *pr, const struct buf *b, uint32_t flags)
{
	if (xml_blank(buf_span(b)))
		return;
	prose_mark(pr, flags);
	made_text(pr->m, buf_span(b));
	made_byte(pr->m, pr->cells > 0 && flags == 0 ? ' ' : '\n');
}

void
prose_put(struct prose *pr, struct prose_frame *f)
{
	if (f->now.len > 0)
		put_line(pr, &f->now, 0);
	if (f->changed)
		put_line(pr, &f->before, BEFORE);
	if (f->aside.len > 0)
		put_line(pr, &f->aside, 0);
	f->now.len = f->before.len = f->aside.len = 0;
	f->changed = false;
}

void
prose_add_to(struct prose *pr, struct buf *b, struct span s)
{
	while (s.len > 0) {
		size_t room = FRAME_MAX - b->len;
		size_t n = s.len < room ? s.len : room;

		if (buf_add(b, s.ptr, n) != ST_OK)
			return;
		s = span_skip(s, n);
		if (b->len < FRAME_MAX)
			return;
		prose_mark(pr, 0);
		made_text(pr->m, buf_span(b));
		buf_clear(b);
	}
}

void
prose_add(struct prose *pr, struct span s)
{
	struct prose_frame *f = prose_frame_of(pr);

	if (!f->changed && (pr->gone > 0 || pr->new > 0)) {
		prose_add_to(pr, &f->before, buf_span(&f->now));
		f->changed = true;
	}
	if (pr->gone == 0)
		prose_add_to(pr, &f->now, s);
	if (f->changed && pr->new == 0)
		prose_add_to(pr, &f->before, s);
}

void
prose_add_byte(struct prose *pr, uint8_t c, unsigned n)
{
	while (n-- > 0)
		prose_add(pr, span_of(&c, 1));
}

void
prose_aside(struct prose *pr, struct span s)
{
	struct prose_frame *f = prose_frame_of(pr);

	if (f->aside.len > 0 && f->aside.data[f->aside.len - 1] != '\n')
		prose_add_to(pr, &f->aside, span_str("\n"));
	prose_add_to(pr, &f->aside, s);
}
