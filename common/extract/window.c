#include "extract/window.h"

#include <stdlib.h>

#include "base/must.h"
#include "extract/fold.h"

bool
window_folds(const struct extractor *x, struct span text)
{
	struct spots s;

	spot_begin(&s, text, 0);
	while (x->spot(&s))
		for (size_t i = 0; i < s.n; i++) {
			size_t at = s.found[i].at, end = at + SPOT_BLOCK;

			if (end > text.len)
				end = text.len;
			if ((s.found[i].kinds & SPOT_HIGH) &&
			    fold_find(text, at, end) < end)
				return true;
		}
	return false;
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

static bool
make_room(struct extractor *x)
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
	if (!make_room(x))
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
window_give(struct extractor *x, struct span text, size_t from, size_t to,
	    const struct text_origin *origin, bool folds)
{
	struct extract_window w = {
	    .place = span_of(x->place, x->place_len),
	    .text = text,
	    .from = from,
	    .to = to,
	    .origin = origin,
	};

	return folds ? give_folded(x, &w) : give(x, &w);
}
