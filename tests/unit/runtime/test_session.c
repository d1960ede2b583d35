#include "runtime/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake/fake_agent.h"
#include "model/task.h"
#include "sys/host.h"
#include "wire/codec_job.h"
#include "wire/codec_session.h"

/* With session_hello, session_flow and session_renew: one idea. */

static const char *const paths[] = {"/data"};

static int
set_up(void **state)
{
	struct fake_agent *a = malloc(sizeof(*a));

	assert_non_null(a);
	fake_agent_open(a);
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

/* ---- what is waited for ---- */

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

/* The last progress may still be on its way when the agent is through. */
static bool
was_told_all(struct fake_agent *a)
{
	return a->master.progress.progress.done_objects == a->scanner.objects;
}

static bool
has_batches(struct fake_agent *a)
{
	return a->master.seq > 0;
}

static bool
facts_say(struct fake_agent *a, enum session_phase phase)
{
	struct session_facts f;

	session_facts(a->session, &f);
	return f.phase == phase;
}

static bool
is_blocked(struct fake_agent *a)
{
	return facts_say(a, SESSION_BLOCKED) && jobs_running(a->jobs) == 0;
}

static bool
is_removed(struct fake_agent *a)
{
	return facts_say(a, SESSION_REMOVED);
}

static bool
is_unverified(struct fake_agent *a)
{
	return facts_say(a, SESSION_UNVERIFIED);
}

static bool
is_offline(struct fake_agent *a)
{
	return facts_say(a, SESSION_OFFLINE);
}

static unsigned hellos_before;

static bool
has_come_back(struct fake_agent *a)
{
	return a->master.hellos > hellos_before && a->master.online;
}

static void
comes_back(struct fake_agent *a)
{
	hellos_before = a->master.hellos;
	assert_true(fake_agent_run(a, has_come_back));
}

static void
goes_online(struct fake_agent *a)
{
	assert_true(fake_agent_run(a, is_online));
}

static void
order(struct fake_agent *a)
{
	goes_online(a);
	assert_true(fake_master_order(&a->master, 9, paths, 1));
}

/* All is there, nothing is twice, and nothing is left behind. */
static void
ends_whole(struct fake_agent *a)
{
	assert_true(fake_agent_run(a, is_over));
	assert_int_equal(a->master.outcome, SCAN_DONE);
	assert_int_equal(fake_master_rows(&a->master),
			 fake_scanner_findings(&a->scanner));
	assert_int_equal(spool_acked(a->spool) + 1, spool_next(a->spool));
	assert_true(fake_agent_run(a, was_told_all));
}

/* ---- scans ---- */

static void
an_ordered_scan_arrives_whole(void **state)
{
	struct fake_agent *a = *state;

	fake_agent_born(a);
	order(a);
	ends_whole(a);
	assert_int_equal(a->master.again, 0);
	assert_int_equal(a->master.nacks, 0);
	assert_int_equal(spool_bytes(a->spool), 0);
}

static void
a_cut_line_loses_nothing_and_repeats_nothing(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 20000;
	fake_agent_born(a);
	order(a);
	a->master.drops = 5;
	ends_whole(a);
	assert_int_equal(a->master.drops, 0);
	assert_true(a->master.hellos > 5);
	assert_int_equal(a->master.rows, fake_scanner_findings(&a->scanner));
}

static unsigned turns;

static bool
after_some_turns(struct fake_agent *a)
{
	(void)a;
	return turns-- == 0;
}

static void
an_agent_that_dies_goes_on_where_it_was(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 30000;
	fake_agent_born(a);
	order(a);
	for (unsigned i = 0; i < 25 && a->master.ended == 0; i++) {
		turns = i % 7;
		fake_agent_run(a, after_some_turns);
		fake_agent_dies(a);
		fake_agent_born(a);
		goes_online(a);
	}
	ends_whole(a);
}

static void
an_agent_goes_on_without_its_master(void **state)
{
	struct fake_agent *a = *state;
	uint64_t seq;

	a->scanner.objects = 20000;
	fake_agent_born(a);
	order(a);
	assert_true(fake_agent_run(a, has_batches));
	a->master.deaf = true;
	fake_master_cut(&a->master);
	seq = spool_next(a->spool);
	fake_agent_dies(a);
	fake_agent_born(a);
	while (spool_next(a->spool) < seq + 3) {
		turns = 1;
		fake_agent_run(a, after_some_turns);
	}
	a->master.deaf = false;
	fake_master_cut(&a->master);
	ends_whole(a);
}

static void
an_object_with_more_findings_than_a_batch_arrives_whole(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 30;
	a->scanner.monster = 20000;
	fake_agent_born(a);
	order(a);
	ends_whole(a);
}

static void
what_is_under_way_stays_within_the_credit(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 30000;
	a->master.credit = 60000;
	fake_agent_born(a);
	order(a);
	a->master.silent = true;
	turns = 100;
	fake_agent_run(a, after_some_turns);
	assert_true(a->master.under_way_max <= a->master.credit);
	assert_true(a->master.ended == 0);
	a->master.silent = false;
	fake_master_ack(&a->master);
	ends_whole(a);
	assert_true(a->master.under_way_max <= a->master.credit);
}

static void
one_batch_goes_whatever_the_credit(void **state)
{
	struct fake_agent *a = *state;

	a->master.credit = 1;
	fake_agent_born(a);
	order(a);
	ends_whole(a);
}

static bool
all_is_in_the_spool(struct fake_agent *a)
{
	struct spool_mark m;

	return spool_mark(a->spool, 9, &m) == ST_OK && m.ended;
}

static void
a_full_disk_makes_the_scan_wait(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 20000;
	fake_agent_born(a);
	order(a);
	assert_true(fake_agent_run(a, has_batches));
	a->disk_full = true;
	turns = 50;
	fake_agent_run(a, after_some_turns);
	assert_false(all_is_in_the_spool(a));
	assert_int_equal(a->master.ended, 0);
	assert_true(a->scanner.run[0].task != 0); /* it waits, nobody died */
	a->disk_full = false;
	ends_whole(a);
	assert_int_equal(a->scanner.spawns, 1);
}

static void
a_master_that_knows_less_gets_it_again(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 20000;
	fake_agent_born(a);
	order(a);
	a->master.silent = true;
	assert_true(fake_agent_run(a, all_is_in_the_spool));
	a->master.silent = false;
	a->master.forget_from = 2;
	fake_master_cut(&a->master);
	ends_whole(a);
}

static void
numbers_that_are_gone_are_filled_with_nothing(void **state)
{
	struct fake_agent *a = *state;

	fake_agent_born(a);
	order(a);
	ends_whole(a);
	a->master.ended = 0;
	a->master.forget_from = 1; /* as from an old backup */
	fake_master_cut(&a->master);
	goes_online(a);
	assert_true(fake_master_order(&a->master, 10, paths, 1));
	assert_true(fake_agent_run(a, is_over));
	assert_true(a->master.fillers > 0);
	assert_int_equal(a->master.seq + 1, spool_next(a->spool));
}

static bool
has_skipped(struct fake_agent *a)
{
	return spool_next(a->spool) == 501;
}

static void
numbers_that_the_spool_never_gave_are_skipped(void **state)
{
	struct fake_agent *a = *state;

	fake_agent_born(a);
	goes_online(a);
	a->master.seq = 500; /* the agent's disk is older than that */
	fake_master_cut(&a->master);
	assert_true(fake_agent_run(a, has_skipped));
	order(a);
	ends_whole(a);
	assert_int_equal(a->master.nacks, 0);
}

static bool
has_repeated(struct fake_agent *a)
{
	return a->master.again > 0;
}

static void
an_earlier_number_that_is_expected_is_sent_again(void **state)
{
	const struct stream_nack nack = {STREAM_FINDINGS, 1};
	struct fake_agent *a = *state;
	struct buf body;

	a->scanner.objects = 20000;
	fake_agent_born(a);
	order(a);
	a->master.silent = true;
	assert_true(fake_agent_run(a, all_is_in_the_spool));
	assert_true(fake_agent_run(a, has_batches));
	assert_int_equal(a->master.again, 0);
	buf_init(&body, 64);
	assert_int_equal(nack_encode(&nack, &body), ST_OK);
	fake_master_say(&a->master, KIND_NACK, buf_span(&body));
	buf_fini(&body);
	assert_true(fake_agent_run(a, has_repeated));
	a->master.silent = false;
	fake_master_cut(&a->master);
	ends_whole(a);
}

/* ---- a master that makes no sense ---- */

static bool
has_said_hello_again(struct fake_agent *a)
{
	return a->master.hellos > hellos_before;
}

static void
words_that_make_no_sense_end_the_line_and_nothing_else(void **state)
{
	/* protobuf by hand: field 1 and field 2 as numbers */
	static const struct {
		enum wire_kind kind;
		const char *what;
		struct span body;
	} cases[] = {
	    {KIND_ACK,
	     "a batch never sent",
	     {(const uint8_t *)"\10\1\20\77", 4}},
	    {KIND_ACK, "no protobuf", {(const uint8_t *)"\10", 1}},
	    {KIND_NACK, "number 0", {(const uint8_t *)"\10\1\20\0", 4}},
	    {KIND_NACK, "never given", {(const uint8_t *)"\10\1\20\77", 4}},
	    {KIND_TASK_ORDER, "no protobuf", {(const uint8_t *)"\10", 1}},
	    {KIND_TASK_CONTROL, "no action", {(const uint8_t *)"\10\11", 2}},
	    {KIND_HEARTBEAT, "no protobuf", {(const uint8_t *)"\10", 1}},
	    {KIND_RENEW_REPLY, "no protobuf", {(const uint8_t *)"\10", 1}},
	    {KIND_HELLO_REPLY, "no protobuf", {(const uint8_t *)"\10", 1}},
	};
	struct fake_agent *a = *state;

	fake_agent_born(a);
	goes_online(a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		hellos_before = a->master.hellos;
		fake_master_say(&a->master, cases[i].kind, cases[i].body);
		if (!fake_agent_run(a, has_come_back))
			fail_msg("kind %u, %s", cases[i].kind, cases[i].what);
	}
	order(a);
	ends_whole(a);
}

static void
nothing_is_taken_before_the_answer_to_hello(void **state)
{
	struct task_order o = {.task = 9, .scan = 1, .target = 3};
	struct fake_agent *a = *state;
	struct task_held held;
	struct buf body;

	a->master.deaf = true;
	hellos_before = 0;
	fake_agent_born(a);
	assert_true(fake_agent_run(a, has_said_hello_again));
	o.order.paths[0] = span_str("/data");
	o.order.path_count = 1;
	buf_init(&body, 4096);
	assert_int_equal(task_order_encode(&o, &body), ST_OK);
	hellos_before = a->master.hellos;
	fake_master_say(&a->master, KIND_TASK_ORDER, buf_span(&body));
	buf_fini(&body);
	assert_true(fake_agent_run(a, has_said_hello_again));
	assert_int_equal(jobs_list(a->jobs, &held, 1), 0);
}

/* ---- who may work ---- */

static void
a_blocked_agent_stops_and_goes_on_when_it_may(void **state)
{
	struct fake_agent *a = *state;

	a->scanner.objects = 50000;
	fake_agent_born(a);
	order(a);
	assert_true(fake_agent_run(a, has_batches));
	a->master.bye = BYE_BLOCKED;
	fake_master_bye(&a->master, BYE_BLOCKED);
	assert_true(fake_agent_run(a, is_blocked));
	a->master.bye = 0;
	ends_whole(a);
}

static void
a_removed_agent_stops(void **state)
{
	struct fake_agent *a = *state;

	fake_agent_born(a);
	goes_online(a);
	a->master.bye = BYE_REMOVED;
	fake_master_bye(&a->master, BYE_REMOVED);
	assert_true(fake_agent_run(a, is_removed));
}

static void
an_unverified_agent_waits(void **state)
{
	struct fake_agent *a = *state;

	a->master.unverified = true;
	fake_agent_born(a);
	assert_true(fake_agent_run(a, is_unverified));
	assert_int_equal(a->scanner.spawns, 0);
}

static void
a_master_that_asks_for_time_gets_it(void **state)
{
	struct fake_agent *a = *state;
	struct session_facts f;

	a->master.bye = BYE_BUSY;
	a->master.retry_after = 30;
	fake_agent_born(a);
	assert_true(fake_agent_run(a, is_offline));
	session_facts(a->session, &f);
	assert_in_range(f.next_try_ms, 30000, 30040);
	assert_non_null(strstr(f.trouble, "too busy"));
}

/* ---- time ---- */

static bool
beat_twice(struct fake_agent *a)
{
	return a->master.beats >= 2;
}

static void
it_says_that_it_lives(void **state)
{
	struct fake_agent *a = *state;

	a->master.heartbeat = 1;
	fake_agent_born(a);
	assert_true(fake_agent_run(a, beat_twice));
	assert_int_equal(a->master.hellos, 1);
}

static bool
greeted_twice(struct fake_agent *a)
{
	return a->master.hellos >= 2;
}

static void
what_it_can_read_is_told_anew_when_it_changes(void **state)
{
	struct fake_agent *a = *state;

	a->master.heartbeat = 1;
	a->kind = "sftp";
	fake_agent_born(a);
	assert_true(fake_agent_run(a, beat_twice));
	assert_int_equal(a->master.hellos, 1);
	a->kind = "smb";
	assert_true(fake_agent_run(a, greeted_twice));
	assert_string_equal(a->master.kind, "smb");
	assert_true(fake_agent_run(a, beat_twice));
	assert_int_equal(a->master.hellos, 2);
}

static bool
beat_once(struct fake_agent *a)
{
	return a->master.beats > 0;
}

/* Long before the first interval is over. */
static void
its_first_word_after_the_welcome_is_how_the_host_does(void **state)
{
	struct fake_agent *a = *state;
	const struct heartbeat *b = &a->master.beat;
	uint32_t before = host_load_permille();

	a->master.heartbeat = 3600;
	fake_agent_born(a);
	assert_true(fake_agent_run(a, beat_once));
	/* the kernel counts anew every five seconds */
	assert_true(b->load_permille == before ||
		    b->load_permille == host_load_permille());
	assert_true(b->free_disk > 0);
	assert_int_equal(b->running_tasks, 0);
}

static void
a_clock_that_differs_is_told(void **state)
{
	struct fake_agent *a = *state;
	struct session_facts f;

	a->master.clock_ahead_us = INT64_C(3600) * 1000000;
	fake_agent_born(a);
	goes_online(a);
	order(a);
	assert_true(fake_agent_run(a, has_batches));
	session_facts(a->session, &f);
	assert_in_range(f.skew_us, INT64_C(3590) * 1000000,
			INT64_C(3610) * 1000000);
}

static bool
is_renewed(struct fake_agent *a)
{
	return a->master.renewals > 0 &&
	       a->state->cert.not_after - a->state->cert.not_before > 1000;
}

static void
an_old_certificate_is_renewed_with_a_new_key(void **state)
{
	struct fake_agent *a = *state;
	struct cert_facts before;

	a->master.cert_seconds = 25; /* of 85, 60 are over */
	fake_agent_born(a);
	before = a->state->cert;
	a->master.cert_seconds = 30 * 86400;
	assert_true(fake_agent_run(a, is_renewed));
	assert_memory_not_equal(before.key, a->state->cert.key,
				sizeof(before.key));
	fake_agent_dies(a);
	fake_agent_born(a); /* and it is what it starts with */
	assert_true(a->state->enrolled);
	assert_memory_not_equal(before.key, a->state->cert.key,
				sizeof(before.key));
	goes_online(a);
}

static bool
has_welcome(struct fake_agent *a)
{
	return facts_say(a, SESSION_ONLINE);
}

/* Its first line, then one with a pass; a new process has none. */
static void
an_agent_comes_back_without_showing_its_certificate(void **state)
{
	struct fake_agent *a = *state;

	fake_agent_born(a);
	assert_true(fake_agent_run(a, has_welcome));
	assert_false(a->master.with_pass);
	for (int i = 0; i < 3; i++) {
		hellos_before = a->master.hellos;
		fake_master_cut(&a->master);
		assert_true(fake_agent_run(a, has_come_back));
		assert_true(a->master.with_pass);
	}
	fake_agent_dies(a);
	fake_agent_born(a);
	comes_back(a);
	assert_false(a->master.with_pass);
}

static void
a_new_certificate_wants_to_be_shown_once(void **state)
{
	struct fake_agent *a = *state;

	a->master.cert_seconds = 25;
	fake_agent_born(a);
	a->master.cert_seconds = 30 * 86400;
	assert_true(fake_agent_run(a, is_renewed));
	hellos_before = a->master.hellos;
	fake_master_cut(&a->master);
	assert_true(fake_agent_run(a, has_come_back));
	assert_false(a->master.with_pass);
}

static void
of_many_disconnects_none_matters(void **state)
{
	struct fake_agent *a = *state;

	fake_agent_born(a);
	for (unsigned i = 0; i < 20; i++) {
		goes_online(a);
		fake_master_cut(&a->master);
	}
	order(a);
	ends_whole(a);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(an_ordered_scan_arrives_whole),
	    CASE(a_cut_line_loses_nothing_and_repeats_nothing),
	    CASE(an_agent_that_dies_goes_on_where_it_was),
	    CASE(an_agent_goes_on_without_its_master),
	    CASE(an_object_with_more_findings_than_a_batch_arrives_whole),
	    CASE(what_is_under_way_stays_within_the_credit),
	    CASE(one_batch_goes_whatever_the_credit),
	    CASE(a_full_disk_makes_the_scan_wait),
	    CASE(a_master_that_knows_less_gets_it_again),
	    CASE(numbers_that_are_gone_are_filled_with_nothing),
	    CASE(numbers_that_the_spool_never_gave_are_skipped),
	    CASE(an_earlier_number_that_is_expected_is_sent_again),
	    CASE(words_that_make_no_sense_end_the_line_and_nothing_else),
	    CASE(nothing_is_taken_before_the_answer_to_hello),
	    CASE(a_blocked_agent_stops_and_goes_on_when_it_may),
	    CASE(a_removed_agent_stops),
	    CASE(an_unverified_agent_waits),
	    CASE(a_master_that_asks_for_time_gets_it),
	    CASE(it_says_that_it_lives),
	    CASE(what_it_can_read_is_told_anew_when_it_changes),
	    CASE(its_first_word_after_the_welcome_is_how_the_host_does),
	    CASE(a_clock_that_differs_is_told),
	    CASE(an_old_certificate_is_renewed_with_a_new_key),
	    CASE(an_agent_comes_back_without_showing_its_certificate),
	    CASE(a_new_certificate_wants_to_be_shown_once),
	    CASE(of_many_disconnects_none_matters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
