#ifndef EXTRACT_PDF_LAYOUT_H
#define EXTRACT_PDF_LAYOUT_H

#include <stdbool.h>

#include "extract/made.h"

/*
 * layout: pieces of text with where they stand become text as a reader sees
 * it: what touches is one word, a gap is a space, a wide one a tab, another
 * line a new line.
 */
struct pdf_spot {
	double x, y;   /* on the page */
	double ux, uy; /* direction of the line, of length 1 */
	double size;   /* of the letters, above 0 */
};

struct pdf_layout {
	struct made *to;
	struct pdf_spot end; /* of the last piece */
	bool begun;          /* there was one on this page */
	uint8_t last;        /* byte that went out */
	bool shown;          /* something but blanks on this page */
};

void pdf_layout_begin(struct pdf_layout *l, struct made *to);
/* The next piece begins there. */
void pdf_layout_at(struct pdf_layout *l, const struct pdf_spot *s);
void pdf_layout_gap(struct pdf_layout *l); /* a space, if there is none */
/* What is in it, UTF-16 with the big end first. */
void pdf_layout_text(struct pdf_layout *l, const uint8_t *text, size_t n);
void pdf_layout_char(struct pdf_layout *l, uint32_t c);     /* one code point */
void pdf_layout_ascii(struct pdf_layout *l, struct span s); /* from ' ' on */
void pdf_layout_line(struct pdf_layout *l); /* a new line, if one is begun */

#endif
