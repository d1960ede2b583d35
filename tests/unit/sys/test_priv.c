#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/priv.h"

/* Runs fn in a child and gives its exit code; 255 when it was killed. */
static int
in_child(int (*fn)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(fn());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void
users_are_found_by_name(void **state)
{
	struct priv_user u;

	(void)state;
	assert_int_equal(priv_find("root", &u), ST_OK);
	assert_int_equal(u.uid, 0);
	assert_string_equal(u.name, "root");
	assert_int_equal(priv_find("nobody-of-this-name", &u), ST_NOTFOUND);
}

static int
drop_to_nobody(void)
{
	struct priv_user u;

	if (priv_find("nobody", &u) != ST_OK)
		return 1;
	if (priv_drop(&u, PRIV_NONE) != ST_OK)
		return 2;
	if (getuid() != u.uid || setresuid(0, 0, 0) == 0)
		return 3;
	if (getgroups(0, NULL) != 0)
		return 4;
	if (priv_held() != 0 || open("/etc/shadow", O_RDONLY) >= 0)
		return 5;
	return priv_verify(&u, PRIV_NONE) == ST_OK ? 0 : 6;
}

static int
keep_reading(void)
{
	struct priv_user u;

	if (priv_find("nobody", &u) != ST_OK ||
	    priv_drop(&u, PRIV_READ_ALL) != ST_OK)
		return 1;
	if (priv_held() != PRIV_READ_ALL)
		return 2;
	if (open("/etc/shadow", O_RDONLY) < 0)
		return 3; /* that is what the capability is for */
	if (open("/etc/shadow", O_WRONLY) >= 0)
		return 4;
	/* More than was asked for is told. */
	return priv_verify(&u, PRIV_NONE) == ST_DENIED ? 0 : 5;
}

static int
root_without_rights(void)
{
	if (priv_drop(NULL, PRIV_NONE) != ST_OK)
		return 1;
	if (priv_held() != 0 || chown("/", 1, 1) == 0)
		return 2;
	return prctl(PR_GET_DUMPABLE) == 0 ? 0 : 3;
}

static int
undropped(void)
{
	return priv_verify(NULL, PRIV_NONE) == ST_DENIED ? 0 : 1;
}

static void
after_a_drop_there_is_no_way_back(void **state)
{
	(void)state;
	if (!priv_is_root()) {
		/* Without rights there is nothing to lose but the way up. */
		assert_int_equal(in_child(root_without_rights), 0);
		return;
	}
	assert_int_equal(in_child(drop_to_nobody), 0);
	assert_int_equal(in_child(root_without_rights), 0);
	assert_int_equal(in_child(undropped), 0);
}

static void
a_kept_capability_reads_everything_and_writes_nothing(void **state)
{
	(void)state;
	if (!priv_is_root())
		return;
	assert_int_equal(in_child(keep_reading), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(users_are_found_by_name),
	    cmocka_unit_test(after_a_drop_there_is_no_way_back),
	    cmocka_unit_test(
		a_kept_capability_reads_everything_and_writes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
