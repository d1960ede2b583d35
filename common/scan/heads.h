#ifndef SCAN_HEADS_H
#define SCAN_HEADS_H

#include "base/span.h"

/*
 * heads: whether a text begins with the heads of a table's columns: names of at
 * most HEADS_FIELD bytes without long numbers, joined by tabs, commas,
 * semicolons or bars, and as many of those in the line behind it.
 */
#define HEADS_FIELD 64

/* The line, without its end; empty when it is none. */
struct span heads_of(struct span text);

#endif
