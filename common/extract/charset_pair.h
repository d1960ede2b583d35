#ifndef EXTRACT_CHARSET_PAIR_H
#define EXTRACT_CHARSET_PAIR_H

#include "extract/charset.h"

struct extractor;

/*
 * charset_pair: pages of two bytes a character. Their characters are those of
 * the C library's converters, put into a table when the first text asks; a
 * system without a converter has no table, and the bytes go out as they are.
 *
 * ASCII stays what it is, digits are never part of a pair: the characters of
 * GB18030 that have four bytes, digits among them, are read as those digits.
 * In ISO-2022-JP what stands between its escapes is pairs, at most a line; an
 * escape is one character, U+001B.
 */

/* Bytes of the character at p; 0: none begins there, or it is cut. */
size_t pair_bytes(enum charset_pair kind, const uint8_t *p, size_t n);

/* Characters by lead and trail. NULL: there is no converter. */
const uint16_t *pair_table(struct extractor *x, enum charset_pair kind);

struct pair_text {
	enum charset_pair kind;
	const uint16_t *table;
	bool pairs; /* of ISO-2022-JP: behind an escape */
};

/*
 * The character at p and its bytes; 0: more are needed to tell, which is never
 * so at the `end`.
 */
size_t pair_next(struct pair_text *t, const uint8_t *p, size_t n, bool end,
		 uint32_t *c);

#endif
