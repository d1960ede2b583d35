#include "runtime/jobs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fake/fake_agent.h"

/* With job_run and job_progress: one idea. */

static const char *const paths[] = {"/data"};

static int
set_up(void **state)
{
	struct fake_agent *a = malloc(sizeof(*a));

	assert_non_null(a);
	fake_agent_open(a);
	fake_agent_born(a);
	*state = a;
	return 0;
}

static int
tear_down(void **state)
{
	fake_agent_close(*state);
	free(*state);
	return 0;
}

static bool
is_online(struct fake_agent *a)
{
	return a->master.online;
}

static bool
is_over(struct fake_agent *a)
{
	struct task_held held;

	return a->master.ended > 0 && jobs_list(a->jobs, &held, 1) == 0;
}

static uint8_t wanted;

static bool
state_is(struct fake_agent *a)
{
	struct task_held held;

	return jobs_list(a->jobs, &held, 1) == 1 && held.state == wanted;
}

static bool
master_hears(struct fake_agent *a)
{
	return a->master.progress.state == wanted;
}

static bool
has_batches(struct fake_agent *a)
{
	return a->master.seq > 0;
}

static bool
has_come_back(struct fake_agent *a)
{
	return a->master.hellos == 2 && a->master.online;
}

static void
order(struct fake_agent *a, uint64_t task)
{
	assert_true(fake_agent_run(a, is_online));
	assert_true(fake_master_order(&a->master, task, paths, 1));
}

static void
reaches(struct fake_agent *a, uint8_t state)
{
	wanted = state;
	assert_true(fake_agent_run(a, state_is));
}

static void
ends(struct fake_agent *a, uint8_t outcome)
{
	assert_true(fake_agent_run(a, is_over));
	assert_int_equal(a->master.outcome, outcome);
}

static void
ends_whole(struct fake_agent *a)
{
	ends(a, SCAN_DONE);
	assert_int_equal(fake_master_rows(&a->master),
			 fake_scanner_findings(&a->scanner));
}

/* ---- scanners that fail ---- */

static void
a_scanner_that_dies_goes_on_at_its_checkpoint(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 1000;
	a->scanner.die_after = 75;
	a->scanner.deaths = 12;
	order(a, 9);
	ends_whole(a);
	assert_int_equal(a->scanner.spawns, 13);
	assert_int_equal(a->master.rows, fake_scanner_findings(&a->scanner));
}

static void
five_deaths_at_one_place_fail_the_task(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.die_after = 5; /* before its first checkpoint */
	a->scanner.deaths = 100;
	order(a, 9);
	ends(a, SCAN_FAILED);
	assert_int_equal(a->scanner.spawns, JOBS_DEATHS);
}

static void
a_scanner_that_cannot_start_fails_the_task(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.refuses = true;
	order(a, 9);
	ends(a, SCAN_FAILED);
	assert_int_equal(a->scanner.spawns, JOBS_DEATHS);
}

static void
a_scanner_that_babbles_is_killed(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.babbles = true;
	order(a, 9);
	ends(a, SCAN_FAILED);
	assert_true(a->scanner.kills > 0);
}

/* ---- what people want ---- */

static void
a_paused_task_stands_still_and_goes_on(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 40000;
	order(a, 9);
	assert_true(fake_agent_run(a, has_batches));
	assert_true(fake_master_control(&a->master, 9, TASK_PAUSE));
	reaches(a, TASK_PAUSED);
	wanted = TASK_PAUSED;
	assert_true(fake_agent_run(a, master_hears));
	assert_int_equal(a->master.ended, 0);
	assert_true(fake_master_control(&a->master, 9, TASK_RESUME));
	ends_whole(a);
}

static void
a_paused_task_stays_so_when_the_agent_dies(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 40000;
	order(a, 9);
	assert_true(fake_agent_run(a, has_batches));
	assert_true(fake_master_control(&a->master, 9, TASK_PAUSE));
	reaches(a, TASK_PAUSED);
	fake_agent_dies(a);
	fake_agent_born(a);
	a->scanner.spawns = 0;
	assert_true(fake_agent_run(a, has_come_back));
	reaches(a, TASK_PAUSED);
	assert_int_equal(a->scanner.spawns, 0);
	assert_true(fake_master_control(&a->master, 9, TASK_RESUME));
	ends_whole(a);
}

static void
a_stopped_task_ends_and_keeps_what_it_found(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 40000;
	order(a, 9);
	assert_true(fake_agent_run(a, has_batches));
	assert_true(fake_master_control(&a->master, 9, TASK_STOP));
	ends(a, SCAN_STOPPED);
	assert_true(a->master.rows > 0);
}

static void
a_paused_task_can_be_stopped(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 40000;
	order(a, 9);
	assert_true(fake_agent_run(a, has_batches));
	assert_true(fake_master_control(&a->master, 9, TASK_PAUSE));
	reaches(a, TASK_PAUSED);
	assert_true(fake_master_control(&a->master, 9, TASK_STOP));
	ends(a, SCAN_STOPPED);
}

static void
a_scanner_that_does_not_stop_is_killed(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = UINT64_C(1) << 40;
	a->scanner.ignores_stop = true;
	a->master.silent = true; /* so that the made-up master keeps little */
	order(a, 9);
	assert_true(fake_agent_run(a, has_batches));
	a->master.silent = false;
	assert_true(fake_master_control(&a->master, 9, TASK_STOP));
	ends(a, SCAN_STOPPED);
	assert_int_equal(a->scanner.kills, 1);
}

static void
a_task_ordered_twice_is_one_task(void **state)
{
	struct fake_agent *a = *state;

	order(a, 9);
	order(a, 9);
	ends_whole(a);
	order(a, 9); /* and once more when it is over */
	assert_true(fake_master_control(&a->master, 9, TASK_STOP));
	order(a, 10);
	a->master.ended = 0;
	ends_whole(a);
	assert_int_equal(a->scanner.spawns, 2);
}

static void
tasks_run_one_after_the_other(void **state)
{
	struct fake_agent *a = *state;
	struct task_held held[3];

	a->scanner.objects = 20000;
	order(a, 12);
	order(a, 11);
	order(a, 10);
	assert_true(fake_agent_run(a, has_batches));
	assert_int_equal(jobs_running(a->jobs), 1);
	assert_int_equal(jobs_list(a->jobs, held, 3), 3);
	ends(a, SCAN_DONE);
	assert_int_equal(a->master.ended, 3);
	assert_int_equal(a->scanner.spawns, 3);
}

static void
a_task_nobody_knows_is_not_controlled(void **state)
{
	struct fake_agent *a = *state;
	struct task_control c = {.task = 99, .action = TASK_STOP};

	assert_int_equal(jobs_control(a->jobs, &c), ST_OK);
	c.action = 9;
	assert_int_equal(jobs_control(a->jobs, &c), ST_UNSUPPORTED);
}

static void
without_the_key_nothing_runs(void **state)
{
	struct fake_agent *a = *state;
	struct task_order o = {.task = 4};
	struct task_held held;

	o.order.paths[0] = span_str("/data");
	o.order.path_count = 1;
	assert_int_equal(jobs_order(a->jobs, &o), ST_OK);
	jobs_allow(a->jobs, true);
	assert_int_equal(a->scanner.spawns, 0);
	assert_int_equal(jobs_list(a->jobs, &held, 1), 1);
	assert_int_equal(held.state, TASK_QUEUED);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(a_scanner_that_dies_goes_on_at_its_checkpoint),
	    CASE(five_deaths_at_one_place_fail_the_task),
	    CASE(a_scanner_that_cannot_start_fails_the_task),
	    CASE(a_scanner_that_babbles_is_killed),
	    CASE(a_paused_task_stands_still_and_goes_on),
	    CASE(a_paused_task_stays_so_when_the_agent_dies),
	    CASE(a_stopped_task_ends_and_keeps_what_it_found),
	    CASE(a_paused_task_can_be_stopped),
	    CASE(a_scanner_that_does_not_stop_is_killed),
	    CASE(a_task_ordered_twice_is_one_task),
	    CASE(tasks_run_one_after_the_other),
	    CASE(a_task_nobody_knows_is_not_controlled),
	    CASE(without_the_key_nothing_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
