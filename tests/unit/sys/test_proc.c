#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/proc.h"

/* Runs sh -c with the given descriptors and gives its exit code. */
static int
shell(const char *script, const struct proc_fd *fds, size_t n)
{
	char sh[] = "sh", c[] = "-c", text[512];
	char *argv[] = {sh, c, text, NULL};
	struct proc_spec spec = {
	    .path = "/bin/sh", .argv = argv, .fds = fds, .fd_count = n};
	pid_t pid;
	int status, pidfd;
	struct pollfd pfd;

	snprintf(text, sizeof(text), "%s", script);
	assert_int_equal(proc_spawn(&spec, &pid, &pidfd), ST_OK);
	pfd = (struct pollfd){.fd = pidfd, .events = POLLIN};
	assert_int_equal(poll(&pfd, 1, 20000), 1);
	close(pidfd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
a_child_has_the_descriptors_it_was_given_and_no_others(void **state)
{
	int pipes[2], stray = open("/dev/null", O_RDONLY);
	struct proc_fd fds[2];
	char text[16] = {0};

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	/* Numbers that cross over: 3 and 4 change places. */
	fds[0] = (struct proc_fd){pipes[0], pipes[1]};
	fds[1] = (struct proc_fd){pipes[1], pipes[0]};
	snprintf(text, sizeof(text), "%d", pipes[0]);
	{
		char script[128];

		snprintf(script, sizeof(script),
			 "echo hi >&%d && [ ! -e /proc/self/fd/%d ]", pipes[0],
			 stray);
		assert_int_equal(shell(script, fds, 2), 0);
	}
	memset(text, 0, sizeof(text));
	assert_int_equal(read(pipes[0], text, sizeof(text) - 1), 3);
	assert_string_equal(text, "hi\n");
	close(pipes[0]);
	close(pipes[1]);
	close(stray);
}

static void
libraries_of_a_child_leave_no_figures_behind(void **state)
{
	(void)state;
	assert_int_equal(shell("[ -n \"$MONGOC_DISABLE_SHM\" ]", NULL, 0), 0);
}

static void
secrets_of_our_environment_stay_here(void **state)
{
	(void)state;
	assert_int_equal(setenv("SECRET_OF_SOMEBODY", "x", 1), 0);
	assert_int_equal(setenv("TRAWL_SPEED", "7", 1), 0);
	assert_int_equal(
	    shell("[ -z \"$SECRET_OF_SOMEBODY\" ] && [ \"$TRAWL_SPEED\" = 7 ]",
		  NULL, 0),
	    0);
	unsetenv("TRAWL_SPEED");
	unsetenv("SECRET_OF_SOMEBODY");
}

static void
a_program_that_is_not_there_is_said_before_forking(void **state)
{
	char none[] = "none";
	char *argv[] = {none, NULL};
	struct proc_spec spec = {.path = "/nowhere/none", .argv = argv};
	pid_t pid = 77;

	(void)state;
	assert_int_equal(proc_spawn(&spec, &pid, NULL), ST_NOTFOUND);
	assert_int_equal(pid, 77);
}

static void
a_child_dies_with_its_parent(void **state)
{
	int pipes[2];
	char byte;
	pid_t middle, parent = getpid();

	(void)state;
	assert_int_equal(proc_die_with(parent + 1), ST_CLOSED);
	assert_int_equal(prctl(PR_SET_PDEATHSIG, 0), 0);
	assert_int_equal(pipe(pipes), 0);
	middle = fork();
	if (middle == 0) {
		pid_t me = getpid();

		if (fork() == 0) {
			if (proc_die_with(me) != ST_OK)
				_exit(1);
			if (write(pipes[1], "r", 1) != 1)
				_exit(1);
			for (;;)
				pause();
		}
		pause();
		_exit(0);
	}
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &byte, 1), 1);
	kill(middle, SIGKILL);
	waitpid(middle, NULL, 0);
	/* The end of the pipe comes when the grandchild is gone. */
	assert_int_equal(read(pipes[0], &byte, 1), 0);
	close(pipes[0]);
}

static void
a_hardened_process_leaves_no_core_and_gets_no_rights(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		struct rlimit core;

		proc_harden();
		if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_max != 0)
			_exit(1);
		if (prctl(PR_GET_DUMPABLE) != 0)
			_exit(2);
		if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
			_exit(3);
		if (umask(0) != 077)
			_exit(4);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void
closing_all_keeps_what_is_named(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		int keep[] = {40, 7, 2};

		for (int fd = 5; fd < 50; fd++)
			dup2(0, fd);
		if (proc_close_except(keep, 3) != ST_OK)
			_exit(1);
		if (!is_open(7) || !is_open(40) || !is_open(2))
			_exit(2);
		for (int fd = 3; fd < 50; fd++)
			if (fd != 7 && fd != 40 && is_open(fd))
				_exit(3);
		if (proc_close_except(NULL, 0) != ST_OK || is_open(7))
			_exit(4);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
the_end_of_a_child_has_words(void **state)
{
	char text[PROC_END_TEXT];

	(void)state;
	proc_end_text(3 << 8, text);
	assert_string_equal(text, "exit 3");
	proc_end_text(SIGSYS, text);
	assert_string_equal(text, "signal 31");
}

static void
our_own_path_and_use_are_known(void **state)
{
	char self[4096], small[4];
	struct proc_use use;

	(void)state;
	assert_int_equal(proc_self(self, sizeof(self)), ST_OK);
	assert_int_equal(self[0], '/');
	assert_non_null(strstr(self, "test_proc"));
	assert_int_equal(proc_self(small, sizeof(small)), ST_LIMIT);
	assert_int_equal(proc_use(getpid(), &use), ST_OK);
	assert_true(use.resident > 100 * 1024);
}

static void
a_sibling_is_found_beside_us_or_where_the_variable_says(void **state)
{
	char path[4096], dir[] = "/tmp/trawl-unit-XXXXXX", made[64];
	int fd;

	(void)state;
	unsetenv("TRAWL_LIBEXEC");
	assert_int_equal(proc_sibling("test_proc", path, sizeof(path)), ST_OK);
	assert_int_equal(access(path, X_OK), 0);
	assert_int_equal(proc_sibling("no-such-thing", path, sizeof(path)),
			 ST_NOTFOUND);
	assert_non_null(mkdtemp(dir));
	snprintf(made, sizeof(made), "%s/test_proc", dir);
	fd = open(made, O_WRONLY | O_CREAT, 0700);
	assert_true(fd >= 0);
	close(fd);
	setenv("TRAWL_LIBEXEC", dir, 1);
	assert_int_equal(proc_sibling("test_proc", path, sizeof(path)), ST_OK);
	assert_string_equal(path, made);
	unsetenv("TRAWL_LIBEXEC");
	unlink(made);
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_child_has_the_descriptors_it_was_given_and_no_others),
	    cmocka_unit_test(secrets_of_our_environment_stay_here),
	    cmocka_unit_test(libraries_of_a_child_leave_no_figures_behind),
	    cmocka_unit_test(
		a_program_that_is_not_there_is_said_before_forking),
	    cmocka_unit_test(a_child_dies_with_its_parent),
	    cmocka_unit_test(
		a_hardened_process_leaves_no_core_and_gets_no_rights),
	    cmocka_unit_test(closing_all_keeps_what_is_named),
	    cmocka_unit_test(the_end_of_a_child_has_words),
	    cmocka_unit_test(our_own_path_and_use_are_known),
	    cmocka_unit_test(
		a_sibling_is_found_beside_us_or_where_the_variable_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
