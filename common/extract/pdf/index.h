#ifndef EXTRACT_PDF_INDEX_H
#define EXTRACT_PDF_INDEX_H

#include "extract/pdf/file.h"

/*
 * index: every "12 0 obj" of the bytes, in order, with the stream behind it;
 * and, once it is known how to decrypt, what streams of objects hold.
 */
NODISCARD enum status pdf_index(struct pdf_file *f);
NODISCARD enum status pdf_index_packed(struct pdf_file *f);

/* Whether n bytes from `body` on are followed by the end of a stream. */
bool pdf_body_ends(const struct pdf_file *f, const uint8_t *body, uint64_t n);

#endif
