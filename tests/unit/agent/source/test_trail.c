#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/source/trail.h"
#include "sys/file.h"

#define DEEP (TRAIL_OPEN + 20)

/* A chain of folders, each with a folder "d" and a file "f". */
static char root[64];

static int
make_chain(void **state)
{
	char path[64 + 2 * DEEP + 8];
	size_t len;

	(void)state;
	snprintf(root, sizeof(root), "/tmp/trawl-trail.XXXXXX");
	if (mkdtemp(root) == NULL)
		return -1;
	len = (size_t)snprintf(path, sizeof(path), "%s", root);
	for (unsigned i = 0; i < DEEP; i++) {
		memcpy(path + len, "/f", 3);
		if (file_replace(path, span_str("x"), 0600) != ST_OK)
			return -1;
		memcpy(path + len, "/d", 3);
		if (mkdir(path, 0700) != 0)
			return -1;
		len += 2;
	}
	return 0;
}

static int
remove_chain(void **state)
{
	(void)state;
	return file_remove_tree(root) == ST_OK ? 0 : -1;
}

static void
push(struct trail *t, int fd)
{
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_false(trail_holds(t, &st));
	assert_int_equal(trail_push(t, fd, &st, t->depth * 2), ST_OK);
	assert_true(trail_holds(t, &st));
}

static void
go_down(struct trail *t)
{
	push(t, open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	for (unsigned i = 1; i < DEEP; i++)
		push(t, level_open(trail_here(t), "d", O_DIRECTORY));
}

static unsigned
open_levels(const struct trail *t)
{
	unsigned n = 0;

	for (size_t i = 0; i < t->depth; i++)
		n += t->levels[i].fd >= 0;
	return n;
}

static void
however_deep_few_folders_are_open(void **state)
{
	struct trail t = {0};

	(void)state;
	go_down(&t);
	assert_int_equal(t.depth, DEEP);
	assert_int_equal(open_levels(&t), TRAIL_OPEN);
	for (unsigned i = DEEP; i > 0; i--) {
		struct level *l = trail_here(&t);
		int fd = level_open(l, "f", 0);

		assert_int_equal(t.depth, i);
		assert_int_equal(l->path_len, (i - 1) * 2);
		assert_int_equal(l->folder.count, 2);
		assert_true(fd >= 0); /* closed ones are open again */
		close(fd);
		trail_pop(&t);
	}
	trail_fini(&t);
	trail_fini(&t);
}

static void
a_trail_can_end_anywhere(void **state)
{
	struct trail t = {0};

	(void)state;
	trail_fini(&t); /* empty */
	go_down(&t);
	trail_fini(&t);
	assert_int_equal(t.depth, 0);
	assert_null(t.levels);
}

static void
a_folder_that_moved_away_is_not_mistaken_for_its_parent(void **state)
{
	char from[80], to[80];
	struct trail t = {0};

	(void)state;
	snprintf(from, sizeof(from), "%s/d/d", root);
	snprintf(to, sizeof(to), "%s/moved", root);
	go_down(&t);
	assert_int_equal(rename(from, to), 0);
	while (t.depth > 3)
		trail_pop(&t);
	assert_true(trail_here(&t)->fd >= 0); /* it moved with us in it */
	trail_pop(&t);
	assert_int_equal(trail_here(&t)->fd, -1); /* ".." is another one */
	assert_int_equal(trail_here(&t)->folder.count, 2);
	trail_fini(&t);
	assert_int_equal(rename(to, from), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(however_deep_few_folders_are_open),
	    cmocka_unit_test(a_trail_can_end_anywhere),
	    cmocka_unit_test(
		a_folder_that_moved_away_is_not_mistaken_for_its_parent),
	};

	return cmocka_run_group_tests(tests, make_chain, remove_chain);
}
