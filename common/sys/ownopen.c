#include "sys/ownopen.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* Where this machine has arguments and result of a system call. */
#if defined(__x86_64__)
#define ARGUMENT(u, n) ((u)->uc_mcontext.gregs[(n) == 0 ? REG_RDI : REG_RSI])
#define RESULT(u)      ((u)->uc_mcontext.gregs[REG_RAX])
#elif defined(__aarch64__)
#define ARGUMENT(u, n) ((u)->uc_mcontext.regs[(n)])
#define RESULT(u)      ((u)->uc_mcontext.regs[0])
#else
#define NO_REGISTERS 1
#endif

/* The descriptor that a path names, -1 when it names none. */
static int
named(const char *path)
{
	static const char head[] = "/proc/self/fd/";
	int n = 0;

	if (path == NULL || strncmp(path, head, sizeof(head) - 1) != 0)
		return -1;
	path += sizeof(head) - 1;
	if (*path == 0)
		return -1;
	for (; *path >= '0' && *path <= '9' && n < 100000; path++)
		n = 10 * n + (*path - '0');
	return *path == 0 ? n : -1;
}

#ifndef NO_REGISTERS
static long
answer(const char *path)
{
	int fd = named(path);

	fd = fd < 0 ? -1 : dup(fd);
	if (fd < 0 || lseek(fd, 0, SEEK_SET) != 0)
		return -EACCES;
	return fd;
}

static bool
opens(int call, unsigned *path)
{
	*path = 1;
#ifdef SYS_open
	if (call == SYS_open) {
		*path = 0;
		return true;
	}
#endif
	return call == SYS_openat;
}

static void
on_call(int number, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	int saved = errno;
	const char *path;
	unsigned at;
	long got = -EACCES;

	(void)number;
	if (opens(info->si_syscall, &at)) {
		/* its own memory, which it could read anyway */
		uintptr_t p = (uintptr_t)ARGUMENT(u, at);

		memcpy(&path, &p, sizeof(path));
		got = answer(path);
	}
	memcpy(&RESULT(u), &got, sizeof(RESULT(u)));
	errno = saved;
}
#endif

enum status
ownopen_install(void)
{
#ifndef NO_REGISTERS
	struct sigaction a = {.sa_sigaction = on_call,
			      .sa_flags = SA_SIGINFO | SA_NODEFER};

	sigemptyset(&a.sa_mask);
	if (sigaction(SIGSYS, &a, NULL) != 0)
		return status_of_errno(errno);
#else
	if (named("") >= 0) /* every path is refused by its end */
		return ST_IO;
#endif
	return ST_OK;
}
