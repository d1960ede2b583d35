#include "proxy-agent/source/account.h"
#include "proxy-agent/source/sql/state.h"

#define TRIES 5 /* without a row in between */

/* In the state of the table that was seen, or else in the one it has now. */
enum status
sql_come_back(struct source *s)
{
	const struct sql_entry *e = &s->list.entries[s->at - 1];
	enum status st;

	s->counts = false;
	s->piece.asked = false; /* the rest of it is */
	if (sql_link_take_second(&s->link))
		return ST_OK;
	account_rest(s->tries++);
	st = sql_link_dial(&s->link, e->database, NULL);
	if (st == ST_OK)
		st = sql_link_run(&s->link, sql_dialect_of(s)->begin);
	return st == ST_OK ? sql_look_again(s, e) : st;
}

/*
 * Pages go on behind the last row. A single statement begins anew, which it can
 * while nobody has seen a row of it.
 */
static bool
can_go_on(const struct source *s, enum status st)
{
	if (s->table.paged || (s->rows == 0 && s->step != SQL_LARGE))
		return true;
	return !s->given && (st == ST_CLOSED || st == ST_TIMEOUT);
}

/* What the server refused as a whole it refuses again, but for bad luck. */
static unsigned
tries_of(const struct source *s, enum status st)
{
	bool whole = !s->table.paged || s->step == SQL_LARGE;

	return st == ST_IO && whole ? 1 : TRIES;
}

static void
begin_anew(struct source *s)
{
	buf_clear(&s->out);
	buf_clear(&s->large);
	s->rows = s->counted = 0;
	s->step = SQL_ASKING;
}

enum status
sql_resume(struct source *s, enum status st)
{
	bool can = can_go_on(s, st);

	while (can && account_again(st) && s->tries < tries_of(s, st)) {
		st = sql_come_back(s);
		if (st == ST_OK && !s->table.paged)
			begin_anew(s);
		else if (st == ST_OK && s->step == SQL_READING)
			s->step = SQL_ASKING;
	}
	return st;
}
