#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "model/rows.h"
#include "proxy-agent/source/sql/state.h"
#include "proxy-agent/source/sql/statement.h"
#include "sys/pace.h"

#define OUT_ENOUGH ((size_t)240 << 10) /* rows made ahead of whoever reads */
#define PAGE       20000               /* rows of a page */
#define PAGE_LONG  200000 /* of one without large cells, behind the first */
#define BRIEF      ((uint64_t)2 << 30) /* bytes that are soon counted */
#define ROW_SIZE   64 /* bytes, about: a page of more may take longer */

/* A row with large cells: how it is found again, and its key for people. */
static enum status
note_large(struct source *s)
{
	const struct sql_table *t = &s->table;
	enum status st = ST_OK;

	if (t->row != SQL_BY_NUMBER)
		st = sql_statement_where(&s->large, t, s->cell);
	if (st == ST_OK)
		st = buf_add_byte(&s->large, 0);
	if (st == ST_OK)
		st = sql_add_key(&s->large, s);
	return st == ST_OK ? buf_add_byte(&s->large, 0) : st;
}

static enum status
put_row(struct source *s)
{
	enum status st = sql_spell(&s->table, s->cell, s->digits);

	if (st == ST_OK)
		st = rows_whole(&s->out, s->cell, s->table.count);
	s->rows++;
	s->page_rows++;
	if (s->table.paged) /* others are not further by it */
		s->tries = 0;
	if (st == ST_OK && s->table.paged)
		st = sql_key_take(&s->last, &s->table, s->cell);
	if (st == ST_OK && sql_table_marked(&s->table, s->cell))
		st = note_large(s);
	return st == ST_OK && sql_has_cells(s) ? sql_begin_cells(s) : st;
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

/*
 * Where nothing has to be asked between them, pages may be long; the first is
 * not, so that a second connection stands by for the others.
 */
static bool
goes_far(const struct source *s)
{
	return s->table.paged && s->table.dialect->rest != NULL &&
	       s->ops->query_both != NULL && s->last.set &&
	       !s->table.any_large && s->rate == 0 &&
	       (s->link.second != NULL || s->link.alone);
}

static uint64_t
rows_wanted(const struct source *s)
{
	uint64_t page = goes_far(s) ? PAGE_LONG : PAGE;
	uint64_t left = s->sample - s->rows;

	if (s->sample == 0)
		return s->table.paged ? page : 0;
	return s->table.paged && left > page ? page : left;
}

/* Whether the server counts it before anybody loses patience. */
static enum status
find_length(struct source *s)
{
	const struct sql_table *t = &s->table;
	uint64_t bytes = 0;
	enum status st = sql_statement_catalogue(
	    &s->sql, t->dialect, t->dialect->size, t->schema, t->name);

	if (st == ST_OK)
		st = s->ops->query(s->link.session, sql_text(&s->sql));
	if (st == ST_OK)
		st = sql_take_number(s->ops, s->link.session, &bytes);
	if (st == ST_OK)
		s->length = bytes <= BRIEF ? SQL_BRIEF : SQL_LONG;
	return st;
}

/* All that is left, and the count behind it while we are at the rows. */
static enum status
ask_rest(struct source *s)
{
	struct buf count;
	enum status st = sql_statement_page(&s->sql, &s->table, &s->last, 0);

	buf_init(&count, SQL_CAP);
	if (st == ST_OK)
		st = sql_statement_count(&count, &s->table);
	if (st == ST_OK)
		st = s->ops->query_both(s->link.session, sql_text(&s->sql),
					sql_text(&count));
	buf_fini(&count);
	s->asked = 0;
	s->counts = true;
	return st;
}

static enum status
ask_page(struct source *s)
{
	const struct sql_table *t = &s->table;
	enum status st;

	s->asked = rows_wanted(s);
	s->counts = false;
	st = t->paged ? sql_statement_page(&s->sql, t, &s->last, s->asked)
		      : sql_statement_all(&s->sql, t, s->asked);
	return st == ST_OK ? s->ops->query(s->link.session, sql_text(&s->sql))
			   : st;
}

enum status
sql_ask_rows(struct source *s)
{
	struct pace *pace = s->link.login.patience.pace;
	bool far = goes_far(s) && s->sample == 0;
	enum status st = ST_OK;

	if (far && s->length == SQL_UNKNOWN)
		st = find_length(s);
	pace_begin(pace);
	if (st == ST_OK)
		st = far && s->length == SQL_BRIEF ? ask_rest(s) : ask_page(s);
	if (st != ST_OK || s->asked == 0)
		pace_lost(pace, 1); /* there is none to compare it with */
	pace_end(pace, s->asked * ROW_SIZE);
	s->page_rows = 0;
	s->step = SQL_READING;
	return st;
}

static enum status
end_page(struct source *s)
{
	bool enough = s->sample > 0 && s->rows >= s->sample;

	if (s->ops->counted != NULL && !s->table.paged)
		s->counted = s->ops->counted(s->link.session);
	s->last_page = enough || !s->table.paged || s->asked == 0 ||
		       s->page_rows < s->asked;
	s->piece.at = 0;
	s->piece.nth = 0;
	s->piece.column = 0;
	s->piece.from = 1;
	s->piece.begun = s->piece.asked = false;
	s->step = SQL_LARGE;
	return s->last_page ? ST_OK : sql_link_share(&s->link, &s->sql);
}

static enum status
put_some_rows(struct source *s, uint64_t most)
{
	size_t cells = sql_table_cells(&s->table);
	uint64_t enough = s->rows + most;
	enum status st = ST_OK;

	while (st == ST_OK && s->step == SQL_READING &&
	       s->out.len < OUT_ENOUGH && s->rows < enough) {
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
enum status
sql_put_rows(struct source *s)
{
	uint64_t began = now_ms(), before = s->rows, due, took;
	enum status st = sql_count_ahead(s);

	if (st != ST_OK)
		return st;
	if (s->rate == 0)
		return put_some_rows(s, UINT32_MAX);
	st = put_some_rows(s, s->rate);
	due = (s->rows - before) * 1000 / s->rate;
	took = now_ms() - began;
	if (st == ST_OK && due > took)
		rest(due - took);
	return st;
}
