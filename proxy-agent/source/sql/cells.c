#include <string.h>

#include "model/rows.h"
#include "proxy-agent/source/sql/state.h"

#define KEY_SHOWN 32 /* bytes of each part of a key, for people */

enum status
sql_add_key(struct buf *to, const struct source *s)
{
	const struct sql_table *t = &s->table;
	enum status st = ST_OK;
	bool first = true;

	for (uint32_t i = 0; st == ST_OK && i < t->count; i++) {
		struct span c = s->cell[i];

		if (t->columns[i].place == 0 || c.len == 0 ||
		    sql_is_to_come(c) || memchr(c.ptr, 0, c.len) != NULL)
			continue;
		st = first ? ST_OK : buf_add_str(to, ", ");
		if (st == ST_OK)
			st = buf_add(to, c.ptr,
				     c.len < KEY_SHOWN ? c.len : KEY_SHOWN);
		first = false;
	}
	return st;
}

enum status
sql_put_unread(struct source *s, uint32_t column, struct span key,
	       enum status why)
{
	return rows_unread(&s->out, column, key, (uint8_t)sql_reason_of(why),
			   sql_safe_words_of(s, why));
}

bool
sql_has_cells(const struct source *s)
{
	for (uint32_t i = 0; i < s->table.count; i++)
		if (s->cell[i].len > ROWS_CELL)
			return true;
	return false;
}

/* Those that came whole, of servers that cannot cut them: behind their row. */
static enum status
put_whole_cells(struct source *s)
{
	enum status st = ST_OK;

	for (uint32_t i = 0; st == ST_OK && i < s->table.count; i++) {
		struct span c = s->cell[i];

		if (c.len <= ROWS_CELL || sql_is_to_come(c))
			continue;
		st = rows_large(&s->out, i, buf_span(&s->key), c);
		if (st == ST_OK)
			st = rows_more(&s->out, span_of(NULL, 0));
	}
	return st;
}

enum status
sql_begin_cells(struct source *s)
{
	enum status st;

	buf_clear(&s->key);
	st = sql_add_key(&s->key, s);
	if (st == ST_OK)
		st = put_whole_cells(s);
	s->late = 0;
	s->late_begun = false;
	s->step = SQL_CELLS;
	return st;
}

static enum status
end_cell(struct source *s)
{
	bool begun = s->late_begun;

	s->late++;
	s->late_begun = false;
	return begun ? rows_more(&s->out, span_of(NULL, 0)) : ST_OK;
}

/* The rest of it stays unread; what is behind it need not. */
static enum status
leave_cell(struct source *s, enum status why)
{
	uint32_t column = s->late;
	enum status st = end_cell(s);

	return st == ST_OK ? sql_put_unread(s, column, buf_span(&s->key), why)
			   : st;
}

enum status
sql_put_cells(struct source *s)
{
	struct span c = span_of(NULL, 0);
	enum status st;

	while (s->late < s->table.count && !sql_is_to_come(s->cell[s->late]))
		s->late++;
	if (s->late == s->table.count) {
		s->step = SQL_READING;
		return ST_OK;
	}
	st = s->ops->piece(s->link.session, s->late, &c);
	if (st != ST_OK)
		return st == ST_NOMEM ? st : leave_cell(s, st);
	if (c.len == 0)
		return end_cell(s);
	st = s->late_begun ? rows_more(&s->out, c)
			   : rows_large(&s->out, s->late, buf_span(&s->key), c);
	s->late_begun = true;
	return st;
}
