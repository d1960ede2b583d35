#ifndef DETECT_SIEVE_H
#define DETECT_SIEVE_H

#include <stdbool.h>

#include "base/span.h"
#include "detect/tile.h"

/*
 * sieve: tells text in which no expression can match, quicker than the pattern
 * engine does. Most expressions want a long run of bytes as keys are made of;
 * plain text has few of those.
 *
 * It is made from the expressions alone and only ever errs by letting through:
 * an expression that it cannot read, or that wants nothing it looks for, opens
 * it for all text.
 */
#define SIEVE_WORD   16 /* letters, digits and _ + / - */
#define SIEVE_DOTTED 24 /* the same and dots */

struct sieve {
	enum tile_level level;
	bool open; /* lets all through */
};

void sieve_init(struct sieve *s, enum tile_level level);
/* Of this expression no match may be lost either. */
void sieve_add(struct sieve *s, const char *expression);

/*
 * False: no expression matches in text. It is let through when it has a run of
 * SIEVE_WORD or SIEVE_DOTTED, four dashes in a row or a colon before a slash.
 */
bool sieve_passes(const struct sieve *s, struct span text);

#endif
