#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "sys/file.h"

struct place {
	char dir[64];
	char path[128];
};

static int
make_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	snprintf(p->dir, sizeof(p->dir), "/tmp/trawl-unit-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/file", p->dir);
	*state = p;
	return 0;
}

static int
drop_place(void **state)
{
	struct place *p = *state;

	assert_int_equal(file_remove_tree(p->dir), ST_OK);
	free(p);
	return 0;
}

static mode_t
mode_of(const char *path)
{
	struct stat sb;

	assert_int_equal(lstat(path, &sb), 0);
	return sb.st_mode & 07777;
}

static size_t
names_in(const char *dir)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n - 2;
}

static void
replacing_leaves_the_new_content_its_mode_and_nothing_else(void **state)
{
	const struct place *p = *state;
	struct buf b;

	buf_init(&b, 100);
	umask(077);
	assert_int_equal(file_replace(p->path, span_str("old"), 0600), ST_OK);
	assert_int_equal(file_replace(p->path, span_str("new one"), 0644),
			 ST_OK);
	assert_int_equal(mode_of(p->path), 0644);
	assert_int_equal(names_in(p->dir), 1);
	assert_int_equal(file_read(p->path, &b), ST_OK);
	assert_true(str_is(buf_span(&b), "new one"));
	buf_fini(&b);
	assert_int_equal(file_replace("/nowhere/at/all", span_str("x"), 0600),
			 ST_NOTFOUND);
	/* A folder cannot be replaced by a file; no rest stays behind. */
	assert_int_equal(mkdir("/tmp/trawl-unit-dir", 0700), 0);
	assert_int_not_equal(
	    file_replace("/tmp/trawl-unit-dir", span_str("x"), 0600), ST_OK);
	assert_int_equal(rmdir("/tmp/trawl-unit-dir"), 0);
}

static void
reading_stops_at_the_cap_and_follows_no_link(void **state)
{
	const struct place *p = *state;
	char link[160];
	struct buf b;

	assert_int_equal(file_replace(p->path, span_str("12345678"), 0600),
			 ST_OK);
	buf_init(&b, 8);
	assert_int_equal(file_read(p->path, &b), ST_OK);
	assert_int_equal(b.len, 8);
	buf_fini(&b);
	buf_init(&b, 7);
	assert_int_equal(file_read(p->path, &b), ST_LIMIT);
	buf_fini(&b);
	buf_init(&b, 100);
	snprintf(link, sizeof(link), "%s.link", p->path);
	assert_int_equal(symlink(p->path, link), 0);
	assert_int_not_equal(file_read(link, &b), ST_OK);
	assert_int_equal(file_read(p->dir, &b), ST_UNSUPPORTED);
	snprintf(link, sizeof(link), "%s.fifo", p->path);
	assert_int_equal(mkfifo(link, 0600), 0);
	assert_int_equal(file_read(link, &b), ST_UNSUPPORTED);
	assert_int_equal(file_read("/nowhere", &b), ST_NOTFOUND);
	buf_fini(&b);
}

static void
a_private_folder_is_made_or_refused(void **state)
{
	const struct place *p = *state;
	char path[200];

	snprintf(path, sizeof(path), "%s/a/b/c/", p->dir);
	assert_int_equal(file_private_dir(path, 0700), ST_OK);
	assert_int_equal(mode_of(path), 0700);
	assert_int_equal(file_private_dir(path, 0700), ST_OK);
	assert_int_equal(chmod(path, 0777), 0);
	assert_int_equal(file_private_dir(path, 0700), ST_DENIED);
	assert_int_equal(file_replace(p->path, span_str("x"), 0600), ST_OK);
	assert_int_equal(file_private_dir(p->path, 0700), ST_EXISTS);
	snprintf(path, sizeof(path), "%s/below", p->path);
	assert_int_equal(file_private_dir(path, 0700), ST_NOTFOUND);
}

static void
a_folder_for_another_user_is_given_to_it_once_and_taken_again(void **state)
{
	const struct place *p = *state;
	char path[200];
	struct stat sb;

	if (geteuid() != 0)
		return;
	snprintf(path, sizeof(path), "%s/theirs", p->dir);
	assert_int_equal(file_private_dir_of(path, 0700, 65534, 65534), ST_OK);
	assert_int_equal(file_private_dir_of(path, 0700, 65534, 65534), ST_OK);
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_uid, 65534);
	assert_int_equal(sb.st_mode & 0777, 0700);
	assert_int_equal(file_private_dir(path, 0700), ST_DENIED);
	assert_int_equal(chown(path, 12345, 12345), 0);
	assert_int_equal(file_private_dir_of(path, 0700, 65534, 65534),
			 ST_DENIED);
}

static void
a_tree_is_removed_and_its_links_are_not_followed(void **state)
{
	const struct place *p = *state;
	char tree[160], inside[260], outside[200];

	snprintf(outside, sizeof(outside), "%s/outside", p->dir);
	assert_int_equal(mkdir(outside, 0700), 0);
	snprintf(inside, sizeof(inside), "%s/kept", outside);
	assert_int_equal(file_replace(inside, span_str("x"), 0600), ST_OK);
	snprintf(tree, sizeof(tree), "%s/tree", p->dir);
	snprintf(inside, sizeof(inside), "%s/x/y/z", tree);
	assert_int_equal(file_private_dir(inside, 0700), ST_OK);
	snprintf(inside, sizeof(inside), "%s/x/link", tree);
	assert_int_equal(symlink(outside, inside), 0);
	assert_int_equal(file_remove_tree(tree), ST_OK);
	assert_false(file_exists(tree));
	snprintf(inside, sizeof(inside), "%s/kept", outside);
	assert_true(file_exists(inside));
	assert_int_equal(file_remove_tree(tree), ST_NOTFOUND);
}

static void
no_depth_is_too_deep_to_be_removed(void **state)
{
	const struct place *p = *state;
	char tree[160];
	int dir;

	snprintf(tree, sizeof(tree), "%s/tree", p->dir);
	assert_int_equal(mkdir(tree, 0700), 0);
	dir = open(tree, O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 1500; i++) {
		int sub, f;

		assert_int_equal(mkdirat(dir, "d", 0700), 0);
		sub = openat(dir, "d", O_RDONLY | O_DIRECTORY);
		f = openat(dir, "f", O_WRONLY | O_CREAT, 0600);
		assert_true(sub >= 0 && f >= 0);
		close(f);
		close(dir);
		dir = sub;
	}
	close(dir);
	assert_int_equal(file_remove_tree(tree), ST_OK);
	assert_false(file_exists(tree));
}

static void
joining_puts_one_slash_between(void **state)
{
	char dst[8];

	(void)state;
	assert_int_equal(file_join(dst, sizeof(dst), "/a", "b"), ST_OK);
	assert_string_equal(dst, "/a/b");
	assert_int_equal(file_join(dst, sizeof(dst), "/", "b"), ST_OK);
	assert_string_equal(dst, "/b");
	assert_int_equal(file_join(dst, sizeof(dst), "/abc", "def"), ST_LIMIT);
}

static void
a_full_disk_is_said(void **state)
{
	int fd = open("/dev/full", O_WRONLY);
	uint64_t free_bytes, total;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, span_str("x")), ST_FULL);
	close(fd);
	assert_int_equal(file_space("/", &free_bytes, &total), ST_OK);
	assert_true(total > 0 && free_bytes <= total);
}

int
main(void)
{
#define IN_PLACE(test)                                                         \
	cmocka_unit_test_setup_teardown(test, make_place, drop_place)
	const struct CMUnitTest tests[] = {
	    IN_PLACE(
		replacing_leaves_the_new_content_its_mode_and_nothing_else),
	    IN_PLACE(reading_stops_at_the_cap_and_follows_no_link),
	    IN_PLACE(a_private_folder_is_made_or_refused),
	    IN_PLACE(
		a_folder_for_another_user_is_given_to_it_once_and_taken_again),
	    IN_PLACE(a_tree_is_removed_and_its_links_are_not_followed),
	    IN_PLACE(no_depth_is_too_deep_to_be_removed),
	    cmocka_unit_test(joining_puts_one_slash_between),
	    cmocka_unit_test(a_full_disk_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
