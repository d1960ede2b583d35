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

#include "detect/cache/shelf.h"
#include "sys/file.h"

static char root[64];
static char base[80];

static int
make_root(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/trawl-shelf.XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	snprintf(base, sizeof(base), "%s/patterns", root);
	return 0;
}

static int
remove_root(void **state)
{
	(void)state;
	return file_remove_tree(root) == ST_OK ? 0 : -1;
}

/* A file last used so many seconds after 1970. */
static void
put(const char *path, time_t when)
{
	const struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};

	assert_int_equal(file_replace(path, span_str("x"), 0600), ST_OK);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
put_key(uint64_t key, time_t when)
{
	char name[128];

	assert_int_equal(shelf_name(base, key, name, sizeof(name)), ST_OK);
	put(name, when);
}

static bool
is_there(uint64_t key)
{
	char name[128];

	assert_int_equal(shelf_name(base, key, name, sizeof(name)), ST_OK);
	return file_exists(name);
}

static void
a_name_holds_its_key_in_sixteen_digits(void **state)
{
	char name[32];

	(void)state;
	assert_int_equal(shelf_name("b", 0xabc, name, sizeof(name)), ST_OK);
	assert_string_equal(name, "b-0000000000000abc");
	assert_int_equal(shelf_name("b", UINT64_MAX, name, 19), ST_OK);
	assert_string_equal(name, "b-ffffffffffffffff");
	assert_int_equal(shelf_name("b", 1, name, 18), ST_LIMIT);
}

/* Each of SHELF_KEPT + 5 another, in no order. */
static unsigned
age(unsigned i)
{
	return i * 11 % (SHELF_KEPT + 5);
}

static void
those_used_last_are_kept(void **state)
{
	char other[128], folder[128];

	(void)state;
	snprintf(other, sizeof(other), "%s/pattern-x", root);
	snprintf(folder, sizeof(folder), "%s-folder", base);
	put(other, 1); /* not ours */
	assert_int_equal(mkdir(folder, 0700), 0);
	for (unsigned i = 0; i < SHELF_KEPT + 5; i++)
		put_key(i, 1000 + age(i));
	shelf_tidy(base, SHELF_KEPT);
	for (unsigned i = 0; i < SHELF_KEPT + 5; i++)
		assert_int_equal(is_there(i), age(i) >= 5);
	assert_true(file_exists(other));
	assert_true(file_exists(folder));
}

static void
what_is_touched_outlives_the_others(void **state)
{
	char name[128];

	(void)state;
	for (unsigned i = 0; i < SHELF_KEPT + 1; i++)
		put_key(i, 1000 + i);
	assert_int_equal(shelf_name(base, 0, name, sizeof(name)), ST_OK);
	shelf_touch(name);
	shelf_tidy(base, SHELF_KEPT);
	assert_true(is_there(0));
	assert_false(is_there(1));
	assert_true(is_there(2));
}

static void
a_shelf_that_is_not_there_is_left_alone(void **state)
{
	char name[128];

	(void)state;
	snprintf(name, sizeof(name), "%s/none/patterns", root);
	shelf_tidy(name, SHELF_KEPT);
	shelf_touch(name);
	shelf_tidy("", SHELF_KEPT);
	for (unsigned i = 0; i < SHELF_KEPT; i++)
		put_key(i, 1000);
	shelf_tidy(base, SHELF_KEPT); /* full, but not over */
	for (unsigned i = 0; i < SHELF_KEPT; i++)
		assert_true(is_there(i));
}

#define IN_ROOT(test)                                                          \
	cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_name_holds_its_key_in_sixteen_digits),
	    IN_ROOT(those_used_last_are_kept),
	    IN_ROOT(what_is_touched_outlives_the_others),
	    IN_ROOT(a_shelf_that_is_not_there_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
