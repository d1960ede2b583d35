#ifndef EXTRACT_IMAGE_OCR_H
#define EXTRACT_IMAGE_OCR_H

#include <stdint.h>

#include "extract/made.h"
#include "model/finding.h"

/*
 * ocr: the text in the points of pictures, when the options name languages.
 *
 * Everything is loaded by ocr_open(), before rights are lost. A picture is made
 * gray, laid straight, enlarged when it is small, and read; upside down as well
 * when nothing is understood the right way round. What is not read is noted at
 * the place at hand: too many points (budget.image_pixels, and the memory that
 * a worker has for it, budget.ocr_memory), too long (budget.ocr_seconds, of the
 * CPU), points that cannot be decoded.
 */
#define OCR_PLACE FINDING_IN_POINTS

struct ocr;

/* languages: "eng,deu", as Tesseract names them. ST_UNSUPPORTED: a library or
 * a language is not installed, *why names its package. */
NODISCARD enum status ocr_open(const char *languages, struct ocr **out,
			       struct buf *why);
void ocr_close(struct ocr *o); /* takes NULL */

struct ocr *ocr_of(const struct extractor *x); /* NULL: nobody asked */

enum ocr_kind {
	OCR_JPEG,
	OCR_JPEG2000,
	OCR_TIFF, /* one page of it, see ocr_picture.offset */
	OCR_FILE, /* any other that Leptonica reads */
};

struct ocr_picture {
	enum ocr_kind kind;
	struct span file;
	size_t offset; /* of the page's directory in a TIFF */
	/* when known, else 0: Leptonica is asked */
	uint32_t width, height;
	unsigned bits;     /* of a point, once it is decoded */
	unsigned quarters; /* to be turned clockwise before it is read */
	const char *what; /* for notes: which picture; NULL: it is the object */
};

/* A picture without a file: a byte a point, 0 is black. */
struct ocr_points {
	uint32_t width, height;
	const uint8_t *gray;
	const char *what;
};

/* Whether so many points may be opened, of so many bits once they are decoded
 * (0: that is not asked); else it is noted. */
bool ocr_fits(struct extractor *x, uint64_t width, uint64_t height,
	      unsigned bits, const char *what);

/* Lines of text into `to`, where a mark says where they stand. True: it was
 * read, if only in part. */
bool ocr_read(struct extractor *x, struct made *to,
	      const struct ocr_picture *p);
bool ocr_read_points(struct extractor *x, struct made *to,
		     const struct ocr_points *p);

/* "WHAT, text of the picture: WORDS" at the place at hand. */
void ocr_note(struct extractor *x, enum cover_reason why, const char *what,
	      const char *words);

#endif
