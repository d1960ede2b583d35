#include "tests/unit/agent/trawl/ask.h"

#include "base/str.h"
#include "source/kind.h"

static void
the_page_of_targets_is_that_of_the_table(void **state)
{
	static const struct ask page = {command_targets,
					{"--format", "markdown"}};
	static char kept[CHILD_TEXT];
	FILE *f = fopen("schema/targets.md", "re");
	struct child c = ask(&page);

	(void)state;
	assert_non_null(f);
	assert_true(fread(kept, 1, sizeof(kept) - 1, f) > 0);
	fclose(f);
	assert_int_equal(c.code, EXIT_DONE);
	if (strcmp(c.out, kept) != 0)
		fail_msg("schema/targets.md is old: make settings");
}

static void
every_kind_says_against_what_it_was_tested(void **state)
{
	static const struct ask people = {command_targets, {NULL}};
	struct child c = ask(&people);

	(void)state;
	assert_int_equal(c.code, EXIT_DONE);
	for (const struct kind *k = kinds; k->scheme != NULL; k++) {
		const char *at = strstr(c.out, k->form);

		assert_non_null(at);
		assert_non_null(strstr(at, kind_honesty(k->honesty)));
		assert_int_equal(k->honesty == KIND_UNTESTED,
				 k->tested[0] == 0);
	}
	assert_has(c.out, "Domino: imaps");
}

/* Who reads that a product is read by a kind finds that kind. */
static void
products_are_read_by_kinds_that_there_are(void **state)
{
	(void)state;
	for (const struct kind_kin *k = kind_kin; k->product != NULL; k++) {
		struct span rest = span_str(k->schemes), scheme;

		while (str_next(&rest, ' ', &scheme))
			assert_non_null(kind_find(scheme));
	}
}

static void
a_format_that_is_none_is_named(void **state)
{
	static const struct ask wrong = {command_targets, {"--format", "xml"}};
	struct child c = ask(&wrong);

	(void)state;
	assert_int_equal(c.code, EXIT_USAGE);
	assert_has(c.err, "there is no format: \"xml\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_page_of_targets_is_that_of_the_table),
	    cmocka_unit_test(every_kind_says_against_what_it_was_tested),
	    cmocka_unit_test(products_are_read_by_kinds_that_there_are),
	    cmocka_unit_test(a_format_that_is_none_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
