#include "extract/base64.h"

#include "extract/spot.h"

#define NONE 64

/* Value of a character of either alphabet, NONE for others. */
/* clang-format off */
static const uint8_t values[256] = {
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 62, 64, 62, 64, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 64, 64, 64, 64, 64, 64,
    64, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64, 63,
    64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64,
};
/* clang-format on */

static inline unsigned
value(uint8_t c)
{
	return values[c];
}

void
base64_begin(struct base64 *b)
{
	b->at = 0;
	b->skip = false;
	view_drop(&b->view);
}

/* A control character, or a byte that breaks UTF-8. */
static inline bool
odd(unsigned *expect, uint8_t c)
{
	if (*expect > 0) {
		*expect = (c & 0xc0) == 0x80 ? *expect - 1 : 0;
		return (c & 0xc0) != 0x80;
	}
	if (c >= 0xc2 && c < 0xf5) {
		*expect = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
		return false;
	}
	return c >= 0x7f ||
	       (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f');
}

/* Its first VIEW_PROMISE characters decode to text. */
static bool
promising(const uint8_t *p)
{
	unsigned expect = 0;
	size_t n = 0, bytes = VIEW_PROMISE / 4 * 3;

	for (size_t i = 0; i < VIEW_PROMISE && n * VIEW_ODD <= bytes; i += 4) {
		uint32_t q = value(p[i]) << 18 | value(p[i + 1]) << 12 |
			     value(p[i + 2]) << 6 | value(p[i + 3]);

		n += odd(&expect, (uint8_t)(q >> 16));
		n += odd(&expect, (uint8_t)(q >> 8));
		n += odd(&expect, (uint8_t)q);
	}
	return n * VIEW_ODD <= bytes;
}

/* What was not judged yet is no text: it does not go out. */
static bool
judge(struct base64 *b)
{
	bool text = b->odd * VIEW_ODD <= b->judged;

	if (!text && b->view.st == ST_OK)
		b->view.len -= b->judged;
	b->judged = b->odd = 0;
	return text;
}

static void
close_block(struct base64 *b)
{
	(void)judge(b);
	view_close(&b->view);
}

static void
open_block(struct base64 *b, struct extractor *x, const struct view_text *t,
	   size_t at)
{
	view_open(&b->view, x, t, at);
	b->view.from = b->view.len;
	b->at = t->base + at;
	b->bits = b->have = 0;
	b->line = 0;
	b->judged = b->odd = b->expect = 0;
}

/* One more character, of original bytes [from, to). */
static void
take(struct base64 *b, unsigned v, uint64_t from, uint64_t to)
{
	uint64_t begin = b->origin;
	uint8_t c;

	b->bits = b->bits << 6 | v;
	b->origin = from;
	b->line++;
	b->have = (b->have + 1) % 4;
	if (b->have == 1)
		return;
	c = (uint8_t)(b->bits >> (b->have == 0 ? 0 : 8 - 2 * b->have));
	view_put(&b->view, c, begin, to);
	b->judged++;
	b->odd += odd(&b->expect, c);
	if (b->judged >= VIEW_JUDGED && !judge(b)) {
		view_close(&b->view);
		b->skip = true;
	}
}

/* Bytes up to the first character of a further line, 0: there is none. */
static size_t
next_line(const struct base64 *b, struct span t, size_t at)
{
	size_t n = 0, indent = 0;

	if (b->have != 0 || b->line < VIEW_BASE64)
		return 0;
	if (at < t.len && t.ptr[at] == '\r')
		n++;
	if (at + n >= t.len || t.ptr[at + n] != '\n')
		return 0;
	n++;
	while (at + n < t.len && indent < VIEW_INDENT &&
	       (t.ptr[at + n] == ' ' || t.ptr[at + n] == '\t')) {
		n++;
		indent++;
	}
	return at + n < t.len && value(t.ptr[at + n]) != NONE ? n : 0;
}

/* On to text[upto], or to the end of the block. */
static void
run(struct base64 *b, const struct view_text *t, size_t upto)
{
	size_t at = (size_t)(b->at - t->base);
	struct origin_walk walk;

	if (!b->view.open || at >= upto)
		return;
	origin_walk_init(&walk, t->origin, t->text, at);
	while (at < upto && b->view.open) {
		unsigned v = value(t->text.ptr[at]);
		uint64_t from, to;
		size_t n = v == NONE ? next_line(b, t->text, at) : 1;

		origin_walk_to(&walk, at, &from, &to);
		if (n == 0)
			close_block(b);
		else if (v == NONE)
			b->line = 0;
		else
			take(b, v, from, to);
		at += n;
	}
	b->at = t->base + at;
}

/* Past the end of a run that is not read. */
static void
skip(struct base64 *b, const struct view_text *t, size_t upto)
{
	size_t at = (size_t)(b->at - t->base);

	if (!b->skip)
		return;
	while (at < upto && value(t->text.ptr[at]) != NONE)
		at++;
	b->skip = at >= upto;
	b->at = t->base + at;
}

/* = that fill up the last group. */
static size_t
padding(struct span t, size_t at)
{
	size_t n = 0;

	while (n < 2 && at + n < t.len && t.ptr[at + n] == '=')
		n++;
	return n;
}

/* Characters in a row from `at` on, counted to VIEW_BASE64, with padding. */
static size_t
run_length(struct span t, size_t at)
{
	size_t n = 0;

	while (n < VIEW_BASE64 && n < t.len - at &&
	       value(t.ptr[at + n]) != NONE)
		n++;
	return n + padding(t, at + n);
}

/* A run begins that is long enough and decodes to text. */
static bool
begins_at(struct span t, size_t at)
{
	return (at == 0 || value(t.ptr[at - 1]) == NONE) &&
	       run_length(t, at) >= VIEW_BASE64 && promising(t.ptr + at);
}

/*
 * The first run that begins in [at, end), is long enough and decodes to text;
 * end when there is none. Looks from behind: short words are passed at once.
 */
static size_t
find_run(struct span t, size_t at, size_t end)
{
	while (at < end && t.len - at >= SPOT_RUN_MIN) {
		size_t n = SPOT_RUN_MIN;

		while (n > 0 && value(t.ptr[at + n - 1]) != NONE)
			n--;
		if (n > 0) {
			at += n;
			continue;
		}
		if (begins_at(t, at))
			return at;
		at += SPOT_RUN_MIN;
		while (at < end && value(t.ptr[at]) != NONE)
			at++;
	}
	return end;
}

/* Runs that reach their length in a block begin here or behind. */
static size_t
first_begin(size_t at)
{
	return at < VIEW_BASE64 ? 0 : at - VIEW_BASE64;
}

bool
base64_begins(struct span text, const struct spot_block *b)
{
	for (uint64_t m = b->runs & ~(b->runs << 1); m != 0; m &= m - 1) {
		size_t last = b->at + (size_t)__builtin_ctzll(m);

		if (begins_at(text, last + 1 - SPOT_RUN_MIN))
			return true;
	}
	return false;
}

static void
go_on(struct base64 *b, const struct view_text *t, size_t upto)
{
	run(b, t, upto);
	skip(b, t, upto);
}

void
base64_block(struct base64 *b, struct extractor *x, const struct view_text *t,
	     size_t at, size_t end)
{
	size_t first = first_begin(at);

	if (end > t->to)
		end = t->to;
	if (first < t->from)
		first = t->from;
	if (first >= end)
		return;
	go_on(b, t, first);
	if (b->at < t->base + first)
		b->at = t->base + first;
	while (b->at < t->base + end) {
		at = (size_t)(b->at - t->base);
		if (b->view.open || b->skip) {
			go_on(b, t, end);
			continue;
		}
		at = find_run(t->text, at, end);
		b->at = t->base + at;
		if (at < end)
			open_block(b, x, t, at);
	}
}

void
base64_rest(struct base64 *b, const struct view_text *t)
{
	go_on(b, t, t->to);
}

void
base64_end(struct base64 *b)
{
	if (b->view.open)
		close_block(b);
	b->skip = false;
}
