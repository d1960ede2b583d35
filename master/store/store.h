#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"

/*
 * store: the database of the master behind one handle. All SQL of the program
 * stands in this room; the q_*.h headers are its questions, one group of tables
 * each.
 *
 * Owner:   store_open() to store_close().
 * Threads: a handle belongs to one thread. core has the only writing one; api
 *          opens one reading handle a thread, export one for itself.
 * Reading: what was committed when a query (or store_begin()) began. A reading
 *          handle never writes to the database; it touches db/trawl.db-shm for
 *          locks, so open it before the sandbox closes.
 * Errors:  ST_FULL no space (the transaction is rolled back, nothing is lost),
 *          ST_IO the disk failed, ST_MALFORMED the database is damaged,
 * ST_AGAIN busy for longer than STORE_BUSY_MS. Rows:    a query hands each row
 * to a function of the caller; spans in it are good until it returns. A status
 * other than ST_OK from it ends the query and is its result, except ST_EOF,
 * which ends it with ST_OK. Times:   milliseconds since 1970.
 */
struct store;

#define STORE_BUSY_MS 5000
#define STORE_VERSION 10 /* highest number in schema/store/sqlite */

enum store_mode {
	STORE_READ,
	STORE_WRITE, /* the database must be there; it is checked, migrated */
	STORE_CHECKPOINT, /* only store_checkpoint(), beside a writer */
	STORE_CREATE      /* makes a new one; ST_EXISTS when there is one */
};

/*
 * On failure *why gets a sentence for a person; the caller has initialised it.
 * STORE_WRITE checks the file (quick_check) and applies the migrations that it
 * lacks, each in one transaction; a file of a newer version is ST_UNSUPPORTED,
 * a damaged one ST_MALFORMED, and neither is touched.
 */
NODISCARD enum status store_open(const char *file, enum store_mode mode,
				 struct store **out, struct buf *why);
void store_close(struct store *s); /* takes NULL */

NODISCARD enum status store_begin(struct store *s);
NODISCARD enum status store_commit(struct store *s);
void store_rollback(struct store *s); /* harmless outside a transaction */

/* Give up the running query after so many ms (ST_TIMEOUT); 0: never. */
void store_limit(struct store *s, unsigned ms);

/* Moves what is committed into the main file; any handle that may write. */
NODISCARD enum status store_checkpoint(struct store *s);

/* Version of the schema in the file. */
NODISCARD enum status store_version(struct store *s, unsigned *out);

/* What SQLite said last, for the log. */
const char *store_error(struct store *s);

/* meta: a few named values. A missing one is ST_NOTFOUND. */
NODISCARD enum status store_meta_get(struct store *s, const char *key,
				     struct buf *out);
NODISCARD enum status store_meta_set(struct store *s, const char *key,
				     const void *value, size_t n);
NODISCARD enum status store_meta_drop(struct store *s, const char *key);

/* Names in meta. */
#define META_SETUP_HASH "setup_hash" /* SHA-256 of the set-up code, hex */
#define META_INSTALLED  "installed"  /* ms, decimal */
#define META_NAME       "name"       /* public host of this master */
#define META_CA_PIN     "ca_pin"     /* SHA-256 of the CA key, hex */

/*
 * Every check of `trawl-master check` that the database alone can answer:
 * integrity, foreign keys, summaries = recount. One line each.
 */
typedef void store_check_fn(void *arg, const char *what, bool ok,
			    const char *detail);
NODISCARD enum status store_check(struct store *s, store_check_fn *fn,
				  void *arg);

#endif
