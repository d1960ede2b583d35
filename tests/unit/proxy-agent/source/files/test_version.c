#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "proxy-agent/source/files/version.h"

static char asked[128];

static bool
has(const void *arg, struct span path, struct span version)
{
	memcpy(asked, path.ptr, path.len);
	asked[path.len] = 0;
	return span_eq(version, span_str(arg));
}

static void
a_file_of_long_ago_has_one(void **state)
{
	const struct source_known known = {has, ""};
	struct folder_entry e = {.size = 7, .mtime = 1000000, .id = 42};
	char v[VERSION_MAX], w[VERSION_MAX];

	(void)state;
	version_of(&known, &e, v);
	assert_string_equal(v, "7 1000000 42");
	e.size = 8;
	version_of(&known, &e, w);
	assert_string_not_equal(v, w);
	version_of(NULL, &e, v); /* nobody wants any */
	assert_string_equal(v, "");
}

static void
a_file_of_this_minute_or_of_no_time_has_none(void **state)
{
	const struct source_known known = {has, ""};
	struct folder_entry e = {.size = 7};
	char v[VERSION_MAX];

	(void)state;
	version_of(&known, &e, v);
	assert_string_equal(v, "");
	e.mtime = clock_wall_s(clock_system());
	version_of(&known, &e, v);
	assert_string_equal(v, "");
	e.mtime += 1000; /* its clock goes wrong */
	version_of(&known, &e, v);
	assert_string_equal(v, "");
}

static void
it_is_asked_for_by_the_path_that_people_see(void **state)
{
	const struct source_known known = {has, "v1"};
	struct buf root, path;

	(void)state;
	buf_init(&root, 64);
	buf_init(&path, 64);
	assert_int_equal(buf_add_str(&root, "sftp://h"), ST_OK);
	assert_int_equal(buf_add_str(&path, "/a%b"), ST_OK);
	assert_true(version_known(&known, &root, &path, "v1"));
	assert_string_equal(asked, "sftp://h/a%25b");
	assert_false(version_known(&known, &root, &path, "v2"));
	assert_false(version_known(&known, &root, &path, ""));
	assert_false(version_known(NULL, &root, &path, "v1"));
	buf_fini(&root);
	buf_fini(&path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_of_long_ago_has_one),
	    cmocka_unit_test(a_file_of_this_minute_or_of_no_time_has_none),
	    cmocka_unit_test(it_is_asked_for_by_the_path_that_people_see),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
