#include "extract/escape.h"

#include <string.h>

#include "base/codec.h"

int
escape_hex(const uint8_t *p)
{
	int high = codec_digit(p[0]), low = codec_digit(p[1]);

	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

size_t
escape_find(const struct escape_kind *k, struct span text, size_t at,
	    size_t end)
{
	const uint8_t *p;

	for (; at < end; at++) {
		p = memchr(text.ptr + at, k->lead, end - at);
		if (p == NULL)
			return end;
		at = (size_t)(p - text.ptr);
		if (k->certain(text, at))
			return at;
	}
	return end;
}

void
escape_begin(struct escapes *e)
{
	e->at = e->done = 0;
	view_drop(&e->view);
}

static void
close_stretch(struct escapes *e)
{
	struct view *v = &e->view;
	size_t plain = e->quiet > VIEW_BEHIND ? e->quiet - VIEW_BEHIND : 0;

	view_close(v);
	e->done = e->at - plain;
}

/* A match may begin up to here: VIEW_BEHIND after the last certain escape. */
static void
move_near(struct escapes *e)
{
	e->quiet = 0;
	e->view.near = SIZE_MAX;
}

static void
open_stretch(struct escapes *e, struct extractor *x, const struct view_text *t,
	     size_t at)
{
	struct view *v = &e->view;
	uint64_t here = t->base + at, first;

	view_open(v, x, t, at);
	first = here < VIEW_BEFORE ? 0 : here - VIEW_BEFORE;
	if (first < e->done)
		first = e->done;
	v->from = here - first < v->len ? v->len - (size_t)(here - first) : 0;
	e->at = here;
	move_near(e);
}

/* On to text[upto], or to where the stretch ends. */
static void
run(struct escapes *e, const struct view_text *t, size_t upto)
{
	size_t at = (size_t)(e->at - t->base);
	struct origin_walk walk;

	if (!e->view.open || at >= upto)
		return;
	origin_walk_init(&walk, t->origin, t->text, at);
	while (at < upto && e->quiet < VIEW_QUIET) {
		int c = t->text.ptr[at];
		size_t used = e->kind->decode(t->text, at, &c);
		uint64_t from, to, first;

		if (used > 0 && e->kind->certain(t->text, at))
			move_near(e);
		else
			e->quiet += used > 0 ? used : 1;
		origin_walk_to(&walk, at, &from, &to);
		at += used > 0 ? used : 1;
		if (used > 1)
			origin_walk_to(&walk, at - 1, &first, &to);
		if (c >= 0)
			view_put(&e->view, (uint8_t)c, from, to);
		if (e->view.near == SIZE_MAX && e->quiet >= VIEW_BEHIND)
			e->view.near = e->view.len;
	}
	e->at = t->base + at;
	if (e->quiet >= VIEW_QUIET)
		close_stretch(e);
}

void
escape_block(struct escapes *e, struct extractor *x, const struct view_text *t,
	     size_t at, size_t end)
{
	if (end > t->to)
		end = t->to;
	run(e, t, at < end ? at : end);
	if (at < t->from)
		at = t->from;
	while (at < end) {
		if (e->view.open) {
			run(e, t, end);
			if (e->view.open)
				return;
		}
		if (t->base + at < e->at)
			at = (size_t)(e->at - t->base);
		at = escape_find(e->kind, t->text, at, end);
		if (at < end)
			open_stretch(e, x, t, at);
	}
}

void
escape_rest(struct escapes *e, const struct view_text *t)
{
	run(e, t, t->to);
}

void
escape_end(struct escapes *e)
{
	if (e->view.open)
		close_stretch(e);
}
