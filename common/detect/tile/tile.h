#ifndef DETECT_TILE_TILE_H
#define DETECT_TILE_TILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * tile: which class each byte of a stretch of text has, one bit a byte.
 *
 * Every level gives the same bits; it is chosen once a scratch. Bytes outside
 * the text belong to no class.
 */
#define TILE_BYTES ((size_t)16 * 1024)
/* One word of 64 bytes before the tile and two behind it are known as well. */
#define TILE_WORDS (TILE_BYTES / 64 + 3)

struct tile_masks {
	uint64_t digit[TILE_WORDS];  /* 0-9 */
	uint64_t zero[TILE_WORDS];   /* 0 */
	uint64_t upper[TILE_WORDS];  /* A-Z */
	uint64_t lower[TILE_WORDS];  /* a-z */
	uint64_t word[TILE_WORDS];   /* any of these three */
	uint64_t sep[TILE_WORDS];    /* space - . / : +, between groups */
	uint64_t escape[TILE_WORDS]; /* \\ and %, before an escaped letter */
	uint64_t at[TILE_WORDS];     /* @ */
	uint64_t open[TILE_WORDS];   /* + and (, before a phone number */
	uint64_t close[TILE_WORDS];  /* ), within one */
	uint64_t colon[TILE_WORDS];  /* : */
	uint64_t dot[TILE_WORDS];    /* . */
	uint64_t high[TILE_WORDS];   /* beyond ASCII */
};

enum tile_level { TILE_SCALAR, TILE_SSE2, TILE_AVX2, TILE_AVX512 };

/*
 * The best level that this processor has, or a lower one when $TRAWL_SIMD
 * names it: scalar, sse2, avx2, avx512.
 */
enum tile_level tile_level_best(void);
const char *tile_level_name(enum tile_level level);

/*
 * Masks of text[at, at + TILE_BYTES); bit b of word w is byte
 * at + 64 * (w - 1) + b. Only `words` words are filled (at most TILE_WORDS).
 */
void tile_masks(enum tile_level level, struct span text, size_t at,
		size_t words, struct tile_masks *m);

/* Of up to 64 bytes, a bit each. */
struct tile_words {
	uint64_t small;   /* a-z */
	uint64_t letters; /* of ASCII, and all bytes beyond ASCII */
	uint64_t upper;   /* A-Z */
	uint64_t lines;   /* LF and CR */
	uint64_t joins;   /* 0-9 _ - . and space: stand in keys with letters */
};

/* Of up to 64 bytes; it is quicker where `room` of 64 can be read. */
void tile_words(enum tile_level level, struct span text, size_t room,
		struct tile_words *out);

#endif
