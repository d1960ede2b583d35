#include "unit/detect/finds.h"

#include "base/utf.h"
#include "detect/decide/mask.h"

#define D  "\xe2\x80\xa2"
#define D3 D D D
#define D8 D D D D D D D D

static void
each_style_shows_what_its_rule_says(void **state)
{
	static const struct {
		struct mask_rule rule;
		const char *raw, *want;
	} cases[] = {
	    {{MASK_EACH, 6, 4}, "4111111111111111", "411111" D3 D3 "1111"},
	    {{MASK_EACH, 6, 4},
	     "4929 8112 3456 7743",
	     "4929 81" D D " " D D D D " 7743"},
	    {{MASK_EACH, 6, 4}, "4222222222222", "4222" D3 D D "2222"},
	    {{MASK_EACH, 6, 4}, "501812345678", "501" D3 D D "5678"},
	    {{MASK_EACH, 0, 4}, "536-22-8725", D3 "-" D D "-8725"},
	    {{MASK_EACH, 2, 4}, "DE8937", D3 D D "7"},
	    {{MASK_EACH, 3, 2}, "+49 30 1234567", "+49 3" D " " D3 D D "67"},
	    {{MASK_EMAIL, 0, 0}, "anna@acme.co.uk", "a" D3 "@a" D3 ".uk"},
	    {{MASK_FIXED, 4, 0}, "AKIAQLT5OB7MWSXN2Y4D", "AKIA" D8},
	    {{MASK_FIXED, 8, 0}, "short", "s" D8},
	    {{MASK_FIXED, 4, 0}, "ab", D8},
	    {{MASK_LINE, 0, 0},
	     "-----BEGIN X-----\nabc",
	     "-----BEGIN X----- " D8},
	    {{MASK_FIXED, 4, 0},
	     "a\nb\xff"
	     "cdefghijkl",
	     "a" D "b" D D8},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t out[MASK_ROOM + 1];
		size_t n =
		    mask_value(&cases[i].rule, span_str(cases[i].raw), out);

		out[n] = 0;
		assert_string_equal((char *)out, cases[i].want);
	}
}

static void
any_rule_on_any_bytes_gives_short_utf8_that_hides(void **state)
{
	uint64_t rng = 5;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		struct mask_rule r = {(enum mask_style)(dice(&rng) % 4),
				      (uint8_t)(dice(&rng) % 17),
				      (uint8_t)(dice(&rng) % 5)};
		size_t len = 1 + dice(&rng) % 300, n;
		uint8_t raw[300], out[MASK_ROOM];

		for (size_t i = 0; i < len; i++)
			raw[i] = round % 2 == 0
				     ? (uint8_t)dice(&rng)
				     : (uint8_t)('0' + dice(&rng) % 10);
		n = mask_value(&r, span_of(raw, len), out);
		assert_in_range(n, 1, MASK_ROOM);
		assert_true(utf_valid(span_of(out, n)));
		assert_null(memchr(out, '\n', n));
		if (r.style != MASK_LINE && len > 3)
			assert_null(memmem(out, n, raw, len));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_style_shows_what_its_rule_says),
	    cmocka_unit_test(any_rule_on_any_bytes_gives_short_utf8_that_hides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
