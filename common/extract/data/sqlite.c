#include "extract/data/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/data/sqlitepage.h"
#include "extract/data/sqlitevfs.h"
#include "extract/data/track.h"
#include "extract/made.h"
#include "extract/utf8.h"

#define COLUMNS_MAX 2000      /* what the library is built for */
#define SQL_MAX     (1 << 20) /* of one table's query */
#define STEPS       100000    /* of the machine between looks at the clock */
#define CACHE_KIB   "-256"    /* tables are read once, from end to end */
#define BLOB_INLINE 32        /* shorter ones are no files */
#define ROW_BITS    52        /* of a row's number, in a mark */
#define COLUMN_BITS 12

struct reader {
	struct extractor *x;
	sqlite3 *db;
	struct made *made;
	sqlite3_stmt *rows; /* first the row's number, then its columns */
	int columns;        /* of a row, the number with them */
	const char *table;
	uint64_t row;   /* 1 more than its number; 0: it has none */
	uint64_t count; /* of rows of this table */
	bool damaged;
};

/* ---- places ----------------------------------------------------------------
 */

static size_t
cell_words(const struct reader *r, uint64_t row, uint32_t column, char *dst,
	   size_t room)
{
	const char *name = sqlite3_column_name(r->rows, (int)column);
	int n;

	if (name == NULL)
		name = "";
	if (row == 0)
		n = snprintf(dst, room, "%s.%s", r->table, name);
	else
		n = snprintf(dst, room, "row %llu %s.%s",
			     (unsigned long long)row - 1, r->table, name);
	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

static size_t
say_cell(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	uint64_t high = m->b >> COLUMN_BITS;

	return cell_words(arg, high << 32 | m->a,
			  m->b & ((1u << COLUMN_BITS) - 1), dst, room);
}

static void
mark_cell(const struct reader *r, int column)
{
	uint32_t high = (uint32_t)(r->row >> 32) << COLUMN_BITS;

	made_mark(r->made, (uint32_t)r->row, high | (uint32_t)column);
}

/* ---- values ----------------------------------------------------------------
 */

static bool
is_text(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < ' ' && !track_is(s.ptr[i], "\t\n\r"))
			return false;
	return true;
}

/* Of a text or a blob. To ask values costs less than to ask their row. */
static struct span
value_bytes(sqlite3_value *v, int type)
{
	const uint8_t *p =
	    type == SQLITE_BLOB ? sqlite3_value_blob(v) : sqlite3_value_text(v);
	int n = sqlite3_value_bytes(v);

	return span_of(p, p == NULL || n < 0 ? 0 : (size_t)n);
}

/*
 * A file: a message or a document may be kept as text as well, and a table may
 * be kept as bytes. Other text has the name of its column in front.
 */
static bool
is_file(const struct reader *r, int type, struct span s)
{
	enum job_kind kind = job_kind(r->x, s);

	return kind == JOB_FILE || (kind == JOB_KEYED && type == SQLITE_BLOB) ||
	       (type == SQLITE_BLOB && (s.len >= PART_PEEK || !is_text(s)));
}

/* What does not stand in its row, because it has lines or is a file. */
static bool
stands_alone(int type, struct span s)
{
	if (type == SQLITE_BLOB)
		return s.len >= BLOB_INLINE;
	return s.len > 0 && memchr(s.ptr, '\n', s.len) != NULL;
}

static void
put_inline(const struct reader *r, struct span s)
{
	for (;;) {
		const uint8_t *tab =
		    s.len == 0 ? NULL : memchr(s.ptr, '\t', s.len);
		size_t n = tab == NULL ? s.len : (size_t)(tab - s.ptr);

		made_text(r->made, span_of(s.ptr, n));
		if (tab == NULL)
			return;
		made_byte(r->made, ' ');
		s = span_skip(s, n + 1);
	}
}

/* In decimal, from its last digit on. */
static void
put_whole(const struct reader *r, int64_t v)
{
	uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	uint8_t text[20]; /* a sign and 19 digits */
	size_t at = sizeof(text);

	do
		text[--at] = (uint8_t)('0' + left % 10);
	while ((left /= 10) > 0);
	if (v < 0)
		text[--at] = '-';
	made_text(r->made, span_of(text + at, sizeof(text) - at));
}

/* What the columns of a row left to do. */
struct later {
	uint64_t bytes; /* of texts and blobs */
	bool alone;     /* one of them stands alone */
};

static void
put_bytes(const struct reader *r, int column, int type, struct span s,
	  struct later *l)
{
	bool alone = stands_alone(type, s);

	mark_cell(r, column);
	if (!alone)
		put_inline(r, s);
	l->bytes += s.len;
	l->alone |= alone;
}

static void
put_cell(const struct reader *r, int column, struct later *l)
{
	sqlite3_value *v = sqlite3_column_value(r->rows, column);
	int type = sqlite3_value_type(v);
	char number[SQLITEPAGE_REAL];

	switch (type) {
	case SQLITE_NULL:
		return;
	case SQLITE_INTEGER: /* by the library it would be kept as text first */
		mark_cell(r, column);
		put_whole(r, sqlite3_value_int64(v));
		return;
	case SQLITE_FLOAT:
		mark_cell(r, column);
		sqlitepage_real(sqlite3_value_double(v), number,
				sizeof(number));
		made_text(r->made, span_str(number));
		return;
	default:
		put_bytes(r, column, type, value_bytes(v, type), l);
	}
}

static enum status
put_file(struct reader *r, int column, struct span s)
{
	char name[JOB_NAME_MAX];
	struct part p;
	size_t n;

	if (!job_count(r->x))
		return ST_OK;
	n = cell_words(r, r->row, (uint32_t)column, name, sizeof(name));
	part_memory(&p, s);
	return job_member(r->x, &p, span_of(name, n));
}

/* Lines of their own, behind the name of the column. */
static void
put_lines(const struct reader *r, int column, struct span s)
{
	const char *name = sqlite3_column_name(r->rows, column);

	made_text(r->made, span_str(name == NULL ? "" : name));
	made_text(r->made, span_str(": "));
	mark_cell(r, column);
	made_text(r->made, s);
	made_byte(r->made, '\n');
}

static enum status
put_alone(struct reader *r, int column)
{
	sqlite3_value *v = sqlite3_column_value(r->rows, column);
	int type = sqlite3_value_type(v);
	struct span s;

	if (type != SQLITE_TEXT && type != SQLITE_BLOB)
		return ST_OK;
	s = value_bytes(v, type);
	if (!job_spend(r->x, s.len) || !stands_alone(type, s))
		return ST_OK;
	if (is_file(r, type, s))
		return put_file(r, column, s);
	put_lines(r, column, s);
	return ST_OK;
}

/* The row's number and one; 0: it has none. */
static uint64_t
row_number(const struct reader *r)
{
	sqlite3_value *v = sqlite3_column_value(r->rows, 0);
	int64_t row = sqlite3_value_type(v) == SQLITE_NULL
			  ? (int64_t)r->count
			  : sqlite3_value_int64(v);

	return row >= 0 && row < (INT64_C(1) << ROW_BITS) - 1
		   ? (uint64_t)row + 1
		   : 0;
}

static enum status
put_row(struct reader *r)
{
	struct later l = {.bytes = 0};
	enum status st = ST_OK;

	r->count++;
	r->row = row_number(r);
	for (int i = 1; i < r->columns; i++) {
		if (i > 1)
			made_byte(r->made, '\t');
		put_cell(r, i, &l);
	}
	made_byte(r->made, '\n');
	if (!l.alone) {
		(void)job_spend(r->x, l.bytes);
		return ST_OK;
	}
	for (int i = 1; i < r->columns && st == ST_OK && !r->x->stop; i++)
		st = put_alone(r, i);
	return st;
}

/* ---- tables ----------------------------------------------------------------
 */

static void
note_trouble(struct reader *r, int rc)
{
	if (r->x->stop || rc == SQLITE_OK)
		return;
	r->damaged = true;
	if (rc == SQLITE_TOOBIG || rc == SQLITE_NOMEM)
		job_note_words(r->x, COVER_MEMORY, "%s", r->table);
	else
		job_note_words(r->x, COVER_MALFORMED, "%s: %s", r->table,
			       sqlite3_errmsg(r->db));
}

static void
put_head(const struct reader *r)
{
	struct buf head;

	buf_init(&head, MADE_FIRST);
	for (int i = 1; i < r->columns; i++)
		if ((i > 1 && buf_add(&head, "\t", 1) != ST_OK) ||
		    buf_add_str(&head, sqlite3_column_name(r->rows, i)) !=
			ST_OK)
			break;
	made_head(r->made, buf_span(&head));
	buf_fini(&head);
}

static enum status
read_rows(struct reader *r)
{
	enum status st = made_begin(r->x, &r->made, say_cell, r), end;
	int rc = SQLITE_ROW;

	if (st != ST_OK)
		return st;
	r->row = r->count = 0;
	r->columns = sqlite3_column_count(r->rows);
	put_head(r);
	while (st == ST_OK && !r->x->stop) {
		rc = sqlite3_step(r->rows);
		if (rc != SQLITE_ROW)
			break;
		st = put_row(r);
	}
	end = made_end(r->made);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		note_trouble(r, rc);
	return st != ST_OK ? st : end;
}

/* The columns that are stored, each quoted. */
static bool
add_columns(struct reader *r, sqlite3_str *sql)
{
	sqlite3_stmt *s = NULL;
	char *ask = sqlite3_mprintf("PRAGMA main.table_xinfo(%Q)", r->table);
	int rc = ask == NULL ? SQLITE_NOMEM
			     : sqlite3_prepare_v2(r->db, ask, -1, &s, NULL);
	bool any = false;

	while (rc == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW) {
		int hidden = sqlite3_column_int(s, 6);
		const unsigned char *name = sqlite3_column_text(s, 1);

		if (name == NULL || hidden == 1 || hidden == 2)
			continue; /* computed when it is asked */
		sqlite3_str_appendf(sql, ",\"%w\"", name);
		any = true;
	}
	sqlite3_finalize(s);
	sqlite3_free(ask);
	return any;
}

static int
prepare_rows(struct reader *r, const char *number, const char *columns)
{
	char *sql = sqlite3_mprintf("SELECT %s%s FROM main.\"%w\"", number,
				    columns, r->table);
	int rc = sql == NULL
		     ? SQLITE_NOMEM
		     : sqlite3_prepare_v2(r->db, sql, -1, &r->rows, NULL);

	sqlite3_free(sql);
	return rc;
}

static enum status
read_table(struct reader *r, const char *table)
{
	sqlite3_str *columns = sqlite3_str_new(r->db);
	enum status st = ST_OK;
	char *sql;
	int rc = SQLITE_ERROR;
	bool any;

	r->table = table;
	any = add_columns(r, columns);
	sql = sqlite3_str_finish(columns);
	if (any && sql != NULL)
		rc = prepare_rows(r, "_rowid_", sql);
	if (rc == SQLITE_ERROR && any && sql != NULL)
		rc = prepare_rows(r, "NULL", sql); /* WITHOUT ROWID */
	if (rc == SQLITE_OK)
		st = read_rows(r);
	else
		note_trouble(r, rc);
	sqlite3_finalize(r->rows);
	r->rows = NULL;
	sqlite3_free(sql);
	return st;
}

/* The schema is a table, too; it names the others. */
static enum status
read_tables(struct reader *r)
{
	enum status st = read_table(r, "sqlite_schema");
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(r->db,
				    "SELECT name FROM main.sqlite_schema "
				    "WHERE type='table' AND rootpage>0",
				    -1, &s, NULL);

	while (st == ST_OK && !r->x->stop && rc == SQLITE_OK &&
	       (rc = sqlite3_step(s)) == SQLITE_ROW) {
		const void *name = sqlite3_column_text(s, 0);

		if (name != NULL)
			st = read_table(r, name);
		rc = SQLITE_OK;
	}
	if (rc != SQLITE_DONE && rc != SQLITE_OK && !r->damaged) {
		r->table = "sqlite_schema";
		note_trouble(r, rc);
	}
	sqlite3_finalize(s);
	return st;
}

/* ---- the library -----------------------------------------------------------
 */

static int
allow(void *arg, int what, const char *a, const char *b, const char *c,
      const char *d)
{
	(void)arg;
	(void)b;
	(void)c;
	(void)d;
	if (what == SQLITE_SELECT || what == SQLITE_READ)
		return SQLITE_OK;
	if (what == SQLITE_PRAGMA && sqlite3_stricmp(a, "table_xinfo") == 0)
		return SQLITE_OK;
	return SQLITE_DENY;
}

static int
look_at_clock(void *arg)
{
	return job_in_time(arg) ? 0 : 1;
}

static void
make_safe(struct reader *r)
{
	static const int off[] = {SQLITE_DBCONFIG_ENABLE_FKEY,
				  SQLITE_DBCONFIG_ENABLE_TRIGGER,
				  SQLITE_DBCONFIG_ENABLE_VIEW,
				  SQLITE_DBCONFIG_TRUSTED_SCHEMA,
				  SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER,
				  SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION};
	uint64_t most = r->x->budget.memory / 2;

	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		(void)sqlite3_db_config(r->db, off[i], 0, NULL);
	(void)sqlite3_db_config(r->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_limit(r->db, SQLITE_LIMIT_LENGTH,
			    most < INT32_MAX ? (int)most : INT32_MAX);
	(void)sqlite3_limit(r->db, SQLITE_LIMIT_SQL_LENGTH, SQL_MAX);
	(void)sqlite3_limit(r->db, SQLITE_LIMIT_COLUMN, COLUMNS_MAX);
	(void)sqlite3_limit(r->db, SQLITE_LIMIT_ATTACHED, 0);
	(void)sqlite3_limit(r->db, SQLITE_LIMIT_WORKER_THREADS, 0);
	(void)sqlite3_drop_modules(r->db, NULL);
	(void)sqlite3_exec(r->db,
			   "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
			   "PRAGMA cell_size_check=ON;"
			   "PRAGMA cache_size=" CACHE_KIB,
			   NULL, NULL, NULL);
	sqlite3_progress_handler(r->db, STEPS, look_at_clock, r->x);
	(void)sqlite3_set_authorizer(r->db, allow, NULL);
}

static enum status
read_open(struct extractor *x, struct sqlitevfs *v, bool *damaged)
{
	struct reader r = {.x = x, .table = ""};
	enum status st = ST_OK;
	int rc = sqlite3_open_v2(
	    "part", &r.db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, v->name);

	if (rc == SQLITE_OK) {
		make_safe(&r);
		st = read_tables(&r);
	} else {
		note_trouble(&r, rc);
	}
	sqlite3_close(r.db);
	*damaged = r.damaged;
	return st;
}

bool
sqlite_is(struct format_look *l)
{
	const uint8_t *h = l->head.ptr;

	return l->head.len >= 100 && h[21] == 64 && h[22] == 32 && h[23] == 32;
}

enum status
sqlite_part(struct extractor *x, struct part *p)
{
	struct sqlitevfs *v = malloc(sizeof(*v));
	bool damaged = true;
	enum status st = ST_OK;

	if (v == NULL)
		return ST_NOMEM;
	if (sqlitevfs_begin(v, p) == SQLITE_OK) {
		st = read_open(x, v, &damaged);
		sqlitevfs_end(v);
	}
	free(v);
	if (st != ST_OK || x->stop)
		return st;
	return sqlite_pages(x, p, damaged);
}
