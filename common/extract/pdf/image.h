#ifndef EXTRACT_PDF_IMAGE_H
#define EXTRACT_PDF_IMAGE_H

#include "extract/pdf/unpack.h"

/*
 * image: the points of a picture that only a PDF describes (ISO 32000-1, 8.9
 * and 7.4.6), as gray ones; and a fax, as a TIFF that others read.
 */
#define PDF_SIDE_MAX 65500 /* points of a row, or rows */

struct pdf_image {
	uint32_t width, height;
	unsigned bits;       /* of a component: 1, 2, 4, 8, 16 */
	unsigned components; /* 1, 3, 4; of others the first is looked at */
	bool ink;            /* more of it is darker */
	bool inverted;
	bool indexed;
	uint8_t gray[256]; /* of each index */
};

/* False: it has no such points. */
bool pdf_image_of(struct pdf_file *f, struct pdf_object *o,
		  struct pdf_image *out);

size_t pdf_image_row(const struct pdf_image *m); /* bytes */

/* width * height bytes of gray; what is missing of the points is white. */
void pdf_image_gray(const struct pdf_image *m, struct span points,
		    uint8_t *gray);

/* What CCITTFaxDecode with these parameters would undo, as a file. ST_LIMIT:
 * it does not fit; ST_UNSUPPORTED: rows of bytes in group 4. */
NODISCARD enum status pdf_image_fax(struct pdf_file *f,
				    const struct pdf_image *m,
				    struct pdf_value parms, struct span fax,
				    struct buf *to);

#endif
