#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/span.h"
#include "base/status.h"

static void
every_status_has_its_own_name_and_a_sentence(void **state)
{
	(void)state;
	for (int i = 0; i < ST__COUNT; i++) {
		assert_true(strlen(status_text((enum status)i)) > 3);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(status_name((enum status)i),
						status_name((enum status)k));
	}
	assert_string_equal(status_name(ST_LIMIT), "limit");
	assert_string_equal(status_name((enum status)999), "unknown");
	assert_non_null(status_text((enum status)999));
}

static void
errno_becomes_a_status(void **state)
{
	(void)state;
	assert_int_equal(status_of_errno(EACCES), ST_DENIED);
	assert_int_equal(status_of_errno(ENOENT), ST_NOTFOUND);
	assert_int_equal(status_of_errno(ENOSPC), ST_FULL);
	assert_int_equal(status_of_errno(EAGAIN), ST_AGAIN);
	assert_int_equal(status_of_errno(EPIPE), ST_CLOSED);
	assert_int_equal(status_of_errno(ENOTTY), ST_IO);
}

static void
spans_compare_and_skip(void **state)
{
	struct span s = span_str("abc");

	(void)state;
	assert_true(span_eq(span_str(NULL), span_str("")));
	assert_false(span_eq(s, span_str("abd")));
	assert_false(span_eq(s, span_str("ab")));
	assert_true(span_eq(span_skip(s, 1), span_str("bc")));
	assert_int_equal(span_skip(s, 3).len, 0);
	assert_int_equal(span_skip(s, 99).len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_status_has_its_own_name_and_a_sentence),
	    cmocka_unit_test(errno_becomes_a_status),
	    cmocka_unit_test(spans_compare_and_skip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
