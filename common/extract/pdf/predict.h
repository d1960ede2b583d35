#ifndef EXTRACT_PDF_PREDICT_H
#define EXTRACT_PDF_PREDICT_H

#include "extract/pdf/filter.h"

/*
 * predict: rows that hold differences to what stands beside and above become
 * themselves again, in place: those of PNG (10 to 15) and of TIFF (2, bytes
 * only). What cannot be such rows stays as it is.
 */
void pdf_unpredict(struct buf *to, size_t from, const struct pdf_predict *how);

#endif
