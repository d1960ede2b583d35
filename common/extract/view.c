#include "extract/view.h"

#include <stdlib.h>
#include <string.h>

#include "extract/fold.h"
#include "extract/window.h"

static bool
make_room(struct view *v)
{
	if (v->text == NULL)
		v->text = malloc(VIEW_ROOM);
	if (v->spans == NULL)
		v->spans = malloc(VIEW_ROOM * sizeof(*v->spans));
	if (v->text == NULL || v->spans == NULL)
		v->st = ST_NOMEM;
	return v->st == ST_OK;
}

void
view_bare(struct view *v, struct extractor *x, uint64_t base)
{
	v->x = x;
	v->base = base;
	v->len = v->from = 0;
	v->near = SIZE_MAX;
	v->open = true;
	(void)make_room(v);
}

void
view_open(struct view *v, struct extractor *x, const struct view_text *t,
	  size_t at)
{
	size_t begin = at < VIEW_LEAD ? 0 : at - VIEW_LEAD;
	struct origin_walk walk;
	uint64_t from, to;

	view_bare(v, x, 0);
	if (v->st != ST_OK)
		return;
	while (begin < at && (t->text.ptr[begin] & 0xc0) == 0x80)
		begin++; /* not within a character */
	origin_walk_init(&walk, t->origin, t->text, begin);
	v->base = walk.from;
	for (size_t i = begin; i < at; i++) {
		origin_walk_to(&walk, i, &from, &to);
		view_put(v, t->text.ptr[i], from, to);
	}
}

/* Offsets that move when text before them gets shorter. */
struct stops {
	size_t *at[3];
	bool moved[3];
};

static void
move_stops(struct stops *s, size_t at, size_t len)
{
	for (size_t i = 0; i < 3; i++)
		if (!s->moved[i] && *s->at[i] <= at) {
			*s->at[i] = len;
			s->moved[i] = true;
		}
}

/* Folded in its place; from, near and *to follow their character. */
static void
fold_view(struct view *v, size_t *to)
{
	size_t last = *to;
	struct stops stops = {.at = {&v->from, &last, &v->near}};
	struct span old = span_of(v->x->folded, v->len);
	size_t at = 0, len = 0;

	memcpy(v->x->folded, v->text, v->len);
	while (at < old.len) {
		struct fold_char c = fold_step(old, at);

		move_stops(&stops, at, len);
		for (size_t i = 0; i < c.len; i++, len++) {
			v->text[len] = c.folded ? c.folded : old.ptr[at + i];
			v->spans[len] = v->spans[at + i];
		}
		if (c.folded)
			v->spans[len - 1].to = v->spans[at + c.used - 1].to;
		at += c.used;
	}
	move_stops(&stops, old.len, len);
	v->len = len;
	*to = last;
}

/* Matches that begin in [from, *to) go out; *to follows what is folded. */
static void
give(struct view *v, size_t *to, bool folds)
{
	struct text_origin origin = {.unit = 1};

	if (folds && !window_room(v->x))
		v->st = ST_NOMEM;
	if (v->st != ST_OK)
		return;
	if (folds)
		fold_view(v, to);
	if (v->from >= *to)
		return;
	origin.base = v->base;
	origin.spans = v->spans;
	v->st =
	    window_again(v->x, span_of(v->text, v->len), v->from, *to, &origin);
}

static bool
folds(const struct view *v)
{
	return fold_find(span_of(v->text, v->len), 0, v->len) < v->len;
}

/* Full: what has enough text behind it goes out, the rest moves up. */
static void
spill(struct view *v)
{
	bool fold = folds(v);
	size_t to = v->len - (fold ? 3 : 1) * (size_t)EXTRACT_TAIL, cut;
	uint32_t skip;

	give(v, &to, fold);
	cut = to < VIEW_LEAD ? 0 : to - VIEW_LEAD;
	skip = v->spans[cut].from;
	memmove(v->text, v->text + cut, v->len - cut);
	memmove(v->spans, v->spans + cut, (v->len - cut) * sizeof(*v->spans));
	v->len -= cut;
	for (size_t i = 0; i < v->len; i++) {
		v->spans[i].from -= skip;
		v->spans[i].to -= skip;
	}
	v->base += skip;
	v->from = to - cut;
	if (v->near != SIZE_MAX)
		v->near = v->near > cut ? v->near - cut : 0;
}

void
view_put(struct view *v, uint8_t c, uint64_t from, uint64_t to)
{
	if (v->st != ST_OK)
		return;
	if (v->len == VIEW_ROOM)
		spill(v);
	v->text[v->len] = c;
	v->spans[v->len].from = (uint32_t)(from - v->base);
	v->spans[v->len].to = (uint32_t)(to - v->base);
	v->len++;
}

void
view_close(struct view *v)
{
	size_t to = v->near < v->len ? v->near : v->len;

	if (v->open)
		give(v, &to, v->st == ST_OK && folds(v));
	v->open = false;
}

void
view_drop(struct view *v)
{
	v->open = false;
}

void
view_free(struct view *v)
{
	if (v->text != NULL)
		explicit_bzero(v->text, VIEW_ROOM);
	free(v->text);
	free(v->spans);
}
