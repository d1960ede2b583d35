#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/pairs.h"

static void
what_was_added_is_found_by_its_name(void **state)
{
	uint8_t room[128];
	size_t len = 0;
	struct pairs w;

	(void)state;
	assert_int_equal(pairs_add(room, sizeof(room), &len, span_str("user"),
				   span_str("ann")),
			 ST_OK);
	assert_int_equal(pairs_add(room, sizeof(room), &len, span_str("empty"),
				   span_str("")),
			 ST_OK);
	assert_int_equal(pairs_add(room, sizeof(room), &len, span_str("nul"),
				   span_of("a\0b", 3)),
			 ST_OK);
	assert_true(pairs_check(span_of(room, len)));
	w = (struct pairs){span_of(room, len)};
	assert_true(span_eq(pairs_find(w, "user"), span_str("ann")));
	assert_non_null(pairs_find(w, "empty").ptr);
	assert_int_equal(pairs_find(w, "empty").len, 0);
	assert_int_equal(pairs_find(w, "nul").len, 3);
	assert_null(pairs_find(w, "use").ptr);
}

static void
what_does_not_fit_changes_nothing(void **state)
{
	uint8_t room[16];
	size_t len = 0;

	(void)state;
	assert_int_equal(pairs_add(room, sizeof(room), &len, span_str("user"),
				   span_str("too long here")),
			 ST_LIMIT);
	assert_int_equal(
	    pairs_add(room, sizeof(room), &len, span_str(""), span_str("x")),
	    ST_MALFORMED);
	assert_int_equal(len, 0);
}

static void
cut_bytes_are_never_sound(void **state)
{
	uint8_t room[64];
	size_t len = 0;

	(void)state;
	assert_int_equal(pairs_add(room, sizeof(room), &len, span_str("key"),
				   span_str("value")),
			 ST_OK);
	for (size_t n = 1; n < len; n++)
		assert_false(pairs_check(span_of(room, n)));
}

static void
pairs_end_where_zeros_begin(void **state)
{
	static uint8_t room[64];
	size_t len = 0;

	(void)state;
	assert_int_equal(pairs_add(room, sizeof(room), &len, span_str("key"),
				   span_of("a\0b", 3)),
			 ST_OK);
	assert_int_equal(
	    pairs_before_zeros(span_of(room, sizeof(room))).bytes.len, len);
	assert_int_equal(pairs_before_zeros(span_of(room + len, 8)).bytes.len,
			 0);
	assert_int_equal(pairs_before_zeros(span_of(room, len)).bytes.len, len);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_added_is_found_by_its_name),
	    cmocka_unit_test(what_does_not_fit_changes_nothing),
	    cmocka_unit_test(cut_bytes_are_never_sound),
	    cmocka_unit_test(pairs_end_where_zeros_begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
