#include "master/store/sql.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/must.h"

#define CACHE_MAX 192   /* statements that stay prepared; a hash by address */
#define STEPS     20000 /* of the virtual machine between looks at the clock */

struct sql_kept {
	const char *text;
	sqlite3_stmt *stmt;
	bool busy;
};

struct store {
	sqlite3 *db;
	struct sql_kept kept[CACHE_MAX];
	uint64_t deadline; /* monotonic ms, 0: none */
};

static enum status
status_of(int rc)
{
	static const struct {
		int rc;
		enum status st;
	} map[] = {
	    {SQLITE_OK, ST_OK},
	    {SQLITE_ROW, ST_OK},
	    {SQLITE_DONE, ST_EOF},
	    {SQLITE_FULL, ST_FULL},
	    {SQLITE_CORRUPT, ST_MALFORMED},
	    {SQLITE_NOTADB, ST_MALFORMED},
	    {SQLITE_BUSY, ST_AGAIN},
	    {SQLITE_LOCKED, ST_AGAIN},
	    {SQLITE_CONSTRAINT, ST_EXISTS},
	    {SQLITE_NOMEM, ST_NOMEM},
	    {SQLITE_INTERRUPT, ST_TIMEOUT},
	    {SQLITE_READONLY, ST_DENIED},
	    {SQLITE_PERM, ST_DENIED},
	    {SQLITE_TOOBIG, ST_LIMIT},
	};

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (map[i].rc == (rc & 0xff))
			return map[i].st;
	return ST_IO;
}

static uint64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static int
past_deadline(void *arg)
{
	const struct store *s = arg;

	return s->deadline != 0 && now_ms() >= s->deadline;
}

void
sql_deadline(struct store *s, unsigned ms)
{
	s->deadline = ms == 0 ? 0 : now_ms() + ms;
	sqlite3_progress_handler(s->db, ms == 0 ? 0 : STEPS,
				 ms == 0 ? NULL : past_deadline, s);
}

enum status
sql_connect(const char *file, enum store_mode mode, struct store **out)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	struct store *s = calloc(1, sizeof(*s));
	int rc;

	if (s == NULL)
		return ST_NOMEM;
	if (mode == STORE_READ)
		flags |= SQLITE_OPEN_READONLY;
	else
		flags |= SQLITE_OPEN_READWRITE;
	if (mode == STORE_CREATE)
		flags |= SQLITE_OPEN_CREATE;
	rc = sqlite3_open_v2(file, &s->db, flags, NULL);
	if (rc != SQLITE_OK) {
		sql_disconnect(s);
		return status_of(rc);
	}
	sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
	*out = s;
	return ST_OK;
}

void
sql_disconnect(struct store *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < CACHE_MAX; i++)
		sqlite3_finalize(s->kept[i].stmt);
	sqlite3_close(s->db);
	free(s);
}

bool
sql_in_transaction(struct store *s)
{
	return sqlite3_get_autocommit(s->db) == 0;
}

enum status
sql_checkpoint(struct store *s)
{
	int rc = sqlite3_wal_checkpoint_v2(
	    s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	return status_of(rc);
}

const char *
sql_error(struct store *s)
{
	return sqlite3_errmsg(s->db);
}

static struct sql_kept *
kept_place(struct store *s, const char *literal)
{
	size_t at = ((uintptr_t)literal * UINT64_C(0x9E3779B97F4A7C15)) >> 40;

	for (size_t i = 0; i < CACHE_MAX; i++) {
		struct sql_kept *k = &s->kept[(at + i) % CACHE_MAX];

		if (k->text == literal || k->text == NULL)
			return k;
	}
	return NULL;
}

static sqlite3_stmt *
prepare(struct sql *q, const char *text, unsigned flags)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v3(q->store->db, text, -1, flags, &stmt, NULL);

	/* A statement that does not parse is a bug, a bad disk is not. */
	must((rc & 0xff) != SQLITE_ERROR);
	q->st = status_of(rc);
	return stmt;
}

void
sql_open(struct sql *q, struct store *s, const char *literal)
{
	struct sql_kept *k = kept_place(s, literal);

	*q = (struct sql){.store = s};
	if (k == NULL || k->busy) {
		q->stmt = prepare(q, literal, 0);
		return;
	}
	if (k->stmt == NULL)
		k->stmt = prepare(q, literal, SQLITE_PREPARE_PERSISTENT);
	if (k->stmt == NULL)
		return;
	k->text = literal;
	k->busy = true;
	q->stmt = k->stmt;
	q->kept = k;
}

void
sql_open_once(struct sql *q, struct store *s, const char *text)
{
	*q = (struct sql){.store = s};
	q->stmt = prepare(q, text, 0);
}

static void
keep(struct sql *q, int rc)
{
	if (q->st == ST_OK)
		q->st = status_of(rc);
}

void
sql_int(struct sql *q, int64_t v)
{
	if (q->st == ST_OK)
		keep(q, sqlite3_bind_int64(q->stmt, ++q->bound, v));
}

void
sql_num(struct sql *q, uint64_t v)
{
	if (q->st == ST_OK && v > INT64_MAX)
		q->st = ST_LIMIT;
	sql_int(q, (int64_t)v);
}

void
sql_count(struct sql *q, uint64_t v)
{
	sql_num(q, v < SQL_COUNT_MAX ? v : SQL_COUNT_MAX);
}

void
sql_text(struct sql *q, struct span v)
{
	const char *p = v.len > 0 ? (const char *)v.ptr : "";

	if (q->st == ST_OK)
		keep(q, sqlite3_bind_text64(q->stmt, ++q->bound, p, v.len,
					    SQLITE_STATIC, SQLITE_UTF8));
}

void
sql_blob(struct sql *q, struct span v)
{
	const void *p = v.len > 0 ? (const void *)v.ptr : "";

	if (q->st == ST_OK)
		keep(q, sqlite3_bind_blob64(q->stmt, ++q->bound, p, v.len,
					    SQLITE_STATIC));
}

void
sql_null(struct sql *q)
{
	if (q->st == ST_OK)
		keep(q, sqlite3_bind_null(q->stmt, ++q->bound));
}

enum status
sql_step(struct sql *q)
{
	enum status st;

	if (q->st != ST_OK)
		return q->st;
	st = status_of(sqlite3_step(q->stmt));
	if (st != ST_OK && st != ST_EOF)
		q->st = st;
	return st;
}

void
sql_again(struct sql *q)
{
	if (q->st != ST_OK)
		return;
	sqlite3_reset(q->stmt);
	q->bound = 0;
}

enum status
sql_close(struct sql *q)
{
	if (q->kept != NULL) {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
		q->kept->busy = false;
	} else {
		sqlite3_finalize(q->stmt);
	}
	q->stmt = NULL;
	return q->st;
}

enum status
sql_run(struct sql *q)
{
	enum status st;

	do
		st = sql_step(q);
	while (st == ST_OK);
	return sql_close(q);
}

enum status
sql_change(struct sql *q)
{
	struct store *s = q->store;
	enum status st = sql_run(q);

	return st == ST_OK && sql_changes(s) == 0 ? ST_NOTFOUND : st;
}

enum status
sql_insert(struct sql *q, uint64_t *id)
{
	struct store *s = q->store;
	enum status st = sql_run(q);

	if (st == ST_OK)
		*id = (uint64_t)sql_last_id(s);
	return st;
}

enum status
sql_exec(struct store *s, const char *literal)
{
	struct sql q;

	sql_open(&q, s, literal);
	return sql_run(&q);
}

enum status
sql_number(struct sql *q, int64_t *out)
{
	enum status st = sql_step(q);

	if (st == ST_OK)
		*out = sql_get(q, 0);
	sql_close(q);
	return st == ST_EOF ? ST_NOTFOUND : st;
}

enum status
sql_number_of(struct store *s, const char *literal, uint64_t id, uint64_t *out)
{
	struct sql q;
	int64_t n = 0;
	enum status st;

	sql_open(&q, s, literal);
	sql_num(&q, id);
	st = sql_number(&q, &n);
	*out = (uint64_t)n;
	return st;
}

int64_t
sql_get(struct sql *q, int col)
{
	return sqlite3_column_int64(q->stmt, col);
}

uint64_t
sql_get_num(struct sql *q, int col)
{
	int64_t v = sqlite3_column_int64(q->stmt, col);

	return v < 0 ? 0 : (uint64_t)v;
}

struct span
sql_get_span(struct sql *q, int col)
{
	const void *p = sqlite3_column_blob(q->stmt, col);
	int n = sqlite3_column_bytes(q->stmt, col);

	return p == NULL || n <= 0 ? span_of(NULL, 0) : span_of(p, (size_t)n);
}

bool
sql_is_null(struct sql *q, int col)
{
	return sqlite3_column_type(q->stmt, col) == SQLITE_NULL;
}

int64_t
sql_last_id(struct store *s)
{
	return sqlite3_last_insert_rowid(s->db);
}

int64_t
sql_changes(struct store *s)
{
	return sqlite3_changes64(s->db);
}

enum status
sql_script(struct store *s, const char *text)
{
	return status_of(sqlite3_exec(s->db, text, NULL, NULL, NULL));
}
