#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sys/pace.h"

#define MS UINT64_C(1000)

/* A server, and who asks it, over a clock that stands still by itself. */
struct world {
	struct clock_fake f;
	struct pace p;
};

static void
begin(struct world *w)
{
	clock_fake_init(&w->f, 0);
	pace_init(&w->p, &w->f.clock);
}

/* One question, whose answer of so many bytes takes so long. */
static void
ask(struct world *w, uint64_t us, uint64_t bytes)
{
	pace_begin(&w->p);
	clock_fake_pass(&w->f, us);
	pace_end(&w->p, bytes);
}

/* So many of them, with the rest that it gets; ms of that. */
static uint64_t
ask_all(struct world *w, unsigned n, uint64_t us, uint64_t bytes)
{
	uint64_t sum = 0;

	while (n-- > 0) {
		uint64_t ms;

		ask(w, us, bytes);
		ms = pace_rest(&w->p);
		clock_fake_pass(&w->f, ms * MS);
		sum += ms;
	}
	return sum;
}

static void
who_answers_alike_gets_no_rest(void **state)
{
	static const uint64_t us[] = {50,      900,      20 * MS,
				      50 * MS, 600 * MS, 4000 * MS};

	(void)state;
	for (size_t i = 0; i < sizeof(us) / sizeof(us[0]); i++) {
		struct world w;

		begin(&w);
		assert_int_equal(ask_all(&w, 500, us[i], 100), 0);
	}
}

static void
each_thing_that_it_says_is_a_sign_of_life(void **state)
{
	_Atomic uint64_t signs = 0;
	struct world w;

	(void)state;
	begin(&w);
	w.p.signs = &signs;
	pace_asked(&w.p);
	pace_wait(&w.p);
	clock_fake_pass(&w.f, 1000 * MS);
	pace_woke(&w.p);
	assert_int_equal(signs, 0);
	pace_came(&w.p, 0);
	assert_int_equal(signs, 0);
	pace_came(&w.p, 1);
	assert_int_equal(signs, 1);
	pace_answered(&w.p);
	assert_int_equal(signs, 2);
}

/* Of 1 ms it may become 100, which is nothing to a person. */
static void
what_is_quick_may_vary(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	assert_int_equal(ask_all(&w, 100, 1 * MS, 100), 0);
	assert_int_equal(ask_all(&w, 100, 100 * MS, 100), 0);
}

static void
who_becomes_slow_gets_rest_and_none_when_quick_again(void **state)
{
	struct world w;
	uint64_t ms;

	(void)state;
	begin(&w);
	assert_int_equal(ask_all(&w, 100, 2 * MS, 100), 0);
	ms = ask_all(&w, 20, 300 * MS, 100);
	/* as long as we waited, but for the first ones */
	assert_in_range(ms, 16 * 300, 20 * 300);
	assert_true(pace_strained(&w.p));
	assert_in_range(ask_all(&w, 5, 2 * MS, 100), 0, 5 * 2);
	assert_false(pace_strained(&w.p));
	assert_int_equal(ask_all(&w, 100, 2 * MS, 100), 0);
	assert_in_range(w.p.rested_ms, ms, ms + 10);
}

static void
a_single_late_answer_is_none(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	for (unsigned i = 0; i < 50; i++) {
		assert_int_equal(ask_all(&w, 10, 2 * MS, 100), 0);
		assert_int_equal(ask_all(&w, 1, 400 * MS, 100), 0);
	}
}

/* A collection of garbage, a disk that spins up. */
static void
a_single_one_that_is_very_late_is_none(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	for (unsigned i = 0; i < 20; i++) {
		assert_int_equal(ask_all(&w, 10, 2 * MS, 100), 0);
		assert_int_equal(ask_all(&w, 1, 30000 * MS, 100), 0);
	}
	assert_true(ask_all(&w, 2, 5000 * MS, 100) > 0);
}

/* 64 kbit/s at 3 ms or 300 ms, sizes as they come, the small ones first. */
static void
a_thin_line_is_not_late(void **state)
{
	static const uint64_t far_us[] = {3 * MS, 300 * MS};

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		uint32_t size = 1;
		struct world w;

		begin(&w);
		assert_int_equal(ask_all(&w, 20, far_us[k] + 5 * MS, 40), 0);
		for (unsigned i = 0; i < 3000; i++) {
			size = size * 1103515245 + 12345;
			uint64_t n = (size >> 8) % (64u << (i % 14));

			assert_int_equal(
			    ask_all(&w, 1, far_us[k] + n * MS / 8, n), 0);
		}
	}
}

/* 48 kbit/s: a size that was not seen yet looks late, but only three times. */
static void
what_is_new_on_a_thinner_line_strains_nobody(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	assert_int_equal(ask_all(&w, 20, 5 * MS, 30), 0);
	for (uint64_t n = 1500; n < 1000000; n *= 2)
		assert_int_equal(ask_all(&w, 50, n * MS / 6, n), 0);
}

static void
a_rest_is_bounded(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	assert_int_equal(ask_all(&w, 10, 2 * MS, 100), 0);
	ask(&w, 50000 * MS, 100);
	assert_int_equal(pace_rest(&w.p), 0);
	ask(&w, 50000 * MS, 100); /* two are enough, if they are very late */
	assert_int_equal(pace_rest(&w.p), PACE_REST_MS);
}

static void
what_is_large_is_not_late(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	for (unsigned i = 0; i < 200; i++) {
		assert_int_equal(ask_all(&w, 5, 2 * MS, 100), 0);
		assert_int_equal(ask_all(&w, 5, 250 * MS, 255 << 10), 0);
		assert_int_equal(ask_all(&w, 5, 9000 * MS, 100 << 20), 0);
	}
	/* and what is, is seen beside it */
	assert_true(ask_all(&w, 10, 250 * MS, 100) > 1000);
}

/* Many under way on a thin line: each waits for those before it. */
static void
what_stands_in_a_queue_is_not_late(void **state)
{
	enum { AHEAD = 64 };
	struct world w;

	(void)state;
	begin(&w);
	for (unsigned round = 0; round < 50; round++) {
		assert_int_equal(ask_all(&w, 10, 5 * MS, 100), 0);
		for (unsigned i = 0; i < AHEAD; i++)
			pace_asked(&w.p);
		for (unsigned i = 0; i < 10 * AHEAD; i++) {
			pace_wait(&w.p);
			clock_fake_pass(&w.f, 30 * MS);
			pace_woke(&w.p);
			pace_came(&w.p, 32 << 10);
			pace_answered(&w.p);
			if (i < 9 * AHEAD)
				pace_asked(&w.p);
			assert_int_equal(pace_rest(&w.p), 0);
		}
	}
}

static void
a_queue_that_becomes_slow_is_seen(void **state)
{
	enum { AHEAD = 16 };
	struct world w;
	uint64_t rested = 0;

	(void)state;
	begin(&w);
	for (unsigned i = 0; i < AHEAD; i++)
		pace_asked(&w.p);
	for (unsigned i = 0; i < 400; i++) {
		pace_wait(&w.p);
		clock_fake_pass(&w.f, i < 200 ? 2 * MS : 100 * MS);
		pace_woke(&w.p);
		pace_answered(&w.p);
		pace_asked(&w.p);
		rested += pace_rest(&w.p);
		if (i == 199)
			assert_int_equal(rested, 0);
	}
	assert_in_range(rested, 5000, 200 * 100);
}

/* Of so many that are under way one is taken, and another one asked for. */
static void
turn(struct world *w, uint64_t waits, uint64_t rate)
{
	pace_wait(&w->p);
	clock_fake_pass(&w->f, waits);
	pace_woke(&w->p);
	pace_came(&w->p, 100);
	pace_answered(&w->p);
	pace_asked(&w->p);
	clock_fake_pass(&w->f, rate);
}

/* A rate, and more asked ahead than is answered meanwhile: nothing is waited
 * for, until it is late. */
static void
who_never_let_us_wait_is_seen_to_become_slow(void **state)
{
	enum { AHEAD = 32, ROUNDS = 5 };
	static const uint64_t rates[] = {11 * MS, 100 * MS};

	(void)state;
	for (size_t k = 0; k < sizeof(rates) / sizeof(rates[0]); k++) {
		const uint64_t round = AHEAD * rates[k];
		uint64_t rested = 0;
		struct world w;

		begin(&w);
		for (unsigned i = 0; i < AHEAD; i++)
			pace_asked(&w.p);
		for (unsigned i = 0; i < ROUNDS * AHEAD; i++) {
			turn(&w, 0, rates[k]);
			assert_int_equal(pace_rest(&w.p), 0);
		}
		for (unsigned i = 0; i < ROUNDS * AHEAD; i++) {
			turn(&w, i % AHEAD == 0 ? 6 * round : 0, rates[k]);
			rested += pace_rest(&w.p);
		}
		assert_in_range(rested, round * 4 / MS, round * 30 / MS);
	}
}

/* It takes 600 ms, which is not seen as long as the rate is slower. */
static void
who_was_always_that_far_is_not_late(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	for (unsigned i = 0; i < 50; i++) {
		pace_asked(&w.p);
		clock_fake_pass(&w.f, 5000 * MS);
		pace_answered(&w.p);
	}
	assert_int_equal(ask_all(&w, 100, 600 * MS, 100), 0);
	/* and what it takes when we do wait is known soon */
	assert_true(ask_all(&w, 20, 3000 * MS, 100) > 1000);
}

/* The detector is slower than the server: answers lie there until we look. */
static void
time_in_which_we_did_not_ask_is_not_the_servers(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	assert_int_equal(ask_all(&w, 50, 2 * MS, 100), 0);
	for (unsigned i = 0; i < 50; i++) {
		pace_asked(&w.p);
		clock_fake_pass(&w.f, 5000 * MS);
		pace_wait(&w.p);
		clock_fake_pass(&w.f, 10);
		pace_woke(&w.p);
		pace_answered(&w.p);
		assert_int_equal(pace_rest(&w.p), 0);
	}
	/* nor did it teach that it is slow, or quick on a long way */
	assert_true(ask_all(&w, 20, 300 * MS, 100) > 1000);
}

static void
a_rest_that_it_had_anyway_counts(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	assert_int_equal(ask_all(&w, 50, 2 * MS, 100), 0);
	for (unsigned i = 0; i < 50; i++) {
		ask(&w, 300 * MS, 100);
		clock_fake_pass(&w.f, 400 * MS); /* the rate of the target */
		assert_int_equal(pace_rest(&w.p), 0);
	}
	assert_true(pace_strained(&w.p));
}

static void
what_lasts_is_usual_in_the_end(void **state)
{
	struct world w;
	unsigned minutes = 0;

	(void)state;
	begin(&w);
	assert_int_equal(ask_all(&w, 50, 2 * MS, 100), 0);
	do
		minutes++;
	while (ask_all(&w, 60 * 1000 / 400 / 2, 400 * MS, 100) > 0);
	assert_in_range(minutes, 5, 30); /* two doublings of 5 minutes, or so */
}

static void
what_slows_down_little_by_little_is_seen(void **state)
{
	struct world w;
	uint64_t rested = 0;

	(void)state;
	begin(&w);
	for (uint64_t us = 2 * MS; us < 2000 * MS; us += us / 20)
		rested += ask_all(&w, 3, us, 100);
	assert_true(rested > 1000);
}

static void
a_lost_connection_leaves_nothing_behind(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	for (unsigned i = 0; i < 50; i++)
		pace_asked(&w.p);
	clock_fake_pass(&w.f, 60000 * MS);
	pace_lost(&w.p, 50);
	assert_int_equal(w.p.under_way, 0);
	assert_int_equal(ask_all(&w, 50, 2 * MS, 100), 0);
	pace_answered(&w.p); /* of the one before: of no question */
	pace_woke(&w.p);
	assert_int_equal(ask_all(&w, 50, 2 * MS, 100), 0);
}

static void
nobody_needs_one(void **state)
{
	(void)state;
	pace_begin(NULL);
	pace_end(NULL, 1);
	pace_lost(NULL, 1);
	pace_rested(NULL, 1);
	assert_int_equal(pace_rest(NULL), 0);
	assert_false(pace_strained(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_thing_that_it_says_is_a_sign_of_life),
	    cmocka_unit_test(who_answers_alike_gets_no_rest),
	    cmocka_unit_test(what_is_quick_may_vary),
	    cmocka_unit_test(
		who_becomes_slow_gets_rest_and_none_when_quick_again),
	    cmocka_unit_test(a_single_late_answer_is_none),
	    cmocka_unit_test(a_single_one_that_is_very_late_is_none),
	    cmocka_unit_test(a_thin_line_is_not_late),
	    cmocka_unit_test(what_is_new_on_a_thinner_line_strains_nobody),
	    cmocka_unit_test(a_rest_is_bounded),
	    cmocka_unit_test(what_is_large_is_not_late),
	    cmocka_unit_test(what_stands_in_a_queue_is_not_late),
	    cmocka_unit_test(a_queue_that_becomes_slow_is_seen),
	    cmocka_unit_test(who_never_let_us_wait_is_seen_to_become_slow),
	    cmocka_unit_test(who_was_always_that_far_is_not_late),
	    cmocka_unit_test(time_in_which_we_did_not_ask_is_not_the_servers),
	    cmocka_unit_test(a_rest_that_it_had_anyway_counts),
	    cmocka_unit_test(what_lasts_is_usual_in_the_end),
	    cmocka_unit_test(what_slows_down_little_by_little_is_seen),
	    cmocka_unit_test(a_lost_connection_leaves_nothing_behind),
	    cmocka_unit_test(nobody_needs_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
