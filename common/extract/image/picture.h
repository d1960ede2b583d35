#ifndef EXTRACT_IMAGE_PICTURE_H
#define EXTRACT_IMAGE_PICTURE_H

#include "extract/format.h"
#include "extract/image/ocr.h"
#include "extract/made.h"

/*
 * picture: what is written beside the points of a picture: EXIF, IPTC,
 * comments, XMP, and whatever stands behind it. The points are looked at by
 * ocr.h when somebody asked for that.
 */
enum picture_kind {
	PICTURE_EXIF,
	PICTURE_IPTC,
	PICTURE_COMMENT,
	PICTURE_TEXT, /* in its points */
};

struct picture {
	struct extractor *x;
	struct made *to;
	struct span bytes;
	uint32_t page; /* of a file with several, from 1; 0: it has one */
	bool cut;      /* it ends before it should */
	bool damaged;
	struct ocr_picture points; /* what ocr.h is told */
	/* of a file that shows several, one after the other */
	uint32_t shown;
	size_t first; /* where the first of them ends */
	enum status st;
};

typedef void picture_walk(struct picture *p);

/* The frame of a reader: walk() goes through p->bytes. */
enum status picture_read(struct extractor *x, struct part *part,
			 picture_walk *walk);

void picture_place(struct picture *p, enum picture_kind k);
/* "label: value" as a line; Latin-1 when it is no UTF-8; empty ones not. */
void picture_line(struct picture *p, const char *label, struct span value);
/* The same in UTF-16, little end first. */
void picture_line16(struct picture *p, const char *label, struct span value);
void picture_member(struct picture *p, struct span bytes, const char *name);
/* What follows the end of the picture. */
void picture_behind(struct picture *p, size_t end);

/* The text in its points, when it is asked for; of a TIFF, of all its pages. */
void picture_points(struct picture *p);

uint32_t picture_big(const uint8_t *b, size_t n); /* n bytes of a number */
uint32_t picture_little(const uint8_t *b, size_t n);

/* EXIF is a TIFF; of a file that is one, every page is gone through. */
void picture_exif(struct picture *p, struct span tiff, bool file);
/* Where the next page of a TIFF has its directory, behind that at `at`, or the
 * first one when it is 0; 0: there is none. */
size_t picture_page(struct picture *p, size_t at); /* into p->points */
void picture_iptc(struct picture *p, struct span s);
void picture_8bim(struct picture *p, struct span s); /* Photoshop's parts */
void picture_xmp(struct picture *p, struct span s);

enum status picture_jpeg(struct extractor *x, struct part *p);
enum status picture_png(struct extractor *x, struct part *p);
enum status picture_gif(struct extractor *x, struct part *p);
enum status picture_tiff(struct extractor *x, struct part *p);
enum status picture_webp(struct extractor *x, struct part *p);
enum status picture_bmp(struct extractor *x, struct part *p);
enum status picture_jp2(struct extractor *x, struct part *p);
/* HEIF, AVIF, JPEG XL: as bytes; who asks for text is told that none is. */
enum status picture_heif(struct extractor *x, struct part *p);

#endif
