#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "fake/source_world.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/web/web.h"

static const struct fake_page none[] = {{.path = NULL}};

static void
begin(struct source_world *w, const char *name, const char *value)
{
	source_world_begin(w, &http_source, none, "http://127.0.0.1:PORT/");
	w->target.options.bytes = span_of(NULL, 0);
	if (name != NULL)
		source_world_option(w, name, value);
}

static void
options_become_limits_or_are_refused_by_name(void **state)
{
	static const struct {
		const char *name, *value;
		enum status st;
	} rows[] = {
	    {"rate", "5", ST_OK},           {"rate", "-5", ST_USAGE},
	    {"rate", "", ST_USAGE},         {"sessions", "3", ST_OK},
	    {"sessions", "0", ST_USAGE},    {"tries", "99999999999", ST_USAGE},
	    {"pause", "5ms", ST_OK},        {"pause", "5 years", ST_USAGE},
	    {"resumes", "%s", ST_USAGE},    {"auth", "ntlm", ST_OK},
	    {"auth", "NTLM", ST_USAGE},     {"auth", "", ST_USAGE},
	    {"proxy", "nowhere", ST_USAGE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct http_target_use use = {0};
		struct http *http = NULL;
		struct source_world w;

		begin(&w, rows[i].name, rows[i].value);
		use.site = w.target.path;
		assert_int_equal(http_target_open(&w.target, &use, &http),
				 rows[i].st);
		if (rows[i].st != ST_OK)
			assert_non_null(
			    strstr(source_world_why(&w), rows[i].name));
		http_close(http);
		source_world_end(&w);
	}
}

static void
without_options_the_limits_are_those_of_the_session(void **state)
{
	struct http_limits l = {0};
	struct source_world w;

	(void)state;
	begin(&w, NULL, NULL);
	assert_int_equal(http_target_limits(&w.target, &l), ST_OK);
	assert_int_equal(l.tries, http_limits_default.tries);
	assert_int_equal(l.calls, http_limits_default.calls);
	assert_true(l.connect_ms > 0 && l.stall_ms > 0);
	source_world_option(&w, "sessions", "2");
	assert_int_equal(http_target_limits(&w.target, &l), ST_OK);
	assert_int_equal(l.calls, 2);
	source_world_end(&w);
}

/* A line end would let a name write further header lines. */
static void
secrets_that_http_cannot_send_are_refused_and_not_shown(void **state)
{
	static const char *const names[] = {"user", "password", "token",
					    "cookie"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct http_target_use use = {0};
		struct http *http = NULL;
		struct source_world w;

		begin(&w, NULL, NULL);
		use.site = w.target.path;
		source_world_access(&w, names[i], "made\r\nup: 1");
		assert_int_equal(http_target_open(&w.target, &use, &http),
				 ST_USAGE);
		assert_non_null(strstr(source_world_why(&w), "line end"));
		assert_null(strstr((char *)w.why.data, "made"));
		source_world_end(&w);
	}
}

static void
numbers_and_flags_are_what_they_say_or_refused(void **state)
{
	static const struct {
		const char *value;
		enum status st;
		uint64_t n;
		bool flag;
	} rows[] = {
	    {"0", ST_OK, 0, false},     {"100", ST_OK, 100, true},
	    {"101", ST_USAGE, 7, true}, {"-1", ST_USAGE, 7, true},
	    {"1e2", ST_USAGE, 7, true}, {"", ST_USAGE, 7, true},
	    {"no", ST_USAGE, 7, false}, {"yes", ST_USAGE, 7, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct source_world w;
		uint64_t n = 7;

		begin(&w, "x", rows[i].value);
		assert_int_equal(target_number(&w.target, "x", 100, &n),
				 rows[i].st);
		assert_int_equal(n, rows[i].n);
		assert_int_equal(target_flag(&w.target, "x", true),
				 rows[i].flag);
		assert_int_equal(target_number(&w.target, "other", 1, &n),
				 ST_OK);
		source_world_end(&w);
	}
}

static void
what_is_said_fits_and_the_last_word_stands(void **state)
{
	static char large[5000];
	struct source_target nobody = {0};
	struct source_world w;

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	begin(&w, NULL, NULL);
	target_why(&nobody, "%s", large);
	target_why(&w.target, "%s", large);
	assert_true(w.why.len > 100 && w.why.len < 600);
	target_why(&w.target, "%s", "%s%n");
	assert_true(str_is(buf_span(&w.why), "%s%n"));
	source_world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(options_become_limits_or_are_refused_by_name),
	    cmocka_unit_test(
		without_options_the_limits_are_those_of_the_session),
	    cmocka_unit_test(
		secrets_that_http_cannot_send_are_refused_and_not_shown),
	    cmocka_unit_test(numbers_and_flags_are_what_they_say_or_refused),
	    cmocka_unit_test(what_is_said_fits_and_the_last_word_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
