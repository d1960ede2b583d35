#ifndef EXTRACT_PDF_CONTENT_H
#define EXTRACT_PDF_CONTENT_H

#include "extract/pdf/file.h"
#include "extract/pdf/font.h"
#include "extract/pdf/layout.h"

/*
 * content: the operators of a page, as far as text and its place depend on
 * them, and the forms that it draws.
 */
#define PDF_FORMS_DEEP 12
#define PDF_FORMS_MAX  4096 /* drawn on one page */
#define PDF_DRAWN_MAX  256  /* pictures of one page */

struct pdf_content {
	struct pdf_file *f;
	struct pdf_fonts *fonts;
	struct pdf_layout layout;
	struct buf string;                       /* the one at hand */
	unsigned deep;                           /* forms within forms */
	unsigned forms;                          /* drawn on this page */
	size_t pictures;                         /* on this page */
	struct pdf_object *drawn[PDF_DRAWN_MAX]; /* of these, objects */
	size_t drawn_count;
	size_t blind; /* codes that nothing explains, on this page */
	bool cut;     /* something of it was not read */
};

void pdf_content_begin(struct pdf_content *c, struct pdf_file *f,
		       struct pdf_fonts *fonts, struct made *to);
void pdf_content_run(struct pdf_content *c, struct span text,
		     struct pdf_value resources);
void pdf_content_end(struct pdf_content *c);

/* A stream that draws, a page's or a form's: unpacked and run. */
void pdf_content_stream(struct pdf_content *c, struct pdf_object *o,
			struct pdf_value resources);

#endif
