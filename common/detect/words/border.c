#include "detect/words/border.h"

#include <string.h>

#include "detect/words/words.h"

static bool
trails(struct span t, size_t i)
{
	return i < t.len && (t.ptr[i] & 0xc0) == 0x80;
}

/* A character of a script without spaces begins at i, as far as two tell. */
static bool
ideograph(struct span t, size_t i)
{
	return t.ptr[i] >= WORDS_IDEOGRAPH && trails(t, i + 1) &&
	       trails(t, i + 2);
}

/* The sign № begins at i. */
static bool
numero(struct span t, size_t i)
{
	return i < t.len && t.len - i >= 3 &&
	       memcmp(t.ptr + i, "\xe2\x84\x96", 3) == 0;
}

/* The signs ° and º end at i: n°, nº */
static bool
behind_small_o(struct span t, size_t i)
{
	return i > 1 && t.ptr[i - 2] == 0xc2 &&
	       (t.ptr[i - 1] == 0xb0 || t.ptr[i - 1] == 0xba);
}

bool
border_apart(struct span t, size_t i)
{
	if (numero(t, i) || (i >= 3 && numero(t, i - 3)))
		return true;
	if (t.ptr[i] >= 0x80)
		return t.ptr[i - 1] < 0x80 && ideograph(t, i);
	if (i < 3 || !trails(t, i - 1))
		return behind_small_o(t, i);
	return ideograph(t, i - 3) ||
	       (i > 3 && t.ptr[i - 4] >= 0xf0 && ideograph(t, i - 4)) ||
	       behind_small_o(t, i);
}

/* The letter at i, 0 when it is not of one byte or two. */
static unsigned
letter_at(struct span t, size_t i)
{
	uint8_t c = t.ptr[i];

	if (c < 0x80)
		return c;
	return c >= 0xc3 && c < 0xd6 && trails(t, i + 1)
		   ? (c & 0x1fU) << 6 | (t.ptr[i + 1] & 0x3fU)
		   : 0;
}

static bool
is_small(unsigned c)
{
	return (c >= 'a' && c <= 'z') || c == 0xdf || words_capital(c) != c;
}

static bool
is_large(unsigned c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z';
	return words_capital(c) == c &&
	       (words_capital(c + 1) == c || words_capital(c + 0x20) == c ||
		words_capital(c + 0x50) == c);
}

/* Where the letter begins that ends at i > 0. */
static size_t
before(struct span t, size_t i)
{
	return i > 1 && trails(t, i - 1) ? i - 2 : i - 1;
}

/* Of letters beyond ASCII only those of Greek and Cyrillic have humps. */
static bool
may_be_hump(struct span t, size_t i)
{
	uint8_t c = t.ptr[i];

	if (t.ptr[i - 1] < 0x80)
		return c >= 0x80;
	return c < 0x80 || ((c == 0xce || c == 0xd0) && i + 1 < t.len &&
			    t.ptr[i + 1] < 0xb0);
}

/*
 * A capital behind a small letter. "NUMéRO" has one small letter that some
 * programs leave among capitals.
 */
static bool
capital_behind_small(struct span t, size_t i)
{
	size_t last = before(t, i);

	if (!may_be_hump(t, i) || !is_large(letter_at(t, i)) ||
	    !is_small(letter_at(t, last)))
		return false;
	return t.ptr[last] < 0x80 || last == 0 ||
	       !is_large(letter_at(t, before(t, last)));
}

bool
border_meet(struct span t, size_t i)
{
	/* bytes that are no character, as border_masks() passes over them */
	if (t.ptr[i] >= 0x80 && t.ptr[i - 1] >= 0x80 &&
	    (i < 2 || t.ptr[i - 2] < 0x80))
		return false;
	return border_apart(t, i) || capital_behind_small(t, i);
}

/* Bytes of eight that are c, a bit at the top of each. */
static uint64_t
bytes_are(uint64_t v, uint8_t c)
{
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t x = v ^ (c * UINT64_C(0x0101010101010101));

	return ~(((x & low) + low) | x) & ~low;
}

/* What is beyond an end of the text is zero. */
static uint64_t
eight(struct span t, size_t i)
{
	uint64_t v = 0;

	if (i < t.len && t.len - i >= 8)
		memcpy(&v, t.ptr + i, sizeof(v));
	else
		for (unsigned b = 0; b < 8; b++)
			if (i + b < t.len)
				v |= (uint64_t)t.ptr[i + b] << b * 8;
	return v;
}

/* The top bits of eight bytes. */
static uint64_t
tops(uint64_t v)
{
	return v * UINT64_C(0x0002040810204081) >> 56;
}

/*
 * Where among 64 bytes of text capitals of Greek and Cyrillic may begin, and
 * the sign № may begin or end.
 */
static uint64_t
meetings_at(struct span t, size_t from)
{
	uint64_t begin = 0, end = 0;

	for (unsigned b = 0; b < 64; b += 8) {
		uint64_t v = eight(t, from + b), next = eight(t, from + b + 1);
		uint64_t at = bytes_are(v, 0xce) | bytes_are(v, 0xd0);

		at &= ~(next << 2 & next << 3); /* below 0xb0 */
		at |= bytes_are(v, 0xe2) & bytes_are(next, 0x84);
		begin |= tops(at) << b;
		end |= tops(bytes_are(v, 0x96)) << b;
	}
	return begin | end << 1;
}

/*
 * Those of the bits, each of the first letter beyond ASCII, where it is not
 * small and Latin as é: most are by far. No branch but that of the loop.
 */
static uint64_t
begins(struct span t, size_t from, uint64_t bits)
{
	uint64_t out = 0;

	for (; bits != 0; bits &= bits - 1) {
		size_t i = from + (unsigned)__builtin_ctzll(bits);
		uint8_t next = t.ptr[i + 1 < t.len ? i + 1 : i];
		uint64_t pass = (uint64_t)(t.ptr[i] != 0xc3) | (next < 0x9f);

		out |= (bits & -bits) & (0 - pass);
	}
	return out;
}

/* Of the first letter of ASCII again: capitals, and not behind two bytes. */
static uint64_t
ends(struct span t, size_t from, uint64_t bits)
{
	uint64_t out = 0;

	for (; bits != 0; bits &= bits - 1) {
		size_t i = from + (unsigned)__builtin_ctzll(bits);
		uint8_t lead = t.ptr[i < 2 ? 0 : i - 2];
		uint64_t pass = (uint64_t)(t.ptr[i] < 'a') |
				((uint8_t)(lead - 0xc3) >= 0xe0 - 0xc3);

		out |= (bits & -bits) & (0 - pass);
	}
	return out;
}

/* Those of the bits, of bytes of text from `from` on. */
static uint64_t
borders_of(struct span t, size_t from, uint64_t maybe)
{
	uint64_t borders = 0;

	for (; maybe != 0; maybe &= maybe - 1) {
		size_t i = from + (unsigned)__builtin_ctzll(maybe);

		if (i > 0 && border_at(t, i))
			borders |= maybe & -maybe;
	}
	return borders;
}

/*
 * They are where ASCII ends or begins; where letters beyond it stand together,
 * before capitals. At bit 0 what is before is not among the bits.
 */
uint64_t
border_masks(struct span t, size_t from, uint64_t ascii, uint64_t high)
{
	uint64_t maybe = begins(t, from, high & ascii << 1) |
			 ends(t, from, ascii & high << 1) |
			 ((ascii | high) & 1);
	uint64_t inner = high & (high << 1 | 1) & (high << 2 | 3);

	if (inner != 0)
		maybe |= inner & meetings_at(t, from);
	return borders_of(t, from, maybe);
}
