#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "master/store/store.h"

/*
 * sql: the door to SQLite, for this room only. A struct sql is one running
 * statement: open, bind in order, step, close. The first trouble is kept, so a
 * chain of calls needs one check: sql_step(), sql_run() or sql_close().
 *
 * sql_open() takes a literal (or text that lives as long as the store) and
 * keeps the prepared statement by its address; sql_open_once() takes any text.
 */
struct sqlite3_stmt;
struct sql_kept;

struct sql {
	struct store *store;
	struct sqlite3_stmt *stmt;
	int bound;
	struct sql_kept *kept; /* its place in the cache, or NULL */
	enum status st;
};

void sql_open(struct sql *q, struct store *s, const char *literal);
void sql_open_once(struct sql *q, struct store *s, const char *text);

void sql_int(struct sql *q, int64_t v);
void sql_num(struct sql *q, uint64_t v); /* above INT64_MAX: ST_LIMIT */
/*
 * A count that an agent gave: never above SQL_COUNT_MAX (500 TB), so that the
 * sum over the agents of a scan, 10,000 at most, stays a number of SQLite.
 */
#define SQL_COUNT_MAX (UINT64_C(1) << 49)
void sql_count(struct sql *q, uint64_t v);
void sql_text(struct sql *q, struct span v);
void sql_blob(struct sql *q, struct span v);
void sql_null(struct sql *q);

/* ST_OK: a row. ST_EOF: no more. */
NODISCARD enum status sql_step(struct sql *q);
/* From the first again, to be bound anew. */
void sql_again(struct sql *q);
/* The first trouble; ST_OK when there was none. */
enum status sql_close(struct sql *q);
/* Steps to the end and closes. */
NODISCARD enum status sql_run(struct sql *q);
/* The same; ST_NOTFOUND when no row was changed. */
NODISCARD enum status sql_change(struct sql *q);
/* The same; *id is that of the row that was added. */
NODISCARD enum status sql_insert(struct sql *q, uint64_t *id);
/* The same for a statement that needs nothing bound. */
NODISCARD enum status sql_exec(struct store *s, const char *literal);
/* One number of the first row; ST_NOTFOUND without a row. Closes. */
NODISCARD enum status sql_number(struct sql *q, int64_t *out);
/* The same of a query that has one id in it. */
NODISCARD enum status sql_number_of(struct store *s, const char *literal,
				    uint64_t id, uint64_t *out);

/*
 * How rows of a kind are given, for a file with read(q, row): NAME_each() gives
 * every row, NAME_one() the first, or ST_NOTFOUND; both close.
 */
#define SQL_EACH(name, read)                                                   \
	static enum status name##_each(struct sql *q, name##_fn *fn,           \
				       void *arg)                              \
	{                                                                      \
		struct name##_row row;                                         \
		enum status st;                                                \
                                                                               \
		while ((st = sql_step(q)) == ST_OK) {                          \
			read(q, &row);                                         \
			st = fn(arg, &row);                                    \
			if (st != ST_OK)                                       \
				break;                                         \
		}                                                              \
		sql_close(q);                                                  \
		return st == ST_EOF ? ST_OK : st;                              \
	}

#define SQL_ONE(name, read)                                                    \
	static enum status name##_one(struct sql *q, name##_fn *fn, void *arg) \
	{                                                                      \
		struct name##_row row;                                         \
		enum status st = sql_step(q);                                  \
                                                                               \
		if (st == ST_OK) {                                             \
			read(q, &row);                                         \
			st = fn(arg, &row);                                    \
		} else if (st == ST_EOF) {                                     \
			st = ST_NOTFOUND;                                      \
		}                                                              \
		sql_close(q);                                                  \
		return st;                                                     \
	}

int64_t sql_get(struct sql *q, int col);
uint64_t sql_get_num(struct sql *q, int col);
struct span sql_get_span(struct sql *q, int col);
bool sql_is_null(struct sql *q, int col);

int64_t sql_last_id(struct store *s);
int64_t sql_changes(struct store *s);

/* Runs all statements of a migration. */
NODISCARD enum status sql_script(struct store *s, const char *text);

/* What sql.c keeps of a database; store.c makes and closes it. */
NODISCARD enum status sql_connect(const char *file, enum store_mode mode,
				  struct store **out);
void sql_disconnect(struct store *s);
bool sql_in_transaction(struct store *s);
void sql_deadline(struct store *s, unsigned ms);
NODISCARD enum status sql_checkpoint(struct store *s);
const char *sql_error(struct store *s);

#endif
