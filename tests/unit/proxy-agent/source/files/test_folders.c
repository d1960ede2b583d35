#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/source/files/folders.h"

static void
add(struct folders *f, const char *name)
{
	const struct folder_entry e = {.size = strlen(name)};

	assert_int_equal(folders_add(f, span_str(name), &e), ST_OK);
}

static void
names_come_in_bytewise_order_whatever_the_server_says(void **state)
{
	static const char *const given[] = {"b", "a.txt", "\xc3\xa9",
					    "a", "B",     "a-"};
	static const char *const want[] = {"B",     "a", "a-",
					   "a.txt", "b", "\xc3\xa9"};
	struct folders f = {0};
	size_t n = sizeof(given) / sizeof(given[0]);

	(void)state;
	assert_int_equal(folders_push(&f, 5), ST_OK);
	for (size_t i = 0; i < n; i++)
		add(&f, given[i]);
	folders_sort(&f);
	for (size_t i = 0; i < n; i++) {
		struct span name = folders_name(folders_here(&f), i);

		assert_true(span_eq(name, span_str(want[i])));
		assert_int_equal(folders_here(&f)->entries[i].size,
				 strlen(want[i]));
	}
	assert_int_equal(folders_here(&f)->path_len, 5);
	folders_fini(&f);
}

static void
a_position_is_the_first_name_not_before_it(void **state)
{
	static const struct {
		const char *name;
		size_t want;
	} cases[] = {{"", 0}, {"b", 0}, {"c", 1}, {"d", 1}, {"e", 2}};
	struct folders f = {0};

	(void)state;
	assert_int_equal(folders_push(&f, 0), ST_OK);
	add(&f, "d");
	add(&f, "b");
	folders_sort(&f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(folders_find(&f, span_str(cases[i].name)),
				 cases[i].want);
	folders_fini(&f);
}

static void
a_way_without_end_is_ended(void **state)
{
	struct folders f = {0};

	(void)state;
	for (size_t i = 0; i < FOLDERS_DEPTH; i++)
		assert_int_equal(folders_push(&f, i), ST_OK);
	assert_int_equal(folders_push(&f, 0), ST_LIMIT);
	add(&f, "still here");
	folders_pop(&f);
	assert_int_equal(folders_here(&f)->path_len, FOLDERS_DEPTH - 2);
	folders_fini(&f);
	assert_int_equal(f.bytes, 0);
}

static void
a_folder_of_too_many_names_is_a_limit_and_keeps_what_it_has(void **state)
{
	static const struct folder_entry none;
	char name[4096];
	struct folders f = {0};
	size_t n = 0;

	(void)state;
	memset(name, 'x', sizeof(name));
	assert_int_equal(folders_push(&f, 0), ST_OK);
	while (folders_add(&f, span_of(name, sizeof(name)), &none) == ST_OK)
		n++;
	assert_true(f.bytes <= FOLDERS_BYTES);
	assert_int_equal(folders_here(&f)->count, n);
	assert_true(n > 10000);
	folders_pop(&f);
	assert_int_equal(f.bytes, 0);
	folders_fini(&f);
}

static void
what_a_source_keeps_with_a_name_stays_with_it(void **state)
{
	static const char *const names[] = {"c", "a", "b"};
	struct folders f = {0};

	(void)state;
	assert_int_equal(folders_push(&f, 0), ST_OK);
	for (size_t i = 0; i < 3; i++) {
		add(&f, names[i]);
		if (i != 1)
			assert_int_equal(
			    folders_keep(&f, span_of("tail of c and b", 1 + i)),
			    ST_OK);
	}
	folders_sort(&f);
	assert_int_equal(folders_tail(folders_here(&f), 0).len, 0);
	assert_int_equal(folders_tail(folders_here(&f), 1).len, 3);
	assert_int_equal(folders_tail(folders_here(&f), 2).len, 1);
	assert_true(span_eq(folders_name(folders_here(&f), 1), span_str("b")));
	folders_pop(&f);
	assert_int_equal(f.bytes, 0);
	folders_fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		names_come_in_bytewise_order_whatever_the_server_says),
	    cmocka_unit_test(a_position_is_the_first_name_not_before_it),
	    cmocka_unit_test(a_way_without_end_is_ended),
	    cmocka_unit_test(
		a_folder_of_too_many_names_is_a_limit_and_keeps_what_it_has),
	    cmocka_unit_test(what_a_source_keeps_with_a_name_stays_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
