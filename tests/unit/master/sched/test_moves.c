#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "master/sched/moves.h"

static void
a_task_moves_at_once_or_when_its_agent_says_so(void **state)
{
	static const struct {
		unsigned from;
		enum task_action action;
		bool begun, there;
		unsigned state, wanted;
		bool over, allowed;
	} cases[] = {
	    /* nobody has it yet */
	    {TASK_QUEUED, TASK_PAUSE, false, false, TASK_PAUSED, TASK_PAUSE,
	     false, true},
	    {TASK_PAUSED, TASK_RESUME, false, true, TASK_QUEUED, 0, false,
	     true},
	    {TASK_QUEUED, TASK_STOP, false, false, TASK_STOPPED, 0, true, true},
	    {TASK_PAUSED, TASK_STOP, false, true, TASK_STOPPED, 0, true, true},
	    /* its agent may have it: ordered a moment ago */
	    {TASK_QUEUED, TASK_STOP, false, true, 0, TASK_STOP, false, true},
	    {TASK_QUEUED, TASK_PAUSE, false, true, 0, TASK_PAUSE, false, true},
	    /* it runs, there or away */
	    {TASK_RUNNING, TASK_PAUSE, true, false, 0, TASK_PAUSE, false, true},
	    {TASK_RUNNING, TASK_STOP, true, true, 0, TASK_STOP, false, true},
	    {TASK_PAUSED, TASK_RESUME, true, true, 0, TASK_RESUME, false, true},
	    /* it is over */
	    {TASK_DONE, TASK_STOP, true, true, 0, 0, false, false},
	    {TASK_STOPPED, TASK_RESUME, true, true, 0, 0, false, false},
	    {TASK_FAILED, TASK_PAUSE, true, true, 0, 0, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct move m = moves_find(cases[i].from, cases[i].action,
					   cases[i].begun, cases[i].there);

		assert_int_equal(m.state, cases[i].state);
		assert_int_equal(m.wanted, cases[i].wanted);
		assert_int_equal(m.over, cases[i].over);
		assert_int_equal(m.allowed, cases[i].allowed);
	}
}

static void
every_task_that_is_not_over_may_be_paused_resumed_and_stopped(void **state)
{
	(void)state;
	for (unsigned from = TASK_QUEUED; from <= TASK_PAUSED; from++)
		for (unsigned action = TASK_PAUSE; action <= TASK_STOP;
		     action++)
			for (unsigned bits = 0; bits < 4; bits++)
				assert_true(moves_find(from, action,
						       (bits & 1) != 0,
						       (bits & 2) != 0)
						.allowed);
}

static void
the_last_batch_says_how_it_ended(void **state)
{
	(void)state;
	assert_int_equal(moves_end(SCAN_DONE), TASK_DONE);
	assert_int_equal(moves_end(SCAN_STOPPED), TASK_STOPPED);
	assert_int_equal(moves_end(SCAN_FAILED), TASK_FAILED);
	assert_int_equal(moves_end(99), TASK_FAILED);
}

static void
a_task_whose_agent_is_gone_waits_for_another_unless_it_was_to_stop(void **state)
{
	static const struct {
		unsigned from, wanted, to;
		bool over;
	} cases[] = {
	    {TASK_QUEUED, 0, TASK_QUEUED, false},
	    {TASK_RUNNING, 0, TASK_QUEUED, false},
	    {TASK_RUNNING, TASK_PAUSE, TASK_PAUSED, false},
	    {TASK_PAUSED, 0, TASK_PAUSED, false},
	    {TASK_PAUSED, TASK_RESUME, TASK_QUEUED, false},
	    {TASK_RUNNING, TASK_STOP, TASK_STOPPED, true},
	    {TASK_PAUSED, TASK_STOP, TASK_STOPPED, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct move m = moves_free(cases[i].from, cases[i].wanted);

		assert_int_equal(m.state, cases[i].to);
		assert_int_equal(m.over, cases[i].over);
		assert_int_equal(m.wanted, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_task_whose_agent_is_gone_waits_for_another_unless_it_was_to_stop),
	    cmocka_unit_test(a_task_moves_at_once_or_when_its_agent_says_so),
	    cmocka_unit_test(
		every_task_that_is_not_over_may_be_paused_resumed_and_stopped),
	    cmocka_unit_test(the_last_batch_says_how_it_ended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
