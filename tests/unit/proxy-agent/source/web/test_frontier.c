#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/source/web/frontier.h"

static void
add(struct frontier *f, const char *url)
{
	assert_int_equal(frontier_add(f, span_str(url)), ST_OK);
}

static void
a_level_is_in_order_and_each_address_in_it_once(void **state)
{
	static const char *const want[] = {"http://h/", "http://h/a?x=1&y=2",
					   "http://h/b"};
	struct frontier f;

	(void)state;
	assert_int_equal(frontier_open(&f, 100), ST_OK);
	add(&f, "http://h/b");
	add(&f, "http://h/a?x=1&y=2");
	add(&f, "http://h/a?y=2&x=1&utm_source=mail");
	add(&f, "http://h/b;jsessionid=0123");
	add(&f, "http://h/b?PHPSESSID=0123");
	add(&f, "http://h/");
	assert_true(frontier_turn(&f));
	assert_int_equal(f.level, 1);
	assert_int_equal(f.now_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_true(span_eq(f.now[i], span_str(want[i])));
	add(&f, "http://h/b");
	assert_false(frontier_turn(&f));
	assert_false(frontier_meet(&f, span_str("http://h/")));
	assert_true(frontier_meet(&f, span_str("http://h/new")));
	frontier_close(&f);
}

static void
endless_sites_are_cut_and_named_once(void **state)
{
	char url[100];
	struct frontier f;

	(void)state;
	assert_int_equal(frontier_open(&f, 100000), ST_OK);
	for (unsigned i = 0; i < 2 * FRONTIER_QUERIES; i++) {
		snprintf(url, sizeof(url), "http://h/calendar?day=%u", i);
		add(&f, url);
	}
	assert_int_equal(f.next_count, FRONTIER_QUERIES);
	assert_int_equal(f.trap_count, 1);
	add(&f, "http://h/a/b/a/b/a/b");
	assert_int_equal(f.trap_count, 1);
	add(&f, "http://h/a/b/a/b/a/b/a");
	assert_int_equal(f.trap_count, 2);
	frontier_close(&f);
}

static void
there_are_no_more_than_asked_for(void **state)
{
	struct frontier f;

	(void)state;
	assert_int_equal(frontier_open(&f, 2), ST_OK);
	add(&f, "http://h/1");
	add(&f, "http://h/2");
	assert_false(f.full);
	add(&f, "http://h/2");
	assert_false(f.full);
	add(&f, "http://h/3");
	assert_true(f.full);
	assert_int_equal(f.next_count, 2);
	frontier_close(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_level_is_in_order_and_each_address_in_it_once),
	    cmocka_unit_test(endless_sites_are_cut_and_named_once),
	    cmocka_unit_test(there_are_no_more_than_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
