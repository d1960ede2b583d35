#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/codec.h"
#include "base/str.h"

static void
hex_goes_there_and_back(void **state)
{
	static const uint8_t bytes[] = {0x00, 0x7f, 0x80, 0xff};
	uint8_t back[4];
	char text[9];

	(void)state;
	codec_hex(span_of(bytes, 4), text);
	assert_string_equal(text, "007f80ff");
	assert_int_equal(codec_unhex(span_str("007F80ff"), back, 4), ST_OK);
	assert_memory_equal(back, bytes, 4);
	assert_int_equal(codec_unhex(span_str("007f80"), back, 4), ST_LIMIT);
	assert_int_equal(codec_unhex(span_str("007f80f"), back, 4), ST_LIMIT);
	assert_int_equal(codec_unhex(span_str("007f80fg"), back, 4),
			 ST_MALFORMED);
}

static void
hex_digits_are_those_and_no_others(void **state)
{
	static const char digits[] = "0123456789abcdef";
	static const char upper[] = "0123456789ABCDEF";

	(void)state;
	assert_int_equal(codec_digit(-1), -1);
	for (int c = 0; c < 256; c++) {
		const char *a = c == 0 ? NULL : strchr(digits, c);
		const char *b = c == 0 ? NULL : strchr(upper, c);

		assert_int_equal(codec_digit(c), a != NULL   ? a - digits
						 : b != NULL ? b - upper
							     : -1);
	}
}

static void
numbers_stand_behind_what_there_is(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 16);
	assert_int_equal(buf_add_byte(&b, 'x'), ST_OK);
	assert_int_equal(codec_add32(&b, 0x01020304), ST_OK);
	assert_int_equal(codec_add64(&b, 0x0102030405060708), ST_OK);
	assert_memory_equal(b.data, "x\4\3\2\1\10\7\6\5\4\3\2\1", 13);
	assert_int_equal(codec_add32(&b, 0), ST_LIMIT);
	buf_fini(&b);
}

static void
base64_follows_the_vectors_of_rfc_4648(void **state)
{
	static const struct {
		const char *plain, *standard, *url;
	} cases[] = {
	    {"", "", ""},
	    {"f", "Zg==", "Zg"},
	    {"fo", "Zm8=", "Zm8"},
	    {"foo", "Zm9v", "Zm9v"},
	    {"foob", "Zm9vYg==", "Zm9vYg"},
	    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
	    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
	    {"\xfb\xff\xfe", "+//+", "-__-"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span plain = span_str(cases[i].plain);
		struct buf b;

		buf_init(&b, 64);
		assert_int_equal(codec_base64(CODEC_BASE64, plain, &b), ST_OK);
		assert_true(str_is(buf_span(&b), cases[i].standard));
		buf_clear(&b);
		assert_int_equal(codec_base64(CODEC_BASE64_URL, plain, &b),
				 ST_OK);
		assert_true(str_is(buf_span(&b), cases[i].url));
		buf_clear(&b);
		assert_int_equal(codec_unbase64(CODEC_BASE64,
						span_str(cases[i].standard),
						&b),
				 ST_OK);
		assert_true(span_eq(buf_span(&b), plain));
		buf_clear(&b);
		assert_int_equal(codec_unbase64(CODEC_BASE64_URL,
						span_str(cases[i].url), &b),
				 ST_OK);
		assert_true(span_eq(buf_span(&b), plain));
		buf_fini(&b);
	}
}

static void
base64_has_one_text_for_one_value(void **state)
{
	static const struct {
		enum codec_base64 kind;
		const char *text;
	} cases[] = {
	    {CODEC_BASE64, "Zg"},   /* no padding */
	    {CODEC_BASE64, "Zg="},  /* half of it */
	    {CODEC_BASE64, "Zh=="}, /* bits that mean nothing */
	    {CODEC_BASE64, "Zm9="}, /* the same */
	    {CODEC_BASE64, "Z==="}, /* one letter is no byte */
	    {CODEC_BASE64, "===="},     {CODEC_BASE64, "Zm9v\n"},
	    {CODEC_BASE64, "Zm9-"}, /* the other alphabet */
	    {CODEC_BASE64_URL, "Zm9+"}, {CODEC_BASE64_URL, "Zg=="},
	    {CODEC_BASE64_URL, "Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf b;

		buf_init(&b, 64);
		assert_int_equal(buf_add_str(&b, "kept"), ST_OK);
		assert_int_equal(
		    codec_unbase64(cases[i].kind, span_str(cases[i].text), &b),
		    ST_MALFORMED);
		assert_true(str_is(buf_span(&b), "kept"));
		buf_fini(&b);
	}
}

static void
crc32c_is_the_same_with_and_without_the_processor(void **state)
{
	uint8_t bytes[300];
	uint32_t whole, parts;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + 3);
	/* The check value of the algorithm's definition. */
	assert_int_equal(codec_crc32c(0, span_str("123456789")), 0xe3069283);
	assert_int_equal(codec_crc32c_plain(0, span_str("123456789")),
			 0xe3069283);
	assert_int_equal(codec_crc32c(0, span_of(NULL, 0)), 0);
	for (size_t n = 0; n < sizeof(bytes); n++)
		assert_int_equal(codec_crc32c(0, span_of(bytes, n)),
				 codec_crc32c_plain(0, span_of(bytes, n)));
	whole = codec_crc32c(0, span_of(bytes, 300));
	parts = codec_crc32c(0, span_of(bytes, 101));
	parts = codec_crc32c(parts, span_of(bytes + 101, 199));
	assert_int_equal(whole, parts);
}

static void
varints_take_only_the_shortest_form(void **state)
{
	static const uint64_t values[] = {0,     1,     127,        128,
					  16383, 16384, UINT64_MAX, 1u << 31};
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {
	    {"", 0},
	    {"\x80", 1},
	    {"\x80\x00", 2},
	    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10},
	    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11},
	};
	struct buf b;
	struct span s;
	uint64_t v;

	(void)state;
	buf_init(&b, 256);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_int_equal(codec_put_varint(&b, values[i]), ST_OK);
	s = buf_span(&b);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		assert_int_equal(codec_get_varint(&s, &v), ST_OK);
		assert_true(v == values[i]);
	}
	assert_int_equal(s.len, 0);
	buf_fini(&b);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		s = span_of(bad[i].bytes, bad[i].len);
		assert_int_equal(codec_get_varint(&s, &v), ST_MALFORMED);
		assert_int_equal(s.len, bad[i].len);
	}
}

static void
a_span_is_never_longer_than_its_bytes_or_its_limit(void **state)
{
	struct buf b;
	struct span s, out = {0};

	(void)state;
	buf_init(&b, 64);
	assert_int_equal(codec_put_span(&b, span_str("hello")), ST_OK);
	s = buf_span(&b);
	assert_int_equal(codec_get_span(&s, 4, &out), ST_LIMIT);
	assert_int_equal(s.len, 6);
	assert_int_equal(codec_get_span(&s, 5, &out), ST_OK);
	assert_true(str_is(out, "hello"));
	assert_int_equal(s.len, 0);
	s = span_of(b.data, 5);
	assert_int_equal(codec_get_span(&s, 64, &out), ST_MALFORMED);
	buf_fini(&b);
}

static void
fixed_numbers_are_little_endian(void **state)
{
	uint8_t bytes[8];

	(void)state;
	codec_put64(bytes, UINT64_C(0x0102030405060708));
	assert_int_equal(bytes[0], 8);
	assert_int_equal(bytes[7], 1);
	assert_int_equal(codec_get32(bytes), 0x05060708);
	assert_true(codec_get64(bytes) == UINT64_C(0x0102030405060708));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hex_goes_there_and_back),
	    cmocka_unit_test(hex_digits_are_those_and_no_others),
	    cmocka_unit_test(numbers_stand_behind_what_there_is),
	    cmocka_unit_test(base64_follows_the_vectors_of_rfc_4648),
	    cmocka_unit_test(base64_has_one_text_for_one_value),
	    cmocka_unit_test(crc32c_is_the_same_with_and_without_the_processor),
	    cmocka_unit_test(varints_take_only_the_shortest_form),
	    cmocka_unit_test(
		a_span_is_never_longer_than_its_bytes_or_its_limit),
	    cmocka_unit_test(fixed_numbers_are_little_endian),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
