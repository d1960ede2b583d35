#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/stamp.h"

static void
times_are_read_as_servers_write_them(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} rows[] = {
	    {"1970-01-01T00:00:09.000Z", 9},
	    {"2026-11-22T10:11:12Z", 1795342272},
	    {"2026-11-22T10:11:12.345678", 1795342272},
	    {"Sun, 22 Nov 2026 10:11:12 GMT", 1795342272},
	    {"1969-12-31T23:59:59Z", -1},
	    {"", 0},
	    {"yesterday", 0},
	    {"2026-11-22", 0},
	    {"2026-13-22T10:11:12Z", 0},
	    {"2026-11-22T10:11:12Z and words that no server has behind its "
	     "times",
	     0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(stamp_parse(span_str(rows[i].text)),
				 rows[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(times_are_read_as_servers_write_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
