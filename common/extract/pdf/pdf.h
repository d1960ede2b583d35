#ifndef EXTRACT_PDF_PDF_H
#define EXTRACT_PDF_PDF_H

#include "extract/format.h"

/*
 * pdf: pages, forms, annotations, outlines, properties, attachments and
 * metadata of a PDF (FORMAT_WHOLE); what is in none of them is read, too.
 */
enum status pdf_part(struct extractor *x, struct part *p);

#endif
