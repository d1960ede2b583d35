#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "master/store/filter.h"

static void
a_term_is_taken_or_says_why_not(void **state)
{
	static const struct {
		const char *key, *value;
		enum status want;
	} cases[] = {
	    {"risk", "critical", ST_OK},
	    {"-risk", "low", ST_OK},
	    {"risk", "Critical", ST_MALFORMED},
	    {"state", "false_positive", ST_OK},
	    {"state", "", ST_MALFORMED},
	    {"target", "7", ST_OK},
	    {"target", "0", ST_MALFORMED},
	    {"target", "7x", ST_MALFORMED},
	    {"target", "9223372036854775808", ST_MALFORMED},
	    {"type", "card_*", ST_OK},
	    {"q", "'; DROP TABLE finding; --", ST_OK},
	    {"limit", "7", ST_NOTFOUND},
	    {"--risk", "low", ST_NOTFOUND},
	    {"", "x", ST_NOTFOUND},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filter f = {.count = 0};

		assert_int_equal(filter_add(&f, span_str(cases[i].key),
					    span_str(cases[i].value)),
				 cases[i].want);
		assert_int_equal(f.count, cases[i].want == ST_OK);
	}
}

static void
there_is_an_end_to_terms(void **state)
{
	struct filter f = {.count = 0};
	char text[FILTER_TEXT_MAX + 1];

	(void)state;
	for (int i = 0; i < FILTER_TERMS_MAX; i++)
		assert_int_equal(
		    filter_add(&f, span_str("risk"), span_str("low")), ST_OK);
	assert_int_equal(filter_add(&f, span_str("risk"), span_str("low")),
			 ST_LIMIT);
	f.count = 0;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = 'x';
	assert_int_equal(
	    filter_add(&f, span_str("q"), span_of(text, sizeof(text))),
	    ST_LIMIT);
}

static void
the_hash_tells_filters_apart(void **state)
{
	struct filter a = {.count = 0}, b = {.count = 0}, c = {.count = 0};

	(void)state;
	assert_int_equal(filter_add(&a, span_str("q"), span_str("ab")), ST_OK);
	assert_int_equal(filter_add(&b, span_str("-q"), span_str("ab")), ST_OK);
	assert_int_equal(filter_add(&c, span_str("q"), span_str("a")), ST_OK);
	assert_int_equal(filter_add(&c, span_str("q"), span_str("b")), ST_OK);
	assert_int_equal(filter_hash(&a), filter_hash(&a));
	assert_int_not_equal(filter_hash(&a), filter_hash(&b));
	assert_int_not_equal(filter_hash(&a), filter_hash(&c));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_term_is_taken_or_says_why_not),
	    cmocka_unit_test(there_is_an_end_to_terms),
	    cmocka_unit_test(the_hash_tells_filters_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
