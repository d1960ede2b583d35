#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "base/utf.h"

static void
decoding_takes_only_shortest_forms_of_scalar_values(void **state)
{
	static const struct {
		const char *bytes;
		size_t want;
		uint32_t cp;
	} cases[] = {
	    {"A", 1, 'A'},
	    {"\xc3\xa9", 2, 0xe9},
	    {"\xe2\x86\x92", 3, 0x2192},
	    {"\xf0\x9f\x90\x9f", 4, 0x1f41f},
	    {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
	    {"\xf4\x90\x80\x80", 0, 0}, /* above the last */
	    {"\xed\xa0\x80", 0, 0},     /* a surrogate */
	    {"\xc0\x80", 0, 0},         /* overlong NUL */
	    {"\xc1\xbf", 0, 0},
	    {"\xe0\x80\x80", 0, 0},
	    {"\xf0\x80\x80\x80", 0, 0},
	    {"\x80", 0, 0},
	    {"\xff", 0, 0},
	    {"\xc3", 0, 0}, /* cut short */
	    {"\xe2\x86", 0, 0},
	    {"\xc3\x41", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t cp = 0;

		assert_int_equal(utf_decode(span_str(cases[i].bytes), &cp),
				 cases[i].want);
		assert_int_equal(cp, cases[i].cp);
	}
}

static void
encoding_and_decoding_agree_on_every_scalar_value(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x110000; cp++) {
		uint8_t bytes[4];
		size_t n = utf_encode(cp, bytes);
		uint32_t back = 0;

		if ((cp >= 0xd800 && cp <= 0xdfff) || cp > 0x10ffff) {
			assert_int_equal(n, 0);
			continue;
		}
		assert_int_equal(utf_decode(span_of(bytes, n), &back), n);
		assert_int_equal(back, cp);
	}
}

static void
the_valid_beginning_ends_at_the_first_bad_byte(void **state)
{
	(void)state;
	assert_int_equal(utf_valid_prefix(span_str("0123456789abcdef\xff")),
			 16);
	assert_int_equal(utf_valid_prefix(span_str("0123456\xc3\xa9\x80")), 9);
	assert_true(utf_valid(span_str("caf\xc3\xa9 0123456789")));
	assert_true(utf_valid(span_of(NULL, 0)));
	assert_false(utf_valid(span_str("0123456789\xc3")));
}

/* All edges of three bytes: first, second and third at both ends and beyond. */
static void
three_bytes_are_valid_when_they_decode(void **state)
{
	static const uint8_t edges[] = {0x41, 0x7f, 0x80, 0x9f, 0xa0,
					0xbf, 0xc0, 0xe1, 0xff};

	(void)state;
	for (unsigned first = 0x80; first < 0x100; first++)
		for (size_t i = 0; i < sizeof(edges); i++)
			for (size_t k = 0; k < sizeof(edges); k++) {
				uint8_t three[] = {(uint8_t)first, edges[i],
						   edges[k]};
				struct span s = span_of(three, sizeof(three));
				uint32_t cp;
				size_t n = utf_decode(s, &cp);

				if (n == 2)
					n += utf_decode(span_skip(s, 2), &cp);
				assert_int_equal(utf_valid_prefix(s), n);
			}
}

static void
bytes_that_are_not_text_become_escapes(void **state)
{
	static const struct {
		const char *bytes, *want;
	} cases[] = {
	    {"/srv/plain", "/srv/plain"},    {"caf\xc3\xa9", "caf\xc3\xa9"},
	    {"caf\xe9.txt", "caf\\xe9.txt"}, {"a\\b", "a\\b"},
	    {"\xff\xfe", "\\xff\\xfe"},      {"\xc3", "\\xc3"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out;

		buf_init(&out, 64);
		assert_int_equal(utf_from_bytes(&out, span_str(cases[i].bytes)),
				 ST_OK);
		assert_true(str_is(buf_span(&out), cases[i].want));
		buf_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		decoding_takes_only_shortest_forms_of_scalar_values),
	    cmocka_unit_test(encoding_and_decoding_agree_on_every_scalar_value),
	    cmocka_unit_test(the_valid_beginning_ends_at_the_first_bad_byte),
	    cmocka_unit_test(three_bytes_are_valid_when_they_decode),
	    cmocka_unit_test(bytes_that_are_not_text_become_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
