#ifndef MASTER_CMD_LEDGER_H
#define MASTER_CMD_LEDGER_H

#include "base/buf.h"
#include "base/status.h"
#include "master/options.h"
#include "master/store/store.h"

/*
 * What `export --coverage FILE` writes: of the scans that --scan names, or of
 * the last scan of each target (--target: of these), the objects that were not
 * fully read and the totals.
 */
NODISCARD enum status cmd_ledger(struct store *s, const struct option *options,
				 const char *file, struct buf *why);

#endif
