#ifndef MASTER_API_CSV_H
#define MASTER_API_CSV_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * csv: one cell of a table, RFC 4180, always in quotes; end is ',' or '\n'. A
 * cell that a spreadsheet would take for a formula gets an apostrophe in front;
 * bytes that are not UTF-8 appear as \xHH.
 */
#define CSV_CELL_MAX (64 * 1024)

NODISCARD enum status csv_cell(struct buf *to, struct span bytes, char end);

#endif
