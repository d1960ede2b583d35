#ifndef UNIT_AGENT_TRAWL_CHILD_H
#define UNIT_AGENT_TRAWL_CHILD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * child: a function run in a process of its own, and what it said and how it
 * ended.
 */
#define CHILD_TEXT (512 * 1024)

struct child {
	int code; /* exit status; -1: killed */
	char out[CHILD_TEXT], err[CHILD_TEXT];
};

static inline void
child_text(int fd, char text[CHILD_TEXT])
{
	ssize_t n = pread(fd, text, CHILD_TEXT - 1, 0);

	assert_true(n >= 0);
	text[n] = 0;
	close(fd);
}

/* `out` -1: kept; else the child's standard output goes there. */
static inline struct child
child_run_to(int (*run)(const void *arg), const void *arg, int out)
{
	int keep = memfd_create("out", 0), err = memfd_create("err", 0);
	static struct child c;
	int status;
	pid_t pid;

	assert_true(keep >= 0 && err >= 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(out < 0 ? keep : out, STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		exit(run(arg));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	c.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	child_text(keep, c.out);
	child_text(err, c.err);
	return c;
}

static inline struct child
child_run(int (*run)(const void *arg), const void *arg)
{
	return child_run_to(run, arg, -1);
}

#endif
