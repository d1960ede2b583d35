#ifndef EXTRACT_PDF_BOOK_H
#define EXTRACT_PDF_BOOK_H

#include "extract/pdf/content.h"

/*
 * book: a PDF while its text goes out, and what of it stands where.
 */
enum book_kind { /* of a mark; its number is a page or an object */
		 BOOK_PAGE,
		 BOOK_PICTURE,
		 BOOK_ANNOTATION,
		 BOOK_FORM,
		 BOOK_OUTLINE,
		 BOOK_PROPERTIES,
		 BOOK_OBJECT,
		 BOOK_BETWEEN, /* objects */
};

struct book {
	struct pdf_file f;
	struct pdf_fonts fonts;
	struct pdf_content content;
	struct made *to;
	uint32_t pages;
	/* what pages below this one inherit: neighbours ask for the same */
	const uint8_t *parent;
	struct pdf_value resources;
	unsigned nested; /* values within values */
	/* for the notes at the end: how many pages, and the first */
	struct book_count {
		uint32_t pages, first;
	} cut, blind, pictures;
	enum status st;
};

/* Words for a mark, for made_begin(). */
size_t book_say(const void *arg, const struct made_mark *m, char *dst,
		size_t room);

/* All strings of an object, and the files that are attached in it. */
void book_strings(struct book *b, struct pdf_object *o, enum book_kind kind,
		  uint32_t number);

void book_pages(struct book *b); /* of the tree, then those it has lost */
void book_rest(struct book *b);  /* whatever did not go out yet */

/* The text in what a page draws, when somebody asked for it. */
void book_pictures(struct book *b, uint32_t page);

/* Whether a picture is a file once it is unpacked: JPEG, JPEG 2000. */
bool book_is_file(struct book *b, struct pdf_object *o);

/* A stream goes down as a member of that name. */
void book_member(struct book *b, struct pdf_object *o, struct span name);

#endif
