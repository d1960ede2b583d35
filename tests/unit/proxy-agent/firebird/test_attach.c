#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "proxy-agent/firebird/attach.h"

#define TIMEOUT 57 /* isc_dpb_connect_timeout */

/* Behind the version: a name, a length, so many bytes, the least first. */
static uint32_t
number_of(struct span dpb, uint8_t name)
{
	uint32_t n = 0;

	for (size_t i = 1; i + 1 < dpb.len; i += 2u + dpb.ptr[i + 1])
		for (size_t k = dpb.ptr[i + 1]; dpb.ptr[i] == name && k > 0;
		     k--)
			n = n << 8 | dpb.ptr[i + 1 + k];
	return n;
}

/* A server that has much to do stands at once and is late to greet. */
static void
the_library_waits_for_the_greeting_as_long_as_for_a_sign_in(void **state)
{
	const struct sql_to to = {
	    .user = "anna",
	    .password = "made up",
	    .patience = {.connect_ms = 4000, .sign_in_ms = 30000}};
	struct buf dpb;

	(void)state;
	buf_init(&dpb, 4096);
	assert_int_equal(firebird_parameters(&dpb, &to), ST_OK);
	assert_int_equal(number_of(buf_span(&dpb), TIMEOUT), 34);
	buf_fini(&dpb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		the_library_waits_for_the_greeting_as_long_as_for_a_sign_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
