#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/pipe.h"
#include "sys/sandbox.h"
#include "sys/vault.h"

/* What one role tries; 0: it worked, else its errno. */
typedef int attempt(void);

static int
failed(long rc)
{
	return rc < 0 ? errno : 0;
}

static int
do_open(void)
{
	return failed(open("/etc/passwd", O_RDONLY));
}

#define OWN_FILE 102 /* of memory, made before */

/* A path that names a descriptor gives what it holds, from its beginning. */
static int
do_own_open(void)
{
	int fd = open("/proc/self/fd/102", O_RDONLY);
	char got[6] = "";

	if (fd < 0)
		return errno;
	return read(fd, got, 5) == 5 && strcmp(got, "hello") == 0 ? 0 : EIO;
}

static int
do_own_fopen(void)
{
	FILE *f = fopen("/proc/self/fd/102", "r");
	char got[6] = "";

	if (f == NULL)
		return errno;
	return fread(got, 1, 5, f) == 5 && strcmp(got, "hello") == 0 ? 0 : EIO;
}

static int
do_odd_opens(void)
{
	static const char *const paths[] = {
	    "/proc/self/fd/",         "/proc/self/fd/999",
	    "/proc/self/fd/102x",     "/proc/self/fd/../fd/102",
	    "/proc/self/fd/10099999", "",
	    "/proc/self/fd/-1",       "/proc/self/mem",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (open(paths[i], O_RDONLY) >= 0 || errno != EACCES)
			return 0;
	return EACCES;
}

static int
do_fill(void)
{
	return failed(pwrite(OWN_FILE, "x", 1, 100) == 1 ? 0 : -1) +
	       failed(ftruncate(OWN_FILE, 0));
}

static int
do_new_file(void)
{
	return failed(memfd_create("x", 0));
}

/* A secret in memory of its own, kept and wiped. */
static int
do_vault(void)
{
	struct vault v;

	if (vault_open(100, &v) != ST_OK)
		return failed(-1);
	vault_close(&v);
	return 0;
}

static int
do_write_file(void)
{
	return failed(
	    open("/tmp/trawl-unit-sandbox", O_WRONLY | O_CREAT, 0600));
}

static int
do_socket(void)
{
	return failed(socket(AF_INET, SOCK_STREAM, 0));
}

static int
do_exec(void)
{
	char sh[] = "true";
	char *argv[] = {sh, NULL};

	return failed(execv("/bin/true", argv));
}

static int
do_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return failed(pid);
}

static int
do_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? errno : 0;
}

static int
do_listen(void)
{
	return failed(listen(0, 1));
}

static int
do_kill(void)
{
	return failed(kill(getppid(), 0));
}

static int
do_ptrace_like(void)
{
	char byte;
	struct iovec {
		void *p;
		size_t n;
	} v = {&byte, 1};

	/* process_vm_readv: reading another process's memory */
	return failed(syscall(310, getppid(), &v, 1, &v, 1, 0));
}

static int
do_memory(void)
{
	char *p = malloc(1 << 22);

	if (p == NULL)
		return ENOMEM;
	memset(p, 1, 1 << 22);
	free(p);
	return 0;
}

static int
do_talk(void)
{
	int fds[2];
	struct pipe *a, *b;
	struct pipe_message m;

	/* The pair was made before: here only the talking counts. */
	fds[0] = 100;
	fds[1] = 101;
	if (pipe_open(fds[0], 4096, &a) != ST_OK ||
	    pipe_open(fds[1], 4096, &b) != ST_OK)
		return EIO;
	if (pipe_say(a, 1, 2, span_of("x", 1)) != ST_OK ||
	    pipe_receive(b, &m) != ST_OK || m.tag != 2)
		return EPROTO;
	return 0;
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
do_thread(void)
{
	pthread_t t;
	int rc = pthread_create(&t, NULL, nothing, NULL);

	if (rc == 0)
		pthread_join(t, NULL);
	return rc;
}

static int
do_fstat(void)
{
	return fprintf(stderr, "%s", "") < 0 ? EIO : 0;
}

enum outcome { WORKS, DIES, FAILS };

/* A child in the role makes the attempt. */
static enum outcome
outcome(enum sandbox_role role, const struct sandbox_paths *paths, attempt *fn)
{
	int status, pair[2];
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		const struct rlimit no_core = {0, 0};
		int rc;

		setrlimit(RLIMIT_CORE, &no_core);
		if (pipe_pair(pair) != ST_OK || dup2(pair[0], 100) < 0 ||
		    dup2(pair[1], 101) < 0 ||
		    dup2(memfd_create("own", 0), OWN_FILE) < 0 ||
		    write(OWN_FILE, "hello", 5) != 5)
			_exit(99);
		if (sandbox_enter(role, paths, NULL) != ST_OK)
			_exit(98);
		rc = fn();
		_exit(rc == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGSYS);
		return DIES;
	}
	assert_true(WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 0 ? WORKS : FAILS;
}

struct row {
	enum sandbox_role role;
	attempt *fn;
	enum outcome want;
};

static void
check(const struct row *rows, size_t n, const struct sandbox_paths *paths)
{
	for (size_t i = 0; i < n; i++) {
		enum outcome got = outcome(rows[i].role, paths, rows[i].fn);

#ifdef TRAWL_SAN /* refused instead of killed */
		if (rows[i].want == DIES && got == FAILS)
			continue;
#endif
		if (got != rows[i].want)
			fail_msg("row %zu, %s: got %d, want %d", i,
				 sandbox_name(rows[i].role), (int)got,
				 (int)rows[i].want);
	}
}

#define ROWS(a) (a), sizeof(a) / sizeof((a)[0])

static void
a_worker_computes_and_talks_and_nothing_else(void **state)
{
	static const struct row rows[] = {
	    {SANDBOX_WORKER, do_memory, WORKS},
	    {SANDBOX_WORKER, do_talk, WORKS},
	    {SANDBOX_WORKER, do_fstat, WORKS},
	    {SANDBOX_WORKER, do_open, FAILS},
	    {SANDBOX_WORKER, do_own_open, WORKS},
	    {SANDBOX_WORKER, do_own_fopen, WORKS},
	    {SANDBOX_WORKER, do_odd_opens, FAILS},
	    {SANDBOX_WORKER, do_fill, WORKS},
	    {SANDBOX_WORKER, do_new_file, DIES},
	    {SANDBOX_WORKER, do_socket, DIES},
	    {SANDBOX_WORKER, do_exec, DIES},
	    {SANDBOX_WORKER, do_fork, DIES},
	    {SANDBOX_WORKER, do_code, DIES},
	    {SANDBOX_WORKER, do_kill, DIES},
	    {SANDBOX_WORKER, do_ptrace_like, DIES},
	};

	(void)state;
	check(ROWS(rows), NULL);
}

static void
a_zygote_forks_but_opens_nothing(void **state)
{
	static const struct row rows[] = {
	    {SANDBOX_ZYGOTE, do_fork, WORKS},
	    {SANDBOX_ZYGOTE, do_open, FAILS},
	    {SANDBOX_ZYGOTE, do_exec, DIES},
	    {SANDBOX_ZYGOTE, do_socket, DIES},
	};

	(void)state;
	check(ROWS(rows), NULL);
}

static void
a_reader_reads_where_it_may_and_writes_nowhere(void **state)
{
	static const char *const etc[] = {"/etc", "/nowhere-at-all"};
	static const char *const other[] = {"/usr"};
	const struct sandbox_paths here = {.read = etc, .read_count = 2};
	const struct sandbox_paths there = {.read = other, .read_count = 1};
	static const struct row allowed[] = {
	    {SANDBOX_READER, do_open, WORKS},
	    {SANDBOX_READER, do_write_file, DIES},
	    {SANDBOX_READER, do_socket, DIES},
	    {SANDBOX_READER, do_exec, DIES},
	    {SANDBOX_READER, do_fork, DIES},
	};
	static const struct row elsewhere[] = {
	    {SANDBOX_READER, do_open, FAILS},
	};

	(void)state;
	check(ROWS(allowed), &here);
	check(ROWS(elsewhere), &there);
}

static void
the_masters_roles_have_no_way_out(void **state)
{
	static const struct row rows[] = {
	    {SANDBOX_GATE, do_socket, DIES},  {SANDBOX_GATE, do_exec, DIES},
	    {SANDBOX_GATE, do_fork, DIES},    {SANDBOX_GATE, do_open, FAILS},
	    {SANDBOX_CORE, do_socket, DIES},  {SANDBOX_CORE, do_exec, DIES},
	    {SANDBOX_CORE, do_fork, DIES},    {SANDBOX_CORE, do_open, FAILS},
	    {SANDBOX_CORE, do_thread, WORKS}, {SANDBOX_CA, do_socket, DIES},
	    {SANDBOX_CA, do_open, FAILS},     {SANDBOX_CA, do_fork, DIES},
	    {SANDBOX_API, do_socket, DIES},   {SANDBOX_API, do_exec, DIES},
	    {SANDBOX_API, do_fork, DIES},     {SANDBOX_API, do_thread, WORKS},
	    {SANDBOX_API, do_memory, WORKS},
	};

	(void)state;
	check(ROWS(rows), NULL);
}

static void
an_agent_connects_but_never_listens(void **state)
{
	static const struct row rows[] = {
	    {SANDBOX_LINK, do_socket, WORKS},
	    {SANDBOX_LINK, do_listen, DIES},
	    {SANDBOX_LINK, do_fork, DIES},
	    {SANDBOX_LINK, do_exec, DIES},
	    {SANDBOX_LINK, do_thread, WORKS},
	    {SANDBOX_LINK, do_ptrace_like, DIES},
	};

	(void)state;
	check(ROWS(rows), NULL);
}

static void
a_source_connects_and_keeps_a_secret_but_writes_nowhere(void **state)
{
	static const struct row rows[] = {
	    {SANDBOX_SOURCE, do_memory, WORKS},
	    {SANDBOX_SOURCE, do_socket, WORKS},
	    {SANDBOX_SOURCE, do_vault, WORKS},
	    {SANDBOX_SOURCE, do_write_file, FAILS},
	    {SANDBOX_SOURCE, do_listen, DIES},
	    {SANDBOX_SOURCE, do_fork, DIES},
	    {SANDBOX_SOURCE, do_exec, DIES},
	    {SANDBOX_SOURCE, do_ptrace_like, DIES},
	    {SANDBOX_CREW, do_fork, WORKS},
	    {SANDBOX_CREW, do_write_file, FAILS},
	    {SANDBOX_CREW, do_listen, DIES},
	    {SANDBOX_CREW, do_exec, DIES},
	};
	static const struct sandbox_paths nothing = {0};

	(void)state;
	check(ROWS(rows), &nothing);
}

static int
write_too_much(void)
{
	char block[4096] = {0};
	int fd = memfd_create("x", 0);

	for (int i = 0; i < 4; i++)
		if (write(fd, block, sizeof(block)) < 0)
			return errno;
	return 0;
}

static void
limits_refuse_instead_of_killing(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		const struct sandbox_limits l = {.address_space = 512u << 20,
						 .file_size = 8192,
						 .open_files = 50};

		if (sandbox_limit(&l) != ST_OK)
			_exit(1);
		if (write_too_much() != EFBIG)
			_exit(2);
#ifndef TRAWL_SAN
		if (malloc(600u << 20) != NULL)
			_exit(3);
#endif
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_worker_computes_and_talks_and_nothing_else),
	    cmocka_unit_test(a_zygote_forks_but_opens_nothing),
	    cmocka_unit_test(a_reader_reads_where_it_may_and_writes_nowhere),
	    cmocka_unit_test(the_masters_roles_have_no_way_out),
	    cmocka_unit_test(an_agent_connects_but_never_listens),
	    cmocka_unit_test(
		a_source_connects_and_keeps_a_secret_but_writes_nowhere),
	    cmocka_unit_test(limits_refuse_instead_of_killing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
