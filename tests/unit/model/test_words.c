#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "model/match.h"
#include "model/object.h"
#include "model/task.h"

static void
every_reason_bit_has_its_own_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < REASON__COUNT; i++) {
		assert_non_null(reason_text(i));
		assert_true(strlen(reason_text(i)) > 5);
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(reason_text(i), reason_text(j));
	}
	assert_null(reason_text(REASON__COUNT));
}

static void
every_cover_reason_has_a_name_and_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < COVER__COUNT; i++) {
		assert_string_not_equal(cover_name(i), "unknown");
		assert_true(strlen(cover_text(i)) > 5);
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(cover_name(i), cover_name(j));
	}
	assert_string_equal(cover_name(COVER__COUNT), "unknown");
	assert_string_equal(cover_name(COVER_ENCRYPTED), "encrypted");
}

static void
coverage_names_follow_their_numbers(void **state)
{
	(void)state;
	assert_string_equal(coverage_name(COVERAGE_FULL), "full");
	assert_string_equal(coverage_name(COVERAGE_PARTIAL), "partial");
	assert_string_equal(coverage_name(COVERAGE_NONE), "none");
	assert_string_equal(coverage_name(99), "unknown");
}

static void
task_states_keep_the_numbers_that_lie_in_databases(void **state)
{
	static const struct {
		unsigned number;
		const char *name;
	} cases[] = {
	    {1, "queued"},  {2, "running"}, {3, "paused"},
	    {4, "done"},    {5, "stopped"}, {6, "failed"},
	    {7, "partial"}, {0, "unknown"}, {8, "unknown"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(task_state_name(cases[i].number),
				    cases[i].name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_reason_bit_has_its_own_words),
	    cmocka_unit_test(every_cover_reason_has_a_name_and_words),
	    cmocka_unit_test(coverage_names_follow_their_numbers),
	    cmocka_unit_test(
		task_states_keep_the_numbers_that_lie_in_databases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
