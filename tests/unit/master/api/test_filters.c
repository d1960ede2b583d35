#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/str.h"
#include "master/api/filters.h"

struct fixture {
	struct arena arena;
	struct query query;
	struct filter filter;
	struct problem problem;
};

static enum status
read_text(struct fixture *f, const char *text)
{
	memset(f, 0, sizeof(*f));
	arena_init(&f->arena, 65536);
	assert_int_equal(query_parse(span_str(text), &f->arena, &f->query),
			 ST_OK);
	return filters_read(&f->query, "sort limit", &f->filter, &f->problem);
}

static void
parameters_become_terms_and_others_are_skipped(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(
	    read_text(&f, "risk=high&-state=gone&sort=x&type=card_*&limit=9"),
	    ST_OK);
	assert_int_equal(f.filter.count, 3);
	assert_false(f.filter.terms[0].exclude);
	assert_true(f.filter.terms[1].exclude);
	assert_true(str_is(f.filter.terms[2].text, "card_*"));
	arena_fini(&f.arena);
}

static void
a_node_of_the_tree_means_all_that_lies_in_it(void **state)
{
	static const struct {
		const char *text, *same_as;
	} cases[] = {
	    {"under=t:7", "target=7"},
	    {"under=d:7", "folder=7"},
	    {"under=o:7", "object=7"},
	    {"under=g:Pay%20ments", "group=Pay+ments"},
	    {"under=g:", "group="}, /* hosts that are in no group */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture a, b;

		assert_int_equal(read_text(&a, cases[i].text), ST_OK);
		assert_int_equal(read_text(&b, cases[i].same_as), ST_OK);
		assert_int_equal(filter_hash(&a.filter),
				 filter_hash(&b.filter));
		arena_fini(&a.arena);
		arena_fini(&b.arena);
	}
}

static void
each_wrong_parameter_is_named(void **state)
{
	static const struct {
		const char *text, *pointer;
	} cases[] = {
	    {"colour=red", "?colour"},
	    {"risk=enormous", "?risk"},
	    {"-risk=", "?-risk"},
	    {"target=x", "?target"},
	    {"under=x", "?under"},
	    {"under=t:", "?under"},
	    {"under=t:1&target=1", "?under"},
	    {"under=t:1&under=t:2", "?under"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;

		assert_int_equal(read_text(&f, cases[i].text), ST_MALFORMED);
		assert_int_equal(f.problem.status, 400);
		assert_string_equal(f.problem.errors[0].pointer,
				    cases[i].pointer);
		arena_fini(&f.arena);
	}
}

static void
core_gets_the_same_filter_as_lists_of_values(void **state)
{
	struct fixture f;
	struct buf to;
	struct json j;

	(void)state;
	assert_int_equal(read_text(&f, "risk=high&q=a&risk=low&-state=gone&"
				       "under=d:5"),
			 ST_OK);
	buf_init(&to, 4096);
	json_init(&j, &to);
	filters_json(&f.query, &j);
	assert_int_equal(json_done(&j), ST_OK);
	assert_true(str_is(buf_span(&to),
			   "{\"risk\":[\"high\",\"low\"],\"q\":[\"a\"],"
			   "\"-state\":[\"gone\"],\"folder\":[\"5\"]}"));
	buf_fini(&to);
	arena_fini(&f.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parameters_become_terms_and_others_are_skipped),
	    cmocka_unit_test(a_node_of_the_tree_means_all_that_lies_in_it),
	    cmocka_unit_test(each_wrong_parameter_is_named),
	    cmocka_unit_test(core_gets_the_same_filter_as_lists_of_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
