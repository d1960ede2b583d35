#ifndef EXTRACT_SNIFF_H
#define EXTRACT_SNIFF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/*
 * sniff: how text is encoded, told from its beginning (a few KiB are plenty).
 * Whatever is not known is SNIFF_BYTES: read as it stands. Formats that are
 * more than text stand in tables, see format.h.
 */
enum sniff {
	SNIFF_BYTES, /* UTF-8, a code page (charset.h) or binary */
	SNIFF_UTF16LE,
	SNIFF_UTF16BE,
	SNIFF_UTF32LE,
	SNIFF_UTF32BE,
};

/* ASCII of a text: no control characters but blanks and ends of lines. */
static inline bool
sniff_texty(uint8_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\n' || c == '\r';
}

enum sniff sniff_bytes(struct span head);

/* What bytes there are among others. */
struct sniff_seen {
	bool zeros;
	bool high;   /* above 0x7f */
	bool shifts; /* escapes, by which ISO 2022 changes its set */
};

struct sniff_seen sniff_look(struct span s);

#endif
