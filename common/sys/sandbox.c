#include "sys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/must.h"

/*
 * The profiles: groups of calls by name, and which role has which group. A
 * name that this machine does not know is passed over.
 */
enum {
	G_BASE = 1 << 0,   /* memory, time, the descriptors one has */
	G_FORK = 1 << 1,   /* children, and what they do before their sandbox */
	G_OPEN = 1 << 2,   /* walk and open */
	G_CHANGE = 1 << 3, /* write, make, rename, remove */
	G_EVENTS = 1 << 4, /* wait for many */
	G_SERVE = 1 << 5,  /* use and accept connections */
	G_CONNECT = 1 << 6, /* make connections */
	G_THREADS = 1 << 7,
	G_CODE = 1 << 8,   /* memory may become code: plug-ins of name lookup */
	G_NOOPEN = 1 << 9, /* opening is refused, not deadly */
	G_WALK = 1 << 10,  /* walk, and open for reading only */
};

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

static const struct group {
	unsigned bit;
	const char *const *calls;
} groups[] = {
    {G_BASE, base},       {G_FORK, children},
    {G_OPEN, opening},    {G_OPEN | G_WALK, walking},
    {G_CHANGE, changing}, {G_EVENTS, events},
    {G_SERVE, serving},   {G_CONNECT, connecting},
    {G_THREADS, threads},
};

static const struct profile {
	const char *name;
	unsigned groups;
} profiles[SANDBOX__COUNT] = {
    [SANDBOX_WORKER] = {"worker", G_BASE},
    [SANDBOX_ZYGOTE] = {"zygote", G_BASE | G_FORK},
    [SANDBOX_READER] = {"reader", G_BASE | G_WALK},
    [SANDBOX_DIRECTOR] = {"director",
			  G_BASE | G_FORK | G_OPEN | G_CHANGE | G_EVENTS},
    [SANDBOX_GATE] = {"gate", G_BASE | G_EVENTS | G_SERVE | G_NOOPEN},
    [SANDBOX_CORE] = {"core", G_BASE | G_OPEN | G_CHANGE | G_EVENTS | G_SERVE |
				  G_THREADS},
    [SANDBOX_CA] = {"ca", G_BASE | G_EVENTS | G_NOOPEN},
    [SANDBOX_API] = {"api", G_BASE | G_OPEN | G_CHANGE | G_EVENTS | G_SERVE |
				G_THREADS},
    [SANDBOX_LINK] = {"link", G_BASE | G_OPEN | G_CHANGE | G_EVENTS |
				  G_CONNECT | G_THREADS | G_CODE},
};

const char *
sandbox_name(enum sandbox_role role)
{
	return profiles[role].name;
}

/* ---- seccomp ---- */

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
refuse_opens(scmp_filter_ctx f)
{
	int rc = allow_list(f, SCMP_ACT_ERRNO(EACCES), refused_opens);

	if (rc == 0)
		rc = seccomp_rule_add(
		    f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), 1,
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

static int
fill(scmp_filter_ctx f, unsigned have)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(groups) / sizeof(groups[0]);
	     i++)
		if (have & groups[i].bit)
			rc = allow_list(f, SCMP_ACT_ALLOW, groups[i].calls);
	if (rc == 0 && (have & G_NOOPEN))
		rc = refuse_opens(f);
	if (rc == 0)
		rc = allow_memory(f, (have & G_CODE) != 0);
	if (rc == 0 && (have & G_WALK))
		rc = allow_reading(f);
	if (rc == 0 && !(have & (G_OPEN | G_WALK)))
		rc = allow_fstat(f);
	if (rc == 0 && (have & G_THREADS) && !(have & G_FORK))
		rc = allow_threads(f);
	if (rc == 0 && !(have & (G_OPEN | G_EVENTS)))
		rc = refuse_ioctl(f);
	return rc;
}

static enum status
enter_seccomp(unsigned have)
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

/* ---- Landlock ---- */

#define FS_EXECUTE    (UINT64_C(1) << 0)
#define FS_WRITE_FILE (UINT64_C(1) << 1)
#define FS_READ_FILE  (UINT64_C(1) << 2)
#define FS_READ_DIR   (UINT64_C(1) << 3)
#define FS_ALL_ABI1   ((UINT64_C(1) << 13) - 1)
#define FS_REFER      (UINT64_C(1) << 13) /* ABI 2 */
#define FS_TRUNCATE   (UINT64_C(1) << 14) /* ABI 3 */
#define FS_OF_A_FILE  (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE)
#define FS_READ       (FS_READ_FILE | FS_READ_DIR)

static uint64_t
known_rights(int abi)
{
	uint64_t all = FS_ALL_ABI1;

	if (abi >= 2)
		all |= FS_REFER;
	if (abi >= 3)
		all |= FS_TRUNCATE;
	return all;
}

static enum status
allow_path(int ruleset, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = rights};
	struct stat sb;
	enum status st = ST_OK;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return errno == ENOENT ? ST_OK : status_of_errno(errno);
	if (fstat(rule.parent_fd, &sb) != 0)
		st = status_of_errno(errno);
	else if (!S_ISDIR(sb.st_mode))
		rule.allowed_access &= FS_OF_A_FILE;
	if (st == ST_OK && syscall(SYS_landlock_add_rule, ruleset,
				   LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
		st = status_of_errno(errno);
	close(rule.parent_fd);
	return st;
}

static enum status
allow_paths(int ruleset, const char *const *paths, size_t n, uint64_t rights)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < n; i++)
		st = allow_path(ruleset, paths[i], rights);
	return st;
}

/*
 * Who may read everywhere is not asked on every open, which costs a walk up to
 * the root each time; what writes stays asked for. Each open asks for the right
 * to truncate, too, so who only reads is not asked for that either: seccomp
 * refuses it all three ways to do so.
 */
static uint64_t
asked_rights(const struct sandbox_paths *p, unsigned have, int abi)
{
	uint64_t all = known_rights(abi);
	bool only_reads = (have & G_WALK) && !(have & (G_OPEN | G_CHANGE));

	for (size_t i = 0; p != NULL && i < p->read_count; i++)
		if (p->read[i] != NULL && strcmp(p->read[i], "/") == 0)
			all &= ~(FS_READ | (only_reads ? FS_TRUNCATE : 0));
	return all;
}

static enum status
enter_landlock(const struct sandbox_paths *p, unsigned have, int *abi_out)
{
	struct landlock_ruleset_attr attr = {0};
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);
	uint64_t all;
	enum status st = ST_OK;
	int ruleset;

	*abi_out = abi < 0 ? 0 : abi;
	if (abi < 1)
		return ST_OK; /* the kernel has none, or it is switched off */
	all = asked_rights(p, have, abi);
	attr.handled_access_fs = all;
	ruleset =
	    (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset < 0)
		return status_of_errno(errno);
	if (p != NULL) {
		st = (all & FS_READ) == 0 ? ST_OK
					  : allow_paths(ruleset, p->read,
							p->read_count, FS_READ);
		if (st == ST_OK)
			st = allow_paths(ruleset, p->write, p->write_count,
					 all & ~FS_EXECUTE);
		if (st == ST_OK)
			st = allow_paths(ruleset, p->exec, p->exec_count,
					 all & (FS_READ | FS_EXECUTE));
	}
	if (st == ST_OK && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		st = status_of_errno(errno);
	close(ruleset);
	return st;
}

enum status
sandbox_enter(enum sandbox_role role, const struct sandbox_paths *paths,
	      struct sandbox_state *out)
{
	struct sandbox_state state = {0};
	unsigned have;
	enum status st;

	must((unsigned)role < SANDBOX__COUNT && profiles[role].name != NULL);
	have = profiles[role].groups;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return status_of_errno(errno);
	st = enter_landlock(paths, have, &state.landlock);
	if (st == ST_OK)
		st = enter_seccomp(have);
	if (st != ST_OK)
		return st;
	state.seccomp = true;
	if (out != NULL)
		*out = state;
	return ST_OK;
}

enum status
sandbox_limit(const struct sandbox_limits *l)
{
	const struct {
		int what;
		bool set;
		uint64_t value;
	} all[] = {
#ifndef TRAWL_SAN /* shadow memory is larger than any sane limit */
	    {RLIMIT_AS, l->address_space > 0, l->address_space},
#endif
	    {RLIMIT_FSIZE, true, l->file_size},
	    {RLIMIT_NOFILE, l->open_files > 0, l->open_files},
	    {RLIMIT_CPU, l->cpu_seconds > 0, l->cpu_seconds},
	    {RLIMIT_CORE, true, 0},
	};

	/* Over RLIMIT_FSIZE a write fails instead of killing a log line. */
	if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
		return status_of_errno(errno);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct rlimit r = {all[i].value, all[i].value};

		if (all[i].set &&
		    setrlimit((__rlimit_resource_t)all[i].what, &r) != 0)
			return status_of_errno(errno);
	}
	return ST_OK;
}
