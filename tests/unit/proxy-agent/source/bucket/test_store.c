#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "proxy-agent/source/bucket/store.h"

#define AT "s3://b/p"

struct asked {
	uint8_t options[400];
	struct source_target target;
	struct url url;
	struct buf why, got;
};

static void
begin(struct asked *a, const char *target)
{
	memset(a, 0, sizeof(*a));
	buf_init(&a->why, 1000);
	buf_init(&a->got, 1000);
	a->target.path = span_str(target);
	a->target.why = &a->why;
	assert_int_equal(url_parse(a->target.path, &a->url), ST_OK);
}

static void
option(struct asked *a, const char *name, const char *value)
{
	struct span *all = &a->target.options.bytes;
	size_t n = all->len;

	assert_int_equal(pairs_add(a->options, sizeof(a->options), &n,
				   span_str(name), span_str(value)),
			 ST_OK);
	*all = span_of(a->options, n);
}

static void
end(struct asked *a)
{
	buf_fini(&a->why);
	buf_fini(&a->got);
}

static void
parameters_are_escaped_and_stand_behind_one_question_mark(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 1000);
	assert_int_equal(buf_add_str(&to, "http://h/a"), ST_OK);
	assert_int_equal(store_param(&to, "x", span_str("1 &=/?")), ST_OK);
	assert_int_equal(store_param(&to, "y", span_str("")), ST_OK);
	assert_true(str_is(buf_span(&to), "http://h/a?x=1%20%26%3D%2F%3F&y="));
	buf_fini(&to);
}

static void
an_option_of_the_target_goes_before_one_beside_it(void **state)
{
	static const struct {
		const char *target, *beside, *want;
	} rows[] = {
	    {AT, NULL, ""},
	    {AT, "two", "two"},
	    {AT "?page=one", "two", "one"},
	    {AT "?page=o%20ne", NULL, "o ne"},
	    {AT "?pages=one", "two", "two"},
	    {AT "?page=", "two", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct asked a;

		begin(&a, rows[i].target);
		if (rows[i].beside != NULL)
			option(&a, "page", rows[i].beside);
		assert_int_equal(buf_add_str(&a.got, "what was there"), ST_OK);
		assert_int_equal(
		    store_option(&a.target, &a.url, "page", &a.got), ST_OK);
		assert_true(str_is(buf_span(&a.got), rows[i].want));
		end(&a);
	}
}

static void
a_flag_is_yes_or_no_and_nothing_else(void **state)
{
	static const struct {
		const char *target;
		enum status st;
		bool want;
	} rows[] = {
	    {AT, ST_OK, false},
	    {AT "?versions=yes", ST_OK, true},
	    {AT "?versions=no", ST_OK, false},
	    {AT "?versions=perhaps", ST_USAGE, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct asked a;
		bool is = false;

		begin(&a, rows[i].target);
		assert_int_equal(store_flag(&a.target, &a.url, "versions", &is),
				 rows[i].st);
		assert_int_equal(is, rows[i].want);
		assert_int_equal(a.why.len > 0, rows[i].st != ST_OK);
		end(&a);
	}
}

static void
a_path_is_written_as_it_can_be_given_again(void **state)
{
	static const struct {
		struct store_path p;
		const char *want;
	} rows[] = {
	    {{.root = {(const uint8_t *)AT "/", 9},
	      .key = {(const uint8_t *)"a?b", 3}},
	     AT "/a%3Fb"},
	    {{.root = {(const uint8_t *)AT "/", 9},
	      .key = {(const uint8_t *)"k", 1},
	      .name = "version",
	      .value = {(const uint8_t *)"1/2", 3}},
	     AT "/k?version=1%2F2"},
	    {{.root = {(const uint8_t *)AT "/", 9},
	      .key = {(const uint8_t *)"k", 1},
	      .query = {(const uint8_t *)"region=x", 8},
	      .name = "version",
	      .value = {(const uint8_t *)"1", 1}},
	     AT "/k?region=x&version=1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf to;

		buf_init(&to, 1000);
		assert_int_equal(store_path(&rows[i].p, &to), ST_OK);
		assert_true(str_is(buf_span(&to), rows[i].want));
		buf_fini(&to);
	}
}

static void
a_key_below_the_target_begins_behind_the_last_slash_of_its_prefix(void **state)
{
	static const struct {
		const char *prefix, *key, *want;
	} rows[] = {
	    {"", "a/b", "a/b"},         {"a", "a/b", "a/b"},
	    {"a/", "a/b", "b"},         {"a/b", "a/bc/d", "bc/d"},
	    {"a/b/", "a/b/c/d", "c/d"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_true(str_is(store_below(span_str(rows[i].prefix),
					       span_str(rows[i].key)),
				   rows[i].want));
}

static void
no_secret_crosses_a_network_in_clear_unasked(void **state)
{
	static const struct {
		const char *site, *tls;
		enum status st;
	} rows[] = {
	    {"https://store.example", NULL, ST_OK},
	    {"http://store.example", NULL, ST_USAGE},
	    {"http://store.example:8080/v1", "yes", ST_USAGE},
	    {"http://store.example", "no", ST_OK},
	    {"http://127.0.0.1:9000", NULL, ST_OK},
	    {"http://[::1]:9000", NULL, ST_OK},
	    {"http://localhost/", NULL, ST_OK},
	    {"http://127.0.0.1.example", NULL, ST_USAGE},
	    {"http://localhost.example", NULL, ST_USAGE},
	    {"http://10.0.0.1", NULL, ST_USAGE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct asked a;

		begin(&a, AT);
		if (rows[i].tls != NULL)
			option(&a, "tls", rows[i].tls);
		assert_int_equal(store_in_clear(&a.target,
						span_str(rows[i].site),
						"the password"),
				 rows[i].st);
		assert_int_equal(a.why.len > 0, rows[i].st != ST_OK);
		end(&a);
	}
}

static void
a_filter_that_cannot_be_read_is_named(void **state)
{
	struct filter f;
	struct asked a;

	(void)state;
	begin(&a, AT);
	option(&a, "newer", "some day");
	assert_int_equal(store_filter(&a.target, &f), ST_USAGE);
	assert_int_equal(buf_add_byte(&a.why, 0), ST_OK);
	assert_non_null(strstr((const char *)a.why.data, "newer"));
	end(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		parameters_are_escaped_and_stand_behind_one_question_mark),
	    cmocka_unit_test(an_option_of_the_target_goes_before_one_beside_it),
	    cmocka_unit_test(a_flag_is_yes_or_no_and_nothing_else),
	    cmocka_unit_test(a_path_is_written_as_it_can_be_given_again),
	    cmocka_unit_test(
		a_key_below_the_target_begins_behind_the_last_slash_of_its_prefix),
	    cmocka_unit_test(no_secret_crosses_a_network_in_clear_unasked),
	    cmocka_unit_test(a_filter_that_cannot_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
