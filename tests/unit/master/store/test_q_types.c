#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/str.h"
#include "fake/store_world.h"
#include "master/store/q_types.h"

struct seen {
	char names[512]; /* with a blank behind each */
	int32_t iban_at;
	uint8_t iban_risk;
	uint64_t visa_findings;
};

static enum status
note(void *arg, const struct type_row *row)
{
	struct seen *s = arg;
	size_t used = strlen(s->names);

	assert_true(used + row->name.len + 2 < sizeof(s->names));
	memcpy(s->names + used, row->name.ptr, row->name.len);
	s->names[used + row->name.len] = ' ';
	if (str_is(row->name, "iban")) {
		s->iban_at = row->position;
		s->iban_risk = row->risk;
	}
	if (str_is(row->name, "card_visa"))
		s->visa_findings = row->findings;
	return ST_OK;
}

static struct seen
list(struct store_world *w)
{
	struct seen s = {.names = ""};

	assert_int_equal(q_types_list(w->store, note, &s), ST_OK);
	return s;
}

static void
types_stand_in_the_order_of_the_catalogue(void **state)
{
	struct store_world *w = *state;

	assert_string_equal(list(w).names, "card_visa us_ssn iban email ");
}

static void
what_the_catalogue_no_longer_has_stands_last_and_keeps_its_row(void **state)
{
	struct store_world *w = *state;
	struct type_row row = {.name = span_str("email"),
			       .title = span_str("E-mail"),
			       .category = span_str("contact"),
			       .countries = span_str("*"),
			       .risk = RISK_LOW,
			       .position = 0};

	assert_int_equal(q_types_clear_positions(w->store), ST_OK);
	assert_int_equal(q_types_put(w->store, &row), ST_OK);
	assert_string_equal(list(w).names, "email card_visa iban us_ssn ");
	assert_int_equal(list(w).iban_at, -1);
	row.name = span_str("iban");
	row.risk = RISK_CRITICAL;
	row.position = 1;
	assert_int_equal(q_types_put(w->store, &row), ST_OK);
	assert_int_equal(list(w).iban_risk, RISK_CRITICAL);
	assert_string_equal(list(w).names, "email iban card_visa us_ssn ");
}

static void
findings_of_a_type_are_those_that_stand(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");

	assert_int_equal(
	    world_give(w,
		       (const char *const[]){"/srv/a card_visa 1",
					     "/srv/b card_visa 1",
					     "/srv/b email 7", NULL},
		       task, SCAN_DONE),
	    ST_OK);
	assert_int_equal(list(w).visa_findings, 2);
	world_sweep(w, task);
	task = world_scan(w, "/srv", "");
	assert_int_equal(
	    world_give(w, (const char *const[]){"/srv/a card_visa 1", NULL},
		       task, SCAN_DONE),
	    ST_OK);
	world_sweep(w, task);
	assert_int_equal(list(w).visa_findings, 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(types_stand_in_the_order_of_the_catalogue),
	    T(what_the_catalogue_no_longer_has_stands_last_and_keeps_its_row),
	    T(findings_of_a_type_are_those_that_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
