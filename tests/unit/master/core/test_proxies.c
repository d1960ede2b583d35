#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "fake/proxy_world.h"
#include "master/store/q_agents.h"
#include "master/store/q_coverage.h"
#include "master/store/q_scans.h"
#include "master/store/q_targets.h"
#include "source/pairs.h"

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define URL        "sftp://svc@files.example/srv"

/* ---- what is asked of core, what it answers and orders ----------------------
 */

#define WANT(w, http, op, ...)                                                 \
	core_world_ask(w, http, op,                                            \
		       (snprintf(args, sizeof(args), __VA_ARGS__), args))

static void
waits(struct core_world *w, uint64_t task, const char *why)
{
	struct px_seen s = px_seen(w, task);

	assert_int_equal(s.row.agent, 0);
	assert_int_equal(s.row.state, TASK_QUEUED);
	assert_string_equal(s.message, why);
}

/* ---- the tests --------------------------------------------------------------
 */

#define PX1 201
#define PX2 202

static uint64_t
remote(struct core_world *w, const char *url, const char *more)
{
	char args[512] = "";

	return (uint64_t)WANT(w, 201, "remote.create", "{\"url\": \"%s\"%s}",
			      url, more);
}

/* A scan of one target: its task. */
static uint64_t
scan_of(struct core_world *w, uint64_t target, uint64_t *scan)
{
	uint64_t task = 0;
	char args[128] = "";
	struct px_seen s;

	*scan = (uint64_t)WANT(w, 201, "scan.create",
			       "{\"targets\": [%d], \"types\": [\"card_*\"]}",
			       (int)target);
	/* Tasks of one world are numbered from 1. */
	do
		s = px_seen(w, ++task);
	while (s.row.scan != *scan);
	return task;
}

static void
a_task_waits_until_a_proxy_is_there_that_may_and_can(void **state)
{
	struct core_world *w = *state;
	uint64_t px1 = core_world_proxy(w, "px1"),
		 px2 = core_world_proxy(w, "px2"), conn = 0, scan;
	uint64_t target, task;
	struct task_order m = {0};
	char args[256] = "";
	int64_t dmz = WANT(w, 201, "proxies.create",
			   "{\"name\": \"dmz\", \"members\": [%d]}", (int)px1);

	snprintf(args, sizeof(args),
		 ", \"credential\": \"files\", \"reader\": \"group:%d\","
		 " \"options\": {\"exclude\": \"*.iso\"}",
		 (int)dmz);
	target = remote(w, URL, args);
	task = scan_of(w, target, &scan);
	waits(w, task, "no proxy of group dmz is verified");
	core_world_proxy_up(w, PX2, px2, "sftp smb",
			    "files"); /* not of the group */
	waits(w, task, "no proxy of group dmz is verified");
	core_world_proxy_up(w, PX1, px1, "smb", "");
	waits(w, task, "no proxy of group dmz reads sftp://");
	core_world_proxy_up(w, PX1, px1, "smb sftp", "mail");
	waits(w, task, "no proxy of group dmz has the credential files");
	core_deaf(w);
	core_world_proxy_up(w, PX1, px1, "smb sftp", "mail files");
	assert_int_equal(px_ordered(w, &conn, &m), task);
	assert_int_equal(conn, PX1);
	assert_int_equal(m.target, target);
	assert_int_equal(m.order.path_count, 1);
	assert_true(str_is(m.order.paths[0], URL));
	assert_true(str_is(m.order.credential, "files"));
	assert_true(pairs_check(m.order.options));
	assert_true(str_is(
	    pairs_find((struct pairs){m.order.options}, "exclude"), "*.iso"));
	assert_int_equal(px_seen(w, task).row.agent, px1);
	assert_string_equal(px_seen(w, task).message, "");
}

static void
of_one_server_a_few_targets_are_read_at_a_time(void **state)
{
	static const char why[] =
	    "f.example:22 has enough to do: of one server 2 targets are read "
	    "at a time (server-targets)";
	static const char *const urls[] = {
	    "sftp://svc@f.example/a", "sftp://svc@F.example:22/b",
	    "ssh://svc@f.example/c", "sftp://svc@f.example:2222/d"};
	struct core_world *w = *state;
	uint64_t px1 = core_world_proxy(w, "px1"),
		 px2 = core_world_proxy(w, "px2"), target[4];
	char args[128] = "";

	w->core->config.server_targets = 2;
	core_world_proxy_up(w, PX1, px1, "sftp ssh", "");
	core_world_proxy_up(w, PX2, px2, "sftp ssh", "");
	for (size_t i = 0; i < 4; i++)
		target[i] = remote(w, urls[i], "");
	(void)WANT(w, 201, "scan.create",
		   "{\"targets\": [%d, %d, %d, %d], \"types\": [\"card_*\"]}",
		   (int)target[0], (int)target[1], (int)target[2],
		   (int)target[3]);
	assert_int_equal(px_seen(w, 1).row.agent, px1);
	assert_int_equal(px_seen(w, 2).row.agent, px2);
	waits(w, 3, why);
	assert_int_not_equal(px_seen(w, 4).row.agent, 0);
	px_gives(w, FROM(PX1, px1, 1), LINES(NULL), 1, SCAN_DONE, "");
	px_sweep_all(w);
	assert_int_not_equal(px_seen(w, 3).row.agent, 0);
	assert_string_equal(px_seen(w, 3).message, "");
}

static void
targets_are_spread_over_those_that_can_read_them(void **state)
{
	struct core_world *w = *state;
	uint64_t px1 = core_world_proxy(w, "px1"),
		 px2 = core_world_proxy(w, "px2");
	uint64_t targets[20];
	unsigned n1 = 0, n2 = 0, waiting = 0;
	char args[512] = "{\"targets\": [", url[64];

	core_world_proxy_up(w, PX1, px1, "sftp", "");
	core_world_proxy_up(w, PX2, px2, "sftp", "");
	for (unsigned i = 0; i < 20; i++) {
		char one[24];

		snprintf(url, sizeof(url), "sftp://svc@f%u.example/", i);
		targets[i] = remote(w, url, "");
		snprintf(one, sizeof(one), "%s%d", i > 0 ? ", " : "",
			 (int)targets[i]);
		strncat(args, one, sizeof(args) - strlen(args) - 1);
	}
	strncat(args, "]}", sizeof(args) - strlen(args) - 1);
	(void)core_world_ask(w, 201, "scan.create", args);
	for (uint64_t task = 1; task <= 20; task++) {
		struct px_seen s = px_seen(w, task);

		n1 += s.row.agent == px1;
		n2 += s.row.agent == px2;
		waiting += s.row.agent == 0;
	}
	assert_int_equal(n1, 8);
	assert_int_equal(n2, 8);
	assert_int_equal(waiting, 4);
	/* Whoever is done with one takes the next. */
	px_gives(w, FROM(PX2, px2, 1), LINES(NULL), px_seen(w, 2).row.id,
		 SCAN_DONE, "");
	px_sweep_all(w);
	assert_int_equal(px_seen(w, 2).row.state, TASK_DONE);
	assert_int_equal(px_seen(w, 17).row.agent, px2);
	waits(w, 18, "no proxy has room for more yet");
}

static void
one_that_fails_makes_the_scan_partial_with_its_sentence(void **state)
{
	struct core_world *w = *state;
	uint64_t px1 = core_world_proxy(w, "px1"), a, b, scan;
	char args[64] = "";

	core_world_proxy_up(w, PX1, px1, "sftp", "");
	a = remote(w, "sftp://svc@a.example/", "");
	b = remote(w, "sftp://svc@b.example/", "");
	scan = (uint64_t)WANT(w, 201, "scan.create", "{\"targets\": [%d, %d]}",
			      (int)a, (int)b);
	px_gives(w, FROM(PX1, px1, 1),
		 LINES("sftp://svc@a.example/x card_visa 1"), 1, SCAN_DONE, "");
	px_gives(w, FROM(PX1, px1, 2), LINES(NULL), 2, SCAN_FAILED,
		 "nobody has approved the host key");
	px_sweep_all(w);
	assert_int_equal(px_seen(w, 1).row.state, TASK_DONE);
	assert_int_equal(px_seen(w, 2).row.state, TASK_FAILED);
	assert_string_equal(px_seen(w, 2).message,
			    "nobody has approved the host key");
	assert_int_equal(px_state_of(w, scan), TASK_PARTIAL);
}

static void
a_proxy_that_is_gone_for_good_frees_its_task_and_nothing_is_counted_twice(
    void **state)
{
	struct core_world *w = *state;
	uint64_t px1 = core_world_proxy(w, "px1"),
		 px2 = core_world_proxy(w, "px2"), conn = 0, scan;
	uint64_t target = remote(w, URL, ""), task, fresh;
	const char *const *lines =
	    LINES(URL "/a card_visa 1", URL "/a card_visa 9",
		  URL "/b none denied", NULL);
	struct coverage_sum sum = {0};
	struct task_order m = {0};
	char args[64] = "";

	core_world_proxy_up(w, PX1, px1, "sftp", "");
	task = scan_of(w, target, &scan);
	assert_int_equal(px_seen(w, task).row.agent, px1);
	px_gives(w, FROM(PX1, px1, 1), lines, task, 0, "");
	assert_int_equal(world_findings(&w->db, NULL, NULL), 1);
	/* One that is only away keeps it. */
	core_deaf(w);
	core_world_proxy_up(w, PX2, px2, "sftp", "");
	assert_int_equal(px_ordered(w, &conn, &m), 0);
	(void)WANT(w, 200, "agent.block", "{\"id\": %d}", (int)px1);
	fresh = px_ordered(w, &conn, &m);
	assert_true(fresh > task);
	assert_int_equal(conn, PX2);
	assert_int_equal(px_seen(w, fresh).row.objects, 0);
	/* What the old one still sends is left out. */
	core_world_proxy_up(w, PX1, px1, "sftp", "");
	px_gives(w, FROM(PX1, px1, 2), LINES(URL "/c card_visa 1"), task,
		 SCAN_DONE, "");
	assert_int_equal(world_findings(&w->db, NULL, NULL), 1);
	px_gives(w, FROM(PX2, px2, 1), lines, fresh, SCAN_DONE, "");
	px_sweep_all(w);
	assert_int_equal(px_seen(w, fresh).row.state, TASK_DONE);
	assert_string_equal(px_seen(w, fresh).agent, "px");
	assert_int_equal(world_findings(&w->db, NULL, NULL), 1);
	assert_int_equal(px_state_of(w, scan), TASK_DONE);
	assert_int_equal(
	    q_coverage_sum(w->db.store,
			   &(struct coverage_ask){.scan = scan, .reason = -1},
			   &sum),
	    ST_OK);
	assert_int_equal(sum.unread, 1);
	assert_true(world_is_sound(&w->db));
}

static void
a_proxy_that_is_removed_frees_its_task_too(void **state)
{
	struct core_world *w = *state;
	uint64_t px1 = core_world_proxy(w, "px1"), scan,
		 target = remote(w, URL, ""), task;
	char args[64] = "";

	core_world_proxy_up(w, PX1, px1, "sftp", "");
	task = scan_of(w, target, &scan);
	(void)WANT(w, 200, "agent.remove", "{\"id\": %d}", (int)px1);
	waits(w, task + 1, "no proxy is verified");
	assert_int_equal(px_state_of(w, scan), TASK_QUEUED);
	(void)WANT(w, 202, "scan.stop", "{\"id\": %d}", (int)scan);
	assert_int_equal(px_seen(w, task + 1).row.state, TASK_STOPPED);
}

static void
another_reader_takes_back_what_was_not_begun(void **state)
{
	struct core_world *w = *state;
	uint64_t px1 = core_world_proxy(w, "px1"),
		 px2 = core_world_proxy(w, "px2"), conn = 0, scan;
	uint64_t target = remote(w, URL, ""), task;
	struct task_control told = {0};
	struct task_order m = {0};
	struct span body;
	char args[128] = "";

	core_world_proxy_up(w, PX1, px1, "sftp", "");
	task = scan_of(w, target, &scan);
	core_world_proxy_up(w, PX2, px2, "sftp", "");
	core_deaf(w);
	(void)WANT(w, 200, "remote.change",
		   "{\"id\": %d, \"reader\": \"proxy:%d\"}", (int)target,
		   (int)px2);
	assert_true(core_said(w, PEER_CONTROL, &conn, &body));
	assert_int_equal(conn, PX1);
	assert_int_equal(task_control_unpack(body, &told), ST_OK);
	assert_int_equal(told.action, TASK_STOP);
	assert_int_equal(told.task, task);
	assert_int_equal(px_ordered(w, &conn, &m), task + 1);
	assert_int_equal(conn, PX2);
	assert_int_equal(px_seen(w, task + 1).row.agent, px2);
}

static void
a_target_is_changed_and_removed_by_those_rules(void **state)
{
	struct core_world *w = *state;
	uint64_t px1 = core_world_proxy(w, "px1"), scan,
		 target = remote(w, URL, ""), task;
	char args[256] = "";

	(void)WANT(w, 409, "remote.create", "{\"url\": \"%s\"}", URL);
	(void)WANT(w, 422, "remote.create", "{\"url\": \"%s\"}", "x");
	(void)WANT(w, 404, "remote.change", "{\"id\": %d}", 999);
	(void)WANT(w, 404, "remote.change",
		   "{\"id\": %d, \"reader\": \"proxy:%d\"}", (int)target,
		   (int)w->db.agent); /* a node agent is none */
	(void)WANT(w, 422, "remote.change",
		   "{\"id\": %d, \"options\": {\"token\": \"x\"}}",
		   (int)target);
	core_world_proxy_up(w, PX1, px1, "sftp", "");
	task = scan_of(w, target, &scan);
	(void)WANT(w, 409, "remote.remove", "{\"id\": %d}", (int)target);
	px_gives(w, FROM(PX1, px1, 1), LINES(URL "/a card_visa 1"), task,
		 SCAN_DONE, "");
	px_sweep_all(w);
	(void)WANT(w, 200, "remote.remove", "{\"id\": %d}", (int)target);
	(void)WANT(w, 404, "scan.create", "{\"targets\": [%d]}", (int)target);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 1);
	assert_int_equal(remote(w, URL, ""), target); /* it comes back */
}

static void
what_is_not_found_again_at_a_target_is_gone(void **state)
{
	struct core_world *w = *state;
	uint64_t px1 = core_world_proxy(w, "px1"), scan,
		 target = remote(w, URL, ""), task;

	core_world_proxy_up(w, PX1, px1, "sftp", "");
	task = scan_of(w, target, &scan);
	px_gives(w, FROM(PX1, px1, 1),
		 LINES(URL "/a card_visa 1", URL "/b card_visa 1"), task,
		 SCAN_DONE, "");
	px_sweep_all(w);
	assert_int_equal(world_findings(&w->db, "state", "open"), 2);
	task = scan_of(w, target, &scan);
	px_gives(w, FROM(PX1, px1, 2), LINES(URL "/a card_visa 1"), task,
		 SCAN_DONE, "");
	px_sweep_all(w);
	assert_int_equal(world_findings(&w->db, "state", "open"), 1);
	assert_int_equal(world_findings(&w->db, "state", "gone"), 1);
	assert_true(world_is_sound(&w->db));
}

int
main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, core_world_setup,                \
					core_world_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_task_waits_until_a_proxy_is_there_that_may_and_can),
	    TEST(of_one_server_a_few_targets_are_read_at_a_time),
	    TEST(targets_are_spread_over_those_that_can_read_them),
	    TEST(one_that_fails_makes_the_scan_partial_with_its_sentence),
	    TEST(
		a_proxy_that_is_gone_for_good_frees_its_task_and_nothing_is_counted_twice),
	    TEST(a_proxy_that_is_removed_frees_its_task_too),
	    TEST(another_reader_takes_back_what_was_not_begun),
	    TEST(a_target_is_changed_and_removed_by_those_rules),
	    TEST(what_is_not_found_again_at_a_target_is_gone),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
