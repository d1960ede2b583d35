#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake/store_world.h"
#include "master/store/q_findings.h"
#include "master/store/q_scans.h"

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

struct seen {
	unsigned rows;
	uint64_t matches;
	uint8_t state, risk, level, confidence;
	uint64_t version;
};

static enum status
note(void *arg, const struct finding_row *row)
{
	struct seen *s = arg;

	s->rows++;
	s->matches = row->matches;
	s->state = row->state;
	s->risk = row->risk;
	s->level = row->level;
	s->confidence = row->confidence;
	s->version = row->version;
	return ST_OK;
}

static struct seen
see(struct store_world *w, const char *path)
{
	struct filter f = {.count = 0};
	struct finding_page page = {.limit = 10};
	struct seen s = {0};

	assert_int_equal(filter_add(&f, span_str("q"), span_str(path)), ST_OK);
	assert_int_equal(q_findings_list(w->store, &f, &page, note, &s), ST_OK);
	return s;
}

static void
one_finding_is_one_type_in_one_object(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");
	struct seen s;

	assert_int_equal(
	    world_give(w,
		       LINES("/srv/a card_visa 10", "/srv/a card_visa 40",
			     "/srv/a email 90", "/srv/a full",
			     "/srv/b card_visa 7"),
		       task, 0),
	    ST_OK);
	assert_int_equal(world_findings(w, NULL, NULL), 3);
	assert_int_equal(world_findings(w, "type", "card_visa"), 2);
	s = see(w, "/srv/a");
	assert_int_equal(s.rows, 2);
	assert_true(world_is_sound(w));
}

static void
a_batch_that_was_committed_is_stored_once(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");
	const char *const *lines = LINES("/srv/a card_visa 10");

	assert_int_equal(world_give(w, lines, task, 0), ST_OK);
	w->seq--; /* the agent did not hear the acknowledgement */
	assert_int_equal(world_give(w, lines, task, 0), ST_EXISTS);
	assert_int_equal(see(w, "/srv/a").matches, 1);
	w->seq++;
	assert_int_equal(world_give(w, LINES("/srv/b card_visa 1"), task, 0),
			 ST_OK);
	assert_int_equal(world_findings(w, NULL, NULL), 2);
	assert_true(world_is_sound(w));
}

/* "/srv/NNN/a/a/.../a/f email 1": so many folders that no other object has. */
static char *
deep_line(unsigned number, unsigned folders)
{
	size_t room = 2 * (size_t)folders + 64;
	char *line = calloc(1, room), *at = line;

	assert_non_null(line);
	at += snprintf(at, room, "/%u", number);
	for (unsigned i = 1; i < folders; i++) {
		*at++ = '/';
		*at++ = 'a';
	}
	snprintf(at, room - (size_t)(at - line), "/f email 1");
	return line;
}

static void
a_batch_of_more_folders_than_are_counted_at_once_is_taken(void **state)
{
	enum { OBJECTS = 210, FOLDERS = 1000 };
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");
	char *lines[OBJECTS + 1];

	assert_true(OBJECTS * FOLDERS > ROLLUP_MAX);
	for (unsigned i = 0; i < OBJECTS; i++)
		lines[i] = deep_line(i, FOLDERS);
	lines[OBJECTS] = NULL;
	assert_int_equal(
	    world_give(w, (const char *const *)lines, task, SCAN_DONE), ST_OK);
	assert_int_equal(world_findings(w, NULL, NULL), OBJECTS);
	/* And they all go at once, when nothing of it is found again. */
	world_sweep(w, task);
	task = world_scan(w, "/srv", "");
	assert_int_equal(world_give(w, LINES("/srv/x full"), task, SCAN_DONE),
			 ST_OK);
	world_sweep(w, task);
	assert_true(world_is_sound(w));
	for (unsigned i = 0; i < OBJECTS; i++)
		free(lines[i]);
}

static enum status
note_scan(void *arg, const struct scan_row *row)
{
	*(struct scan_row *)arg = *row; /* its spans are not looked at */
	return ST_OK;
}

static void
counts_that_agents_make_up_break_no_sum(void **state)
{
	const struct scan_progress much = {.done_objects = UINT64_MAX,
					   .done_bytes = UINT64_MAX,
					   .total_objects = UINT64_MAX,
					   .total_bytes = UINT64_MAX};
	struct store_world *w = *state;
	uint64_t first = world_scan(w, "/srv", ""), target, other, second;
	struct ingest_key key = {
	    .agent = w->agent, .incarnation = {1}, .stream = 1, .seq = 1};
	struct ingest_result r;
	struct scan_row row;
	struct batch b;

	other = world_agent(w, "hr-db-01", "HR", &target);
	second = world_task(w, 1, other, target);
	world_batch(LINES("/srv/a card_visa 1"), first, &b);
	b.totals.bytes = b.totals.objects = b.totals.full = INT64_MAX;
	assert_int_equal(store_begin(w->store), ST_OK);
	assert_int_equal(ingest_batch(w->ingest, &key, &b, w->now, &r), ST_OK);
	assert_int_equal(
	    q_task_set_progress(w->store, first, &much, UINT64_MAX, w->now),
	    ST_OK);
	assert_int_equal(
	    q_task_set_progress(w->store, second, &much, UINT64_MAX, w->now),
	    ST_OK);
	assert_int_equal(q_scan_get(w->store, 1, note_scan, &row), ST_OK);
	assert_true(row.done_bytes > 0 && row.done_bytes <= INT64_MAX);
	assert_true(row.total_bytes == row.done_bytes);
	assert_true(row.full <= INT64_MAX);
	store_rollback(w->store);
	rollup_forget(w->rollup);
	ingest_forget(w->ingest);
	batch_fini(&b);
}

static void
after_a_gap_nothing_is_stored(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");

	w->seq = 4; /* 5 comes, 1 is wanted */
	assert_int_equal(world_give(w, LINES("/srv/a card_visa 10"), task, 0),
			 ST_AGAIN);
	assert_int_equal(world_findings(w, NULL, NULL), 0);
}

static void
a_new_incarnation_counts_from_one(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");
	struct ingest_key key = {
	    .agent = w->agent, .incarnation = {2}, .stream = 1, .seq = 1};
	struct ingest_result r;
	struct batch b;

	assert_int_equal(world_give(w, LINES("/srv/a card_visa 10"), task, 0),
			 ST_OK);
	world_batch(LINES("/srv/b card_visa 10"), task, &b);
	assert_int_equal(store_begin(w->store), ST_OK);
	assert_int_equal(ingest_batch(w->ingest, &key, &b, w->now, &r), ST_OK);
	assert_int_equal(rollup_flush(w->rollup, w->now), ST_OK);
	assert_int_equal(store_commit(w->store), ST_OK);
	batch_fini(&b);
	assert_int_equal(world_findings(w, NULL, NULL), 2);
}

static void
what_is_rolled_back_may_come_again(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");
	struct ingest_key key = {
	    .agent = w->agent, .incarnation = {1}, .stream = 1, .seq = 1};
	struct ingest_result r;
	struct batch b;

	world_batch(LINES("/srv/a card_visa 10", "/srv/b new_type 3"), task,
		    &b);
	assert_int_equal(store_begin(w->store), ST_OK);
	assert_int_equal(ingest_batch(w->ingest, &key, &b, w->now, &r), ST_OK);
	store_rollback(w->store);
	ingest_forget(w->ingest);
	rollup_forget(w->rollup);
	batch_fini(&b);
	assert_int_equal(
	    world_give(w, LINES("/srv/a card_visa 10", "/srv/b new_type 3"),
		       task, 0),
	    ST_OK);
	assert_int_equal(world_findings(w, NULL, NULL), 2);
	assert_true(world_is_sound(w));
}

static void
an_object_may_come_in_several_batches(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");

	assert_int_equal(
	    world_give(w, LINES("/srv/a card_visa 10", "/srv/a card_visa 20"),
		       task, 0),
	    ST_OK);
	assert_int_equal(
	    world_give(w, LINES("/srv/a card_visa 30", "/srv/a card_visa 20"),
		       task, 0),
	    ST_OK);
	assert_int_equal(see(w, "/srv/a").matches, 3); /* 20 only once */
	assert_true(world_is_sound(w));
}

static void
a_rescan_replaces_matches_and_keeps_the_judgement(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", ""), id = 1;
	struct seen s;

	assert_int_equal(
	    world_give(w, LINES("/srv/a card_visa 10", "/srv/a card_visa 20"),
		       task, SCAN_DONE),
	    ST_OK);
	assert_int_equal(store_begin(w->store), ST_OK);
	assert_int_equal(
	    q_finding_set_state(w->store, w->rollup, id, FINDING_CONFIRMED, 0),
	    ST_OK);
	assert_int_equal(rollup_flush(w->rollup, w->now), ST_OK);
	assert_int_equal(store_commit(w->store), ST_OK);
	task = world_scan(w, "/srv", "");
	assert_int_equal(world_give(w, LINES("/srv/a card_visa 77"), task, 0),
			 ST_OK);
	s = see(w, "/srv/a");
	assert_int_equal(s.matches, 1);
	assert_int_equal(s.state, FINDING_CONFIRMED);
	assert_true(world_is_sound(w));
}

static void
risk_is_one_step_lower_without_a_strict_match(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");

	assert_int_equal(
	    world_give(w,
		       LINES("/srv/broad ~card_visa 1",
			     "/srv/both ~card_visa 1", "/srv/both card_visa 2",
			     "/srv/low ~email 3"),
		       task, 0),
	    ST_OK);
	assert_int_equal(see(w, "/srv/broad").risk, RISK_HIGH);
	assert_int_equal(see(w, "/srv/both").risk, RISK_CRITICAL);
	assert_int_equal(see(w, "/srv/both").confidence, 90);
	assert_int_equal(see(w, "/srv/low").risk, RISK_LOW);
	/* A later batch of the same task may raise it. */
	assert_int_equal(
	    world_give(w, LINES("/srv/broad card_visa 9"), task, 0), ST_OK);
	assert_int_equal(see(w, "/srv/broad").risk, RISK_CRITICAL);
	assert_int_equal(see(w, "/srv/broad").matches, 2);
	assert_true(world_is_sound(w));
}

static void
a_task_of_another_agent_stores_nothing_but_its_number(void **state)
{
	struct store_world *w = *state;
	uint64_t target = 0, other = world_agent(w, "other", "", &target);
	uint64_t task = world_scan(w, "/srv", "");
	uint64_t foreign = world_task(w, 1, other, target);

	assert_int_equal(world_give(w, LINES("/srv/a card_visa 1"), foreign, 0),
			 ST_OK);
	assert_int_equal(world_findings(w, NULL, NULL), 0);
	assert_int_equal(world_give(w, LINES("/srv/a card_visa 1"), task, 0),
			 ST_OK);
	assert_int_equal(world_findings(w, NULL, NULL), 1);
}

static void
more_types_in_an_object_than_fit_at_a_time(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");
	const char *lines[301];
	char text[300][48];

	for (int i = 0; i < 300; i++) {
		snprintf(text[i], sizeof(text[i]), "/srv/a t%03d %d", i % 150,
			 i);
		lines[i] = text[i];
	}
	lines[300] = NULL;
	assert_int_equal(world_give(w, lines, task, 0), ST_OK);
	assert_int_equal(world_findings(w, NULL, NULL), 150);
	assert_true(world_is_sound(w));
}

static enum status
note_task(void *arg, const struct task_row *row)
{
	*(struct task_row *)arg = *row;
	return ST_OK;
}

static void
totals_and_the_end_stand_in_the_task(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");
	struct task_row row;

	assert_int_equal(
	    world_give(w, LINES("/srv/a card_visa 1", "/srv/b none denied"),
		       task, SCAN_STOPPED),
	    ST_OK);
	assert_int_equal(q_task_get(w->store, task, note_task, &row), ST_OK);
	assert_int_equal(row.objects, 2);
	assert_int_equal(row.matches, 1);
	assert_int_equal(row.outcome, SCAN_STOPPED);
	assert_false(row.swept);
	world_reopen(w);
	assert_true(world_is_sound(w));
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(one_finding_is_one_type_in_one_object),
	    T(a_batch_that_was_committed_is_stored_once),
	    T(a_batch_of_more_folders_than_are_counted_at_once_is_taken),
	    T(counts_that_agents_make_up_break_no_sum),
	    T(after_a_gap_nothing_is_stored),
	    T(a_new_incarnation_counts_from_one),
	    T(what_is_rolled_back_may_come_again),
	    T(an_object_may_come_in_several_batches),
	    T(a_rescan_replaces_matches_and_keeps_the_judgement),
	    T(risk_is_one_step_lower_without_a_strict_match),
	    T(a_task_of_another_agent_stores_nothing_but_its_number),
	    T(more_types_in_an_object_than_fit_at_a_time),
	    T(totals_and_the_end_stand_in_the_task),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
