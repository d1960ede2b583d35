#ifndef EXTRACT_PDF_CMAP_H
#define EXTRACT_PDF_CMAP_H

#include "base/arena.h"
#include "extract/pdf/syntax.h"

/*
 * cmap: what codes of a font mean (ISO 32000-1, 9.10.3), and how many bytes
 * they have. Lives in an arena.
 */
#define PDF_CMAP_MAX  (1024 * 1024) /* ranges of one */
#define PDF_CODES_MAX 32
#define PDF_CMAP_TEXT 64 /* bytes of UTF-16 for one code */

struct pdf_cmap_range {
	uint32_t low, high;
	const uint8_t *to; /* UTF-16, big end first, of `low` */
	uint8_t len;
};

struct pdf_cmap_codes { /* codes of so many bytes lie in it */
	uint32_t low, high;
	uint8_t bytes;
};

struct pdf_cmap {
	struct pdf_cmap_range *ranges; /* sorted by low */
	size_t count, room;
	struct pdf_cmap_codes codes[PDF_CODES_MAX];
	size_t code_count;
};

/* NULL: no memory, or nothing is in it. */
struct pdf_cmap *pdf_cmap_read(struct arena *a, struct span text);
/* UTF-16 for a code into dst; bytes of it, 0: it is not there. */
size_t pdf_cmap_find(const struct pdf_cmap *m, uint32_t code,
		     uint8_t dst[PDF_CMAP_TEXT]);
/* Bytes of the code at s; 0: no rule knows. */
size_t pdf_cmap_code(const struct pdf_cmap *m, struct span s);

#endif
