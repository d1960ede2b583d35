#ifndef EXTRACT_OFFICE_XMLSCAN_H
#define EXTRACT_OFFICE_XMLSCAN_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "extract/scan16.h"

/*
 * xmlscan: the next byte that means something. Each gives the end when there is
 * none, and reads nothing behind it.
 */

#if defined(__SSE2__)
static inline __m128i
scan_ends_text(__m128i v)
{
	return _mm_or_si128(_mm_or_si128(scan_eq(v, '<'), scan_eq(v, '&')),
			    scan_eq(v, '\r'));
}
#endif

/* What ends a run of text: a tag, a reference, a line end of two bytes. */
static inline const uint8_t *
scan_text(const uint8_t *p, const uint8_t *end)
{
	SCAN_FAR(scan_ends_text(v), *p == '<' || *p == '&' || *p == '\r');
}

/* The same; what it passes is copied to a place of at least end - p bytes. */
static inline const uint8_t *
scan_copy(uint8_t *to, const uint8_t *p, const uint8_t *end)
{
#if defined(__SSE2__)
	for (; end - p >= 2 * SCAN_STEP; p += 2 * SCAN_STEP) {
		__m128i a = scan_load(p), b = scan_load(p + SCAN_STEP);
		unsigned m = (unsigned)_mm_movemask_epi8(scan_ends_text(b));

		m <<= SCAN_STEP;
		m |= (unsigned)_mm_movemask_epi8(scan_ends_text(a));
		memcpy(to, &a, sizeof(a));
		memcpy(to + SCAN_STEP, &b, sizeof(b));
		to += 2 * SCAN_STEP;
		if (m != 0)
			return p + __builtin_ctz(m);
	}
#endif
	while (p < end && *p != '<' && *p != '&' && *p != '\r')
		*to++ = *p++;
	return p;
}

/* Behind digits, points and signs. */
static inline const uint8_t *
scan_number(const uint8_t *p, const uint8_t *end)
{
	SCAN(_mm_xor_si128(
		 scan_below(_mm_sub_epi8(v, _mm_set1_epi8('-')), '9' - '-'),
		 _mm_set1_epi8(-1)),
	     (uint8_t)(*p - '-') > '9' - '-');
}

/* What ends a name in a tag: a blank, /, and the four from < to ?. */
static inline const uint8_t *
scan_name(const uint8_t *p, const uint8_t *end)
{
	SCAN(_mm_or_si128(_mm_or_si128(scan_below(v, ' '), scan_eq(v, '/')),
			  scan_eq(_mm_or_si128(v, _mm_set1_epi8(3)), '?')),
	     *p <= ' ' || *p == '/' || (*p | 3) == '?');
}

/* In a tag, outside of values: a quote, < or >. */
static inline const uint8_t *
scan_tag(const uint8_t *p, const uint8_t *end)
{
	SCAN(_mm_or_si128(_mm_or_si128(scan_eq(v, '"'), scan_eq(v, '\'')),
			  scan_eq(_mm_or_si128(v, _mm_set1_epi8(2)), '>')),
	     *p == '"' || *p == '\'' || (*p | 2) == '>');
}

/* The end of a tag, as far as no value has one. */
static inline const uint8_t *
scan_end(const uint8_t *p, const uint8_t *end)
{
	SCAN(scan_eq(v, '>'), *p == '>');
}

/* In a value: its quote, a reference, what is a blank to a reader. */
static inline const uint8_t *
scan_value(const uint8_t *p, const uint8_t *end, uint8_t quote)
{
	SCAN(
	    _mm_or_si128(_mm_or_si128(scan_eq(v, (char)quote), scan_eq(v, '&')),
			 scan_below(v, ' ' - 1)),
	    *p == quote || *p == '&' || *p < ' ');
}

/* Behind a word that stands at p; NULL: it does not, or is cut. */
static inline const uint8_t *
scan_word(const uint8_t *p, const uint8_t *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - p) >= n && memcmp(p, word, n) == 0 ? p + n : NULL;
}

/* The first eight of n bytes as a number; end: what may be read. */
static inline uint64_t
scan_key(const uint8_t *p, size_t n, const uint8_t *end)
{
	uint64_t v = 0;

	if (end - p < 8) {
		if (n > 0)
			memcpy(&v, p, n < 8 ? n : 8);
		return le64toh(v);
	}
	memcpy(&v, p, 8);
	v = le64toh(v);
	return n < 8 ? v & ((UINT64_C(1) << 8 * n) - 1) : v;
}

#endif
