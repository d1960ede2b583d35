#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"

static void
a_number_is_the_whole_span_and_within_bounds(void **state)
{
	static const struct {
		const char *text;
		uint64_t low, high;
		enum status want;
		uint64_t value;
	} cases[] = {
	    {"0", 0, 10, ST_OK, 0},
	    {"10", 0, 10, ST_OK, 10},
	    {"11", 0, 10, ST_LIMIT, 0},
	    {"4", 5, 10, ST_LIMIT, 0},
	    {"18446744073709551615", 0, UINT64_MAX, ST_OK, UINT64_MAX},
	    {"18446744073709551616", 0, UINT64_MAX, ST_LIMIT, 0},
	    {"99999999999999999999999", 0, UINT64_MAX, ST_LIMIT, 0},
	    {"99999999999999999999999x", 0, UINT64_MAX, ST_MALFORMED, 0},
	    {"", 0, 10, ST_MALFORMED, 0},
	    {" 1", 0, 10, ST_MALFORMED, 0},
	    {"1 ", 0, 10, ST_MALFORMED, 0},
	    {"+1", 0, 10, ST_MALFORMED, 0},
	    {"-1", 0, 10, ST_MALFORMED, 0},
	    {"0x1", 0, 10, ST_MALFORMED, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t v = 77;

		assert_int_equal(str_to_u64(span_str(cases[i].text),
					    cases[i].low, cases[i].high, &v),
				 cases[i].want);
		assert_int_equal(v,
				 cases[i].want == ST_OK ? cases[i].value : 77);
	}
}

static void
signed_numbers_reach_both_ends(void **state)
{
	static const struct {
		const char *text;
		enum status want;
		int64_t value;
	} cases[] = {
	    {"-9223372036854775808", ST_OK, INT64_MIN},
	    {"9223372036854775807", ST_OK, INT64_MAX},
	    {"-9223372036854775809", ST_LIMIT, 0},
	    {"9223372036854775808", ST_LIMIT, 0},
	    {"-0", ST_OK, 0},
	    {"--1", ST_MALFORMED, 0},
	    {"-", ST_MALFORMED, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t v = 5;

		assert_int_equal(str_to_i64(span_str(cases[i].text), INT64_MIN,
					    INT64_MAX, &v),
				 cases[i].want);
		if (cases[i].want == ST_OK)
			assert_true(v == cases[i].value);
	}
}

static void
hexadecimal_digits_make_a_number(void **state)
{
	static const struct {
		const char *text;
		enum status want;
		uint64_t value;
	} cases[] = {
	    {"0", ST_OK, 0},
	    {"fFfFfFfFfFfFfFfF", ST_OK, UINT64_MAX},
	    {"00000000000000010", ST_LIMIT, 0},
	    {"0x1", ST_MALFORMED, 0},
	    {"\x10", ST_MALFORMED, 0}, /* a digit but for one bit */
	    {"g", ST_MALFORMED, 0},
	    {"", ST_MALFORMED, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t v = 0;

		assert_int_equal(str_to_hex(span_str(cases[i].text), &v),
				 cases[i].want);
		assert_true(v == cases[i].value);
	}
}

static void
sizes_and_durations_know_their_units(void **state)
{
	static const struct {
		const char *text;
		enum status want;
		uint64_t value;
	} sizes[] =
	    {
		{"4096", ST_OK, 4096},
		{"64k", ST_OK, 65536},
		{"10M", ST_OK, 10485760},
		{"1GiB", ST_OK, 1073741824},
		{"2 TB", ST_OK, UINT64_C(2199023255552)},
		{"2  TB", ST_MALFORMED, 0},
		{"16777216T", ST_LIMIT, 0},
		{"k", ST_MALFORMED, 0},
		{"1q", ST_MALFORMED, 0},
	    },
	  times[] = {
	      {"250ms", ST_OK, 250},
	      {"30", ST_OK, 30000},
	      {"30s", ST_OK, 30000},
	      {"5m", ST_OK, 300000},
	      {"2h", ST_OK, 7200000},
	      {"7d", ST_OK, 604800000},
	      {"1w", ST_MALFORMED, 0},
	      {"-1s", ST_MALFORMED, 0},
	      {"999999999999999999d", ST_LIMIT, 0},
	  };
	uint64_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		v = 0;
		assert_int_equal(str_to_size(span_str(sizes[i].text), &v),
				 sizes[i].want);
		assert_int_equal(v, sizes[i].value);
	}
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		v = 0;
		assert_int_equal(str_to_duration(span_str(times[i].text), &v),
				 times[i].want);
		assert_int_equal(v, times[i].value);
	}
}

static void
yes_and_no_have_four_words_each(void **state)
{
	static const char *const yes[] = {"true", "YES", "On", "1"},
				 *const no[] = {"false", "no", "off", "0"};
	bool v;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		v = false;
		assert_int_equal(str_to_bool(span_str(yes[i]), &v), ST_OK);
		assert_true(v);
		assert_int_equal(str_to_bool(span_str(no[i]), &v), ST_OK);
		assert_false(v);
	}
	assert_int_equal(str_to_bool(span_str("maybe"), &v), ST_MALFORMED);
	assert_int_equal(str_to_bool(span_str(""), &v), ST_MALFORMED);
}

static void
splitting_gives_every_part_and_the_empty_ones(void **state)
{
	static const struct {
		const char *text;
		size_t count;
		const char *parts[4];
	} cases[] = {
	    {"", 0, {NULL}},        {"a", 1, {"a"}},
	    {"a,b", 2, {"a", "b"}}, {"a,,b", 3, {"a", "", "b"}},
	    {"a,", 2, {"a", ""}},   {",", 2, {"", ""}},
	    {",a", 2, {"", "a"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span rest = span_str(cases[i].text), part;
		size_t n = 0;

		while (str_next(&rest, ',', &part)) {
			assert_true(n < cases[i].count);
			assert_true(str_is(part, cases[i].parts[n]));
			n++;
		}
		assert_int_equal(n, cases[i].count);
		assert_false(str_next(&rest, ',', &part));
	}
}

static void
trimming_and_looking_at_the_ends(void **state)
{
	(void)state;
	assert_true(str_is(str_trim(span_str(" \t a b\r\n")), "a b"));
	assert_int_equal(str_trim(span_str(" \n")).len, 0);
	assert_int_equal(str_trim(span_of(NULL, 0)).len, 0);
	assert_true(str_starts(span_str("trawl1:x"), "trawl1:"));
	assert_false(str_starts(span_str("tra"), "trawl1:"));
	assert_true(str_starts(span_of(NULL, 0), ""));
	assert_true(str_ends(span_str("a.yaml"), ".yaml"));
	assert_false(str_ends(span_str("yaml"), ".yaml"));
	assert_int_equal(str_find(span_str("abc"), 'c'), 2);
	assert_int_equal(str_find(span_str("abc"), 'x'), 3);
	assert_int_equal(str_find(span_of(NULL, 0), 'x'), 0);
}

static void
order_is_that_of_bytes_and_a_beginning_comes_first(void **state)
{
	static const char *const sorted[] = {"",   "A", "a",       "a\x01",
					     "ab", "b", "\xc3\xa9"};
	const size_t count = sizeof(sorted) / sizeof(sorted[0]);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++) {
			int c =
			    str_order(span_str(sorted[i]), span_str(sorted[k]));

			assert_int_equal((c > 0) - (c < 0), (i > k) - (i < k));
		}
}

static void
only_a_whole_word_of_a_list_is_listed(void **state)
{
	static const char *const yes[] = {"latin1", "cp1252", "x"};
	static const char *const no[] = {"latin", "atin1", "cp1252 x",
					 " ",     "",      "y"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(str_listed("cp1252 latin1  x", span_str(yes[i])));
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(str_listed("cp1252 latin1  x", span_str(no[i])));
	assert_false(str_listed("", span_str("")));
}

static void
a_copy_fits_whole_or_not_at_all(void **state)
{
	char dst[4] = "???";

	(void)state;
	assert_int_equal(str_copy(dst, 4, span_str("abcd")), ST_LIMIT);
	assert_string_equal(dst, "???");
	assert_int_equal(str_copy(dst, 4, span_of("a\0b", 3)), ST_MALFORMED);
	assert_string_equal(dst, "???");
	assert_int_equal(str_copy(dst, 4, span_str("abc")), ST_OK);
	assert_string_equal(dst, "abc");
	assert_int_equal(str_copy(dst, 4, span_of(NULL, 0)), ST_OK);
	assert_string_equal(dst, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_number_is_the_whole_span_and_within_bounds),
	    cmocka_unit_test(signed_numbers_reach_both_ends),
	    cmocka_unit_test(hexadecimal_digits_make_a_number),
	    cmocka_unit_test(sizes_and_durations_know_their_units),
	    cmocka_unit_test(yes_and_no_have_four_words_each),
	    cmocka_unit_test(splitting_gives_every_part_and_the_empty_ones),
	    cmocka_unit_test(trimming_and_looking_at_the_ends),
	    cmocka_unit_test(
		order_is_that_of_bytes_and_a_beginning_comes_first),
	    cmocka_unit_test(only_a_whole_word_of_a_list_is_listed),
	    cmocka_unit_test(a_copy_fits_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
