#ifndef TRAWL_INPUT_H
#define TRAWL_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "model/order.h"

/*
 * input: what stands on standard input, for the path "-". Workers read at any
 * place of an object, so what comes through a pipe is kept in memory first: it
 * touches no disk, and INPUT_MAX bounds it.
 */
#define INPUT_PATH "-"
#define INPUT_MAX  (UINT64_C(1) << 30) /* bytes that come through a pipe */

/*
 * The descriptor that `from` can be read by anywhere, which the caller owns:
 * the file itself where `from` stands at its start, a copy of what comes else.
 * ST_LIMIT when more than `most` bytes come; else errno says why not.
 */
NODISCARD enum status input_open(int from, uint64_t most, int *fd);

/*
 * Standard input, when the order names it: its descriptor, 0 when it does not.
 * False: it cannot be read and is no longer in the order; stderr says why.
 */
bool input_take(struct scan_order *order, int *fd);

#endif
