#include "proxy-agent/source/sql_source.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/str.h"
#include "model/rows.h"
#include "proxy-agent/source/account.h"
#include "proxy-agent/source/sql_link.h"
#include "proxy-agent/source/sql_list.h"
#include "proxy-agent/source/sql_table.h"
#include "source/filter.h"
#include "source/url.h"

#define OUT_CAP    ((size_t)40 << 20)  /* one large piece, and what was there */
#define OUT_ENOUGH ((size_t)256 << 10) /* rows made ahead of whoever reads */
#define LARGE_CAP  ((size_t)16 << 20)
#define SQL_CAP    ((size_t)8 << 20)
#define PATH_CAP   8192
#define PAGE       20000 /* rows of a page */
#define TRIES      5     /* without a row in between */
#define SLOW_MS    500   /* a page that begins to come earlier is not late */
#define REST_MS    10000 /* at most, for who answers late */
#define KEY_SHOWN  32    /* bytes of each part of a key, for people */

struct source {
	const struct sql_ops *ops;
	struct sql_link link;
	struct buf database, schema, name; /* of the target, C strings */
	struct sql_list list;
	size_t at; /* behind the item */
	struct filter filter;
	bool count_only, browse, views;
	uint64_t sample; /* rows of each table; 0: all */
	uint64_t rate;   /* rows a second; 0: as they come */

	/* the table at hand */
	struct sql_table table;
	struct span *cell;
	enum { ASKING, READING, LARGE, COUNTING, ENDED } step;
	struct sql_key last; /* of the row read last */
	uint64_t rows, page_rows, counted;
	uint64_t quickest; /* ms until a page began to come; 0: none yet */
	bool last_page;
	unsigned tries;
	struct buf out;   /* what read() gives next */
	struct buf large; /* rows with large cells: "where\0key\0" each */
	struct {
		size_t at; /* in large */
		uint64_t nth, from;
		uint32_t column;
		bool begun;
	} piece;

	struct buf path, detail, sql;
};

static const char *
text(const struct buf *b)
{
	return (const char *)b->data;
}

static const struct sql_dialect *
dialect(const struct source *s)
{
	return s->ops->dialect(s->link.session);
}

/* ---- which tables there are ---- */

/* A statement of the catalogue, or what a driver has in its place. */
static enum status
ask_catalogue(struct source *s, const char *statement,
	      enum status (*driver)(struct sql_session *, const char *,
				    const char *),
	      const char *schema, const char *name)
{
	enum status st;

	if (driver != NULL)
		return driver(s->link.session, schema, name);
	st = sql_catalogue(&s->sql, dialect(s), statement, schema, name);
	return st == ST_OK ? s->ops->query(s->link.session, text(&s->sql)) : st;
}

static bool
is_wanted(const struct source *s, struct span schema, struct span name,
	  char kind)
{
	enum status st = ST_OK;
	struct buf below;
	bool wanted;

	if (s->name.len > 1) /* who names one wants it */
		return true;
	buf_init(&below, PATH_CAP);
	if (s->schema.len <= 1 && !s->ops->flat) {
		st = buf_add(&below, schema.ptr, schema.len);
		if (st == ST_OK)
			st = buf_add_byte(&below, '/');
	}
	if (st == ST_OK)
		st = buf_add(&below, name.ptr, name.len);
	wanted = st == ST_OK && (kind != 'v' || s->views || s->browse) &&
		 filter_takes(&s->filter, buf_span(&below), 0, 0);
	buf_fini(&below);
	return wanted;
}

static enum status
list_tables(struct source *s)
{
	struct span cell[3];
	enum status st = ask_catalogue(s, dialect(s)->tables, s->ops->tables,
				       text(&s->schema), text(&s->name));

	while (st == ST_OK) {
		char kind = 't';

		st = s->ops->fetch(s->link.session, cell, 3);
		if (st == ST_OK && cell[2].len > 0)
			kind = (char)cell[2].ptr[0];
		if (st == ST_OK && is_wanted(s, cell[0], cell[1], kind))
			st = sql_list_add(&s->list, s->link.entered, cell[0],
					  cell[1], kind);
	}
	return st == ST_EOF ? ST_OK : st;
}

/* One after the other: what cannot be entered is named. */
static enum status
list_databases(struct source *s, struct buf *why)
{
	const char *statement = dialect(s)->server;
	struct sql_list names = {0};
	struct span cell[1];
	enum status st = statement == NULL
			     ? ST_USAGE
			     : s->ops->query(s->link.session, statement);

	if (st == ST_USAGE && why != NULL)
		(void)!buf_add_str(why, "no database is named; it stands "
					"behind the host, as in /DATABASE");
	while (st == ST_OK) {
		st = s->ops->fetch(s->link.session, cell, 1);
		if (st == ST_OK)
			st = sql_list_add(&names, "", span_of(NULL, 0), cell[0],
					  'd');
	}
	st = st == ST_EOF ? ST_OK : st;
	for (size_t i = 0; st == ST_OK && i < names.count; i++) {
		const char *name = names.entries[i].name;
		enum status in = ST_OK;

		buf_clear(&s->detail);
		if (!s->browse)
			in = sql_link_dial(&s->link, name, &s->detail);
		if (in == ST_OK && !s->browse)
			in = list_tables(s);
		if (in != ST_OK || s->browse)
			st = sql_list_add_closed(&s->list, name, in,
						 buf_span(&s->detail));
	}
	sql_list_fini(&names);
	return st;
}

/* ---- rows ---- */

/* A row with large cells: how it is found again, and its key for people. */
static enum status
note_large(struct source *s)
{
	const struct sql_table *t = &s->table;
	bool first = true;
	enum status st = ST_OK;

	if (t->row != SQL_BY_NUMBER)
		st = sql_table_where(&s->large, t, s->cell);
	if (st == ST_OK)
		st = buf_add_byte(&s->large, 0);
	for (uint32_t i = 0; st == ST_OK && i < t->count; i++) {
		struct span c = s->cell[i];

		if (t->columns[i].place == 0 || c.len == 0 ||
		    memchr(c.ptr, 0, c.len) != NULL)
			continue;
		st = first ? ST_OK : buf_add_str(&s->large, ", ");
		if (st == ST_OK)
			st = buf_add(&s->large, c.ptr,
				     c.len < KEY_SHOWN ? c.len : KEY_SHOWN);
		first = false;
	}
	return st == ST_OK ? buf_add_byte(&s->large, 0) : st;
}

/* Cells that nobody cut, of servers that cannot: behind their row. */
static enum status
put_long_cells(struct source *s)
{
	enum status st = ST_OK;

	for (uint32_t i = 0; st == ST_OK && i < s->table.count; i++) {
		if (s->cell[i].len <= ROWS_CELL)
			continue;
		st = rows_large(&s->out, i, span_of(NULL, 0), s->cell[i]);
		if (st == ST_OK)
			st = rows_more(&s->out, span_of(NULL, 0));
	}
	return st;
}

static enum status
put_row(struct source *s)
{
	enum status st = rows_row(&s->out);
	bool any_long = false;

	for (uint32_t i = 0; st == ST_OK && i < s->table.count; i++) {
		struct span c = s->cell[i];
		bool is_long = c.len > ROWS_CELL;

		st = c.ptr == NULL || is_long ? rows_null(&s->out)
					      : rows_cell(&s->out, c);
		any_long = any_long || is_long;
	}
	s->rows++;
	s->page_rows++;
	s->tries = 0;
	if (st == ST_OK && s->table.paged)
		st = sql_key_take(&s->last, &s->table, s->cell);
	if (st == ST_OK && any_long)
		st = put_long_cells(s);
	return st == ST_OK && sql_table_marked(&s->table, s->cell)
		   ? note_large(s)
		   : st;
}

static uint64_t
now_ms(void)
{
	return clock_mono_ms(clock_system());
}

static void
rest(uint64_t ms)
{
	const struct timespec t = {.tv_sec = (time_t)(ms / 1000),
				   .tv_nsec = (long)(ms % 1000) * 1000000};

	(void)nanosleep(&t, NULL);
}

/* Who answers far later than he could has enough to do without us. */
static void
back_off(struct source *s, uint64_t ms)
{
	if (s->quickest == 0 || ms < s->quickest)
		s->quickest = ms > 0 ? ms : 1;
	if (ms > SLOW_MS && ms > 4 * s->quickest)
		rest(ms < REST_MS ? ms : REST_MS);
}

static uint64_t
rows_wanted(const struct source *s)
{
	uint64_t left = s->sample - s->rows;

	if (s->sample == 0)
		return s->table.paged ? PAGE : 0;
	return s->table.paged && left > PAGE ? PAGE : left;
}

static enum status
ask_rows(struct source *s)
{
	const struct sql_table *t = &s->table;
	uint64_t n = rows_wanted(s), asked;
	enum status st = t->paged ? sql_table_page(&s->sql, t, &s->last, n)
				  : sql_table_all(&s->sql, t, n);

	asked = now_ms();
	if (st == ST_OK)
		st = s->ops->query(s->link.session, text(&s->sql));
	if (st == ST_OK && t->paged)
		back_off(s, now_ms() - asked);
	s->page_rows = 0;
	s->step = READING;
	return st;
}

static enum status
end_page(struct source *s)
{
	bool enough = s->sample > 0 && s->rows >= s->sample;

	if (s->ops->counted != NULL && !s->table.paged)
		s->counted = s->ops->counted(s->link.session);
	s->last_page = enough || !s->table.paged || s->page_rows < PAGE;
	s->piece.at = 0;
	s->piece.nth = 0;
	s->piece.column = 0;
	s->piece.from = 1;
	s->piece.begun = false;
	s->step = LARGE;
	return s->last_page ? ST_OK : sql_link_share(&s->link, &s->sql);
}

static enum status
put_some_rows(struct source *s, uint64_t most)
{
	size_t cells = sql_table_cells(&s->table);
	uint64_t enough = s->rows + most;
	enum status st = ST_OK;

	while (st == ST_OK && s->out.len < OUT_ENOUGH && s->rows < enough) {
		if (s->sample > 0 && s->rows >= s->sample && !s->table.paged &&
		    s->table.dialect->page == NULL)
			return end_page(s);
		st = s->ops->fetch(s->link.session, s->cell, cells);
		if (st == ST_OK)
			st = put_row(s);
	}
	return st == ST_EOF ? end_page(s) : st;
}

/* No more than a second's rows, and that second. */
static enum status
put_rows(struct source *s)
{
	uint64_t began = now_ms(), before = s->rows, due, took;
	enum status st;

	if (s->rate == 0)
		return put_some_rows(s, UINT32_MAX);
	st = put_some_rows(s, s->rate);
	due = (s->rows - before) * 1000 / s->rate;
	took = now_ms() - began;
	if (st == ST_OK && due > took)
		rest(due - took);
	return st;
}

/* ---- large cells ---- */

static void
next_large(struct source *s)
{
	const char *where = text(&s->large) + s->piece.at;
	const char *key = where + strlen(where) + 1;

	s->piece.at = (size_t)(key - text(&s->large)) + strlen(key) + 1;
	s->piece.nth++;
	s->piece.column = 0;
	if (s->piece.at == s->large.len) {
		buf_clear(&s->large);
		s->piece.at = 0;
	}
}

static enum status
ask_piece(struct source *s, const char *where, struct span *c)
{
	enum status st = sql_table_piece(&s->sql, &s->table, s->piece.column,
					 where, s->piece.nth, s->piece.from);

	*c = span_of(NULL, 0);
	if (st == ST_OK)
		st = s->ops->query(s->link.session, text(&s->sql));
	if (st == ST_OK)
		st = s->ops->fetch(s->link.session, c, 1);
	return st == ST_EOF ? ST_OK : st;
}

/* One piece of the cell at hand; behind the last, the next cell. */
static enum status
put_piece(struct source *s)
{
	const char *where = text(&s->large) + s->piece.at;
	const char *key = where + strlen(where) + 1;
	struct span c, more;
	enum status st = ask_piece(s, where, &c);

	if (st != ST_OK)
		return st;
	if (c.len > 0 && !s->piece.begun)
		st = rows_large(&s->out, s->piece.column, span_str(key), c);
	else if (c.len > 0 || s->piece.begun)
		st = rows_more(&s->out, c);
	s->piece.begun = true;
	s->piece.from += sql_table_step(&s->table);
	s->tries = 0;
	if (c.len == 0) { /* not a large one, or its end */
		s->piece.from = 1;
		s->piece.begun = false;
		s->piece.column++;
	}
	while (st == ST_OK) /* so that the statement ends */
		st = s->ops->fetch(s->link.session, &more, 1);
	return st;
}

static enum status
put_large(struct source *s)
{
	enum status st;

	if (s->large.len == 0) {
		s->step = s->last_page ? COUNTING : ASKING;
		return ST_OK;
	}
	while (s->piece.column < s->table.count &&
	       !s->table.columns[s->piece.column].large)
		s->piece.column++;
	if (s->piece.column == s->table.count) {
		next_large(s);
		return ST_OK;
	}
	st = put_piece(s);
	return st == ST_EOF ? ST_OK : st;
}

/* ---- the end of a table ---- */

static enum status
ask_count(struct source *s)
{
	struct span cell;
	enum status st;

	if (dialect(s)->count == NULL ||
	    (s->ops->counted != NULL && s->sample == 0 && !s->table.paged))
		return ST_OK;
	st = sql_table_count(&s->sql, &s->table);
	if (st == ST_OK)
		st = s->ops->query(s->link.session, text(&s->sql));
	if (st == ST_OK)
		st = s->ops->fetch(s->link.session, &cell, 1);
	if (st == ST_OK)
		st = str_to_u64(cell, 0, UINT64_MAX, &s->counted);
	if (st == ST_OK)
		st = s->ops->fetch(s->link.session, &cell, 1);
	return st == ST_EOF ? ST_OK : st == ST_OK ? ST_MALFORMED : st;
}

static enum status
finish_table(struct source *s)
{
	enum status st = ask_count(s);

	if (st == ST_OK)
		st = sql_link_run(&s->link, dialect(s)->end);
	if (st != ST_OK)
		return st;
	sql_link_forget(&s->link);
	s->step = ENDED;
	return s->sample > 0 && s->counted > s->rows
		   ? rows_sample(&s->out, s->rows, s->counted)
		   : rows_end(&s->out, s->rows, s->counted);
}

static enum status
make_more(struct source *s)
{
	switch (s->step) {
	case ASKING:
		return ask_rows(s);
	case READING:
		return put_rows(s);
	case LARGE:
		return put_large(s);
	case COUNTING:
		return finish_table(s);
	case ENDED:
		break;
	}
	return ST_OK;
}

/* In the state of the table that was seen, or else in the one it has now. */
static enum status
come_back(struct source *s)
{
	enum status st;

	if (sql_link_take_second(&s->link))
		return ST_OK;
	account_rest(s->tries++);
	st = sql_link_dial(&s->link, s->list.entries[s->at - 1].database, NULL);
	return st == ST_OK ? sql_link_run(&s->link, dialect(s)->begin) : st;
}

/* Pages go on behind the last row; a single statement cannot. */
static enum status
resume(struct source *s, enum status st)
{
	bool fresh = s->rows == 0 && s->step != LARGE;

	while (account_again(st) && s->tries < TRIES &&
	       (s->table.paged || fresh)) {
		st = come_back(s);
		if (st == ST_OK && s->step == READING)
			s->step = ASKING;
	}
	return st;
}

/* ---- items ---- */

static enum status
read_columns(struct source *s, const struct sql_entry *e)
{
	struct span cell[4];
	enum status st;

	sql_table_fini(&s->table);
	s->table = (struct sql_table){
	    .dialect = dialect(s),
	    .database = e->database,
	    .schema = e->schema,
	    .name = e->name,
	    .scattered = e->kind == 's',
	};
	st = ask_catalogue(s, dialect(s)->columns, s->ops->columns, e->schema,
			   e->name);
	while (st == ST_OK) {
		st = s->ops->fetch(s->link.session, cell, 4);
		if (st == ST_OK)
			st = sql_table_column(&s->table, cell);
	}
	return st == ST_EOF ? sql_table_ready(&s->table,
					      e->kind == 't' || e->kind == 's')
			    : st;
}

static enum status
put_columns(struct source *s)
{
	enum status st = rows_begin(&s->out, s->table.count);

	for (uint32_t i = 0; st == ST_OK && i < s->table.count; i++) {
		const struct sql_column *c = &s->table.columns[i];
		uint8_t flags =
		    (uint8_t)((c->kind->letter == 'b' ? ROWS_BINARY : 0) |
			      (c->place > 0 ? ROWS_KEY : 0));

		st = rows_column(&s->out, span_str(c->name), flags);
	}
	return st;
}

static enum status
try_table(struct source *s, const struct sql_entry *e)
{
	enum status st = sql_link_enter(&s->link, e->database);

	buf_clear(&s->out);
	buf_clear(&s->large);
	s->last.set = false;
	s->rows = s->counted = 0;
	s->tries = 0;
	s->step = ASKING;
	if (st == ST_OK)
		st = sql_link_run(&s->link, dialect(s)->begin);
	if (st == ST_OK)
		st = read_columns(s, e);
	if (st == ST_OK) {
		free(s->cell);
		s->cell = calloc(sql_table_cells(&s->table), sizeof(*s->cell));
		st = s->cell == NULL ? ST_NOMEM : ask_rows(s);
	}
	return st == ST_OK ? put_columns(s) : st;
}

/* Once more when the connection broke unseen since the last table. */
static enum status
begin_table(struct source *s, const struct sql_entry *e)
{
	enum status st = try_table(s, e);

	if (st != ST_CLOSED)
		return st;
	sql_link_hang_up(&s->link);
	return try_table(s, e);
}

/* What a table left behind is taken back. */
static void
give_up(struct source *s)
{
	s->step = ENDED;
	sql_link_forget(&s->link);
	if (s->link.session != NULL &&
	    sql_link_run(&s->link, dialect(s)->undo) != ST_OK)
		sql_link_hang_up(&s->link);
}

static uint8_t
reason_of(enum status st)
{
	return st == ST_DENIED     ? COVER_DENIED
	       : st == ST_NOTFOUND ? COVER_VANISHED
				   : COVER_IO;
}

static void
say_why(struct source *s, struct source_item *item, enum status st,
	const char *words)
{
	buf_clear(&s->detail);
	(void)!buf_add_str(&s->detail, words);
	item->reason = reason_of(st);
	item->detail = buf_span(&s->detail);
}

/* A part of a path; a slash in a name is no border. */
static enum status
add_part(struct buf *to, const char *name)
{
	enum status st = buf_add_byte(to, '/');

	while (st == ST_OK && *name != 0) {
		size_t n = strcspn(name, "/");

		st = url_encode(span_of(name, n), to);
		name += n;
		if (st == ST_OK && *name == '/') {
			st = buf_add_str(to, "%2F");
			name++;
		}
	}
	return st;
}

static enum status
set_path(struct source *s, const struct sql_entry *e, unsigned parts)
{
	const char *const part[] = {e->database, e->schema, e->name};
	enum status st;

	buf_clear(&s->path);
	st = url_root(&s->link.login.url, &s->path);
	for (unsigned i = s->ops->databases ? 0 : 1; i < 3 && parts > 0; i++)
		if (st == ST_OK && part[i][0] != 0) {
			st = add_part(&s->path, part[i]);
			parts--;
		}
	return st;
}

/* What stands in the target itself: databases, schemas or tables. */
static enum status
next_level(struct source *s, struct source_item *item)
{
	unsigned parts = 1u + (s->ops->databases && s->database.len > 1) +
			 (s->schema.len > 1);
	unsigned deepest = s->ops->databases && !s->ops->flat ? 3 : 2;
	const struct sql_entry *e;
	struct buf before;
	enum status st = ST_OK;
	bool same = true;

	buf_init(&before, PATH_CAP);
	(void)!buf_add(&before, s->path.data, s->path.len);
	while (st == ST_OK && same && s->at < s->list.count) {
		e = &s->list.entries[s->at++];
		st = set_path(s, e, parts);
		same = before.len == s->path.len &&
		       memcmp(before.data, s->path.data, before.len) == 0;
		if (e->st != ST_OK)
			say_why(s, item, e->st,
				e->words != NULL ? e->words : "");
	}
	buf_fini(&before);
	item->folder = parts < deepest;
	item->path = buf_span(&s->path);
	return st == ST_OK && same ? ST_EOF : st;
}

enum status
sql_next(struct source *s, struct source_item *item)
{
	const struct sql_entry *e;
	enum status st;

	if (s->step != ENDED)
		give_up(s);
	*item = (struct source_item){.trickle = true};
	if (s->browse)
		return next_level(s, item);
	if (s->at >= s->list.count)
		return ST_EOF;
	e = &s->list.entries[s->at++];
	st = e->st;
	if (st != ST_OK)
		say_why(s, item, st, e->words != NULL ? e->words : "");
	else if (!s->count_only)
		st = begin_table(s, e);
	if (st != ST_OK && e->st == ST_OK) {
		say_why(s, item, st,
			s->link.session != NULL
			    ? s->ops->trouble(s->link.session)
			    : "the connection was lost and did "
			      "not come back");
		give_up(s);
	}
	st = set_path(s, e, 3);
	item->path = buf_span(&s->path);
	return st;
}

enum status
sql_read(struct source *s, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;

	*got = 0;
	while (st == ST_OK && s->out.len == 0 && s->step != ENDED) {
		st = make_more(s);
		if (st != ST_OK)
			st = resume(s, st);
	}
	if (st != ST_OK)
		return ST_IO;
	*got = n < s->out.len ? n : s->out.len;
	if (*got == 0)
		return ST_OK;
	memcpy(dst, s->out.data, *got);
	buf_drop(&s->out, *got);
	return ST_OK;
}

enum status
sql_cursor(const struct source *s, struct buf *to)
{
	return s->at == 0 || s->at > s->list.count
		   ? ST_OK
		   : sql_entry_cursor(&s->list.entries[s->at - 1], to);
}

/* ---- the target ---- */

void
sql_close(struct source *s)
{
	if (s == NULL)
		return;
	sql_link_fini(&s->link);
	sql_table_fini(&s->table);
	sql_list_fini(&s->list);
	sql_key_fini(&s->last);
	buf_fini(&s->database);
	buf_fini(&s->schema);
	buf_fini(&s->name);
	buf_fini(&s->out);
	buf_fini(&s->large);
	buf_fini(&s->path);
	buf_fini(&s->detail);
	buf_fini(&s->sql);
	free(s->cell);
	free(s);
}

/* The parts of the path, decoded; "" where there is none. */
static enum status
read_path(struct source *s)
{
	struct span rest = span_skip(s->link.login.url.path,
				     s->link.login.url.path.len > 0 ? 1 : 0);
	struct buf *const to[] = {&s->database, &s->schema, &s->name};
	enum status st = ST_OK;
	struct span part;

	for (unsigned i = 0; st == ST_OK && i < 3; i++) {
		bool there = i == 0   ? s->ops->databases
			     : i == 1 ? !s->ops->flat
				      : true;

		if (there && str_next(&rest, '/', &part))
			st = url_decode(part, to[i]);
		if (st == ST_OK)
			st = buf_add_byte(to[i], 0);
	}
	return st;
}

static enum status
read_options(struct source *s, const struct source_target *t)
{
	struct span bad,
	    n = source_option(t, "sample"), views = source_option(t, "views"),
	    tls = source_option(t, "tls"), rate = source_option(t, "rate");
	bool with_tls = true;

	s->link.options = t->options;
	s->filter = filter_of(t->options, clock_wall_s(clock_system()), &bad);
	if (bad.len == 0 && n.ptr != NULL &&
	    str_to_u64(n, 1, UINT32_MAX, &s->sample) != ST_OK)
		bad = span_str("sample");
	if (bad.len == 0 && rate.ptr != NULL &&
	    str_to_u64(rate, 1, UINT32_MAX, &s->rate) != ST_OK)
		bad = span_str("rate");
	if (bad.len == 0 && views.ptr != NULL &&
	    str_to_bool(views, &s->views) != ST_OK)
		bad = span_str("views");
	if (bad.len == 0 && tls.ptr != NULL &&
	    str_to_bool(tls, &with_tls) != ST_OK)
		bad = span_str("tls");
	s->link.clear = !with_tls;
	if (bad.len == 0)
		return ST_OK;
	if (t->why != NULL)
		(void)!buf_addf(t->why, "the option %.*s cannot be read",
				(int)bad.len, (const char *)bad.ptr);
	return ST_USAGE;
}

static enum status
list(struct source *s, struct buf *why)
{
	enum status st = s->ops->databases && s->database.len <= 1
			     ? list_databases(s, why)
			     : list_tables(s);

	if (st == ST_OK && s->list.count == 0)
		st = ST_NOTFOUND;
	if (why == NULL || why->len > 0 || st == ST_OK)
		return st;
	(void)!buf_add_str(
	    why, st == ST_NOTFOUND ? "there is no such table that this user "
				     "may see"
		 : s->link.session != NULL ? s->ops->trouble(s->link.session)
					   : "the connection was lost");
	return st;
}

enum status
sql_open(const struct source_target *t, const struct sql_ops *ops,
	 struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->ops = s->link.ops = ops;
	s->count_only = t->count;
	s->browse = t->browse;
	s->step = ENDED;
	buf_init(&s->database, PATH_CAP);
	buf_init(&s->schema, PATH_CAP);
	buf_init(&s->name, PATH_CAP);
	buf_init(&s->out, OUT_CAP);
	buf_init(&s->large, LARGE_CAP);
	buf_init(&s->path, PATH_CAP);
	buf_init(&s->detail, 512);
	buf_init(&s->sql, SQL_CAP);
	sql_key_init(&s->last);
	st = account_read(&s->link.login, t);
	if (st == ST_OK)
		st = read_options(s, t);
	if (st == ST_OK)
		st = read_path(s);
	if (st == ST_OK)
		st = sql_link_dial(&s->link, text(&s->database), t->why);
	if (st == ST_OK)
		st = list(s, t->why);
	if (st != ST_OK) {
		sql_close(s);
		return st;
	}
	sql_list_sort(&s->list);
	s->at = sql_list_behind(&s->list, t->cursor);
	*out = s;
	return ST_OK;
}
