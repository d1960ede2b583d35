#ifndef EXTRACT_IMAGE_OCR_LINE_H
#define EXTRACT_IMAGE_OCR_LINE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * ocr_line: words of a line, as they were recognised in a picture, become text.
 *
 * What is recognised in a row of digits has spaces too many and too few, and
 * letters that look like digits: "4111 1111 11 11 l111". Where words that stand
 * close to each other are such a number, and are not grouped as people group
 * numbers, it follows on a line of its own, joined: "4111111111111111". As it
 * was read it stays in its line, for what else it may be.
 */
#define OCR_WORDS_MAX 512 /* of a line; a longer one is cut there */

struct ocr_word {
	struct span text;             /* UTF-8 */
	int left, right, top, bottom; /* points */
};

/* Lines with their ends are appended; ST_LIMIT when they do not fit. */
NODISCARD enum status ocr_line(const struct ocr_word *w, size_t n,
			       struct buf *to);

#endif
