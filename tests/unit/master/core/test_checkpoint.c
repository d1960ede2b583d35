#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fake/store_world.h"
#include "master/core/checkpoint.h"

static void
committed_pages_move_while_the_writer_goes_on(void **state)
{
	struct store_world w;
	struct checkpoint *k = NULL;
	struct stat before, now = {0};
	uint64_t task;

	(void)state;
	world_open(&w);
	task = world_scan(&w, "/srv", "");
	assert_int_equal(stat(w.file, &before), 0);
	assert_int_equal(checkpoint_open(w.file, &k), ST_OK);
	assert_int_equal(checkpoint_start(k), ST_OK);
	/* Until the file itself has grown: only the thread does that. */
	for (unsigned i = 0; i < 20000; i++) {
		char line[64];

		snprintf(line, sizeof(line), "/srv/%u email 1", i);
		assert_int_equal(
		    world_give(&w, (const char *const[]){line, NULL}, task, 0),
		    ST_OK);
		assert_int_equal(stat(w.file, &now), 0);
		if (now.st_size > before.st_size)
			break;
	}
	assert_true(now.st_size > before.st_size);
	checkpoint_close(k);
	assert_true(world_is_sound(&w));
	world_close(&w);
}

static void
one_that_was_never_started_is_closed_too(void **state)
{
	struct store_world w;
	struct checkpoint *k = NULL;

	(void)state;
	world_open(&w);
	assert_int_equal(checkpoint_open(w.file, &k), ST_OK);
	checkpoint_close(k);
	checkpoint_close(NULL);
	world_close(&w);
}

static void
without_a_database_there_is_none(void **state)
{
	struct checkpoint *k = NULL;

	(void)state;
	assert_int_not_equal(checkpoint_open("/nonexistent/trawl.db", &k),
			     ST_OK);
	assert_null(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(committed_pages_move_while_the_writer_goes_on),
	    cmocka_unit_test(one_that_was_never_started_is_closed_too),
	    cmocka_unit_test(without_a_database_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
