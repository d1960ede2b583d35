#ifndef EXTRACT_OFFICE_TEXTEND_H
#define EXTRACT_OFFICE_TEXTEND_H

#include <stdint.h>

/*
 * textend: where a run of text ends, which is at a tag, a reference or a line
 * end of two bytes, by the widest vectors of this machine. As a text ends
 * anywhere within the first 128 bytes, so many are looked at before anything
 * is decided.
 */
struct text_end {
	/* The first of <, & and \r; end: there is none. Reads nothing else. */
	const uint8_t *(*find)(const uint8_t *p, const uint8_t *end);
	/* The same; what it passes is copied to at least end - p bytes. */
	const uint8_t *(*copy)(uint8_t *to, const uint8_t *p,
			       const uint8_t *end);
};

const struct text_end *text_end_best(void);
/* Those that this machine can run, the best first; NULL: no more. */
const struct text_end *text_end_version(unsigned i);

#endif
