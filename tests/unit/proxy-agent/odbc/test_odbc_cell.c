#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "base/must.h"
#include "model/rows.h"
#include "proxy-agent/odbc/odbc_impl.h"

/*
 * A driver: one row of a number, and cells of as many bytes or UTF-16 units as
 * the test wants. It goes forward only, as the least of ODBC's levels does.
 */
static struct {
	size_t length[3]; /* of each cell; the first is a number */
	bool letters;     /* text, of which every letter takes two units */
	bool silent;      /* it does not say how much is left */
	enum { WHOLE, BEGINNING, AGAIN, BREAKS, HANGS_UP, EMPTY } way;
	size_t breaks_at;
	SQLUSMALLINT column;
	size_t given;
	unsigned rows;
} driver;

static uint16_t
unit_at(size_t i)
{
	return i % 2 == 0 ? 0xd83d : (uint16_t)(0xde00 + i / 2 % 64);
}

static uint8_t
byte_at(size_t i)
{
	return (uint8_t)('a' + i % 26);
}

static SQLLEN
rest(size_t length, size_t size)
{
	return driver.silent ? SQL_NO_TOTAL
			     : (SQLLEN)((length - driver.given) * size);
}

static void
put_units(void *to, size_t n, bool letters)
{
	uint16_t *units = to;
	uint8_t *bytes = to;

	for (size_t i = 0; i < n; i++)
		if (letters)
			units[i] = unit_at(driver.given + i);
		else
			bytes[i] = byte_at(driver.given + i);
	if (letters)
		units[n] = 0;
}

SQLRETURN
SQLGetData(SQLHSTMT stmt, SQLUSMALLINT column, SQLSMALLINT type,
	   SQLPOINTER value, SQLLEN room, SQLLEN *len)
{
	size_t size = type == SQL_C_WCHAR ? sizeof(SQLWCHAR) : 1;
	size_t length = driver.length[column - 1];
	size_t fits = (size_t)room / size - (type == SQL_C_WCHAR), n;

	(void)stmt;
	assert_true(column >= driver.column); /* it does not go back */
	if (column > driver.column)
		driver.given = 0;
	driver.column = column;
	if (driver.way == BEGINNING && driver.given > 0)
		return SQL_NO_DATA;
	if (driver.way == AGAIN)
		driver.given = 0;
	if (driver.way >= BREAKS && driver.way <= HANGS_UP && column == 2 &&
	    driver.given >= driver.breaks_at)
		return SQL_ERROR;
	if (driver.given > 0 && driver.given == length)
		return SQL_NO_DATA;
	n = length - driver.given < fits ? length - driver.given : fits;
	*len = rest(length, size);
	put_units(value, n, type == SQL_C_WCHAR);
	driver.given += n;
	if (driver.given < length || driver.way == EMPTY)
		return SQL_SUCCESS_WITH_INFO;
	*len = (SQLLEN)(n * size);
	return SQL_SUCCESS;
}

SQLRETURN
SQLFetch(SQLHSTMT stmt)
{
	(void)stmt;
	driver.column = 0;
	driver.given = 0;
	return driver.rows-- > 0 ? SQL_SUCCESS : SQL_NO_DATA;
}

/* NOLINTBEGIN(readability-function-size): so wants it ODBC. */
SQLRETURN
SQLGetDiagRecW(SQLSMALLINT kind, SQLHANDLE handle, SQLSMALLINT record,
	       SQLWCHAR *state, SQLINTEGER *native, SQLWCHAR *words,
	       SQLSMALLINT room, SQLSMALLINT *len)
{
	const char *said = driver.way == HANGS_UP ? "08S01" : "HY000";

	(void)kind;
	(void)handle;
	(void)room;
	if (record > 1)
		return SQL_NO_DATA;
	for (size_t i = 0; i < 6; i++)
		state[i] = (SQLWCHAR)said[i];
	words[0] = 'x';
	words[1] = 0;
	*native = 0;
	*len = 1;
	return SQL_SUCCESS;
}
/* NOLINTEND(readability-function-size) */

static struct sql_session *s;

static void
give_up(void *arg)
{
	(void)arg;
}

static void
begin(SQLSMALLINT type, size_t first, size_t second)
{
	memset(&driver, 0, sizeof(driver));
	driver.length[0] = 1;
	driver.length[1] = first;
	driver.length[2] = second;
	driver.rows = 2;
	s = calloc(1, sizeof(*s));
	assert_non_null(s);
	buf_init(&s->row, ODBC_ROW);
	buf_init(&s->wide, ODBC_ROW);
	s->idle_ms = 60000;
	s->open = true;
	s->columns = 3;
	s->types[0] = SQL_INTEGER;
	s->types[1] = s->types[2] = type;
	assert_int_equal(watch_open(give_up, NULL, 1000, &s->watch), ST_OK);
}

static void
end(void)
{
	watch_close(s->watch);
	s->open = false; /* there is no statement */
	buf_fini(&s->row);
	buf_fini(&s->wide);
	free(s);
}

/* Bytes of the cell that is to come; `st` is how it ended. */
static size_t
take(size_t i, enum status *st)
{
	struct span piece = span_of("", 1);
	size_t got = 0, pieces = 0;

	*st = ST_OK;
	while (*st == ST_OK && piece.len > 0) {
		*st = odbc_piece(s, i, &piece);
		if (*st != ST_OK)
			break;
		assert_true(piece.len <= 3 * ROWS_CELL);
		for (size_t k = 0;
		     s->types[1] == SQL_LONGVARBINARY && k < piece.len; k++)
			if (piece.ptr[k] != byte_at(got + k))
				fail();
		got += piece.len;
		must(++pieces < 100000);
	}
	return got;
}

static void
a_cell_of_any_size_comes_in_pieces(void **state)
{
	struct span cell[3];
	enum status st;

	(void)state;
	begin(SQL_LONGVARBINARY, (size_t)40 << 20, 5);
	assert_int_equal(odbc_fetch(s, cell, 3), ST_OK);
	assert_int_equal(cell[0].len, 1);
	assert_true(sql_is_to_come(cell[1]));
	assert_true(sql_is_to_come(cell[2])); /* nobody knows yet */
	assert_int_equal(take(1, &st), (size_t)40 << 20);
	assert_int_equal(st, ST_OK);
	assert_int_equal(take(2, &st), 5);
	assert_true(s->row.room <= (size_t)4 << 20);
	assert_int_equal(odbc_fetch(s, cell, 3), ST_OK); /* and passes over */
	assert_int_equal(odbc_fetch(s, cell, 3), ST_EOF);
	end();
}

/* A piece may end between the two units of a letter. */
static void
text_stays_whole_at_the_borders(void **state)
{
	static const size_t odd[] = {40000000, 3000002, 1100002};
	struct span cell[3];
	enum status st;

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(odd) / sizeof(odd[0]); i++) {
		begin(SQL_WLONGVARCHAR, odd[i / 2], 0);
		driver.silent = i % 2 == 1;
		assert_int_equal(odbc_fetch(s, cell, 3), ST_OK);
		assert_true(sql_is_to_come(cell[1]));
		assert_int_equal(take(1, &st), odd[i / 2] * 2);
		assert_int_equal(st, ST_OK);
		assert_true(s->wide.room <= (size_t)8 << 20);
		end();
	}
}

static void
a_small_one_comes_with_its_row(void **state)
{
	struct span cell[3];

	(void)state;
	begin(SQL_LONGVARBINARY, ROWS_CELL / 2, 0);
	assert_int_equal(odbc_fetch(s, cell, 3), ST_OK);
	assert_int_equal(cell[1].len, ROWS_CELL / 2);
	assert_int_equal(cell[1].ptr[27], 'b');
	assert_int_equal(cell[2].len, 0);
	end();
}

/* It is the end of that cell, not of the next, and of no row. */
static void
a_driver_that_has_no_pieces_is_found_out(void **state)
{
	static const struct {
		int way;
		bool silent;
	} cases[] = {{BEGINNING, false},
		     {AGAIN, false},
		     {BREAKS, false},
		     {BREAKS, true}};
	struct span cell[3];
	enum status st;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(SQL_LONGVARBINARY, (size_t)40 << 20, 3);
		driver.way = cases[i].way;
		driver.silent = cases[i].silent;
		driver.breaks_at = (size_t)30 << 20;
		s->types[1] = SQL_VARBINARY; /* what AGAIN gives is no row */
		assert_int_equal(odbc_fetch(s, cell, 3), ST_OK);
		assert_true(sql_is_to_come(cell[1]));
		(void)take(1, &st);
		assert_int_equal(st,
				 driver.way == BREAKS ? ST_IO : ST_UNSUPPORTED);
		assert_int_equal(take(2, &st), 3);
		assert_int_equal(odbc_fetch(s, cell, 3), ST_OK);
		end();
	}
}

static void
a_connection_that_is_lost_in_a_cell_is_so_for_all(void **state)
{
	struct span cell[3];
	enum status st;

	(void)state;
	begin(SQL_LONGVARBINARY, (size_t)40 << 20, 3);
	driver.way = HANGS_UP;
	driver.breaks_at = (size_t)30 << 20;
	assert_int_equal(odbc_fetch(s, cell, 3), ST_OK);
	assert_true(take(1, &st) >= driver.breaks_at);
	assert_int_equal(st, ST_CLOSED);
	assert_int_equal(take(2, &st), 0);
	assert_int_equal(st, ST_CLOSED);
	assert_int_equal(odbc_fetch(s, cell, 3), ST_CLOSED); /* no end */
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cell_of_any_size_comes_in_pieces),
	    cmocka_unit_test(text_stays_whole_at_the_borders),
	    cmocka_unit_test(a_small_one_comes_with_its_row),
	    cmocka_unit_test(a_driver_that_has_no_pieces_is_found_out),
	    cmocka_unit_test(a_connection_that_is_lost_in_a_cell_is_so_for_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
