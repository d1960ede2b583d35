#ifndef EXTRACT_PDF_SHOW_H
#define EXTRACT_PDF_SHOW_H

#include "extract/pdf/content.h"

/*
 * show: strings of a content stream become text where they stand, as its
 * operators have set the place and the font.
 */
struct pdf_matrix {
	double a, b, c, d, e, f;
};

/* What q keeps and Q brings back. */
struct pdf_pen {
	struct pdf_matrix page; /* to the page, from where text stands */
	const struct pdf_font *font;
	double size, chars, words, wide, leading, rise;
};

struct pdf_show {
	struct pdf_content *c;
	struct pdf_pen now;
	struct pdf_matrix text, line;
};

extern const struct pdf_matrix pdf_matrix_unit;
struct pdf_matrix pdf_matrix_times(struct pdf_matrix m, struct pdf_matrix n);

void pdf_show_line(struct pdf_show *s, double x, double y); /* the next one */
void pdf_show_string(struct pdf_show *s, struct span raw);
void pdf_show_array(struct pdf_show *s, struct span raw); /* with distances */

#endif
