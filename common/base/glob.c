#include "base/glob.h"

#include "base/str.h"

/*
 * How far one step of the pattern goes. Stars are kept as places to come back
 * to instead of recursion, so that the cost has a bound.
 */
struct walk {
	struct span pattern, text;
	size_t p, t;
	bool parts; /* slashes are borders */
};

/*
 * [a-z]: *p stands behind the bracket. True when c is in the set; *p is then
 * behind the closing bracket. A set that does not close is no set.
 */
static bool
set_has(struct span pattern, size_t *p, uint8_t c)
{
	size_t at = *p;
	bool deny = at < pattern.len && pattern.ptr[at] == '!';
	bool hit = false;
	size_t first;

	at += deny;
	first = at;
	while (at < pattern.len && (pattern.ptr[at] != ']' || at == first)) {
		uint8_t low = pattern.ptr[at], high = low;

		if (at + 2 < pattern.len && pattern.ptr[at + 1] == '-' &&
		    pattern.ptr[at + 2] != ']') {
			high = pattern.ptr[at + 2];
			at += 2;
		}
		hit = hit || (c >= low && c <= high);
		at++;
	}
	if (at >= pattern.len)
		return false;
	*p = at + 1;
	return hit != deny;
}

/* One byte of text against one step of the pattern that is no star. */
static bool
step(struct walk *w)
{
	uint8_t want = w->pattern.ptr[w->p], c = w->text.ptr[w->t];
	size_t next = w->p + 1;

	if (want == '?') {
		if (w->parts && c == '/')
			return false;
	} else if (want == '[') {
		if ((w->parts && c == '/') || !set_has(w->pattern, &next, c))
			return false;
	} else if (want != c) {
		return false;
	}
	w->p = next;
	w->t++;
	return true;
}

#define NOWHERE SIZE_MAX

/* A place to come back to: the pattern behind the star, the text tried. */
struct star {
	size_t p, t;
	bool whole; /* takes whole parts only, slash included */
};

/* Behind the next slash; NOWHERE when there is none. */
static size_t
next_part(struct span text, size_t t)
{
	size_t n = str_find(span_skip(text, t), '/');

	return n >= text.len - t ? NOWHERE : t + n + 1;
}

/* Takes one more byte under the star; false when it may not. */
static bool
stretch(struct walk *w, struct star *s, bool any)
{
	if (s->p == NOWHERE || s->t >= w->text.len)
		return false;
	if (!any && w->parts && w->text.ptr[s->t] == '/') {
		s->p = NOWHERE;
		return false;
	}
	s->t = s->whole ? next_part(w->text, s->t) : s->t + 1;
	if (s->t == NOWHERE)
		return false;
	w->p = s->p;
	w->t = s->t;
	return true;
}

static bool
is_star(const struct walk *w, size_t p)
{
	return p < w->pattern.len && w->pattern.ptr[p] == '*';
}

/* Steps over the stars at p; true when they cross slashes. */
static bool
take_stars(struct walk *w, bool *whole)
{
	size_t from = w->p;

	*whole = false;
	while (is_star(w, w->p))
		w->p++;
	if (!w->parts)
		return true;
	if (w->p - from < 2)
		return false;
	/* Between slashes two stars stand for no part, too. */
	if (w->p < w->pattern.len && w->pattern.ptr[w->p] == '/' &&
	    (from == 0 || w->pattern.ptr[from - 1] == '/') &&
	    (w->t == 0 || w->text.ptr[w->t - 1] == '/')) {
		w->p++;
		*whole = true;
	}
	return true;
}

static void
note_star(struct walk *w, struct star *near, struct star *far)
{
	bool whole;

	if (take_stars(w, &whole)) {
		*far = (struct star){w->p, w->t, whole};
		near->p = NOWHERE;
	} else {
		*near = (struct star){w->p, w->t, false};
	}
}

static bool
matches(struct walk w)
{
	struct star near = {.p = NOWHERE}, far = {.p = NOWHERE};

	while (w.t < w.text.len || w.p < w.pattern.len) {
		if (is_star(&w, w.p)) {
			note_star(&w, &near, &far);
			continue;
		}
		if (w.p < w.pattern.len && w.t < w.text.len && step(&w))
			continue;
		if (stretch(&w, &near, false))
			continue;
		near.p = NOWHERE;
		if (!stretch(&w, &far, true))
			return false;
	}
	return true;
}

bool
glob_id(struct span pattern, struct span id)
{
	return matches((struct walk){.pattern = pattern, .text = id});
}

static struct span
last_part(struct span path)
{
	for (size_t i = path.len; i > 0; i--)
		if (path.ptr[i - 1] == '/')
			return span_skip(path, i);
	return path;
}

bool
glob_path(struct span pattern, struct span path)
{
	struct walk w = {.pattern = pattern, .text = path, .parts = true};

	if (str_find(pattern, '/') == pattern.len) {
		w.text = last_part(path);
	} else if (str_ends(pattern, "/**") && path.len == pattern.len - 3 &&
		   path.len > 0) {
		/* "a/ **" takes a itself, too. */
		w.pattern.len -= 3;
		if (matches(w))
			return true;
		w.pattern.len += 3;
	}
	return matches(w);
}
