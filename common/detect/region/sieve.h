#ifndef DETECT_REGION_SIEVE_H
#define DETECT_REGION_SIEVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "detect/tile/tile.h"

/*
 * sieve: where in a text keys can be, quicker than the pattern engine tells it.
 * Most expressions want a long run of bytes as keys are made of, and a key has
 * digits in it; of plain text, code and tables only little is like that.
 *
 * A run is SIEVE_NARROW letters, digits, _ and - in a row, or SIEVE_WIDE of
 * these and + /, with a digit among them.
 */
#define SIEVE_NARROW 16
#define SIEVE_WIDE   32

/*
 * Each match of the expression has a run but for the digit. False as well when
 * the expression is not understood.
 */
bool sieve_takes(const char *expression);

/*
 * Bytes in a row that each match has for certain, counted over the worst of its
 * choices; 0 when the expression is not understood.
 */
unsigned sieve_literal(const char *expression);

/* There is a run in text: what a match must have that is behind the sieve. */
bool sieve_run(struct span text);

/*
 * Told in order, they do not overlap, and each run lies in one of them with
 * `margin` bytes around it, as far as the text goes. It only ever errs by
 * telling too much: without AVX2 it tells the whole text.
 * False from `tell` stops; sieve_regions() then gives false.
 */
typedef bool sieve_tell(void *arg, size_t from, size_t to);
bool sieve_regions(enum tile_level level, struct span text, size_t margin,
		   sieve_tell *tell, void *arg);

#endif
