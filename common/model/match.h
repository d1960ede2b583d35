#ifndef MODEL_MATCH_H
#define MODEL_MATCH_H

#include <stdint.h>

#include "base/span.h"

/*
 * match: one stretch of sensitive text, as detect hands it to scan.
 *
 * Owner:  every span points into the text or the scratch of the detector and
 *         is good until the sink returns. It holds a clear value: it may leave
 *         the worker only masked.
 */
enum match_level {
	LEVEL_STRICT = 1, /* a person may act on it unseen */
	LEVEL_BROAD = 2,  /* worth a look */
};

/* What a match stands on, as bits of match.reasons; words for people. */
#define REASON_TABLE(X)                                                        \
	X(REASON_CHECK_DIGIT, "check digit is valid")                          \
	X(REASON_ISSUER, "prefix and length belong to a known issuer")         \
	X(REASON_RANGE, "every part lies in its allowed range")                \
	X(REASON_STRUCTURE, "shape and structure are those of the type")       \
	X(REASON_SEPARATORS, "grouped as people write it")                     \
	X(REASON_PREFIX, "prefix is reserved for this kind of secret")         \
	X(REASON_CHECKSUM, "embedded checksum is valid")                       \
	X(REASON_ENTROPY, "looks random, not like a word")                     \
	X(REASON_WORD_NEAR, "a word of the type stands near")                  \
	X(REASON_COLUMN, "column or key has a name of the type")               \
	X(REASON_NEGATIVE, "a word that speaks against it stands near")        \
	X(REASON_INSIDE_ID, "stands inside a longer id, hash or number")       \
	X(REASON_TEST_DATA, "well-known test or example value")                \
	X(REASON_DOMAIN, "domain ends in a registered top-level domain")       \
	X(REASON_COUNTRY, "country prefix and length are registered")          \
	X(REASON_LIKE, "its column is full of valid values of the type")       \
	X(REASON_CHANCE, "few values of its column are valid as the type")     \
	X(REASON_EXPIRY, "a month and year of expiry follow it")

enum reason_bit {
#define REASON_ENUM(code, text) code,
	REASON_TABLE(REASON_ENUM)
#undef REASON_ENUM
	    REASON__COUNT
};

#define REASON(code) (UINT64_C(1) << (code))

/* The words of one bit, NULL when the bit is not known. */
const char *reason_text(unsigned bit);

/*
 * Types that the same stretch is valid as, too: their ids joined by commas, of
 * which as many are named as fit.
 */
#define MATCH_ALSO_MAX 480

struct match {
	const char *type;   /* id of the catalogue, lives with the detector */
	struct span also;   /* other types, up to MATCH_ALSO_MAX bytes */
	uint64_t offset;    /* in the text that was given */
	uint32_t length;    /* bytes of text, at least 1 */
	uint8_t confidence; /* 0..100, at least the asked minimum */
	uint8_t level;      /* enum match_level */
	uint64_t reasons;   /* REASON() bits */
	struct span value;  /* clear and normalised (no separators) */
	struct span masked; /* of the raw stretch, UTF-8, safe to show */
};

#endif
