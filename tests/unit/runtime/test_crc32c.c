#include "runtime/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
the_published_values_come_out(void **state)
{
	static const struct {
		const char *text;
		uint32_t want;
	} cases[] = {
	    {"", 0x00000000},
	    {"a", 0xc1d04330},
	    {"123456789", 0xe3069283},
	};
	uint8_t zeros[32] = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *t = cases[i].text;

		assert_int_equal(crc32c(0, t, strlen(t)), cases[i].want);
		assert_int_equal(crc32c_portable(0, t, strlen(t)),
				 cases[i].want);
	}
	assert_int_equal(crc32c(0, zeros, sizeof(zeros)), 0x8a9136aa);
}

static void
both_ways_agree_at_any_length_and_in_parts(void **state)
{
	uint8_t data[300];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + 3);
	for (size_t n = 0; n < sizeof(data); n++) {
		uint32_t whole = crc32c_portable(0, data, n);

		assert_int_equal(crc32c(0, data, n), whole);
		assert_int_equal(
		    crc32c(crc32c(0, data, n / 3), data + n / 3, n - n / 3),
		    whole);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_published_values_come_out),
	    cmocka_unit_test(both_ways_agree_at_any_length_and_in_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
