#include "tests/unit/agent/trawl/ask.h"

static size_t
tabs(const char *line)
{
	size_t n = 0;

	for (; *line != 0 && *line != '\n'; line++)
		n += *line == '\t';
	return n;
}

static void
tsv_has_six_columns_in_every_line(void **state)
{
	static const struct ask ways[] = {
	    {command_types, {"--format", "tsv"}},
	    {command_types, {"--format=tsv"}},
	};

	static const char head[] =
	    "type_id\tname\tcategory\trisk\tcountries\tsource\n";

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct child c = ask(&ways[i]);
		size_t lines = 0;

		assert_int_equal(c.code, EXIT_DONE);
		assert_string_equal(c.err, "");
		assert_memory_equal(c.out, head, strlen(head));
		assert_has(c.out, "\ncard_visa\t");
		for (const char *p = c.out; *p != 0; p = strchr(p, '\n') + 1) {
			assert_int_equal(tabs(p), 5);
			lines++;
		}
		assert_true(lines > 60);
	}
}

static void
people_get_a_table(void **state)
{
	static const struct ask ways[] = {
	    {command_types, {NULL}},
	    {command_types, {"--format", "table"}},
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct child c = ask(&ways[i]);

		assert_int_equal(c.code, EXIT_DONE);
		assert_has(c.out, "\ncard_visa                      ");
		assert_int_equal(tabs(c.out), 0);
	}
}

static void
wrong_words_are_answered_with_where_help_is(void **state)
{
	static const struct ask wrong[] = {
	    {command_types, {"tsv"}},
	    {command_types, {"--format"}},
	    {command_types, {"--format", "csv"}},
	    {command_types, {"--format=TSV"}},
	    {command_types, {"--format", "tsv", "x"}},
	    {command_types, {""}},
	};
	static const struct ask help = {command_types, {"--help"}};
	struct child c;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		c = ask(&wrong[i]);
		assert_int_equal(c.code, EXIT_USAGE);
		assert_string_equal(c.out, "");
		assert_has(c.err, "see trawl types --help\n");
	}
	c = ask(&help);
	assert_int_equal(c.code, EXIT_DONE);
	assert_has(c.out, "usage: trawl types");
}

static void
a_choice_without_any_type_says_so(void **state)
{
	static const struct ask none = {command_types, {"--country", "ZZ"}};
	struct child c = ask(&none);

	(void)state;
	assert_int_equal(c.code, EXIT_DONE);
	assert_string_equal(c.out, "");
	assert_has(c.err, "trawl types: none is of that choice\n");
}

static int
without_catalogue(const void *arg)
{
	setenv("TRAWL_CATALOGUE", "/nonexistent/catalogue", 1);
	return ask_run(arg);
}

static void
a_catalogue_that_is_missing_is_named(void **state)
{
	static const struct ask types = {command_types, {NULL}};
	struct child c = child_run(without_catalogue, &types);

	(void)state;
	assert_int_equal(c.code, EXIT_ERROR);
	assert_has(c.err, "trawl: ");
	assert_has(c.err, "/nonexistent/catalogue");
	assert_string_equal(c.out, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tsv_has_six_columns_in_every_line),
	    cmocka_unit_test(people_get_a_table),
	    cmocka_unit_test(wrong_words_are_answered_with_where_help_is),
	    cmocka_unit_test(a_choice_without_any_type_says_so),
	    cmocka_unit_test(a_catalogue_that_is_missing_is_named),
	};

	return cmocka_run_group_tests(tests, ask_folder, ask_folder_remove);
}
