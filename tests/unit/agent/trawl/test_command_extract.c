#include "tests/unit/agent/trawl/ask.h"

#define SEEDS "tests/fuzz/seeds/"

static void
texts_come_with_their_places_and_in_order(void **state)
{
	static const struct ask a = {
	    command_extract,
	    {SEEDS "archive/ustar.tar", SEEDS "zip/bzip2.zip"}};
	struct child c = ask(&a);
	const char *first, *second;

	(void)state;
	assert_int_equal(c.code, EXIT_DONE);
	first =
	    strstr(c.out, "{\"path\":\"" SEEDS "archive/ustar.tar\",\"place\":"
			  "\"a.txt\",\"offset\":0,\"text\":\"name: A\\ncard: "
			  "4111 1111 1111 1111\\n\"}\n");
	second = strstr(c.out, "\"place\":\"long.txt\",\"offset\":0,");
	assert_true(first != NULL && second != NULL && first < second);
	assert_has(c.out, "\"place\":\"names\",\"offset\":0,\"text\":"
			  "\"a.txt\\nb.txt\\n\"}\n");
	assert_string_equal(c.err, "");
}

static void
what_is_not_read_is_a_line_with_its_reason(void **state)
{
	static const struct ask shut = {command_extract, {SEEDS "zip/aes.zip"}},
				shallow = {command_extract,
					   {"--limit", "depth=1",
					    SEEDS "archive/tar.xz"}};
	struct child c = ask(&shut);

	(void)state;
	assert_int_equal(c.code, EXIT_DONE);
	assert_has(c.out, "\"place\":\"a.txt\",\"reason\":\"encrypted\","
			  "\"words\":\"encrypted, no password is known\","
			  "\"parser\":\"zip\"}\n");
	assert_has(c.out, "\"members\":2,\"members_partial\":0,"
			  "\"members_unread\":2}\n");
	c = ask(&shallow);
	assert_has(c.out, "\"place\":\"tar\",\"reason\":\"depth\"");
}

static void
passwords_open_what_is_encrypted(void **state)
{
	const char *root = *state;
	static char file[128];
	const struct ask a = {command_extract,
			      {"--passwords", file, SEEDS "zip/aes.zip"}};
	struct child c;

	snprintf(file, sizeof(file), "%s/passwords", root);
	assert_int_equal(
	    file_replace(file, span_str("wrong\n\nsecret\r\n"), 0600), ST_OK);
	c = ask(&a);
	assert_int_equal(c.code, EXIT_DONE);
	assert_has(c.out, "\"place\":\"a.txt\",\"offset\":0,");
	assert_null(strstr(c.out, "encrypted"));
}

static void
wrong_words_are_refused(void **state)
{
	static const struct {
		struct ask ask;
		int code;
		const char *err;
	} cases[] = {
	    {{command_extract, {NULL}}, EXIT_USAGE, "which FILE?"},
	    {{command_extract, {"--limit", "deep=1", "x"}},
	     EXIT_USAGE,
	     "there is no limit \"deep\""},
	    {{command_extract, {"--colour", "x"}}, EXIT_USAGE, "colour"},
	    {{command_extract, {"/nowhere/at/all"}},
	     EXIT_ERROR,
	     "No such file"},
	    {{command_extract,
	      {"--passwords", "/nowhere", SEEDS "zip/aes.zip"}},
	     EXIT_ERROR,
	     "cannot use the passwords of /nowhere"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct child c = ask(&cases[i].ask);

		assert_int_equal(c.code, cases[i].code);
		assert_has(c.err, cases[i].err);
	}
}

static void
the_help_lists_the_limits(void **state)
{
	static const struct ask a = {command_extract, {"--help"}};
	struct child c = ask(&a);

	(void)state;
	assert_int_equal(c.code, EXIT_DONE);
	assert_has(c.out, "usage: trawl extract ");
	assert_has(c.out, "\n  depth            8 ");
}

/* A pipe whose reader has what it wanted, as behind `| head`. */
static void
who_reads_no_more_ends_it_without_a_word(void **state)
{
	const char *root = *state;
	static char file[128], text[200000];
	const struct ask a = {command_extract, {file}};
	struct child c;
	int ends[2];

	memset(text, 'x', sizeof(text)); /* more than is kept in memory */
	snprintf(file, sizeof(file), "%s/long", root);
	assert_int_equal(file_replace(file, span_of(text, sizeof(text)), 0600),
			 ST_OK);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	c = child_run_to(ask_run, &a, ends[1]);
	close(ends[1]);
	assert_int_equal(c.code, EXIT_ERROR);
	assert_string_equal(c.err, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(texts_come_with_their_places_and_in_order),
	    cmocka_unit_test(what_is_not_read_is_a_line_with_its_reason),
	    cmocka_unit_test(passwords_open_what_is_encrypted),
	    cmocka_unit_test(who_reads_no_more_ends_it_without_a_word),
	    cmocka_unit_test(wrong_words_are_refused),
	    cmocka_unit_test(the_help_lists_the_limits),
	};

	return cmocka_run_group_tests(tests, ask_folder, ask_folder_remove);
}
