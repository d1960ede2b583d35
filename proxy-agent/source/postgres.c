#include "proxy-agent/source/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "model/rows.h"
#include "proxy-agent/session/pgsql.h"
#include "proxy-agent/source/account.h"
#include "proxy-agent/source/postgres_sql.h"
#include "source/url.h"

#define OUT_CAP    ((size_t)32 << 20)
#define OUT_ENOUGH (256 * 1024) /* rows made ahead of whoever reads */
#define PATH_CAP   8192
#define PORT       "5432"

struct table {
	char *schema, *name;
};

struct source {
	struct account login;
	struct pgsql *pgsql;
	struct buf database;
	struct table *tables;
	size_t count, room, at; /* at: behind the item */
	struct pg_table shape;  /* columns of the item */
	struct span cell[ROWS_COLUMNS + 1];
	struct buf out;   /* what read() gives next */
	struct buf large; /* where large cells are: "row\0key\0" each */
	size_t large_at;
	uint64_t rows;
	enum { COPYING, LARGE, ENDED } step;
	struct buf path, detail, sql;
	bool count_only, browse;
};

/* ---- tables ---- */

static enum status
see_table(void *arg, size_t cells, const struct span *cell)
{
	struct source *s = arg;
	struct table t;

	if (cells < 2)
		return ST_MALFORMED;
	if (s->count == s->room) {
		size_t room = s->room == 0 ? 64 : s->room * 2;
		struct table *more =
		    reallocarray(s->tables, room, sizeof(*more));

		if (more == NULL)
			return ST_NOMEM;
		s->tables = more;
		s->room = room;
	}
	t.schema = strndup((const char *)cell[0].ptr, cell[0].len);
	t.name = strndup((const char *)cell[1].ptr, cell[1].len);
	if (t.schema == NULL || t.name == NULL) {
		free(t.schema);
		free(t.name);
		return ST_NOMEM;
	}
	s->tables[s->count++] = t;
	return ST_OK;
}

/* The parts of the path behind the database, decoded; "" where there is none.
 */
static enum status
wanted(const struct source *s, struct buf *schema, struct buf *table)
{
	struct span rest = span_skip(s->login.url.path, 1), part;
	enum status st = ST_OK;

	(void)str_next(&rest, '/', &part);
	if (str_next(&rest, '/', &part))
		st = url_decode(part, schema);
	if (st == ST_OK && str_next(&rest, '/', &part))
		st = url_decode(part, table);
	if (st == ST_OK)
		st = buf_add_byte(schema, 0);
	return st == ST_OK ? buf_add_byte(table, 0) : st;
}

static enum status
list_tables(struct source *s)
{
	struct buf schema, table;
	enum status st;

	buf_init(&schema, PATH_CAP);
	buf_init(&table, PATH_CAP);
	st = wanted(s, &schema, &table);
	if (st == ST_OK) {
		const char *const words[] = {(const char *)schema.data,
					     (const char *)table.data};

		st = pgsql_ask(s->pgsql, PG_TABLES, words, 2, see_table, s);
	}
	buf_fini(&schema);
	buf_fini(&table);
	return st == ST_OK && s->count == 0 ? ST_NOTFOUND : st;
}

/* ---- rows ---- */

/* Where the large cells of a row are, and its key as people read it. */
static enum status
note_large(struct source *s, struct span where)
{
	enum status st = buf_add(&s->large, where.ptr, where.len);
	bool first = true;

	if (st == ST_OK)
		st = buf_add_byte(&s->large, 0);
	for (uint32_t i = 0; st == ST_OK && i < s->shape.count; i++) {
		struct span c = s->cell[i];

		if (!(s->shape.columns[i].flags & ROWS_KEY) ||
		    memchr(c.ptr == NULL ? (const void *)"" : c.ptr, 0, c.len))
			continue;
		st = first ? ST_OK : buf_add_str(&s->large, ", ");
		if (st == ST_OK)
			st = buf_add(&s->large, c.ptr, c.len < 32 ? c.len : 32);
		first = false;
	}
	return st == ST_OK ? buf_add_byte(&s->large, 0) : st;
}

static enum status
put_row(struct source *s)
{
	enum status st = rows_row(&s->out);

	for (uint32_t i = 0; st == ST_OK && i < s->shape.count; i++)
		st = s->cell[i].ptr == NULL ? rows_null(&s->out)
					    : rows_cell(&s->out, s->cell[i]);
	s->rows++;
	if (st == ST_OK && s->cell[s->shape.count].ptr != NULL)
		st = note_large(s, s->cell[s->shape.count]);
	return st;
}

static enum status
put_some_rows(struct source *s)
{
	enum status st = ST_OK;
	size_t cells;

	while (st == ST_OK && s->out.len < OUT_ENOUGH) {
		st = pgsql_copy_next(s->pgsql, s->cell, s->shape.count + 1,
				     &cells);
		if (st == ST_OK && cells != s->shape.count + 1)
			return ST_MALFORMED;
		if (st == ST_OK)
			st = put_row(s);
	}
	if (st != ST_EOF)
		return st;
	s->step = LARGE;
	return ST_OK;
}

/* ---- large cells ---- */

struct piece {
	struct source *s;
	uint32_t column;
	const char *key;
	bool first;
	size_t len; /* of the piece that came */
};

/* Bytes came as hexadecimal digits. */
static enum status
put_bytes(struct piece *p, struct span digits)
{
	size_t n = digits.len / 2;
	uint8_t *raw = malloc(n + 1);
	enum status st = raw == NULL ? ST_NOMEM : codec_unhex(digits, raw, n);

	if (st == ST_OK)
		st = p->first ? rows_large(&p->s->out, p->column,
					   span_str(p->key), span_of(raw, n))
			      : rows_more(&p->s->out, span_of(raw, n));
	if (raw != NULL)
		explicit_bzero(raw, n);
	free(raw);
	return st;
}

static enum status
see_piece(void *arg, size_t cells, const struct span *cell)
{
	struct piece *p = arg;

	p->len = cells == 1 ? cell[0].len : 0;
	if (p->len == 0)
		return ST_OK;
	if (p->s->shape.columns[p->column].flags & ROWS_BINARY)
		return put_bytes(p, cell[0]);
	return p->first ? rows_large(&p->s->out, p->column, span_str(p->key),
				     cell[0])
			: rows_more(&p->s->out, cell[0]);
}

/* One cell, piece by piece. */
static enum status
put_large_cell(struct source *s, uint32_t column, const char *where,
	       const char *key)
{
	struct piece p = {.s = s, .column = column, .key = key, .first = true};
	enum status st;
	uint64_t from = 1;

	do {
		st = pg_piece_sql(&s->sql, &s->shape, column, from);
		if (st == ST_OK)
			st = pgsql_ask(s->pgsql, (const char *)s->sql.data,
				       &where, 1, see_piece, &p);
		p.first = p.first && p.len == 0;
		from += PG_PIECE;
	} while (st == ST_OK && p.len > 0);
	return st == ST_OK && !p.first ? rows_more(&s->out, span_of(NULL, 0))
				       : st;
}

static enum status
put_large(struct source *s)
{
	const char *where = (const char *)s->large.data + s->large_at;
	const char *key = where + strlen(where) + 1;
	enum status st = ST_OK;

	for (uint32_t i = 0; st == ST_OK && i < s->shape.count; i++)
		if (s->shape.columns[i].may_be_large)
			st = put_large_cell(s, i, where, key);
	s->large_at =
	    (size_t)(key - (const char *)s->large.data) + strlen(key) + 1;
	return st;
}

static enum status
finish_table(struct source *s)
{
	enum status st = pgsql_ask(s->pgsql, "COMMIT", NULL, 0, NULL, NULL);

	s->step = ENDED;
	return st == ST_OK ? rows_end(&s->out, s->rows, pgsql_counted(s->pgsql))
			   : st;
}

static enum status
make_more(struct source *s)
{
	if (s->step == COPYING)
		return put_some_rows(s);
	if (s->large_at < s->large.len)
		return put_large(s);
	return finish_table(s);
}

/* ---- items ---- */

static enum status
see_column(void *arg, size_t cells, const struct span *cell)
{
	return cells == 4 ? pg_table_column(arg, cell) : ST_MALFORMED;
}

static enum status
begin_table(struct source *s, const struct table *t)
{
	const char *const words[] = {t->schema, t->name};
	enum status st;

	pg_table_fini(&s->shape);
	buf_clear(&s->out);
	buf_clear(&s->large);
	s->large_at = 0;
	s->rows = 0;
	s->step = COPYING;
	s->shape = (struct pg_table){.schema = t->schema, .name = t->name};
	st = pgsql_ask(s->pgsql, PG_BEGIN, NULL, 0, NULL, NULL);
	if (st == ST_OK)
		st = pgsql_ask(s->pgsql, PG_COLUMNS, words, 2, see_column,
			       &s->shape);
	if (st == ST_OK)
		st = pg_copy_sql(&s->sql, &s->shape);
	if (st == ST_OK)
		st = pgsql_copy(s->pgsql, (const char *)s->sql.data);
	if (st == ST_OK)
		st = rows_begin(&s->out, s->shape.count);
	for (uint32_t i = 0; st == ST_OK && i < s->shape.count; i++)
		st = rows_column(&s->out, span_str(s->shape.columns[i].name),
				 s->shape.columns[i].flags);
	return st;
}

static enum status
set_path(struct source *s, const struct table *t)
{
	enum status st;

	buf_clear(&s->path);
	st = url_root(&s->login.url, &s->path);
	if (st == ST_OK)
		st = buf_addf(&s->path, "/%s/", (const char *)s->database.data);
	if (st == ST_OK)
		st = url_encode(span_str(t->schema), &s->path);
	if (st == ST_OK)
		st = buf_add_byte(&s->path, '/');
	return st == ST_OK ? url_encode(span_str(t->name), &s->path) : st;
}

static enum status dial(struct source *s, struct buf *why);

/* What a table left behind is taken back; a lost connection is made anew. */
static enum status
give_up(struct source *s)
{
	enum status st;

	s->step = ENDED;
	st = pgsql_ask(s->pgsql, "ROLLBACK", NULL, 0, NULL, NULL);
	for (unsigned i = 0; st != ST_OK && i < 3; i++) {
		pgsql_close(s->pgsql);
		s->pgsql = NULL;
		account_rest(i);
		st = dial(s, NULL);
	}
	return st;
}

static uint8_t
reason_of(enum status st)
{
	return st == ST_DENIED     ? COVER_DENIED
	       : st == ST_NOTFOUND ? COVER_VANISHED
				   : COVER_IO;
}

static void
say_why(struct source *s, struct source_item *item)
{
	buf_clear(&s->detail);
	(void)!buf_add_str(&s->detail, s->pgsql != NULL
					   ? pgsql_trouble(s->pgsql)
					   : "the connection was lost and did "
					     "not come back");
	item->detail = buf_span(&s->detail);
}

static enum status
postgres_next(struct source *s, struct source_item *item)
{
	const struct table *t;
	enum status st = ST_OK;

	if (s->step != ENDED)
		(void)!give_up(s);
	if (s->at >= s->count)
		return ST_EOF;
	t = &s->tables[s->at++];
	*item = (struct source_item){.trickle = true, .folder = s->browse};
	if (!s->count_only && !s->browse)
		st = s->pgsql == NULL ? ST_CLOSED : begin_table(s, t);
	if (st != ST_OK) {
		item->reason = reason_of(st);
		say_why(s, item);
		if (s->pgsql != NULL)
			(void)!give_up(s);
	}
	st = set_path(s, t);
	item->path = buf_span(&s->path);
	return st;
}

static enum status
postgres_read(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;

	*got = 0;
	while (st == ST_OK && s->out.len == 0 && s->step != ENDED)
		st = make_more(s);
	if (st != ST_OK)
		return ST_IO;
	*got = n < s->out.len ? n : s->out.len;
	if (*got == 0)
		return ST_OK;
	memcpy(dst, s->out.data, *got);
	buf_drop(&s->out, *got);
	return ST_OK;
}

/* ---- the target ---- */

static enum status
postgres_cursor(const struct source *s, struct buf *to)
{
	const struct table *t;
	enum status st;

	if (s->at == 0 || s->at > s->count)
		return ST_OK;
	t = &s->tables[s->at - 1];
	st = buf_addf(to, "%s", t->schema);
	if (st == ST_OK)
		st = buf_add_byte(to, 0);
	return st == ST_OK ? buf_add_str(to, t->name) : st;
}

/* Names are in bytewise order: behind the cursor's, whether it is there. */
static void
go_behind(struct source *s, struct span cursor)
{
	size_t n = str_find(cursor, 0);
	char schema[256], name[256];

	if (cursor.len == 0 ||
	    str_copy(schema, sizeof(schema), span_of(cursor.ptr, n)) != ST_OK ||
	    str_copy(name, sizeof(name), span_skip(cursor, n + 1)) != ST_OK)
		return;
	while (s->at < s->count) {
		const struct table *t = &s->tables[s->at];
		int c = strcmp(t->schema, schema);

		if (c > 0 || (c == 0 && strcmp(t->name, name) > 0))
			break;
		s->at++;
	}
}

static void
postgres_close(struct source *s)
{
	if (s == NULL)
		return;
	pgsql_close(s->pgsql);
	for (size_t i = 0; i < s->count; i++) {
		free(s->tables[i].schema);
		free(s->tables[i].name);
	}
	free(s->tables);
	pg_table_fini(&s->shape);
	account_fini(&s->login);
	buf_fini(&s->database);
	buf_fini(&s->out);
	buf_fini(&s->large);
	buf_fini(&s->path);
	buf_fini(&s->detail);
	buf_fini(&s->sql);
	free(s);
}

static enum status
text(struct buf *to, struct span s)
{
	enum status st = buf_add(to, s.ptr, s.len);

	return st == ST_OK ? buf_add_byte(to, 0) : st;
}

static bool
is_here(const char *host)
{
	bool v4 = host[strspn(host, "0123456789.")] == 0;

	return (v4 && strncmp(host, "127.", 4) == 0) ||
	       strcmp(host, "::1") == 0 || strcmp(host, "localhost") == 0;
}

/* libpq takes C strings; the password's is wiped with its buffer. */
static enum status
dial(struct source *s, struct buf *why)
{
	const struct account *l = &s->login;
	char host[URL_HOST_MAX], port[8] = PORT, user[256];
	struct buf password;
	enum status st = str_copy(host, sizeof(host), l->url.host);

	buf_init(&password, (size_t)64 << 10);
	if (st == ST_OK)
		st = str_copy(user, sizeof(user), l->user);
	if (st == ST_OK)
		st = text(&password, l->password);
	if (l->url.port != 0)
		snprintf(port, sizeof(port), "%u", l->url.port);
	if (st == ST_OK) {
		const struct pgsql_to to = {
		    .host = host,
		    .port = port,
		    .database = (const char *)s->database.data,
		    .user = user,
		    .password = l->password.len > 0
				    ? (const char *)password.data
				    : NULL,
		    /* in clear a password does not leave this host */
		    .sslmode = is_here(host) ? "prefer" : "require",
		    .ca_pem = l->ca,
		    .patience = l->patience,
		};

		st = pgsql_open(&to, &s->pgsql, why);
	}
	buf_fini(&password);
	return st;
}

static enum status
read_database(struct source *s, struct buf *why)
{
	struct span rest = span_skip(s->login.url.path, 1), part;
	enum status st;

	if (!str_next(&rest, '/', &part) || part.len == 0) {
		if (why != NULL)
			(void)!buf_add_str(why, "no database is named; it "
						"stands behind the host, as in "
						"pgsql://USER@HOST/DATABASE");
		return ST_USAGE;
	}
	st = url_decode(part, &s->database);
	return st == ST_OK ? buf_add_byte(&s->database, 0) : st;
}

static enum status
postgres_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->count_only = t->count;
	s->browse = t->browse;
	s->step = ENDED;
	buf_init(&s->database, PATH_CAP);
	buf_init(&s->out, OUT_CAP);
	buf_init(&s->large, OUT_CAP);
	buf_init(&s->path, PATH_CAP);
	buf_init(&s->detail, 512);
	buf_init(&s->sql, (size_t)4 << 20);
	st = account_read(&s->login, t);
	if (st == ST_OK)
		st = read_database(s, t->why);
	if (st == ST_OK)
		st = dial(s, t->why);
	if (st == ST_OK)
		st = list_tables(s);
	if (st == ST_NOTFOUND && t->why != NULL)
		(void)!buf_add_str(t->why, "there is no such table that this "
					   "user may see");
	if (st != ST_OK) {
		postgres_close(s);
		return st;
	}
	go_behind(s, t->cursor);
	*out = s;
	return ST_OK;
}

const struct source_ops postgres_source = {
    .scheme = "pgsql",
    .open = postgres_open,
    .next = postgres_next,
    .read = postgres_read,
    .cursor = postgres_cursor,
    .close = postgres_close,
};
