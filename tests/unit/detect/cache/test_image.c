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
#include <sys/wait.h>
#include <unistd.h>

#include "detect/cache/image.h"
#include "sys/file.h"

#define KEY UINT64_C(0x1234567890abcdef)

/* What is kept: a pointer within, one into the program, and bytes. */
struct kept {
	const struct kept *self;
	const char *word;
	char text[16];
	const void *other;
};

static const char program_word[] = "of the program";
static char root[64], path[96];

static int
make_root(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/trawl-image.XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/image", root);
	return 0;
}

static int
remove_root(void **state)
{
	(void)state;
	return file_remove_tree(root) == ST_OK ? 0 : -1;
}

static struct kept *
fill(struct image *im)
{
	struct kept *k;

	assert_int_equal(image_reserve(im), ST_OK);
	k = (struct kept *)(void *)(im->base + 8192);
	k->self = k;
	k->word = program_word;
	memcpy(k->text, "kept", 5);
	return k;
}

/* Whether it was written; `other` leads out of it and is no link. */
static bool
save(const void *other, bool linked)
{
	struct image_links links = {0};
	struct image im = {0};
	struct kept *k = fill(&im);
	bool ok;

	k->other = other;
	if (linked)
		assert_int_equal(image_link(&links, &k->word), ST_OK);
	ok = image_save(&im, 8192 + sizeof(*k), &links, path, KEY);
	image_links_fini(&links);
	image_close(&im);
	return ok;
}

static bool
is_whole(const struct image *im)
{
	const struct kept *k = (const void *)(im->base + 8192);

	return k->self == k && k->word == program_word &&
	       strcmp(k->text, "kept") == 0;
}

static void
what_was_kept_comes_back_with_its_pointers(void **state)
{
	struct image im;

	(void)state;
	assert_true(save(NULL, true));
	assert_true(image_load(path, KEY, &im));
	assert_true(is_whole(&im));
	assert_int_equal(im.len, 3 * 4096);
	image_close(&im);
	assert_null(im.base);
}

/* The program lies elsewhere there. */
static void
another_process_finds_it_too(void **state)
{
	int status = 0;
	pid_t pid;

	(void)state;
	assert_true(save(NULL, true));
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		execl("/proc/self/exe", "test_image", path, (char *)NULL);
		_exit(2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
pointers_out_of_it_that_nobody_named_keep_it_from_being_written(void **state)
{
	char *heap = malloc(16);
	int local = 0;

	(void)state;
	assert_non_null(heap);
	assert_false(save(NULL, false));
	assert_false(save(heap, true));
	assert_false(save(&local, true));
	assert_false(save(program_word + 3, true));
	assert_false(file_exists(path));
	free(heap);
}

static void
a_link_that_lies_outside_or_twice_is_refused(void **state)
{
	static const char *const outside = program_word;
	struct image_links links = {0};
	struct image im = {0};
	struct kept *k = fill(&im);

	(void)state;
	assert_int_equal(image_link(&links, &k->word), ST_OK);
	assert_int_equal(image_link(&links, &k->word), ST_OK);
	assert_false(image_save(&im, 8192 + sizeof(*k), &links, path, KEY));
	links.at[1] = (void *const *)(const void *)&outside;
	assert_false(image_save(&im, 8192 + sizeof(*k), &links, path, KEY));
	links.count = 1;
	assert_true(image_save(&im, 8192 + sizeof(*k), &links, path, KEY));
	image_links_fini(&links);
	image_close(&im);
}

static void
another_key_finds_nothing(void **state)
{
	struct image im;

	(void)state;
	assert_true(save(NULL, true));
	assert_false(image_load(path, KEY + 1, &im));
	assert_false(image_load("/nowhere/at/all", KEY, &im));
}

/* One byte changed, one byte less, one byte more: of the head as of the rest.
 */
static void
a_damaged_file_counts_as_none(void **state)
{
	static const off_t places[] = {0,  8,    16,   24,    32,
				       48, 4096, 9000, 16383, 16384};
	struct image im;
	struct stat sb;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		uint8_t c;
		int fd;

		assert_true(save(NULL, true));
		fd = open(path, O_RDWR | O_CLOEXEC);
		assert_true(fd >= 0);
		assert_int_equal(pread(fd, &c, 1, places[i]), 1);
		c ^= 0x5a;
		assert_int_equal(pwrite(fd, &c, 1, places[i]), 1);
		close(fd);
		assert_false(image_load(path, KEY, &im));
	}
	assert_true(save(NULL, true));
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(truncate(path, sb.st_size - 1), 0);
	assert_false(image_load(path, KEY, &im));
	assert_int_equal(truncate(path, sb.st_size + 1), 0);
	assert_false(image_load(path, KEY, &im));
	assert_int_equal(truncate(path, 100), 0);
	assert_false(image_load(path, KEY, &im));
}

static void
where_something_lies_already_it_is_not_loaded(void **state)
{
	struct image first, second;

	(void)state;
	assert_true(save(NULL, true));
	assert_true(image_load(path, KEY, &first));
	assert_false(image_load(path, KEY, &second));
	assert_true(is_whole(&first));
	image_close(&first);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		what_was_kept_comes_back_with_its_pointers, make_root,
		remove_root),
	    cmocka_unit_test_setup_teardown(another_process_finds_it_too,
					    make_root, remove_root),
	    cmocka_unit_test_setup_teardown(
		pointers_out_of_it_that_nobody_named_keep_it_from_being_written,
		make_root, remove_root),
	    cmocka_unit_test_setup_teardown(
		a_link_that_lies_outside_or_twice_is_refused, make_root,
		remove_root),
	    cmocka_unit_test_setup_teardown(another_key_finds_nothing,
					    make_root, remove_root),
	    cmocka_unit_test_setup_teardown(a_damaged_file_counts_as_none,
					    make_root, remove_root),
	    cmocka_unit_test_setup_teardown(
		where_something_lies_already_it_is_not_loaded, make_root,
		remove_root),
	};
	struct image im;

	if (argc == 2) /* the other process */
		return image_load(argv[1], KEY, &im) && is_whole(&im) ? 0 : 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
