#include "proxy-agent/sql/drda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy-agent/source/sql/source.h"
#include "proxy-agent/sql/drda_impl.h"
#include "proxy-agent/sql/drda_late.h"
#include "proxy-agent/sql/drda_sql.h"

#define BLOCK 32767 /* bytes of rows asked for at a time */

/*
 * Where our statements live: a package that DB2 has for clients like us and
 * Derby does not look for. Its name says that they see what is committed (2).
 */
#define COLLECTION "NULLID"
#define PACKAGE    "SYSLN200"
#define TOKEN      "SYSLVL01"
#define NAME_PAD   18
#define SECTION    1

struct sql_session {
	struct drda_talk *talk;
	const struct sql_dialect *dialect;
	char *database;
	struct drda_row row;
	struct drda_late late;
	enum { NO_QUERY, OPEN, ALL_READ } query;
	char trouble[240];
};

static enum status
failed(struct sql_session *s, enum status st, const char *words)
{
	snprintf(s->trouble, sizeof(s->trouble), "%s", words);
	s->query = NO_QUERY;
	return st;
}

static enum status
ask(struct sql_session *s)
{
	enum status st = drda_talk_ask(s->talk);

	return st == ST_OK ? ST_OK : failed(s, st, s->talk->trouble);
}

/* ---- statements ---- */

/* A part of the name of a section: padded, or counted when it is longer. */
static void
put_part(struct drda_out *o, const char *name, bool counted)
{
	size_t n = strlen(name);
	const uint8_t head[2] = {(uint8_t)(n >> 8), (uint8_t)n};

	if (counted)
		drda_put(o, span_of(head, 2));
	drda_letters(o, name, counted ? 0 : NAME_PAD);
}

static void
put_section(struct sql_session *s)
{
	struct drda_out *o = &s->talk->out;
	const uint8_t section[2] = {0, SECTION};
	size_t at = drda_begin(o, DRDA_PKGNAMCSN);
	bool counted = strlen(s->database) > NAME_PAD;

	put_part(o, s->database, counted);
	put_part(o, COLLECTION, counted);
	put_part(o, PACKAGE, counted);
	drda_put(o, span_str(TOKEN));
	drda_put(o, span_of(section, sizeof(section)));
	drda_end(o, at);
}

/* A command with nothing but the section, and the query it is about. */
static void
put_command(struct sql_session *s, uint16_t point, bool more)
{
	struct drda_out *o = &s->talk->out;
	size_t at = drda_begin(o, point);

	put_section(s);
	if (more) {
		drda_u32(o, DRDA_QRYBLKSZ, BLOCK);
		if (point == DRDA_CNTQRY)
			drda_u8(o, DRDA_RTNEXTDTA, 2);
	}
	if (point == DRDA_CNTQRY || point == DRDA_CLSQRY)
		drda_bytes(
		    o, DRDA_QRYINSID,
		    span_of(s->talk->instance, sizeof(s->talk->instance)));
	drda_end(o, at);
	drda_dss(o, DRDA_REQUEST);
}

/* The text as one that may be NULL and is not, and another that is. */
static void
put_statement(struct sql_session *s, const char *sql)
{
	struct drda_out *o = &s->talk->out;
	size_t at = drda_begin(o, DRDA_SQLSTT), n = strlen(sql);
	const uint8_t head[5] = {0, (uint8_t)(n >> 24), (uint8_t)(n >> 16),
				 (uint8_t)(n >> 8), (uint8_t)n};
	const uint8_t tail[1] = {0xff};

	drda_put(o, span_of(head, sizeof(head)));
	drda_put(o, span_str(sql));
	drda_put(o, span_of(tail, sizeof(tail)));
	drda_end(o, at);
	drda_dss(o, DRDA_OBJECT);
}

/* A query whose rows are not all read. */
static enum status
give_up(struct sql_session *s)
{
	if (s->query != OPEN)
		return ST_OK;
	s->query = NO_QUERY;
	put_command(s, DRDA_CLSQRY, false);
	return ask(s);
}

static enum status
drda_run(struct sql_session *s, const char *sql)
{
	struct drda_out *o = &s->talk->out;
	uint16_t point = strcmp(sql, "COMMIT") == 0     ? DRDA_RDBCMM
			 : strcmp(sql, "ROLLBACK") == 0 ? DRDA_RDBRLLBCK
							: 0;
	enum status st = give_up(s);

	if (point == 0)
		return ST_UNSUPPORTED; /* whatever it is, it is no SELECT */
	if (st != ST_OK)
		return st;
	drda_end(o, drda_begin(o, point));
	drda_dss(o, DRDA_REQUEST);
	return ask(s);
}

static enum status
open_query(struct sql_session *s)
{
	struct drda_talk *t = s->talk;
	enum status st;

	buf_clear(&t->rows);
	buf_clear(&t->large);
	t->rows_at = t->large_at = 0;
	t->opened = t->ended = false;
	drda_columns_fini(&t->columns);
	drda_late_begin(&s->late, &s->row, 0);
	put_command(s, DRDA_OPNQRY, true);
	st = ask(s);
	if (st != ST_OK)
		return st;
	if (!t->opened || t->columns.count == 0)
		return failed(s, ST_IO, "a query had no result");
	drda_row_fini(&s->row);
	s->query = OPEN;
	return drda_row_init(&s->row, t->columns.count);
}

static enum status
drda_query(struct sql_session *s, const char *sql)
{
	enum status st = give_up(s);

	if (st != ST_OK)
		return st;
	s->query = NO_QUERY;
	put_command(s, DRDA_PRPSQLSTT, false);
	put_statement(s, sql);
	st = ask(s);
	return st == ST_OK ? open_query(s) : st;
}

/* ---- rows ---- */

static enum status
more_rows(struct sql_session *s)
{
	struct drda_talk *t = s->talk;
	size_t had;
	enum status st;

	buf_drop(&t->rows, t->rows_at);
	buf_drop(&t->large, t->large_at);
	t->rows_at = t->large_at = 0;
	if (t->under_way) {
		st = drda_answer_hear(t);
		return st == ST_OK ? ST_OK : failed(s, st, t->trouble);
	}
	if (t->ended)
		return t->rows.len == 0
			   ? ST_EOF
			   : failed(s, ST_CLOSED, "a row was cut off");
	had = t->rows.len + t->large.len;
	put_command(s, DRDA_CNTQRY, true);
	st = ask(s);
	if (st == ST_OK && !t->ended && t->rows.len + t->large.len == had)
		return failed(s, ST_IO, "it had no rows, and not their end");
	return st;
}

static enum status
row_failed(struct sql_session *s, enum status st)
{
	char words[240];

	if (st == ST_IO)
		snprintf(words, sizeof(words), "SQLSTATE %s: %s",
			 s->row.card.state, s->row.card.words);
	else
		snprintf(words, sizeof(words), "a row cannot be read: %s",
			 status_text(st));
	s->talk->dead = true; /* what follows is not known */
	return failed(s, st == ST_MALFORMED ? ST_IO : st, words);
}

static enum status
next_row(struct sql_session *s)
{
	struct drda_talk *t = s->talk;
	enum status st = ST_AGAIN;

	while (st == ST_AGAIN) {
		struct span rows = span_skip(buf_span(&t->rows), t->rows_at);
		struct span large = span_skip(buf_span(&t->large), t->large_at);

		s->row.flows = drda_answer_waits(t);
		st = drda_row_take(&s->row, &t->columns, &rows, &large);
		if (st == ST_OK || st == ST_EOF) {
			t->rows_at = t->rows.len - rows.len;
			t->large_at = t->large.len - large.len;
		} else if (st != ST_AGAIN) {
			return row_failed(s, st);
		} else {
			st = more_rows(s);
			st = st == ST_OK ? ST_AGAIN : st;
		}
	}
	return st;
}

static enum status
drda_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	enum status st;

	if (s->query == ALL_READ)
		return ST_EOF;
	if (s->query != OPEN)
		return ST_CLOSED;
	if (s->talk->columns.count != cells)
		return ST_MALFORMED;
	st = drda_late_pass(&s->late, s->talk, &s->row);
	if (st != ST_OK)
		return failed(s, st, s->talk->trouble);
	st = next_row(s);
	if (st == ST_EOF)
		(void)!drda_answer_pass(s->talk); /* what fails, fails again */
	if (st == ST_EOF)
		s->query = s->talk->ended ? ALL_READ : OPEN;
	if (st == ST_EOF && s->query == OPEN) {
		st = give_up(s);
		s->query = ALL_READ;
		return st == ST_OK ? ST_EOF : st;
	}
	for (size_t i = 0; st == ST_OK && i < cells; i++)
		cell[i] = drda_row_cell(&s->row, i);
	if (st == ST_OK)
		drda_late_begin(&s->late, &s->row, cells);
	return st;
}

static enum status
drda_piece(struct sql_session *s, size_t i, struct span *piece)
{
	enum status st;

	if (s->query != OPEN)
		return ST_CLOSED;
	st = drda_late_piece(&s->late, s->talk, &s->row, i, piece);
	return st == ST_OK ? ST_OK : failed(s, st, s->talk->trouble);
}

/* ---- the session ---- */

static void
drda_leave(struct sql_session *s)
{
	if (s == NULL)
		return;
	drda_talk_close(s->talk);
	drda_row_fini(&s->row);
	drda_late_fini(&s->late);
	free(s->database);
	free(s);
}

static enum status
settle(struct sql_session *s, const struct sql_to *to, struct buf *why)
{
	enum status st = drda_talk_open(to, &s->talk, why);

	if (st != ST_OK)
		return st;
	s->database = strdup(to->database);
	s->dialect = drda_dialect(s->talk->class);
	if (s->database == NULL)
		return ST_NOMEM;
	if (s->dialect != NULL)
		return ST_OK;
	if (why != NULL)
		(void)!buf_addf(why,
				"it says that it is %s, whose catalogue is not "
				"known",
				s->talk->class);
	return ST_UNSUPPORTED;
}

static enum status
drda_enter(const struct sql_to *to, struct sql_session **out, struct buf *why)
{
	struct sql_session *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	drda_late_init(&s->late);
	st = settle(s, to, why);
	if (st == ST_OK)
		*out = s;
	else
		drda_leave(s);
	return st;
}

static const struct sql_dialect *
drda_speaks(const struct sql_session *s)
{
	return s->dialect;
}

static const char *
drda_trouble(const struct sql_session *s)
{
	return s->trouble;
}

/* ---- the kinds ---- */

#define DRDA_OPS(number)                                                       \
	{                                                                      \
		.port = (number), .databases = true, .open = drda_enter,       \
		.close = drda_leave, .dialect = drda_speaks, .run = drda_run,  \
		.query = drda_query, .fetch = drda_fetch, .piece = drda_piece, \
		.trouble = drda_trouble                                        \
	}

static const struct sql_ops derby_ops = DRDA_OPS(1527);
static const struct sql_ops drda_ops = DRDA_OPS(50000);

static enum status
derby_open(const struct source_target *t, struct source **out)
{
	return sql_open(t, &derby_ops, out);
}

static enum status
drda_open(const struct source_target *t, struct source **out)
{
	return sql_open(t, &drda_ops, out);
}

const struct source_ops derby_source = {
    .scheme = "derby",
    .open = derby_open,
    .next = sql_next,
    .read = sql_read,
    .cursor = sql_cursor,
    .close = sql_close,
};

const struct source_ops drda_source = {
    .scheme = "drda",
    .open = drda_open,
    .next = sql_next,
    .read = sql_read,
    .cursor = sql_cursor,
    .close = sql_close,
};
