#include "tests/unit/agent/trawl/child.h"

#include <string.h>

#include "agent/trawl/args.h"

#define WORDS 8

/* The words of a command line behind "scan", up to the first NULL. */
static bool
parse(struct scan_args *a, const char *const *words)
{
	static char copy[WORDS + 1][64];
	char *argv[WORDS + 2] = {copy[WORDS]};
	int argc = 1;

	for (; argc <= WORDS && words[argc - 1] != NULL; argc++) {
		snprintf(copy[argc - 1], sizeof(copy[0]), "%s",
			 words[argc - 1]);
		argv[argc] = copy[argc - 1];
	}
	return args_parse(a, argc, argv);
}

static void
every_option_goes_into_the_order(void **state)
{
	static const char *const words[] = {"--types=card_*, us_ssn,",
					    "--jobs",
					    "64",
					    "/srv",
					    "--min-confidence=100",
					    "--ocr=eng,deu",
					    "--",
					    "--x",
					    NULL};
	struct scan_args a;

	(void)state;
	assert_true(parse(&a, words));
	assert_int_equal(a.order.type_count, 2);
	assert_true(span_eq(a.order.types[0], span_str("card_*")));
	assert_true(span_eq(a.order.types[1], span_str("us_ssn")));
	assert_int_equal(a.order.jobs, 64);
	assert_int_equal(a.order.min_confidence, 100);
	assert_true(span_eq(a.order.ocr, span_str("eng,deu")));
	assert_int_equal(a.order.path_count, 2);
	assert_true(span_eq(a.order.paths[0], span_str("/srv")));
	assert_true(span_eq(a.order.paths[1], span_str("--x")));
	assert_false(a.reveal || a.fail_on_findings || a.help);
	assert_null(a.coverage);
}

static void
switches_and_files_are_taken(void **state)
{
	static const char *const words[] = {"--reveal",   "--fail-on-findings",
					    "--coverage", "c.jsonl",
					    "--format",   "sarif",
					    "p",          NULL};
	struct scan_args a;

	(void)state;
	assert_true(parse(&a, words));
	assert_true(a.reveal && a.fail_on_findings);
	assert_string_equal(a.coverage, "c.jsonl");
	assert_ptr_equal(a.format, &out_sarif);
	assert_int_equal(a.order.jobs, 0);
	assert_int_equal(a.order.min_confidence, 0);
	assert_int_equal(a.order.ocr.len, 0);
}

static void
help_needs_no_path(void **state)
{
	static const char *const words[][2] = {{"--help", NULL}, {"-h", NULL}};
	struct scan_args a;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_true(parse(&a, words[i]));
		assert_true(a.help);
	}
}

static int
parse_in_child(const void *arg)
{
	struct scan_args a;

	return parse(&a, arg) ? 0 : 2;
}

static void
whatever_is_wrong_is_said_in_one_sentence(void **state)
{
	static const struct {
		const char *words[4], *want;
	} cases[] = {
	    {{NULL}, "trawl scan: which PATH? see trawl scan --help\n"},
	    {{""}, "trawl scan: not a path: \"\"; see trawl scan --help\n"},
	    {{"--format", "xml", "p"},
	     "trawl scan: --format is jsonl, table, sarif or csv, not: "
	     "\"xml\"; see trawl scan --help\n"},
	    {{"--jobs=0", "p"},
	     "trawl scan: --jobs is a number from 1 to 64, not: \"0\"; see "
	     "trawl scan --help\n"},
	    {{"--jobs=65", "p"}, "1 to 64, not: \"65\""},
	    {{"--jobs", "", "p"}, "1 to 64, not: \"\""},
	    {{"--jobs= 1", "p"}, "1 to 64, not: \" 1\""},
	    {{"--min-confidence=0", "p"}, "1 to 100, not: \"0\""},
	    {{"--min-confidence=101", "p"}, "1 to 100, not: \"101\""},
	    {{"--min-confidence=-1", "p"}, "1 to 100, not: \"-1\""},
	    {{"--min-confidence=99999999999999999999", "p"}, "1 to 100"},
	    {{"--types", "", "p"}, "no type is named: \"\""},
	    {{"--types", " , ,", "p"}, "no type is named: \" , ,\""},
	    {{"--ocr", "", "p"},
	     "names of languages as eng or chi_sim, not: \"\""},
	    {{"--ocr=eng,../x", "p"}, "as eng or chi_sim, not: \"eng,../x\""},
	    {{"--typo", "p"},
	     "trawl scan: unrecognized option '--typo'\nsee trawl scan "
	     "--help\n"},
	    {{"p", "--coverage"},
	     "trawl scan: option '--coverage' requires an argument\nsee"},
	    {{"--reveal=yes", "p"}, "'--reveal' doesn't allow an argument"},
	    {{"-x", "p"}, "trawl scan: invalid option -- 'x'\nsee"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct child c = child_run(parse_in_child, cases[i].words);

		assert_int_equal(c.code, 2);
		assert_string_equal(c.out, "");
		if (strstr(c.err, cases[i].want) == NULL)
			fail_msg("case %zu: %s", i, c.err);
	}
}

static int
too_many(const void *arg)
{
	const bool *types = arg;
	static char list[2 * ORDER_TYPES_MAX + 16] = "--types=";
	static char path[] = "p";
	char *argv[ORDER_PATHS_MAX + 3] = {path, list};
	size_t at = strlen(list);
	struct scan_args a;
	int n = 2;

	if (!*types) {
		list[0] = 'p';
		list[1] = 0;
	}
	for (; *types && at + 2 < sizeof(list) - 4; at += 2)
		memcpy(list + at, "x,", 3);
	while (n < (*types ? 3 : ORDER_PATHS_MAX + 2))
		argv[n++] = path;
	return args_parse(&a, n, argv) ? 0 : 2;
}

static void
more_than_an_order_holds_is_refused(void **state)
{
	static const bool types[] = {false, true};
	static const char *const want[] = {"too many paths, from: \"p\"",
					   "too many types"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct child c = child_run(too_many, &types[i]);

		assert_int_equal(c.code, 2);
		if (strstr(c.err, want[i]) == NULL)
			fail_msg("%s", c.err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_option_goes_into_the_order),
	    cmocka_unit_test(switches_and_files_are_taken),
	    cmocka_unit_test(help_needs_no_path),
	    cmocka_unit_test(whatever_is_wrong_is_said_in_one_sentence),
	    cmocka_unit_test(more_than_an_order_holds_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
