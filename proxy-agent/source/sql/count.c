#include "base/str.h"
#include "proxy-agent/source/sql/state.h"
#include "proxy-agent/source/sql/statement.h"

#define MANY 100000 /* rows */

enum status
sql_take_number(const struct sql_ops *ops, struct sql_session *of, uint64_t *n)
{
	struct span cell;
	enum status st = ops->fetch(of, &cell, 1);

	if (st == ST_OK)
		st = str_to_u64(cell, 0, UINT64_MAX, n);
	if (st == ST_OK)
		st = ops->fetch(of, &cell, 1);
	return st == ST_EOF ? ST_OK : st == ST_OK ? ST_MALFORMED : st;
}

/*
 * To count takes a server about as long as to send, so it does both at a time.
 * Where that takes no longer than to ask for it, it is not worth the while.
 */
enum status
sql_count_ahead(struct source *s)
{
	enum status st;

	if (s->ops->send == NULL || s->ahead || s->rows < MANY ||
	    s->sample > 0 || s->rate > 0 || sql_dialect_of(s)->count == NULL)
		return ST_OK;
	s->ahead = true;
	st = sql_statement_count(&s->sql, &s->table);
	if (st == ST_OK)
		sql_link_ask_aside(&s->link, sql_text(&s->sql));
	return st;
}

/*
 * The state that was counted is a little younger than that which was read. So
 * only what confirms the rows is believed; any other number is asked for again,
 * where they were read.
 */
static bool
is_confirmed(struct source *s)
{
	uint64_t n = 0;
	bool told = s->link.asked &&
		    sql_take_number(s->ops, s->link.aside, &n) == ST_OK;
	bool same = told && n == s->rows;

	sql_link_rejoin(&s->link, told);
	if (same)
		s->counted = n;
	return same;
}

enum status
sql_count(struct source *s)
{
	enum status st = ST_OK;

	if (sql_dialect_of(s)->count == NULL ||
	    (s->ops->counted != NULL && s->sample == 0 && !s->table.paged) ||
	    is_confirmed(s))
		return ST_OK;
	if (!s->counts)
		st = sql_statement_count(&s->sql, &s->table);
	if (st == ST_OK && !s->counts)
		st = s->ops->query(s->link.session, sql_text(&s->sql));
	return st == ST_OK
		   ? sql_take_number(s->ops, s->link.session, &s->counted)
		   : st;
}
