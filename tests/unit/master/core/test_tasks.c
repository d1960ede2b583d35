#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/str.h"
#include "fake/core_world.h"
#include "master/core/agents.h"
#include "master/core/flow.h"
#include "master/core/tasks.h"
#include "master/store/q_scans.h"

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define CONN       100

static enum status
note_task(void *arg, const struct task_row *row)
{
	*(struct task_row *)arg = *row; /* its spans are not looked at */
	return ST_OK;
}

static struct task_row
row_of(struct core_world *w, uint64_t task)
{
	struct task_row t = {0};

	assert_int_equal(q_task_get(w->db.store, task, note_task, &t), ST_OK);
	return t;
}

/* A person wants something of a task: what the operation does. */
static void
want(struct core_world *w, uint64_t task, enum task_action action)
{
	struct task_row t = row_of(w, task);
	enum status st = flow_begin(w->core);

	assert_int_equal(st, ST_OK);
	assert_int_equal(flow_end(w->core, tasks_want(w->core, &t, action)),
			 ST_OK);
	tasks_tell(w->core, task, w->db.agent, action);
}

/* The agent says where a task stands. */
static void
says(struct core_world *w, uint64_t task, enum task_state state, uint64_t bytes)
{
	struct task_progress p = {.task = task,
				  .state = (uint8_t)state,
				  .progress = {.done_bytes = bytes,
					       .done_objects = 3,
					       .total_bytes = 1000,
					       .current = span_str("/srv/now")},
				  .bytes_per_second = 50};

	core_world_progress(w, CONN, w->db.agent, &p);
}

/* HELLO of the agent, which still holds one task (0: none). */
static void
comes_back_with(struct core_world *w, uint64_t task)
{
	struct agent_hello hello = {.task_count = task != 0 ? 1 : 0};
	struct live *a = agents_find(w->core, w->db.agent);

	assert_non_null(a);
	hello.tasks[0].task = task;
	hello.tasks[0].state = TASK_RUNNING;
	core_deaf(w);
	tasks_agent_up(w->core, a, &hello);
}

/* Which task is ordered next, 0 when none is. */
static uint64_t
ordered(struct core_world *w, struct task_order *m)
{
	struct span body;
	uint64_t conn;

	if (!core_said(w, PEER_ORDER, &conn, &body))
		return 0;
	assert_int_equal(conn, CONN);
	assert_int_equal(task_order_unpack(body, m), ST_OK);
	return m->task;
}

/* What it is told of a task, 0 when nothing. */
static unsigned
told(struct core_world *w, uint64_t task)
{
	struct task_control m = {0};
	struct span body;
	uint64_t conn;

	if (!core_said(w, PEER_CONTROL, &conn, &body))
		return 0;
	assert_int_equal(task_control_unpack(body, &m), ST_OK);
	assert_int_equal(m.task, task);
	return m.action;
}

static void
sweep_all(struct core_world *w)
{
	for (int i = 0;
	     i < 100 && (w->core->sweep != NULL || w->core->sweep_wanted); i++)
		tasks_sweep_timer(w->core);
	assert_null(w->core->sweep);
}

static void
an_agent_that_comes_is_ordered_what_waits_for_it(void **state)
{
	struct core_world *w = *state;
	uint64_t task = world_scan(&w->db, "/srv", "card_*\nemail");
	struct task_order m = {0};

	core_world_up(w, CONN, w->db.agent, 1);
	assert_int_equal(ordered(w, &m), task);
	assert_int_equal(m.scan, 1);
	assert_int_equal(m.target, w->db.target);
	assert_int_equal(m.order.path_count, 1);
	assert_true(str_is(m.order.paths[0], "/srv"));
	assert_int_equal(m.order.type_count, 2);
	assert_true(str_is(m.order.types[1], "email"));
	assert_int_equal(ordered(w, &m), 0);
}

static void
what_it_holds_is_not_ordered_again(void **state)
{
	struct core_world *w = *state;
	uint64_t task = world_scan(&w->db, "/srv", "");
	struct task_order m;

	core_world_up(w, CONN, w->db.agent, 1);
	says(w, task, TASK_RUNNING, 1);
	comes_back_with(w, task);
	assert_int_equal(ordered(w, &m), 0);
	comes_back_with(w, 0); /* it lost it: it begins again */
	assert_int_equal(ordered(w, &m), task);
}

static void
what_it_should_not_hold_any_more_is_stopped(void **state)
{
	struct core_world *w = *state;
	uint64_t task = world_scan(&w->db, "/srv", "");

	core_world_up(w, CONN, w->db.agent, 1);
	comes_back_with(w, 999); /* nobody knows it */
	assert_int_equal(told(w, 999), TASK_STOP);
	assert_int_equal(store_begin(w->core->store), ST_OK);
	assert_int_equal(
	    flow_end(w->core,
		     q_task_set_state(w->core->store, task, TASK_STOPPED,
				      span_str(""), w->db.now)),
	    ST_OK);
	comes_back_with(w, task); /* it is over */
	assert_int_equal(told(w, task), TASK_STOP);
}

static void
a_wish_is_kept_until_the_agent_says_that_it_obeyed(void **state)
{
	struct core_world *w = *state;
	uint64_t task = world_scan(&w->db, "/srv", "");

	core_world_up(w, CONN, w->db.agent, 1);
	says(w, task, TASK_RUNNING, 1);
	assert_int_equal(row_of(w, task).state, TASK_RUNNING);
	core_deaf(w);
	want(w, task, TASK_PAUSE);
	assert_int_equal(told(w, task), TASK_PAUSE);
	assert_int_equal(row_of(w, task).state, TASK_RUNNING);
	assert_int_equal(row_of(w, task).wanted, TASK_PAUSE);
	comes_back_with(w, task); /* it did not hear it: it is told again */
	assert_int_equal(told(w, task), TASK_PAUSE);
	says(w, task, TASK_PAUSED, 2);
	assert_int_equal(row_of(w, task).state, TASK_PAUSED);
	assert_int_equal(row_of(w, task).wanted, 0);
	want(w, task, TASK_RESUME);
	says(w, task, TASK_RUNNING, 3);
	assert_int_equal(row_of(w, task).state, TASK_RUNNING);
	assert_int_equal(row_of(w, task).wanted, 0);
}

static void
a_task_that_was_paused_before_it_began_waits(void **state)
{
	struct core_world *w = *state;
	uint64_t task = world_scan(&w->db, "/srv", "");
	struct task_order m;

	want(w, task, TASK_PAUSE); /* nobody is there */
	assert_int_equal(row_of(w, task).state, TASK_PAUSED);
	core_world_up(w, CONN, w->db.agent, 1);
	assert_int_equal(ordered(w, &m), 0);
	want(w, task, TASK_RESUME);
	core_deaf(w);
	tasks_order(w->core, w->db.agent);
	assert_int_equal(ordered(w, &m), task);
}

static void
progress_is_in_memory_first_and_then_in_the_database(void **state)
{
	struct core_world *w = *state;
	uint64_t task = world_scan(&w->db, "/srv", "");
	struct task_row t;

	core_world_up(w, CONN, w->db.agent, 1);
	says(w, task, TASK_RUNNING, 400);
	t = row_of(w, task);
	assert_int_equal(t.done_bytes, 0);
	tasks_overlay(w->core, &t);
	assert_int_equal(t.done_bytes, 400);
	assert_int_equal(t.rate, 50);
	assert_true(str_is(t.current, "/srv/now"));
	tasks_progress_timer(w->core);
	assert_int_equal(row_of(w, task).done_bytes, 400);
	/* While the disk is in trouble it stays in memory. */
	says(w, task, TASK_RUNNING, 500);
	w->core->trouble = STORE_FAILING;
	tasks_progress_timer(w->core);
	assert_int_equal(row_of(w, task).done_bytes, 400);
	w->core->trouble = STORE_WELL;
	tasks_progress_timer(w->core);
	assert_int_equal(row_of(w, task).done_bytes, 500);
}

static void
progress_of_a_task_of_somebody_else_is_not_believed(void **state)
{
	struct core_world *w = *state;
	uint64_t mine = world_scan(&w->db, "/srv", ""), target, other, theirs;

	other = world_agent(&w->db, "hr-db-01", "HR", &target);
	theirs = world_task(&w->db, 1, other, target);
	core_world_up(w, CONN, w->db.agent, 1);
	says(w, theirs, TASK_RUNNING, 400);
	assert_int_equal(row_of(w, theirs).state, TASK_QUEUED);
	assert_null(table_find_u64(w->core->moving, theirs));
	says(w, 999, TASK_RUNNING, 400);
	says(w, mine, TASK_DONE, 400); /* only its last batch ends a task */
	assert_int_equal(row_of(w, mine).state, TASK_QUEUED);
	tasks_progress(w->core, span_str("\xff\xff"));
}

static void
the_last_batch_ends_a_task_after_its_sweep(void **state)
{
	struct core_world *w = *state;
	uint64_t first = world_scan(&w->db, "/srv", ""), second;
	struct batch b;

	assert_int_equal(
	    world_give(&w->db,
		       LINES("/srv/a card_visa 1", "/srv/b card_visa 1"), first,
		       SCAN_DONE),
	    ST_OK);
	world_sweep(&w->db, first);
	second = world_scan(&w->db, "/srv", "");
	core_world_up(w, CONN, w->db.agent, 1);
	says(w, second, TASK_RUNNING, 9);
	assert_int_equal(table_put(w->core->defaults, span_str("card_visa"), w),
			 ST_OK);
	world_batch(LINES("/srv/b card_visa 1"), second, &b);
	b.outcome = SCAN_DONE;
	core_world_batch(w, CONN, w->db.agent, w->db.seq + 1, &b);
	batch_fini(&b);
	assert_int_equal(flow_flush(w->core), ST_OK);
	assert_int_equal(row_of(w, second).state, TASK_RUNNING);
	assert_true(w->core->sweep_wanted);
	/* Over already for its agent: it is not ordered again. */
	comes_back_with(w, 0);
	assert_false(core_heard(w, w->gate, PEER_ORDER));
	sweep_all(w);
	assert_int_equal(row_of(w, second).state, TASK_DONE);
	assert_null(table_find_u64(w->core->moving, second));
	assert_int_equal(world_findings(&w->db, "state", "gone"), 1);
	assert_int_equal(world_findings(&w->db, "state", "open"), 1);
	assert_true(world_is_sound(&w->db));
}

#define T(f)                                                                   \
	cmocka_unit_test_setup_teardown(f, core_world_setup,                   \
					core_world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(an_agent_that_comes_is_ordered_what_waits_for_it),
	    T(what_it_holds_is_not_ordered_again),
	    T(what_it_should_not_hold_any_more_is_stopped),
	    T(a_wish_is_kept_until_the_agent_says_that_it_obeyed),
	    T(a_task_that_was_paused_before_it_began_waits),
	    T(progress_is_in_memory_first_and_then_in_the_database),
	    T(progress_of_a_task_of_somebody_else_is_not_believed),
	    T(the_last_batch_ends_a_task_after_its_sweep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
