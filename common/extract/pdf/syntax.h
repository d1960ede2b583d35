#ifndef EXTRACT_PDF_SYNTAX_H
#define EXTRACT_PDF_SYNTAX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * syntax: objects of a PDF as they are written (ISO 32000-1, 7.2 and 7.3).
 * Nothing is built of them: an object is the span of its own text, what is in
 * it is found by walking over that. Any bytes are taken; what has no end ends
 * where the span does, or where an object of the file must have.
 */
enum pdf_kind {
	PDF_END, /* there is nothing more */
	PDF_NAME,
	PDF_STRING, /* (in parentheses) */
	PDF_HEX,    /* <in hexadecimal> */
	PDF_ARRAY,
	PDF_DICT,
	PDF_NUMBER,
	PDF_WORD, /* true, null, an operator */
	PDF_REF,  /* 12 0 R; only from pdf_item() */
};
#define PDF_STRING_MAX (64 * 1024) /* of one that ends */

enum pdf_kind pdf_kind(struct span s); /* by how it begins */

/* The next object, which is taken off *in. pdf_item() knows references. */
enum pdf_kind pdf_next(struct span *in, struct span *out);
enum pdf_kind pdf_item(struct span *in, struct span *out);

struct span pdf_inside(struct span s); /* what an array or dictionary holds */
/* The value of a key; empty when there is none, or this is no dictionary. */
struct span pdf_get(struct span dict, const char *key);

bool pdf_is(struct span name, const char *word); /* #xx is undone */
double pdf_number(struct span s);                /* 0 when it is none */
bool pdf_whole(struct span s, uint64_t *out);    /* from 0 on */
bool pdf_ref(struct span s, uint32_t *number);

/* Where they stand, of a string in parentheses of which nothing is escaped. */
bool pdf_string_plain(struct span s, struct span *out);
/* The bytes of a string of either kind. */
NODISCARD enum status pdf_string(struct span s, struct buf *to);
bool pdf_blank(uint8_t c);

#endif
