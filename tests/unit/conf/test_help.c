#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"

struct all {
	bool strict;
	uint64_t rows, room, pause;
	char name[32], where[32], at[32];
	unsigned level;
};

static const char *const levels[] = {"low", "high", NULL};

/* One of each type; two without a default. */
static const struct conf_setting table[] = {
    {"strict", CONF_BOOL, CONF_AT(struct all, strict), .fallback = "yes",
     .help = "refuse what is odd"},
    {"rows", CONF_NUMBER, CONF_AT(struct all, rows), .fallback = "7", .low = 1,
     .high = 9, .help = "how many"},
    {"room", CONF_SIZE, CONF_AT(struct all, room), .fallback = "64k",
     .help = "how much"},
    {"pause-after", CONF_DURATION, CONF_AT(struct all, pause),
     .fallback = "30s", .low = 1000, .high = 60000, .help = "how long"},
    {"name", CONF_TEXT, CONF_AT(struct all, name), .fallback = "",
     .help = "what it is called"},
    {"where", CONF_PATH, CONF_AT(struct all, where), .help = "which folder"},
    {"at", CONF_ADDRESS, CONF_AT(struct all, at), .fallback = ":443",
     .help = "where it listens"},
    {"level", CONF_WORD, CONF_AT(struct all, level), .fallback = "low",
     .words = levels, .help = "which one"},
};

static const struct conf_schema schema = {"trawl-test", table,
					  sizeof(table) / sizeof(table[0])};

static void
assert_prints(void (*print)(const struct conf_schema *s, FILE *to),
	      const struct conf_schema *s, const char *want)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	assert_non_null(to);
	print(s, to);
	assert_int_equal(fclose(to), 0);
	assert_string_equal(text, want);
	free(text);
}

static void
help_is_a_line_for_each_flag_with_its_default(void **state)
{
	(void)state;
	assert_prints(
	    conf_help, &schema,
	    "  --[no-]strict                refuse what is odd [yes]\n"
	    "  --rows NUMBER                how many [7]\n"
	    "  --room SIZE                  how much [64k]\n"
	    "  --pause-after TIME           how long [30s]\n"
	    "  --name TEXT                  what it is called\n"
	    "  --where PATH                 which folder\n"
	    "  --at HOST:PORT               where it listens [:443]\n"
	    "  --level WORD                 which one [low]\n");
}

static void
documentation_is_a_table_with_what_is_allowed(void **state)
{
	static const struct conf_schema some = {"trawl-test", table + 3, 2};
	static const struct conf_schema none = {"trawl-none", table, 0};

	(void)state;
	assert_prints(
	    conf_markdown, &some,
	    "## trawl-test\n\n"
	    "| key, flag | environment | default | allowed | what it "
	    "is |\n|---|---|---|---|---|\n"
	    "| `pause-after` | `TRAWL_PAUSE_AFTER` | `30s` | a time "
	    "from 1s to 1m (as 250ms, 30s, 5m, 2h, 7d) | how long "
	    "|\n"
	    "| `name` | `TRAWL_NAME` |  | a text of less than 32 bytes | "
	    "what it is called |\n\n");
	assert_prints(conf_markdown, &none,
		      "## trawl-none\n\n"
		      "| key, flag | environment | default | allowed | what it "
		      "is |\n|---|---|---|---|---|\n\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(help_is_a_line_for_each_flag_with_its_default),
	    cmocka_unit_test(documentation_is_a_table_with_what_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
