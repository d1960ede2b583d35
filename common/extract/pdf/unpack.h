#ifndef EXTRACT_PDF_UNPACK_H
#define EXTRACT_PDF_UNPACK_H

#include "extract/pdf/file.h"

/*
 * unpack: what a stream holds, decrypted and through its filters, up to one
 * that is of pictures or that nobody knows.
 */
struct pdf_unpacked {
	bool damaged;     /* what came before the damage is there */
	bool full;        /* the rest did not fit, or over budget */
	struct span left; /* name of a filter that was not undone, or empty */
	struct pdf_value parms; /* of that filter */
};

/* `to` is empty and has its cap. */
void pdf_unpack(struct pdf_file *f, struct pdf_object *o, struct buf *to,
		struct pdf_unpacked *u);

#endif
