#include "runtime/supervisor.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "sys/file.h"

/*
 * The link is a shell script: its words to the supervisor are 16 bytes with the
 * kind at 4 and the task at 8. START is 1, KILL 2; STARTED, ENDED, LEAVE and
 * KILLED come back as 3 to 6.
 */
#define SAY(kind)                                                              \
	"printf '\\0\\0\\0\\0\\" kind "\\0\\0\\0\\5\\0\\0\\0\\0\\0\\0\\0' "    \
	">&3; "
#define HEAR         "head -c 16 <&3 | od -An -tu1 -j4 -N1 | tr -d ' ' >>heard; "
#define HEAR_TEXT(n) "head -c " n " <&3 >>said; "
#define STOP_ALL     "{ kill -TERM $PPID; head -c 16 <&3 >/dev/null; exit 0; }; "

struct world {
	char dir[64];
	char home[4096];
};

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	log_setup("test", LOG_ERROR);
	assert_non_null(getcwd(w->home, sizeof(w->home)));
	snprintf(w->dir, sizeof(w->dir), "/tmp/trawl-sup.XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	assert_int_equal(chdir(w->dir), 0);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	assert_int_equal(chdir(w->home), 0);
	assert_int_equal(file_remove_tree(w->dir), ST_OK);
	free(w);
	return 0;
}

/* Runs a supervisor over the script in a child; gives how it ended. */
static int
supervise(const char *script, const char *scanner)
{
	char *argv[] = {strdup("sh"), strdup("-c"), strdup(script), NULL};
	const struct supervisor_config c = {.link = "/bin/sh",
					    .argv = argv,
					    .scanner = scanner,
					    .nice = 5,
					    .io_class = 2,
					    .retry_ms = 1,
					    .retry_cap_ms = 5};
	int status = -1, code = 99;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		alarm(20);
		if (supervisor_run(&c, &code) != ST_OK)
			code = 98;
		_exit(code);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	for (size_t i = 0; i < 3; i++)
		free(argv[i]);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
file_holds(const char *name, const char *want)
{
	char text[256] = {0};
	FILE *f = fopen(name, "r");

	assert_non_null(f);
	(void)!fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	assert_string_equal(text, want);
}

static void
a_scanner_is_started_and_its_end_is_told(void **state)
{
	(void)state;
	assert_int_equal(
	    supervise(SAY("1") HEAR HEAR HEAR_TEXT("6") STOP_ALL, "/bin/true"),
	    0);
	file_holds("heard", "3\n4\n");
	file_holds("said", "exit 0");
}

static void
a_scanner_is_killed_when_that_is_asked(void **state)
{
	const struct world *w = *state;
	char idle[128];

	snprintf(idle, sizeof(idle), "%s/idle", w->dir);
	assert_int_equal(
	    file_replace(idle, span_str("#!/bin/sh\nexec sleep 60\n"), 0700),
	    ST_OK);
	assert_int_equal(supervise(SAY("1") HEAR SAY("2") HEAR STOP_ALL, idle),
			 0);
	file_holds("heard", "3\n6\n");
}

static void
a_scanner_that_is_not_there_is_told(void **state)
{
	(void)state;
	assert_int_equal(supervise(SAY("1") HEAR HEAR_TEXT("59") STOP_ALL,
				   "/nowhere/trawl-scanner"),
			 0);
	file_holds("heard", "4\n");
	file_holds(
	    "said",
	    "/nowhere/trawl-scanner cannot be started: it does not exist");
}

static void
a_link_that_dies_is_started_again(void **state)
{
	(void)state;
	assert_int_equal(supervise("echo x >>lives; "
				   "[ $(wc -l <lives) -ge 4 ] && " STOP_ALL
				   "exit 3",
				   "/bin/true"),
			 0);
	file_holds("lives", "x\nx\nx\nx\n");
}

static void
one_that_cannot_succeed_ends_it(void **state)
{
	(void)state;
	assert_int_equal(supervise("echo x >>lives; exit 78", "/bin/true"), 1);
	file_holds("lives", "x\n");
}

static void
scanners_do_not_outlive_their_link(void **state)
{
	(void)state;
	/* The second life must be able to start task 5 once more. */
	assert_int_equal(supervise("echo x >>lives; " SAY("1") HEAR
				   "[ $(wc -l <lives) -ge 2 ] && " STOP_ALL
				   "exit 3",
				   "/bin/cat"),
			 0);
	file_holds("heard", "3\n3\n");
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(a_scanner_is_started_and_its_end_is_told),
	    CASE(a_scanner_is_killed_when_that_is_asked),
	    CASE(a_scanner_that_is_not_there_is_told),
	    CASE(a_link_that_dies_is_started_again),
	    CASE(one_that_cannot_succeed_ends_it),
	    CASE(scanners_do_not_outlive_their_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
