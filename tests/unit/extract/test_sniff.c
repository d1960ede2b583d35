#include "tests/unit/extract/collect.h"

#include "extract/sniff.h"

#define BYTES(s)                                                               \
	{                                                                      \
		(const uint8_t *)(s), sizeof(s) - 1                            \
	}

static void
content_tells_its_kind(void **state)
{
	static const struct {
		struct span bytes;
		enum sniff is;
	} cases[] = {
	    {BYTES(""), SNIFF_BYTES},
	    {BYTES("plain text"), SNIFF_BYTES},
	    {BYTES("PK and words"), SNIFF_BYTES},
	    {BYTES("\xff\xfe"
		   "a\0"),
	     SNIFF_UTF16LE},
	    {BYTES("\xfe\xff"
		   "\0a"),
	     SNIFF_UTF16BE},
	    {BYTES("\xff\xfe\0\0"
		   "a\0\0\0"),
	     SNIFF_UTF32LE},
	    {BYTES("\0\0\xfe\xff"
		   "\0\0\0a"),
	     SNIFF_UTF32BE},
	    {BYTES("h\0e\0l\0l\0o\0 \0w\0o\0"), SNIFF_UTF16LE},
	    {BYTES("\0h\0e\0l\0l\0o\0 \0w\0o"), SNIFF_UTF16BE},
	    {BYTES("h\0\0\0e\0\0\0l\0\0\0"), SNIFF_UTF32LE},
	    {BYTES("\0\0\0h\0\0\0e\0\0\0l"), SNIFF_UTF32BE},
	    {BYTES("\0\0\0\0\0\0\0\0"), SNIFF_BYTES},
	    {BYTES("\x7f"
		   "ELF\2\1\1\0\0\0\0\0\3\0>\0"),
	     SNIFF_BYTES},
	    {BYTES("log line\n\0log line\n"), SNIFF_BYTES},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(sniff_bytes(cases[i].bytes), cases[i].is);
}

/* "Карта " in UTF-16: few zero bytes, but regular ones. */
static void
other_alphabets_in_utf16_are_text(void **state)
{
	static const uint16_t word[] = {0x41a, 0x430, 0x440, 0x442,
					0x430, ' ',   '1',   '\n'};
	uint8_t le[sizeof(word) * 20];

	(void)state;
	for (size_t i = 0; i < sizeof(le) / 2; i++) {
		le[2 * i] = (uint8_t)word[i % 8];
		le[2 * i + 1] = (uint8_t)(word[i % 8] >> 8);
	}
	assert_int_equal(sniff_bytes(span_of(le, sizeof(le))), SNIFF_UTF16LE);
}

/* What some programs write, and formats that begin with the same bytes. */
static void
a_mark_that_nothing_wide_follows_is_none(void **state)
{
	static const uint8_t cjk[] = {0x2d, 0x4e, 0x87, 0x65, 0x57, 0x5b,
				      0x16, 0x7b, 0xfd, 0x90, 0x0d, 0x4e};
	uint8_t text[2 + sizeof(cjk) * 8] = {0xff, 0xfe};
	struct span ascii = span_str("\xff\xfe"
				     "card 4111 1111 1111 1111, appended\n");
	static const uint8_t set[64] = {0xfe, 0xff, 0, 0, 4, 10, 2, 0, 1, 2};
	uint32_t r = 1;

	(void)state;
	assert_int_equal(sniff_bytes(ascii), SNIFF_BYTES);
	assert_int_equal(sniff_bytes(span_of(set, sizeof(set))), SNIFF_BYTES);
	for (size_t i = 2; i < sizeof(text); i++)
		text[i] = cjk[(i - 2) % sizeof(cjk)];
	assert_int_equal(sniff_bytes(span_of(text, sizeof(text))),
			 SNIFF_UTF16LE);
	for (size_t i = 2; i < sizeof(text); i++) {
		r = r * 1664525u + 1013904223u;
		text[i] = (uint8_t)(r >> 24);
	}
	assert_int_equal(sniff_bytes(span_of(text, sizeof(text))), SNIFF_BYTES);
}

static void
random_bytes_stay_bytes(void **state)
{
	uint8_t b[4096];
	uint32_t r = 1;

	(void)state;
	for (unsigned round = 0; round < 50; round++) {
		for (size_t i = 0; i < sizeof(b); i++) {
			r = r * 1664525u + 1013904223u;
			b[i] = (uint8_t)(r >> 24);
		}
		b[0] = 'x';
		assert_int_equal(sniff_bytes(span_of(b, sizeof(b))),
				 SNIFF_BYTES);
	}
}

static void
zeros_high_bytes_and_escapes_are_seen_wherever_they_stand(void **state)
{
	uint8_t b[300];

	(void)state;
	memset(b, 'a', sizeof(b));
	for (size_t len = 0; len <= sizeof(b); len += 7)
		for (size_t at = 0; at < sizeof(b); at++) {
			struct sniff_seen seen;

			b[at] = 0;
			seen = sniff_look(span_of(b, len));
			assert_int_equal(seen.zeros, at < len);
			assert_false(seen.high || seen.shifts);
			b[at] = 0x80;
			seen = sniff_look(span_of(b, len));
			assert_int_equal(seen.high, at < len);
			assert_false(seen.zeros || seen.shifts);
			b[at] = 0x1b;
			seen = sniff_look(span_of(b, len));
			assert_int_equal(seen.shifts, at < len);
			assert_false(seen.zeros || seen.high);
			b[at] = 'a';
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(content_tells_its_kind),
	    cmocka_unit_test(other_alphabets_in_utf16_are_text),
	    cmocka_unit_test(a_mark_that_nothing_wide_follows_is_none),
	    cmocka_unit_test(random_bytes_stay_bytes),
	    cmocka_unit_test(
		zeros_high_bytes_and_escapes_are_seen_wherever_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
