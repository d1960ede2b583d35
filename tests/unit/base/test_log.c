#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/must.h"

/* What fn writes to stderr, in a child; gives the child's wait status. */
static int
written(void (*fn)(void), char *text, size_t room)
{
	int fds[2], status;
	size_t have = 0;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const struct rlimit no_core = {0, 0};

		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGABRT, SIG_DFL);
		dup2(fds[1], STDERR_FILENO);
		fn();
		_exit(0);
	}
	close(fds[1]);
	while ((n = read(fds[0], text + have, room - 1 - have)) > 0)
		have += (size_t)n;
	text[have] = '\0';
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
say_three(void)
{
	log_setup("tester", LOG_WARN);
	log_error("first id=%d", 7);
	log_warn("second");
	log_info("not shown");
}

static void
a_line_has_time_level_program_and_words(void **state)
{
	char text[4096];

	(void)state;
	assert_int_equal(written(say_three, text, sizeof(text)), 0);
	assert_non_null(strstr(text, "Z error tester["));
	assert_non_null(strstr(text, "] first id=7\n"));
	assert_non_null(strstr(text, "Z warn tester["));
	assert_null(strstr(text, "not shown"));
}

static void
say_forged(void)
{
	char longer[3000];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	log_error("name=%s", "evil\nerror forged\x1b[31m");
	log_error("%s", longer);
}

static void
a_file_name_cannot_forge_a_line(void **state)
{
	char text[8192];
	size_t lines = 0;

	(void)state;
	assert_int_equal(written(say_forged, text, sizeof(text)), 0);
	for (const char *p = text; *p != '\0'; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 2);
	assert_null(strchr(text, '\x1b'));
	assert_true(strlen(text) < 2100);
}

static void
levels_are_read_by_name(void **state)
{
	(void)state;
	assert_int_equal(log_level_parse("error"), LOG_ERROR);
	assert_int_equal(log_level_parse("debug"), LOG_DEBUG);
	assert_int_equal(log_level_parse("loud"), -1);
}

static void
break_an_invariant(void)
{
	must(1 + 1 == 2);
	must(1 + 1 == 3);
}

static void
must_stops_the_process_and_names_the_place(void **state)
{
	char text[1024];
	int status;

	(void)state;
	status = written(break_an_invariant, text, sizeof(text));
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_non_null(strstr(text, "must(1 + 1 == 3) at "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_has_time_level_program_and_words),
	    cmocka_unit_test(a_file_name_cannot_forge_a_line),
	    cmocka_unit_test(levels_are_read_by_name),
	    cmocka_unit_test(must_stops_the_process_and_names_the_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
