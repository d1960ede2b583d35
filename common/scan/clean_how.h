#ifndef SCAN_CLEAN_HOW_H
#define SCAN_CLEAN_HOW_H

#include "model/order.h"
#include "scan/clean.h"
#include "scan/scan.h"

/*
 * clean_how: a digest of all that decides what a scan finds in bytes that stay
 * the same: this program, the data types, the rules and lists of the caller,
 * what the order says. Speed, workers and the position are none of it.
 * ST_NOTFOUND: the data types cannot be read.
 */
NODISCARD enum status clean_how(const struct scan_order *o,
				const struct scan_options *options,
				uint8_t out[CLEAN_HOW]);

#endif
