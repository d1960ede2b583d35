#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/own.h"
#include "sys/file.h"

static char root[32];

static int
make_root(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/trawl-own.XXXXXX");
	return mkdtemp(root) == NULL;
}

static int
drop_root(void **state)
{
	(void)state;
	return file_remove_tree(root) != ST_OK;
}

static void
of_a_shared_folder_only_what_has_our_names_is_ours(void **state)
{
	static const char *const names[] = {"patterns", "clean-", NULL};
	static const struct {
		const char *name;
		bool ours;
	} cases[] = {
	    {"patterns-1a2c", true}, {"clean-00", true}, {"clean", false},
	    {"pattern", false},      {"cards", false},
	};
	struct own o = {0};
	struct stat st;

	(void)state;
	own_add(&o, root, names);
	assert_int_equal(stat(root, &st), 0);
	assert_false(own_folder(&o, &st));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    own_file(&o, st.st_dev, st.st_ino, cases[i].name),
		    cases[i].ours);
	assert_false(own_file(&o, st.st_dev, st.st_ino + 1, "patterns-1a2c"));
}

static void
a_folder_without_names_is_ours_by_any_path(void **state)
{
	struct own o = {0};
	char other[64];
	struct stat st;

	(void)state;
	snprintf(other, sizeof(other), "%s/../%s", root, strrchr(root, '/'));
	own_add(&o, other, NULL);
	assert_int_equal(stat(root, &st), 0);
	assert_true(own_folder(&o, &st));
	assert_false(own_file(&o, st.st_dev, st.st_ino, "x"));
	assert_int_equal(stat("/", &st), 0);
	assert_false(own_folder(&o, &st));
}

static void
what_is_not_there_or_too_much_is_left_away(void **state)
{
	struct own o = {0};
	struct stat st;

	(void)state;
	own_add(&o, "/tmp/trawl-own.none", NULL);
	own_add(&o, "/etc/passwd", NULL);
	assert_int_equal(o.count, 0);
	for (size_t i = 0; i < OWN_MAX; i++)
		own_add(&o, "/usr", NULL);
	own_add(&o, root, NULL);
	assert_int_equal(o.count, OWN_MAX);
	assert_int_equal(stat(root, &st), 0);
	assert_false(own_folder(&o, &st));
	assert_false(own_folder(NULL, &st));
	assert_false(own_file(NULL, st.st_dev, st.st_ino, "x"));
}

static void
on_another_host_it_is_the_place_that_tells(void **state)
{
	static const struct {
		const char *path;
		bool folder, ours;
	} cases[] = {
	    {"/var/lib/trawl", true, true},
	    {"/var/lib/trawl-agent", true, true},
	    {"/var/lib/trawl-other", true, false},
	    {"/srv/var/lib/trawl", true, false},
	    {"/var/lib/trawl", false, false},
	    {"/usr/share/trawl/catalogue", true, true},
	    {"/usr/share/trawl", true, false},
	    {"/var/cache/trawl", true, false},
	    {"/var/cache/trawl/patterns-1a2c", false, true},
	    {"/home/anna/.cache/trawl/clean-00", false, true},
	    {"/home/anna/.cache/trawl/clean", false, false},
	    {"/home/anna/cache/trawl/patterns-1a2c", false, false},
	    {"patterns-1a2c", false, false},
	    {"", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    own_place(span_str(cases[i].path), cases[i].folder),
		    cases[i].ours);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(on_another_host_it_is_the_place_that_tells),
	    cmocka_unit_test(
		of_a_shared_folder_only_what_has_our_names_is_ours),
	    cmocka_unit_test(a_folder_without_names_is_ours_by_any_path),
	    cmocka_unit_test(what_is_not_there_or_too_much_is_left_away),
	};

	return cmocka_run_group_tests(tests, make_root, drop_root);
}
