#include <string.h>

#include "model/rows.h"
#include "proxy-agent/source/sql/state.h"
#include "proxy-agent/source/sql/statement.h"

static void
next_large(struct source *s)
{
	const char *where = sql_text(&s->large) + s->piece.at;
	const char *key = where + strlen(where) + 1;

	s->piece.at = (size_t)(key - sql_text(&s->large)) + strlen(key) + 1;
	s->piece.nth++;
	s->piece.column = 0;
	if (s->piece.at == s->large.len) {
		buf_clear(&s->large);
		s->piece.at = 0;
	}
}

/* A piece that the session gives in pieces of its own. */
static enum status
gather(struct source *s, struct span *c)
{
	struct span more = span_of("", 1);
	enum status st = ST_OK;

	buf_clear(&s->whole);
	while (st == ST_OK && more.len > 0) {
		st = s->ops->piece(s->link.session, 0, &more);
		if (st == ST_OK && more.len > 0)
			st = buf_add(&s->whole, more.ptr, more.len);
	}
	*c = buf_span(&s->whole);
	return st;
}

static enum status
ask_piece(struct source *s, const char *where, struct span *c)
{
	enum status st =
	    sql_statement_piece(&s->sql, &s->table, s->piece.column, where,
				s->piece.nth, s->piece.from);

	*c = span_of(NULL, 0);
	if (st == ST_OK)
		st = s->ops->query(s->link.session, sql_text(&s->sql));
	if (st == ST_OK)
		st = s->ops->fetch(s->link.session, c, 1);
	if (st == ST_OK && sql_is_to_come(*c))
		st = gather(s, c);
	return st == ST_EOF ? ST_OK : st;
}

/* The next row of a statement that gives all pieces; none: its end. */
static enum status
take_piece(struct source *s, const char *where, struct span *c)
{
	enum status st = ST_OK;

	*c = span_of(NULL, 0);
	if (!s->piece.asked)
		st = sql_statement_pieces(&s->sql, &s->table, s->piece.column,
					  where, s->piece.nth, s->piece.from);
	if (st == ST_OK && !s->piece.asked)
		st = s->ops->query(s->link.session, sql_text(&s->sql));
	if (st != ST_OK)
		return st;
	s->piece.asked = true;
	st = s->ops->fetch(s->link.session, c, 1);
	if (st != ST_EOF)
		return st;
	s->piece.asked = false;
	return ST_OK;
}

/* One piece of the cell at hand; behind the last, the next cell. */
static enum status
put_piece(struct source *s)
{
	const char *where = sql_text(&s->large) + s->piece.at;
	const char *key = where + strlen(where) + 1;
	bool flows = sql_statement_flows(&s->table, s->piece.column);
	struct span c, more;
	enum status st =
	    flows ? take_piece(s, where, &c) : ask_piece(s, where, &c);

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
	while (st == ST_OK && !flows) /* so that the statement ends */
		st = s->ops->fetch(s->link.session, &more, 1);
	return st;
}

enum status
sql_pass_large(struct source *s, enum status st)
{
	const char *where = sql_text(&s->large) + s->piece.at;
	struct span key = span_str(where + strlen(where) + 1);
	enum status now = ST_OK;

	if (st == ST_NOMEM || s->large.len == 0 ||
	    s->piece.column >= s->table.count)
		return st;
	if (s->piece.begun)
		now = rows_more(&s->out, span_of(NULL, 0));
	if (now == ST_OK)
		now = sql_put_unread(s, s->piece.column, key, st);
	s->piece.column++;
	s->piece.from = 1;
	s->piece.begun = s->piece.asked = false;
	s->tries = 0;
	return now == ST_OK ? sql_come_back(s) : now;
}

enum status
sql_put_large(struct source *s)
{
	enum status st;

	if (s->large.len == 0) {
		s->step = s->last_page ? SQL_COUNTING : SQL_ASKING;
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
