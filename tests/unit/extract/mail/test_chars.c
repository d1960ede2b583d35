#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "extract/mail/chars.h"
#include "extract/mail/chars_table.h"

/* The C library's CP949 takes a2 e8 and says that they are no character. */
static void
bytes_that_a_converter_takes_and_refuses_end_with_the_input(void **state)
{
	static const uint8_t raw[] = {'4', '1', 0xa2, 0xe8};
	struct span in = span_of(raw, sizeof(raw));
	struct chars_page *page;
	struct chars *c;
	uint8_t out[64];
	size_t n;

	(void)state;
	assert_int_equal(chars_open(&c), ST_OK);
	page = chars_label(c, span_str("euc-kr"));
	assert_non_null(page);
	assert_true(chars_begin(page));
	n = chars_put(page, &in, true, out, sizeof(out));
	chars_end(page);
	assert_int_equal(in.len, 0);
	assert_int_equal(n, 5);
	assert_memory_equal(out, "41\xef\xbf\xbd", 5);
	chars_close(c);
}

/* Every pair of bytes, in every page that has pairs. */
static void
no_pair_of_bytes_is_read_past_its_end(void **state)
{
	static const unsigned pages[] = {932, 51932, 936, 950, 949, 1361};
	struct chars *c;

	(void)state;
	assert_int_equal(chars_open(&c), ST_OK);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct chars_page *page = chars_codepage(c, pages[i]);

		assert_non_null(page);
		for (unsigned two = 0; two < 0x10000; two++) {
			const uint8_t raw[2] = {(uint8_t)(two >> 8),
						(uint8_t)two};
			struct span in = span_of(raw, 2);
			uint8_t out[32];

			assert_true(chars_begin(page));
			assert_in_range(
			    chars_put(page, &in, true, out, sizeof(out)), 0,
			    sizeof(out));
			chars_end(page);
			assert_int_equal(in.len, 0);
			assert_ptr_equal(in.ptr, raw + 2);
		}
	}
	chars_close(c);
}

/* What is refused where the room nearly ends has no room for its sign. */
static void
nothing_is_written_behind_the_room(void **state)
{
	static const char *const labels[] = {
	    "euc-jp", "shift_jis", "gb2312", "iso-2022-jp", "euc-kr", "utf-16"};
	uint8_t raw[96], out[64];
	struct chars *c;

	(void)state;
	for (size_t i = 0; i < sizeof(raw); i++)
		raw[i] = i % 7 == 6 ? 0xff : (uint8_t)(i % 3 ? 0xb1 : 'a');
	assert_int_equal(chars_open(&c), ST_OK);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		struct chars_page *page = chars_label(c, span_str(labels[i]));

		for (size_t k = 0; page != NULL && k < 7 * 32; k++) {
			struct span in = span_skip(span_of(raw, 96), k % 7);
			size_t room = 8 + k / 7, n = 1;

			assert_true(chars_begin(page));
			memset(out, 0x5a, sizeof(out));
			while (in.len > 0 && n > 0) {
				n = chars_put(page, &in, true, out, room);
				assert_true(n <= room);
				assert_int_equal(out[room], 0x5a);
				assert_int_equal(out[room + 1], 0x5a);
			}
			assert_int_equal(in.len, 0);
			chars_end(page);
		}
	}
	chars_close(c);
}

/* As chars_put() with the converter of the C library. */
static size_t
library_put(iconv_t how, struct span *in, uint8_t *dst, size_t room)
{
	char *to = (char *)dst, *from;
	size_t left = room;

	(void)iconv(how, NULL, NULL, NULL, NULL);
	while (in->len > 0 && left >= 8) {
		memcpy(&from, &in->ptr, sizeof(from));
		if (iconv(how, &from, &in->len, &to, &left) != (size_t)-1 ||
		    errno == E2BIG)
			break;
		in->ptr = (const uint8_t *)from;
		if (left < 4)
			break;
		memcpy(to, "\xef\xbf\xbd", 3);
		to += 3;
		left -= 3;
		*in = span_of(in->ptr + 1, in->len - 1);
	}
	return room - left;
}

/* All bytes, in their order and backwards, and rooms that end anywhere. */
static void
assert_as_library(const char *name, struct chars_page *page)
{
	iconv_t how = iconv_open("UTF-8", name);
	uint8_t raw[512], got[2048], want[2048];

	assert_non_null(page);
	for (unsigned i = 0; i < 256; i++) {
		raw[i] = (uint8_t)i;
		raw[511 - i] = (uint8_t)i;
	}
	for (size_t room = 8; room < 1100; room += 1 + room / 16)
		for (size_t at = 0; at < 512; at += 37) {
			struct span a = span_of(raw + at, 512 - at), b = a;
			size_t n, m = library_put(how, &b, want, room);

			assert_true(chars_begin(page));
			n = chars_put(page, &a, true, got, room);
			chars_end(page);
			assert_int_equal(n, m);
			assert_memory_equal(got, want, n);
			assert_int_equal(a.len, b.len);
		}
	(void)iconv_close(how);
}

static void
our_tables_say_what_the_c_library_says(void **state)
{
	static const char *const names[] = {
	    "ISO-8859-2",  "ISO-8859-3",  "ISO-8859-4",  "ISO-8859-5",
	    "ISO-8859-6",  "ISO-8859-7",  "ISO-8859-8",  "ISO-8859-10",
	    "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16",
	    "KOI8-R",      "KOI8-U",      "MACINTOSH",   "TIS-620",
	    "ARMSCII-8",   "GEORGIAN-PS", "IBM037",      "IBM500",
	    "IBM1047",     "IBM273",
	};
	struct chars *c;

	(void)state;
	assert_int_equal(chars_open(&c), ST_OK);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_non_null(chars_table(names[i]));
		assert_as_library(names[i], chars_label(c, span_str(names[i])));
	}
	chars_close(c);
}

/* Their bytes are no characters by themselves, or libarchive asks for them. */
static void
what_others_need_is_left_to_the_c_library(void **state)
{
	static const char *const names[] = {"CP1252", "CP437",  "MAC-CYRILLIC",
					    "CP932",  "CP1255", "TCVN",
					    "UTF-7",  "CP949"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_null(chars_table(names[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		bytes_that_a_converter_takes_and_refuses_end_with_the_input),
	    cmocka_unit_test(no_pair_of_bytes_is_read_past_its_end),
	    cmocka_unit_test(nothing_is_written_behind_the_room),
	    cmocka_unit_test(our_tables_say_what_the_c_library_says),
	    cmocka_unit_test(what_others_need_is_left_to_the_c_library),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
