#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"

static void
commas_and_colons_stand_where_they_belong(void **state)
{
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b, 4096);
	json_init(&j, &b);
	json_map(&j);
	json_put_cstr(&j, "a", "x");
	json_key(&j, "list");
	json_list(&j);
	json_u64(&j, 0);
	json_u64(&j, UINT64_MAX);
	json_i64(&j, INT64_MIN);
	json_map(&j);
	json_end(&j);
	json_list(&j);
	json_end(&j);
	json_end(&j);
	json_put_bool(&j, "yes", true);
	json_put_bool(&j, "no", false);
	json_put_cstr(&j, "none", NULL);
	json_key(&j, "half");
	json_double(&j, 0.5);
	json_key(&j, "nan");
	json_double(&j, (double)NAN);
	json_put_time(&j, "at", 1000000);
	json_put_time(&j, "never", 0);
	json_key(&j, "raw");
	json_raw(&j, span_str("[1]"));
	json_end(&j);
	assert_int_equal(json_done(&j), ST_OK);
	assert_int_equal(buf_add_byte(&b, 0), ST_OK);
	assert_string_equal(
	    (char *)b.data,
	    "{\"a\":\"x\",\"list\":[0,18446744073709551615,"
	    "-9223372036854775808,{},[]],\"yes\":true,\"no\":false,"
	    "\"none\":null,\"half\":0.5,\"nan\":null,"
	    "\"at\":\"1970-01-01T00:00:01Z\",\"never\":null,\"raw\":[1]}");
	buf_fini(&b);
}

static void
strings_are_escaped_and_always_valid(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *want;
	} cases[] = {
	    {"plain", 5, "\"plain\""},
	    {"", 0, "\"\""},
	    {"a\"b\\c", 5, "\"a\\\"b\\\\c\""},
	    {"\n\r\t\x01\x7f\0", 6, "\"\\n\\r\\t\\u0001\\u007f\\u0000\""},
	    {"caf\xc3\xa9", 5, "\"caf\xc3\xa9\""},
	    {"caf\xe9", 4, "\"caf\\\\xe9\""},
	    {"4111\xe2\x80\xa2\xe2\x80\xa2 11", 13,
	     "\"4111\xe2\x80\xa2\xe2\x80\xa2 11\""},
	    {"4111\xe2\x80\xa2\xe2\x80", 9,
	     "\"4111\xe2\x80\xa2\\\\xe2\\\\x80\""},
	    {"</script>", 9, "\"</script>\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b;

		buf_init(&b, 256);
		assert_int_equal(
		    json_quote(&b, span_of(cases[i].bytes, cases[i].len)),
		    ST_OK);
		assert_true(str_is(buf_span(&b), cases[i].want));
		buf_fini(&b);
	}
}

/* Whether such a byte may stand in a string as it is. */
static bool
stands(unsigned c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* The byte c at text[at] between letters. */
static void
assert_quoted(struct buf *b, size_t len, size_t at, unsigned c)
{
	uint8_t text[17];

	memset(text, 'a', sizeof(text));
	text[at] = (uint8_t)c;
	buf_clear(b);
	assert_int_equal(json_quote(b, span_of(text, len)), ST_OK);
	if (stands(c)) {
		assert_int_equal(b->len, len + 2);
		assert_memory_equal(b->data + 1, text, len);
		return;
	}
	assert_true(b->len > len + 2);
	assert_int_equal(b->data[1 + at], '\\');
	for (size_t i = 1; i <= at; i++)
		assert_int_equal(b->data[i], 'a');
	for (size_t i = at + 1; i < len; i++)
		assert_int_equal(b->data[b->len - 1 - (i - at)], 'a');
}

static void
a_byte_is_escaped_wherever_it_stands(void **state)
{
	static const size_t lengths[] = {1, 7, 8, 9, 17};
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (size_t at = 0; at < lengths[i]; at++)
			for (unsigned c = 0; c < 256; c++)
				assert_quoted(&b, lengths[i], at, c);
	buf_fini(&b);
}

static void
the_first_failure_is_kept(void **state)
{
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b, 8);
	json_init(&j, &b);
	json_list(&j);
	json_cstr(&j, "longer than eight bytes");
	json_end(&j);
	assert_int_equal(json_done(&j), ST_LIMIT);
	buf_fini(&b);
}

static void
several_documents_may_follow_each_other(void **state)
{
	struct buf b;
	struct json j;

	(void)state;
	buf_init(&b, 64);
	for (unsigned i = 0; i < 2; i++) {
		json_init(&j, &b);
		json_list(&j);
		json_u64(&j, i);
		json_end(&j);
		assert_int_equal(json_done(&j), ST_OK);
		assert_int_equal(buf_add_byte(&b, '\n'), ST_OK);
	}
	assert_true(str_is(buf_span(&b), "[0]\n[1]\n"));
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(commas_and_colons_stand_where_they_belong),
	    cmocka_unit_test(strings_are_escaped_and_always_valid),
	    cmocka_unit_test(a_byte_is_escaped_wherever_it_stands),
	    cmocka_unit_test(the_first_failure_is_kept),
	    cmocka_unit_test(several_documents_may_follow_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
