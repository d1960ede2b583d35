#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/cloud/json.h"

static const char answer[] =
    "{\"a\":{\"b\":\"text\",\"list\":[{\"c\":\"first\"},{\"c\":\"second\"}]},"
    "\"n\":7,\"as_text\":\"8\",\"below\":-1,\"part\":1.5,\"big\":\"99999999999"
    "999999999\",\"yes\":true,\"no\":false,\"word\":\"true\",\"none\":null,"
    "\"empty\":[]}";

static json_t *
parse(void)
{
	json_t *o = json_loads(answer, 0, NULL);

	assert_non_null(o);
	return o;
}

static void
a_path_leads_through_members_and_first_elements(void **state)
{
	static const struct {
		const char *path, *text;
	} rows[] = {
	    {"a/b", "text"},      {"a/list/0/c", "first"},
	    {"as_text", "8"},     {"a", ""},
	    {"a/b/c", ""},        {"x", ""},
	    {"x/y/z", ""},        {"n", ""},
	    {"none", ""},         {"empty/0/c", ""},
	    {"none/c", ""},       {"", ""},
	    {"a/list/0/c/d", ""},
	};
	json_t *o = parse();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(str_is(cloud_text(o, rows[i].path), rows[i].text));
	assert_true(str_is(cloud_text(NULL, "a"), ""));
	assert_ptr_equal(cloud_at(o, ""), o);
	assert_null(cloud_at(NULL, "a"));
	json_decref(o);
}

static void
a_name_that_is_longer_than_any_is_not_there(void **state)
{
	char path[200];
	json_t *o = parse();

	(void)state;
	memset(path, 'a', sizeof(path) - 1);
	path[sizeof(path) - 1] = 0;
	assert_null(cloud_at(o, path));
	json_decref(o);
}

static void
numbers_are_counts_whether_or_not_they_are_quoted(void **state)
{
	static const struct {
		const char *path;
		bool is;
		uint64_t n;
	} rows[] = {
	    {"n", true, 7},     {"as_text", true, 8}, {"below", false, 0},
	    {"part", false, 0}, {"big", false, 0},    {"a/b", false, 0},
	    {"yes", false, 0},  {"none", false, 0},   {"x", false, 0},
	};
	json_t *o = parse();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t n = 0;

		assert_int_equal(cloud_number(o, rows[i].path, &n), rows[i].is);
		assert_int_equal(n, rows[i].n);
	}
	json_decref(o);
}

static void
only_true_is_true(void **state)
{
	json_t *o = parse();

	(void)state;
	assert_true(cloud_true(o, "yes"));
	assert_false(cloud_true(o, "no"));
	assert_false(cloud_true(o, "word"));
	assert_false(cloud_true(o, "x"));
	json_decref(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_path_leads_through_members_and_first_elements),
	    cmocka_unit_test(a_name_that_is_longer_than_any_is_not_there),
	    cmocka_unit_test(numbers_are_counts_whether_or_not_they_are_quoted),
	    cmocka_unit_test(only_true_is_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
