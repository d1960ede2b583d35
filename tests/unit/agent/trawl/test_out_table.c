#include "tests/unit/agent/trawl/found.h"

#define CELLS "  card_visa              4111 11•• •••• 1111                "

static void
a_path_is_said_once_for_all_its_matches(void **state)
{
	static const struct row rows[] = {
	    {"/srv/a", "", 98, LEVEL_STRICT, 0, NULL},
	    {"/srv/a", "x → y", 7, LEVEL_BROAD, 0, NULL},
	    {"/srv/b", "", 100, LEVEL_BROAD, 0, NULL},
	};

	(void)state;
	assert_rows(&out_table, NULL, 0, "");
	assert_rows(&out_table, rows, 3,
		    "/srv/a\n" CELLS " 98 strict  @4294967296\n" CELLS
		    "  7 broad   x → y @4294967296\n"
		    "\n/srv/b\n" CELLS "100 broad   @4294967296\n");
}

static void
what_a_terminal_would_obey_is_shown(void **state)
{
	static const struct {
		const char *path, *shown;
	} cases[] = {
	    {"a\nb", "a?b\n"},
	    {"\x1b]0;title\x07", "?]0;title?\n"},
	    {"a\x7f\x62", "a?b\n"},
	    {"\xc2\x9b"
	     "31m",
	     "?31m\n"}, /* CSI in one byte */
	    {"\x9b"
	     "31m",
	     "\\x9b31m\n"},
	    {"\xff\xfe", "\\xff\\xfe\n"},
	    {"gpj.\xe2\x80\xae"
	     "exe\xe2\x80\xac",
	     "gpj.?exe?\n"}, /* text turned around */
	    {"\xe2\x81\xa6x\xe2\x81\xa9", "?x?\n"},
	    {"\xc2\xa0\xc3\xa4 \xf0\x9f\x98\x80",
	     "\xc2\xa0\xc3\xa4 \xf0\x9f\x98\x80\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct row row = {cases[i].path, "", 60,
					LEVEL_BROAD,   0,  NULL};
		struct out o;

		out_init(&o, &out_table);
		add_row(&o, &row);
		assert_memory_equal(o.text.data, cases[i].shown,
				    strlen(cases[i].shown));
		out_fini(&o);
	}
}

static void
a_match_of_many_lines_stays_one_line(void **state)
{
	static const struct row row = {
	    "k", "a\rb",
	    60,  LEVEL_BROAD,
	    0,   "-----BEGIN KEY-----\nabc\x1b[2J\n-----END KEY-----"};

	(void)state;
	assert_rows(&out_table, &row, 1,
		    "k\n  card_visa              -----BEGIN KEY-----?abc?[2J?"
		    "-----END KEY-----  60 broad   a?b @4294967296\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_path_is_said_once_for_all_its_matches),
	    cmocka_unit_test(what_a_terminal_would_obey_is_shown),
	    cmocka_unit_test(a_match_of_many_lines_stays_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
