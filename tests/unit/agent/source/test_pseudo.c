#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "agent/source/pseudo.h"

static void
what_the_kernel_makes_up_is_told_from_what_is_stored(void **state)
{
	static const struct {
		const char *path;
		bool pseudo;
	} cases[] = {
	    {"/proc", true}, {"/proc/self/status", true},
	    {"/sys", true},  {"/", false},
	    {"/tmp", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int fd = open(cases[i].path, O_RDONLY | O_CLOEXEC);

		assert_true(fd >= 0);
		assert_int_equal(pseudo_fs(fd), cases[i].pseudo);
		close(fd);
	}
	assert_false(pseudo_fs(-1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		what_the_kernel_makes_up_is_told_from_what_is_stored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
