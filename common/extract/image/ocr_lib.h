#ifndef EXTRACT_IMAGE_OCR_LIB_H
#define EXTRACT_IMAGE_OCR_LIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

/*
 * ocr_lib: Tesseract 5 by its C interface (tesseract/capi.h), and Leptonica
 * below it (leptonica/allheaders.h), loaded when somebody asks for text of
 * pictures: nobody else pays for them, and no build needs them.
 *
 * Their objects are void * here: `tess` a TessBaseAPI, `pix` a PIX, `it` a
 * TessResultIterator, `monitor` an ETEXT_DESC.
 */
typedef bool ocr_cancel(void *arg, int words);

struct ocr_lib {
	/* reading */
	void *(*create)(void);
	int (*init)(void *tess, const char *folder, const char *languages);
	void (*mode)(void *tess, int how);
	void (*set)(void *tess, void *pix);
	int (*recognize)(void *tess, void *monitor);
	int (*confidence)(void *tess); /* 0 to 100, of all words */
	void (*clear)(void *tess);
	void (*end)(void *tess);
	void (*remove)(void *tess);
	void *(*monitor_new)(void);
	void (*monitor_arg)(void *monitor, void *arg);
	void (*monitor_cancel)(void *monitor, ocr_cancel *f);
	void (*monitor_free)(void *monitor);
	/* words, in the order in which they are read */
	void *(*words)(void *tess);
	int (*next)(void *it, int level);
	int (*begins)(const void *it, int level);
	int (*box)(const void *it, int level, int *left, int *top, int *right,
		   int *bottom);
	char *(*text)(const void *it, int level);
	void (*text_free)(const char *text);
	void (*words_free)(void *it);
	/* points */
	int (*quiet)(int severity);
	int (*header)(const uint8_t *data, size_t n, int *format, int *width,
		      int *height, int *bits, int *samples, int *map);
	void *(*read)(const uint8_t *data, size_t n);
	void *(*read_jpeg)(const uint8_t *data, size_t n, int map,
			   int reduction, int *warnings, int hint);
	void *(*read_tiff)(const uint8_t *data, size_t n, size_t *offset);
	void *(*pix_new)(int width, int height, int depth);
	uint32_t *(*pix_data)(void *pix);
	int (*pix_words)(void *pix); /* of 32 bits in a row */
	int (*pix_size)(void *pix, int *width, int *height, int *depth);
	void (*pix_free)(void **pix);
	void *(*no_alpha)(void *pix);
	void *(*to_gray)(void *pix, int map);
	void *(*to_bits)(void *pix, int threshold);
	void *(*invert)(void *to, void *pix);
	int (*pieces)(void *bits, int neighbours, int *count);
	void *(*deskew)(void *pix, int reduction);
	void *(*scale)(void *pix, float x, float y);
	void *(*turn)(void *pix, int quarters);
};

/* One thread; it stays loaded for good. ST_UNSUPPORTED and *why: it is not
 * there, or it is another. */
NODISCARD enum status ocr_lib_load(struct ocr_lib *lib, struct buf *why);

#endif
