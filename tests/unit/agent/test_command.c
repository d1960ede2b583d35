#include "runtime/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent/settings.h"
#include "base/log.h"
#include "base/span.h"
#include "fake/fake_agent.h"
#include "runtime/report.h"
#include "sys/file.h"

#define WORDS_MAX 8
#define SAID_MAX  (64 * 1024)

static const struct command_program program = {
    .name = "trawl-agent",
    .scanner = "trawl-scanner",
    .schema = &settings_schema,
};

struct world {
	char dir[64];
	int code;
	char out[SAID_MAX], err[SAID_MAX];
};

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	log_setup("test", LOG_ERROR);
	snprintf(w->dir, sizeof(w->dir), "/tmp/trawl-command.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	assert_int_equal(file_remove_tree(w->dir), ST_OK);
	free(w);
	return 0;
}

static void
collect(FILE *f, char *text)
{
	size_t n;

	rewind(f);
	n = fread(text, 1, SAID_MAX - 1, f);
	text[n] = '\0';
	fclose(f);
}

/* In a child, since the commands of root lose their rights for good. */
static void
say(struct world *w, const char *const *words)
{
	struct command_io io = {tmpfile(), tmpfile()};
	char text[WORDS_MAX][256], *argv[WORDS_MAX + 1] = {text[0]};
	int argc = 1, status;
	pid_t child;

	assert_non_null(io.out);
	assert_non_null(io.err);
	snprintf(text[0], sizeof(text[0]), "trawl-agent");
	for (; *words != NULL && argc < WORDS_MAX; words++, argc++) {
		snprintf(text[argc], sizeof(text[0]), "%s", *words);
		argv[argc] = text[argc];
	}
	argv[argc] = NULL;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int code;

		alarm(20);
		code = command_run(&program, argc, argv, &io);
		fflush(io.out);
		fflush(io.err);
		_exit(code);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	w->code = WEXITSTATUS(status);
	collect(io.out, w->out);
	collect(io.err, w->err);
}

#define SAY(w, ...) say((w), (const char *const[]){__VA_ARGS__, NULL})

static void
complains(const struct world *w, int code, const char *part)
{
	if (w->code != code || strstr(w->err, part) == NULL)
		fail_msg("exit %d, not %d: %s lacks %s", w->code, code, w->err,
			 part);
	/* one line, by name, and nothing that a script would take for good */
	assert_memory_equal(w->err, "trawl-agent: ", 13);
	assert_ptr_equal(strchr(w->err, '\n'), w->err + strlen(w->err) - 1);
	assert_string_equal(w->out, "");
}

/* ---- words ---- */

static void
help_names_every_command_and_setting(void **state)
{
	static const char *const parts[] = {"enroll TOKEN", "run\n", "status\n",
					    "--spool-quota", "--ca-pin"};
	static const char *const asked[] = {"help", "--help", "-h"};
	struct world *w = *state;

	for (size_t i = 0; i < 3; i++) {
		SAY(w, asked[i]);
		assert_int_equal(w->code, COMMAND_DONE);
		assert_string_equal(w->err, "");
		for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
			assert_non_null(strstr(w->out, parts[k]));
	}
}

static void
without_a_command_the_help_is_shown_and_it_is_an_error(void **state)
{
	struct world *w = *state;

	say(w, (const char *const[]){NULL});
	assert_int_equal(w->code, COMMAND_USAGE);
	assert_non_null(strstr(w->out, "usage: trawl-agent"));
}

static void
help_settings_is_a_page_of_the_documentation(void **state)
{
	struct world *w = *state;

	SAY(w, "help", "settings");
	assert_int_equal(w->code, COMMAND_DONE);
	assert_non_null(strstr(w->out, "--nice"));
	assert_null(strstr(w->out, "usage:"));
	SAY(w, "help", "settings", "--markdown");
	assert_int_equal(w->code, COMMAND_DONE);
	assert_memory_equal(w->out, "## trawl-agent\n", 15);
}

static void
version_is_one_line(void **state)
{
	static const char *const asked[] = {"version", "--version"};
	struct world *w = *state;

	for (size_t i = 0; i < 2; i++) {
		SAY(w, asked[i]);
		assert_int_equal(w->code, COMMAND_DONE);
		assert_string_equal(w->out, "trawl-agent " TRAWL_VERSION "\n");
	}
}

static void
wrong_words_are_told_what_would_be_right(void **state)
{
	static const struct {
		const char *words[6];
		const char *part;
	} cases[] = {
	    {{"enrol"}, "there is no command \"enrol\"; help lists them"},
	    {{"enroll"}, "enroll TOKEN"},
	    {{"enroll", "--master", ""}, "enroll --master HOST:PORT"},
	    {{"enroll", "secret"}, "begins with trawl1:"},
	    {{"enroll", "a", "b"}, "one token"},
	    {{"enroll", "--master", "a.example", "--ca-pin", "12"},
	     "64 hex digits"},
	    {{"status", "--colour"}, "no setting \"colour\""},
	    {{"run", "--nice", "99"}, "0 to 19"},
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		say(w, cases[i].words);
		complains(w, COMMAND_USAGE, cases[i].part);
	}
}

/* What was typed may hold the secret of a token. */
static void
a_token_that_is_none_is_not_repeated(void **state)
{
	struct world *w = *state;

	SAY(w, "enroll", "--state", w->dir, "trawl1:half-of-a-s3cret");
	complains(w, COMMAND_USAGE, "this is no token");
	assert_null(strstr(w->err, "s3cret"));
}

/* ---- an agent's life ---- */

static void
a_folder_that_is_not_there_is_not_enrolled(void **state)
{
	struct world *w = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/none", w->dir);
	SAY(w, "status", "--state", path);
	assert_int_equal(w->code, REPORT_NOT_ENROLLED);
	assert_non_null(strstr(w->out, path));
	assert_false(file_exists(path)); /* asking makes nothing */
}

static void
an_enrolled_host_is_not_enrolled_again_by_accident(void **state)
{
	struct world *w = *state;
	struct fake_agent a;
	char path[128];
	struct buf before, after;

	fake_agent_open(&a);
	fake_agent_born(&a);
	fake_agent_dies(&a);
	buf_init(&before, CERT_MAX);
	buf_init(&after, CERT_MAX);
	snprintf(path, sizeof(path), "%s/agent.pem", a.dir);
	assert_int_equal(file_read(path, &before), ST_OK);
	SAY(w, "enroll", "--state", a.dir, "--user=", "--master", "[::1]:1");
	assert_int_equal(w->code, COMMAND_DONE);
	assert_non_null(strstr(w->out, "enrolled already, as agent 7"));
	assert_non_null(strstr(w->out, "--again"));
	assert_int_equal(file_read(path, &after), ST_OK);
	assert_true(span_eq(buf_span(&before), buf_span(&after)));
	SAY(w, "status", "--state", a.dir, "--user=");
	assert_int_equal(w->code, REPORT_NOT_RUNNING);
	buf_fini(&before);
	buf_fini(&after);
	fake_agent_close(&a);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(help_names_every_command_and_setting),
	    TEST(without_a_command_the_help_is_shown_and_it_is_an_error),
	    TEST(help_settings_is_a_page_of_the_documentation),
	    TEST(version_is_one_line),
	    TEST(wrong_words_are_told_what_would_be_right),
	    TEST(a_token_that_is_none_is_not_repeated),
	    TEST(a_folder_that_is_not_there_is_not_enrolled),
	    TEST(an_enrolled_host_is_not_enrolled_again_by_accident),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
