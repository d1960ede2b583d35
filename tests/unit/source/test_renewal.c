#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "source/pairs.h"
#include "source/renewal.h"

#define ROOM (RENEWAL_ROOM + 512)

static enum status
apply(const char *json, struct span was, struct span is, char *to, size_t room)
{
	const struct renewal r = {span_str("refresh_token"), was, is};
	uint8_t *all = malloc(ROOM);
	size_t n = 0;
	enum status st;

	assert_non_null(all);
	st = renewal_apply(&r, span_str(json), all, ROOM, &n);
	assert_true(n < room);
	memcpy(to, all, n);
	to[n] = 0;
	free(all);
	return st;
}

static void
each_value_that_was_like_that_is_replaced_and_nothing_else(void **state)
{
	static const struct {
		const char *json, *want;
		enum status st;
	} cases[] = {
	    {"{\"refresh_token\":\"old\",\"x\":\"old\"}\n",
	     "{\"refresh_token\":\"new\",\"x\":\"old\"}\n", ST_OK},
	    {" {\"a\": {\"refresh_token\" : \"o\\u006cd\", \"n\": 1},\n"
	     "\"b\": {\"n\": null, \"refresh_token\": \"old\"}}",
	     " {\"a\": {\"refresh_token\" : \"new\", \"n\": 1},\n"
	     "\"b\": {\"n\": null, \"refresh_token\": \"new\"}}",
	     ST_OK},
	    {"{\"refresh_token\":\"older\"}", "", ST_NOTFOUND},
	    {"{\"token\":\"old\",\"y\":\"refresh_token\"}", "", ST_NOTFOUND},
	    {"{}", "", ST_NOTFOUND},
	    {"{\"refresh_token\":\"old\"", "", ST_MALFORMED},
	    {"", "", ST_MALFORMED},
	};
	char got[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(apply(cases[i].json, span_str("old"),
				       span_str("new"), got, sizeof(got)),
				 cases[i].st);
		assert_string_equal(got, cases[i].want);
	}
}

static void
one_that_does_not_fit_is_not_written_half(void **state)
{
	static char is[40000];
	char got[16];

	(void)state;
	memset(is, 'n', sizeof(is) - 1);
	assert_int_equal(apply("{\"a\":{\"refresh_token\":\"old\"},"
			       "\"b\":{\"refresh_token\":\"old\"}}",
			       span_str("old"), span_str(is), got, sizeof(got)),
			 ST_LIMIT);
}

static void
it_travels_and_only_as_what_it_is(void **state)
{
	static const struct {
		const char *name, *was, *is;
		enum status st;
	} cases[] = {
	    {"refresh_token", "old", "new", ST_OK},
	    {"password", "old", "new", ST_MALFORMED},
	    {"refresh_token", "", "new", ST_MALFORMED},
	    {"refresh_token", "old", "", ST_MALFORMED},
	    {"refresh_token", "old", "a\"b", ST_MALFORMED},
	    {"refresh_token", "old", "a\\", ST_MALFORMED},
	    {"refresh_token", "old", "a\nb", ST_MALFORMED},
	};
	uint8_t room[256];
	struct renewal r;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct renewal given = {span_str(cases[i].name),
					      span_str(cases[i].was),
					      span_str(cases[i].is)};

		assert_int_equal(renewal_pack(&given, room, sizeof(room), &n),
				 ST_OK);
		assert_int_equal(renewal_unpack(span_of(room, n), &r),
				 cases[i].st);
	}
	assert_int_equal(renewal_unpack(span_of(room, n - 1), &r),
			 ST_MALFORMED);
	assert_int_equal(renewal_unpack(span_of(NULL, 0), &r), ST_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		each_value_that_was_like_that_is_replaced_and_nothing_else),
	    cmocka_unit_test(one_that_does_not_fit_is_not_written_half),
	    cmocka_unit_test(it_travels_and_only_as_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
