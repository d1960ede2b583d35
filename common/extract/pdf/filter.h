#ifndef EXTRACT_PDF_FILTER_H
#define EXTRACT_PDF_FILTER_H

#include <stdbool.h>

#include "base/buf.h"
#include "extract/job.h"

/*
 * filter: what a stream of a PDF was packed with (ISO 32000-1, 7.4): deflate
 * and LZW with their predictors, run lengths, hexadecimal, base 85.
 */
enum pdf_filtered {
	PDF_FILTER_DONE,
	PDF_FILTER_DAMAGED, /* what came before the damage is there */
	PDF_FILTER_FULL,    /* the rest did not fit, or over budget */
	PDF_FILTER_UNKNOWN, /* of pictures, or none of ours; nothing is there */
};

/* How rows were predicted; colors 0: they were not. */
struct pdf_predict {
	unsigned kind, colors, bits;
	uint32_t columns;
	bool late; /* LZW codes grow one code later */
};

/* `name` as it stands in the file; bytes are appended to *to. */
enum pdf_filtered pdf_filter(struct extractor *x, struct span name,
			     const struct pdf_predict *how, struct span in,
			     struct buf *to);

#endif
