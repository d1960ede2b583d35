#include "runtime/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake/fake_agent.h"

/* In place of the system's: how often a disk is made to write. */
static unsigned synced;

int
fsync(int fd)
{
	(void)fd;
	synced++;
	return 0;
}

#define NOW           1800000000
#define SET(to, from) snprintf((to), sizeof(to), "%s", (from))

static int
set_up(void **state)
{
	struct fake_agent *a = malloc(sizeof(*a));

	assert_non_null(a);
	fake_agent_open(a);
	fake_agent_born(a);
	*state = a;
	return 0;
}

static int
tear_down(void **state)
{
	fake_agent_close(*state);
	free(*state);
	return 0;
}

static enum report_exit
shown(const struct state *s, char *text, size_t room)
{
	FILE *to = fmemopen(text, room, "w");
	enum report_exit code;

	assert_non_null(to);
	code = report_show(s, NOW, to);
	fclose(to);
	return code;
}

static void
what_is_written_is_read_whatever_it_holds(void **state)
{
	struct fake_agent *a = *state;
	struct report r = {.pid = 12, .written = NOW, .spool_batches = 7};
	struct report got;

	SET(r.connection, "online");
	SET(r.trouble, "it said: \"no\"\nand left # so");
	assert_int_equal(report_write(a->state, &r), ST_OK);
	assert_int_equal(report_read(a->state, &got), ST_OK);
	assert_int_equal(got.pid, 12);
	assert_int_equal(got.spool_batches, 7);
	assert_string_equal(got.connection, "online");
	assert_string_equal(got.trouble, "it said: 'no''and left # so");
}

static void
the_exit_code_tells_how_it_is(void **state)
{
	static const struct {
		const char *connection;
		uint64_t age;
		enum report_exit want;
		const char *words;
	} cases[] = {
	    {"online", 1, REPORT_FINE, "connected"},
	    {"online", 60, REPORT_NOT_RUNNING, "start trawl-agent run"},
	    {"offline", 1, REPORT_NOT_CONNECTED, "no route"},
	    {"connecting", 1, REPORT_NOT_CONNECTED, "connecting"},
	    {"unverified", 1, REPORT_UNVERIFIED, "admin"},
	    {"blocked", 1, REPORT_REFUSED, "blocked"},
	    {"removed", 1, REPORT_REFUSED, "does not know"},
	};
	struct fake_agent *a = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct report r = {.written = NOW - cases[i].age};
		char text[2048] = {0};

		SET(r.connection, cases[i].connection);
		SET(r.trouble, "no route");
		assert_int_equal(report_write(a->state, &r), ST_OK);
		assert_int_equal(shown(a->state, text, sizeof(text)),
				 cases[i].want);
		assert_non_null(strstr(text, cases[i].words));
	}
}

static void
one_that_never_ran_says_so(void **state)
{
	struct fake_agent *a = *state;
	char text[2048] = {0};

	assert_int_equal(shown(a->state, text, sizeof(text)),
			 REPORT_NOT_RUNNING);
	assert_non_null(strstr(text, "as agent 7"));
	a->state->enrolled = false;
	assert_int_equal(shown(a->state, text, sizeof(text)),
			 REPORT_NOT_ENROLLED);
}

/* An agent that rests lets the disk rest. */
static void
a_report_makes_no_disk_write(void **state)
{
	const struct fake_agent *a = *state;
	const struct report r = {.pid = 1};
	const struct span key = span_str("k");

	synced = 0;
	assert_int_equal(report_write(a->state, &r), ST_OK);
	assert_int_equal(synced, 0);
	assert_int_equal(state_write(a->state, "status", key), ST_OK);
	assert_int_equal(synced, 2);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(what_is_written_is_read_whatever_it_holds),
	    CASE(the_exit_code_tells_how_it_is),
	    CASE(one_that_never_ran_says_so),
	    CASE(a_report_makes_no_disk_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
