#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "master/core/answer.h"

/* One question with arguments as text; finish() lets go of both. */
struct question {
	struct answer r;
	struct ask a;
	json_t *root;
};

static void
start(struct question *q, const char *args)
{
	answer_init(&q->r);
	q->root = json_loads(args, JSON_DECODE_ANY, NULL);
	assert_non_null(q->root);
	q->a = (struct ask){.args = q->root, .reply = &q->r};
}

static void
finish(struct question *q)
{
	json_decref(q->root);
	answer_fini(&q->r);
}

static void
an_id_is_a_number_or_its_text(void **state)
{
	static const struct {
		const char *args;
		bool good, problem;
		uint64_t want;
	} cases[] = {
	    {"{\"id\": 7}", true, false, 7},
	    {"{\"id\": \"7\"}", true, false, 7},
	    {"{\"id\": \"9223372036854775807\"}", true, false, INT64_MAX},
	    {"{}", false, false, 0},
	    {"{\"id\": 0}", false, true, 0},
	    {"{\"id\": -1}", false, true, 0},
	    {"{\"id\": 1.5}", false, true, 0},
	    {"{\"id\": \"\"}", false, true, 0},
	    {"{\"id\": \"7 \"}", false, true, 0},
	    {"{\"id\": \"9223372036854775808\"}", false, true, 0},
	    {"{\"id\": null}", false, true, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct question q;
		uint64_t got = 0;

		start(&q, cases[i].args);
		assert_int_equal(ask_id(&q.a, "id", &got), cases[i].good);
		assert_int_equal(got, cases[i].want);
		assert_int_equal(ask_failed(&q.a), cases[i].problem);
		finish(&q);
	}
}

static void
a_number_keeps_to_its_range_and_may_be_left_out(void **state)
{
	static const struct {
		const char *args;
		bool good, problem;
	} cases[] = {
	    {"{\"n\": 2}", true, false},     {"{\"n\": 9}", true, false},
	    {"{\"n\": 1}", false, true},     {"{\"n\": 10}", false, true},
	    {"{\"n\": -5}", false, true},    {"{\"n\": \"5\"}", false, true},
	    {"{\"n\": 2.0}", false, true},   {"{\"n\": true}", false, true},
	    {"{\"n\": null}", false, false}, {"{}", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct question q;
		uint64_t got = 0;

		start(&q, cases[i].args);
		assert_int_equal(ask_number(&q.a, "n", 2, 9, &got),
				 cases[i].good);
		assert_int_equal(ask_failed(&q.a), cases[i].problem);
		finish(&q);
	}
}

static void
a_text_has_a_byte_at_least_and_no_more_than_fit(void **state)
{
	static const struct {
		const char *args;
		bool good, problem;
	} cases[] = {
	    {"{\"t\": \"a\"}", true, false},
	    {"{\"t\": \"abcd\"}", true, false},
	    {"{\"t\": \"abcde\"}", false, true},
	    {"{\"t\": \"\"}", false, true},
	    {"{\"t\": 1}", false, true},
	    {"{\"t\": null}", false, false},
	    {"{}", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct question q;
		struct span got;

		start(&q, cases[i].args);
		assert_int_equal(ask_text(&q.a, "t", 4, &got), cases[i].good);
		assert_int_equal(ask_failed(&q.a), cases[i].problem);
		finish(&q);
	}
}

static void
the_first_complaint_stands(void **state)
{
	struct question q;
	uint64_t n;

	(void)state;
	start(&q, "{\"first\": 0, \"second\": 0}");
	assert_false(ask_id(&q.a, "first", &n));
	assert_false(ask_id(&q.a, "second", &n));
	ask_missing(&q.a, "third");
	assert_int_equal(q.r.http, 422);
	assert_int_equal(buf_add(&q.r.body, "", 1), ST_OK);
	assert_non_null(strstr((const char *)q.r.body.data, "first: "));
	assert_null(strstr((const char *)q.r.body.data, "second"));
	finish(&q);
}

static void
a_status_of_the_store_is_a_sentence_with_a_number(void **state)
{
	static const struct {
		enum status st;
		unsigned http;
		const char *title;
	} cases[] = {
	    {ST_NOTFOUND, 404, "Not found"},
	    {ST_EXISTS, 409, "Conflict"},
	    {ST_FULL, 507, "Insufficient storage"},
	    {ST_LIMIT, 422, "Unprocessable content"},
	    {ST_IO, 503, "Not available now"},
	    {ST_NOMEM, 503, "Not available now"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct answer r;
		json_t *j;
		const char *detail;

		answer_init(&r);
		answer_status(&r, cases[i].st);
		assert_int_equal(r.http, cases[i].http);
		j = json_loadb((const char *)r.body.data, r.body.len, 0, NULL);
		assert_int_equal(
		    json_integer_value(json_object_get(j, "status")),
		    cases[i].http);
		assert_string_equal(
		    json_string_value(json_object_get(j, "title")),
		    cases[i].title);
		detail = json_string_value(json_object_get(j, "detail"));
		assert_int_equal(detail[strlen(detail) - 1], '.');
		json_decref(j);
		answer_fini(&r);
	}
}

static void
an_answer_that_does_not_fit_is_a_problem(void **state)
{
	struct answer r;
	struct json j;

	(void)state;
	answer_init(&r);
	answer_begin(&r, 200, &j);
	json_key(&j, "list");
	json_list(&j);
	for (size_t i = 0; i < ANSWER_MAX / 8; i++)
		json_u64(&j, UINT64_MAX);
	json_end(&j);
	answer_end(&r, &j);
	assert_int_equal(r.http, 500);
	assert_true(r.body.len < 1000);
	answer_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_id_is_a_number_or_its_text),
	    cmocka_unit_test(a_number_keeps_to_its_range_and_may_be_left_out),
	    cmocka_unit_test(a_text_has_a_byte_at_least_and_no_more_than_fit),
	    cmocka_unit_test(the_first_complaint_stands),
	    cmocka_unit_test(a_status_of_the_store_is_a_sentence_with_a_number),
	    cmocka_unit_test(an_answer_that_does_not_fit_is_a_problem),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
