#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "master/api/body.h"

static bool
is_red(struct span s)
{
	return str_is(s, "red");
}

static const struct field fields[] = {
    {"name", FIELD_TEXT, true, 2, 5, 0, NULL, NULL},
    {"colour", FIELD_TEXT, false, 1, 9, 0, is_red, "must be red"},
    {"count", FIELD_INTEGER, false, 1, 10, 0, NULL, NULL},
    {"on", FIELD_BOOLEAN, false, 0, 0, 0, NULL, NULL},
    {"one", FIELD_ID, false, 0, 0, 0, NULL, NULL},
    {"ids", FIELD_IDS, false, 1, 2, 0, NULL, NULL},
    {"words", FIELD_TEXTS, false, 0, 3, 4, NULL, NULL},
    {"sums", FIELD_NUMBERS, false, 0, 2, 0, NULL, NULL},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

static void
a_body_that_keeps_to_the_table_is_read(void **state)
{
	struct problem p = {.status = 0};
	struct body *b;

	(void)state;
	assert_int_equal(
	    body_open(span_str("{\"name\":\"abc\",\"colour\":\"red\","
			       "\"count\":7,\"on\":true,\"one\":\"42\","
			       "\"ids\":[\"1\",\"9223372036854775807\"],"
			       "\"words\":[\"a\",\"b\"]}"),
		      &p, &b),
	    ST_OK);
	assert_int_equal(body_check(b, fields, FIELDS, &p), ST_OK);
	assert_true(str_is(body_text(b, "name"), "abc"));
	assert_int_equal(body_int(b, "count", 0), 7);
	assert_true(body_bool(b, "on", false));
	assert_int_equal(body_id(b, "one"), 42);
	assert_int_equal(body_count(b, "ids"), 2);
	assert_int_equal(body_parse_id(body_item(b, "ids", 1)), INT64_MAX);
	assert_true(str_is(body_item(b, "words", 1), "b"));
	assert_false(body_has(b, "other"));
	assert_int_equal(body_int(b, "other", -3), -3);
	body_close(b);
}

static void
note_number(void *arg, struct span name, uint64_t v)
{
	uint64_t *sum = arg;

	*sum = *sum * 100 + name.ptr[0] * 10 + v;
}

static void
numbers_by_name_come_in_their_order(void **state)
{
	struct problem p = {.status = 0};
	uint64_t sum = 0;
	struct body *b;

	(void)state;
	assert_int_equal(body_open(span_str("{\"name\":\"abc\","
					    "\"sums\":{\"b\":1,\"a\":2}}"),
				   &p, &b),
			 ST_OK);
	assert_int_equal(body_check(b, fields, FIELDS, &p), ST_OK);
	body_numbers(b, "sums", note_number, &sum);
	assert_int_equal(sum, ('b' * 10 + 1) * 100 + 'a' * 10 + 2);
	body_numbers(b, "name", note_number, &sum);
	body_numbers(b, "other", note_number, &sum);
	assert_int_equal(sum, ('b' * 10 + 1) * 100 + 'a' * 10 + 2);
	body_close(b);
}

static void
each_wrong_field_is_named_by_its_pointer(void **state)
{
	static const struct {
		const char *text, *pointer;
	} cases[] = {
	    {"{}", "/name"},
	    {"{\"name\":1}", "/name"},
	    {"{\"name\":\"a\"}", "/name"},
	    {"{\"name\":\"abcdef\"}", "/name"},
	    {"{\"name\":\"abc\",\"colour\":\"blue\"}", "/colour"},
	    {"{\"name\":\"abc\",\"count\":0}", "/count"},
	    {"{\"name\":\"abc\",\"count\":1.5}", "/count"},
	    {"{\"name\":\"abc\",\"count\":\"1\"}", "/count"},
	    {"{\"name\":\"abc\",\"on\":1}", "/on"},
	    {"{\"name\":\"abc\",\"one\":42}", "/one"},
	    {"{\"name\":\"abc\",\"one\":\"042\"}", "/one"},
	    {"{\"name\":\"abc\",\"one\":\"9223372036854775808\"}", "/one"},
	    {"{\"name\":\"abc\",\"ids\":[]}", "/ids"},
	    {"{\"name\":\"abc\",\"ids\":[\"1\",\"x\"]}", "/ids/1"},
	    {"{\"name\":\"abc\",\"ids\":\"1\"}", "/ids"},
	    {"{\"name\":\"abc\",\"words\":[\"abcde\"]}", "/words/0"},
	    {"{\"name\":\"abc\",\"words\":[\"\"]}", "/words/0"},
	    {"{\"name\":\"abc\",\"a/b~c\":1}", "/a~1b~0c"},
	    {"{\"name\":\"abc\",\"sums\":[1]}", "/sums"},
	    {"{\"name\":\"abc\",\"sums\":{\"a/b\":-1}}", "/sums/a~1b"},
	    {"{\"name\":\"abc\",\"sums\":{\"a\":1.5}}", "/sums/a"},
	    {"{\"name\":\"abc\",\"sums\":{\"a\":1,\"b\":2,\"c\":3}}", "/sums"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct problem p = {.status = 0};
		struct body *b;

		assert_int_equal(body_open(span_str(cases[i].text), &p, &b),
				 ST_OK);
		assert_int_equal(body_check(b, fields, FIELDS, &p),
				 ST_MALFORMED);
		assert_int_equal(p.status, 400);
		assert_int_equal(p.count, 1);
		assert_string_equal(p.errors[0].pointer, cases[i].pointer);
		body_close(b);
	}
}

static void
what_is_no_json_object_is_refused(void **state)
{
	static const char *const bad[] = {
	    "",
	    "1",
	    "[]",
	    "\"a\"",
	    "{",
	    "{}x",
	    "{\"a\":1,}",
	    "{\"a\":1,\"a\":2}",
	    "{'a':1}",
	    "{\"a\":NaN}",
	    "{\"a\":\"\\u0000\"}",
	    "{\"a\":\"\xff\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct problem p = {.status = 0};
		struct body *b;

		assert_int_equal(body_open(span_str(bad[i]), &p, &b),
				 ST_MALFORMED);
		assert_int_equal(p.status, 400);
		assert_true(p.detail[0] != '\0');
	}
}

/* {"a":[[[...]]]} with so many brackets in all. */
static enum status
open_nested(unsigned levels)
{
	struct problem p = {.status = 0};
	struct body *b = NULL;
	char text[256];
	size_t n = 0;
	enum status st;

	n += (size_t)snprintf(text, sizeof(text), "{\"a\":");
	for (unsigned i = 1; i < levels; i++)
		text[n++] = '[';
	for (unsigned i = 1; i < levels; i++)
		text[n++] = ']';
	text[n++] = '}';
	st = body_open(span_of(text, n), &p, &b);
	body_close(b);
	return st;
}

static void
nesting_stops_at_the_limit(void **state)
{
	struct problem p = {.status = 0};
	struct body *b;
	const char quoted[] =
	    "{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[\"}";

	(void)state;
	assert_int_equal(open_nested(BODY_DEPTH), ST_OK);
	assert_int_equal(open_nested(BODY_DEPTH + 1), ST_MALFORMED);
	/* Brackets in a text are text. */
	assert_int_equal(body_open(span_str(quoted), &p, &b), ST_OK);
	body_close(b);
}

static void
a_body_above_one_mebibyte_is_too_large(void **state)
{
	struct problem p = {.status = 0};
	char *text = malloc(BODY_MAX + 1);
	struct body *b;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', BODY_MAX + 1);
	memcpy(text, "{}", 2);
	assert_int_equal(body_open(span_of(text, BODY_MAX), &p, &b), ST_OK);
	body_close(b);
	assert_int_equal(body_open(span_of(text, BODY_MAX + 1), &p, &b),
			 ST_MALFORMED);
	assert_int_equal(p.status, 413);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_by_name_come_in_their_order),
	    cmocka_unit_test(a_body_that_keeps_to_the_table_is_read),
	    cmocka_unit_test(each_wrong_field_is_named_by_its_pointer),
	    cmocka_unit_test(what_is_no_json_object_is_refused),
	    cmocka_unit_test(nesting_stops_at_the_limit),
	    cmocka_unit_test(a_body_above_one_mebibyte_is_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
