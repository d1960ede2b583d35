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

#include "base/clock.h"
#include "base/codec.h"
#include "base/str.h"
#include "model/object.h"
#include "model/rows.h"
#include "proxy-agent/source/sql/source.h"
#include "sys/pace.h"

/*
 * A server of one column, whose rows are the numbers from 1. Table `keyed` has
 * a key, `bare` none, `shut` is refused, `seen` is a view.
 */
static struct {
	uint64_t rows, counted;
	unsigned opened, pages;
	uint64_t lost_at; /* rows sent until the connection breaks; 0: never */
	bool shut_out;    /* who comes back is refused */
	bool shares;      /* a second session may see what the first sees */
	unsigned joined;  /* how many came to do so */
	uint64_t sent;
	uint64_t bytes;  /* of a table, as the server says */
	unsigned both;   /* how often the count was asked for with the rows */
	unsigned counts; /* how often by itself */
	uint64_t aside;  /* what it is to another session, beside the rows */
	bool altered;    /* who comes back finds another column */
	bool dropped;    /* or none */
} world;

/* How long it thinks about a page, by the clock of who hears of it. */
static struct {
	struct clock_fake clock;
	struct pace pace;
	uint64_t think_us, late_us;
	unsigned late_from; /* pages */
} thinking;

struct sql_session {
	enum { NOTHING, TABLES, COLUMNS, NUMBERS, ONE, SHARE, SIZE } asked;
	uint64_t at, end;
	bool keyed, dead, then_one, aside;
	char text[32];
};

static const struct sql_kind kinds[] = {{.letter = 'n', .literal = "{text}"},
					{0}};

static const struct sql_dialect plain = {
    .open = '<',
    .close = '>',
    .text = "'{quoted}'",
    .tables = "TABLES",
    .columns = "COLUMNS {name}",
    .begin = "BEGIN",
    .end = "END",
    .table = "{schema}.{name}",
    .count = "COUNT {table}",
    .all = "ALL {cells} OF {table}",
    .page = "PAGE {cells} OF {table}{where}{order} LIMIT {n}",
    .keyset = true,
    .kinds = kinds,
};

static enum status
fake_open(const struct sql_to *to, struct sql_session **out, struct buf *why)
{
	assert_string_equal(to->user, "anna");
	assert_string_equal(to->password, "secret");
	assert_true(to->here);
	world.opened++;
	if (world.shut_out && world.opened > 1) {
		(void)why;
		return ST_DENIED;
	}
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
	return &plain;
}

static enum status
fake_run(struct sql_session *s, const char *sql)
{
	(void)sql;
	return s->dead ? ST_CLOSED : ST_OK;
}

static void
ask_numbers(struct sql_session *s, const char *sql)
{
	const char *above = strstr(sql, " > "), *limit = strstr(sql, " LIMIT ");

	s->asked = NUMBERS;
	s->at = above != NULL ? strtoull(above + 3, NULL, 10) : 0;
	s->end = world.rows;
	if (limit != NULL && s->end - s->at > strtoull(limit + 7, NULL, 10))
		s->end = s->at + strtoull(limit + 7, NULL, 10);
	clock_fake_pass(&thinking.clock, world.pages < thinking.late_from
					     ? thinking.think_us
					     : thinking.late_us);
	world.pages++;
}

static enum status
fake_query(struct sql_session *s, const char *sql)
{
	if (s->dead)
		return ST_CLOSED;
	if (strstr(sql, "<shut>") != NULL)
		return ST_DENIED;
	s->at = 0;
	if (strcmp(sql, "TABLES") == 0)
		s->asked = TABLES;
	else if (strncmp(sql, "COLUMNS", 7) == 0) {
		s->asked = COLUMNS;
		s->keyed = strstr(sql, "'keyed'") != NULL;
	} else if (strncmp(sql, "COUNT", 5) == 0) {
		s->asked = ONE;
		world.counts += !s->aside;
	} else
		ask_numbers(s, sql);
	return ST_OK;
}

static enum status
fetch_number(struct sql_session *s, struct span *cell)
{
	if (s->at == s->end && s->then_one) {
		s->asked = ONE;
		s->at = 0;
		s->then_one = false;
		return ST_EOF;
	}
	if (s->at == s->end)
		return ST_EOF;
	if (world.lost_at > 0 && world.sent == world.lost_at) {
		world.lost_at = 0;
		s->dead = true;
		return ST_CLOSED;
	}
	world.sent++;
	snprintf(s->text, sizeof(s->text), "%llu", (unsigned long long)++s->at);
	cell[0] = span_str(s->text);
	return ST_OK;
}

static enum status
fake_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	static const char *const tables[][2] = {
	    {"shut", "t"}, {"keyed", "t"}, {"bare", "t"}, {"seen", "v"}};

	if (s->asked == NUMBERS) {
		assert_int_equal(cells, 1);
		return fetch_number(s, cell);
	}
	if (s->asked == TABLES && s->at < 4) {
		cell[0] = span_str("s");
		cell[1] = span_str(tables[s->at][0]);
		cell[2] = span_str(tables[s->at++][1]);
		return ST_OK;
	}
	if (s->asked == TABLES || s->at++ > 0 ||
	    (s->asked == COLUMNS && world.dropped && world.opened > 1))
		return ST_EOF;
	cell[0] = span_str(world.altered && world.opened > 1 ? "no" : "id");
	if (s->asked == ONE) {
		snprintf(s->text, sizeof(s->text), "%llu",
			 (unsigned long long)(s->aside ? world.aside
						       : world.counted));
		cell[0] = span_str(s->text);
		return ST_OK;
	}
	cell[1] = span_str("n");
	cell[2] = span_str(s->keyed ? "1" : "0");
	cell[3] = span_str("0");
	return ST_OK;
}

static const char *
fake_trouble(const struct sql_session *s)
{
	(void)s;
	return "it is shut";
}

static const struct sql_ops ops = {
    .port = 1,
    .open = fake_open,
    .close = fake_close,
    .dialect = fake_dialect,
    .run = fake_run,
    .query = fake_query,
    .fetch = fake_fetch,
    .trouble = fake_trouble,
};

/* ---- the same, where a query need not be waited for ---- */

static enum status
fake_send(struct sql_session *s, const char *sql)
{
	assert_int_equal(strncmp(sql, "COUNT", 5), 0);
	s->aside = true;
	return fake_query(s, sql);
}

static const struct sql_ops sending_ops = {
    .port = 1,
    .open = fake_open,
    .close = fake_close,
    .dialect = fake_dialect,
    .run = fake_run,
    .query = fake_query,
    .send = fake_send,
    .fetch = fake_fetch,
    .trouble = fake_trouble,
};

/* ---- the same, where a state can be shared ---- */

static struct sql_dialect sharing;

static const struct sql_dialect *
sharing_dialect(const struct sql_session *s)
{
	(void)s;
	sharing = plain;
	sharing.share = "SHARE";
	sharing.join = "JOIN '{quoted}'";
	return &sharing;
}

static enum status
sharing_run(struct sql_session *s, const char *sql)
{
	if (strncmp(sql, "JOIN", 4) == 0) {
		assert_string_equal(sql, "JOIN 'it''s 1'");
		world.joined++;
	}
	return fake_run(s, sql);
}

static enum status
sharing_query(struct sql_session *s, const char *sql)
{
	if (strcmp(sql, "SHARE") != 0)
		return fake_query(s, sql);
	s->asked = SHARE;
	s->at = 0;
	return world.shares ? ST_OK : ST_IO;
}

static enum status
sharing_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	if (s->asked != SHARE)
		return fake_fetch(s, cell, cells);
	cell[0] = span_str("it's 1");
	return s->at++ == 0 ? ST_OK : ST_EOF;
}

static const struct sql_ops sharing_ops = {
    .port = 1,
    .open = fake_open,
    .close = fake_close,
    .dialect = sharing_dialect,
    .run = sharing_run,
    .query = sharing_query,
    .fetch = sharing_fetch,
    .trouble = fake_trouble,
};

/* ---- and both at once can be asked ---- */

static struct sql_dialect far;

static const struct sql_dialect *
far_dialect(const struct sql_session *s)
{
	far = *sharing_dialect(s);
	far.size = "SIZE {name}";
	far.rest = "REST {cells} OF {table}{where}{order}";
	return &far;
}

static enum status
far_query(struct sql_session *s, const char *sql)
{
	if (strncmp(sql, "SIZE", 4) != 0)
		return sharing_query(s, sql);
	s->asked = SIZE;
	s->at = 0;
	return s->dead ? ST_CLOSED : ST_OK;
}

static enum status
far_query_both(struct sql_session *s, const char *sql, const char *then)
{
	assert_int_equal(strncmp(sql, "REST", 4), 0);
	assert_int_equal(strncmp(then, "COUNT", 5), 0);
	world.both++;
	s->then_one = true;
	return fake_query(s, sql);
}

static enum status
far_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	if (s->asked != SIZE)
		return sharing_fetch(s, cell, cells);
	snprintf(s->text, sizeof(s->text), "%llu",
		 (unsigned long long)world.bytes);
	cell[0] = span_str(s->text);
	return s->at++ == 0 ? ST_OK : ST_EOF;
}

static const struct sql_ops far_ops = {
    .port = 1,
    .open = fake_open,
    .close = fake_close,
    .dialect = far_dialect,
    .run = sharing_run,
    .query = far_query,
    .query_both = far_query_both,
    .fetch = far_fetch,
    .trouble = fake_trouble,
};

/* ---- what a test sees ---- */

static struct source *
begin_with(const struct sql_ops *with, uint64_t rows, const char *name,
	   const char *value, const char *cursor, bool browse)
{
	static uint8_t access[64], options[64];
	size_t given = 0, chosen = 0;
	struct source_target t = {
	    .path = span_str("fake://anna@127.0.0.1/s"),
	    .cursor = span_of(cursor, cursor == NULL ? 0 : 8),
	    .browse = browse,
	    .pace = thinking.think_us > 0 ? &thinking.pace : NULL,
	};
	struct source *s = NULL;

	memset(&world, 0, sizeof(world));
	world.rows = world.counted = rows;
	assert_int_equal(pairs_add(access, sizeof(access), &given,
				   span_str("password"), span_str("secret")),
			 ST_OK);
	if (name != NULL)
		assert_int_equal(pairs_add(options, sizeof(options), &chosen,
					   span_str(name), span_str(value)),
				 ST_OK);
	t.access.bytes = span_of(access, given);
	t.options.bytes = span_of(options, chosen);
	assert_int_equal(sql_open(&t, with, &s), ST_OK);
	return s;
}

static struct source *
begin(uint64_t rows, const char *name, const char *value, const char *cursor,
      bool browse)
{
	return begin_with(&ops, rows, name, value, cursor, browse);
}

static bool
next_is(struct source *s, const char *name)
{
	struct source_item item;

	while (sql_next(s, &item) == ST_OK)
		if (str_ends(item.path, name))
			return true;
	return false;
}

/* "rows=N end=E,read,counted", and each number once and in its order. */
static enum status
read_table(struct source *s, char *says, size_t room)
{
	struct buf b;
	size_t got = 1, at = ROWS_MAGIC_LEN + 4 + 1 + 4 + 2;
	uint64_t rows = 0;
	enum status st = ST_OK;

	buf_init(&b, (size_t)64 << 20);
	while (st == ST_OK && got > 0) {
		assert_int_equal(buf_reserve(&b, 65536), ST_OK);
		st = sql_read(s, b.data + b.len, 65536, &got);
		b.len += got;
	}
	while (at < b.len && b.data[at] == 'R') {
		uint32_t n = codec_get32(b.data + at + 1);
		uint64_t number;

		assert_int_equal(str_to_u64(span_of(b.data + at + 5, n), 0,
					    UINT64_MAX, &number),
				 ST_OK);
		assert_int_equal(number, ++rows);
		at += 5 + n;
	}
	snprintf(says, room, "rows=%llu", (unsigned long long)rows);
	if (at + 1 < b.len && b.data[at] == 'N')
		snprintf(says, room, "rows=%llu %s", (unsigned long long)rows,
			 cover_name(b.data[at + 1]));
	if (st == ST_OK && b.len - at == 17)
		snprintf(says, room, "rows=%llu end=%c,%llu,%llu",
			 (unsigned long long)rows, b.data[at],
			 (unsigned long long)codec_get64(b.data + at + 1),
			 (unsigned long long)codec_get64(b.data + at + 9));
	buf_fini(&b);
	return st;
}

static void
is_read(struct source *s, const char *want)
{
	char says[96];

	assert_int_equal(read_table(s, says, sizeof(says)), ST_OK);
	assert_string_equal(says, want);
}

/* ---- tests ---- */

static void
a_table_is_read_page_by_page_each_row_once(void **state)
{
	struct source *s = begin(50001, "include", "keyed", NULL, false);

	(void)state;
	assert_true(next_is(s, "/s/keyed"));
	is_read(s, "rows=50001 end=E,50001,50001");
	assert_int_equal(world.pages, 3);
	assert_int_equal(world.opened, 1);
	sql_close(s);
}

/* Whether it is strained after ten pages. */
static bool
strains(uint64_t think_us, uint64_t late_us, unsigned from)
{
	struct source *s;

	thinking.think_us = think_us;
	thinking.late_us = late_us;
	thinking.late_from = from;
	clock_fake_init(&thinking.clock, 0);
	pace_init(&thinking.pace, &thinking.clock.clock);
	s = begin(200000, "include", "keyed", NULL, false);
	assert_true(next_is(s, "/s/keyed"));
	is_read(s, "rows=200000 end=E,200000,200000");
	assert_int_equal(thinking.pace.under_way, 0);
	assert_true(thinking.pace.answers >= 10);
	sql_close(s);
	thinking.think_us = thinking.late_us = 0;
	return pace_strained(&thinking.pace);
}

static void
pages_that_begin_to_come_late_strain_the_server(void **state)
{
	(void)state;
	assert_false(strains(20000, 0, 100));
	assert_false(strains(1500000, 0, 100)); /* it always takes so long */
	assert_true(strains(20000, 1500000, 6));
}

static void
a_last_page_that_is_full_has_an_empty_one_behind_it(void **state)
{
	struct source *s = begin(40000, "include", "keyed", NULL, false);

	(void)state;
	assert_true(next_is(s, "/s/keyed"));
	is_read(s, "rows=40000 end=E,40000,40000");
	assert_int_equal(world.pages, 3);
	sql_close(s);
}

static void
a_connection_that_is_lost_is_taken_up_behind_the_last_row(void **state)
{
	static const uint64_t cuts[] = {1, 2, 19999, 20000, 20001, 50000};

	(void)state;
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct source *s = begin(50001, NULL, NULL, NULL, false);

		assert_true(next_is(s, "/s/keyed"));
		world.lost_at = cuts[i];
		is_read(s, "rows=50001 end=E,50001,50001");
		assert_int_equal(world.opened, 2);
		sql_close(s);
	}
}

/* The second one is called in behind the first page. */
static void
a_second_connection_goes_on_in_the_state_that_was_seen(void **state)
{
	static const struct {
		uint64_t rows, lost_at;
		bool shares;
		unsigned opened, joined;
	} cases[] = {
	    {50001, 0, true, 2, 1},      /* it was not needed */
	    {50001, 30000, true, 3, 2},  /* and another stands by for it */
	    {50001, 50000, true, 2, 1},  /* in the last page, alone */
	    {50001, 100, true, 3, 1},    /* too early */
	    {50001, 30000, false, 2, 0}, /* the server does not share */
	    {19999, 0, true, 1, 0},      /* one page */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source *s = begin_with(&sharing_ops, cases[i].rows, NULL,
					      NULL, NULL, false);
		char want[64];

		assert_true(next_is(s, "/s/keyed"));
		world.lost_at = cases[i].lost_at;
		world.shares = cases[i].shares;
		snprintf(want, sizeof(want), "rows=%llu end=E,%llu,%llu",
			 (unsigned long long)cases[i].rows,
			 (unsigned long long)cases[i].rows,
			 (unsigned long long)cases[i].rows);
		is_read(s, want);
		assert_int_equal(world.opened, cases[i].opened);
		assert_int_equal(world.joined, cases[i].joined);
		sql_close(s);
	}
}

/* Behind the first page, all that is left, with its count; a large table, whose
 * count takes long, in larger pages. */
static void
what_is_left_behind_the_first_page_is_one_answer(void **state)
{
	static const struct {
		uint64_t rows, lost_at, bytes;
		unsigned opened, pages, both;
		bool shares;
	} cases[] = {
	    {50001, 0, 1 << 20, 2, 2, 1, true},
	    {50001, 0, 1 << 20, 1, 2, 1, false}, /* by one connection */
	    {500001, 0, UINT64_C(1) << 40, 2, 4, 0, true},
	    {50001, 30000, 1 << 20, 3, 4, 2, true}, /* a page first */
	    {50001, 100, 1 << 20, 3, 3, 1, true},
	    {19999, 0, 1 << 20, 1, 1, 0, true}, /* one page */
	    {20000, 0, 1 << 20, 2, 2, 1, true}, /* nothing is left */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source *s = begin_with(&far_ops, cases[i].rows,
					      "include", "keyed", NULL, false);
		char want[64];

		assert_true(next_is(s, "/s/keyed"));
		world.lost_at = cases[i].lost_at;
		world.shares = cases[i].shares;
		world.bytes = cases[i].bytes;
		world.counted = cases[i].rows + 1; /* the server's own */
		snprintf(want, sizeof(want), "rows=%llu end=E,%llu,%llu",
			 (unsigned long long)cases[i].rows,
			 (unsigned long long)cases[i].rows,
			 (unsigned long long)cases[i].rows + 1);
		is_read(s, want);
		assert_int_equal(world.opened, cases[i].opened);
		assert_int_equal(world.pages, cases[i].pages);
		assert_int_equal(world.both, cases[i].both);
		sql_close(s);
	}
}

/* A number that is not that of the rows may be of another state. */
static void
a_count_beside_the_rows_is_believed_when_it_confirms_them(void **state)
{
	static const struct {
		uint64_t rows, aside, lost_at;
		unsigned opened, counts;
		bool shut_out;
		const char *table;
	} cases[] = {
	    {150001, 150001, 0, 2, 0, false, "keyed"},
	    {150001, 150002, 0, 2, 1, false, "keyed"},
	    {150001, 150000, 0, 2, 1, false, "keyed"},
	    /* the rest is of a new state */
	    {150001, 150001, 130000, 3, 1, false, "keyed"},
	    /* one connection must do */
	    {150001, 150001, 0, 2, 1, true, "keyed"},
	    {150001, 150001, 0, 2, 0, false, "bare"},
	    {150001, 150002, 0, 2, 1, false, "bare"},
	    {99999, 99999, 0, 1, 1, false, "keyed"}, /* soon counted */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source *s =
		    begin_with(&sending_ops, cases[i].rows, "include",
			       cases[i].table, NULL, false);
		unsigned long long counted = cases[i].rows + cases[i].counts;
		char want[64];

		assert_true(next_is(s, cases[i].table));
		world.aside = cases[i].aside;
		world.lost_at = cases[i].lost_at;
		world.shut_out = cases[i].shut_out;
		world.counted = cases[i].rows + 1; /* rows that were not sent */
		snprintf(want, sizeof(want), "rows=%llu end=E,%llu,%llu",
			 (unsigned long long)cases[i].rows,
			 (unsigned long long)cases[i].rows, counted);
		is_read(s, want);
		assert_int_equal(world.opened, cases[i].opened);
		assert_int_equal(world.counts, cases[i].counts);
		sql_close(s);
	}
}

static void
nothing_is_counted_beside_a_sample(void **state)
{
	struct source *s =
	    begin_with(&sending_ops, 150001, "sample", "130000", NULL, false);

	(void)state;
	assert_true(next_is(s, "/s/keyed"));
	is_read(s, "rows=130000 end=S,130000,150001");
	assert_int_equal(world.opened, 1);
	sql_close(s);
}

/* Whoever wants few rows a second, or a part of them, gets short pages. */
static void
a_sample_is_read_to_its_end_and_no_further(void **state)
{
	struct source *s =
	    begin_with(&far_ops, 50001, "sample", "30000", NULL, false);

	(void)state;
	assert_true(next_is(s, "/s/keyed"));
	world.shares = true;
	is_read(s, "rows=30000 end=S,30000,50001");
	assert_int_equal(world.sent, 30000);
	assert_int_equal(world.both, 0);
	sql_close(s);
}

static void
a_table_with_other_columns_than_before_is_not_gone_on_with(void **state)
{
	struct source *s = begin(50001, NULL, NULL, NULL, false);
	char says[96];

	(void)state;
	assert_true(next_is(s, "/s/keyed"));
	world.lost_at = 30000;
	world.altered = true;
	assert_int_equal(read_table(s, says, sizeof(says)), ST_IO);
	assert_int_equal(world.opened, 2);
	sql_close(s);
}

static void
a_table_that_is_dropped_while_it_is_read_is_gone(void **state)
{
	struct source *s = begin(50001, NULL, NULL, NULL, false);
	char says[96];

	(void)state;
	assert_true(next_is(s, "/s/keyed"));
	world.lost_at = 30000;
	world.dropped = true;
	assert_int_equal(read_table(s, says, sizeof(says)), ST_IO);
	assert_string_equal(says, "rows=30000 vanished");
	assert_int_equal(world.opened, 2); /* and not asked for again */
	sql_close(s);
}

static void
without_a_key_it_cannot_be_and_that_is_an_error(void **state)
{
	struct source *s = begin(50001, NULL, NULL, NULL, false);
	char says[96];

	(void)state;
	assert_true(next_is(s, "/s/bare"));
	world.lost_at = 30000;
	assert_int_equal(read_table(s, says, sizeof(says)), ST_IO);
	assert_true(next_is(s, "/s/keyed")); /* by a connection of its own */
	is_read(s, "rows=50001 end=E,50001,50001");
	sql_close(s);
}

/* Its header was given, and no row. */
static void
a_small_one_without_a_key_is_read_anew(void **state)
{
	static const uint64_t cuts[] = {1, 2, 99, 100};

	(void)state;
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct source *s = begin(101, NULL, NULL, NULL, false);

		assert_true(next_is(s, "/s/bare"));
		world.lost_at = cuts[i];
		is_read(s, "rows=101 end=E,101,101");
		assert_int_equal(world.opened, 2);
		sql_close(s);
	}
}

static void
what_came_before_a_break_is_given(void **state)
{
	struct source *s = begin(50001, NULL, NULL, NULL, false);
	char says[96];

	(void)state;
	assert_true(next_is(s, "/s/bare"));
	world.lost_at = 50000;
	assert_int_equal(read_table(s, says, sizeof(says)), ST_IO);
	assert_string_equal(says, "rows=50000 io");
	sql_close(s);
}

static void
who_is_refused_when_he_comes_back_does_not_ask_again(void **state)
{
	struct source *s = begin(50001, NULL, NULL, NULL, false);
	char says[96];

	(void)state;
	assert_true(next_is(s, "/s/keyed"));
	world.lost_at = 100;
	world.shut_out = true;
	assert_int_equal(read_table(s, says, sizeof(says)), ST_IO);
	assert_int_equal(world.opened, 2);
	sql_close(s);
}

static void
rows_that_came_and_went_meanwhile_are_told(void **state)
{
	struct source *s = begin(100, NULL, NULL, NULL, false);

	(void)state;
	world.counted = 103;
	assert_true(next_is(s, "/s/bare"));
	is_read(s, "rows=100 end=E,100,103");
	sql_close(s);
}

static void
a_sample_ends_where_it_was_ordered_to_and_says_so(void **state)
{
	static const struct {
		const char *table, *sample, *want;
	} cases[] = {
	    {"/s/keyed", "30000", "rows=30000 end=S,30000,50001"},
	    {"/s/keyed", "20000", "rows=20000 end=S,20000,50001"},
	    {"/s/bare", "7", "rows=7 end=S,7,50001"},
	    {"/s/keyed", "60000", "rows=50001 end=E,50001,50001"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source *s =
		    begin(50001, "sample", cases[i].sample, NULL, false);

		assert_true(next_is(s, cases[i].table));
		is_read(s, cases[i].want);
		sql_close(s);
	}
}

static void
tables_come_in_order_and_as_they_were_chosen(void **state)
{
	static const struct {
		const char *option, *value, *cursor, *want;
		bool browse;
	} cases[] = {
	    {NULL, NULL, NULL, "bare keyed shut! ", false},
	    {"views", "yes", NULL, "bare keyed seen shut! ", false},
	    {"exclude", "b*", NULL, "keyed shut! ", false},
	    {"include", "keyed,bare", NULL, "bare keyed ", false},
	    {NULL, NULL, "\0s\0keyed", "shut! ", false},
	    {NULL, NULL, NULL, "bare keyed seen shut ", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source *s = begin(3, cases[i].option, cases[i].value,
					 cases[i].cursor, cases[i].browse);
		struct source_item item;
		char got[64] = "";
		size_t n = 0;

		while (sql_next(s, &item) == ST_OK) {
			struct span name = item.path, part;

			while (str_next(&name, '/', &part) && name.len > 0)
				continue;
			n += (size_t)snprintf(
			    got + n, sizeof(got) - n, "%.*s%s ", (int)part.len,
			    (const char *)part.ptr,
			    item.reason == COVER_OK ? "" : "!");
			assert_false(item.folder);
		}
		assert_string_equal(got, cases[i].want);
		sql_close(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_table_is_read_page_by_page_each_row_once),
	    cmocka_unit_test(pages_that_begin_to_come_late_strain_the_server),
	    cmocka_unit_test(
		a_last_page_that_is_full_has_an_empty_one_behind_it),
	    cmocka_unit_test(
		a_connection_that_is_lost_is_taken_up_behind_the_last_row),
	    cmocka_unit_test(
		a_second_connection_goes_on_in_the_state_that_was_seen),
	    cmocka_unit_test(what_is_left_behind_the_first_page_is_one_answer),
	    cmocka_unit_test(
		a_count_beside_the_rows_is_believed_when_it_confirms_them),
	    cmocka_unit_test(nothing_is_counted_beside_a_sample),
	    cmocka_unit_test(a_sample_is_read_to_its_end_and_no_further),
	    cmocka_unit_test(
		a_table_with_other_columns_than_before_is_not_gone_on_with),
	    cmocka_unit_test(a_table_that_is_dropped_while_it_is_read_is_gone),
	    cmocka_unit_test(without_a_key_it_cannot_be_and_that_is_an_error),
	    cmocka_unit_test(a_small_one_without_a_key_is_read_anew),
	    cmocka_unit_test(what_came_before_a_break_is_given),
	    cmocka_unit_test(
		who_is_refused_when_he_comes_back_does_not_ask_again),
	    cmocka_unit_test(rows_that_came_and_went_meanwhile_are_told),
	    cmocka_unit_test(a_sample_ends_where_it_was_ordered_to_and_says_so),
	    cmocka_unit_test(tables_come_in_order_and_as_they_were_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
