#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "base/codec.h"
#include "base/str.h"
#include "model/rows.h"
#include "proxy-agent/source/sql/source.h"

/*
 * A server of one table with a key, four rows of a number and a file. Files are
 * of two pieces, but for that of row 3, which breaks after its first.
 */
static struct {
	bool words;       /* files are had by statements */
	bool paged;       /* along the key */
	enum status ends; /* what the broken one ends with */
	bool deaf;        /* the connection is gone with it */
	bool shut_out;    /* for good */
	unsigned opened;
} world;

#define ROWS   4
#define BROKEN 3

struct sql_session {
	enum { NOTHING, TABLES, COLUMNS, ALL, ONE, COUNT } asked;
	uint64_t at, from;
	unsigned pieces;
	bool dead;
	char text[16];
};

static const struct sql_kind kinds[] = {
    {.letter = 'n', .literal = "{text}"}, {.letter = 'b'}, {0}};

static const struct sql_kind wordy[] = {
    {.letter = 'n', .literal = "{text}"},
    {.letter = 'b', .large = "LARGE({c})", .piece = "PART {from} OF {c}"},
    {0}};

static struct sql_dialect plain = {
    .open = '<',
    .close = '>',
    .text = "'{quoted}'",
    .tables = "TABLES",
    .columns = "COLUMNS {name}",
    .table = "{name}",
    .count = "COUNT {table}",
    .all = "ALL {cells} OF {table}",
    .page = "ALL {cells} OF {table}{where} LIMIT {n}",
    .one = "ONE {cells} OF {table}{where}",
    .streams = true,
};

static enum status
fake_open(const struct sql_to *to, struct sql_session **out, struct buf *why)
{
	(void)to;
	(void)why;
	if (world.opened++ > 0 && world.shut_out)
		return ST_DENIED;
	*out = calloc(1, sizeof(**out));
	assert_non_null(*out);
	return ST_OK;
}

static void
fake_close(struct sql_session *s)
{
	free(s);
}

static const struct sql_dialect *
fake_dialect(const struct sql_session *s)
{
	(void)s;
	plain.kinds = world.words ? wordy : kinds;
	plain.keyset = world.paged;
	return &plain;
}

static enum status
fake_run(struct sql_session *s, const char *sql)
{
	(void)sql;
	return s->dead ? ST_CLOSED : ST_OK;
}

static uint64_t
number_behind(const char *sql, const char *word)
{
	const char *at = strstr(sql, word);

	return at != NULL ? strtoull(at + strlen(word), NULL, 10) : 0;
}

static enum status
fake_query(struct sql_session *s, const char *sql)
{
	if (s->dead)
		return ST_CLOSED;
	s->asked = strcmp(sql, "TABLES") == 0        ? TABLES
		   : strncmp(sql, "COLUMNS", 7) == 0 ? COLUMNS
		   : strncmp(sql, "COUNT", 5) == 0   ? COUNT
		   : strncmp(sql, "ONE", 3) == 0     ? ONE
						     : ALL;
	s->at = s->asked == ALL   ? number_behind(sql, " > ")
		: s->asked == ONE ? number_behind(sql, " = ")
				  : 0;
	s->from = number_behind(sql, "PART ");
	return ST_OK;
}

/* That piece of a file; none: its end. */
static enum status
give_piece(struct sql_session *s, uint64_t row, unsigned nth,
	   struct span *piece)
{
	*piece = nth < 2 ? span_str(nth == 0 ? "ab" : "cd") : span_str("");
	if (row != BROKEN || nth == 0)
		return ST_OK;
	s->dead = world.deaf;
	return world.ends;
}

static enum status
fetch_row(struct sql_session *s, struct span *cell)
{
	if (s->dead)
		return ST_CLOSED;
	if (s->at == ROWS)
		return ST_EOF;
	snprintf(s->text, sizeof(s->text), "%llu", (unsigned long long)++s->at);
	s->pieces = 0;
	cell[0] = span_str(s->text);
	if (world.words) {
		cell[1] = span_of(NULL, 0);
		cell[2] = span_str("1");
	} else {
		cell[1] = (struct span){.len = SQL_TO_COME};
	}
	return ST_OK;
}

static enum status
fetch_part(struct sql_session *s, struct span *cell)
{
	uint64_t row = s->at;

	if (row == 0)
		return ST_EOF;
	s->at = 0;
	return give_piece(
	    s, row, s->from > 1 ? 1 + (s->from > SQL_PIECE + 1) : 0, cell);
}

/* A file that comes in pieces stands in front: it is asked for last. */
static enum status
fetch_column(struct sql_session *s, struct span *cell)
{
	bool file = s->at++ == (world.words ? 1 : 0);

	if (s->at > 2)
		return ST_EOF;
	cell[0] = span_str(file ? "file" : "id");
	cell[1] = span_str(file ? "b" : "n");
	cell[2] = span_str(file ? "0" : "1");
	cell[3] = span_str(file ? "1" : "0");
	return ST_OK;
}

static enum status
fake_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	if (s->asked == ALL) {
		assert_int_equal(cells, world.words ? 3 : 2);
		return fetch_row(s, cell);
	}
	if (s->asked == ONE)
		return fetch_part(s, cell);
	if (s->asked == COLUMNS)
		return fetch_column(s, cell);
	if (s->at++ > 0)
		return ST_EOF;
	cell[0] = span_str(s->asked == COUNT ? "4" : "s");
	if (s->asked == TABLES) {
		cell[1] = span_str("t");
		cell[2] = span_str("t");
	}
	return ST_OK;
}

static enum status
fake_piece(struct sql_session *s, size_t i, struct span *piece)
{
	assert_int_equal(i, 1);
	return s->dead ? ST_CLOSED : give_piece(s, s->at, s->pieces++, piece);
}

static const char *
fake_trouble(const struct sql_session *s)
{
	(void)s;
	return "no room for 4111111111111111";
}

static const struct sql_ops ops = {
    .port = 1,
    .open = fake_open,
    .close = fake_close,
    .dialect = fake_dialect,
    .run = fake_run,
    .query = fake_query,
    .fetch = fake_fetch,
    .piece = fake_piece,
    .trouble = fake_trouble,
};

/* ---- what comes of it ---- */

static struct source *
begin(void)
{
	static uint8_t access[64];
	size_t given = 0;
	struct source_target t = {
	    .path = span_str("fake://anna@127.0.0.1/s"),
	};
	struct source_item item;
	struct source *s = NULL;

	assert_int_equal(pairs_add(access, sizeof(access), &given,
				   span_str("password"), span_str("secret")),
			 ST_OK);
	t.access.bytes = span_of(access, given);
	assert_int_equal(sql_open(&t, &ops, &s), ST_OK);
	assert_int_equal(sql_next(s, &item), ST_OK);
	assert_int_equal(item.reason, COVER_OK);
	return s;
}

static struct span
take_text(struct span *s)
{
	uint32_t n = codec_get32(s->ptr);
	struct span text = span_of(s->ptr + 4, n == ROWS_NULL ? 0 : n);

	*s = span_skip(*s, 4 + text.len);
	return text;
}

/* "R1 L1=ab +cd . U3(io) E": records by their letters. */
static void
say_record(struct span *s, char says[64])
{
	struct span a, b;
	uint8_t tag = s->ptr[0];

	*s = span_skip(*s, tag == 'L' || tag == 'U' ? 5 : 1);
	if (tag == 'E') {
		*s = span_skip(*s, 16);
		snprintf(says, 64, "E");
		return;
	}
	if (tag == 'N')
		*s = span_skip(*s, 1);
	a = take_text(s);
	if (tag == 'U')
		*s = span_skip(*s, 1);
	b = tag == 'M' || tag == 'N' ? span_str("") : take_text(s);
	snprintf(says, 64, "%c%.*s%s%.*s ", tag, (int)a.len,
		 (const char *)a.ptr, b.len > 0 ? "=" : "", (int)b.len,
		 (const char *)b.ptr);
}

static void
is_read(enum status end, const char *want)
{
	struct source *s = begin();
	size_t got = 1;
	char says[512] = "", one[64];
	enum status st = ST_OK;
	struct span rest;
	struct buf b;

	buf_init(&b, 65536);
	while (st == ST_OK && got > 0) {
		assert_int_equal(buf_reserve(&b, 4096), ST_OK);
		st = sql_read(s, b.data + b.len, 4096, &got);
		b.len += got;
	}
	assert_int_equal(st, end);
	rest = span_skip(buf_span(&b), ROWS_MAGIC_LEN + 4 + 5 + 2 + 5 + 4);
	while (rest.len > 0) {
		say_record(&rest, one);
		strncat(says, one, sizeof(says) - strlen(says) - 1);
	}
	assert_string_equal(says, want);
	buf_fini(&b);
	sql_close(s);
	memset(&world, 0, sizeof(world));
}

#define ROW(n) "R" n " L" n "=ab Mcd M "
#define HALF   "R3 L3=ab M U3=no room for  "

static void
a_cell_comes_in_pieces_behind_its_row_and_has_its_key(void **state)
{
	(void)state;
	world.ends = ST_OK;
	is_read(ST_OK, ROW("1") ROW("2") ROW("3") ROW("4") "E");
}

static void
one_that_breaks_is_named_and_the_table_goes_on(void **state)
{
	(void)state;
	for (unsigned paged = 0; paged < 2; paged++) {
		world.ends = ST_IO;
		world.paged = paged == 1;
		is_read(ST_OK, ROW("1") ROW("2") HALF ROW("4") "E");
	}
}

static void
one_that_takes_the_connection_along_ends_no_pages(void **state)
{
	(void)state;
	world.ends = ST_CLOSED;
	world.deaf = world.paged = true;
	is_read(ST_OK, ROW("1") ROW("2") HALF ROW("4") "E");
}

#define ROWS_FIRST "R1 R2 R3 R4 "
#define FILE(n)    "L" n "=ab Mcd M "

static void
one_that_a_statement_cannot_give_is_named(void **state)
{
	static const enum status ends[] = {ST_IO, ST_AGAIN, ST_LIMIT,
					   ST_DENIED};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(ends) / sizeof(ends[0]); i++) {
		world.words = true;
		world.ends = ends[i / 2];
		world.paged = i % 2 == 1;
		is_read(ST_OK, ROWS_FIRST FILE("1")
				   FILE("2") "L3=ab M "
					     "U3=no room for  " FILE("4") "E");
	}
}

static void
where_nobody_is_let_in_again_that_is_the_end(void **state)
{
	(void)state;
	world.words = world.deaf = world.shut_out = true;
	world.ends = ST_IO;
	is_read(ST_IO, ROWS_FIRST FILE("1")
			   FILE("2") "L3=ab M "
				     "U3=no room for  Nthe connection was lost "
				     "and did not come back ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_cell_comes_in_pieces_behind_its_row_and_has_its_key),
	    cmocka_unit_test(one_that_breaks_is_named_and_the_table_goes_on),
	    cmocka_unit_test(one_that_takes_the_connection_along_ends_no_pages),
	    cmocka_unit_test(one_that_a_statement_cannot_give_is_named),
	    cmocka_unit_test(where_nobody_is_let_in_again_that_is_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
