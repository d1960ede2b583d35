#ifndef EXTRACT_PDF_GLYPH_H
#define EXTRACT_PDF_GLYPH_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * glyph: what codes and names of glyphs mean in fonts that do not say it
 * (ISO 32000-1, annex D; names as Adobe's list of glyphs has them).
 */
enum pdf_encoding {
	PDF_ENCODING_STANDARD,
	PDF_ENCODING_WIN,
	PDF_ENCODING_MAC,
	PDF_ENCODING_DOC, /* of strings outside of pages */
	PDF_ENCODINGS
};

struct pdf_glyph_name {
	const char *name;
	uint16_t to;
};

extern const struct pdf_glyph_name pdf_glyph_names[]; /* sorted */
extern const size_t pdf_glyph_count;
extern const uint16_t pdf_encodings[PDF_ENCODINGS][256];
extern const uint16_t pdf_widths[2][95]; /* Helvetica, Times */

uint32_t pdf_glyph(struct span name); /* without its slash; 0: not known */

#endif
