#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/trawl/narrow.h"

static void
only_options_that_leave_objects_out_are_told(void **state)
{
	static const struct {
		const char *names[2], *want;
	} rows[] = {
	    {{NULL, NULL}, "{}"},
	    {{"rate", "host_key"}, "{}"},
	    {{"rate", "since"}, "{\"narrowed\":{\"since\":\"x\"}}"},
	    {{"include", "exclude"},
	     "{\"narrowed\":{\"include\":\"x\",\"exclude\":\"x\"}}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t bytes[100];
		struct buf text;
		struct json j;
		size_t n = 0;

		for (size_t k = 0; k < 2 && rows[i].names[k] != NULL; k++)
			assert_int_equal(pairs_add(bytes, sizeof(bytes), &n,
						   span_str(rows[i].names[k]),
						   span_str("x")),
					 ST_OK);
		buf_init(&text, 200);
		json_init(&j, &text);
		json_map(&j);
		narrow_map((struct pairs){span_of(bytes, n)}, &j);
		json_end(&j);
		assert_int_equal(json_done(&j), ST_OK);
		assert_int_equal(buf_add_byte(&text, 0), ST_OK);
		assert_string_equal((const char *)text.data, rows[i].want);
		buf_fini(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_options_that_leave_objects_out_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
