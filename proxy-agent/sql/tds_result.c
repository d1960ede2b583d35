#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/rows.h"
#include "proxy-agent/sql/tds_impl.h"
#include "proxy-agent/sql/tds_sql.h"

#define BOUND_MAX  32768 /* bytes of a cell that has a place of its own */
#define NUMBER_MAX 80    /* of a number or a time as text */
#define CHUNK      65536
#define PIECE      ((size_t)256 << 10)

/* ---- results ---- */

void
tds_drop_cells(struct sql_session *s)
{
	for (CS_INT i = 0; i < s->count; i++) {
		free(s->cells[i].at);
		buf_fini(&s->cells[i].large);
	}
	free(s->cells);
	s->cells = NULL;
	s->count = 0;
}

static bool
is_bytes(CS_INT type)
{
	return type == CS_BINARY_TYPE || type == CS_VARBINARY_TYPE ||
	       type == CS_LONGBINARY_TYPE || type == CS_IMAGE_TYPE;
}

static bool
is_text(CS_INT type)
{
	return type == CS_CHAR_TYPE || type == CS_VARCHAR_TYPE ||
	       type == CS_LONGCHAR_TYPE || type == CS_TEXT_TYPE ||
	       type == CS_UNICHAR_TYPE || type == CS_UNITEXT_TYPE;
}

static bool
bind_cell(struct sql_session *s, CS_INT i)
{
	struct tds_cell *c = &s->cells[i];
	CS_DATAFMT f = {0};
	bool plain;

	buf_init(&c->large, ROWS_CELL + 2 * CHUNK);
	if (ct_describe(s->command, i + 1, &f) != CS_SUCCEED)
		return false;
	plain = is_text(f.datatype) || is_bytes(f.datatype);
	if (plain && (f.maxlength <= 0 || f.maxlength > BOUND_MAX))
		return true;
	c->room = plain ? f.maxlength : NUMBER_MAX;
	c->at = malloc((size_t)c->room);
	f.datatype = is_bytes(f.datatype) ? CS_BINARY_TYPE : CS_CHAR_TYPE;
	f.format = CS_FMT_UNUSED;
	f.maxlength = c->room;
	f.count = 1;
	f.locale = NULL;
	return c->at != NULL && ct_bind(s->command, i + 1, &f, c->at, &c->len,
					&c->null) == CS_SUCCEED;
}

static enum status
bind_row(struct sql_session *s)
{
	CS_INT n = 0;

	tds_drop_cells(s);
	if (ct_res_info(s->command, CS_NUMDATA, &n, CS_UNUSED, NULL) !=
		CS_SUCCEED ||
	    n <= 0)
		return ST_MALFORMED;
	s->cells = calloc((size_t)n, sizeof(*s->cells));
	if (s->cells == NULL)
		return ST_NOMEM;
	s->count = n;
	s->rows = 0;
	for (CS_INT i = 0; i < n; i++)
		if (!bind_cell(s, i))
			return ST_NOMEM;
	return ST_OK;
}

static enum status
trouble_or(const struct sql_session *s, enum status st)
{
	return s->st != ST_OK ? s->st : st;
}

/*
 * Results up to one with rows (ST_OK), or to the end of the statement (ST_EOF).
 */
static enum status
next_result(struct sql_session *s)
{
	CS_INT type = 0;
	CS_RETCODE got;

	while ((got = ct_results(s->command, &type)) == CS_SUCCEED) {
		if (type == CS_ROW_RESULT)
			return bind_row(s);
		if (type == CS_CMD_FAIL)
			tds_note(s, ST_IO, "the server refused a statement");
		if (type == CS_CMD_DONE &&
		    ct_res_info(s->command, CS_ROW_COUNT, &s->counted,
				CS_UNUSED, NULL) != CS_SUCCEED)
			s->counted = CS_NO_COUNT;
	}
	s->open = false;
	if (got != CS_END_RESULTS || tds_is_dead(s)) {
		tds_note(s, ST_CLOSED, "the connection was lost");
		return ST_CLOSED;
	}
	return trouble_or(s, ST_EOF);
}

/* ---- statements ---- */

enum status
tds_query(struct sql_session *s, const char *sql)
{
	size_t len = strlen(sql);
	CS_CHAR *text;
	enum status st;

	if (s->open || tds_is_dead(s))
		return ST_CLOSED; /* all rows would have to be read */
	s->st = ST_OK;
	text = strdup(sql); /* it is not const for the library */
	if (text == NULL)
		return ST_NOMEM;
	s->counted = CS_NO_COUNT;
	s->rows = 0;
	if (ct_command(s->command, CS_LANG_CMD, text, (CS_INT)len, CS_UNUSED) !=
		CS_SUCCEED ||
	    ct_send(s->command) != CS_SUCCEED) {
		tds_note(s, ST_CLOSED, "the connection was lost");
		st = s->st;
	} else {
		s->open = true;
		st = next_result(s);
	}
	free(text);
	return st == ST_EOF ? ST_OK : st;
}

enum status
tds_run(struct sql_session *s, const char *sql)
{
	enum status st = tds_query(s, sql);

	return st == ST_OK && s->open ? ST_MALFORMED : st;
}

/* ---- rows ---- */

static void
begin_cell(struct sql_session *s, CS_INT i)
{
	s->part.column = i;
	s->part.got = 0;
	s->part.more = true;
	s->part.begun = false;
	buf_clear(&s->cells[i].large);
}

/* Of the cell at hand about so many bytes more, or its end. */
static enum status
take_some(struct sql_session *s, size_t most)
{
	struct buf *b = &s->cells[s->part.column].large;
	enum status st = ST_OK;

	while (st == ST_OK && s->part.more && b->len < most) {
		CS_RETCODE got;
		CS_INT n = 0;

		st = buf_reserve(b, CHUNK);
		if (st != ST_OK)
			break;
		got = ct_get_data(s->command, s->part.column + 1,
				  b->data + b->len, CHUNK, &n);
		s->part.more = got == CS_SUCCEED;
		if (got != CS_SUCCEED && got != CS_END_ITEM &&
		    got != CS_END_DATA)
			return trouble_or(s, ST_CLOSED);
		b->len += (size_t)n;
		s->part.got += (size_t)n;
	}
	return st;
}

/* More than that the server was told not to send. */
static enum status
check_whole(struct sql_session *s)
{
	if (s->part.got < TDS_CELL_MAX)
		return ST_OK;
	s->part.got = 0;
	snprintf(s->trouble, sizeof(s->trouble),
		 "no more than %d MiB of it are read", TDS_CELL_MAX >> 20);
	return ST_LIMIT;
}

enum status
tds_piece(struct sql_session *s, size_t i, struct span *piece)
{
	struct buf *b = &s->cells[i].large;
	enum status st = ST_OK;

	*piece = span_of(NULL, 0);
	if (s->part.column != (CS_INT)i)
		begin_cell(s, (CS_INT)i);
	if (!s->part.begun) {
		buf_clear(b);
		st = take_some(s, PIECE);
	}
	s->part.begun = false;
	if (st == ST_OK && b->len == 0)
		return check_whole(s);
	*piece = buf_span(b);
	return st;
}

/* A cell that has no place: they come in their order, and only once. */
static enum status
take_unbound(struct sql_session *s, CS_INT i, struct span *cell)
{
	struct buf *b = &s->cells[i].large;
	enum status st;

	*cell = (struct span){.len = SQL_TO_COME};
	if (s->part.more)
		return ST_OK;
	begin_cell(s, i);
	st = take_some(s, ROWS_CELL + 1);
	s->part.begun = s->part.more;
	if (st == ST_OK && !s->part.more)
		*cell = b->len == 0 ? span_of(NULL, 0) : buf_span(b);
	return st;
}

static enum status
take_row(struct sql_session *s, struct span *cell)
{
	enum status st = ST_OK;

	s->part.more = false;
	s->part.column = -1;
	for (CS_INT i = 0; st == ST_OK && i < s->count; i++) {
		struct tds_cell *c = &s->cells[i];

		if (c->at == NULL)
			st = take_unbound(s, i, &cell[i]);
		else
			cell[i] = c->null < 0 ? span_of(NULL, 0)
					      : span_of(c->at, (size_t)c->len);
	}
	s->rows++;
	return st;
}

/* A stream that is cut ends like one that is whole, but for its count. */
static enum status
end_of_rows(struct sql_session *s)
{
	enum status st;
	CS_INT rows = s->rows;

	while ((st = next_result(s)) == ST_OK)
		rows = -1; /* of more than one statement */
	if (st == ST_EOF && s->counted != rows) {
		tds_note(s, ST_CLOSED, "the answer was cut off");
		return ST_CLOSED;
	}
	return st;
}

enum status
tds_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	CS_INT n = 0;
	CS_RETCODE got;

	if (!s->open)
		return ST_EOF;
	if ((size_t)s->count != cells)
		return ST_MALFORMED;
	got = ct_fetch(s->command, CS_UNUSED, CS_UNUSED, CS_UNUSED, &n);
	if (got == CS_SUCCEED)
		return take_row(s, cell);
	if (got == CS_END_DATA)
		return end_of_rows(s);
	tds_note(s, tds_is_dead(s) ? ST_CLOSED : ST_IO,
		 "a row could not be read");
	return s->st;
}
