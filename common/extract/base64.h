#ifndef EXTRACT_BASE64_H
#define EXTRACT_BASE64_H

#include "extract/view.h"

/*
 * base64: runs of at least VIEW_BASE64 characters of either alphabet of RFC
 * 4648 that decode to text, a value or lines of them. A block begins where a
 * run begins and ends with padding, with what is none of it, or with a line
 * whose successor cannot belong to it. What decodes to other than text is left
 * out in pieces of VIEW_JUDGED bytes.
 */
struct base64 {
	struct view view;
	uint64_t at; /* offset of the text, what is before was read */
	bool skip;   /* on to the end of this run */
	uint32_t bits;
	unsigned have;   /* characters of the group at hand */
	uint64_t origin; /* of the character that the next byte begins in */
	size_t line;     /* characters of this line so far */
	size_t judged;   /* bytes since the last judgement, odd ones of them */
	size_t odd;
	unsigned expect; /* further bytes of a UTF-8 character */
};

/* In the block a run reaches its length, may be long enough and decode to text;
 * of one that goes on from the block before, that one has spoken. */
bool base64_begins(struct span text, const struct spot_block *b);

void base64_begin(struct base64 *b); /* another text */
/* A block, in order, in which a run reached its length. */
void base64_block(struct base64 *b, struct extractor *x,
		  const struct view_text *t, size_t at, size_t end);
void base64_rest(struct base64 *b, const struct view_text *t);
void base64_end(struct base64 *b);

#endif
