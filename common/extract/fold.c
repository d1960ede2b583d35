#include "extract/fold.h"

#include <endian.h>
#include <string.h>

#include "extract/lane.h"

/* The digit 0 of each script, each in a half page of its own. */
#define ZERO(c) [(c) >> 7] = (c)
static const uint16_t zeros[512] = {
    ZERO(0x0660), ZERO(0x06f0), /* Arabic-Indic, extended */
    ZERO(0x0966), ZERO(0x09e6), ZERO(0x0a66),
    ZERO(0x0ae6), ZERO(0x0b66), /* Devanagari, Bengali, ... */
    ZERO(0x0be6), ZERO(0x0c66), ZERO(0x0ce6),
    ZERO(0x0d66), ZERO(0x0de6),               /* Tamil, Telugu, ... */
    ZERO(0x0e50), ZERO(0x0ed0), ZERO(0x0f20), /* Thai, Lao, Tibetan */
    ZERO(0x1040), ZERO(0x17e0),               /* Myanmar, Khmer */
    ZERO(0xff10),                             /* full-width */
};

/*
 * Folded everywhere, for they touch words ("„Karte“", "l’IBAN"), or between
 * letters and digits only; 0: left out.
 */
enum where { EVERYWHERE, BETWEEN };

static const struct {
	uint16_t from, to;
	uint8_t as;
	enum where where;
} separators[] = {
    {0x00a0, 0x00a0, ' ', EVERYWHERE}, {0x00ab, 0x00ab, '"', EVERYWHERE},
    {0x00ad, 0x00ad, '-', BETWEEN},    {0x00bb, 0x00bb, '"', EVERYWHERE},
    {0x200b, 0x200f, 0, BETWEEN},      {0x2010, 0x2015, '-', BETWEEN},
    {0x205f, 0x205f, ' ', EVERYWHERE}, {0x2060, 0x2060, 0, BETWEEN},
    {0x2212, 0x2212, '-', BETWEEN},    {0x3000, 0x3000, ' ', EVERYWHERE},
    {0xfe58, 0xfe58, '-', BETWEEN},    {0xfe63, 0xfe63, '-', BETWEEN},
    {0xfeff, 0xfeff, 0, BETWEEN},
};

/* From U+2000 on, everywhere: typed text has some in each line. */
static const uint8_t punctuation[64] = {
    [0x00] = ' ', [0x01] = ' ',  [0x02] = ' ',  [0x03] = ' ',  [0x04] = ' ',
    [0x05] = ' ', [0x06] = ' ',  [0x07] = ' ',  [0x08] = ' ',  [0x09] = ' ',
    [0x0a] = ' ', [0x18] = '\'', [0x19] = '\'', [0x1a] = '\'', [0x1b] = '\'',
    [0x1c] = '"', [0x1d] = '"',  [0x1e] = '"',  [0x1f] = '"',  [0x26] = '.',
    [0x2f] = ' ', [0x39] = '\'', [0x3a] = '\'',
};

/* Of bytes that are no UTF-8: no-break space and dashes of Windows pages. */
static const struct {
	uint8_t byte, as;
} singles[] = {{0xa0, ' '}, {0x96, '-'}, {0x97, '-'}};

enum lead {
	LEAD_NONE,
	LEAD_TWO,    /* of two bytes */
	LEAD_THREE,  /* of three */
	LEAD_SINGLE, /* of `singles` */
};

/* Characters that begin otherwise are never folded. */
static const uint8_t leads[256] = {
    [0xc2] = LEAD_TWO,    [0xd9] = LEAD_TWO,    [0xdb] = LEAD_TWO,
    [0xe0] = LEAD_THREE,  [0xe1] = LEAD_THREE,  [0xe2] = LEAD_THREE,
    [0xe3] = LEAD_THREE,  [0xef] = LEAD_THREE,  [0xa0] = LEAD_SINGLE,
    [0x96] = LEAD_SINGLE, [0x97] = LEAD_SINGLE,
};

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(uint8_t c)
{
	return is_digit(c) || (uint8_t)((c | 0x20) - 'a') < 26;
}

/* The code point at p when it is of n bytes and well formed, else 0. */
static uint16_t
code_point(const uint8_t *p, size_t n)
{
	if ((p[1] & 0xc0) != 0x80 || (n == 3 && (p[2] & 0xc0) != 0x80))
		return 0;
	if (n == 2)
		return (uint16_t)((p[0] & 0x1f) << 6 | (p[1] & 0x3f));
	return (uint16_t)((p[0] & 0x0f) << 12 | (p[1] & 0x3f) << 6 |
			  (p[2] & 0x3f));
}

static uint16_t
code_point_at(struct span t, size_t at, size_t n)
{
	return t.len - at < n ? 0 : code_point(t.ptr + at, n);
}

/* Folded wherever it stands: digits and full-width letters; 0: not. */
static uint8_t
always(uint16_t c)
{
	uint16_t zero;

	if (c >= 0xff21 && c <= 0xff5a) {
		uint8_t ascii = (uint8_t)(c - 0xff00 + 0x20);

		return is_alnum(ascii) ? ascii : 0;
	}
	zero = zeros[c >> 7];
	return zero != 0 && c >= zero && c < zero + 10
		   ? (uint8_t)('0' + (c - zero))
		   : 0;
}

/* The letter or digit that begins at `at`, as ASCII; 0: another character. */
static uint8_t
alnum_at(struct span t, size_t at)
{
	if (at >= t.len)
		return 0;
	switch ((enum lead)leads[t.ptr[at]]) {
	case LEAD_TWO:
		return always(code_point_at(t, at, 2));
	case LEAD_THREE:
		return always(code_point_at(t, at, 3));
	case LEAD_NONE:
	case LEAD_SINGLE:
		break;
	}
	return is_alnum(t.ptr[at]) ? t.ptr[at] : 0;
}

static uint8_t
alnum_before(struct span t, size_t at)
{
	if (at >= 1 && t.ptr[at - 1] < 0x80)
		return alnum_at(t, at - 1);
	if (at >= 2 && leads[t.ptr[at - 2]] == LEAD_TWO)
		return alnum_at(t, at - 2);
	if (at >= 3 && leads[t.ptr[at - 3]] == LEAD_THREE)
		return alnum_at(t, at - 3);
	return 0;
}

/* A letter or digit of ASCII stands on one side of [at, end). */
static bool
touches(struct span t, size_t at, size_t end)
{
	return alnum_before(t, at) != 0 || alnum_at(t, end) != 0;
}

/* What stands at [at, end) holds a number together. */
static bool
joins(struct span t, size_t at, size_t end)
{
	uint8_t before = alnum_before(t, at), behind;

	if (before == 0)
		return false;
	behind = alnum_at(t, end);
	return behind != 0 && (is_digit(before) || is_digit(behind));
}

static struct fold_char
separator(struct span t, size_t at, uint8_t n, uint16_t c)
{
	struct fold_char stays = {n, n, 0};
	size_t i = 0, count = sizeof(separators) / sizeof(separators[0]);

	if (c >= 0xff01 && c <= 0xff5e && touches(t, at, at + n))
		return (struct fold_char){n, 1, (uint8_t)(c - 0xff00 + 0x20)};
	/* the mark at the beginning of a text touches its first word */
	if (c == 0xfeff && !joins(t, at, at + n))
		return (struct fold_char){n, 1, ' '};
	while (i < count && c > separators[i].to)
		i++;
	if (i == count || c < separators[i].from ||
	    (separators[i].where == BETWEEN && !joins(t, at, at + n)))
		return stays;
	return (struct fold_char){n, separators[i].as != 0, separators[i].as};
}

static struct fold_char
single(struct span t, size_t at)
{
	if (at > 0 && t.ptr[at - 1] < 0x80 && joins(t, at, at + 1))
		for (size_t i = 0; i < sizeof(singles) / sizeof(singles[0]);
		     i++)
			if (singles[i].byte == t.ptr[at])
				return (struct fold_char){1, 1, singles[i].as};
	return (struct fold_char){1, 1, 0};
}

/* What `punctuation` says of the character at p, else 0. */
static inline uint8_t
punctuation_at(const uint8_t *p, size_t left)
{
	return left >= 3 && p[0] == 0xe2 && p[1] == 0x80 && p[2] >> 6 == 2
		   ? punctuation[p[2] & 0x3f]
		   : 0;
}

static struct fold_char
other(struct span t, size_t at)
{
	uint8_t lead = leads[t.ptr[at]], n, ascii;
	uint16_t c;

	if (lead == LEAD_NONE)
		return (struct fold_char){1, 1, 0};
	if (lead == LEAD_SINGLE)
		return single(t, at);
	n = lead == LEAD_TWO ? 2 : 3;
	c = code_point_at(t, at, n);
	if (c == 0)
		return (struct fold_char){1, 1, 0};
	ascii = always(c);
	if (ascii != 0)
		return (struct fold_char){n, 1, ascii};
	return separator(t, at, n, c);
}

static inline struct fold_char
next_char(struct span t, size_t at)
{
	uint8_t ascii = punctuation_at(t.ptr + at, t.len - at);

	return ascii != 0 ? (struct fold_char){3, 1, ascii} : other(t, at);
}

struct fold_char
fold_next(struct span t, size_t at)
{
	return next_char(t, at);
}

#define HIGH UINT64_C(0x8080808080808080)

/* The first byte in [at, end) with which a folded character may begin. */
static inline size_t
next_lead(struct span t, size_t at, size_t end)
{
	while (end - at >= 8) {
		uint64_t eight, high;

		if (end - at >= sizeof(lane) &&
		    !lane_high(lane_at(t.ptr + at))) {
			at += sizeof(lane);
			continue;
		}
		memcpy(&eight, t.ptr + at, 8);
		high = htole64(eight) & HIGH;
		for (; high != 0; high &= high - 1) {
			size_t i = (size_t)__builtin_ctzll(high) / 8;

			if (leads[t.ptr[at + i]] != LEAD_NONE)
				return at + i;
		}
		at += 8;
	}
	while (at < end && leads[t.ptr[at]] == LEAD_NONE)
		at++;
	return at;
}

/* The first that is folded in [at, end); what it becomes. */
static size_t
find(struct span t, size_t at, size_t end, struct fold_char *c)
{
	while (at < end && (at = next_lead(t, at, end)) < end) {
		*c = next_char(t, at);
		if (c->folded != 0 || c->len == 0)
			return at;
		at += c->used;
	}
	return end;
}

size_t
fold_find(struct span t, size_t at, size_t end)
{
	struct fold_char c;

	return find(t, at, end, &c);
}

size_t
fold_text(struct span t, uint8_t *dst, size_t *stops, size_t n)
{
	size_t at = 0, len = 0, s = 0;

	while (at < t.len) {
		struct fold_char c = {0, 0, 0};
		size_t next = find(t, at, t.len, &c);

		for (; s < n && stops[s] <= next; s++)
			stops[s] = stops[s] - at + len;
		memcpy(dst + len, t.ptr + at, next - at);
		len += next - at;
		if (next == t.len)
			break;
		at = next + c.used;
		if (c.len == 1)
			dst[len++] = c.folded;
		for (; s < n && stops[s] < at; s++)
			stops[s] = len;
	}
	for (; s < n; s++)
		stops[s] = len;
	return len;
}
