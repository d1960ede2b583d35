#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "fake/core_world.h"
#include "master/core/agents.h"
#include "master/core/flow.h"
#include "master/store/q_agents.h"
#include "master/store/sql.h"

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define CONN       100

/* The world's own agent at work on a task; what it was told is passed over. */
static uint64_t
begin(struct core_world *w)
{
	uint64_t task = world_scan(&w->db, "/srv", "");

	core_world_up(w, CONN, w->db.agent, 1);
	core_deaf(w);
	return task;
}

static void
give(struct core_world *w, uint64_t conn, uint64_t seq, uint64_t task,
     const char *line)
{
	struct batch b;

	world_batch(LINES(line), task, &b);
	core_world_batch(w, conn, w->db.agent, seq, &b);
	batch_fini(&b);
}

/* The next acknowledgement; seq UINT64_MAX when there is none. */
static struct stream_ack
next_ack(struct core_world *w)
{
	struct stream_ack ack = {.seq = UINT64_MAX};
	struct span body;
	uint64_t conn;

	if (core_said(w, PEER_ACK, &conn, &body))
		assert_int_equal(stream_ack_unpack(body, &ack), ST_OK);
	return ack;
}

static uint64_t
next_nack(struct core_world *w)
{
	struct stream_nack nack = {0};
	struct span body;
	uint64_t conn;

	if (core_said(w, PEER_NACK, &conn, &body))
		assert_int_equal(stream_nack_unpack(body, &nack), ST_OK);
	return nack.expected;
}

static void
batches_share_a_commit_and_are_acknowledged_behind_it(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w), before = w->core->commits;
	struct stream_ack ack;

	give(w, CONN, 1, task, "/srv/a card_visa 1");
	give(w, CONN, 2, task, "/srv/b card_visa 1");
	give(w, CONN, 3, task, "/srv/c card_visa 1");
	/* Another handle sees nothing of it, and nobody was told. */
	assert_int_equal(world_findings(&w->db, NULL, NULL), 0);
	assert_true(next_ack(w).seq == UINT64_MAX);
	flow_commit_timer(w->core);
	assert_int_equal(w->core->commits, before + 1);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 3);
	ack = next_ack(w);
	assert_int_equal(ack.seq, 3);
	assert_int_equal(ack.stream, 1);
	assert_int_equal(ack.credit, FLOW_CREDIT);
	assert_true(next_ack(w).seq == UINT64_MAX);
	flow_commit_timer(w->core); /* nothing is open: nothing is said */
	assert_int_equal(w->core->commits, before + 1);
	assert_true(world_is_sound(&w->db));
}

static void
two_agents_share_a_commit(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w), target, other, theirs;
	uint64_t before, seen = 0;
	struct stream_ack ack;
	struct span body;
	uint64_t conn;
	struct batch b;

	other = world_agent(&w->db, "hr-db-01", "HR", &target);
	theirs = world_task(&w->db, 1, other, target);
	core_world_up(w, CONN + 1, other, 2);
	core_deaf(w);
	before = w->core->commits;
	give(w, CONN, 1, task, "/srv/a card_visa 1");
	world_batch(LINES("/srv/a card_visa 1"), theirs, &b);
	core_world_batch(w, CONN + 1, other, 1, &b);
	batch_fini(&b);
	assert_int_equal(flow_flush(w->core), ST_OK);
	assert_int_equal(w->core->commits, before + 1);
	while (core_said(w, PEER_ACK, &conn, &body)) {
		assert_int_equal(stream_ack_unpack(body, &ack), ST_OK);
		assert_int_equal(ack.seq, 1);
		seen += conn;
	}
	assert_int_equal(seen, CONN + CONN + 1);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 2);
}

static void
a_group_of_many_rows_does_not_wait_for_its_time(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w);
	char line[64];

	for (uint64_t i = 1; i <= FLOW_ROWS / 2; i++) {
		snprintf(line, sizeof(line), "/srv/%u email 1", (unsigned)i);
		give(w, CONN, i, task, line);
	}
	assert_false(w->core->open);
	assert_int_equal(next_ack(w).seq, FLOW_ROWS / 2);
	assert_int_equal(world_findings(&w->db, NULL, NULL), FLOW_ROWS / 2);
}

static void
a_batch_that_comes_again_is_acknowledged_again_and_stored_once(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w);

	give(w, CONN, 1, task, "/srv/a card_visa 1");
	give(w, CONN, 1, task, "/srv/a card_visa 1"); /* in the same group */
	assert_int_equal(flow_flush(w->core), ST_OK);
	assert_int_equal(next_ack(w).seq, 1);
	give(w, CONN, 2, task, "/srv/b card_visa 1");
	assert_int_equal(flow_flush(w->core), ST_OK);
	assert_int_equal(next_ack(w).seq, 2);
	/* An old one: the acknowledgement is of all that is committed. */
	give(w, CONN, 1, task, "/srv/a card_visa 1");
	assert_int_equal(flow_flush(w->core), ST_OK);
	assert_int_equal(next_ack(w).seq, 2);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 2);
	assert_int_equal(w->core->batches, 2);
	assert_true(world_is_sound(&w->db));
}

static void
a_gap_is_said_once_until_it_is_closed(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w);

	give(w, CONN, 2, task, "/srv/b card_visa 1");
	give(w, CONN, 3, task, "/srv/c card_visa 1");
	assert_int_equal(next_nack(w), 1);
	assert_int_equal(next_nack(w), 0); /* once */
	give(w, CONN, 1, task, "/srv/a card_visa 1");
	give(w, CONN, 4, task, "/srv/d card_visa 1"); /* a new gap */
	assert_int_equal(next_nack(w), 2);
	assert_int_equal(flow_flush(w->core), ST_OK);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 1);
}

static void
a_reinstalled_agent_counts_from_one(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w);

	give(w, CONN, 1, task, "/srv/a card_visa 1");
	core_world_up(w, CONN + 1, w->db.agent, 2);
	give(w, CONN + 1, 1, task, "/srv/b card_visa 1");
	/* The connection of before is no longer its. */
	give(w, CONN, 2, task, "/srv/c card_visa 1");
	assert_int_equal(flow_flush(w->core), ST_OK);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 2);
}

static void
what_came_before_the_agent_left_is_committed(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w);
	struct peer_down down = {.conn = CONN, .agent = w->db.agent};
	struct buf body;

	give(w, CONN, 1, task, "/srv/a card_visa 1");
	buf_init(&body, 4096);
	assert_int_equal(peer_down_pack(&down, &body), ST_OK);
	agents_down(w->core, buf_span(&body));
	buf_fini(&body);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 1);
	assert_true(next_ack(w).seq == UINT64_MAX); /* to whom? */
}

static void
what_is_not_a_batch_or_nobody_s_changes_nothing(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w);
	struct peer_batch torn = {.conn = CONN,
				  .agent = w->db.agent,
				  .stream = 1,
				  .seq = 1,
				  .batch = span_str("no batch")};
	struct buf body;

	buf_init(&body, 4096);
	flow_batch(w->core, span_str("\xff"));
	assert_int_equal(peer_batch_pack(&torn, &body), ST_OK);
	flow_batch(w->core, buf_span(&body));
	buf_fini(&body);
	give(w, CONN + 9, 1, task, "/srv/a card_visa 1");
	assert_false(w->core->open);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 0);
}

/* ---- a disk that takes nothing more ---------------------------------------
 */

/* Pages of a database may be limited; those that are there are kept. */
static void
limit_pages(struct core_world *w, bool full)
{
	struct sql q;

	sql_open_once(&q, w->core->store,
		      full ? "PRAGMA max_page_count = 1"
			   : "PRAGMA max_page_count = 1000000");
	while (sql_step(&q) == ST_OK)
		;
	assert_int_equal(sql_close(&q), ST_OK);
}

/* One batch that needs many new pages. */
static void
give_much(struct core_world *w, uint64_t seq, uint64_t task)
{
	char *lines[513], text[512][128];
	struct batch b;

	for (size_t i = 0; i < 512; i++) {
		snprintf(text[i], sizeof(text[i]), "/srv/%080zu email 1", i);
		lines[i] = text[i];
	}
	lines[512] = NULL;
	world_batch((const char *const *)lines, task, &b);
	core_world_batch(w, CONN, w->db.agent, seq, &b);
	batch_fini(&b);
}

static bool
api_was_told(struct core_world *w, const char *type, const char *word)
{
	struct peer_event e;

	while (core_heard(w, w->api, PEER_EVENT)) {
		assert_int_equal(peer_event_unpack(w->heard.body, &e), ST_OK);
		if (span_eq(e.type, span_str(type)) &&
		    memmem(e.body.ptr, e.body.len, word, strlen(word)) != NULL)
			return true;
	}
	return false;
}

static void
a_full_disk_takes_credit_away_and_loses_nothing(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w);
	struct stream_ack ack;

	give(w, CONN, 1, task, "/srv/a card_visa 1");
	assert_int_equal(flow_flush(w->core), ST_OK);
	core_deaf(w);
	limit_pages(w, true);
	give_much(w, 2, task);
	(void)flow_flush(w->core);
	assert_string_equal(flow_store_word(w->core), "full");
	assert_int_equal(flow_credit(w->core), 0);
	ack = next_ack(w); /* of what is committed, and not a byte more */
	assert_int_equal(ack.seq, 1);
	assert_int_equal(ack.credit, 0);
	assert_true(api_was_told(w, "store", "\"full\""));
	/* What comes all the same is not taken, and not answered. */
	give(w, CONN, 3, task, "/srv/b card_visa 1");
	assert_true(next_ack(w).seq == UINT64_MAX);
	assert_int_equal(next_nack(w), 0);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 1);
	assert_true(world_is_sound(&w->db));

	limit_pages(w, false);
	flow_probe_timer(w->core);
	assert_string_equal(flow_store_word(w->core), "ok");
	assert_true(api_was_told(w, "store", "\"ok\""));
	ack = next_ack(w);
	assert_int_equal(ack.seq, 1);
	assert_int_equal(ack.credit, FLOW_CREDIT);
	assert_int_equal(next_nack(w), 2); /* go on behind it */
	give_much(w, 2, task);
	assert_int_equal(flow_flush(w->core), ST_OK);
	assert_int_equal(next_ack(w).seq, 2);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 513);
	assert_true(world_is_sound(&w->db));
}

static void
a_disk_that_fails_is_tried_until_it_works(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w);
	struct rlimit was, none;
	struct stream_ack ack;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	none = (struct rlimit){.rlim_cur = 0, .rlim_max = was.rlim_max};
	give(w, CONN, 1, task, "/srv/a card_visa 1");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_not_equal(flow_flush(w->core), ST_OK);
	flow_probe_timer(w->core); /* still */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_string_equal(flow_store_word(w->core), "failing");
	ack = next_ack(w);
	assert_int_equal(ack.seq, 0);
	assert_int_equal(ack.credit, 0);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 0);

	flow_probe_timer(w->core);
	assert_string_equal(flow_store_word(w->core), "ok");
	assert_int_equal(next_nack(w), 1);
	give(w, CONN, 1, task, "/srv/a card_visa 1");
	assert_int_equal(flow_flush(w->core), ST_OK);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 1);
	assert_true(world_is_sound(&w->db));
}

static void
an_agent_that_comes_while_nothing_is_taken_gets_no_credit(void **state)
{
	struct core_world *w = *state;
	struct hello_reply m = {.credit = 1};
	struct span body;
	uint64_t conn = 0;

	flow_note(w->core, ST_FULL);
	core_world_up(w, CONN, w->db.agent, 1);
	assert_true(core_said(w, PEER_WELCOME, &conn, &body));
	assert_int_equal(hello_reply_unpack(body, &m), ST_OK);
	assert_int_equal(conn, CONN);
	assert_int_equal(m.credit, 0);
	assert_int_equal(m.resume[0].seq, 0);
}

static void
a_question_that_was_wrong_says_nothing_of_the_disk(void **state)
{
	static const enum status fine[] = {ST_OK, ST_NOTFOUND, ST_EXISTS,
					   ST_USAGE, ST_LIMIT};
	struct core_world *w = *state;

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		flow_note(w->core, fine[i]);
	assert_string_equal(flow_store_word(w->core), "ok");
}

static void
a_change_that_fails_takes_nothing_of_the_group_before_it(void **state)
{
	struct core_world *w = *state;
	uint64_t task = begin(w);

	give(w, CONN, 1, task, "/srv/a card_visa 1");
	assert_int_equal(flow_begin(w->core), ST_OK);
	assert_int_equal(store_meta_set(w->core->store, "x", "1", 1), ST_OK);
	assert_int_equal(flow_end(w->core, ST_NOTFOUND), ST_NOTFOUND);
	assert_int_equal(next_ack(w).seq, 1);
	assert_int_equal(world_findings(&w->db, NULL, NULL), 1);
	assert_string_equal(flow_store_word(w->core), "ok");
}

#define T(f)                                                                   \
	cmocka_unit_test_setup_teardown(f, core_world_setup,                   \
					core_world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(batches_share_a_commit_and_are_acknowledged_behind_it),
	    T(two_agents_share_a_commit),
	    T(a_group_of_many_rows_does_not_wait_for_its_time),
	    T(a_batch_that_comes_again_is_acknowledged_again_and_stored_once),
	    T(a_gap_is_said_once_until_it_is_closed),
	    T(a_reinstalled_agent_counts_from_one),
	    T(what_came_before_the_agent_left_is_committed),
	    T(what_is_not_a_batch_or_nobody_s_changes_nothing),
	    T(a_full_disk_takes_credit_away_and_loses_nothing),
	    T(a_disk_that_fails_is_tried_until_it_works),
	    T(an_agent_that_comes_while_nothing_is_taken_gets_no_credit),
	    T(a_question_that_was_wrong_says_nothing_of_the_disk),
	    T(a_change_that_fails_takes_nothing_of_the_group_before_it),
	};

	signal(SIGXFSZ, SIG_IGN); /* one test has a limit on file sizes */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
