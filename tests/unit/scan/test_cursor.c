#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/director.h"

static void
what_is_packed_is_unpacked(void **state)
{
	struct span at;
	uint32_t root;
	struct buf b;

	(void)state;
	buf_init(&b, ORDER_CURSOR_MAX);
	assert_int_equal(cursor_pack(70000, span_str("a/b"), &b), ST_OK);
	assert_int_equal(cursor_unpack(buf_span(&b), &root, &at), ST_OK);
	assert_int_equal(root, 70000);
	assert_true(span_eq(at, span_str("a/b")));
	buf_fini(&b);
}

static void
nothing_means_the_beginning(void **state)
{
	struct span at = span_str("x");
	uint32_t root = 9;

	(void)state;
	assert_int_equal(cursor_unpack(span_of(NULL, 0), &root, &at), ST_OK);
	assert_int_equal(root, 0);
	assert_int_equal(at.len, 0);
}

static void
damage_and_other_versions_are_refused(void **state)
{
	static const char *const bad[] = {"\1", "\1\1\1\1", "\2\1\1\1\1abc"};
	struct span at;
	uint32_t root;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(cursor_unpack(span_str(bad[i]), &root, &at),
				 ST_MALFORMED);
}

static void
a_position_that_is_too_long_is_refused(void **state)
{
	static const uint8_t path[ORDER_CURSOR_MAX];
	struct buf b;

	(void)state;
	buf_init(&b, 2 * ORDER_CURSOR_MAX);
	assert_int_equal(cursor_pack(0, span_of(path, sizeof(path)), &b),
			 ST_LIMIT);
	assert_int_equal(b.len, 0);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_packed_is_unpacked),
	    cmocka_unit_test(nothing_means_the_beginning),
	    cmocka_unit_test(damage_and_other_versions_are_refused),
	    cmocka_unit_test(a_position_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
