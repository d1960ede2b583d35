#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"

static void
monotonic_time_never_goes_back(void **state)
{
	const struct clock *c = clock_system();
	uint64_t last = clock_mono_us(c);

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uint64_t now = clock_mono_us(c);

		assert_true(now >= last);
		last = now;
	}
	assert_true(clock_wall_s(c) > 1700000000);
}

static void
fake_time_stands_until_it_is_moved(void **state)
{
	struct clock_fake f;
	uint64_t mono;

	(void)state;
	clock_fake_init(&f, 1000000);
	mono = clock_mono_us(&f.clock);
	assert_int_equal(clock_wall_us(&f.clock), 1000000);
	assert_int_equal(clock_mono_us(&f.clock), mono);
	clock_fake_pass(&f, 2500);
	assert_int_equal(clock_wall_us(&f.clock), 1002500);
	assert_int_equal(clock_mono_us(&f.clock), mono + 2500);
}

static void
time_is_written_as_rfc_3339(void **state)
{
	static const struct {
		int64_t us;
		const char *want;
	} cases[] = {
	    {0, "1970-01-01T00:00:00Z"},
	    {-1, "1969-12-31T23:59:59Z"},
	    {INT64_C(951782400) * 1000000, "2000-02-29T00:00:00Z"},
	    {INT64_C(1700000000) * 1000000 + 999999, "2023-11-14T22:13:20Z"},
	    {INT64_MAX, "9999-12-31T23:59:59Z"},
	    {INT64_MIN, "1000-01-01T00:00:00Z"},
	};
	char text[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		clock_text(cases[i].us, text);
		assert_string_equal(text, cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(monotonic_time_never_goes_back),
	    cmocka_unit_test(fake_time_stands_until_it_is_moved),
	    cmocka_unit_test(time_is_written_as_rfc_3339),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
