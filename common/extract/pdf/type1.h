#ifndef EXTRACT_PDF_TYPE1_H
#define EXTRACT_PDF_TYPE1_H

#include "extract/pdf/file.h"
#include "extract/pdf/font.h"

/*
 * type1: the encoding that an embedded font program of Type 1 has itself, for
 * fonts that name no other: "dup 12 /fi put" in its part that can be read.
 */
void pdf_type1_encoding(struct pdf_file *f, struct pdf_value font,
			struct pdf_font *t);

#endif
