#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/filter.h"

#define NOW 1000000000

static struct filter
make(const char *name, const char *value, struct span *bad)
{
	static uint8_t room[256];
	size_t len = 0;

	assert_int_equal(pairs_add(room, sizeof(room), &len, span_str(name),
				   span_str(value)),
			 ST_OK);
	return filter_of((struct pairs){span_of(room, len)}, NOW, bad);
}

static void
each_option_takes_what_it_says(void **state)
{
	static const struct {
		const char *name, *value, *path;
		uint64_t size;
		int64_t mtime;
		bool want;
	} cases[] = {
	    {"include", "*.txt,*.csv", "a/b.csv", 1, 1, true},
	    {"include", "*.txt,*.csv", "a/b.doc", 1, 1, false},
	    {"include", "a/**", "a/b/c", 1, 1, true},
	    {"include", "a/**", "b/c", 1, 1, false},
	    {"exclude", "*.iso", "x.iso", 1, 1, false},
	    {"exclude", "*.iso", "x.txt", 1, 1, true},
	    {"max_size", "1k", "x", 1024, 1, true},
	    {"max_size", "1k", "x", 1025, 1, false},
	    {"newer", "1h", "x", 1, NOW - 3599, true},
	    {"newer", "1h", "x", 1, NOW - 3601, false},
	    {"newer", "1h", "x", 1, 0, true},
	    {"older", "1h", "x", 1, NOW - 3599, false},
	    {"older", "1h", "x", 1, NOW - 3601, true},
	    {"other", "x", "x", 1, 1, true},
	};
	struct span bad;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filter f = make(cases[i].name, cases[i].value, &bad);

		assert_int_equal(bad.len, 0);
		assert_int_equal(filter_takes(&f, span_str(cases[i].path),
					      cases[i].size, cases[i].mtime),
				 cases[i].want);
	}
}

static void
a_folder_that_is_excluded_is_not_entered(void **state)
{
	struct span bad;
	struct filter f = make("exclude", "cache,.git", &bad);

	(void)state;
	assert_false(filter_enters(&f, span_str("a/cache")));
	assert_true(filter_enters(&f, span_str("a/caches")));
	f = make("include", "*.txt", &bad);
	assert_true(filter_enters(&f, span_str("a")));
}

static void
a_value_that_cannot_be_read_is_named(void **state)
{
	struct span bad;

	(void)state;
	make("max_size", "big", &bad);
	assert_true(span_eq(bad, span_str("max_size")));
	make("newer", "yesterday", &bad);
	assert_true(span_eq(bad, span_str("newer")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_option_takes_what_it_says),
	    cmocka_unit_test(a_folder_that_is_excluded_is_not_entered),
	    cmocka_unit_test(a_value_that_cannot_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
