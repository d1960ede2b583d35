#include "tests/unit/agent/trawl/ask.h"

#include "agent/trawl/limits.h"

static void
limits_of_several_options_are_one_list(void **state)
{
	struct buf b = {0};

	(void)state;
	assert_true(limits_take(&b, "trawl test", "depth=4"));
	assert_true(limits_take(&b, "trawl test", "members=9,output=1GiB"));
	assert_true(
	    span_eq(buf_span(&b), span_str("depth=4,members=9,output=1GiB")));
	buf_fini(&b);
}

static void
what_is_none_is_refused_and_not_kept(void **state)
{
	static char long_list[2000];
	struct buf b = {0};

	(void)state;
	assert_false(limits_take(&b, "trawl test", "deep=4"));
	assert_false(limits_take(&b, "trawl test", "depth=0"));
	assert_int_equal(b.len, 0);
	for (size_t i = 0; i + 9 < sizeof(long_list); i += 8)
		memcpy(long_list + i, "depth=4,", 8);
	assert_false(limits_take(&b, "trawl test", long_list));
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limits_of_several_options_are_one_list),
	    cmocka_unit_test(what_is_none_is_refused_and_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
