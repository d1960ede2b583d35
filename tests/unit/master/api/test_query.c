#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "master/api/query.h"

static void
pairs_are_decoded_in_their_order(void **state)
{
	struct arena a;
	struct query q;

	(void)state;
	arena_init(&a, 4096);
	assert_int_equal(
	    query_parse(
		span_str("q=a+b%20c&&risk=high&risk=low&-type=x%26y&e="), &a,
		&q),
	    ST_OK);
	assert_int_equal(q.count, 5);
	assert_true(str_is(q.pairs[0].value, "a b c"));
	assert_true(str_is(q.pairs[1].value, "high"));
	assert_true(str_is(q.pairs[2].value, "low"));
	assert_true(str_is(q.pairs[3].name, "-type"));
	assert_true(str_is(q.pairs[3].value, "x&y"));
	assert_true(str_is(q.pairs[4].value, ""));
	assert_int_equal(query_count(&q, "risk"), 2);
	assert_ptr_equal(query_find(&q, "risk"), &q.pairs[1]);
	assert_null(query_find(&q, "none"));
	arena_fini(&a);
}

static void
what_is_not_well_formed_is_refused(void **state)
{
	static const char *const bad[] = {
	    "a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "%c3=1", "a=%ed%a0%80",
	};
	struct arena a;
	struct query q;

	(void)state;
	arena_init(&a, 4096);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(query_parse(span_str(bad[i]), &a, &q),
				 ST_MALFORMED);
	arena_fini(&a);
}

static void
more_pairs_than_the_limit_are_refused(void **state)
{
	char text[4 * (QUERY_MAX + 1) + 1];
	struct arena a;
	struct query q;

	(void)state;
	arena_init(&a, 65536);
	for (size_t i = 0; i <= QUERY_MAX; i++)
		memcpy(text + 4 * i, "a=1&", 5);
	assert_int_equal(query_parse(span_of(text, 4 * QUERY_MAX), &a, &q),
			 ST_OK);
	assert_int_equal(q.count, QUERY_MAX);
	assert_int_equal(query_parse(span_str(text), &a, &q), ST_LIMIT);
	arena_fini(&a);
}

static void
a_plus_is_a_space_only_in_a_query(void **state)
{
	struct arena a;
	struct span out;

	(void)state;
	arena_init(&a, 256);
	assert_int_equal(query_decode(span_str("a+%2F"), false, &a, &out),
			 ST_OK);
	assert_true(str_is(out, "a+/"));
	assert_int_equal(query_decode(span_str("a+%2F"), true, &a, &out),
			 ST_OK);
	assert_true(str_is(out, "a /"));
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pairs_are_decoded_in_their_order),
	    cmocka_unit_test(what_is_not_well_formed_is_refused),
	    cmocka_unit_test(more_pairs_than_the_limit_are_refused),
	    cmocka_unit_test(a_plus_is_a_space_only_in_a_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
