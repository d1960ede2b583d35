#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "master/api/etag.h"

static void
a_header_matches_by_list_star_and_strength(void **state)
{
	static const struct {
		const char *header;
		bool matches, unchanged;
	} cases[] = {
	    {"\"finding-7-3\"", true, true},
	    {" \"a\" , \"finding-7-3\"", true, true},
	    {"*", true, true},
	    {"W/\"finding-7-3\"", false, true},
	    {"\"finding-7-2\"", false, false},
	    {"finding-7-3", false, false},
	    {"", false, false},
	    {NULL, false, false},
	};
	char etag[ETAG_MAX];

	(void)state;
	etag_version(etag, "finding", 7, 3);
	assert_string_equal(etag, "\"finding-7-3\"");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(etag_matches(cases[i].header, etag),
				 cases[i].matches);
		assert_int_equal(etag_unchanged(cases[i].header, etag),
				 cases[i].unchanged);
	}
}

static void
other_bytes_have_another_tag(void **state)
{
	char a[ETAG_MAX], b[ETAG_MAX], c[ETAG_MAX];

	(void)state;
	etag_bytes(a, span_str("one"));
	etag_bytes(b, span_str("one"));
	etag_bytes(c, span_str("two"));
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_header_matches_by_list_star_and_strength),
	    cmocka_unit_test(other_bytes_have_another_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
