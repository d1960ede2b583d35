#include <stdlib.h>
#include <string.h>

#include "proxy-agent/sql/tds_impl.h"
#include "proxy-agent/sql/tds_sql.h"

#define BOUND_MAX  32768 /* bytes of a cell that has a place of its own */
#define NUMBER_MAX 80    /* of a number or a time as text */
#define CHUNK      65536

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

	buf_init(&c->large, TDS_CELL_MAX + CHUNK);
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

/* A cell without a place of its own. */
static enum status
take_large(struct sql_session *s, CS_INT i)
{
	struct buf *b = &s->cells[i].large;
	enum status st = ST_OK;
	CS_RETCODE got = CS_SUCCEED;
	CS_INT n = 0;

	buf_clear(b);
	while (st == ST_OK && got == CS_SUCCEED) {
		st = buf_reserve(b, CHUNK);
		if (st != ST_OK)
			break;
		got =
		    ct_get_data(s->command, i + 1, b->data + b->len, CHUNK, &n);
		if (got == CS_SUCCEED || got == CS_END_ITEM ||
		    got == CS_END_DATA)
			b->len += (size_t)n;
	}
	if (st == ST_OK && got != CS_END_ITEM && got != CS_END_DATA)
		return trouble_or(s, ST_CLOSED);
	return st == ST_OK && b->len >= TDS_CELL_MAX ? ST_LIMIT : st;
}

static enum status
take_row(struct sql_session *s, struct span *cell)
{
	enum status st = ST_OK;

	for (CS_INT i = 0; st == ST_OK && i < s->count; i++) {
		struct tds_cell *c = &s->cells[i];

		if (c->at != NULL) {
			cell[i] = c->null < 0 ? span_of(NULL, 0)
					      : span_of(c->at, (size_t)c->len);
			continue;
		}
		st = take_large(s, i);
		cell[i] =
		    c->large.len == 0 ? span_of(NULL, 0) : buf_span(&c->large);
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
