#include "extract/image/ocr_line.h"

#include <stdbool.h>
#include <string.h>

#define DIGITS_MIN 9 /* of a number that is worth joining */
#define DIGITS_MAX 24
#define GROUPS_MAX 16

/* ---- words that are pieces of a number -------------------------------------
 */

/* What was recognised, and the digit that it looks like. */
static char
digit_of(uint8_t c)
{
	static const char alike[][2] = {
	    {'O', '0'}, {'o', '0'}, {'Q', '0'}, {'D', '0'}, {'l', '1'},
	    {'I', '1'}, {'i', '1'}, {'|', '1'}, {'!', '1'}, {'Z', '2'},
	    {'z', '2'}, {'A', '4'}, {'S', '5'}, {'s', '5'}, {'G', '6'},
	    {'B', '8'}, {'g', '9'}, {'q', '9'},
	};

	if (c >= '0' && c <= '9')
		return (char)c;
	for (size_t i = 0; i < sizeof(alike) / sizeof(alike[0]); i++)
		if (c == (uint8_t)alike[i][0])
			return alike[i][1];
	return 0;
}

/* Dashes of any width. */
static size_t
dash_at(struct span s)
{
	if (s.ptr[0] == '-' || s.ptr[0] == '_')
		return 1;
	return s.len >= 3 && s.ptr[0] == 0xe2 && s.ptr[1] == 0x80 &&
		       s.ptr[2] >= 0x90 && s.ptr[2] <= 0x95
		   ? 3
		   : 0;
}

struct number {
	char digits[DIGITS_MAX + DIGITS_MAX]; /* and dashes */
	size_t len, count, sure; /* digits; of these, read as such */
	size_t groups[GROUPS_MAX], group_count;
	bool dashes, loose; /* loose: a space stands beside a dash */
	bool full;
};

static bool
one_of(const char *set, uint8_t c)
{
	return c != 0 && strchr(set, c) != NULL;
}

/* Stops that stand around a number. */
static struct span
trim(struct span s)
{
	while (s.len > 0 && one_of(".,;:)]", s.ptr[s.len - 1]))
		s.len--;
	while (s.len > 0 && one_of("([#:", s.ptr[0]))
		s = span_skip(s, 1);
	return s;
}

/* The digits and dashes of a word; false: it is no piece of a number. */
static bool
piece_of(struct span s, struct number *n)
{
	size_t alike = 0, dashes = 0;

	*n = (struct number){0};
	while (s.len > 0) {
		size_t dash = dash_at(s);
		char d = digit_of(s.ptr[0]);

		if (dash > 0)
			d = '-';
		if (d == 0 || n->len == DIGITS_MAX)
			return false;
		n->digits[n->len++] = d;
		dashes += dash > 0;
		n->sure += s.ptr[0] >= '0' && s.ptr[0] <= '9';
		alike += dash == 0;
		s = span_skip(s, dash > 0 ? dash : 1);
	}
	n->count = alike;
	n->dashes = dashes > 0;
	return n->len > 0 && n->sure * 2 >= alike;
}

static void
append(struct number *to, const struct number *piece)
{
	char first = piece->digits[0];

	to->loose |=
	    to->len > 0 && (first == '-' || to->digits[to->len - 1] == '-');
	if (piece->len > sizeof(to->digits) - to->len ||
	    to->group_count == GROUPS_MAX) {
		to->full = true;
		return;
	}
	memcpy(to->digits + to->len, piece->digits, piece->len);
	to->len += piece->len;
	to->count += piece->count;
	to->sure += piece->sure;
	to->dashes |= piece->dashes;
	to->groups[to->group_count++] = piece->count;
}

/* ---- numbers of a line -----------------------------------------------------
 */

/* Groups of one length, the last may be shorter; and a few that are known. */
static bool
is_grouped(const struct number *n)
{
	static const struct {
		size_t count, groups[4];
	} known[] = {{3, {4, 6, 5}},
		     {3, {4, 6, 4}},
		     {3, {3, 2, 4}},
		     {3, {3, 3, 4}},
		     {4, {1, 3, 3, 4}}};
	size_t last = n->group_count - 1;
	bool same = true;

	for (size_t i = 1; i <= last; i++)
		same &= i < last || last == 1 ? n->groups[i] == n->groups[0]
					      : n->groups[i] <= n->groups[0];
	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
		same |= n->group_count == known[k].count &&
			memcmp(n->groups, known[k].groups,
			       known[k].count * sizeof(n->groups[0])) == 0;
	return same;
}

static bool
worth_it(const struct number *n)
{
	if (n->full || n->count < DIGITS_MIN || n->count > DIGITS_MAX ||
	    n->sure * 4 < n->count * 3)
		return false;
	return n->sure < n->count || n->loose || (!n->dashes && !is_grouped(n));
}

/* Dashes are kept where they part a short number, as it is written. */
static enum status
put_number(const struct number *n, struct buf *to)
{
	bool keep = n->count < 12;
	enum status st = ST_OK;

	if (!worth_it(n))
		return ST_OK;
	for (size_t i = 0; i < n->len && st == ST_OK; i++)
		if (keep || n->digits[i] != '-')
			st = buf_add_byte(to, (uint8_t)n->digits[i]);
	return st == ST_OK ? buf_add_byte(to, '\n') : st;
}

static int
height(const struct ocr_word *w)
{
	return w->bottom - w->top;
}

/* A gap above a letter's width parts columns. */
static bool
is_near(const struct ocr_word *a, const struct ocr_word *b)
{
	int h = height(a) < height(b) ? height(a) : height(b);
	int gap = b->left - a->right;

	return gap * 10 <= h * 13 && gap > -h;
}

static enum status
numbers(const struct ocr_word *w, size_t n, struct buf *to)
{
	struct number run = {0}, piece;
	enum status st = ST_OK;
	bool over = true; /* the run has its end */

	for (size_t i = 0; i < n && st == ST_OK; i++) {
		struct span s = trim(w[i].text);
		bool fits = piece_of(s, &piece);

		if (over || !fits || s.ptr != w[i].text.ptr ||
		    !is_near(&w[i - 1], &w[i])) {
			st = put_number(&run, to);
			run = (struct number){0};
		}
		if (fits)
			append(&run, &piece);
		over = !fits || s.ptr + s.len != w[i].text.ptr + w[i].text.len;
	}
	return st == ST_OK ? put_number(&run, to) : st;
}

/* ---- the line --------------------------------------------------------------
 */

static enum status
blank(const struct ocr_word *a, const struct ocr_word *b, struct buf *to)
{
	bool wide = b->left - a->right > 2 * height(a);

	return buf_add_byte(to, wide ? '\t' : ' ');
}

enum status
ocr_line(const struct ocr_word *w, size_t n, struct buf *to)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < n && st == ST_OK; i++) {
		if (i > 0)
			st = blank(&w[i - 1], &w[i], to);
		if (st == ST_OK)
			st = buf_add(to, w[i].text.ptr, w[i].text.len);
	}
	if (st == ST_OK && n > 0)
		st = buf_add_byte(to, '\n');
	return st == ST_OK ? numbers(w, n, to) : st;
}
