#include "tests/unit/agent/trawl/ask.h"

static void
each_stretch_is_told_of_with_what_speaks_for_or_against_it(void **state)
{
	static const struct {
		struct ask ask;
		const char *out;
	} cases[] = {
	    {{command_rule, {"test", "card_visa", "card 4111111111111111"}},
	     "@5 +16  4111111111111111  match, score 90, strict: check digit "
	     "is valid"},
	    {{command_rule, {"test", "card_visa", "card 4111111111111112"}},
	     "@5 +16  4111111111111112  no match: check 'luhn' fails\n"
	     "0 found\n"},
	    {{command_rule, {"test", "card_visa", "plain text"}},
	     "nothing in the text has a shape of this type\n0 found\n"},
	    {{command_rule, {"test", "us_ssn", "123456780"}},
	     "no match: its score is "},
	    {{command_rule, {"test", "us_ssn", "123456780"}},
	     "; no word of the type stands near"},
	    /* columns of a table say what stands in them */
	    {{command_rule,
	      {"test", "gender", "no,name,sex\n1,ann,female\n2,bob,male\n"}},
	     "2 found\n"},
	    {{command_rule,
	      {"test", "us_ssn", "no,ssn,x\n1,536228725,1\n2,536228726,1\n"}},
	     "column or key has a name of the type"},
	    {{command_rule, {"test", "us_ssn"}}, " are right, 0 are wrong\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct child c = ask(&cases[i].ask);

		if (c.code != EXIT_DONE)
			fail_msg("case %zu: %s", i, c.err);
		assert_has(c.out, cases[i].out);
	}
}

static void
a_file_is_tried_with_its_own_examples(void **state)
{
	static const char text[] =
	    "id: badge\nname: Badge\ncategory: other\ncountries: [\"*\"]\n"
	    "risk: low\nsource: \"house rules\"\ntoken: id\n"
	    "forms:\n  - shapes: [\"3-3\"]\n    separators: \"-\"\n"
	    "    score: 20\n"
	    "words: {for: [\"badge\"]}\nmask: {style: each, last: 2}\n"
	    "examples:\n  match: ['badge 123-456', '987-654']\n"
	    "  no_match: ['123-456']\n";
	static char path[96];
	struct ask a = {command_rule, {"test", path, "badge 321-654"}};
	const char *root = *state;
	struct child c;
	FILE *out;

	snprintf(path, sizeof(path), "%s/badge.yaml", root);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
	c = ask(&a);
	assert_int_equal(c.code, EXIT_ERROR);
	assert_has(c.out, "should match, and does not: 987-654\n");
	assert_has(c.out, "2 examples are right, 1 are wrong\n");
	assert_has(c.out, "@6 +7  321-654  match, score 60, broad: ");
	assert_int_equal(unlink(path), 0);
}

static void
what_cannot_be_tried_is_said(void **state)
{
	static const struct {
		struct ask ask;
		int code;
		const char *err;
	} cases[] = {
	    {{command_rule, {"test", "no_such"}}, EXIT_ERROR, "'no_such'"},
	    {{command_rule, {"test", "/nonexistent/x.yaml"}},
	     EXIT_ERROR,
	     "/nonexistent/x.yaml"},
	    {{command_rule, {"test", "/etc/passwd"}}, EXIT_ERROR, ".yaml"},
	    {{command_rule, {"test"}}, EXIT_USAGE, "usage: trawl rule test"},
	    {{command_rule, {"try", "iban"}},
	     EXIT_USAGE,
	     "usage: trawl rule test"},
	    {{command_rule, {"test", "iban", "a", "b"}},
	     EXIT_USAGE,
	     "usage: trawl rule test"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct child c = ask(&cases[i].ask);

		if (c.code != cases[i].code)
			fail_msg("case %zu: exit %d: %s", i, c.code, c.err);
		assert_has(c.err, cases[i].err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		each_stretch_is_told_of_with_what_speaks_for_or_against_it),
	    cmocka_unit_test(a_file_is_tried_with_its_own_examples),
	    cmocka_unit_test(what_cannot_be_tried_is_said),
	};

	return cmocka_run_group_tests(tests, ask_folder, ask_folder_remove);
}
