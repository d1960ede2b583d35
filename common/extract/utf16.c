#include "extract/utf16.h"

#include <string.h>

#include "base/must.h"
#include "extract/extract.h"
#include "extract/lane.h"
#include "extract/sniff.h"
#include "extract/utf8.h"

#define LOOK   256 /* bytes that are looked at before a step */
#define GOES   8   /* plain bytes behind another one: the stretch goes on */
#define SHIFT  8   /* characters of ASCII between two characters move these */
#define WORDS  8   /* characters at least that are words by themselves */
#define SCORED 16  /* characters tell where wide ones begin */

static bool
fits(const struct utf16_text *t, size_t n)
{
	return t->have + n + UTF8_MAX <= EXTRACT_WINDOW;
}

static uint32_t
unit_at(const struct utf16 *u, const uint8_t *p)
{
	return u->big ? (uint32_t)(p[0] << 8 | p[1])
		      : (uint32_t)(p[1] << 8 | p[0]);
}

static bool
is_ascii(uint32_t c)
{
	return c < 0x80 && sniff_texty((uint8_t)c);
}

static void
put(const struct utf16 *u, struct utf16_text *t, uint32_t c, size_t width)
{
	if (u->mixed)
		t->widths[t->have] = (uint8_t)width;
	t->have += utf8_put(t->text + t->have, c);
}

/* ---- wide characters -------------------------------------------------------
 */

/* ASCII of two bytes a character; returns bytes used. */
static size_t
narrow(const struct utf16 *u, struct utf16_text *t, struct span s)
{
	size_t at = 0;
	lane a, b;

	while (s.len - at >= 2 * sizeof(a) && fits(t, sizeof(a))) {
		lane even, odd;

		a = lane_at(s.ptr + at);
		b = lane_at(s.ptr + at + sizeof(a));
		even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14,
					       16, 18, 20, 22, 24, 26, 28, 30);
		odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15,
					      17, 19, 21, 23, 25, 27, 29, 31);
		a = u->big ? odd : even;
		if (lane_high(a | (lane)((u->big ? even : odd) != 0)))
			break;
		memcpy(t->text + t->have, &a, sizeof(a));
		if (u->mixed)
			memset(t->widths + t->have, 2, sizeof(a));
		t->have += sizeof(a);
		at += 2 * sizeof(a);
	}
	return at;
}

/* ASCII stands between the characters: one byte of the first is alone. */
static bool
is_shifted(const struct utf16 *u, struct span s)
{
	uint32_t first = 0;
	bool differ = false;

	if (s.len < 1 + 2 * SHIFT)
		return false;
	for (size_t i = 0; i < SHIFT; i++) {
		uint32_t c = unit_at(u, s.ptr + 1 + 2 * i);

		if (!is_ascii(c))
			return false;
		/* in order, a blank, a line or the number one */
		if (c == 0x3000 >> 8 || c == 0x2500 >> 8 || c == 0x4e00 >> 8)
			continue;
		if (first == 0)
			first = c;
		differ = differ || c != first;
	}
	return differ;
}

/* Blocks of characters that stand in a row in real text. */
static bool
in_rows(uint32_t c)
{
	static const struct {
		uint8_t from, to;
	} rows[] = {
	    {0x24, 0x25}, /* numbers in circles, lines of tables */
	    {0x28, 0x28}, /* Braille */
	    {0x2c, 0x2d}, /* Coptic, Tifinagh */
	    {0x30, 0x30}, /* kana */
	    {0x4e, 0x9f}, /* ideographs */
	    {0xac, 0xd7}, /* Hangul */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (c >> 8 >= rows[i].from && c >> 8 <= rows[i].to)
			return true;
	return false;
}

static size_t
plain_run(struct span s, size_t most)
{
	size_t n = 0;

	while (n < most && n < s.len && sniff_texty(s.ptr[n]))
		n++;
	return n;
}

static bool
is_wordy(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ';
}

/*
 * Enough of s make no sense as wide characters, or next to all would have to
 * be ideographs that look like words.
 */
static bool
is_plain(const struct utf16 *u, struct span s)
{
	size_t n = s.len / 2, strange = 0, words = 0;
	uint32_t before = 0, c;

	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = s.ptr + 2 * i;

		c = unit_at(u, p);
		strange += !in_rows(c) && c != before;
		words += c >> 8 != '0' && is_wordy(p[0]) && is_wordy(p[1]);
		before = c;
	}
	return (strange >= 2 && strange * 8 >= n) ||
	       (n >= WORDS && words * 4 >= n * 3);
}

/* Plain text begins here, where it could be a wide character, too. */
static bool
begins_plain(struct utf16 *u, struct span s)
{
	size_t n;

	if (u->looked > 0 || !sniff_texty(s.ptr[0]) || !sniff_texty(s.ptr[1]) ||
	    (in_rows(u->last) && in_rows(unit_at(u, s.ptr))))
		return false;
	n = plain_run(s, LOOK);
	if (n >= UTF16_PLAIN && is_plain(u, span_of(s.ptr, n)))
		return true;
	u->looked = n;
	return false;
}

/* Widths from here on, and of what stands in the window already. */
static void
mix(struct utf16 *u, struct utf16_text *t)
{
	for (size_t i = 0; !u->mixed && i < t->have; i++)
		t->widths[i] = t->text[i] >= 0xf0 ? 4 : 2;
	u->mixed = true;
}

static size_t
put_wide(struct utf16 *u, struct utf16_text *t, struct span s)
{
	uint32_t c = unit_at(u, s.ptr), low;
	size_t used = 2;

	if (c >= 0xd800 && c < 0xdc00 && s.len >= 4) {
		low = unit_at(u, s.ptr + 2);
		if (low >= 0xdc00 && low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			used = 4;
		}
	}
	put(u, t, c, used);
	u->last = c;
	u->line = c == '\n';
	return used;
}

static size_t
wide_step(struct utf16 *u, struct utf16_text *t, struct span s)
{
	size_t used = u->line ? narrow(u, t, s) : 0;

	u->line = false;
	if (used > 0) {
		u->last = 0;
		return used;
	}
	if (s.len < 2)
		return 0;
	if (begins_plain(u, s)) {
		mix(u, t);
		u->plain = true;
		return 0;
	}
	if (unit_at(u, s.ptr) >= 0x80 && is_shifted(u, s)) {
		mix(u, t);
		put(u, t, s.ptr[0], 1);
		u->line = true;
		return 1;
	}
	return put_wide(u, t, s);
}

/* ---- plain text ------------------------------------------------------------
 */

/* How well characters of two bytes can be read from here on. */
static int
wide_score(const struct utf16 *u, struct span s)
{
	int score = 0;

	for (size_t i = 0; i < SCORED && 2 * i + 2 <= s.len; i++) {
		uint32_t c = unit_at(u, s.ptr + 2 * i);

		if (is_ascii(c))
			score += 2;
		else if ((c >= 0xa0 && c < 0x700) || in_rows(c))
			score++;
		else if (c < 0xa0 || (c >= 0xd800 && c < 0xf900) || c >= 0xfff0)
			score -= 2;
	}
	return score;
}

/* Bytes of the character of UTF-8 that begins here, ASCII not among them. */
static size_t
utf8_next(struct span s, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = s.len == 0        ? 0
		   : s.ptr[0] < 0xc2 ? 0
		   : s.ptr[0] < 0xe0 ? 2
		   : s.ptr[0] < 0xf0 ? 3
		   : s.ptr[0] < 0xf5 ? 4
				     : 0;

	if (n == 0 || n > s.len)
		return 0;
	*c = s.ptr[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s.ptr[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s.ptr[i] & 0x3f);
	}
	return *c < least[n] || *c > 0x10ffff ? 0 : n;
}

/*
 * A byte that is not plain: the character that it begins within the stretch, or
 * 0 where that ends.
 */
static size_t
foreign(struct span s, uint32_t *c)
{
	size_t n = utf8_next(s, c), behind;

	if (n > 0)
		return n;
	*c = s.ptr[0];
	s = span_skip(s, 1);
	behind = plain_run(s, GOES);
	return behind == GOES || behind == s.len ? 1 : 0;
}

static size_t
put_plain(const struct utf16 *u, struct utf16_text *t, const uint8_t *p,
	  size_t n)
{
	must(u->mixed);
	if (n > EXTRACT_WINDOW - t->have)
		n = EXTRACT_WINDOW - t->have;
	memcpy(t->text + t->have, p, n);
	memset(t->widths + t->have, 1, n);
	t->have += n;
	return n;
}

static void
end_plain(struct utf16 *u)
{
	u->plain = false;
	u->line = true;
	u->last = 0;
	u->looked = 0;
}

static size_t
plain_step(struct utf16 *u, struct utf16_text *t, struct span s, bool dry)
{
	size_t n = plain_run(s, s.len), used;
	uint32_t c;

	if (n == s.len && dry)
		return put_plain(u, t, s.ptr, n);
	if (n > 1) /* the last byte may belong to a wide character */
		return put_plain(u, t, s.ptr, n - 1);
	must(n < s.len);
	used = foreign(span_skip(s, n), &c);
	if (used == 0) {
		bool held =
		    n == 1 && wide_score(u, s) > wide_score(u, span_skip(s, 1));

		end_plain(u);
		return n == 1 && !held ? put_plain(u, t, s.ptr, 1) : 0;
	}
	if (n == 1)
		return put_plain(u, t, s.ptr, 1);
	put(u, t, c, used);
	return used;
}

size_t
utf16_decode(struct utf16 *u, struct utf16_text *t, struct span raw, bool dry)
{
	size_t at = 0;

	while (raw.len - at >= (dry ? 1 : LOOK) && fits(t, 0)) {
		struct span s = span_skip(raw, at);
		bool plain = u->plain;
		size_t used =
		    plain ? plain_step(u, t, s, dry) : wide_step(u, t, s);

		if (used == 0 && u->plain == plain)
			break;
		u->looked = u->looked > used ? u->looked - used : 0;
		at += used;
	}
	return at;
}
