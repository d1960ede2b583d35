#include "runtime/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/segment.h"
#include "sys/file.h"

/* With spool_piece, spool_mark, spool_read and spool_replay: one idea. */

/* ---- a folder, a disk that fails, and words for entries ---- */

struct world {
	char path[64];
	int dir;
	struct spool_config config;
	struct spool_io io;
	/* The n-th call from now on fails so, -1: none. */
	int write_fails, sync_fails, cut_fails, create_fails;
	int error;
	size_t short_by; /* the failing write still writes so much less */
};

static bool
due(int *countdown)
{
	if (*countdown < 0)
		return false;
	return (*countdown)-- == 0;
}

static int
io_create(void *arg, int dir, const char *name)
{
	struct world *w = arg;

	if (due(&w->create_fails)) {
		errno = w->error;
		return -1;
	}
	return openat(dir, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static ssize_t
io_write(void *arg, int fd, struct span s, uint64_t at)
{
	struct world *w = arg;

	if (due(&w->write_fails)) {
		if (s.len > w->short_by && w->short_by > 0)
			(void)!pwrite(fd, s.ptr, s.len - w->short_by,
				      (off_t)at);
		errno = w->error;
		return -1;
	}
	return pwrite(fd, s.ptr, s.len, (off_t)at);
}

static int
io_sync(void *arg, int fd)
{
	struct world *w = arg;

	(void)fd;
	if (due(&w->sync_fails)) {
		errno = w->error;
		return -1;
	}
	return 0;
}

static int
io_cut(void *arg, int fd, uint64_t size)
{
	struct world *w = arg;

	if (due(&w->cut_fails)) {
		errno = w->error;
		return -1;
	}
	return ftruncate(fd, (off_t)size);
}

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	snprintf(w->path, sizeof(w->path), "/tmp/trawl-spool.XXXXXX");
	assert_non_null(mkdtemp(w->path));
	w->dir = open(w->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	w->write_fails = w->sync_fails = w->cut_fails = w->create_fails = -1;
	w->error = ENOSPC;
	w->io = (struct spool_io){w, io_create, io_write, io_sync, io_cut};
	w->config = (struct spool_config){
	    .quota = SPOOL_QUOTA_MIN, .stream = 1, .io = &w->io};
	memset(w->config.incarnation, 7, sizeof(w->config.incarnation));
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	close(w->dir);
	assert_int_equal(file_remove_tree(w->path), ST_OK);
	free(w);
	return 0;
}

static struct spool *
open_met(struct world *w, struct spool_report *met)
{
	struct spool *sp = NULL;

	assert_int_equal(spool_open(w->dir, &w->config, &sp, met), ST_OK);
	return sp;
}

static struct spool *
open_it(struct world *w)
{
	struct spool_report met;

	return open_met(w, &met);
}

/* What entry i of a task holds is known from i and the task alone. */
static size_t
payload_of(uint64_t task, uint64_t i, uint8_t *to)
{
	size_t n = (size_t)(1 + (i * 37 + task * 11) % 200);

	for (size_t k = 0; k < n; k++)
		to[k] = (uint8_t)(i + task * 3 + k);
	return n;
}

static enum status
try_append(struct spool *sp, uint64_t task, uint64_t i, bool last)
{
	uint8_t payload[256];
	char cursor[32];
	struct spool_entry e = {.task = task, .last = last};

	e.payload = span_of(payload, payload_of(task, i, payload));
	snprintf(cursor, sizeof(cursor), "cursor %d", (int)i);
	e.cursor = span_str(cursor);
	e.totals.objects = i;
	return spool_append(sp, &e);
}

static void
append(struct spool *sp, uint64_t task, uint64_t i)
{
	assert_int_equal(try_append(sp, task, i, false), ST_OK);
}

static void
append_large(struct spool *sp, uint64_t task, size_t n)
{
	uint8_t *payload = calloc(1, n);
	struct spool_entry e = {.task = task, .payload = span_of(payload, n)};

	assert_int_equal(spool_append(sp, &e), ST_OK);
	free(payload);
}

static void
holds(struct spool *sp, uint64_t seq, uint64_t task, uint64_t i)
{
	uint8_t payload[256];
	struct spool_entry e;
	size_t n = payload_of(task, i, payload);

	assert_int_equal(spool_read(sp, seq, &e), ST_OK);
	assert_false(e.hole);
	assert_int_equal(e.seq, seq);
	assert_int_equal(e.task, task);
	assert_int_equal(e.payload.len, n);
	assert_memory_equal(e.payload.ptr, payload, n);
}

static void
stands_at(struct spool *sp, uint64_t task, uint64_t i)
{
	struct spool_mark m;
	char cursor[32];

	assert_int_equal(spool_mark(sp, task, &m), ST_OK);
	snprintf(cursor, sizeof(cursor), "cursor %d", (int)i);
	assert_true(span_eq(m.cursor, span_str(cursor)));
	assert_int_equal(m.totals.objects, i);
}

static void
file_of(const struct world *w, uint64_t first, char *path, size_t room)
{
	snprintf(path, room, "%s/%016llx.seg", w->path,
		 (unsigned long long)first);
}

static size_t
file_size(const char *path)
{
	struct stat info;

	assert_int_equal(stat(path, &info), 0);
	return (size_t)info.st_size;
}

static void
flip(const char *path, size_t at)
{
	uint8_t byte;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
	byte ^= 0x40;
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
	close(fd);
}

static void
copy_file(const char *from, const char *to)
{
	struct buf b;

	buf_init(&b, 64 << 20);
	assert_int_equal(file_read(from, &b), ST_OK);
	assert_int_equal(file_replace(to, buf_span(&b), 0600), ST_OK);
	buf_fini(&b);
}

/* ---- the plain life ---- */

static void
what_was_appended_is_read_in_order(void **state)
{
	struct spool *sp = open_it(*state);
	struct spool_entry e;

	for (uint64_t i = 1; i <= 20; i++)
		append(sp, 5, i);
	for (uint64_t i = 1; i <= 20; i++)
		holds(sp, i, 5, i);
	assert_int_equal(spool_read(sp, 21, &e), ST_EOF);
	assert_int_equal(spool_read(sp, 0, &e), ST_EOF);
	holds(sp, 3, 5, 3); /* and back again */
	stands_at(sp, 5, 20);
	spool_close(sp);
}

static void
a_reader_that_waits_at_the_end_sees_what_comes(void **state)
{
	struct spool *sp = open_it(*state);

	for (uint64_t i = 1; i <= 10; i++) {
		append(sp, 1, i);
		holds(sp, i, 1, i);
	}
	spool_close(sp);
}

static void
all_is_there_again_after_opening_again(void **state)
{
	struct world *w = *state;
	struct spool_report met;
	struct spool *sp = open_met(w, &met);

	assert_true(met.fresh);
	for (uint64_t i = 1; i <= 9; i++)
		append(sp, i % 2 + 1, i);
	assert_int_equal(try_append(sp, 2, 10, true), ST_OK);
	spool_close(sp);
	sp = open_met(w, &met);
	assert_false(met.fresh);
	assert_int_equal(met.cut + met.damaged + met.holes, 0);
	assert_int_equal(spool_next(sp), 11);
	for (uint64_t i = 1; i <= 9; i++)
		holds(sp, i, i % 2 + 1, i);
	stands_at(sp, 1, 8);
	stands_at(sp, 2, 10);
	spool_close(sp);
}

static void
only_the_last_batch_of_a_task_ends_it(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);
	struct spool_mark m;
	struct spool_entry e;

	append(sp, 3, 1);
	assert_int_equal(spool_mark(sp, 3, &m), ST_OK);
	assert_false(m.ended);
	assert_int_equal(try_append(sp, 3, 2, true), ST_OK);
	for (int again = 0; again < 2; again++) {
		assert_int_equal(spool_mark(sp, 3, &m), ST_OK);
		assert_true(m.ended);
		assert_int_equal(m.seq, 2);
		assert_int_equal(spool_read(sp, 2, &e), ST_OK);
		assert_true(e.last);
		spool_close(sp);
		sp = open_it(w);
	}
	spool_close(sp);
}

static void
acknowledged_files_go_and_numbers_go_on(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);
	uint64_t before;

	for (uint64_t i = 1; i <= 6; i++)
		append_large(sp, 1, 300 * 1024);
	before = spool_bytes(sp);
	assert_int_equal(spool_ack(sp, 4), ST_OK);
	assert_true(spool_bytes(sp) < before);
	assert_int_equal(spool_ack(sp, 6), ST_OK);
	assert_true(spool_bytes(sp) < 64 * 1024);
	spool_close(sp);
	sp = open_it(w);
	assert_int_equal(spool_next(sp), 7);
	append(sp, 1, 7);
	holds(sp, 7, 1, 7);
	spool_close(sp);
}

static void
a_mark_outlives_the_files_it_came_from(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);

	append(sp, 9, 4);
	for (uint64_t i = 2; i <= 8; i++)
		append_large(sp, 1, 300 * 1024);
	assert_int_equal(spool_ack(sp, 8), ST_OK);
	stands_at(sp, 9, 4);
	spool_close(sp);
	sp = open_it(w);
	stands_at(sp, 9, 4);
	spool_close(sp);
}

static void
a_forgotten_task_leaves_nothing(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);
	struct spool_mark m;

	assert_int_equal(try_append(sp, 1, 1, true), ST_OK);
	assert_int_equal(spool_ack(sp, 1), ST_OK);
	spool_forget(sp, 1);
	assert_int_equal(spool_bytes(sp), 0);
	assert_int_equal(spool_mark(sp, 1, &m), ST_NOTFOUND);
	spool_close(sp);
	sp = open_it(w);
	assert_int_equal(spool_mark(sp, 1, &m), ST_NOTFOUND);
	assert_int_equal(spool_next(sp), 2);
	spool_close(sp);
}

static void
an_acknowledgement_may_come_again_but_not_too_early(void **state)
{
	struct spool *sp = open_it(*state);

	append(sp, 1, 1);
	append(sp, 1, 2);
	assert_int_equal(spool_ack(sp, 1), ST_OK);
	assert_int_equal(spool_ack(sp, 1), ST_OK);
	assert_int_equal(spool_ack(sp, 0), ST_OK);
	assert_int_equal(spool_ack(sp, 3), ST_MALFORMED);
	assert_int_equal(spool_ack(sp, UINT64_MAX), ST_MALFORMED);
	assert_int_equal(spool_acked(sp), 1);
	holds(sp, 2, 1, 2);
	spool_close(sp);
}

static void
a_number_that_was_dropped_is_a_hole(void **state)
{
	struct spool *sp = open_it(*state);
	struct spool_entry e;

	for (uint64_t i = 1; i <= 6; i++)
		append_large(sp, 1, 300 * 1024);
	assert_int_equal(spool_ack(sp, 5), ST_OK);
	assert_int_equal(spool_read(sp, 1, &e), ST_OK);
	assert_true(e.hole);
	assert_int_equal(e.task, 1);
	assert_int_equal(spool_read(sp, 6, &e), ST_OK);
	assert_false(e.hole);
	spool_close(sp);
}

static void
a_full_spool_says_so_and_goes_on_when_there_is_room(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);
	uint8_t *big = calloc(1, 500 * 1024);
	struct spool_entry e = {.task = 1, .payload = span_of(big, 500 * 1024)};
	uint64_t n = 0;

	while (spool_append(sp, &e) == ST_OK)
		n++;
	assert_in_range(n, 6, 8);
	assert_int_equal(spool_append(sp, &e), ST_FULL);
	assert_true(spool_bytes(sp) <= w->config.quota);
	assert_int_equal(spool_next(sp), n + 1);
	assert_int_equal(spool_ack(sp, n / 2), ST_OK);
	assert_int_equal(spool_append(sp, &e), ST_OK);
	assert_int_equal(e.seq, n + 1);
	assert_int_equal(spool_ack(sp, n + 1), ST_OK);
	for (uint64_t i = 0; i < n / 2; i++)
		assert_int_equal(spool_append(sp, &e), ST_OK);
	spool_close(sp);
	free(big);
}

static void
a_spool_older_than_the_master_gives_new_numbers(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);

	append(sp, 1, 1);
	append(sp, 1, 2);
	assert_int_equal(spool_ack(sp, 1), ST_OK);
	assert_int_equal(spool_skip(sp, 40), ST_OK);
	assert_int_equal(spool_next(sp), 42);
	holds(sp, 41, 1, 2); /* what was not acknowledged comes again */
	stands_at(sp, 1, 2);
	append(sp, 1, 3);
	spool_close(sp);
	sp = open_it(w);
	assert_int_equal(spool_next(sp), 43);
	holds(sp, 42, 1, 3);
	spool_close(sp);
}

static void
entries_of_another_incarnation_are_left_out(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);
	struct spool_report met;
	struct spool_mark m;

	append(sp, 1, 1);
	spool_close(sp);
	memset(w->config.incarnation, 8, sizeof(w->config.incarnation));
	sp = open_met(w, &met);
	assert_int_equal(met.foreign, 1);
	assert_int_equal(spool_mark(sp, 1, &m), ST_NOTFOUND);
	append(sp, 2, 1);
	spool_close(sp);
	sp = open_it(w);
	stands_at(sp, 2, 1);
	spool_close(sp);
}

/* ---- the world fails ---- */

/*
 * Whichever call fails, nothing counts that was not said to count, all that
 * counts is read, and the next append works.
 */
static void
fails_clean(struct world *w, int *countdown, int n, uint64_t quantity)
{
	struct spool *sp = open_it(w);
	uint64_t from = spool_next(sp), good = from;

	*countdown = n;
	for (uint64_t i = 0; i < quantity; i++)
		if (try_append(sp, 1, good, false) == ST_OK)
			good++;
	*countdown = -1;
	assert_int_equal(spool_next(sp), good);
	if (try_append(sp, 1, good, false) == ST_OK)
		good++;
	for (uint64_t i = from; i < good; i++)
		holds(sp, i, 1, i);
	spool_close(sp);
	sp = open_it(w);
	assert_int_equal(spool_next(sp), good);
	for (uint64_t i = from; i < good; i++)
		holds(sp, i, 1, i);
	stands_at(sp, 1, good - 1);
	spool_close(sp);
}

static void
any_call_to_the_disk_may_fail(void **state)
{
	struct world *w = *state;
	static const int errors[] = {ENOSPC, EIO};
	int *const calls[] = {&w->write_fails, &w->sync_fails,
			      &w->create_fails};

	for (size_t e = 0; e < 2; e++)
		for (size_t c = 0; c < 3; c++)
			for (int n = 0; n < 4; n++) {
				w->error = errors[e];
				fails_clean(w, calls[c], n, 6);
			}
}

static void
a_short_write_leaves_nothing(void **state)
{
	struct world *w = *state;

	for (w->short_by = 1; w->short_by < 130; w->short_by += 16)
		fails_clean(w, &w->write_fails, 1, 3);
}

static void
what_cannot_be_cut_away_is_worth_nothing(void **state)
{
	struct world *w = *state;

	w->error = EIO;
	w->short_by = 0;
	for (int n = 0; n < 3; n++) {
		struct spool *sp = open_it(w);
		uint64_t next = spool_next(sp);

		append(sp, 1, next);
		/* All of it is written; sync fails, and so does the cut. */
		w->sync_fails = 0;
		w->cut_fails = 0;
		assert_int_equal(try_append(sp, 2, next + 1, false), ST_IO);
		append(sp, 1, next + 1);
		holds(sp, next + 1, 1, next + 1);
		spool_close(sp);
		sp = open_it(w);
		assert_int_equal(spool_next(sp), next + 2);
		holds(sp, next, 1, next);
		holds(sp, next + 1, 1, next + 1);
		stands_at(sp, 1, next + 1);
		spool_close(sp);
	}
}

static void
a_file_that_got_no_marks_keeps_the_older_ones(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);

	append(sp, 9, 4);
	append_large(sp, 1, 500 * 1024);
	/* The next one turns to a new file, whose marks cannot be written. */
	w->write_fails = 0;
	assert_int_equal(spool_ack(sp, 2), ST_OK);
	w->write_fails = 0;
	assert_int_equal(try_append(sp, 1, 3, false), ST_FULL);
	assert_int_equal(spool_ack(sp, 2), ST_OK);
	spool_close(sp);
	sp = open_it(w);
	stands_at(sp, 9, 4);
	append(sp, 1, 3);
	spool_close(sp);
	sp = open_it(w);
	stands_at(sp, 9, 4);
	stands_at(sp, 1, 3);
	spool_close(sp);
}

/* ---- killed at any byte ---- */

static void
cut_at_any_byte_it_opens_with_a_prefix(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);
	char path[128], saved[] = "/tmp/trawl-spool-saved.XXXXXX";
	size_t size;
	int fd = mkstemp(saved);

	assert_true(fd >= 0);
	close(fd);
	for (uint64_t i = 1; i <= 5; i++)
		append(sp, i == 2 ? 2 : 1, i);
	spool_close(sp);
	file_of(w, 1, path, sizeof(path));
	copy_file(path, saved);
	size = file_size(path);
	for (size_t at = 0; at <= size; at++) {
		uint64_t next, kept;
		struct spool_report met;
		struct spool_entry e;

		copy_file(saved, path);
		assert_int_equal(truncate(path, (off_t)at), 0);
		sp = open_met(w, &met);
		next = spool_next(sp);
		assert_int_equal(met.damaged, 0);
		kept = next - 1 - met.holes;
		assert_true(met.holes <= 1);
		for (uint64_t i = 1; i <= kept; i++)
			holds(sp, i, i == 2 ? 2 : 1, i);
		if (met.holes == 1) {
			assert_int_equal(spool_read(sp, kept + 1, &e), ST_OK);
			assert_true(e.hole);
		}
		if (kept > 0)
			stands_at(sp, kept == 2 ? 2 : 1, kept);
		append(sp, 1, next);
		holds(sp, next, 1, next);
		spool_close(sp);
		sp = open_it(w);
		assert_int_equal(spool_next(sp), next + 1);
		holds(sp, next, 1, next);
		spool_close(sp);
	}
	unlink(saved);
}

/* Each byte of the middle entry in turn. */
static void
damage_costs_only_the_entry_that_it_hits(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);
	char path[128];
	size_t from, to;

	append(sp, 1, 1);
	append(sp, 1, 2);
	file_of(w, 1, path, sizeof(path));
	from = file_size(path);
	append(sp, 1, 3);
	to = file_size(path);
	append(sp, 1, 4);
	spool_close(sp);
	for (size_t at = from; at < to; at++) {
		struct spool_report met;
		struct spool_entry e;

		flip(path, at);
		sp = open_met(w, &met);
		assert_int_equal(met.damaged, to - from);
		assert_int_equal(met.holes, 1);
		assert_int_equal(spool_next(sp), 5);
		holds(sp, 1, 1, 1);
		holds(sp, 2, 1, 2);
		assert_int_equal(spool_read(sp, 3, &e), ST_OK);
		assert_true(e.hole);
		holds(sp, 4, 1, 4);
		stands_at(sp, 1, 2); /* it is scanned again from there */
		spool_close(sp);
		flip(path, at);
	}
}

static void
after_a_rewind_the_mark_moves_again(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);
	char path[128];
	size_t at;

	append(sp, 1, 1);
	file_of(w, 1, path, sizeof(path));
	at = file_size(path);
	append(sp, 1, 2);
	append(sp, 1, 3);
	spool_close(sp);
	flip(path, at + 130);
	sp = open_it(w);
	stands_at(sp, 1, 1);
	append(sp, 1, 2);
	append(sp, 1, 3);
	stands_at(sp, 1, 3);
	spool_close(sp);
	sp = open_it(w);
	stands_at(sp, 1, 3);
	spool_close(sp);
}

static void
a_missing_file_is_a_hole(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);
	struct spool_report met;
	struct spool_entry e;
	char path[128];

	for (uint64_t i = 1; i <= 6; i++)
		append_large(sp, 1, 300 * 1024);
	spool_close(sp);
	/* Two entries a file: the one of 3 and 4 goes. */
	file_of(w, 2, path, sizeof(path));
	assert_int_equal(unlink(path), 0);
	sp = open_met(w, &met);
	assert_int_equal(met.holes, 1);
	assert_int_equal(spool_next(sp), 7);
	assert_int_equal(spool_read(sp, 2, &e), ST_OK);
	assert_true(e.hole);
	assert_int_equal(spool_read(sp, 3, &e), ST_OK);
	assert_false(e.hole);
	spool_close(sp);
}

static void
damage_after_opening_is_not_taken_for_a_hole(void **state)
{
	struct world *w = *state;
	struct spool *sp = open_it(w);
	struct spool_entry e;
	char path[128];

	append(sp, 1, 1);
	append(sp, 1, 2);
	file_of(w, 1, path, sizeof(path));
	flip(path, 130);
	assert_int_equal(spool_read(sp, 1, &e), ST_MALFORMED);
	holds(sp, 2, 1, 2);
	spool_close(sp);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(what_was_appended_is_read_in_order),
	    CASE(a_reader_that_waits_at_the_end_sees_what_comes),
	    CASE(all_is_there_again_after_opening_again),
	    CASE(only_the_last_batch_of_a_task_ends_it),
	    CASE(acknowledged_files_go_and_numbers_go_on),
	    CASE(a_mark_outlives_the_files_it_came_from),
	    CASE(a_forgotten_task_leaves_nothing),
	    CASE(an_acknowledgement_may_come_again_but_not_too_early),
	    CASE(a_number_that_was_dropped_is_a_hole),
	    CASE(a_full_spool_says_so_and_goes_on_when_there_is_room),
	    CASE(a_spool_older_than_the_master_gives_new_numbers),
	    CASE(entries_of_another_incarnation_are_left_out),
	    CASE(any_call_to_the_disk_may_fail),
	    CASE(a_short_write_leaves_nothing),
	    CASE(what_cannot_be_cut_away_is_worth_nothing),
	    CASE(a_file_that_got_no_marks_keeps_the_older_ones),
	    CASE(cut_at_any_byte_it_opens_with_a_prefix),
	    CASE(damage_costs_only_the_entry_that_it_hits),
	    CASE(after_a_rewind_the_mark_moves_again),
	    CASE(a_missing_file_is_a_hole),
	    CASE(damage_after_opening_is_not_taken_for_a_hole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
