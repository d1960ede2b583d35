#include "base/str.h"
#include "source/pairs.h"
#include "tests/unit/proxy-agent/data/redis_script.h"

static void
a_line_says_what_comes(void **state)
{
	static const struct {
		const char *line;
		enum redis_kind kind;
		int64_t n;
		const char *text;
	} cases[] = {
	    {"+OK", REDIS_LINE, 0, "OK"},
	    {"-ERR no", REDIS_ERROR, 0, "ERR no"},
	    {":-12", REDIS_NUMBER, -12, "-12"},
	    {"$5", REDIS_BULK, 5, "5"},
	    {"*3", REDIS_LIST, 3, "3"},
	    {"$-1", REDIS_NONE, 0, ""},
	    {"*-1", REDIS_NONE, 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct redis_word w;

		assert_int_equal(redis_parse(span_str(cases[i].line), &w),
				 ST_OK);
		assert_int_equal(w.kind, cases[i].kind);
		assert_int_equal(w.n, cases[i].n);
		assert_true(str_is(w.text, cases[i].text));
	}
}

static void
what_is_no_answer_is_refused(void **state)
{
	static const char *const cases[] = {"",     "HTTP/1.1 200 OK",
					    ":",    ":x",
					    "$",    "$-2",
					    "*-7",  "$99999999999999999999",
					    "$1 ",  "*9999999999999",
					    "$0x10"};
	struct redis_word w;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(redis_parse(span_str(cases[i]), &w),
				 ST_MALFORMED);
}

static void
next_is(struct redis *r, enum redis_kind kind, int64_t n)
{
	struct redis_word w;

	assert_int_equal(redis_next(r, &w), ST_OK);
	assert_int_equal(w.kind, kind);
	assert_int_equal(w.n, n);
}

static void
what_nobody_took_is_passed_over(void **state)
{
	struct script s;
	struct buf all;
	struct redis *r = redis_that_says(
	    &s, "*3\r\n$3\r\na\r\n\r\n*2\r\n:1\r\n$-1\r\n$2\r\nxy\r\n"
		"$6\r\nwhole!\r\n$6\r\nabcdef\r\n:7\r\n");
	uint8_t some[2];
	size_t got;

	(void)state;
	buf_init(&all, 6);
	assert_int_equal(redis_pass(r), ST_OK);
	next_is(r, REDIS_BULK, 6);
	assert_int_equal(redis_all(r, &all), ST_OK);
	assert_true(str_is(buf_span(&all), "whole!"));
	next_is(r, REDIS_BULK, 6);
	assert_int_equal(redis_bytes(r, some, sizeof(some), &got), ST_OK);
	assert_true(got > 0);
	assert_int_equal(redis_all(r, &all), ST_LIMIT);
	next_is(r, REDIS_NUMBER, 7);
	redis_close(r);
	script_end(&s);
	buf_fini(&all);
}

static void
an_answer_without_its_end_is_none(void **state)
{
	struct script s;
	struct redis *r = redis_that_says(&s, "$3\r\nabcdef\r\n");
	struct redis_word w;

	(void)state;
	next_is(r, REDIS_BULK, 3);
	assert_int_equal(redis_next(r, &w), ST_MALFORMED);
	redis_close(r);
	script_end(&s);
}

static void
a_refusal_is_told_in_its_own_words(void **state)
{
	const struct span words[] = {span_str("PING")};
	struct script s;
	struct redis *r = redis_that_says(&s, "-NOAUTH Authentication\r\n");
	struct redis_word w;

	(void)state;
	assert_int_equal(redis_ask(r, words, 1, &w), ST_DENIED);
	assert_string_equal(redis_trouble(r, ST_DENIED),
			    "NOAUTH Authentication");
	redis_close(r);
	script_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_says_what_comes),
	    cmocka_unit_test(what_is_no_answer_is_refused),
	    cmocka_unit_test(what_nobody_took_is_passed_over),
	    cmocka_unit_test(an_answer_without_its_end_is_none),
	    cmocka_unit_test(a_refusal_is_told_in_its_own_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
