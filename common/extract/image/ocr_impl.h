#ifndef EXTRACT_IMAGE_OCR_IMPL_H
#define EXTRACT_IMAGE_OCR_IMPL_H

#include "extract/image/ocr.h"
#include "extract/image/ocr_lib.h"

/* ocr.c opens and decides, ocr_decode.c makes points, ocr_read.c reads them. */
struct ocr {
	struct ocr_lib lib;
	void *tess;
};

/* The points of a file, gray, a PIX that the caller frees; NULL and a note. */
void *ocr_decode(struct extractor *x, const struct ocr *o,
		 const struct ocr_picture *p);

/* Reads a gray PIX, which it takes over. */
void ocr_read_pix(struct extractor *x, const struct ocr *o, struct made *to,
		  void *pix, const char *what);

#endif
