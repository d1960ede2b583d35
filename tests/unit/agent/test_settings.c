#include "agent/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/span.h"
#include "conf/conf.h"
#include "runtime/settings.h"
#include "sys/file.h"

#define WORDS_MAX 8

struct world {
	char dir[64];
	struct settings s;
	struct settings_args args;
	char *argv[WORDS_MAX + 1];
	char text[WORDS_MAX][256];
	struct buf why;
};

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	snprintf(w->dir, sizeof(w->dir), "/tmp/trawl-settings.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	buf_init(&w->why, 4096);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	buf_fini(&w->why);
	assert_int_equal(file_remove_tree(w->dir), ST_OK);
	free(w);
	return 0;
}

/* Words behind `trawl-agent run --state DIR`. */
static enum status
read_with(struct world *w, const char *const *words)
{
	const char *head[] = {"trawl-agent", "run", "--state", w->dir};
	int n = 0;

	buf_clear(&w->why);
	for (size_t i = 0; i < 4; i++)
		snprintf(w->text[n++], sizeof(w->text[0]), "%s", head[i]);
	for (; words != NULL && *words != NULL; words++)
		snprintf(w->text[n++], sizeof(w->text[0]), "%s", *words);
	for (int i = 0; i < n; i++)
		w->argv[i] = w->text[i];
	w->argv[n] = NULL;
	w->args = (struct settings_args){.argc = n, .argv = w->argv, .from = 2};
	return settings_read(&settings_schema, &w->args, &w->s, &w->why);
}

static void
file_says(const struct world *w, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/agent.conf", w->dir);
	assert_int_equal(file_replace(path, span_str(text), 0600), ST_OK);
}

static bool
why_has(struct world *w, const char *part)
{
	assert_int_equal(buf_add_byte(&w->why, 0), ST_OK);
	return strstr((const char *)w->why.data, part) != NULL;
}

static void
the_page_of_settings_is_that_of_the_table(void **state)
{
	static char want[65536], have[131072];
	FILE *made = tmpfile(), *kept = fopen("schema/settings.md", "re");
	size_t n;

	(void)state;
	assert_non_null(made);
	assert_non_null(kept);
	conf_markdown(&settings_schema, made);
	rewind(made);
	n = fread(want, 1, sizeof(want) - 1, made);
	want[n] = '\0';
	n = fread(have, 1, sizeof(have) - 1, kept);
	have[n] = '\0';
	fclose(made);
	fclose(kept);
	if (strstr(have, want) == NULL)
		fail_msg("schema/settings.md is old: make settings");
}

static void
without_a_word_a_host_is_treated_gently(void **state)
{
	struct world *w = *state;

	assert_int_equal(read_with(w, NULL), ST_OK);
	assert_string_equal(w->s.state, w->dir);
	assert_string_equal(w->s.master, "");
	assert_string_equal(w->s.user, "trawl");
	assert_int_equal(w->s.spool_quota, UINT64_C(1) << 30);
	assert_int_equal(w->s.reconnect_base, 1000);
	assert_int_equal(w->s.reconnect_cap, 15 * 60 * 1000);
	assert_int_equal(w->s.max_tasks, 1);
	assert_int_equal(w->s.nice, 10);
	assert_int_equal(settings_io_class[w->s.io], 2); /* best effort */
	assert_false(w->s.again);
	assert_int_equal(w->args.words, 0);
}

static void
file_gives_way_to_environment_and_that_to_a_flag(void **state)
{
	static const char *const flag[] = {"--nice", "3", NULL};
	struct world *w = *state;

	file_says(w, "nice = 1\nmaster = scan.example:11117\n");
	assert_int_equal(read_with(w, NULL), ST_OK);
	assert_int_equal(w->s.nice, 1);
	assert_string_equal(w->s.master, "scan.example:11117");
	assert_int_equal(setenv("TRAWL_NICE", "2", 1), 0);
	assert_int_equal(read_with(w, NULL), ST_OK);
	assert_int_equal(w->s.nice, 2);
	assert_int_equal(read_with(w, flag), ST_OK);
	assert_int_equal(unsetenv("TRAWL_NICE"), 0);
	assert_int_equal(w->s.nice, 3);
	assert_string_equal(w->s.master, "scan.example:11117");
}

static void
each_word_of_ionice_is_what_the_kernel_calls_it(void **state)
{
	static const struct {
		const char *word;
		unsigned class;
	} cases[] = {{"none", 0}, {"best-effort", 2}, {"idle", 3}};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *words[] = {"--ionice", cases[i].word, NULL};

		assert_int_equal(read_with(w, words), ST_OK);
		assert_int_equal(settings_io_class[w->s.io], cases[i].class);
	}
}

static void
words_that_are_no_flag_are_left_in_their_order(void **state)
{
	static const char *const words[] = {"one", "--nice=4", "two", NULL};
	struct world *w = *state;

	assert_int_equal(read_with(w, words), ST_OK);
	assert_int_equal(w->args.words, 2);
	assert_string_equal(w->argv[w->args.from], "one");
	assert_string_equal(w->argv[w->args.from + 1], "two");
}

static void
what_is_wrong_is_named_with_what_is_allowed(void **state)
{
	static const struct {
		const char *file;
		const char *words[3];
		const char *named, *allowed;
	} cases[] = {
	    {NULL, {"--nice", "20"}, "--nice", "0 to 19"},
	    {NULL, {"--ionice=fast"}, "--ionice", "idle"},
	    {NULL, {"--spool-quota=1KiB"}, "--spool-quota", "4M to 1T"},
	    {NULL, {"--max-tasks=0"}, "--max-tasks", "1 to 16"},
	    {NULL, {"--colour=red"}, "colour", "no setting"},
	    {"nice = 1\nnice = lots\n", {NULL}, "agent.conf:2", "0 to 19"},
	    {"niceness = 1\n", {NULL}, "niceness", "agent.conf:1"},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		file_says(w, cases[i].file != NULL ? cases[i].file : "");
		assert_int_equal(read_with(w, cases[i].words), ST_USAGE);
		if (!why_has(w, cases[i].named) ||
		    !why_has(w, cases[i].allowed))
			fail_msg("%s: %s", cases[i].named,
				 (const char *)w->why.data);
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_page_of_settings_is_that_of_the_table),
	    TEST(without_a_word_a_host_is_treated_gently),
	    TEST(file_gives_way_to_environment_and_that_to_a_flag),
	    TEST(each_word_of_ionice_is_what_the_kernel_calls_it),
	    TEST(words_that_are_no_flag_are_left_in_their_order),
	    TEST(what_is_wrong_is_named_with_what_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
