#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proxy-agent/smb/visited.h"

static void
an_identity_is_new_once(void **state)
{
	struct visited s = {0};

	(void)state;
	for (uint64_t id = 1; id <= 100000; id++)
		assert_true(visited_add(&s, id << 20));
	for (uint64_t id = 1; id <= 100000; id++)
		assert_false(visited_add(&s, id << 20));
	assert_true(visited_add(&s, 1));
	assert_int_equal(s.count, 100001);
	visited_fini(&s);
}

static void
what_has_no_identity_is_always_new(void **state)
{
	struct visited s = {0};

	(void)state;
	assert_true(visited_add(&s, 0));
	assert_true(visited_add(&s, 0));
	assert_int_equal(s.count, 0);
	visited_fini(&s);
}

static void
past_its_limit_old_ones_are_known_and_new_ones_new(void **state)
{
	struct visited s = {0};

	(void)state;
	for (uint64_t id = 1; id <= VISITED_MAX + 10; id++)
		assert_true(visited_add(&s, id));
	assert_int_equal(s.count, VISITED_MAX);
	assert_true(s.room <= 4 * (size_t)VISITED_MAX);
	assert_false(visited_add(&s, 1));
	assert_false(visited_add(&s, VISITED_MAX));
	assert_true(visited_add(&s, VISITED_MAX + 1));
	visited_fini(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_identity_is_new_once),
	    cmocka_unit_test(what_has_no_identity_is_always_new),
	    cmocka_unit_test(
		past_its_limit_old_ones_are_known_and_new_ones_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
