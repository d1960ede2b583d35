#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/buf.h"
#include "base/status.h"
#include "master/store/store.h"

/*
 * migrate: schema/store/sqlite/NNNN_*.sql, built into the program, applied in
 * order, one transaction each. The number reached is SQLite's user_version,
 * which changes in the same transaction.
 */
NODISCARD enum status migrate_run(struct store *s, struct buf *why);

/* Highest number that this program has; must() be STORE_VERSION. */
unsigned migrate_latest(void);

/* ST_OK, or ST_UNSUPPORTED and a sentence when the file is newer than us. */
NODISCARD enum status migrate_fits(struct store *s, struct buf *why);

#endif
