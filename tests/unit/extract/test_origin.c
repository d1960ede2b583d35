#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "extract/origin.h"

/* Widths stand where characters begin, and anything between. */
static void
a_walk_may_begin_within_a_character(void **state)
{
	static const uint8_t widths[] = {1, 2, 0xbe, 0xbe, 1};
	static const struct {
		uint64_t from, to;
	} want[] = {{10, 11}, {11, 13}, {11, 13}, {11, 13}, {13, 14}};
	static struct origin_map map;
	const struct text_origin o = {
	    .base = 10, .unit = 1, .map = &map, .widths = widths};
	const struct span text = span_of("a\xe7\xa8\x99z", 5);

	(void)state;
	for (size_t at = 0; at < text.len; at++) {
		struct origin_walk k;

		origin_walk_init(&k, &o, text, at);
		for (size_t off = at; off < text.len; off++) {
			uint64_t from, to;

			origin_walk_to(&k, off, &from, &to);
			assert_int_equal(from, want[off].from);
			assert_int_equal(to, want[off].to);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_walk_may_begin_within_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
