#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "detect/cache/stamp.h"
#include "sys/file.h"

static char root[64], path[96];

static int
make_root(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/trawl-stamp.XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/one", root);
	return 0;
}

static int
remove_root(void **state)
{
	(void)state;
	return file_remove_tree(root) == ST_OK ? 0 : -1;
}

static void
a_file_has_another_stamp_once_it_is_replaced(void **state)
{
	uint64_t a = 0, b = 0, c = 0;

	(void)state;
	assert_false(stamp_file(path, &a));
	assert_int_equal(file_replace(path, span_str("1"), 0600), ST_OK);
	assert_true(stamp_file(path, &a));
	assert_true(stamp_file(path, &b));
	assert_int_equal(a, b);
	assert_int_equal(file_replace(path, span_str("2"), 0600), ST_OK);
	assert_true(stamp_file(path, &c));
	assert_int_not_equal(a, c);
}

static void
a_folder_with_a_file_just_written_has_none(void **state)
{
	uint64_t a = 0;

	(void)state;
	assert_int_equal(file_replace(path, span_str("1"), 0600), ST_OK);
	assert_false(stamp_folder(root, &a));
	assert_false(stamp_folder("/nowhere/at/all", &a));
	assert_false(stamp_folder(path, &a));
}

/* The tree of this very program is older than STAMP_QUIET. */
static void
a_folder_keeps_its_stamp_while_nothing_changes(void **state)
{
	uint64_t a = 0, b = 1, other = 0;

	(void)state;
	assert_true(stamp_folder("schema/catalogue", &a));
	assert_true(stamp_folder("schema/catalogue", &b));
	assert_int_equal(a, b);
	assert_true(stamp_folder("schema/catalogue/de", &other));
	assert_int_not_equal(a, other);
}

static void
bytes_and_their_order_make_the_sum(void **state)
{
	(void)state;
	assert_int_equal(stamp_mix(STAMP_SEED, "", 0), STAMP_SEED);
	/* published for FNV-1a of 64 bits */
	assert_int_equal(stamp_mix(STAMP_SEED, "a", 1),
			 UINT64_C(0xaf63dc4c8601ec8c));
	assert_int_equal(stamp_mix(STAMP_SEED, "foobar", 6),
			 UINT64_C(0x85944171f73967e8));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		a_file_has_another_stamp_once_it_is_replaced, make_root,
		remove_root),
	    cmocka_unit_test_setup_teardown(
		a_folder_with_a_file_just_written_has_none, make_root,
		remove_root),
	    cmocka_unit_test(a_folder_keeps_its_stamp_while_nothing_changes),
	    cmocka_unit_test(bytes_and_their_order_make_the_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
