#ifndef DETECT_WORDS_HEAR_H
#define DETECT_WORDS_HEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "detect/catalogue/catalogue.h"

struct detect_scratch;

/*
 * hear: which types of ids the words near a stretch speak for, and from where,
 * told once a stretch for all types: a number beside "passport" is asked for
 * those of a hundred countries.
 */
#define HEAR_WORDS (CATALOGUE_TYPES / 64 + 1)

/*
 * From where a type is spoken for: WORD_ bits of all words for it, and above
 * them of those that not all of its kind have.
 */
typedef uint16_t heard;
#define HEARD_ALL 0xffU
#define HEARD_OWN 8

struct hearing {
	uint64_t types[HEAR_WORDS], any; /* which of these are not zero */
	heard heard[CATALOGUE_TYPES];    /* of types that are spoken for */
	uint64_t against; /* bits of the words near that are against any */
};

/* The words near text[start, end) and its column, of all types at once. */
void hear(struct detect_scratch *s, size_t start, size_t end);

/* The type is spoken for. */
static inline void
hear_speak(struct hearing *h, unsigned type, heard from)
{
	uint64_t *set = &h->types[type / 64];
	uint64_t known = *set >> (type % 64) & 1;

	h->heard[type] = (heard)((h->heard[type] & (0 - known)) | from);
	*set |= UINT64_C(1) << (type % 64);
	h->any |= UINT64_C(1) << (type / 64);
}

/* One type of the set is. */
bool hear_any(const struct hearing *h, const uint64_t *types);

static inline bool
hear_has(const struct hearing *h, size_t type)
{
	return (h->types[type / 64] >> (type % 64) & 1) != 0;
}

/* Places of words against the type; what is near has been heard. */
unsigned hear_against(const struct detect_scratch *s,
		      const struct data_type *t);

#endif
