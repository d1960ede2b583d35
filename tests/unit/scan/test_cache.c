#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan/cache.h"
#include "sys/file.h"

static char base[32];

static int
make_base(void **state)
{
	(void)state;
	snprintf(base, sizeof(base), "/tmp/trawl-unit.XXXXXX");
	return mkdtemp(base) == NULL;
}

static int
drop_base(void **state)
{
	(void)state;
	unsetenv("TRAWL_CACHE");
	return file_remove_tree(base) != ST_OK;
}

static void
patterns_lie_in_a_folder_of_our_own(void **state)
{
	char want[96], got[128], dir[64];
	struct stat sb;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/new", base);
	snprintf(want, sizeof(want), "%s/patterns", dir);
	assert_int_equal(setenv("TRAWL_CACHE", dir, 1), 0);
	cache_file(got, sizeof(got));
	assert_string_equal(got, want);
	assert_int_equal(stat(dir, &sb), 0);
	assert_int_equal(sb.st_mode & 07777, 0700);
	/* the second time it is there */
	cache_file(got, sizeof(got));
	assert_string_equal(got, want);
}

static void
without_a_fit_folder_there_is_no_cache(void **state)
{
	char path[64], got[128], longer[5000];
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/file", base);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
	memset(longer, 'x', sizeof(longer) - 1);
	longer[0] = '/';
	longer[sizeof(longer) - 1] = 0;
	const char *const unfit[] = {"", path, longer, "trawl-unit", "."};

	for (size_t i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
		assert_int_equal(setenv("TRAWL_CACHE", unfit[i], 1), 0);
		cache_file(got, sizeof(got));
		assert_string_equal(got, "");
	}
}

static void
a_name_that_does_not_fit_is_none(void **state)
{
	char got[16];

	(void)state;
	assert_int_equal(setenv("TRAWL_CACHE", base, 1), 0);
	cache_file(got, sizeof(got));
	assert_string_equal(got, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(patterns_lie_in_a_folder_of_our_own),
	    cmocka_unit_test(without_a_fit_folder_there_is_no_cache),
	    cmocka_unit_test(a_name_that_does_not_fit_is_none),
	};

	return cmocka_run_group_tests(tests, make_base, drop_base);
}
