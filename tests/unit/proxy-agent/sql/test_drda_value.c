#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/sql/drda_row.h"
#include "proxy-agent/sql/drda_value.h"

static void
types_are_found_with_and_without_the_bit_of_nullable(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i += 2)
		assert_ptr_equal(drda_type_of((uint8_t)i),
				 drda_type_of((uint8_t)(i + 1)));
	assert_int_equal(drda_type_of(0x03)->value, DRDA_INTEGER);
	assert_int_equal(drda_type_of(0xc8)->shape, DRDA_LARGE);
	assert_null(drda_type_of(0x00));
	assert_null(drda_type_of(0xfe));
}

static void
values_are_the_text_that_people_read(void **state)
{
	static const struct {
		enum drda_value value;
		uint16_t length;
		bool little;
		struct span bytes;
		const char *want; /* NULL: they make no sense */
	} cases[] = {
	    {DRDA_INTEGER, 2, false, {(const uint8_t *)"\x12\x34", 2}, "4660"},
	    {DRDA_INTEGER, 2, true, {(const uint8_t *)"\xfe\xff", 2}, "-2"},
	    {DRDA_INTEGER, 0, true, {(const uint8_t *)"", 0}, NULL},
	    {DRDA_FLOAT, 4, false, {(const uint8_t *)"?\0\0\0", 4}, "0.5"},
	    {DRDA_FLOAT, 3, false, {(const uint8_t *)"?\0\0", 3}, NULL},
	    {DRDA_DECIMAL,
	     0x302,
	     false,
	     {(const uint8_t *)"\x12\x3d", 2},
	     "-1.23"},
	    {DRDA_DECIMAL,
	     0x303,
	     false,
	     {(const uint8_t *)"\x00\x5c", 2},
	     "0.005"},
	    {DRDA_DECIMAL,
	     0x302,
	     false,
	     {(const uint8_t *)"\x12\x34", 2},
	     NULL},
	    {DRDA_BOOLEAN, 1, false, {(const uint8_t *)"\1", 1}, "true"},
	    {DRDA_BOOLEAN, 1, false, {(const uint8_t *)"\0", 1}, "false"},
	    {DRDA_BYTES, 3, false, {(const uint8_t *)"abc", 3}, "abc"},
	    {DRDA_TIME, 8, false, {(const uint8_t *)"10.11.12", 8}, "10:11:12"},
	    {DRDA_MIXED, 2, false, {(const uint8_t *)"\xc3\xa9", 2}, "é"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct drda_column c = {.length = cases[i].length,
					      .ccsid = 1208};
		struct buf to;
		enum status st;

		buf_init(&to, 64);
		st = drda_value_add(&to, &c, cases[i].value, cases[i].bytes,
				    cases[i].little);
		if (cases[i].want == NULL) {
			assert_int_equal(st, ST_MALFORMED);
		} else {
			assert_int_equal(st, ST_OK);
			assert_int_equal(to.len, strlen(cases[i].want));
			assert_memory_equal(to.data, cases[i].want, to.len);
		}
		buf_fini(&to);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		types_are_found_with_and_without_the_bit_of_nullable),
	    cmocka_unit_test(values_are_the_text_that_people_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
