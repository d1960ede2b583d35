#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/vault.h"

static void
what_is_passed_on_is_there_and_gone_when_one_closes(void **state)
{
	struct vault a, b;
	int fd;

	(void)state;
	assert_int_equal(vault_open(100, &a), ST_OK);
	memcpy(a.base, "made-up", 7);
	fd = dup(a.fd);
	assert_int_equal(vault_take(fd, 7, &b), ST_OK);
	assert_memory_equal(b.base, "made-up", 7);
	vault_close(&a);
	assert_int_equal(b.base[0], 0);
	assert_int_equal(b.base[6], 0);
	vault_close(&b);
	assert_null(b.base);
}

static void
who_leaves_it_wipes_nothing(void **state)
{
	struct vault a, b;

	(void)state;
	assert_int_equal(vault_open(1, &a), ST_OK);
	a.base[0] = 'x';
	assert_int_equal(vault_take(dup(a.fd), 1, &b), ST_OK);
	vault_leave(&a);
	assert_int_equal(b.base[0], 'x');
	vault_close(&b);
}

/* mincore() of a page that is not mapped says so without touching it. */
static void
a_forked_child_does_not_have_it(void **state)
{
	struct vault a;
	unsigned char seen;
	int status = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(vault_open(1, &a), ST_OK);
	pid = fork();
	if (pid == 0)
		_exit(mincore(a.base, 1, &seen) != 0 ? 7 : 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_int_equal(mincore(a.base, 1, &seen), 0);
	vault_close(&a);
}

static void
a_descriptor_that_holds_less_is_refused(void **state)
{
	struct vault v;
	int fd = memfd_create("small", MFD_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(vault_take(fd, 1, &v), ST_MALFORMED);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		what_is_passed_on_is_there_and_gone_when_one_closes),
	    cmocka_unit_test(who_leaves_it_wipes_nothing),
	    cmocka_unit_test(a_forked_child_does_not_have_it),
	    cmocka_unit_test(a_descriptor_that_holds_less_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
