#include "runtime/taskfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/file.h"

static int
set_up(void **state)
{
	char *dir = strdup("/tmp/trawl-tasks.XXXXXX");

	assert_non_null(mkdtemp(dir));
	*state = dir;
	return 0;
}

static int
tear_down(void **state)
{
	assert_int_equal(file_remove_tree(*state), ST_OK);
	free(*state);
	return 0;
}

static void
write_one(const char *dir, uint64_t task, enum task_wish wish)
{
	struct task_order o = {.task = task, .scan = 8, .target = 9};

	o.order.paths[0] = span_str("/srv/\xff with bytes");
	o.order.paths[1] = span_str("/home");
	o.order.path_count = 2;
	o.order.types[0] = span_str("card_*");
	o.order.type_count = 1;
	o.order.min_confidence = 60;
	o.order.bytes_per_second = 1000000;
	o.order.limits = span_str("depth=4");
	o.order.ocr = span_str("eng,deu");
	o.order.options = span_of("a\0\x01\0\0\0x", 7);
	o.order.credential = span_str("backup-reader");
	assert_int_equal(taskfile_write(dir, &o, wish), ST_OK);
}

static void
what_is_written_is_read(void **state)
{
	struct task_order o;
	enum task_wish wish;
	struct buf b;

	buf_init(&b, TASKFILE_MAX);
	write_one(*state, 5, WISH_RUN);
	write_one(*state, 5, WISH_PAUSE);
	assert_int_equal(taskfile_read(*state, 5, &b, &o, &wish), ST_OK);
	assert_int_equal(wish, WISH_PAUSE);
	assert_int_equal(o.task, 5);
	assert_int_equal(o.scan, 8);
	assert_int_equal(o.target, 9);
	assert_int_equal(o.order.path_count, 2);
	assert_true(
	    span_eq(o.order.paths[0], span_str("/srv/\xff with bytes")));
	assert_true(span_eq(o.order.types[0], span_str("card_*")));
	assert_int_equal(o.order.min_confidence, 60);
	assert_int_equal(o.order.bytes_per_second, 1000000);
	assert_true(span_eq(o.order.limits, span_str("depth=4")));
	assert_true(span_eq(o.order.ocr, span_str("eng,deu")));
	assert_int_equal(o.order.options.len, 7);
	assert_true(span_eq(o.order.credential, span_str("backup-reader")));
	buf_fini(&b);
}

static void
only_task_files_are_listed(void **state)
{
	char path[128];
	uint64_t tasks[4];
	size_t n;

	write_one(*state, 1, WISH_RUN);
	write_one(*state, UINT64_MAX, WISH_STOP);
	snprintf(path, sizeof(path), "%s/notes.txt", (char *)*state);
	assert_int_equal(file_replace(path, span_str("x"), 0600), ST_OK);
	assert_int_equal(taskfile_list(*state, tasks, 4, &n), ST_OK);
	assert_int_equal(n, 2);
	taskfile_remove(*state, 1);
	taskfile_remove(*state, 1); /* again is fine */
	assert_int_equal(taskfile_list(*state, tasks, 4, &n), ST_OK);
	assert_int_equal(n, 1);
	assert_int_equal(tasks[0], UINT64_MAX);
}

static void
a_file_changed_anywhere_is_not_taken(void **state)
{
	struct task_order o;
	enum task_wish wish;
	struct buf b;
	char path[128];

	buf_init(&b, TASKFILE_MAX);
	write_one(*state, 5, WISH_RUN);
	snprintf(path, sizeof(path), "%s/0000000000000005.task",
		 (char *)*state);
	assert_int_equal(file_read(path, &b), ST_OK);
	assert_int_equal(taskfile_parse(buf_span(&b), &o, &wish), ST_OK);
	for (size_t i = 0; i < b.len; i++) {
		b.data[i] ^= 0x10;
		assert_int_equal(taskfile_parse(buf_span(&b), &o, &wish),
				 ST_MALFORMED);
		b.data[i] ^= 0x10;
		assert_int_equal(taskfile_parse(span_of(b.data, i), &o, &wish),
				 ST_MALFORMED);
	}
	buf_fini(&b);
}

static void
the_name_must_be_that_of_the_task(void **state)
{
	struct task_order o;
	enum task_wish wish;
	char from[128], to[128];
	struct buf b;

	buf_init(&b, TASKFILE_MAX);
	write_one(*state, 5, WISH_RUN);
	snprintf(from, sizeof(from), "%s/0000000000000005.task",
		 (char *)*state);
	snprintf(to, sizeof(to), "%s/0000000000000006.task", (char *)*state);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(taskfile_read(*state, 6, &b, &o, &wish), ST_MALFORMED);
	buf_clear(&b);
	assert_int_equal(taskfile_read(*state, 5, &b, &o, &wish), ST_NOTFOUND);
	buf_fini(&b);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(what_is_written_is_read),
	    CASE(only_task_files_are_listed),
	    CASE(a_file_changed_anywhere_is_not_taken),
	    CASE(the_name_must_be_that_of_the_task),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
