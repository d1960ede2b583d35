#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/source/sql/state.h"

static enum status
take_columns(struct source *s, const struct sql_entry *e, struct sql_table *to)
{
	struct span cell[4];
	enum status st;

	*to = (struct sql_table){
	    .dialect = sql_dialect_of(s),
	    .database = e->database,
	    .schema = e->schema,
	    .name = e->name,
	    .scattered = e->kind == 's',
	};
	st = sql_ask_catalogue(s, sql_dialect_of(s)->columns, s->ops->columns,
			       e->schema, e->name);
	while (st == ST_OK) {
		st = s->ops->fetch(s->link.session, cell, 4);
		if (st == ST_OK)
			st =
			    sql_choice_has(&s->choice, sql_place_of(e), cell[0])
				? sql_table_column(to, cell)
				: sql_table_leave(to, cell);
	}
	return st == ST_EOF ? ST_OK : st;
}

static enum status
be_ready(struct source *s, const struct sql_entry *e)
{
	struct sql_table *t = &s->table;
	enum status st;

	if (t->count == 0 && t->partly)
		return ST_EOF;
	st = sql_table_ready(t, e->kind == 't' || e->kind == 's');

	free(s->cell);
	free(s->digits);
	s->cell = calloc(sql_table_cells(t) + 1, sizeof(*s->cell));
	s->digits = calloc((size_t)t->count + 1, sizeof(*s->digits));
	if (s->cell == NULL || s->digits == NULL)
		return ST_NOMEM;
	return st;
}

enum status
sql_read_columns(struct source *s, const struct sql_entry *e)
{
	enum status st;

	sql_table_fini(&s->table);
	st = take_columns(s, e, &s->table);
	return st == ST_OK ? be_ready(s, e) : st;
}

/*
 * In another state of the table than before its cells may have become large,
 * and its columns others, so that its rows do not go with those that were read.
 */
enum status
sql_look_again(struct source *s, const struct sql_entry *e)
{
	struct sql_table now, *was = &s->table;
	enum status st = take_columns(s, e, &now);

	if (st == ST_OK && now.count == 0 && !now.partly)
		st = ST_NOTFOUND; /* it was dropped */
	else if (st == ST_OK && !sql_table_follow(&now, was))
		st = ST_MALFORMED;
	if (st != ST_OK) {
		sql_table_fini(&now);
		return st;
	}
	sql_table_fini(was);
	*was = now;
	return be_ready(s, e);
}
