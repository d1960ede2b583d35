#include "base/str.h"
#include "proxy-agent/source/sql/state.h"
#include "proxy-agent/source/sql/statement.h"

/* A statement of the catalogue, or what a driver has in its place. */
enum status
sql_ask_catalogue(struct source *s, const char *statement,
		  enum status (*driver)(struct sql_session *, const char *,
					const char *),
		  const char *schema, const char *name)
{
	enum status st;

	if (driver != NULL)
		return driver(s->link.session, schema, name);
	st = sql_statement_catalogue(&s->sql, sql_dialect_of(s), statement,
				     schema, name);
	return st == ST_OK ? s->ops->query(s->link.session, sql_text(&s->sql))
			   : st;
}

static bool
is_wanted(const struct source *s, struct span schema, struct span name,
	  char kind)
{
	const struct sql_place place = {
	    .database = s->link.entered,
	    .schema = schema,
	    .name = name,
	};

	if (kind == 'v' && s->name.len <= 1 && !s->views && !s->browse)
		return false; /* who names one wants it */
	return sql_choice_of(&s->choice, place) != SQL_UNWANTED;
}

enum status
sql_find_tables(struct source *s)
{
	struct span cell[3];
	enum status st =
	    sql_ask_catalogue(s, sql_dialect_of(s)->tables, s->ops->tables,
			      sql_text(&s->schema), sql_text(&s->name));

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
enum status
sql_find_databases(struct source *s, struct buf *why)
{
	const char *statement = sql_dialect_of(s)->server;
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

		if (!sql_choice_enters(&s->choice, name))
			continue;
		buf_clear(&s->detail);
		if (!s->browse)
			in = sql_link_dial(&s->link, name, &s->detail);
		if (in == ST_OK && !s->browse)
			in = sql_find_tables(s);
		if (in != ST_OK || s->browse)
			st = sql_list_add_closed(&s->list, name, in,
						 buf_span(&s->detail));
	}
	sql_list_fini(&names);
	return st;
}
