#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/conf.h"

struct settings {
	char data[64];
	char agents[64];
	uint64_t heartbeat, batch, rows;
	bool redirect;
	unsigned level;
};

static const char *const levels[] = {"error", "warn", "info", NULL};

static const struct conf_setting table[] = {
    {"data", CONF_PATH, CONF_AT(struct settings, data),
     .fallback = "/var/lib/x", .help = "where everything is kept"},
    {"agents", CONF_ADDRESS, CONF_AT(struct settings, agents),
     .fallback = ":11117", .help = "where agents connect"},
    {"heart-beat", CONF_DURATION, CONF_AT(struct settings, heartbeat),
     .fallback = "60s", .low = 1000, .high = 3600000,
     .help = "how often an agent says that it is alive"},
    {"batch", CONF_SIZE, CONF_AT(struct settings, batch), .fallback = "64k",
     .low = 1024, .high = 1 << 20, .help = "bytes of one batch"},
    {"rows", CONF_NUMBER, CONF_AT(struct settings, rows), .fallback = "2000",
     .low = 1, .high = 10000, .help = "rows of one commit"},
    {"redirect", CONF_BOOL, CONF_AT(struct settings, redirect),
     .fallback = "true", .help = "send 80 to 443"},
    {"level", CONF_WORD, CONF_AT(struct settings, level), .fallback = "info",
     .words = levels, .help = "what is logged"},
};

static const struct conf_schema schema = {"tester", table,
					  sizeof(table) / sizeof(table[0])};

struct fixture {
	struct settings s;
	struct buf why;
};

static void
start(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	buf_init(&f->why, 4096);
	conf_defaults(&schema, &f->s);
}

/* The sentence so far, and none is left. */
static void
expect_why(struct fixture *f, const char *want)
{
	assert_int_equal(buf_add_byte(&f->why, 0), ST_OK);
	assert_string_equal((char *)f->why.data, want);
	buf_clear(&f->why);
}

static void
every_default_passes_its_own_check(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	assert_string_equal(f.s.data, "/var/lib/x");
	assert_string_equal(f.s.agents, ":11117");
	assert_int_equal(f.s.heartbeat, 60000);
	assert_int_equal(f.s.batch, 65536);
	assert_int_equal(f.s.rows, 2000);
	assert_true(f.s.redirect);
	assert_int_equal(f.s.level, 2);
	buf_fini(&f.why);
}

static void
a_file_is_lines_of_key_and_value(void **state)
{
	static const char text[] = "# a comment\n"
				   "\n"
				   "data = /srv/trawl   # behind a space\n"
				   "  agents=[::1]:99\r\n"
				   "heart-beat = \"5m\" # quoted\n"
				   "redirect = off\n"
				   "level = warn";
	struct fixture f;

	(void)state;
	start(&f);
	assert_int_equal(
	    conf_text(&schema, span_str(text), "x.conf", &f.s, &f.why), ST_OK);
	assert_string_equal(f.s.data, "/srv/trawl");
	assert_string_equal(f.s.agents, "[::1]:99");
	assert_int_equal(f.s.heartbeat, 300000);
	assert_false(f.s.redirect);
	assert_int_equal(f.s.level, 1);
	assert_int_equal(f.s.rows, 2000);
	buf_fini(&f.why);
}

static void
a_refusal_names_file_line_key_and_what_is_allowed(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
	    {"rows = 5\nrows = 0",
	     "x.conf:2: rows is \"0\", but it must be a number from 1 to "
	     "10000"},
	    {"rows = many", "x.conf:1: rows is \"many\", but it must be a "
			    "number from 1 to 10000"},
	    {"heart-beat = 10ms",
	     "x.conf:1: heart-beat is \"10ms\", but it must be a time from 1s "
	     "to 1h (as 250ms, 30s, 5m, 2h, 7d)"},
	    {"batch = 2M", "x.conf:1: batch is \"2M\", but it must be a size "
			   "from 1k to 1M (as 512, 64k, 10M, 2G)"},
	    {"level = loud", "x.conf:1: level is \"loud\", but it must be one "
			     "of error, warn, info"},
	    {"agents = here", "x.conf:1: agents is \"here\", but it must be an "
			      "address (as 443, 127.0.0.1:8443, [::1]:8443)"},
	    {"redirect = 2", "x.conf:1: redirect is \"2\", but it must be true "
			     "or false"},
	    {"heartbeat = 5", "x.conf:1: there is no setting \"heartbeat\"; "
			      "did you mean \"heart-beat\"? "
			      "\"tester help settings\" lists them all"},
	    {"colour = red", "x.conf:1: there is no setting \"colour\"; "
			     "\"tester help settings\" lists them all"},
	    {"\nrows", "x.conf:2: a line is \"key = value\""},
	    {"= 5", "x.conf:1: a line is \"key = value\""},
	    {"data = \"open",
	     "x.conf:1: the quotes do not close, or something follows"},
	    {"data = \"a\" b",
	     "x.conf:1: the quotes do not close, or something follows"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;

		start(&f);
		assert_int_equal(conf_text(&schema, span_str(cases[i].text),
					   "x.conf", &f.s, &f.why),
				 ST_USAGE);
		expect_why(&f, cases[i].why);
		buf_fini(&f.why);
	}
}

static void
a_file_that_cannot_be_read_is_said(void **state)
{
	struct fixture f;
	char path[] = "/tmp/trawl-unit-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "rows = 7\n", 9), 9);
	close(fd);
	start(&f);
	assert_int_equal(conf_file(&schema, path, &f.s, &f.why), ST_OK);
	assert_int_equal(f.s.rows, 7);
	unlink(path);
	assert_int_equal(conf_file(&schema, "/nowhere.conf", &f.s, &f.why),
			 ST_NOTFOUND);
	expect_why(&f, "/nowhere.conf: cannot be read: it does not exist");
	buf_fini(&f.why);
}

static void
the_environment_stands_above_the_file(void **state)
{
	char rows[] = "TRAWL_ROWS=9", beat[] = "TRAWL_HEART_BEAT=2s";
	char other[] = "TRAWL_LIBEXEC=/x", home[] = "HOME=/root";
	char bad[] = "TRAWL_REDIRECT=maybe";
	char *envp[] = {home, rows, beat, other, NULL};
	char *wrong[] = {bad, NULL};
	struct fixture f;

	(void)state;
	start(&f);
	assert_int_equal(conf_env(&schema, envp, &f.s, &f.why), ST_OK);
	assert_int_equal(f.s.rows, 9);
	assert_int_equal(f.s.heartbeat, 2000);
	assert_int_equal(conf_env(&schema, NULL, &f.s, &f.why), ST_OK);
	assert_int_equal(conf_env(&schema, wrong, &f.s, &f.why), ST_USAGE);
	expect_why(&f, "TRAWL_REDIRECT: redirect is \"maybe\", but it must be "
		       "true or false");
	buf_fini(&f.why);
}

#define WORDS_MAX 8

static enum status
flags(struct fixture *f, const char *const *words, struct conf_args *args)
{
	static char copies[WORDS_MAX][64];
	static char *argv[WORDS_MAX + 1];
	int n = 0;

	for (; words[n] != NULL; n++) {
		snprintf(copies[n], sizeof(copies[n]), "%s", words[n]);
		argv[n] = copies[n];
	}
	argv[n] = NULL;
	*args = (struct conf_args){.argc = n, .argv = argv, .from = 1};
	return conf_flags(&schema, args, &f->s, &f->why);
}

static void
flags_take_both_forms_and_leave_the_other_words(void **state)
{
	static const char *const words[] = {"prog",      "run",  "--rows", "3",
					    "--data=/d", "file", NULL};
	static const char *const bools[] = {"prog", "--no-redirect", "--",
					    "--rows", NULL};
	struct fixture f;
	struct conf_args args;

	(void)state;
	start(&f);
	assert_int_equal(flags(&f, words, &args), ST_OK);
	assert_int_equal(f.s.rows, 3);
	assert_string_equal(f.s.data, "/d");
	assert_int_equal(args.rest, 2);
	assert_string_equal(args.argv[1], "run");
	assert_string_equal(args.argv[2], "file");
	assert_int_equal(flags(&f, bools, &args), ST_OK);
	assert_false(f.s.redirect);
	assert_int_equal(args.rest, 1);
	assert_string_equal(args.argv[1], "--rows");
	buf_fini(&f.why);
}

static void
a_wrong_flag_is_refused_with_its_reason(void **state)
{
	static const struct {
		const char *words[4];
		const char *why;
	} cases[] = {
	    {{"prog", "--rows", NULL},
	     "--rows: a value must follow; it must be a number from 1 to "
	     "10000"},
	    {{"prog", "--rows=x", NULL},
	     "--rows: rows is \"x\", but it must be a number from 1 to 10000"},
	    {{"prog", "--row", "5", NULL},
	     "command line: there is no setting \"row\"; did you mean "
	     "\"rows\"? \"tester help settings\" lists them all"},
	    {{"prog", "--no-rows", NULL},
	     "command line: there is no setting \"no-rows\"; "
	     "\"tester help settings\" lists them all"},
	    {{"prog", "--redirect=x", NULL},
	     "--redirect: redirect is \"x\", but it must be true or false"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;
		struct conf_args args;

		start(&f);
		assert_int_equal(flags(&f, cases[i].words, &args), ST_USAGE);
		expect_why(&f, cases[i].why);
		buf_fini(&f.why);
	}
}

static void
one_setting_is_set_by_name(void **state)
{
	struct fixture f;

	(void)state;
	start(&f);
	assert_int_equal(
	    conf_set(&schema, span_str("rows"), span_str("12"), &f.s, &f.why),
	    ST_OK);
	assert_int_equal(f.s.rows, 12);
	assert_int_equal(
	    conf_set(&schema, span_str("rows"), span_str("0"), &f.s, &f.why),
	    ST_USAGE);
	assert_int_equal(f.s.rows, 12);
	buf_fini(&f.why);
}

static void
help_and_documentation_name_every_setting(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	(void)state;
	assert_non_null(to);
	conf_help(&schema, to);
	conf_markdown(&schema, to);
	assert_int_equal(fclose(to), 0);
	assert_non_null(strstr(text, "--heart-beat TIME"));
	assert_non_null(strstr(text, "--[no-]redirect"));
	assert_non_null(strstr(text, "[64k]"));
	assert_non_null(strstr(text, "| `heart-beat` | `TRAWL_HEART_BEAT` | "
				     "`60s` | a time from 1s to 1h"));
	for (size_t i = 0; i < schema.count; i++)
		assert_non_null(strstr(text, table[i].help));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_default_passes_its_own_check),
	    cmocka_unit_test(a_file_is_lines_of_key_and_value),
	    cmocka_unit_test(a_refusal_names_file_line_key_and_what_is_allowed),
	    cmocka_unit_test(a_file_that_cannot_be_read_is_said),
	    cmocka_unit_test(the_environment_stands_above_the_file),
	    cmocka_unit_test(flags_take_both_forms_and_leave_the_other_words),
	    cmocka_unit_test(a_wrong_flag_is_refused_with_its_reason),
	    cmocka_unit_test(one_setting_is_set_by_name),
	    cmocka_unit_test(help_and_documentation_name_every_setting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
