#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdbool.h>

#include "master/api/work.h"

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned running, most, done;
	bool open;
};

static void
pass(void *arg, struct store *db)
{
	struct gate *g = arg;

	(void)db;
	pthread_mutex_lock(&g->lock);
	g->running++;
	if (g->running > g->most)
		g->most = g->running;
	pthread_cond_broadcast(&g->changed);
	while (!g->open)
		pthread_cond_wait(&g->changed, &g->lock);
	g->running--;
	g->done++;
	pthread_cond_broadcast(&g->changed);
	pthread_mutex_unlock(&g->lock);
}

static void
wait_running(struct gate *g, unsigned n)
{
	pthread_mutex_lock(&g->lock);
	while (g->running < n)
		pthread_cond_wait(&g->changed, &g->lock);
	pthread_mutex_unlock(&g->lock);
}

static void
open_gate(struct gate *g)
{
	pthread_mutex_lock(&g->lock);
	g->open = true;
	pthread_cond_broadcast(&g->changed);
	pthread_mutex_unlock(&g->lock);
}

#define GATE                                                                   \
	{                                                                      \
		.lock = PTHREAD_MUTEX_INITIALIZER,                             \
		.changed = PTHREAD_COND_INITIALIZER                            \
	}

static void
a_lane_runs_as_many_at_once_as_it_has_threads(void **state)
{
	const size_t threads[LANE__COUNT] = {1, 2, 1};
	struct gate hash = GATE;
	struct work *w;

	(void)state;
	assert_int_equal(work_open(threads, NULL, &w), ST_OK);
	for (int i = 0; i < 6; i++)
		assert_int_equal(work_put(w, LANE_HASH, pass, &hash), ST_OK);
	wait_running(&hash, 2);
	open_gate(&hash);
	work_close(w);
	assert_int_equal(hash.done, 6);
	assert_int_equal(hash.most, 2);
}

static void
a_full_lane_does_not_stop_the_others(void **state)
{
	const size_t threads[LANE__COUNT] = {1, 1, 1};
	struct gate slow = GATE, quick = GATE;
	struct work *w;

	(void)state;
	quick.open = true;
	assert_int_equal(work_open(threads, NULL, &w), ST_OK);
	assert_int_equal(work_put(w, LANE_HASH, pass, &slow), ST_OK);
	wait_running(&slow, 1);
	for (int i = 0; i < WORK_QUEUE; i++)
		assert_int_equal(work_put(w, LANE_HASH, pass, &slow), ST_OK);
	assert_int_equal(work_put(w, LANE_HASH, pass, &slow), ST_LIMIT);
	assert_int_equal(work_put(w, LANE_QUICK, pass, &quick), ST_OK);
	pthread_mutex_lock(&quick.lock);
	while (quick.done == 0)
		pthread_cond_wait(&quick.changed, &quick.lock);
	pthread_mutex_unlock(&quick.lock);
	open_gate(&slow);
	work_close(w);
	assert_int_equal(slow.done, WORK_QUEUE + 1);
}

static void
after_the_stop_all_that_waited_is_done_and_nothing_is_taken(void **state)
{
	const size_t threads[LANE__COUNT] = {2, 1, 1};
	struct gate g = GATE;
	struct work *w;

	(void)state;
	g.open = true;
	assert_int_equal(work_open(threads, NULL, &w), ST_OK);
	for (int i = 0; i < 100; i++)
		assert_int_equal(work_put(w, LANE_QUICK, pass, &g), ST_OK);
	work_stop(w);
	assert_int_equal(g.done, 100);
	assert_int_equal(work_put(w, LANE_QUICK, pass, &g), ST_CLOSED);
	work_close(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_lane_runs_as_many_at_once_as_it_has_threads),
	    cmocka_unit_test(a_full_lane_does_not_stop_the_others),
	    cmocka_unit_test(
		after_the_stop_all_that_waited_is_done_and_nothing_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
