#include "tests/unit/extract/collect.h"

#include "extract/archive/once.h"

static void
the_second_of_a_name_says_which_member_it_is(void **state)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
	    {"a.txt", "a.txt"}, {"b.txt", "b.txt"}, {"a.txt", "a.txt #3"},
	    {"", "#4"},         {"A.txt", "A.txt"}, {"a.txt", "a.txt #6"},
	};
	struct once o = {0};
	uint8_t name[JOB_NAME_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = strlen(cases[i].name);

		memcpy(name, cases[i].name, len);
		once_name(&o, name, &len);
		assert_int_equal(len, strlen(cases[i].want));
		assert_memory_equal(name, cases[i].want, len);
	}
	once_close(&o);
}

static void
a_name_that_fills_its_room_is_cut_for_the_mark(void **state)
{
	struct once o = {0};
	uint8_t name[JOB_NAME_MAX];
	size_t len;

	(void)state;
	for (int i = 0; i < 2; i++) {
		len = sizeof(name);
		memset(name, 'x', sizeof(name));
		once_name(&o, name, &len);
		assert_int_equal(len, sizeof(name));
	}
	assert_memory_equal(name + sizeof(name) - 4, "x #2", 4);
	once_close(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_second_of_a_name_says_which_member_it_is),
	    cmocka_unit_test(a_name_that_fills_its_room_is_cut_for_the_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
