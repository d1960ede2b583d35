#ifndef DETECT_ENGINE_PACE_H
#define DETECT_ENGINE_PACE_H

#include <stddef.h>
#include <stdint.h>

#include <hs/hs.h>

#include "base/status.h"

/*
 * pace: how fast a database is on text as it comes: words, code, logs, tables,
 * numbers, hashes and keys. One slow expression among hundreds halves the rate
 * of all, so that it is refused before it is used.
 *
 * Owner: whoever called pace_open(). Time is CPU time of the thread, the least
 * of some rounds, and counts only against that of a plain literal in the same
 * text: machines and their neighbours differ.
 */
struct pace;

NODISCARD enum status pace_open(struct pace **out);
void pace_close(struct pace *p); /* takes NULL */

/*
 * How many times as long as a literal it takes, 1 at least; UINT32_MAX when it
 * cannot be run.
 */
uint32_t pace_of(const struct pace *p, const hs_database_t *db);

/*
 * More than this an expression is refused for, alone: with a literal of
 * PACE_LITERAL bytes in it, and without. A part of all expressions that is
 * above PACE_PART has one among it that is to be looked for.
 */
#define PACE_ALONE   20
#define PACE_BARE    5
#define PACE_LITERAL 3
#define PACE_PART    80

#endif
