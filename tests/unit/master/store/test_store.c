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

#include "fake/store_world.h"
#include "sys/file.h"

/* Opens and tells what came of it; the sentence goes to text. */
static enum status
try_open(const char *file, enum store_mode mode, char text[1024])
{
	struct store *s = NULL;
	struct buf why;
	enum status st;

	buf_init(&why, 1024);
	st = store_open(file, mode, &s, &why);
	snprintf(text, 1024, "%.*s", (int)why.len,
		 why.len > 0 ? (const char *)why.data : "");
	if (st == ST_OK)
		store_close(s);
	else
		assert_null(s);
	buf_fini(&why);
	return st;
}

static void
write_at(const char *file, off_t at, const void *data, size_t n)
{
	int fd = open(file, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, data, n, at), n);
	close(fd);
}

static void
a_missing_database_is_not_made_by_chance(void **state)
{
	char text[1024];

	(void)state;
	assert_int_equal(
	    try_open("/tmp/no-such-folder/trawl.db", STORE_WRITE, text),
	    ST_NOTFOUND);
	assert_non_null(strstr(text, "trawl-master init"));
	assert_int_equal(
	    try_open("/tmp/no-such-folder/trawl.db", STORE_READ, text),
	    ST_NOTFOUND);
}

/* As somebody who may not enter the folder; root may enter any. */
static int
try_as_stranger(const char *file, const char *folder)
{
	char text[1024], want[128];

	if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
		return 1;
	snprintf(want, sizeof(want), "may not enter the folder %s.", folder);
	if (try_open(file, STORE_READ, text) != ST_DENIED)
		return 2;
	return strstr(text, want) == NULL || strstr(text, "chmod") == NULL;
}

static void
a_folder_that_may_not_be_entered_is_named(void **state)
{
	struct store_world w;
	int status = -1;
	pid_t pid;

	(void)state;
	world_open(&w);
	assert_int_equal(chmod(w.dir, 0), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(try_as_stranger(w.file, w.dir));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(chmod(w.dir, 0700), 0);
	world_close(&w);
	assert_int_equal(status, 0);
}

static void
a_database_is_never_made_over_another(void **state)
{
	struct store_world w;
	char text[1024];

	(void)state;
	world_open(&w);
	assert_int_equal(try_open(w.file, STORE_CREATE, text), ST_EXISTS);
	world_close(&w);
}

static void
a_newer_database_is_refused_and_not_touched(void **state)
{
	static const uint8_t newer[4] = {0, 0, 3, 0xe7}; /* 999 */
	struct store_world w;
	struct stat before, after;
	char text[1024];

	(void)state;
	world_open(&w);
	assert_int_equal(store_checkpoint(w.store), ST_OK);
	store_close(w.store);
	w.store = NULL;
	/* The version stands at byte 60 of the file. */
	write_at(w.file, 60, newer, sizeof(newer));
	assert_int_equal(stat(w.file, &before), 0);
	assert_int_equal(try_open(w.file, STORE_WRITE, text), ST_UNSUPPORTED);
	assert_non_null(strstr(text, "newer"));
	assert_int_equal(try_open(w.file, STORE_READ, text), ST_UNSUPPORTED);
	assert_int_equal(stat(w.file, &after), 0);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	assert_int_equal(before.st_size, after.st_size);
	world_close(&w);
}

static void
a_damaged_database_is_refused_with_advice(void **state)
{
	uint8_t noise[4096];
	struct store_world w;
	struct stat st;
	char text[1024];

	(void)state;
	world_open(&w);
	assert_int_equal(store_checkpoint(w.store), ST_OK);
	store_close(w.store);
	w.store = NULL;
	memset(noise, 0xa5, sizeof(noise));
	assert_int_equal(stat(w.file, &st), 0);
	for (off_t at = 8192; at + 4096 <= st.st_size; at += 16384)
		write_at(w.file, at, noise, sizeof(noise));
	assert_int_equal(try_open(w.file, STORE_WRITE, text), ST_MALFORMED);
	assert_non_null(strstr(text, "damaged"));
	assert_non_null(strstr(text, "backup"));
	/* Not even a database. */
	write_at(w.file, 0, noise, sizeof(noise));
	assert_int_equal(try_open(w.file, STORE_WRITE, text), ST_MALFORMED);
	assert_non_null(strstr(text, "damaged"));
	world_close(&w);
}

static void
what_is_rolled_back_was_never_there(void **state)
{
	struct store_world w;
	struct buf value;

	(void)state;
	world_open(&w);
	buf_init(&value, 100);
	assert_int_equal(store_begin(w.store), ST_OK);
	assert_int_equal(store_meta_set(w.store, "a", "1", 1), ST_OK);
	store_rollback(w.store);
	store_rollback(w.store); /* harmless */
	assert_int_equal(store_meta_get(w.store, "a", &value), ST_NOTFOUND);
	assert_int_equal(store_meta_set(w.store, "a", "2", 1), ST_OK);
	assert_int_equal(store_meta_set(w.store, "a", "33", 2), ST_OK);
	world_reopen(&w);
	assert_int_equal(store_meta_get(w.store, "a", &value), ST_OK);
	assert_int_equal(value.len, 2);
	assert_int_equal(store_meta_drop(w.store, "a"), ST_OK);
	buf_clear(&value);
	assert_int_equal(store_meta_get(w.store, "a", &value), ST_NOTFOUND);
	buf_fini(&value);
	world_close(&w);
}

static void
a_reader_sees_one_state_and_cannot_write(void **state)
{
	struct store_world w;
	struct store *reader = NULL;
	struct buf why, value;

	(void)state;
	world_open(&w);
	buf_init(&why, 1024);
	buf_init(&value, 100);
	assert_int_equal(store_open(w.file, STORE_READ, &reader, &why), ST_OK);
	assert_int_equal(store_begin(reader), ST_OK);
	assert_int_equal(store_meta_get(reader, "a", &value), ST_NOTFOUND);
	assert_int_equal(store_meta_set(w.store, "a", "1", 1), ST_OK);
	assert_int_equal(store_meta_get(reader, "a", &value), ST_NOTFOUND);
	assert_int_equal(store_commit(reader), ST_OK);
	assert_int_equal(store_meta_get(reader, "a", &value), ST_OK);
	assert_int_equal(store_meta_set(reader, "a", "2", 1), ST_DENIED);
	store_close(reader);
	buf_fini(&why);
	buf_fini(&value);
	world_close(&w);
}

static void
checks_find_what_was_planted(void **state)
{
	struct store_world w;
	uint64_t task;

	(void)state;
	world_open(&w);
	task = world_scan(&w, "/srv", "");
	assert_int_equal(
	    world_give(&w, (const char *const[]){"/srv/a card_visa 1", NULL},
		       task, 0),
	    ST_OK);
	assert_true(world_is_sound(&w));
	/* A change that nobody counted. */
	{
		struct rollup_side was = {
		    .type = 1, .risk = 1, .state = 1, .matches = 1};

		assert_int_equal(store_begin(w.store), ST_OK);
		assert_int_equal(
		    rollup_change(w.rollup, w.target, 1, NULL, &was), ST_OK);
		assert_int_equal(rollup_flush(w.rollup, w.now), ST_OK);
		assert_int_equal(store_commit(w.store), ST_OK);
	}
	print_message("the next lines are wanted\n");
	assert_false(world_is_sound(&w));
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_missing_database_is_not_made_by_chance),
	    cmocka_unit_test(a_folder_that_may_not_be_entered_is_named),
	    cmocka_unit_test(a_database_is_never_made_over_another),
	    cmocka_unit_test(a_newer_database_is_refused_and_not_touched),
	    cmocka_unit_test(a_damaged_database_is_refused_with_advice),
	    cmocka_unit_test(what_is_rolled_back_was_never_there),
	    cmocka_unit_test(a_reader_sees_one_state_and_cannot_write),
	    cmocka_unit_test(checks_find_what_was_planted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
