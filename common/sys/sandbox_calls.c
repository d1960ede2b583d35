#include "sys/sandbox_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

static const char *const base[] = {"read",
				   "readv",
				   "pread64",
				   "preadv",
				   "write",
				   "writev",
				   "lseek",
				   "close",
				   "fstat",
				   "recvmsg",
				   "recvfrom",
				   "sendmsg",
				   "sendto",
				   "poll",
				   "ppoll",
				   "shutdown",
				   "brk",
				   "munmap",
				   "mremap",
				   "madvise",
				   "futex",
				   "futex_time64",
				   "clock_gettime",
				   "clock_gettime64",
				   "clock_getres",
				   "gettimeofday",
				   "time",
				   "clock_nanosleep",
				   "nanosleep",
				   "getpid",
				   "getppid",
				   "gettid",
				   "rt_sigreturn",
				   "rt_sigaction",
				   "rt_sigprocmask",
				   "rt_sigtimedwait",
				   "restart_syscall",
				   "sigaltstack",
				   "tgkill",
				   "exit",
				   "exit_group",
				   "getrandom",
				   "getrusage",
				   "times",
				   "sched_yield",
				   "sched_getaffinity",
				   "getcpu",
				   "membarrier",
				   "rseq",
				   "set_robust_list",
				   "setitimer",
				   "alarm",
				   "getuid",
				   "geteuid",
				   "getgid",
				   "getegid",
				   "fcntl",
				   "dup",
				   "uname",
				   "sysinfo",
				   NULL};

static const char *const children[] = {"fork",
				       "vfork",
				       "clone",
				       "clone3",
				       "wait4",
				       "waitid",
				       "kill",
				       "pidfd_open",
				       "pidfd_send_signal",
				       "prctl",
				       "seccomp",
				       "landlock_create_ruleset",
				       "landlock_add_rule",
				       "landlock_restrict_self",
				       "prlimit64",
				       "setrlimit",
				       "getrlimit",
				       "close_range",
				       "dup2",
				       "dup3",
				       "pipe",
				       "pipe2",
				       "socketpair",
				       "memfd_create",
				       "ftruncate",
				       "umask",
				       "setresuid",
				       "setresgid",
				       "setuid",
				       "setgid",
				       "setgroups",
				       "getgroups",
				       "capget",
				       "capset",
				       "chdir",
				       "setsid",
				       "setpgid",
				       "setpriority",
				       "getpriority",
				       "sched_setscheduler",
				       "sched_setattr",
				       "ioprio_set",
				       "arch_prctl",
				       "set_tid_address",
				       "getresuid",
				       "getresgid",
#ifdef TRAWL_SAN /* a leak is looked for at the end, by a child */
				       "ptrace",
#endif
				       NULL};

static const char *const opening[] = {"open", "openat", "openat2", "ioctl",
				      NULL};

static const char *const walking[] = {"stat",       "lstat",
				      "newfstatat", "statx",
				      "fstatfs",    "statfs",
				      "readlink",   "readlinkat",
				      "access",     "faccessat",
				      "faccessat2", "getdents64",
				      "getdents",   "fadvise64",
				      "readahead",  "getcwd",
				      "fchdir",     "flock",
				      "getxattr",   "lgetxattr",
				      "fgetxattr",  "name_to_handle_at",
				      NULL};

static const char *const changing[] = {
    "pwrite64",        "pwritev",  "fsync",     "fdatasync", "sync_file_range",
    "ftruncate",       "truncate", "fallocate", "mkdir",     "mkdirat",
    "unlink",          "unlinkat", "rmdir",     "rename",    "renameat",
    "renameat2",       "link",     "linkat",    "symlink",   "symlinkat",
    "chmod",           "fchmod",   "fchmodat",  "chown",     "fchown",
    "fchownat",        "lchown",   "utimensat", "umask",     "msync",
    "copy_file_range", "sendfile", "syncfs",    NULL};

static const char *const events[] = {
    "epoll_create",    "epoll_create1",   "epoll_ctl", "epoll_wait",
    "epoll_pwait",     "epoll_pwait2",    "eventfd2",  "timerfd_create",
    "timerfd_settime", "timerfd_gettime", "signalfd4", "select",
    "pselect6",        "pipe2",           "ioctl",     NULL};

static const char *const serving[] = {
    "accept",      "accept4",  "getsockopt", "setsockopt", "getsockname",
    "getpeername", "sendmmsg", "recvmmsg",   "sendfile",   NULL};

/* No listen and no accept: an agent is never called. */
static const char *const connecting[] = {
    "socket",     "socketpair", "connect",     "bind",
    "getsockopt", "setsockopt", "getsockname", "getpeername",
    "sendmmsg",   "recvmmsg",   NULL};

static const char *const threads[] = {"set_tid_address",
				      "prctl", /* a thread names itself */
				      "prlimit64",
				      "getrlimit",
				      "arch_prctl",
				      "sched_getparam",
				      "sched_getscheduler",
				      "sched_get_priority_max",
				      "sched_get_priority_min",
				      NULL};

/* Libraries look for settings and time zones late: told no, not killed. */
static const char *const refused_opens[] = {
    "open",   "openat",    "openat2",    "stat",     "lstat",      "statx",
    "access", "faccessat", "faccessat2", "readlink", "readlinkat", NULL};

static const char *const filling[] = {"pwrite64", "ftruncate", NULL};

static const char *const keeping[] = {
    "memfd_secret", "memfd_create", "ftruncate", "mlock",
    "mlock2",       "munlock",      "madvise",   NULL};

static const struct group {
	unsigned bit;
	const char *const *calls;
} groups[] = {
    {G_BASE, base},       {G_FORK, children},
    {G_OPEN, opening},    {G_OPEN | G_WALK, walking},
    {G_CHANGE, changing}, {G_EVENTS, events},
    {G_SERVE, serving},   {G_CONNECT, connecting},
    {G_THREADS, threads}, {G_FILL, filling},
    {G_VAULT, keeping},
};

/* Sanitizers make calls of their own at any time: refused there, not killed. */
#ifdef TRAWL_SAN
#define OTHERWISE SCMP_ACT_ERRNO(EPERM)
#else
#define OTHERWISE SCMP_ACT_KILL_PROCESS
#endif

static int
allow_list(scmp_filter_ctx f, uint32_t action, const char *const *calls)
{
	for (; *calls != NULL; calls++) {
		int number = seccomp_syscall_resolve_name(*calls);
		int rc;

		if (number == __NR_SCMP_ERROR)
			continue;
		rc = seccomp_rule_add(f, action, number, 0);
		/* -EDOM: a call of another architecture's set */
		if (rc != 0 && rc != -EEXIST && rc != -EDOM)
			return rc;
	}
	return 0;
}

/* Memory may not become code. */
static int
allow_memory(scmp_filter_ctx f, bool with_code)
{
	static const int calls[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		int rc = with_code
			     ? seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0)
			     : seccomp_rule_add(
				   f, SCMP_ACT_ALLOW, calls[i], 1,
				   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* fstat() of today's C library: newfstatat() of a descriptor, no path. */
static int
allow_fstat(scmp_filter_ctx f)
{
	return seccomp_rule_add(
	    f, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
	    SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
}

/* Threads, not processes. clone3 hides its flags: say that there is none. */
static int
allow_threads(scmp_filter_ctx f)
{
	int rc = seccomp_rule_add(
	    f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
	    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));

	if (rc == 0)
		rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS),
				      SCMP_SYS(clone3), 0);
	return rc;
}

/*
 * A terminal is asked whether it is one; nothing more is needed. A reader with
 * CAP_FOWNER could set flags of anybody's files by it.
 */
static int
refuse_ioctl(scmp_filter_ctx f)
{
	return seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 0);
}

static int
refuse_opens(scmp_filter_ctx f, uint32_t how)
{
	int rc = allow_list(f, how, refused_opens);

	if (rc == 0)
		rc = seccomp_rule_add(
		    f, how, SCMP_SYS(newfstatat), 1,
		    SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0));
	return rc;
}

/* openat2 hides its flags: say that there is none. */
static int
allow_reading(scmp_filter_ctx f)
{
	const uint64_t change = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
	int rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
				  SCMP_A2(SCMP_CMP_MASKED_EQ, change, 0));

	if (rc == 0)
		rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS),
				      SCMP_SYS(openat2), 0);
	return rc;
}

/* Libraries keep caches where they can: told no, they do without. */
static int
refuse_writing(scmp_filter_ctx f)
{
	static const char *const makes[] = {"mkdir",    "mkdirat", "unlink",
					    "unlinkat", "rename",  "chmod",
					    "fchmod",   "umask",   NULL};
	static const uint64_t flags[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC,
					 O_APPEND};
	const uint32_t how = SCMP_ACT_ERRNO(EACCES);
	int rc = allow_list(f, how, makes);

	for (size_t i = 0; rc == 0 && i < sizeof(flags) / sizeof(flags[0]); i++)
		rc = seccomp_rule_add(
		    f, how, SCMP_SYS(openat), 1,
		    SCMP_A2(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
	return rc;
}

static int
fill(scmp_filter_ctx f, unsigned have)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(groups) / sizeof(groups[0]);
	     i++)
		if (have & groups[i].bit)
			rc = allow_list(f, SCMP_ACT_ALLOW, groups[i].calls);
	if (rc == 0 && (have & G_NOOPEN))
		rc = refuse_opens(f, SCMP_ACT_ERRNO(EACCES));
	if (rc == 0 && (have & G_OWNOPEN))
		rc = refuse_opens(f, SCMP_ACT_TRAP);
	if (rc == 0)
		rc = allow_memory(f, (have & G_CODE) != 0);
	if (rc == 0 && (have & G_WALK))
		rc = allow_reading(f);
	if (rc == 0 && (have & G_NOWRITE))
		rc = refuse_writing(f);
	if (rc == 0 && !(have & (G_OPEN | G_WALK)))
		rc = allow_fstat(f);
	if (rc == 0 && (have & G_THREADS) && !(have & G_FORK))
		rc = allow_threads(f);
	if (rc == 0 && !(have & (G_OPEN | G_EVENTS)))
		rc = refuse_ioctl(f);
	return rc;
}

enum status
sandbox_calls_enter(unsigned have)
{
	scmp_filter_ctx f = seccomp_init(OTHERWISE);
	int rc;

	if (f == NULL)
		return ST_NOMEM;
	rc = fill(f, have);
	if (rc == 0)
		rc = seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1);
	if (rc == 0)
		rc = seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (rc == 0)
		rc = seccomp_load(f);
	seccomp_release(f);
	return rc == 0 ? ST_OK : status_of_errno(-rc);
}
