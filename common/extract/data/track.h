#ifndef EXTRACT_DATA_TRACK_H
#define EXTRACT_DATA_TRACK_H

#include <string.h>

#include "extract/job.h"
#include "extract/text.h"

/*
 * track: places in text that goes out as it stands. A kind follows the text
 * byte by byte and can say, between any two bytes, where it is. It is asked to
 * only when something was found: text that can be read again by offset is
 * followed from there on backwards, so that reading costs nothing more. Text
 * that cannot (of a stream, or decoded) is followed window by window. Of text
 * that is all in memory even the kind is told only then: most of what is small
 * has nothing in it.
 *
 * A state is plain memory of `size` bytes, all zero in the beginning; it is
 * copied, and so holds no pointers. Offsets count from the part's beginning.
 */
#define TRACK_STATE 2560 /* the most bytes of a state */
struct track_kind {
	size_t size;
	void (*feed)(void *state, struct span s);
	/* Words for what is fed next; their length, 0: none. */
	size_t (*say)(const void *state, char *dst, size_t room);
};

/* Read a part as text, with the places of the kind that it is, or none. */
NODISCARD enum status track_text(struct extractor *x, struct part *p,
				 struct format_look *l);

/* Now x->parser must be the one of the text at hand. */
void track_tell(struct extractor *x);

/* States are wiped, they hold names out of the text. */
struct track;
void track_free(struct track *t);

/*
 * The beginning of text as ASCII, '?' for what is none where it stands in two
 * or four bytes; in dst or as it is. Empty: it is no text.
 */
#define TRACK_HEAD 2048
struct span track_head(const struct format_look *l, uint8_t dst[TRACK_HEAD]);

/* A byte is one of some signs. */
static inline bool
track_is(uint8_t c, const char *signs)
{
	return c != 0 && strchr(signs, c) != NULL;
}

/* For kinds: adds to n bytes of dst what fits; the length then. */
size_t track_add(char *dst, size_t room, size_t n, struct span s);
__attribute__((format(printf, 4, 5))) size_t
track_print(char *dst, size_t room, size_t n, const char *format, ...);

#endif
