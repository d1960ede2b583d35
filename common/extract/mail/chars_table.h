#ifndef EXTRACT_MAIL_CHARS_TABLE_H
#define EXTRACT_MAIL_CHARS_TABLE_H

#include <stdint.h>

/*
 * chars_table: character sets of one byte, so that no plug-in of the C library
 * is loaded for them at each start. They say what the C library says
 * (tests/unit/extract/mail/test_chars.c). Code pages are not among them:
 * chars_make.py says why.
 */
struct chars_table {
	const char *name;
	unsigned from;      /* lower bytes are ASCII */
	const uint16_t *to; /* of from, from + 1, ...; U+FFFD: no character */
};

/* NULL: one that is left to the C library. */
const struct chars_table *chars_table(const char *name);

#endif
