#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proxy-agent/odbc/wide.h"

static void
text_comes_back_the_same(void **state)
{
	static const char *const texts[] = {
	    "", "plain", "Käse für Jörg", "\xe2\x82\xac", "\xf0\x9f\x98\x80 x"};
	struct buf wide, text;

	(void)state;
	buf_init(&wide, 1024);
	buf_init(&text, 1024);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const void *units;

		buf_clear(&wide);
		buf_clear(&text);
		assert_int_equal(wide_of(&wide, span_str(texts[i])), ST_OK);
		units = wide.data;
		assert_int_equal(wide_text(&text, units, wide.len / 2 - 1),
				 ST_OK);
		assert_true(span_eq(buf_span(&text), span_str(texts[i])));
	}
	buf_fini(&wide);
	buf_fini(&text);
}

static void
a_pair_is_one_letter_and_half_of_one_is_shown_as_such(void **state)
{
	const uint16_t units[] = {0xd83d, 0xde00, 'a',   0xd83d,
				  'b',    0xde00, 0xd83d};
	struct buf text;

	(void)state;
	buf_init(&text, 64);
	assert_int_equal(wide_text(&text, units, 7), ST_OK);
	assert_true(
	    span_eq(buf_span(&text), span_str("\xf0\x9f\x98\x80"
					      "a\xef\xbf\xbd"
					      "b\xef\xbf\xbd\xef\xbf\xbd")));
	buf_fini(&text);
}

static void
bytes_that_are_no_text_are_refused(void **state)
{
	struct buf wide;

	(void)state;
	buf_init(&wide, 64);
	assert_int_equal(wide_of(&wide, span_str("a\xff")), ST_MALFORMED);
	buf_fini(&wide);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_comes_back_the_same),
	    cmocka_unit_test(
		a_pair_is_one_letter_and_half_of_one_is_shown_as_such),
	    cmocka_unit_test(bytes_that_are_no_text_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
