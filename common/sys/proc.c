#include "sys/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/must.h"
#include "base/span.h"
#include "base/str.h"
#include "sys/file.h"

int
proc_pidfd(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

void
proc_harden(void)
{
	const struct rlimit none = {0, 0};

	must(setrlimit(RLIMIT_CORE, &none) == 0);
	must(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	must(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	umask(077);
}

enum status
proc_die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return status_of_errno(errno);
	/* It may have ended before the kernel was told. */
	return getppid() == parent ? ST_OK : ST_CLOSED;
}

static int
by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static enum status
close_from_to(unsigned from, unsigned to)
{
	if (from > to)
		return ST_OK;
	if (syscall(SYS_close_range, from, to, 0) != 0)
		return status_of_errno(errno);
	return ST_OK;
}

enum status
proc_close_except(const int *keep, size_t n)
{
	int sorted[PROC_FDS_MAX];
	unsigned from = 3;

	must(n <= PROC_FDS_MAX);
	if (n > 0)
		memcpy(sorted, keep, n * sizeof(*keep));
	qsort(sorted, n, sizeof(*sorted), by_number);
	for (size_t i = 0; i < n; i++) {
		unsigned fd;
		enum status st;

		if (sorted[i] < 3)
			continue;
		fd = (unsigned)sorted[i];
		st = fd == 0 ? ST_OK : close_from_to(from, fd - 1);
		if (st != ST_OK)
			return st;
		from = fd + 1;
	}
	return close_from_to(from, UINT_MAX);
}

/*
 * Between fork and exec: descriptors first move above every wanted number,
 * then down to it, so that no move overwrites one that is still needed.
 */
static enum status
place_fds(const struct proc_spec *spec)
{
	int high[PROC_FDS_MAX], keep[PROC_FDS_MAX];
	int above = 3;

	for (size_t i = 0; i < spec->fd_count; i++)
		if (spec->fds[i].to >= above)
			above = spec->fds[i].to + 1;
	for (size_t i = 0; i < spec->fd_count; i++) {
		high[i] = fcntl(spec->fds[i].from, F_DUPFD, above);
		if (high[i] < 0)
			return status_of_errno(errno);
	}
	for (size_t i = 0; i < spec->fd_count; i++) {
		if (dup2(high[i], spec->fds[i].to) < 0)
			return status_of_errno(errno);
		keep[i] = spec->fds[i].to;
	}
	return proc_close_except(keep, spec->fd_count);
}

static void
reset_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int s = 1; s < NSIG; s++)
		if (s != SIGKILL && s != SIGSTOP)
			(void)signal(s, SIG_DFL); /* some cannot be set */
}

static bool
passes_on(const char *variable)
{
	static const char *const kept[] = {
	    "PATH=",         "TZ=",
	    "LANG=",         "LC_ALL=",
	    "TMPDIR=",       "TRAWL_",
	    "ASAN_OPTIONS=", "UBSAN_OPTIONS=",
	    "LSAN_OPTIONS=", "MONGOC_DISABLE_SHM="};

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (strncmp(variable, kept[i], strlen(kept[i])) == 0)
			return true;
	return false;
}

/*
 * What a library would leave behind on this host, where it is told not to: of
 * libmongoc it is figures on itself in /dev/shm, by the number of a process
 * that may be ended at any time.
 */
static bool
leave_nothing(void)
{
	return setenv("MONGOC_DISABLE_SHM", "1", 1) == 0;
}

/* In the child only: environ is filtered where it stands. */
static char **
own_environment(void)
{
	size_t n = 0;

	for (size_t i = 0; environ != NULL && environ[i] != NULL; i++)
		if (passes_on(environ[i]))
			environ[n++] = environ[i];
	if (environ != NULL)
		environ[n] = NULL;
	return environ;
}

_Noreturn static void
become(const struct proc_spec *spec, pid_t parent)
{
	char *const *envp;

	reset_signals();
	if (proc_die_with(parent) != ST_OK || place_fds(spec) != ST_OK)
		_exit(126);
	if (chdir(spec->dir == NULL ? "/" : spec->dir) != 0 || !leave_nothing())
		_exit(126);
	envp = spec->envp == NULL ? own_environment() : spec->envp;
	execve(spec->path, spec->argv, envp);
	_exit(127);
}

enum status
proc_spawn(const struct proc_spec *spec, pid_t *pid, int *pidfd)
{
	pid_t parent = getpid(), child;

	must(spec->fd_count <= PROC_FDS_MAX);
	if (access(spec->path, X_OK) != 0)
		return status_of_errno(errno);
	child = fork();
	if (child < 0)
		return status_of_errno(errno);
	if (child == 0)
		become(spec, parent);
	if (pidfd != NULL) {
		/* Not reaped yet, so the number is still this child's. */
		*pidfd = proc_pidfd(child);
		if (*pidfd < 0) {
			kill(child, SIGKILL);
			waitpid(child, NULL, 0);
			return ST_IO;
		}
	}
	*pid = child;
	return ST_OK;
}

enum status
proc_self(char *dst, size_t room)
{
	ssize_t n;

	must(room > 0);
	n = readlink("/proc/self/exe", dst, room - 1);
	if (n < 0)
		return status_of_errno(errno);
	if ((size_t)n >= room - 1)
		return ST_LIMIT;
	dst[n] = '\0';
	return ST_OK;
}

enum status
proc_sibling(const char *name, char *dst, size_t room)
{
	const char *libexec = getenv("TRAWL_LIBEXEC");
	char self[PATH_MAX], path[PATH_MAX];
	char *slash;

	if (libexec != NULL && libexec[0] == '/' &&
	    file_join(path, sizeof(path), libexec, name) == ST_OK &&
	    access(path, X_OK) == 0)
		return str_copy(dst, room, span_str(path));
	if (proc_self(self, sizeof(self)) == ST_OK &&
	    (slash = strrchr(self, '/')) != NULL) {
		*slash = '\0';
		if (file_join(path, sizeof(path), self, name) == ST_OK &&
		    access(path, X_OK) == 0)
			return str_copy(dst, room, span_str(path));
	}
	if (file_join(path, sizeof(path), TRAWL_LIBEXEC, name) == ST_OK &&
	    access(path, X_OK) == 0)
		return str_copy(dst, room, span_str(path));
	return ST_NOTFOUND;
}

void
proc_end_text(int wait_status, char dst[PROC_END_TEXT])
{
	if (WIFEXITED(wait_status))
		(void)snprintf(dst, PROC_END_TEXT, "exit %d",
			       WEXITSTATUS(wait_status));
	else if (WIFSIGNALED(wait_status))
		(void)snprintf(dst, PROC_END_TEXT, "signal %d",
			       WTERMSIG(wait_status));
	else
		(void)snprintf(dst, PROC_END_TEXT, "state %d", wait_status);
}

/* Field n (from 3 on) of /proc/PID/stat, behind the name in brackets. */
static enum status
stat_field(const char *text, unsigned n, uint64_t *out)
{
	const char *at = strrchr(text, ')');
	struct span rest, part = {0};

	if (at == NULL || at[1] == '\0')
		return ST_MALFORMED;
	rest = span_str(at + 2);
	for (unsigned i = 3; i <= n; i++)
		if (!str_next(&rest, ' ', &part))
			return ST_MALFORMED;
	return str_to_u64(part, 0, UINT64_MAX, out);
}

enum status
proc_use(pid_t pid, struct proc_use *out)
{
	char path[64], text[1024];
	uint64_t user, kernel, pages;
	size_t got = 0;
	enum status st;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return status_of_errno(errno);
	st = file_read_all(fd, text, sizeof(text) - 1, &got);
	close(fd);
	if (st != ST_OK)
		return st;
	text[got] = '\0';
	if (stat_field(text, 14, &user) != ST_OK ||
	    stat_field(text, 15, &kernel) != ST_OK ||
	    stat_field(text, 24, &pages) != ST_OK)
		return ST_MALFORMED;
	out->resident = pages * (size_t)sysconf(_SC_PAGESIZE);
	out->cpu_us = (user + kernel) * 1000000 /
		      (unsigned long long)sysconf(_SC_CLK_TCK);
	return ST_OK;
}
