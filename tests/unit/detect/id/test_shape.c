#include "unit/detect/finds.h"

#include "detect/id/shape.h"

struct bench {
	struct arena a;
	struct shape s;
	const char *what;
};

static enum status
parse(struct bench *b, const char *text)
{
	arena_init(&b->a, 1 << 20);
	return shape_parse(span_str(text), &b->a, &b->s, &b->what);
}

static void
lengths_and_templates_become_groups(void **state)
{
	static const struct {
		const char *text;
		uint8_t group[SHAPE_GROUPS];
		const char *seps;
		uint64_t digits, uppers, either;
		size_t places;
	} cases[] = {
	    {"16", {16}, "", 0xffff, 0, 0xffff, 0},
	    {"###.###.###-##", {3, 3, 3, 2}, "..-", 0x3777, 0, 0x3777, 0},
	    {"@@ ## ## ##", {2, 2, 2, 2}, "   ", 0x6d8, 3, 0x6db, 0},
	    {"*####*", {6}, "", 0x1e, 0, 0x3f, 0},
	    {"DE#{4}@", {7}, "", 0x3c, 0x43, 0x7f, 2},
	    {"[A-CX]#{7}", {8}, "", 0xfe, 1, 0xff, 1},
	    {"[0-39]#####", {6}, "", 0x3f, 0, 0x3f, 1},
	    {"######[0-9A-Z]*", {8}, "", 0x3f, 0, 0xff, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench b;

		assert_int_equal(parse(&b, cases[i].text), ST_OK);
		for (size_t g = 0; g < b.s.groups; g++)
			assert_int_equal(b.s.group[g], cases[i].group[g]);
		for (size_t g = 1; g < b.s.groups; g++)
			assert_int_equal(
			    b.s.sep[g],
			    shape_sep((uint8_t)cases[i].seps[g - 1]));
		assert_int_equal(b.s.groups, strlen(cases[i].seps) + 1);
		assert_int_equal(b.s.digits, cases[i].digits);
		assert_int_equal(b.s.uppers, cases[i].uppers);
		assert_int_equal(b.s.either, cases[i].either);
		assert_int_equal(b.s.place_count, cases[i].places);
		arena_fini(&b.a);
	}
}

static void
what_is_no_shape_is_told_in_words(void **state)
{
	static const struct {
		const char *text, *word;
	} cases[] = {
	    {"4-x", "capitals"},
	    {"", "must"},
	    {"5", "than 6"},
	    {"#####", "than 6"},
	    {"###-###-", "end with"},
	    {"-######", "before"},
	    {"###--###", "before"},
	    {"@@@@@@@@@@##", "first 8"},
	    {"[a-z]#####", "set"},
	    {"[A-Z#####", "capitals"},
	    {"#{0}######", "capitals"},
	    {"#{41}", "capitals"},
	    {"41", "lengths"},
	    {"#{40}#", "40"},
	    {"1-1-1-1-1-1-1-1-1", "8 groups"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench b;

		if (parse(&b, cases[i].text) != ST_MALFORMED ||
		    strstr(b.what, cases[i].word) == NULL)
			fail_msg("'%s': %s", cases[i].text, b.what);
		arena_fini(&b.a);
	}
}

static void
lengths_are_joined_by_one_separator(void **state)
{
	struct bench b;
	struct shape joined;

	(void)state;
	assert_int_equal(parse(&b, "4-6-5"), ST_OK);
	assert_true(b.s.lengths);
	shape_join(&b.s, shape_sep(' '), &joined);
	assert_int_equal(joined.bytes, 17);
	assert_int_equal(joined.digits, 0x1f7ef);
	assert_int_equal(joined.sep[0], 0);
	assert_int_equal(joined.sep[1], shape_sep(' '));
	assert_int_equal(joined.sep[2], shape_sep(' '));
	arena_fini(&b.a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lengths_and_templates_become_groups),
	    cmocka_unit_test(what_is_no_shape_is_told_in_words),
	    cmocka_unit_test(lengths_are_joined_by_one_separator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
