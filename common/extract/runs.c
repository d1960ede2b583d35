#include "extract/runs.h"

#include "extract/utf8.h"

#define ZEROS_SEEN 64 /* more of them behind a run tell nothing */
#define UNIT_MAX   4
#define ALPHABETS  0x700 /* behind it, most bytes by chance are some letter */

/* Bytes before a block at which a run may begin that reaches into it. */
#define REACH (UNIT_MAX * VIEW_RUN)

static bool
is_ascii(uint8_t c)
{
	return (c >= ' ' && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_alnum(uint8_t c)
{
	return (c >= '0' && c <= '9') || (uint8_t)((c | 0x20) - 'a') < 26;
}

/* What text is made of; not what code and tables look like. */
static bool
is_text(uint32_t c)
{
	static const struct {
		uint16_t from, to;
	} scripts[] = {
	    {0xa0, 0x17ff},   {0x1e00, 0x206f}, {0x20a0, 0x214f},
	    {0x3000, 0x9fff}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
	    {0xff01, 0xff9f},
	};

	if (c < 0x80)
		return is_ascii((uint8_t)c);
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (c >= scripts[i].from && c <= scripts[i].to)
			return true;
	return false;
}

static uint32_t
char_at(const uint8_t *p, unsigned unit, bool big)
{
	uint32_t c = 0;

	for (unsigned i = 0; i < unit; i++)
		c = c << 8 | p[big ? i : unit - 1 - i];
	return c;
}

static bool
text_at(struct span t, size_t at, unsigned unit, bool big)
{
	return t.len >= unit && at <= t.len - unit &&
	       is_text(char_at(t.ptr + at, unit, big));
}

/* Zeros from `at` on, up to `most`. */
static size_t
zeros(struct span t, size_t at, size_t most)
{
	size_t n = 0;

	while (n < most && at + n < t.len && t.ptr[at + n] == 0)
		n++;
	return n;
}

/* VIEW_RUN characters of ASCII from `at` on, zeros between them. */
static bool
seed(struct span t, size_t at, unsigned unit)
{
	unsigned alnum = 0;

	if (t.len - at < (size_t)unit * VIEW_RUN)
		return false;
	for (unsigned i = 0; i < VIEW_RUN; i++, at += unit) {
		if (!is_ascii(t.ptr[at]) ||
		    zeros(t, at + 1, unit - 1) < unit - 1)
			return false;
		alnum += is_alnum(t.ptr[at]);
	}
	return alnum * 2 > VIEW_RUN;
}

/* The first that begins in [at, end), else end; *unit of it. */
static size_t
find(struct span t, size_t at, size_t end, unsigned *unit)
{
	for (; at < end; at++) {
		if (at + 1 >= t.len || t.ptr[at + 1] != 0)
			continue;
		if (!is_ascii(t.ptr[at]))
			continue;
		*unit = zeros(t, at + 2, 1) == 0 ? 2 : UNIT_MAX;
		if (seed(t, at, *unit))
			return at;
	}
	return end;
}

static size_t
first_begin(size_t at)
{
	return at < REACH ? 0 : at - REACH;
}

bool
runs_begins(struct span text, size_t at, size_t end)
{
	unsigned unit;

	return find(text, first_begin(at), end, &unit) < end;
}

void
runs_begin(struct runs *r)
{
	r->at = r->ended = 0;
	r->unit = 0;
	view_drop(&r->view);
}

/* Characters of alphabets in a row from `at` on, as far as anybody looks. */
static size_t
count(struct span t, size_t at, unsigned unit, bool big)
{
	size_t n = 0;

	for (; n < VIEW_RUN_SEE && text_at(t, at, unit, big); at += unit, n++)
		if (char_at(t.ptr + at, unit, big) >= ALPHABETS)
			break;
	return n;
}

/*
 * The run whose low bytes begin at `at` has its high bytes before them. Both
 * orders read ASCII alike where a zero stands before it: the right one has more
 * of it, or ends where whole characters of zeros begin.
 */
static bool
is_big(struct span t, size_t at, unsigned unit)
{
	size_t little, big, behind;

	if (at < unit - 1 || zeros(t, at - (unit - 1), unit) < unit - 1)
		return false;
	little = count(t, at, unit, false);
	big = count(t, at - (unit - 1), unit, true);
	if (little != big)
		return big > little;
	behind = zeros(t, at + little * unit, ZEROS_SEEN);
	return behind < ZEROS_SEEN && behind % unit == 1;
}

/* On to text[to] or the end of the run at hand. */
static void
go_on(struct runs *r, const struct view_text *t)
{
	size_t at = (size_t)(r->at - t->base);
	uint8_t utf8[UTF8_MAX];
	uint64_t origin;

	while (r->unit > 0 && at < t->to) {
		size_t n;

		if (!text_at(t->text, at, r->unit, r->big)) {
			origin = t->origin->base + at;
			view_put(&r->view, '\n', origin - r->unit, origin);
			r->ended = t->base + at;
			r->unit = 0;
			break;
		}
		origin = t->origin->base + at;
		n = utf8_put(utf8, char_at(t->text.ptr + at, r->unit, r->big));
		for (size_t i = 0; i < n; i++)
			view_put(&r->view, utf8[i], origin, origin + r->unit);
		at += r->unit;
	}
	r->at = t->base + at;
}

static void
close_far(struct runs *r, uint64_t here)
{
	if (r->view.open && r->unit == 0 && here > r->ended + VIEW_RUN_GAP)
		view_close(&r->view);
}

/* A run begins at text[at] or, in other letters than ASCII, before it. */
static void
start(struct runs *r, struct extractor *x, const struct view_text *t, size_t at,
      unsigned unit)
{
	r->big = is_big(t->text, at, unit);
	r->unit = unit;
	if (r->big)
		at -= unit - 1;
	for (unsigned i = 0;
	     i < VIEW_RUN_PRE && at >= unit && t->base + at - unit >= r->at &&
	     text_at(t->text, at - unit, unit, r->big);
	     i++)
		at -= unit;
	close_far(r, t->base + at);
	if (!r->view.open)
		view_bare(&r->view, x, t->origin->base + at);
	r->at = t->base + at;
	go_on(r, t);
}

void
runs_block(struct runs *r, struct extractor *x, const struct view_text *t,
	   size_t at, size_t end)
{
	/* text that was decoded has no runs of other text in it */
	if (t->origin->map != NULL || t->origin->spans != NULL)
		return;
	if (end > t->to)
		end = t->to;
	go_on(r, t);
	at = first_begin(at);
	if (at < t->from)
		at = t->from;
	while (at < end) {
		unsigned unit = 0;

		if (t->base + at < r->at)
			at = (size_t)(r->at - t->base);
		if (at >= end)
			break;
		at = find(t->text, at, end, &unit);
		if (at < end)
			start(r, x, t, at, unit);
	}
}

void
runs_rest(struct runs *r, const struct view_text *t)
{
	go_on(r, t);
	close_far(r, t->base + t->to);
}

void
runs_end(struct runs *r)
{
	if (r->view.open)
		view_close(&r->view);
	r->unit = 0;
}
