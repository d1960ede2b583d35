#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/swift/parts.h"

static void
segments_are_known_by_name_and_by_the_beginning_of_their_names(void **state)
{
	static const struct {
		const char *name;
		bool is;
	} rows[] = {
	    {"c/b", true},       {"c/a", true},         {"c/ab", true},
	    {"c/", false},       {"c/abc", false},      {"c/A", false},
	    {"d/seg/", true},    {"d/seg/1", true},     {"d/seg", false},
	    {"d/seg2/1", false}, {"caf\xC3\xA9", true}, {"caf", false},
	    {"", false},
	};
	struct swift_parts p;

	(void)state;
	swift_parts_init(&p);
	assert_int_equal(swift_parts_add(&p, span_str("c/b")), ST_OK);
	assert_int_equal(swift_parts_add(&p, span_str("caf\xC3\xA9")), ST_OK);
	assert_int_equal(swift_parts_add(&p, span_str("c/ab")), ST_OK);
	assert_int_equal(swift_parts_add(&p, span_str("c/a")), ST_OK);
	assert_int_equal(swift_parts_prefix(&p, span_str("d/seg/")), ST_OK);
	swift_parts_end(&p);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(swift_parts_has(&p, span_str(rows[i].name)),
				 rows[i].is);
	swift_parts_fini(&p);
}

static void
nothing_is_a_segment_where_none_was_named(void **state)
{
	struct swift_parts p;

	(void)state;
	swift_parts_init(&p);
	swift_parts_end(&p);
	assert_false(swift_parts_has(&p, span_str("c/a")));
	assert_false(swift_parts_has(&p, span_str("")));
	swift_parts_fini(&p);
}

static void
more_names_than_are_kept_are_a_limit_and_those_before_are_known(void **state)
{
	enum status st = ST_OK;
	struct swift_parts p;
	char name[32];
	size_t n = 0;

	(void)state;
	swift_parts_init(&p);
	while (st == ST_OK && n <= SWIFT_PARTS) {
		snprintf(name, sizeof(name), "c/%zu", n);
		st = swift_parts_add(&p, span_str(name));
		n += st == ST_OK;
	}
	assert_int_equal(st, ST_LIMIT);
	assert_int_equal(n, SWIFT_PARTS);
	swift_parts_end(&p);
	assert_true(swift_parts_has(&p, span_str("c/0")));
	snprintf(name, sizeof(name), "c/%zu", n - 1);
	assert_true(swift_parts_has(&p, span_str(name)));
	snprintf(name, sizeof(name), "c/%zu", n);
	assert_false(swift_parts_has(&p, span_str(name)));
	swift_parts_fini(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		segments_are_known_by_name_and_by_the_beginning_of_their_names),
	    cmocka_unit_test(nothing_is_a_segment_where_none_was_named),
	    cmocka_unit_test(
		more_names_than_are_kept_are_a_limit_and_those_before_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
