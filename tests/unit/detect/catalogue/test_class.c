#include "unit/detect/finds.h"

#include "detect/catalogue/class.h"

static void
a_run_is_a_set_and_a_count(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint32_t min, max;
		const char *in, *out;
	} cases[] = {
	    {"[a-c]", true, 1, 1, "abc", "dA-"},
	    {"[A-Za-z0-9_-]{20,64}", true, 20, 64, "Az09_-", ".+"},
	    {"[a-c-]{3}", true, 3, 3, "abc-", "d"},
	    {"[a\\x80-\\xFF]", true, 1, 1, "a\x80\xff", "b"},
	    {"[\\]\\\\\\n]{0,2}", true, 0, 2, "]\\\n", "n["},
	    {"[c-a]", false, 0, 0, "", ""},
	    {"[\\x8]", false, 0, 0, "", ""},
	    {"[\\x8", false, 0, 0, "", ""},
	    {"[a", false, 0, 0, "", ""},
	    {"a-c]", false, 0, 0, "", ""},
	    {"[a]{", false, 0, 0, "", ""},
	    {"[a]{3,2}", false, 0, 0, "", ""},
	    {"[a]{1,16001}", false, 0, 0, "", ""},
	    {"[a]x", false, 0, 0, "", ""},
	    {"[a\\", false, 0, 0, "", ""},
	    {"", false, 0, 0, "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct class_run r = {.min = 7};

		assert_int_equal(class_parse(span_str(cases[i].text), &r),
				 cases[i].ok);
		if (!cases[i].ok)
			continue;
		assert_int_equal(r.min, cases[i].min);
		assert_int_equal(r.max, cases[i].max);
		for (const char *c = cases[i].in; *c != 0; c++)
			assert_true(class_has(&r.set, (uint8_t)*c));
		for (const char *c = cases[i].out; *c != 0; c++)
			assert_false(class_has(&r.set, (uint8_t)*c));
	}
}

static void
runs_are_measured_both_ways_up_to_a_limit(void **state)
{
	struct span text = span_str("xxabcabcyy");
	struct class_run r;

	(void)state;
	assert_true(class_parse(span_str("[a-c]{1,9}"), &r));
	assert_int_equal(class_forward(&r.set, text, 2, 99), 6);
	assert_int_equal(class_forward(&r.set, text, 2, 4), 4);
	assert_int_equal(class_forward(&r.set, text, 10, 4), 0);
	assert_int_equal(class_backward(&r.set, text, 8, 99), 6);
	assert_int_equal(class_backward(&r.set, text, 8, 2), 2);
	assert_int_equal(class_backward(&r.set, text, 0, 2), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_run_is_a_set_and_a_count),
	    cmocka_unit_test(runs_are_measured_both_ways_up_to_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
