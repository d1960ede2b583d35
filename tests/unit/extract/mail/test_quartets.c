#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "extract/mail/quartets.h"

#define MOST 160

/* One quartet at a time. */
static size_t
slowly(struct span s, uint8_t *dst)
{
	size_t i = 0;

	for (; s.len - i >= 4; i += 4, dst += 3) {
		uint32_t v = 0;

		for (size_t k = 0; k < 4; k++) {
			uint8_t d = quartets_digit(s.ptr[i + k]);

			if (d == QUARTETS_NONE)
				return i;
			v = v << 6 | d;
		}
		for (unsigned k = 0; k < 3; k++)
			dst[k] = (uint8_t)(v >> (16 - 8 * k));
	}
	return i;
}

static void
same(struct span s)
{
	uint8_t want[MOST + 2], got[MOST + 2];
	size_t n = slowly(s, want);

	assert_int_equal(quartets_decode(s, got), n);
	assert_memory_equal(got, want, n / 4 * 3);
}

static void
each_byte_is_told_at_each_place(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789+/-_";
	uint8_t text[MOST];

	(void)state;
	for (size_t i = 0; i < MOST; i++)
		text[i] = (uint8_t)digits[i * 7 % (sizeof(digits) - 1)];
	for (size_t len = 0; len <= MOST; len++)
		same(span_of(text, len));
	for (size_t at = 0; at < MOST; at++)
		for (unsigned c = 0; c < 256; c++) {
			uint8_t was = text[at];

			text[at] = (uint8_t)c;
			same(span_of(text, MOST));
			text[at] = was;
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_byte_is_told_at_each_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
