#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/str.h"

static void
past_the_cap_nothing_changes(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_int_equal(buf_add_str(&b, "12345678"), ST_OK);
	assert_int_equal(buf_add_str(&b, "9ab"), ST_LIMIT);
	assert_true(str_is(buf_span(&b), "12345678"));
	assert_int_equal(buf_add_str(&b, "9a"), ST_OK);
	assert_int_equal(buf_add_byte(&b, 'b'), ST_LIMIT);
	assert_int_equal(buf_reserve(&b, SIZE_MAX), ST_LIMIT);
	assert_true(b.room <= b.cap);
	buf_fini(&b);
}

static void
dropping_keeps_the_rest(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	assert_int_equal(buf_add_str(&b, "abcdef"), ST_OK);
	buf_drop(&b, 0);
	buf_drop(&b, 2);
	assert_true(str_is(buf_span(&b), "cdef"));
	buf_drop(&b, 4);
	assert_int_equal(b.len, 0);
	buf_fini(&b);
}

static void
it_grows_as_long_as_it_may(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100000);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(buf_add_byte(&b, (uint8_t)i), ST_OK);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(b.data[i], (uint8_t)i);
	assert_int_equal(b.room, 100000);
	buf_clear(&b);
	assert_int_equal(b.data[99999], 0);
	buf_fini(&b);
	assert_null(b.data);
}

static void
formatting_appends_what_printf_would(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 16);
	assert_int_equal(buf_addf(&b, "%d-%s", 42, "x"), ST_OK);
	assert_int_equal(buf_addf(&b, "%s", ""), ST_OK);
	assert_true(str_is(buf_span(&b), "42-x"));
	assert_int_equal(buf_addf(&b, "%s", "far too long for it"), ST_LIMIT);
	assert_true(str_is(buf_span(&b), "42-x"));
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(past_the_cap_nothing_changes),
	    cmocka_unit_test(dropping_keeps_the_rest),
	    cmocka_unit_test(it_grows_as_long_as_it_may),
	    cmocka_unit_test(formatting_appends_what_printf_would),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
