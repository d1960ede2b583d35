#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "base/str.h"
#include "proxy-agent/data/roster.h"

static void
names_are_in_order_and_each_is_there_once(void **state)
{
	static const char *const listed[] = {"b", "", "a", "b", "ab", "a", "B"};
	static const char *const want[] = {"", "B", "a", "ab", "b"};
	struct roster r;

	(void)state;
	roster_init(&r, 4096);
	roster_begin(&r, 0, 1);
	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
		assert_int_equal(roster_add(&r, span_str(listed[i])), ST_OK);
	roster_sort(&r);
	assert_int_equal(r.count, 5);
	for (size_t i = 0; i < r.count; i++)
		assert_true(str_is(roster_name(&r, i), want[i]));
	roster_fini(&r);
}

static void
behind_a_name_is_the_next_though_it_is_gone(void **state)
{
	static const struct {
		const char *name;
		size_t want;
	} cases[] = {{"", 0}, {"b", 1}, {"c", 1}, {"d", 2}, {"x", 3}, {"z", 3}};
	struct roster r;

	(void)state;
	roster_init(&r, 4096);
	roster_begin(&r, 0, 1);
	assert_int_equal(roster_add(&r, span_str("x")), ST_OK);
	assert_int_equal(roster_add(&r, span_str("d")), ST_OK);
	assert_int_equal(roster_add(&r, span_str("b")), ST_OK);
	roster_sort(&r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(roster_behind(&r, span_str(cases[i].name)),
				 cases[i].want);
	roster_fini(&r);
}

static enum status
list(struct roster *r, uint32_t part, uint32_t parts)
{
	enum status st = ST_OK;
	char name[32];

	roster_begin(r, part, parts);
	for (unsigned i = 0; st == ST_OK && i < 1000; i++) {
		snprintf(name, sizeof(name), "name-%u", i);
		st = roster_add(r, span_str(name));
	}
	return st;
}

static void
parts_hold_each_name_exactly_once(void **state)
{
	struct roster r;
	uint32_t parts = 1;
	size_t sum = 0;

	(void)state;
	roster_init(&r, 4096);
	while (list(&r, 0, parts) == ST_LIMIT)
		parts *= 2;
	assert_true(parts > 1 && parts <= 32);
	for (uint32_t i = 0; i < parts; i++) {
		if (list(&r, i, parts) != ST_OK) {
			roster_fini(&r);
			roster_init(&r, 8192); /* an uneven one */
			assert_int_equal(list(&r, i, parts), ST_OK);
		}
		roster_sort(&r);
		sum += r.count;
	}
	assert_int_equal(sum, 1000);
	roster_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_in_order_and_each_is_there_once),
	    cmocka_unit_test(behind_a_name_is_the_next_though_it_is_gone),
	    cmocka_unit_test(parts_hold_each_name_exactly_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
