#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "fake/store_world.h"
#include "master/store/q_overview.h"

#define DAY_MS     (INT64_C(24) * 3600 * 1000)
#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

struct seen {
	unsigned days;
	int64_t first, last;
	uint64_t open, found, closed; /* open: of the last day; sums */
};

static enum status
note(void *arg, const struct trend_row *row)
{
	struct seen *s = arg;

	if (s->days++ == 0)
		s->first = row->day;
	s->last = row->day;
	s->open = 0;
	for (int risk = 1; risk <= RISK_COUNT; risk++) {
		s->open += row->open[risk];
		s->found += row->found[risk];
		s->closed += row->closed[risk];
	}
	return ST_OK;
}

static struct seen
trend(struct store_world *w, int64_t days)
{
	int64_t today = w->now / DAY_MS;
	struct seen s = {0};

	assert_int_equal(
	    q_overview_trend(w->store, today - days + 1, today, note, &s),
	    ST_OK);
	return s;
}

/* A whole scan that meets these and nothing else. */
static void
scan(struct store_world *w, const char *const *lines)
{
	uint64_t task = world_scan(w, "/srv", "");

	assert_int_equal(world_give(w, lines, task, SCAN_DONE), ST_OK);
	world_sweep(w, task);
}

static void
the_trend_begins_with_the_first_day(void **state)
{
	struct store_world *w = *state;
	struct seen s = trend(w, 60);
	int64_t first = w->now / DAY_MS;

	assert_int_equal(s.days, 0);
	scan(w, LINES("/srv/a card_visa 1", "/srv/b email 1"));
	s = trend(w, 60);
	assert_int_equal(s.days, 1);
	assert_int_equal(s.open, 2);
	w->now += 10 * DAY_MS;
	s = trend(w, 60);
	assert_int_equal(s.days, 11);
	assert_int_equal(s.first, first);
	assert_int_equal(s.open, 2);
	/* What stood before the window stands on its first day. */
	s = trend(w, 3);
	assert_int_equal(s.days, 3);
	assert_int_equal(s.first, first + 8);
	assert_int_equal(s.open, 2);
	assert_int_equal(s.found, 0);
}

static void
what_is_gone_is_closed_and_what_was_never_right_is_not(void **state)
{
	struct rollup_side open = {
	    .type = 1, .risk = RISK_HIGH, .state = FINDING_OPEN, .matches = 1};
	struct rollup_side wrong = open;
	struct store_world *w = *state;
	struct seen s;

	wrong.state = FINDING_FALSE_POSITIVE;
	scan(w, LINES("/srv/a us_ssn 1", "/srv/b us_ssn 1", "/srv/c us_ssn 1"));
	scan(w, LINES("/srv/a us_ssn 1", "/srv/b us_ssn 1"));
	s = trend(w, 60);
	assert_int_equal(s.closed, 1);
	assert_int_equal(s.open, 2);
	assert_int_equal(store_begin(w->store), ST_OK);
	assert_int_equal(rollup_change(w->rollup, w->target, 1, &open, &wrong),
			 ST_OK);
	assert_int_equal(rollup_flush(w->rollup, w->now), ST_OK);
	s = trend(w, 60);
	assert_int_equal(s.closed, 1);
	store_rollback(w->store);
	rollup_forget(w->rollup);
}

struct worst {
	char name[32];
	uint64_t findings, critical;
};

static enum status
note_worst(void *arg, const struct target_row *row)
{
	struct worst *t = arg;

	assert_int_equal(str_copy(t->name, sizeof(t->name), row->name), ST_OK);
	t->findings = row->findings;
	t->critical = row->critical;
	return ST_EOF;
}

static enum status
note_heat(void *arg, const struct heat_row *row)
{
	uint64_t *sum = arg;

	assert_true(str_is(row->group, "Payments"));
	*sum += row->findings;
	return ST_OK;
}

static void
the_worst_target_and_the_heat_are_of_what_stands(void **state)
{
	struct store_world *w = *state;
	struct worst t = {.name = ""};
	uint64_t heat = 0;

	scan(w, LINES("/srv/a card_visa 1", "/srv/b email 1", "/srv/c iban 1"));
	scan(w, LINES("/srv/a card_visa 1", "/srv/b email 1"));
	assert_int_equal(q_overview_worst(w->store, 5, note_worst, &t), ST_OK);
	assert_string_equal(t.name, "pay-db-01");
	assert_int_equal(t.findings, 2);
	assert_int_equal(t.critical, 1);
	assert_int_equal(q_overview_heat(w->store, note_heat, &heat), ST_OK);
	assert_int_equal(heat, 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(the_trend_begins_with_the_first_day),
	    T(what_is_gone_is_closed_and_what_was_never_right_is_not),
	    T(the_worst_target_and_the_heat_are_of_what_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
