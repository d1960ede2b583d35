#include "extract/window.h"

#include <stdlib.h>

#include "base/must.h"
#include "extract/fold.h"

static void
look_at(struct window_look *look, struct span text, const struct spot_block *b)
{
	struct again_blocks *again = &look->again;
	size_t end = b->at + SPOT_BLOCK;

	if (end > text.len)
		end = text.len;
	if ((b->kinds & SPOT_HIGH) && !look->folds)
		look->folds = fold_find(text, b->at, end) < end;
	if (again->n > AGAIN_BLOCKS || !again_wants(text, b))
		return;
	if (again->n < AGAIN_BLOCKS)
		again->blocks[again->n] = *b;
	again->n++;
}

void
window_look(const struct extractor *x, struct span text,
	    struct window_look *look)
{
	struct spots s;

	look->folds = false;
	look->again.n = 0;
	spot_begin(&s, text, 0);
	while ((!look->folds || look->again.n <= AGAIN_BLOCKS) && x->spot(&s))
		for (size_t i = 0; i < s.n; i++)
			look_at(look, text, &s.found[i]);
}

static enum status
give(struct extractor *x, const struct extract_window *w)
{
	enum status st;

	if (w->text.len == 0)
		return ST_OK;
	if (x->windows++ > 0 && !job_in_time(x))
		return ST_OK;
	st = x->sink->window(x->sink->arg, w);
	if (st == ST_OK)
		return ST_OK;
	x->stop = true;
	return st == ST_LIMIT ? ST_OK : st;
}

static void
describe(const struct extractor *x, struct extract_window *w)
{
	w->place = span_of(x->place, x->place_len);
	w->where = x->where;
	w->made = x->made;
	w->first = x->first;
}

bool
window_room(struct extractor *x)
{
	if (x->folded == NULL)
		x->folded = malloc(EXTRACT_WINDOW);
	if (x->folds == NULL)
		x->folds = malloc(sizeof(*x->folds));
	return x->folded != NULL && x->folds != NULL;
}

static enum status
give_folded(struct extractor *x, struct extract_window *w)
{
	const struct text_origin *o = w->origin;
	struct text_origin origin = *o;
	size_t stops[2] = {w->from, w->to}, len;

	must(w->text.len <= EXTRACT_WINDOW);
	if (!window_room(x))
		return ST_NOMEM;
	len = fold_text(w->text, x->folded, stops, 2);
	x->folds->built = 0;
	origin.unfolded = w->text;
	origin.folds = x->folds;
	w->text = span_of(x->folded, len);
	w->from = stops[0];
	w->to = stops[1];
	w->origin = &origin;
	return give(x, w);
}

enum status
window_begin(struct extractor *x)
{
	if (x->again == NULL)
		x->again = again_new();
	if (x->again == NULL)
		return ST_NOMEM;
	again_begin(x->again);
	return ST_OK;
}

enum status
window_give(struct extractor *x, struct extract_window *w,
	    const struct window_look *look)
{
	struct view_text t = {
	    .text = w->text, .from = w->from, .to = w->to, .origin = w->origin};
	enum status st;

	describe(x, w);
	if (x->where != NULL && x->where->see != NULL)
		x->where->see(x->where->arg, w);
	st = look->folds ? give_folded(x, w) : give(x, w);
	if (st != ST_OK || x->stop)
		return st;
	return again_window(x, &t, &look->again);
}

enum status
window_end(struct extractor *x)
{
	return again_end(x);
}

enum status
window_again(struct extractor *x, struct span text, size_t from, size_t to,
	     const struct text_origin *origin)
{
	struct extract_window w = {
	    .text = text,
	    .from = from,
	    .to = to,
	    .again = true,
	    .origin = origin,
	};

	describe(x, &w);
	return give(x, &w);
}
