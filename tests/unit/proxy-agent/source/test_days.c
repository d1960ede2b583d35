#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/source/days.h"

static void
days_are_written_as_each_mailbox_searches(void **state)
{
	static const struct {
		const char *since, *before, *imap, *gmail;
	} rows[] = {
	    {NULL, NULL, "", ""},
	    {"2026-01-31", NULL, "SINCE 31-Jan-2026", "after:1769817600"},
	    {NULL, "2026-03-01", "BEFORE 1-Mar-2026", "before:1772323200"},
	    {"2024-02-29", "2024-12-01", "SINCE 29-Feb-2024 BEFORE 1-Dec-2024",
	     "after:1709164800 before:1733011200"},
	    {"2026-02-31", NULL, NULL, NULL},
	    {"2026-13-01", NULL, NULL, NULL},
	    {NULL, "yesterday", NULL, NULL},
	    {NULL, "", NULL, NULL},
	    {"2026-01-01 SEEN", NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t options[100];
		struct source_target t = {0};
		struct buf imap, gmail;
		struct days d;
		size_t n = 0;

		if (rows[i].since != NULL)
			assert_int_equal(pairs_add(options, sizeof(options), &n,
						   span_str("since"),
						   span_str(rows[i].since)),
					 ST_OK);
		if (rows[i].before != NULL)
			assert_int_equal(pairs_add(options, sizeof(options), &n,
						   span_str("before"),
						   span_str(rows[i].before)),
					 ST_OK);
		t.options.bytes = span_of(options, n);
		if (rows[i].imap == NULL) {
			assert_int_equal(days_read(&t, &d), ST_USAGE);
			continue;
		}
		buf_init(&imap, 100);
		buf_init(&gmail, 100);
		assert_int_equal(days_read(&t, &d), ST_OK);
		assert_int_equal(days_imap(&d, &imap), ST_OK);
		assert_int_equal(days_gmail(&d, &gmail), ST_OK);
		assert_int_equal(buf_add_byte(&imap, 0), ST_OK);
		assert_int_equal(buf_add_byte(&gmail, 0), ST_OK);
		assert_string_equal((const char *)imap.data, rows[i].imap);
		assert_string_equal((const char *)gmail.data, rows[i].gmail);
		buf_fini(&imap);
		buf_fini(&gmail);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(days_are_written_as_each_mailbox_searches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
