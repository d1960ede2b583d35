#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "detect/engine/expr.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct expr_node
root_of(struct expr *e, const char *text)
{
	if (!expr_read(e, text, false))
		fail_msg("%s", text);
	return e->node[e->root];
}

static void
an_expression_tells_how_wide_a_match_is(void **state)
{
	static const struct {
		const char *text;
		uint32_t least, most;
	} cases[] = {
	    {"abc", 3, 3},
	    {"a|bcd", 1, 3},
	    {"(?:ab){2,3}c?", 4, 7},
	    {"\\bkey\\d{4}", 7, 7},
	    {"[a-z]{2,}", 2, EXPR_ENDLESS},
	    {"a*", 0, EXPR_ENDLESS},
	    {"\\xfe\\xed[\\x00-\\xff]{3}", 5, 5},
	    {"(?i:ab)(?-i:c)", 3, 3},
	    {"a\\.b\\[c", 5, 5},
	};
	struct expr e;

	(void)state;
	assert_int_equal(expr_init(&e), ST_OK);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct expr_node n = root_of(&e, cases[i].text);

		if (n.least != cases[i].least || n.most != cases[i].most)
			fail_msg("%s: %u to %u", cases[i].text, n.least,
				 n.most);
	}
	expr_fini(&e);
}

/* The set of an expression of one byte. */
static struct class_set
set_of(struct expr *e, const char *text, bool caseless)
{
	uint16_t i;

	assert_true(expr_read(e, text, caseless));
	for (i = e->root; e->node[i].kind != EXPR_SET; i = e->node[i].child)
		assert_int_not_equal(e->node[i].child, 0);
	return e->node[i].set;
}

static void
a_set_has_the_bytes_that_it_names(void **state)
{
	static const struct {
		const char *text;
		bool caseless;
		uint8_t in, out;
	} cases[] = {
	    {"a", false, 'a', 'A'},      {"a", true, 'A', 'b'},
	    {"(?i:a)", false, 'A', 'b'}, {"(?-i:a)", true, 'a', 'A'},
	    {"[a-c]", false, 'c', 'd'},  {"[^a-c]", false, 'd', 'b'},
	    {"\\d", false, '7', 'a'},    {"\\D", false, 'a', '7'},
	    {"\\w", false, '_', '-'},    {"\\s", false, '\t', 'x'},
	    {".", false, 'x', '\n'},     {"\\xa0", false, 0xa0, 'x'},
	    {"[\\w-]", false, '-', '.'}, {"\\.", false, '.', 'x'},
	};
	struct expr e;

	(void)state;
	assert_int_equal(expr_init(&e), ST_OK);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct class_set set =
		    set_of(&e, cases[i].text, cases[i].caseless);

		if (!class_has(&set, cases[i].in) ||
		    class_has(&set, cases[i].out))
			fail_msg("%s", cases[i].text);
	}
	expr_fini(&e);
}

static void
what_is_not_understood_is_refused(void **state)
{
	static const char *const texts[] = {
	    "(a)\\1", "(?=a)b", "a(?!b)", "(?<name>a)", "a)", "(?:a", "[a-",
	};
	struct expr e;

	(void)state;
	assert_int_equal(expr_init(&e), ST_OK);
	for (size_t i = 0; i < COUNT(texts); i++)
		if (expr_read(&e, texts[i], false))
			fail_msg("%s", texts[i]);
	/* and the next one is read as if nothing had been */
	assert_int_equal(root_of(&e, "abc").least, 3);
	expr_fini(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_expression_tells_how_wide_a_match_is),
	    cmocka_unit_test(a_set_has_the_bytes_that_it_names),
	    cmocka_unit_test(what_is_not_understood_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
