#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/str.h"
#include "fake/store_world.h"
#include "master/store/q_overview.h"
#include "master/store/q_targets.h"

static const struct rollup_side open_visa = {
    .type = 1, .risk = RISK_CRITICAL, .state = FINDING_OPEN, .matches = 2};

static struct overview_totals
totals(struct store_world *w)
{
	struct overview_totals t;

	memset(&t, 0, sizeof(t));
	assert_int_equal(q_overview_standing(w->store, &t), ST_OK);
	return t;
}

static enum status
note_target(void *arg, const struct target_row *row)
{
	*(uint64_t *)arg = row->findings;
	return ST_OK;
}

static uint64_t
of_target(struct store_world *w)
{
	uint64_t n = 0;

	assert_int_equal(q_target_get(w->store, w->target, note_target, &n),
			 ST_OK);
	return n;
}

static void
flush(struct store_world *w)
{
	assert_int_equal(store_begin(w->store), ST_OK);
	assert_int_equal(rollup_flush(w->rollup, w->now), ST_OK);
	assert_int_equal(store_commit(w->store), ST_OK);
}

static void
change(struct store_world *w, const struct rollup_side *before,
       const struct rollup_side *after)
{
	assert_int_equal(rollup_change(w->rollup, w->target, 0, before, after),
			 ST_OK);
}

static void
counts_move_with_the_state_of_a_finding(void **state)
{
	struct store_world *w = *state;
	struct rollup_side gone = open_visa;

	gone.state = FINDING_GONE;
	gone.matches = 0;
	change(w, NULL, &open_visa);
	flush(w);
	assert_int_equal(totals(w).findings[FINDING_OPEN][RISK_CRITICAL], 1);
	assert_int_equal(totals(w).matches[FINDING_OPEN][RISK_CRITICAL], 2);
	assert_int_equal(of_target(w), 1);
	change(w, &open_visa, &gone);
	flush(w);
	assert_int_equal(totals(w).findings[FINDING_OPEN][RISK_CRITICAL], 0);
	assert_int_equal(totals(w).matches[FINDING_OPEN][RISK_CRITICAL], 0);
	assert_int_equal(totals(w).findings[FINDING_GONE][RISK_CRITICAL], 1);
	assert_int_equal(of_target(w), 0);
}

static void
what_changes_back_before_the_flush_leaves_nothing(void **state)
{
	struct store_world *w = *state;
	struct rollup_side confirmed = open_visa;

	confirmed.state = FINDING_CONFIRMED;
	change(w, NULL, &open_visa);
	change(w, &open_visa, &confirmed);
	change(w, &confirmed, &open_visa);
	flush(w);
	assert_int_equal(totals(w).findings[FINDING_OPEN][RISK_CRITICAL], 1);
	assert_int_equal(totals(w).findings[FINDING_CONFIRMED][RISK_CRITICAL],
			 0);
	assert_int_equal(of_target(w), 1);
}

static void
what_was_rolled_back_is_forgotten(void **state)
{
	struct store_world *w = *state;

	change(w, NULL, &open_visa);
	rollup_forget(w->rollup);
	assert_int_equal(rollup_take_new(w->rollup), 0);
	flush(w);
	assert_int_equal(totals(w).findings[FINDING_OPEN][RISK_CRITICAL], 0);
	assert_int_equal(of_target(w), 0);
}

static void
new_ones_are_those_that_began_to_stand(void **state)
{
	struct store_world *w = *state;
	struct rollup_side confirmed = open_visa, gone = open_visa;

	confirmed.state = FINDING_CONFIRMED;
	gone.state = FINDING_GONE;
	change(w, NULL, &open_visa);
	change(w, &open_visa, &confirmed);
	flush(w); /* they are told behind the commit */
	assert_int_equal(rollup_take_new(w->rollup), 1);
	assert_int_equal(rollup_take_new(w->rollup), 0);
	change(w, &confirmed, &gone);
	change(w, &gone, &open_visa); /* it is back */
	assert_int_equal(rollup_take_new(w->rollup), 1);
	rollup_forget(w->rollup);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(counts_move_with_the_state_of_a_finding),
	    T(what_changes_back_before_the_flush_leaves_nothing),
	    T(what_was_rolled_back_is_forgotten),
	    T(new_ones_are_those_that_began_to_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
