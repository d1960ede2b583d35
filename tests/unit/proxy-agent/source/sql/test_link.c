#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/source/sql/link.h"

/* A server that says what the tests want, and notes what it heard. */
static struct {
	enum status open;    /* what connecting gives */
	unsigned fails;      /* so often it gives ST_CLOSED before */
	enum status query;   /* what the question for the state gives */
	const char *name[3]; /* its answers */
	enum status run;
	unsigned run_fails; /* so often it gives ST_CLOSED before */
	unsigned opened, closed;
	char heard[400], to[200];
} world;

struct sql_session {
	unsigned at;
};

static const char *share = "SHARE";

static enum status
fake_open(const struct sql_to *to, struct sql_session **out, struct buf *why)
{
	(void)why;
	world.opened++;
	snprintf(world.to, sizeof(world.to), "%s@%s:%u/%s %s%s", to->user,
		 to->host, to->port, to->database,
		 to->password == NULL ? "(none)" : to->password,
		 to->here ? " here" : "");
	if (world.fails > 0) {
		world.fails--;
		return ST_CLOSED;
	}
	if (world.open != ST_OK)
		return world.open;
	*out = calloc(1, sizeof(**out));
	assert_non_null(*out);
	return ST_OK;
}

static void
fake_close(struct sql_session *s)
{
	world.closed += s != NULL;
	free(s);
}

static const struct sql_dialect *
fake_dialect(const struct sql_session *s)
{
	static struct sql_dialect d = {
	    .begin = "BEGIN", .end = "END", .join = "JOIN '{quoted}'"};

	(void)s;
	d.share = share;
	return &d;
}

static enum status
fake_run(struct sql_session *s, const char *sql)
{
	(void)s;
	strncat(world.heard, sql,
		sizeof(world.heard) - 2 - strlen(world.heard));
	strncat(world.heard, ";", 2);
	if (world.run_fails > 0) {
		world.run_fails--;
		return ST_CLOSED;
	}
	return world.run;
}

static enum status
fake_query(struct sql_session *s, const char *sql)
{
	s->at = 0;
	assert_string_equal(sql, "SHARE");
	return world.query;
}

static enum status
fake_send(struct sql_session *s, const char *sql)
{
	return fake_run(s, sql);
}

static enum status
fake_fetch(struct sql_session *s, struct span *cell, size_t cells)
{
	assert_int_equal(cells, 1);
	if (world.name[s->at] == NULL)
		return ST_EOF;
	*cell = span_str(world.name[s->at++]);
	return ST_OK;
}

static const struct sql_ops ops = {
    .port = 99,
    .open = fake_open,
    .close = fake_close,
    .dialect = fake_dialect,
    .run = fake_run,
    .query = fake_query,
    .send = fake_send,
    .fetch = fake_fetch,
};

struct place {
	uint8_t access[400];
	struct source_target target;
	struct sql_link link;
	struct buf sql;
};

static void
begin(struct place *p, const char *url)
{
	size_t n = 0;

	memset(&world, 0, sizeof(world));
	memset(p, 0, sizeof(*p));
	share = "SHARE";
	assert_int_equal(pairs_add(p->access, sizeof(p->access), &n,
				   span_str("password"), span_str("p%s'")),
			 ST_OK);
	p->target.access.bytes = span_of(p->access, n);
	p->target.path = span_str(url);
	p->link.ops = &ops;
	buf_init(&p->sql, 1000);
	assert_int_equal(account_read_open(&p->link.login, &p->target), ST_OK);
}

/* All that was opened was closed. */
static void
end(struct place *p)
{
	sql_link_fini(&p->link);
	buf_fini(&p->sql);
}

static void
a_connection_is_made_as_the_target_says(void **state)
{
	static const struct {
		const char *url, *to;
	} rows[] = {
	    {"x://ann@h.example:7/", "ann@h.example:7/d p%s'"},
	    {"x://127.0.0.1/", "@127.0.0.1:99/d p%s' here"},
	    {"x://127.evil.example/", "@127.evil.example:99/d p%s'"},
	    {"x://127.0.0.1.evil/", "@127.0.0.1.evil:99/d p%s'"},
	    {"x://[::1]/", "@::1:99/d p%s' here"},
	    {"x://localhost/", "@localhost:99/d p%s' here"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;

		begin(&p, rows[i].url);
		assert_int_equal(sql_link_dial(&p.link, "d", NULL), ST_OK);
		assert_string_equal(world.to, rows[i].to);
		assert_string_equal(p.link.entered, "d");
		end(&p);
		assert_int_equal(world.closed, 1);
	}
}

static void
names_longer_than_libraries_take_are_refused(void **state)
{
	char url[400] = "x://", *at = url + 4;
	struct place p;

	(void)state;
	memset(at, 'u', 256);
	memcpy(at + 256, "@h/", 4);
	begin(&p, url);
	assert_int_equal(sql_link_dial(&p.link, "d", NULL), ST_LIMIT);
	assert_int_equal(world.opened, 0);
	end(&p);
}

static void
a_database_is_entered_once_and_a_refusal_ends_the_tries(void **state)
{
	struct place p;

	(void)state;
	begin(&p, "x://h/");
	assert_int_equal(sql_link_enter(&p.link, "d"), ST_OK);
	assert_int_equal(sql_link_enter(&p.link, "d"), ST_OK);
	assert_int_equal(world.opened, 1);
	assert_int_equal(sql_link_enter(&p.link, "e"), ST_OK);
	assert_int_equal(world.opened, 2);
	assert_int_equal(world.closed, 1);
	world.open = ST_DENIED;
	assert_int_equal(sql_link_enter(&p.link, "f"), ST_DENIED);
	assert_int_equal(world.opened, 3);
	assert_null(p.link.session);
	assert_null(p.link.entered);
	end(&p);
}

static void
a_second_connection_sees_what_the_first_sees(void **state)
{
	struct place p;

	(void)state;
	begin(&p, "x://h/");
	world.name[0] = "state'1";
	assert_int_equal(sql_link_dial(&p.link, "d", NULL), ST_OK);
	assert_int_equal(sql_link_share(&p.link, &p.sql), ST_OK);
	assert_non_null(p.link.second);
	assert_string_equal(world.heard, "BEGIN;JOIN 'state''1';");
	assert_int_equal(sql_link_share(&p.link, &p.sql), ST_OK);
	assert_int_equal(world.opened, 2);
	assert_true(sql_link_take_second(&p.link));
	assert_non_null(p.link.session);
	assert_false(sql_link_take_second(&p.link));
	sql_link_forget(&p.link);
	assert_int_equal(sql_link_share(&p.link, &p.sql), ST_OK);
	assert_int_equal(world.opened, 3);
	end(&p);
	assert_int_equal(world.closed, 3);
}

static void
where_none_can_be_had_one_must_do(void **state)
{
	static const struct {
		enum status query, open, run;
		const char *name[2], *share;
		enum status st;
		bool alone;
	} rows[] = {
	    {.share = NULL},
	    {.share = "SHARE", .query = ST_IO, .alone = true},
	    {.share = "SHARE", .query = ST_DENIED, .alone = true},
	    {.share = "SHARE",
	     .query = ST_CLOSED,
	     .st = ST_CLOSED,
	     .alone = true},
	    /* no name, or two */
	    {.share = "SHARE", .alone = false},
	    {.share = "SHARE", .name = {"a", "b"}, .alone = true},
	    {.share = "SHARE", .name = {"a"}, .open = ST_DENIED, .alone = true},
	    {.share = "SHARE", .name = {"a"}, .run = ST_IO, .alone = true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;

		begin(&p, "x://h/");
		assert_int_equal(sql_link_dial(&p.link, "d", NULL), ST_OK);
		share = rows[i].share;
		memcpy(world.name, rows[i].name, sizeof(rows[i].name));
		world.query = rows[i].query;
		world.open = rows[i].open;
		world.run = rows[i].run;
		assert_int_equal(sql_link_share(&p.link, &p.sql), rows[i].st);
		if (i != 4)
			assert_int_equal(p.link.alone, rows[i].alone);
		if (i != 4)
			assert_null(p.link.second);
		assert_non_null(p.link.session);
		end(&p);
		assert_int_equal(world.closed,
				 world.opened -
				     (rows[i].open != ST_OK ? 1 : 0));
	}
}

static void
a_name_that_is_too_long_is_none(void **state)
{
	static char name[1000];
	struct place p;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	begin(&p, "x://h/");
	world.name[0] = name;
	assert_int_equal(sql_link_dial(&p.link, "d", NULL), ST_OK);
	assert_int_equal(sql_link_share(&p.link, &p.sql), ST_OK);
	assert_null(p.link.second);
	assert_true(p.link.alone);
	end(&p);
}

static void
a_query_aside_has_a_connection_that_is_kept_for_the_next(void **state)
{
	struct place p;

	(void)state;
	begin(&p, "x://h/");
	assert_int_equal(sql_link_dial(&p.link, "d", NULL), ST_OK);
	sql_link_ask_aside(&p.link, "HOW MANY");
	assert_true(p.link.asked);
	sql_link_rejoin(&p.link, true);
	sql_link_forget(&p.link);
	assert_non_null(p.link.aside);
	assert_string_equal(world.heard, "BEGIN;HOW MANY;END;");
	sql_link_ask_aside(&p.link, "MORE");
	assert_true(p.link.asked);
	assert_int_equal(world.opened, 2);
	assert_int_equal(world.closed, 0);
	sql_link_hang_up(&p.link);
	assert_null(p.link.aside);
	assert_int_equal(world.closed, 2);
	end(&p);
}

/* An answer that nobody took, and a server that left meanwhile. */
static void
one_aside_that_is_of_no_use_any_more_is_had_anew(void **state)
{
	struct place p;

	(void)state;
	begin(&p, "x://h/");
	assert_int_equal(sql_link_dial(&p.link, "d", NULL), ST_OK);
	sql_link_ask_aside(&p.link, "HOW MANY");
	sql_link_forget(&p.link);
	assert_null(p.link.aside);
	assert_false(p.link.asked);
	sql_link_ask_aside(&p.link, "HOW MANY");
	sql_link_rejoin(&p.link, true);
	assert_int_equal(world.opened, 3);
	world.run_fails = 1;
	sql_link_ask_aside(&p.link, "HOW MANY");
	assert_true(p.link.asked);
	assert_int_equal(world.opened, 4);
	end(&p);
	assert_int_equal(world.closed, 4);
}

/* A password that is not taken any more least of all. */
static void
one_aside_that_was_refused_is_not_asked_for_again(void **state)
{
	static const struct {
		enum status open, run;
	} rows[] = {{ST_DENIED, ST_OK}, {ST_OK, ST_IO}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct place p;

		begin(&p, "x://h/");
		assert_int_equal(sql_link_dial(&p.link, "d", NULL), ST_OK);
		world.open = rows[i].open;
		world.run = rows[i].run;
		sql_link_ask_aside(&p.link, "HOW MANY");
		assert_null(p.link.aside);
		assert_int_equal(world.opened, 2);
		world.open = world.run = ST_OK;
		sql_link_forget(&p.link);
		sql_link_ask_aside(&p.link, "HOW MANY");
		assert_null(p.link.aside);
		assert_int_equal(world.opened, 2);
		assert_non_null(p.link.session);
		end(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_connection_is_made_as_the_target_says),
	    cmocka_unit_test(names_longer_than_libraries_take_are_refused),
	    cmocka_unit_test(
		a_database_is_entered_once_and_a_refusal_ends_the_tries),
	    cmocka_unit_test(a_second_connection_sees_what_the_first_sees),
	    cmocka_unit_test(where_none_can_be_had_one_must_do),
	    cmocka_unit_test(a_name_that_is_too_long_is_none),
	    cmocka_unit_test(
		a_query_aside_has_a_connection_that_is_kept_for_the_next),
	    cmocka_unit_test(one_aside_that_is_of_no_use_any_more_is_had_anew),
	    cmocka_unit_test(one_aside_that_was_refused_is_not_asked_for_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
