#ifndef DETECT_ID_SHAPE_H
#define DETECT_ID_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"
#include "detect/catalogue/class.h"

/*
 * shape: how an identifier is written: groups of letters and digits with one
 * byte between them.
 *
 * In a file it is either the lengths of groups of digits, "4-6-5", which the
 * separators of its form join, or a template, "DE#########", "@@ ## ## ## @":
 *
 *   #  digit      @  capital      *  either      [A-DX]  one of these
 *   {n} repeats what is before it; other letters and digits are themselves,
 *   and so are the separators.
 */
#define SHAPE_GROUPS 8
#define SHAPE_CHARS  40 /* letters and digits in all */
#define SHAPE_BYTES  47 /* with separators */
#define SHAPE_LEAD   8  /* the first digit is one of so many first bytes */

#define SHAPE_SEPS 7 /* space - . / : + are 1 to 6, 0 is none */

/* A byte of the stretch that is of a smaller set than digits or capitals. */
struct shape_place {
	uint8_t at;
	struct class_set set;
};

struct shape {
	uint8_t group[SHAPE_GROUPS]; /* lengths */
	uint8_t sep[SHAPE_GROUPS];   /* place of the one before; [0] is 0 */
	uint8_t groups, chars, bytes;
	bool lengths; /* sep is the form's to say */
	/* a bit for each byte of the stretch: must be a digit, a capital, one
	 * of both */
	uint64_t digits, uppers, either;
	const struct shape_place *places; /* in the arena */
	size_t place_count;
};

/* The place of each byte among them; 0: it is none. */
extern const uint8_t shape_seps[256];

static inline unsigned
shape_sep(uint8_t c)
{
	return shape_seps[c];
}

/* On ST_MALFORMED *what says in words what is wrong with it. */
NODISCARD enum status shape_parse(struct span text, struct arena *a,
				  struct shape *out, const char **what);

/* The shape of lengths as it is with one separator, a place. */
void shape_join(const struct shape *lengths, unsigned sep, struct shape *out);

#endif
