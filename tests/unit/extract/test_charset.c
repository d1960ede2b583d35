#include "tests/unit/extract/collect.h"

#include "base/utf.h"
#include "extract/charset.h"

static const struct charset *
by_name(const char *name)
{
	for (size_t i = 0; i < charset_count; i++)
		if (strcmp(charsets[i].name, name) == 0)
			return &charsets[i];
	for (size_t i = 0; i < 3; i++)
		if (strcmp(charset_ebcdic[i].name, name) == 0)
			return &charset_ebcdic[i];
	fail_msg("no charset %s", name);
	return NULL;
}

/* UTF-8 in a charset. */
static void
encode(const struct charset *c, const char *text, struct buf *to)
{
	struct span s = span_str(text);

	while (s.len > 0) {
		unsigned byte = 0;
		uint32_t cp;
		size_t n = utf_decode(s, &cp);

		while (byte < 256 && charset_char(c, (uint8_t)byte) != cp)
			byte++;
		if (byte == 256)
			fail_msg("%s has no U+%04x", c->name, (unsigned)cp);
		assert_int_equal(buf_add_byte(to, (uint8_t)byte), ST_OK);
		s = span_skip(s, n);
	}
}

static const struct {
	const char *name, *text;
} samples[] = {
    {"windows-1252",
     "Die Kreditkarte von Herrn M\xc3\xbcller, gr\xc3\xbc\xc3\x9f"
     "e aus K\xc3\xb6ln, 4111 1111"},
    {"windows-1250",
     "\xc4\x8d\xc3\xadslo karty, pros\xc3\xadm o \xc4\x8d\xc3\xadslo "
     "\xc3\xba\xc4\x8dtu, d\xc4\x9bkuji, p\xc5\x99\xc3\xadklad, 4111"},
    {"windows-1251", "\xd0\xbd\xd0\xbe\xd0\xbc\xd0\xb5\xd1\x80 "
		     "\xd0\xba\xd0\xb0\xd1\x80\xd1\x82\xd1\x8b 4111 1111"},
    {"koi8-r", "\xd0\xbd\xd0\xbe\xd0\xbc\xd0\xb5\xd1\x80 "
	       "\xd0\xba\xd0\xb0\xd1\x80\xd1\x82\xd1\x8b 4111 1111"},
    {"cp866", "\xd0\xbd\xd0\xbe\xd0\xbc\xd0\xb5\xd1\x80 "
	      "\xd0\xba\xd0\xb0\xd1\x80\xd1\x82\xd1\x8b 4111 1111"},
    {"windows-1253", "\xce\xb1\xcf\x81\xce\xb9\xce\xb8\xce\xbc\xcf\x8c\xcf\x82 "
		     "\xce\xba\xce\xb1\xcf\x81\xcf\x84\xce\xb1\xcf\x82 4111"},
    {"ibm037", "THE CARD NUMBER IS 4111 1111 1111 1111, VALID\n"},
    {"ibm500", "ROW[1] = 4111 1111 1111 1111, CARD OF MR. SMITH\n"},
    {"ibm1047", "ROW[1] = 4111 1111 1111 1111, CARD OF MR. SMITH\n"},
    {"ibm037", "4111111111111111"},
};

static void
a_text_is_guessed_and_comes_out_as_it_was(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct charset *want = by_name(samples[i].name), *got;
		struct collect *c;
		struct buf b;

		buf_init(&b, 4096);
		encode(want, samples[i].text, &b);
		got = charset_guess(buf_span(&b));
		if (got != want)
			fail_msg("%s is taken for %s", want->name,
				 got == NULL ? "bytes" : got->name);
		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			c = collect_run(buf_span(&b), way, NULL);
			assert_text(c, "", span_str(samples[i].text));
			collect_free(c);
		}
		buf_fini(&b);
	}
}

static void
blanks_and_dashes_within_numbers_are_no_letters(void **state)
{
	(void)state;
	assert_ptr_equal(charset_guess(span_str("card 4111\xa0"
						"1111\x96"
						"1111")),
			 by_name("windows-1252"));
}

static void
utf8_ascii_and_binary_stay_as_they_are(void **state)
{
	static const char *const texts[] = {
	    "",
	    "plain text, 4111 1111",
	    "gr\xc3\xbc\xc3\x9fst aus K\xc3\xb6ln",
	    "\xe5\x8d\xa1\xe5\x8f\xb7 4111",
	    "\xff\x01\x02\xfe binary \xe9\xe8",
	    "cut at its end \xe5\x8d",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_null(charset_guess(span_str(texts[i])));
}

static void
long_texts_keep_the_offset_of_each_byte(void **state)
{
	const struct charset *c = by_name("ibm037");
	struct collect *run;
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 23);
	while (b.len < 2500000)
		encode(c, "RECORD 0123 OF A LONG FILE 4567\n", &b);
	run = collect_run(buf_span(&b), BY_PREAD, NULL);
	assert_int_equal(run->places[0].text.len, b.len);
	assert_memory_equal(run->places[0].text.data + 32, "RECORD 0123", 11);
	/* one byte a character: the last window begins where it stands */
	assert_true(run->places[0].origin > 2u * EXTRACT_WINDOW - 65536);
	collect_free(run);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_text_is_guessed_and_comes_out_as_it_was),
	    cmocka_unit_test(blanks_and_dashes_within_numbers_are_no_letters),
	    cmocka_unit_test(utf8_ascii_and_binary_stay_as_they_are),
	    cmocka_unit_test(long_texts_keep_the_offset_of_each_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
