#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "fake/proxy_world.h"
#include "master/core/handover.h"
#include "master/core/tasks.h"

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define URL        "sftp://svc@files.example/srv"
#define PX1        201
#define PX2        202
#define LIMIT      (UINT64_C(1000) * CORE_WORLD_AWAY_MS) /* us */
#define SECOND     UINT64_C(1000000)
#define HUNG       (UINT64_C(1000) * CORE_WORLD_HUNG_MS) /* us */

/* ---- two proxies of a group, the first of them at work ----------------------
 */

struct two {
	struct core_world *w;
	uint64_t px1, px2, scan, task;
};

static void
passes(struct two *t, uint64_t us)
{
	clock_fake_pass(&t->w->clock, us);
	handover_timer(t->w->core);
}

static void
runs(struct two *t, uint64_t conn, uint64_t agent, uint64_t task)
{
	const struct task_progress p = {.task = task, .state = TASK_RUNNING};

	core_world_progress(t->w, conn, agent, &p);
	assert_int_equal(px_seen(t->w, task).row.state, TASK_RUNNING);
}

static void
leaves(struct two *t, uint64_t conn, uint64_t agent)
{
	core_world_down(t->w, conn, agent);
	handover_timer(t->w->core);
}

/* px1 has begun; px2 came later. */
static struct two
two(struct core_world *w, const char *kinds, const char *keeps)
{
	struct two t = {.w = w,
			.px1 = core_world_proxy(w, "px1"),
			.px2 = core_world_proxy(w, "px2"),
			.task = 1};
	char args[256];
	int64_t dmz, target;

	snprintf(args, sizeof(args),
		 "{\"name\": \"dmz\", \"members\": [%d, %d]}", (int)t.px1,
		 (int)t.px2);
	dmz = core_world_ask(w, 201, "proxies.create", args);
	snprintf(args, sizeof(args),
		 "{\"url\": \"%s\", \"credential\": \"files\","
		 " \"reader\": \"group:%d\"}",
		 URL, (int)dmz);
	target = core_world_ask(w, 201, "remote.create", args);
	core_world_proxy_up(w, PX1, t.px1, "sftp", "files");
	snprintf(args, sizeof(args),
		 "{\"targets\": [%d], \"types\": [\"card_*\"]}", (int)target);
	t.scan = (uint64_t)core_world_ask(w, 201, "scan.create", args);
	runs(&t, PX1, t.px1, t.task);
	core_world_proxy_up(w, PX2, t.px2, kinds, keeps);
	core_deaf(w);
	return t;
}

static void
holds(struct two *t, uint64_t task, uint64_t agent, uint8_t state,
      const char *why)
{
	struct px_seen s = px_seen(t->w, task);

	assert_int_equal(s.row.agent, agent);
	assert_int_equal(s.row.state, state);
	assert_string_equal(s.message, why);
}

/* ---- the tests --------------------------------------------------------------
 */

static void
one_that_is_back_in_time_keeps_its_task(void **state)
{
	struct two t = two(*state, "sftp", "files");
	struct task_order m = {0};
	uint64_t conn;

	leaves(&t, PX1, t.px1);
	passes(&t, LIMIT - SECOND);
	holds(&t, t.task, t.px1, TASK_RUNNING, "");
	core_world_proxy_back(t.w, PX1, t.px1, "sftp", "files", t.task);
	/* The time begins again. */
	leaves(&t, PX1, t.px1);
	passes(&t, LIMIT - SECOND);
	holds(&t, t.task, t.px1, TASK_RUNNING, "");
	assert_int_equal(px_ordered(t.w, &conn, &m), 0);
	passes(&t, SECOND);
	assert_int_equal(px_ordered(t.w, &conn, &m), t.task + 1);
	assert_int_equal(conn, PX2);
}

static void
what_the_first_found_is_there_once_and_what_it_says_late_is_left_out(
    void **state)
{
	struct two t = two(*state, "sftp", "files");
	const uint64_t next = t.task + 1;
	struct task_control told = {0};
	struct span body;
	uint64_t conn = 0;

	/* c.txt is removed before the second one comes by. */
	px_gives(t.w, FROM(PX1, t.px1, 1),
		 LINES(URL "/a card_visa 1", URL "/a card_visa 9",
		       URL "/c card_visa 1"),
		 t.task, 0, "");
	leaves(&t, PX1, t.px1);
	passes(&t, LIMIT);
	holds(&t, next, t.px2, TASK_QUEUED, "");
	core_deaf(t.w);
	core_world_proxy_back(t.w, PX1, t.px1, "sftp", "files", t.task);
	assert_true(core_said(t.w, PEER_CONTROL, &conn, &body));
	assert_int_equal(conn, PX1);
	assert_int_equal(task_control_unpack(body, &told), ST_OK);
	assert_int_equal(told.action, TASK_STOP);
	assert_int_equal(told.task, t.task);
	px_gives(t.w, FROM(PX1, t.px1, 2), LINES(URL "/d card_visa 1"), t.task,
		 SCAN_STOPPED, "");
	runs(&t, PX2, t.px2, next);
	px_gives(t.w, FROM(PX2, t.px2, 1),
		 LINES(URL "/a card_visa 1", URL "/a card_visa 9",
		       URL "/b card_visa 1"),
		 next, SCAN_DONE, "");
	px_sweep_all(t.w);
	holds(&t, next, t.px2, TASK_DONE, "");
	assert_int_equal(px_state_of(t.w, t.scan), TASK_DONE);
	assert_int_equal(world_findings(&t.w->db, "state", "open"), 2);
	assert_int_equal(world_findings(&t.w->db, "state", "gone"), 1);
	assert_true(world_is_sound(&t.w->db));
}

static void
it_goes_back_and_forth_each_time_as_another_task(void **state)
{
	struct two t = two(*state, "sftp", "files");

	leaves(&t, PX1, t.px1);
	passes(&t, LIMIT);
	holds(&t, 2, t.px2, TASK_QUEUED, "");
	core_world_proxy_back(t.w, PX1, t.px1, "sftp", "files", 1);
	leaves(&t, PX2, t.px2);
	passes(&t, LIMIT);
	holds(&t, 3, t.px1, TASK_QUEUED, "");
	/* The end of its first turn comes now: it is not the end of this one.
	 */
	px_gives(t.w, FROM(PX1, t.px1, 1), LINES(NULL), 1, SCAN_STOPPED, "");
	px_sweep_all(t.w);
	holds(&t, 3, t.px1, TASK_QUEUED, "");
	px_gives(t.w, FROM(PX1, t.px1, 2), LINES(URL "/a card_visa 1"), 3,
		 SCAN_DONE, "");
	px_sweep_all(t.w);
	assert_int_equal(px_state_of(t.w, t.scan), TASK_DONE);
	assert_int_equal(world_findings(&t.w->db, "state", "open"), 1);
}

static void
while_nobody_else_can_it_waits_for_the_first_and_says_why(void **state)
{
	static const struct {
		const char *kinds, *keeps, *why;
	} cases[] = {
	    {"smb", "files",
	     "the proxy px is away; no other proxy of group dmz reads sftp://"},
	    {"sftp", "mail",
	     "the proxy px is away; no other proxy of group dmz has the "
	     "credential files"},
	};
	struct two t = two(*state, "smb", "files");
	struct task_order m = {0};
	uint64_t conn;

	leaves(&t, PX1, t.px1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		core_world_proxy_up(t.w, PX2, t.px2, cases[i].kinds,
				    cases[i].keeps);
		passes(&t, LIMIT);
		holds(&t, t.task, t.px1, TASK_QUEUED, cases[i].why);
		assert_int_equal(px_state_of(t.w, t.scan), TASK_QUEUED);
	}
	core_deaf(t.w);
	/* Its own task: it goes on, nothing is ordered anew. */
	core_world_proxy_back(t.w, PX1, t.px1, "sftp", "files", t.task);
	assert_int_equal(px_ordered(t.w, &conn, &m), 0);
	holds(&t, t.task, t.px1, TASK_QUEUED, "");
	runs(&t, PX1, t.px1, t.task);
	assert_int_equal(px_state_of(t.w, t.scan), TASK_RUNNING);
}

static void
once_another_can_it_has_the_task(void **state)
{
	struct two t = two(*state, "sftp", "");

	leaves(&t, PX1, t.px1);
	passes(&t, LIMIT);
	holds(&t, t.task, t.px1, TASK_QUEUED,
	      "the proxy px is away; no other proxy of group dmz has the "
	      "credential files");
	core_world_proxy_up(t.w, PX2, t.px2, "sftp", "files");
	holds(&t, t.task + 1, t.px2, TASK_QUEUED, "");
}

static void
when_all_are_away_the_first_one_back_does_not_have_everything(void **state)
{
	struct two t = two(*state, "sftp", "files");

	leaves(&t, PX1, t.px1);
	leaves(&t, PX2, t.px2);
	passes(&t, 3 * LIMIT);
	holds(&t, t.task, t.px1, TASK_QUEUED,
	      "the proxy px is away; no other proxy of group dmz that reads "
	      "sftp:// is there");
	core_world_proxy_up(t.w, PX2, t.px2, "sftp", "files");
	passes(&t, LIMIT - SECOND);
	assert_int_equal(px_seen(t.w, t.task).row.agent, t.px1);
	passes(&t, SECOND);
	holds(&t, t.task + 1, t.px2, TASK_QUEUED, "");
}

static void
a_task_that_is_to_pause_stays_and_one_that_is_to_stop_is_stopped(void **state)
{
	struct two t = two(*state, "sftp", "files");
	char args[32];

	snprintf(args, sizeof(args), "{\"id\": %d}", (int)t.scan);
	(void)core_world_ask(t.w, 202, "scan.pause", args);
	leaves(&t, PX1, t.px1);
	passes(&t, LIMIT);
	holds(&t, t.task, t.px1, TASK_RUNNING, "");
	(void)core_world_ask(t.w, 202, "scan.stop", args);
	holds(&t, t.task, t.px1, TASK_STOPPED, "");
	assert_int_equal(px_state_of(t.w, t.scan), TASK_STOPPED);
}

static void
a_core_that_is_new_gives_them_the_time_anew(void **state)
{
	struct two t = two(*state, "sftp", "files");
	struct core *c = t.w->core;
	struct live *a = table_take_u64(c->agents, t.px1);

	/* What a new core knows of px1: that it has the task. */
	c->there--;
	c->began = clock_mono_ms(c->clock);
	c->heard = 0;
	c->heard_from = c->began;
	free(a);
	handover_start(c);
	passes(&t, LIMIT - SECOND);
	holds(&t, t.task, t.px1, TASK_RUNNING, "");
	passes(&t, SECOND);
	holds(&t, t.task + 1, t.px2, TASK_QUEUED, "");
}

/* ---- there, and hung --------------------------------------------------------
 */

/* Time passes, then its link says how far its task is. */
static void
says(struct two *t, uint64_t us, const struct task_progress *p)
{
	clock_fake_pass(&t->w->clock, us);
	core_world_progress(t->w, PX1, t->px1, p);
	tasks_progress_timer(t->w->core);
}

static void
one_that_hangs_is_told_to_stop_and_another_has_its_task(void **state)
{
	struct two t = two(*state, "sftp", "files");
	struct task_progress p = {.task = t.task, .state = TASK_RUNNING};
	struct task_control told = {0};
	struct task_order m = {0};
	uint64_t conn = 0;
	struct span body;

	p.progress.done_bytes = 7;
	says(&t, SECOND, &p);
	says(&t, HUNG - SECOND, &p);
	holds(&t, t.task, t.px1, TASK_RUNNING, "");
	says(&t, SECOND, &p);
	holds(&t, t.task + 1, t.px2, TASK_QUEUED, "");
	assert_true(core_said(t.w, PEER_CONTROL, &conn, &body));
	assert_int_equal(conn, PX1);
	assert_int_equal(task_control_unpack(body, &told), ST_OK);
	assert_int_equal(told.action, TASK_STOP);
	assert_int_equal(told.task, t.task);
	assert_int_equal(px_ordered(t.w, &conn, &m), t.task + 1);
	assert_int_equal(conn, PX2);
	/* What it says late is nobody's. */
	says(&t, SECOND, &p);
	holds(&t, t.task + 1, t.px2, TASK_QUEUED, "");
}

static void
one_that_is_slow_rests_or_is_paused_keeps_its_task(void **state)
{
	struct two t = two(*state, "sftp", "files");
	struct task_progress p = {.task = t.task, .state = TASK_RUNNING};

	for (unsigned i = 0; i < 4; i++) {
		p.progress.signs++;
		says(&t, HUNG - SECOND, &p);
	}
	p.progress.unread++; /* a target that was given up */
	says(&t, HUNG - SECOND, &p);
	p.state = TASK_PAUSED;
	says(&t, HUNG - SECOND, &p);
	says(&t, 2 * HUNG, &p);
	holds(&t, t.task, t.px1, TASK_PAUSED, "");
	p.state = TASK_RUNNING;
	says(&t, HUNG, &p);
	holds(&t, t.task, t.px1, TASK_RUNNING, "");
}

static void
when_nobody_else_can_the_scan_says_so_until_it_gets_on(void **state)
{
	struct two t = two(*state, "smb", "files");
	struct task_progress p = {.task = t.task, .state = TASK_RUNNING};
	static const char why[] =
	    "the proxy px does not get on; no other proxy "
	    "of group dmz reads sftp://";

	says(&t, SECOND, &p);
	says(&t, HUNG, &p);
	holds(&t, t.task, t.px1, TASK_QUEUED, why);
	says(&t, SECOND, &p);
	holds(&t, t.task, t.px1, TASK_QUEUED, why);
	p.progress.signs++;
	says(&t, SECOND, &p);
	holds(&t, t.task, t.px1, TASK_RUNNING, "");
	says(&t, HUNG, &p);
	holds(&t, t.task, t.px1, TASK_QUEUED, why);
	core_world_proxy_up(t.w, PX2, t.px2, "sftp", "files");
	holds(&t, t.task + 1, t.px2, TASK_QUEUED, "");
}

static void
how_long_nothing_moved_is_kept(void **state)
{
	struct two t = two(*state, "sftp", "files");
	struct task_progress p = {.task = t.task, .state = TASK_RUNNING};
	int64_t before;

	p.progress.done_objects = 1;
	says(&t, SECOND, &p);
	before = px_seen(t.w, t.task).row.moved;
	p.progress.signs++;
	says(&t, SECOND, &p);
	assert_int_equal(px_seen(t.w, t.task).row.moved, before);
	p.progress.done_objects++;
	says(&t, SECOND, &p);
	assert_int_equal(px_seen(t.w, t.task).row.moved, before + 2000);
}

/* ---- not reached from there -------------------------------------------------
 */

#define REFUSES "files.example, port 22, refuses connections"
#define UNKNOWN "no address of files.example is known"

static void
what_one_cannot_reach_another_tries(void **state)
{
	struct two t = two(*state, "sftp", "files");
	struct task_order m = {0};
	uint64_t conn;

	px_gives(t.w, FROM(PX1, t.px1, 1), LINES(NULL), t.task, SCAN_UNREACHED,
		 REFUSES);
	px_sweep_all(t.w);
	holds(&t, t.task + 1, t.px2, TASK_QUEUED, "");
	assert_int_equal(px_ordered(t.w, &conn, &m), t.task + 1);
	assert_int_equal(conn, PX2);
	px_gives(t.w, FROM(PX2, t.px2, 1), LINES(URL "/a card_visa 1"),
		 t.task + 1, SCAN_DONE, "");
	px_sweep_all(t.w);
	holds(&t, t.task + 1, t.px2, TASK_DONE,
	      "px: " REFUSES "; px: it was read from there");
	assert_int_equal(px_state_of(t.w, t.scan), TASK_DONE);
}

static void
when_none_can_reach_it_the_task_fails_with_what_each_said(void **state)
{
	struct two t = two(*state, "sftp", "files");

	px_gives(t.w, FROM(PX1, t.px1, 1), LINES(NULL), t.task, SCAN_UNREACHED,
		 REFUSES);
	px_sweep_all(t.w);
	px_gives(t.w, FROM(PX2, t.px2, 1), LINES(NULL), t.task + 1,
		 SCAN_UNREACHED, UNKNOWN);
	px_sweep_all(t.w);
	holds(&t, t.task + 1, t.px2, TASK_FAILED,
	      "px: " REFUSES "; px: " UNKNOWN);
	assert_int_equal(px_state_of(t.w, t.scan), TASK_FAILED);
}

static void
three_proxies_try_it_at_most(void **state)
{
	struct two t = two(*state, "sftp", "files");
	const uint64_t px3 = core_world_proxy(t.w, "px3");
	const uint64_t px4 = core_world_proxy(t.w, "px4");
	const uint64_t ids[] = {t.px1, t.px2, px3};
	char args[128];

	snprintf(args, sizeof(args),
		 "{\"id\": \"1\", \"members\": [%d, %d, %d, %d]}", (int)t.px1,
		 (int)t.px2, (int)px3, (int)px4);
	(void)core_world_ask(t.w, 200, "proxies.change", args);
	core_world_proxy_up(t.w, 203, px3, "sftp", "files");
	core_world_proxy_up(t.w, 204, px4, "sftp", "files");
	for (uint64_t i = 0; i < 3; i++) {
		assert_int_equal(px_seen(t.w, t.task + i).row.agent, ids[i]);
		px_gives(t.w, FROM(PX1 + i, ids[i], 1), LINES(NULL), t.task + i,
			 SCAN_UNREACHED, REFUSES);
		px_sweep_all(t.w);
	}
	assert_int_equal(px_seen(t.w, t.task + 2).row.state, TASK_FAILED);
}

static void
what_fails_otherwise_nobody_else_tries(void **state)
{
	struct two t = two(*state, "sftp", "files");

	px_gives(t.w, FROM(PX1, t.px1, 1), LINES(NULL), t.task, SCAN_FAILED,
		 "the password is refused");
	px_sweep_all(t.w);
	holds(&t, t.task, t.px1, TASK_FAILED, "the password is refused");
}

static void
one_that_is_to_stop_nobody_tries_and_one_to_pause_waits(void **state)
{
	struct two t = two(*state, "sftp", "files");
	char args[32];

	snprintf(args, sizeof(args), "{\"id\": %d}", (int)t.scan);
	(void)core_world_ask(t.w, 202, "scan.pause", args);
	px_gives(t.w, FROM(PX1, t.px1, 1), LINES(NULL), t.task, SCAN_UNREACHED,
		 REFUSES);
	px_sweep_all(t.w);
	holds(&t, t.task + 1, 0, TASK_PAUSED, "");
	(void)core_world_ask(t.w, 202, "scan.resume", args);
	holds(&t, t.task + 1, t.px2, TASK_QUEUED, "");
	runs(&t, PX2, t.px2, t.task + 1);
	(void)core_world_ask(t.w, 202, "scan.stop", args);
	px_gives(t.w, FROM(PX2, t.px2, 1), LINES(NULL), t.task + 1,
		 SCAN_UNREACHED, UNKNOWN);
	px_sweep_all(t.w);
	assert_int_equal(px_seen(t.w, t.task + 1).row.state, TASK_FAILED);
}

static void
one_that_hung_does_not_have_it_again(void **state)
{
	struct two t = two(*state, "sftp", "files");
	struct task_progress p = {.task = t.task, .state = TASK_RUNNING};

	says(&t, SECOND, &p);
	says(&t, HUNG, &p);
	holds(&t, t.task + 1, t.px2, TASK_QUEUED, "");
	p.task = t.task + 1;
	runs(&t, PX2, t.px2, p.task);
	clock_fake_pass(&t.w->clock, HUNG);
	core_world_progress(t.w, PX2, t.px2, &p);
	tasks_progress_timer(t.w->core);
	holds(&t, t.task + 1, t.px2, TASK_QUEUED,
	      "the proxy px does not get on; no other proxy of group dmz is "
	      "left that has not tried it");
}

int
main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, core_world_setup,                \
					core_world_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(one_that_is_back_in_time_keeps_its_task),
	    TEST(
		what_the_first_found_is_there_once_and_what_it_says_late_is_left_out),
	    TEST(it_goes_back_and_forth_each_time_as_another_task),
	    TEST(while_nobody_else_can_it_waits_for_the_first_and_says_why),
	    TEST(once_another_can_it_has_the_task),
	    TEST(when_all_are_away_the_first_one_back_does_not_have_everything),
	    TEST(
		a_task_that_is_to_pause_stays_and_one_that_is_to_stop_is_stopped),
	    TEST(a_core_that_is_new_gives_them_the_time_anew),
	    TEST(one_that_hangs_is_told_to_stop_and_another_has_its_task),
	    TEST(one_that_is_slow_rests_or_is_paused_keeps_its_task),
	    TEST(when_nobody_else_can_the_scan_says_so_until_it_gets_on),
	    TEST(how_long_nothing_moved_is_kept),
	    TEST(what_one_cannot_reach_another_tries),
	    TEST(when_none_can_reach_it_the_task_fails_with_what_each_said),
	    TEST(three_proxies_try_it_at_most),
	    TEST(what_fails_otherwise_nobody_else_tries),
	    TEST(one_that_is_to_stop_nobody_tries_and_one_to_pause_waits),
	    TEST(one_that_hung_does_not_have_it_again),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
