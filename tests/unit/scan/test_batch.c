#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "model/record.h"
#include "scan/director.h"
#include "scan/talk.h"

/* A batch of n objects, asked for as a whole. */
static struct slot_head *
fill(struct batch *b, uint32_t n)
{
	struct slot_head *h = calloc(1, sizeof(*h));

	assert_non_null(h);
	h->count = n;
	*b = (struct batch){.state = BATCH_WAITING, .head = h};
	assert_true(batch_range(b));
	return h;
}

static const struct batch_last last = {
    .place = {(const uint8_t *)"bad.zip", 7},
    .parser = {(const uint8_t *)"zip", 3},
};

static void
drop(struct batch *b, struct slot_head *h)
{
	batch_clear(b);
	free(h);
}

/* A message: a segment of `len` bytes for each item, the first `whole` done. */
struct answer {
	uint32_t items[4];
	size_t count, whole;
	uint32_t done, len;
};

static enum status
give(struct batch *b, const struct answer *a)
{
	struct talk_result head = {.done = a->done};
	uint8_t body[256] = {0};
	size_t n = sizeof(head);

	for (size_t i = 0; i < a->count; i++) {
		struct talk_segment s = {.item = a->items[i], .len = a->len};

		memcpy(body + n, &s, sizeof(s));
		n += sizeof(s) + a->len;
		if (i + 1 == a->whole)
			head.complete = (uint32_t)(n - sizeof(head));
	}
	memcpy(body, &head, sizeof(head));
	return batch_result(b, span_of(body, n));
}

static void
the_batch_that_was_filled_first_waits_first(void **state)
{
	struct batch all[3] = {{.state = BATCH_WAITING, .seq = 9},
			       {.state = BATCH_RUNNING, .seq = 7},
			       {.state = BATCH_WAITING, .seq = 8}};
	struct scan s = {.batches = all, .slots = {.count = 3}};

	(void)state;
	assert_ptr_equal(batch_waiting(&s), &all[2]);
	assert_ptr_equal(batch_find(&s, 7), &all[1]);
	assert_null(batch_find(&s, 6));
	all[0].state = all[2].state = BATCH_NONE;
	assert_null(batch_waiting(&s));
	assert_null(batch_find(&s, 9));
}

static void
a_worker_is_asked_for_what_is_to_be_read(void **state)
{
	struct batch b;
	struct slot_head *h = fill(&b, 4);

	(void)state;
	assert_int_equal(b.next, 0);
	assert_int_equal(b.until, 4);
	h->items[0].reason = h->items[1].reason = COVER_DENIED;
	assert_true(batch_range(&b));
	assert_int_equal(b.next, 2);
	h->items[2].reason = h->items[3].reason = COVER_LINK;
	assert_false(batch_range(&b));
	assert_int_equal(b.next, 4);
	drop(&b, h);
}

static void
who_may_have_killed_a_worker_is_read_alone(void **state)
{
	struct batch b;
	struct slot_head *h = fill(&b, 6);

	(void)state;
	batch_died(&b, 3, TRY_CRASH, &last);
	assert_true(batch_range(&b));
	assert_int_equal(b.until, 3); /* those before it, without it */
	b.next = 3;
	assert_true(batch_range(&b));
	assert_int_equal(b.until, 4);
	b.next = 4;
	assert_true(batch_range(&b));
	assert_int_equal(b.until, 6);
	drop(&b, h);
}

static void
results_of_an_unfinished_object_die_with_the_worker(void **state)
{
	struct batch b;
	struct slot_head *h = fill(&b, 4);
	size_t one = sizeof(struct talk_segment) + 10;

	(void)state;
	assert_int_equal(
	    give(&b, &(struct answer){{0, 2}, 2, 1, .done = 2, .len = 10}),
	    ST_OK);
	assert_int_equal(b.next, 2);
	assert_int_equal(b.results.len, 2 * one);
	assert_int_equal(b.complete, one);
	/* more of the same object, which is not finished yet */
	assert_int_equal(
	    give(&b, &(struct answer){{2}, 1, 0, .done = 2, .len = 10}), ST_OK);
	assert_int_equal(b.complete, one);
	batch_died(&b, 2, TRY_KILLED, &last);
	assert_int_equal(b.results.len, one);
	assert_int_equal(b.state, BATCH_WAITING);
	assert_int_equal(b.next, 2);
	drop(&b, h);
}

static void
what_was_open_counts_once_its_object_is_finished(void **state)
{
	struct batch b;
	struct slot_head *h = fill(&b, 4);

	(void)state;
	assert_int_equal(
	    give(&b, &(struct answer){{1}, 1, 0, .done = 1, .len = 8}), ST_OK);
	assert_int_equal(b.complete, 0);
	assert_int_equal(give(&b, &(struct answer){.done = 4}), ST_OK);
	assert_int_equal(b.complete, b.results.len);
	assert_int_equal(b.next, 4);
	drop(&b, h);
}

static void
answers_that_fit_no_question_are_refused(void **state)
{
	static const struct answer cases[] = {
	    {.done = 1},                            /* behind what is done */
	    {.done = 6},                            /* never asked for */
	    {{1}, 1, 1, .done = 3, .len = 4},       /* given long ago */
	    {{5}, 1, 1, .done = 3, .len = 4},       /* not asked for */
	    {{2, 9}, 2, 2, .done = 3, .len = 4},    /* the second is bad */
	    {{2}, 1, 1, .done = 3, .len = 1 << 30}, /* longer than it is */
	};
	struct batch b;
	struct slot_head *h = fill(&b, 8);

	(void)state;
	b.next = 2;
	b.until = 5;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct answer a = cases[i];
		struct talk_segment s = {.item = a.items[0], .len = a.len};
		struct talk_result head = {.done = a.done};
		uint8_t body[64] = {0};

		if (a.len < 100) {
			assert_int_equal(give(&b, &a), ST_MALFORMED);
			continue;
		}
		memcpy(body, &head, sizeof(head));
		memcpy(body + sizeof(head), &s, sizeof(s));
		assert_int_equal(batch_result(&b, span_of(body, sizeof(body))),
				 ST_MALFORMED);
	}
	assert_int_equal(batch_result(&b, span_str("short")), ST_MALFORMED);
	assert_int_equal(b.results.len, 0);
	assert_int_equal(b.next, 2);
	drop(&b, h);
}

/* What is said of the only object with results. */
static struct object
verdict(const struct batch *b, uint32_t item)
{
	struct results_at at = {0};
	struct span s = results_from(&b->results, &at, b->complete);
	struct talk_segment seg;
	struct record r;
	size_t used;

	assert_true(s.len > sizeof(seg));
	memcpy(&seg, s.ptr, sizeof(seg));
	assert_int_equal(seg.item, item);
	assert_int_equal(seg.len, s.len - sizeof(seg));
	s = span_skip(s, sizeof(seg));
	assert_int_equal(record_next(s, &r, &used), ST_OK);
	assert_int_equal(r.kind, RECORD_NOTE);
	assert_true(span_eq(r.note.place, last.place));
	assert_true(span_eq(r.note.parser, last.parser));
	s = span_skip(s, used);
	assert_int_equal(record_next(s, &r, &used), ST_OK);
	assert_int_equal(r.kind, RECORD_OBJECT);
	assert_int_equal(used, s.len);
	assert_true(span_eq(r.object.place, last.place));
	assert_true(span_eq(r.object.parser, last.parser));
	return r.object;
}

static void
an_object_that_crashes_two_workers_is_named(void **state)
{
	struct batch b;
	struct slot_head *h = fill(&b, 4);
	struct object o;

	(void)state;
	batch_died(&b, 0, TRY_CRASH, &last);
	assert_int_equal(b.next, 0);
	assert_true(batch_range(&b));
	batch_died(&b, 0, TRY_CRASH, &last);
	assert_int_equal(b.next, 1);
	o = verdict(&b, 0);
	assert_int_equal(o.reason, COVER_CRASHED);
	assert_int_equal(o.coverage, COVERAGE_NONE);
	assert_true(batch_range(&b));
	assert_int_equal(b.until, 4);
	drop(&b, h);
}

static void
who_is_killed_from_outside_is_tried_many_times(void **state)
{
	struct batch b;
	struct slot_head *h = fill(&b, 1);
	unsigned n = 0;

	(void)state;
	while (batch_range(&b)) {
		batch_died(&b, 0, TRY_KILLED, &last);
		n++;
	}
	assert_int_equal(n, TRIES_MAX);
	assert_int_equal(verdict(&b, 0).reason, COVER_CRASHED);
	drop(&b, h);
}

static void
a_death_between_two_objects_is_nobodys_fault(void **state)
{
	struct batch b;
	struct slot_head *h = fill(&b, 3);

	(void)state;
	for (unsigned i = 0; i < 2 * TRIES_MAX; i++)
		batch_died(&b, 3, TRY_CRASH, &last);
	assert_true(batch_range(&b));
	assert_int_equal(b.next, 0);
	assert_int_equal(b.until, 3);
	drop(&b, h);
}

static void
who_is_given_up_later_in_a_batch_waits_for_its_turn(void **state)
{
	struct batch b;
	struct slot_head *h = fill(&b, 3);

	(void)state;
	batch_give_up(&b, 1, COVER_TIME, &last);
	assert_int_equal(b.results.len, 0);
	assert_true(batch_range(&b));
	assert_int_equal(b.until, 1);
	b.next = 1;
	batch_give_up(&b, 1, COVER_TIME, &last);
	assert_int_equal(verdict(&b, 1).reason, COVER_TIME);
	assert_int_equal(b.next, 2);
	drop(&b, h);
}

/* Where the complete ones end is a worker's word, too. */
static void
complete_results_end_with_a_segment(void **state)
{
	static const uint32_t bad[] = {1, 11, 13, 23, 25, 1 << 30};
	const struct talk_segment segs[] = {{.item = 0, .len = 4},
					    {.item = 1, .len = 4}};
	struct batch b;
	struct slot_head *h = fill(&b, 4);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct talk_result head = {.done = 1, .complete = bad[i]};
		uint8_t body[sizeof(head) + 24] = {0};

		memcpy(body, &head, sizeof(head));
		memcpy(body + sizeof(head), &segs[0], sizeof(segs[0]));
		memcpy(body + sizeof(head) + 12, &segs[1], sizeof(segs[1]));
		assert_int_equal(batch_result(&b, span_of(body, sizeof(body))),
				 ST_MALFORMED);
	}
	assert_int_equal(b.results.len, 0);
	drop(&b, h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_batch_that_was_filled_first_waits_first),
	    cmocka_unit_test(a_worker_is_asked_for_what_is_to_be_read),
	    cmocka_unit_test(who_may_have_killed_a_worker_is_read_alone),
	    cmocka_unit_test(
		results_of_an_unfinished_object_die_with_the_worker),
	    cmocka_unit_test(what_was_open_counts_once_its_object_is_finished),
	    cmocka_unit_test(answers_that_fit_no_question_are_refused),
	    cmocka_unit_test(an_object_that_crashes_two_workers_is_named),
	    cmocka_unit_test(who_is_killed_from_outside_is_tried_many_times),
	    cmocka_unit_test(a_death_between_two_objects_is_nobodys_fault),
	    cmocka_unit_test(
		who_is_given_up_later_in_a_batch_waits_for_its_turn),
	    cmocka_unit_test(complete_results_end_with_a_segment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
