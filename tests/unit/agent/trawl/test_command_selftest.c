#include "tests/unit/agent/trawl/ask.h"

static void
known_examples_are_found(void **state)
{
	static const struct ask plain = {command_selftest, {NULL}};
	struct child c = ask(&plain);

	(void)state;
	assert_string_equal(c.err, "");
	assert_string_equal(c.out, "selftest: ok, 4 examples\n");
	assert_int_equal(c.code, EXIT_DONE);
}

static void
it_takes_no_words(void **state)
{
	static const struct ask wrong = {command_selftest, {"x"}};
	static const struct ask help = {command_selftest, {"--help"}};
	struct child c = ask(&wrong);

	(void)state;
	assert_int_equal(c.code, EXIT_USAGE);
	assert_string_equal(c.err, "usage: trawl selftest\n");
	c = ask(&help);
	assert_int_equal(c.code, EXIT_DONE);
	assert_string_equal(c.out, "usage: trawl selftest\n");
}

/* With a catalogue that knows no card the selftest has to fail. */
static int
blind(const void *arg)
{
	setenv("TRAWL_CATALOGUE", "/nonexistent/catalogue", 1);
	return ask_run(arg);
}

static void
engines_that_find_nothing_fail_it(void **state)
{
	static const struct ask plain = {command_selftest, {NULL}};
	struct child c = child_run(blind, &plain);

	(void)state;
	assert_int_equal(c.code, EXIT_ERROR);
	assert_has(c.err, "selftest: FAILED: ");
	assert_string_equal(c.out, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_examples_are_found),
	    cmocka_unit_test(it_takes_no_words),
	    cmocka_unit_test(engines_that_find_nothing_fail_it),
	};

	return cmocka_run_group_tests(tests, ask_folder, ask_folder_remove);
}
