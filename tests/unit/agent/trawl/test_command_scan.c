#include "tests/unit/agent/trawl/ask.h"

#include <fcntl.h>

#define CARD "paid with card 4111 1111 1111 1111 today\n"

/* A file below the folder of the test, and its path. */
static const char *
put(const char *root, const char *name, const char *text)
{
	static char path[4][256];
	static unsigned next;
	char *p = path[next++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", root, name);
	assert_int_equal(file_replace(p, span_str(text), 0644), ST_OK);
	return p;
}

static void
findings_go_out_masked_and_totals_aside(void **state)
{
	const char *file = put(*state, "a.txt", CARD);
	const struct ask a = {command_scan, {"--types=card_visa", file}};
	struct child c = ask(&a);

	assert_int_equal(c.code, EXIT_DONE);
	assert_memory_equal(c.out, "{\"path\":\"", 9);
	assert_has(c.out, "\"type\":\"card_visa\",\"offset\":15,"
			  "\"length\":19,");
	assert_null(strstr(c.out, "4111 1111 1111 1111"));
	assert_has(c.err, "1 finding in 1 object, 41 bytes, ");
}

static void
a_match_is_shown_in_clear_only_when_asked(void **state)
{
	const char *file = put(*state, "b.txt", CARD);
	const struct ask a = {command_scan,
			      {"--reveal", "--format", "csv", file}};
	struct child c = ask(&a);

	assert_int_equal(c.code, EXIT_DONE);
	assert_has(c.out, ",15,19,\"4111 1111 1111 1111\",");
}

static void
the_head_of_a_column_speaks_for_what_stands_below(void **state)
{
	const char *table =
	    put(*state, "t.csv", "row,passport\n7,055406955\n8,055406956\n");
	const char *plain =
	    put(*state, "u.csv", "row,amount\n7,055406955\n8,055406956\n");
	const struct ask with = {command_scan, {"--types=uk_passport", table}};
	const struct ask without = {command_scan,
				    {"--types=uk_passport", plain}};
	struct child c = ask(&with);

	assert_has(c.out, "column or key has a name of the type");
	assert_has(c.err, "2 findings in 1 object");
	c = ask(&without);
	assert_has(c.err, "0 findings in 1 object");
}

static void
what_a_list_allows_passes_and_is_counted(void **state)
{
	const char *text = put(*state, "d.txt", CARD "jane@roe.de\n");
	const char *list =
	    put(*state, "allow.yaml",
		"values:\n  - {type: card_visa, value: 4111111111111111}\n");
	const char *bad = put(*state, "bad.yaml", "value: []\n");
	const struct ask a = {command_scan, {"--allow", list, text}};
	const struct ask wrong = {command_scan, {"--allow", bad, text}};
	struct child c = ask(&a);

	assert_int_equal(c.code, EXIT_DONE);
	assert_null(strstr(c.out, "card_visa"));
	assert_has(c.out, "\"type\":\"email\"");
	assert_has(c.err, "1 finding in 1 object");
	assert_has(c.err, "1 match allowed by rule\n");
	c = ask(&wrong);
	assert_int_equal(c.code, EXIT_ERROR);
	assert_has(c.err, "bad.yaml:1: field 'value' is not known; allowed: "
			  "values patterns paths");
}

static void
the_exit_tells_what_happened(void **state)
{
	const char *card = put(*state, "c.txt", CARD);
	const char *none = put(*state, "none.txt", "nothing to see\n");
	const struct {
		struct ask ask;
		int code;
		const char *err;
	} cases[] = {
	    {{command_scan, {"--fail-on-findings", card}}, EXIT_FOUND, ""},
	    {{command_scan, {"--fail-on-findings", none}}, EXIT_DONE, ""},
	    {{command_scan, {"--fail-on-findings", card, "/nonexistent/x"}},
	     EXIT_ERROR,
	     "trawl: /nonexistent/x: No such file or directory\n"},
	    {{command_scan, {"/nonexistent/x"}},
	     EXIT_ERROR,
	     "trawl: /nonexistent/x: No such file or directory\n"},
	    {{command_scan, {"/nonexistent/\x1b]0;t\x07\n\xff\xc3\xa4"}},
	     EXIT_ERROR,
	     "trawl: /nonexistent/?]0;t??\\xff\xc3\xa4: No such"},
	    {{command_scan, {"gopher://host/x"}},
	     EXIT_ERROR,
	     "trawl: gopher://host/x: there is no such kind of target; see "
	     "trawl targets\n"},
	    {{command_scan, {"--types", "no_such_type", none}},
	     EXIT_ERROR,
	     "no_such_type"},
	    {{command_scan, {"--coverage", "/nonexistent/x", none}},
	     EXIT_ERROR,
	     "trawl: cannot write /nonexistent/x: No such file"},
	    {{command_scan, {"--coverage", "/dev/full", none}},
	     EXIT_ERROR,
	     "trawl: cannot write /dev/full\n"},
	    {{command_scan, {"--typo", card}}, EXIT_USAGE, "--typo"},
	    {{command_scan, {NULL}}, EXIT_USAGE, "which PATH?"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct child c = ask(&cases[i].ask);

		if (c.code != cases[i].code)
			fail_msg("case %zu: exit %d: %s", i, c.code, c.err);
		assert_has(c.err, cases[i].err);
	}
}

static void
the_help_names_every_option_and_exit(void **state)
{
	static const struct ask help = {command_scan, {"--help"}};
	static const char *const words[] = {
	    "--format NAME",
	    "--types A,B",
	    "--jobs N",
	    "--min-confidence N",
	    "--coverage FILE",
	    "--reveal",
	    "--help",
	    "--fail-on-findings",
	    "exit: 0 done, 1 error, 2 usage, 3 found"};
	struct child c = ask(&help);

	(void)state;
	assert_int_equal(c.code, EXIT_DONE);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_has(c.out, words[i]);
}

static void
findings_that_could_not_be_written_are_an_error(void **state)
{
	const char *file = put(*state, "d.txt", CARD);
	const struct ask a = {command_scan, {"--fail-on-findings", file}};
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct child c;

	assert_true(full >= 0);
	c = child_run_to(ask_run, &a, full);
	assert_int_equal(c.code, EXIT_ERROR);
	assert_has(c.err, "trawl: cannot write findings: ");
	close(full);
}

static void
the_ledger_holds_what_was_not_read(void **state)
{
	const char *root = *state;
	char folder[128], link[160], ledger[128];
	struct buf text;
	struct child c;

	snprintf(folder, sizeof(folder), "%s/ledger", root);
	snprintf(link, sizeof(link), "%s/l", folder);
	snprintf(ledger, sizeof(ledger), "%s/ledger.jsonl", root);
	assert_int_equal(mkdir(folder, 0755), 0);
	assert_int_equal(symlink("nowhere", link), 0);
	c = ask(&(struct ask){command_scan, {"--coverage", ledger, folder}});
	assert_int_equal(c.code, EXIT_DONE);
	buf_init(&text, 65536);
	assert_int_equal(file_read(ledger, &text), ST_OK);
	assert_int_equal(buf_add_byte(&text, 0), ST_OK);
	assert_has((const char *)text.data, "\"reason\":\"link\"");
	assert_has((const char *)text.data,
		   "{\"totals\":{\"outcome\":\"done\"");
	buf_fini(&text);
}

/* Ctrl-C is there before the first step. */
static int
interrupted(const void *arg)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 || raise(SIGINT) != 0)
		return 99;
	return ask_run(arg);
}

static void
a_scan_that_is_stopped_says_so_in_a_whole_document(void **state)
{
	const char *file = put(*state, "e.txt", CARD);
	const struct ask a = {command_scan, {"--format=sarif", file}};
	struct child c = child_run(interrupted, &a);

	assert_int_equal(c.code, EXIT_ERROR);
	assert_has(c.err, "trawl: stopped before the end; what was found so "
			  "far stands\n");
	assert_has(c.out, "\"results\":[]}]}\n");
}

/* As behind `| head`: the ledger is written all the same. */
static void
who_reads_no_more_ends_it_without_a_word(void **state)
{
	const char *file = put(*state, "gone.txt", CARD), *root = *state;
	static char ledger[256], text[4096];
	const struct ask a = {
	    command_scan, {"--types=card_visa", "--coverage", ledger, file}};
	struct child c;
	int ends[2], fd;

	snprintf(ledger, sizeof(ledger), "%s/gone.ledger", root);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	c = child_run_to(ask_run, &a, ends[1]);
	close(ends[1]);
	assert_int_equal(c.code, EXIT_ERROR);
	assert_string_equal(c.err, "");
	fd = open(ledger, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	assert_has(text, "\"totals\":{\"outcome\":");
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_reads_no_more_ends_it_without_a_word),
	    cmocka_unit_test(findings_go_out_masked_and_totals_aside),
	    cmocka_unit_test(a_match_is_shown_in_clear_only_when_asked),
	    cmocka_unit_test(the_head_of_a_column_speaks_for_what_stands_below),
	    cmocka_unit_test(what_a_list_allows_passes_and_is_counted),
	    cmocka_unit_test(the_exit_tells_what_happened),
	    cmocka_unit_test(the_help_names_every_option_and_exit),
	    cmocka_unit_test(findings_that_could_not_be_written_are_an_error),
	    cmocka_unit_test(the_ledger_holds_what_was_not_read),
	    cmocka_unit_test(
		a_scan_that_is_stopped_says_so_in_a_whole_document),
	};

	return cmocka_run_group_tests(tests, ask_folder, ask_folder_remove);
}
