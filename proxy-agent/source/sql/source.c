#include "proxy-agent/source/sql/source.h"

#include <string.h>

#include "model/rows.h"
#include "proxy-agent/source/account.h"
#include "proxy-agent/source/sql/state.h"
#include "proxy-agent/source/sql/statement.h"
#include "source/url.h"

/* ---- a table ---- */

static enum status
finish_table(struct source *s)
{
	enum status st = sql_count(s);

	if (st == ST_OK)
		st = sql_link_run(&s->link, sql_dialect_of(s)->end);
	if (st != ST_OK)
		return st;
	sql_link_forget(&s->link);
	s->step = SQL_ENDED;
	return s->sample > 0 && s->counted > s->rows
		   ? rows_sample(&s->out, s->rows, s->counted)
		   : rows_end(&s->out, s->rows, s->counted);
}

static enum status
make_more(struct source *s)
{
	switch (s->step) {
	case SQL_ASKING:
		return sql_ask_rows(s);
	case SQL_READING:
		return sql_put_rows(s);
	case SQL_CELLS:
		return sql_put_cells(s);
	case SQL_LARGE:
		return sql_put_large(s);
	case SQL_COUNTING:
		return finish_table(s);
	case SQL_ENDED:
		break;
	}
	return ST_OK;
}

/* ---- items ---- */

static enum status
put_columns(struct source *s)
{
	enum status st = rows_begin(&s->out, s->table.count);

	for (uint32_t i = 0; st == ST_OK && i < s->table.count; i++) {
		const struct sql_column *c = &s->table.columns[i];
		uint8_t flags =
		    (uint8_t)((c->kind->letter == 'b' ? ROWS_BINARY : 0) |
			      (c->place > 0 ? ROWS_KEY : 0) |
			      (unsigned)c->holds << ROWS_HOLDS);

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
	s->length = SQL_UNKNOWN;
	s->counts = s->ahead = s->given = false;
	s->failed = ST_OK;
	s->step = SQL_ASKING;
	if (st == ST_OK)
		st = sql_link_run(&s->link, sql_dialect_of(s)->begin);
	if (st == ST_OK)
		st = sql_read_columns(s, e);
	if (st == ST_OK)
		st = sql_ask_rows(s);
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

/* Whether there is a column of it that is wanted, else ST_EOF. */
static enum status
look_at_table(struct source *s, const struct sql_entry *e)
{
	enum status st = sql_link_enter(&s->link, e->database);

	return st == ST_OK ? sql_read_columns(s, e) : st;
}

/* What a table left behind is taken back. */
static void
give_up(struct source *s)
{
	s->step = SQL_ENDED;
	sql_link_forget(&s->link);
	if (s->link.session != NULL &&
	    sql_link_run(&s->link, sql_dialect_of(s)->undo) != ST_OK)
		sql_link_hang_up(&s->link);
}

static void
say_why(struct source *s, struct source_item *item, enum status st,
	const char *words)
{
	buf_clear(&s->detail);
	(void)!buf_add_str(&s->detail, words);
	item->reason = (uint8_t)sql_reason_of(st);
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
		if (st == ST_OK && part[i] != NULL && part[i][0] != 0) {
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

/* The next one that is of any interest, and how it began. */
static enum status
next_table(struct source *s, struct source_item *item,
	   const struct sql_entry **out)
{
	enum status st = ST_EOF;

	while (st == ST_EOF && s->at < s->list.count) {
		const struct sql_entry *e = &s->list.entries[s->at++];

		*out = e;
		st = e->st;
		if (st != ST_OK)
			say_why(s, item, st, e->words != NULL ? e->words : "");
		else if (!s->count_only)
			st = begin_table(s, e);
		else if (sql_choice_of(&s->choice, sql_place_of(e)) ==
			 SQL_BY_COLUMN)
			st = look_at_table(s, e);
		if (st == ST_EOF) /* none of its columns is wanted */
			give_up(s);
	}
	return st;
}

enum status
sql_next(struct source *s, struct source_item *item)
{
	const struct sql_entry *e = NULL;
	enum status st;

	if (s->step != SQL_ENDED)
		give_up(s);
	*item = (struct source_item){.trickle = true};
	if (s->browse)
		return next_level(s, item);
	st = next_table(s, item, &e);
	if (st == ST_EOF)
		return st;
	if (st != ST_OK && e->st == ST_OK) {
		say_why(s, item, st, sql_words_of(s, st));
		give_up(s);
	}
	st = set_path(s, e, 3);
	item->path = buf_span(&s->path);
	return st;
}

/* What came before the end, good or bad, is given before that is told. */
enum status
sql_read(struct source *s, void *dst, size_t n, size_t *got)
{
	*got = 0;
	while (s->failed == ST_OK && s->out.len == 0 && s->step != SQL_ENDED) {
		s->failed = make_more(s);
		if (s->failed != ST_OK)
			s->failed = sql_resume(s, s->failed);
		if (s->failed != ST_OK && s->step == SQL_LARGE)
			s->failed = sql_pass_large(s, s->failed);
		if (s->failed != ST_OK)
			sql_tell_failure(s, s->failed);
	}
	if (s->failed != ST_OK && s->out.len == 0)
		return ST_IO;
	*got = n < s->out.len ? n : s->out.len;
	if (*got == 0)
		return ST_OK;
	memcpy(dst, s->out.data, *got);
	s->given = s->rows > 0;
	if (*got < s->out.len)
		buf_drop(&s->out, *got);
	else
		s->out.len = 0; /* not wiped: the next rows cover it */
	return ST_OK;
}

enum status
sql_cursor(const struct source *s, struct buf *to)
{
	return s->at == 0 || s->at > s->list.count
		   ? ST_OK
		   : sql_entry_cursor(&s->list.entries[s->at - 1], to);
}
