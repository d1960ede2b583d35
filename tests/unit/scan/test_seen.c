#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/seen.h"

static const char card[] = "card_visa", mail[] = "email";

static void
a_stretch_is_seen_where_one_of_its_type_overlaps(void **state)
{
	static const struct {
		uint64_t from, to;
		bool seen;
	} cases[] = {
	    {100, 116, true},  {90, 101, true},     {115, 130, true},
	    {104, 108, true},  {0, 200, true},      {90, 100, false},
	    {116, 130, false}, {1000, 1016, false},
	};
	struct seen *s = seen_new();

	(void)state;
	seen_place(s, span_str("a.txt"));
	seen_add(s, card, 100, 116);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(
		    seen_before(s, card, cases[i].from, cases[i].to),
		    cases[i].seen);
		assert_false(seen_before(s, mail, cases[i].from, cases[i].to));
	}
	seen_free(s);
}

static void
long_stretches_are_seen_at_both_ends(void **state)
{
	struct seen *s = seen_new();

	(void)state;
	seen_add(s, card, 1000, 900000);
	assert_true(seen_before(s, card, 900, 1001));
	assert_true(seen_before(s, card, 899999, 900100));
	assert_true(seen_before(s, card, 10, 2000000));
	assert_false(seen_before(s, card, 900000, 900100));
	seen_free(s);
}

static void
another_place_has_offsets_of_its_own(void **state)
{
	struct seen *s = seen_new();

	(void)state;
	seen_place(s, span_str("a.txt"));
	seen_add(s, card, 100, 116);
	seen_place(s, span_str("a.txt"));
	assert_true(seen_before(s, card, 100, 116));
	seen_place(s, span_str("b.txt"));
	assert_false(seen_before(s, card, 100, 116));
	seen_add(s, card, 100, 116);
	seen_clear(s);
	assert_false(seen_before(s, card, 100, 116));
	seen_free(s);
}

/* As many as a view of VIEW_ROOM bytes may hold up. */
static void
thousands_are_remembered(void **state)
{
	struct seen *s = seen_new();
	size_t lost = 0;

	(void)state;
	for (uint64_t i = 0; i < 4000; i++)
		seen_add(s, card, i * 25, i * 25 + 19);
	for (uint64_t i = 0; i < 4000; i++)
		lost += !seen_before(s, card, i * 25, i * 25 + 19);
	assert_int_equal(lost, 0);
	seen_free(s);
}

/* More of them than are noted down before they are put in their places. */
static void
the_last_thousands_of_very_many_are_remembered(void **state)
{
	const uint64_t all = 2 * (uint64_t)SEEN_NOTED + 7;
	struct seen *s = seen_new();
	size_t lost = 0;

	(void)state;
	for (uint64_t i = 0; i < all; i++)
		seen_add(s, card, i * 25, i * 25 + 19);
	for (uint64_t i = all - 4000; i < all; i++)
		lost += !seen_before(s, card, i * 25, i * 25 + 19);
	assert_int_equal(lost, 0);
	seen_free(s);
}

static void
nothing_is_seen_of_what_was_only_noted_when_another_object_begins(void **state)
{
	struct seen *s = seen_new();

	(void)state;
	seen_add(s, card, 100, 116);
	seen_clear(s);
	assert_false(seen_before(s, card, 100, 116));
	seen_add(s, card, 200, 216);
	assert_true(seen_before(s, card, 200, 216));
	assert_false(seen_before(s, card, 100, 116));
	seen_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_stretch_is_seen_where_one_of_its_type_overlaps),
	    cmocka_unit_test(long_stretches_are_seen_at_both_ends),
	    cmocka_unit_test(another_place_has_offsets_of_its_own),
	    cmocka_unit_test(thousands_are_remembered),
	    cmocka_unit_test(the_last_thousands_of_very_many_are_remembered),
	    cmocka_unit_test(
		nothing_is_seen_of_what_was_only_noted_when_another_object_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
