#include "tests/unit/extract/collect.h"

#include <iconv.h>
#include <stdio.h>

#include "base/must.h"
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

/* ---- made paragraphs, by the C library's converters -------------------------
 */

#define PIECE 200
/* NOLINTNEXTLINE(performance-no-int-to-ptr): its own */
#define NONE ((iconv_t)-1)

static size_t
convert(const char *to, const char *from, struct span s, uint8_t *dst,
	size_t room)
{
	iconv_t cd = iconv_open(to, from);
	size_t left = room, got;
	char *in, *out = (char *)dst;

	if (cd == NONE)
		fail_msg("no converter from %s to %s", from, to);
	memcpy(&in, &s.ptr, sizeof(in));
	got = iconv(cd, &in, &s.len, &out, &left);
	if (got == (size_t)-1)
		fail_msg("%s has not all of a text", to);
	assert_int_equal(iconv(cd, NULL, NULL, &out, &left), 0);
	assert_int_equal(iconv_close(cd), 0);
	return room - left;
}

/* It comes out as the text that it was. */
static bool
comes_out(struct extractor *x, struct span raw, struct span text)
{
	struct collect *c = calloc(1, sizeof(*c));
	const struct extract_sink sink = {c, collect_window, collect_note,
					  NULL};
	const struct extract_input in = {.bytes = raw, .size = raw.len};
	struct span got;
	size_t at = 0;
	bool same = true;

	assert_non_null(c);
	assert_int_equal(extract_object(x, &in, &sink, &c->result), ST_OK);
	got = collect_text(c, "");
	/* an escape of ISO-2022-JP is a character of its own */
	for (size_t i = 0; i < got.len && same; i++)
		if (got.ptr[i] != 0x1b)
			same = at < text.len && text.ptr[at++] == got.ptr[i];
	same = same && at == text.len;
	collect_free(c);
	return same;
}

/* The end of a piece of about so many bytes in a charset. */
static size_t
piece(struct span text, const char *charset, uint8_t *raw, size_t room,
      size_t *raw_len)
{
	size_t n = 0;

	*raw_len = 0;
	while (n < text.len && *raw_len < PIECE) {
		uint32_t cp;

		for (unsigned i = 0; i < 16 && n < text.len; i++)
			n += utf_decode(span_skip(text, n), &cp);
		*raw_len =
		    convert(charset, "UTF-8", span_of(text.ptr, n), raw, room);
	}
	return n;
}

struct tally {
	unsigned right, all;
};

/* Pieces of PIECE bytes from all over a paragraph. */
static void
guess_pieces(struct extractor *x, char *text, const char *lang,
	     const char *charset, struct tally *sum)
{
	struct span rest = span_str(text);
	struct tally t = {0, 0};
	uint8_t raw[4 * PIECE];
	uint32_t cp;

	while (rest.len > 0) {
		size_t len, n = piece(rest, charset, raw, sizeof(raw), &len);

		if (len < PIECE)
			break;
		t.all++;
		t.right +=
		    comes_out(x, span_of(raw, len), span_of(rest.ptr, n));
		for (unsigned i = 0; i < 7 && rest.len > 0; i++)
			rest = span_skip(rest, utf_decode(rest, &cp));
	}
	assert_true(t.all > 0);
	if (t.right < t.all)
		print_message("%s %s: %u of %u\n", lang, charset, t.right,
			      t.all);
	sum->right += t.right;
	sum->all += t.all;
}

static void
paragraphs_are_guessed_in_nearly_every_charset(void **state)
{
	FILE *f = fopen("tests/data/paragraphs.tsv", "r");
	struct extract_options options;
	struct tally sum = {0, 0};
	struct extractor *x;
	char line[8192];

	(void)state;
	assert_non_null(f);
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	while (fgets(line, sizeof(line), f) != NULL) {
		char *lang = line, *charsets_of, *text, *rest = NULL;

		if (line[0] == '#')
			continue;
		charsets_of = strchr(lang, '\t');
		assert_non_null(charsets_of);
		*charsets_of++ = 0;
		text = strchr(charsets_of, '\t');
		assert_non_null(text);
		*text++ = 0;
		text[strcspn(text, "\n")] = 0;
		for (char *c = strtok_r(charsets_of, " ", &rest); c != NULL;
		     c = strtok_r(NULL, " ", &rest))
			guess_pieces(x, text, lang, c, &sum);
	}
	(void)fclose(f);
	extractor_close(x);
	print_message("%u of %u\n", sum.right, sum.all);
	assert_true(sum.right * 100 >= sum.all * 98);
}

/* ---- digits -----------------------------------------------------------------
 */

struct digits {
	struct span raw;
	uint64_t next; /* what is before was seen */
	size_t seen;
};

/* Each digit of the text is the one that stands at its offset. */
static enum status
on_digits(void *arg, const struct extract_window *w)
{
	struct digits *d = arg;

	if (w->again)
		return ST_OK;
	for (size_t i = w->from; i < w->to; i++) {
		uint64_t at;

		if (w->text.ptr[i] < '0' || w->text.ptr[i] > '9')
			continue;
		at = extract_origin(w, i);
		assert_true(at >= d->next && at < d->raw.len);
		if (d->raw.ptr[at] >= 0x80)
			continue; /* of another script */
		assert_int_equal(d->raw.ptr[at], w->text.ptr[i]);
		assert_int_equal(extract_end(w, i + 1), at + 1);
		d->next = at + 1;
		d->seen++;
	}
	return ST_OK;
}

static void
keeps_digits(struct extractor *x, struct span raw, enum way way)
{
	struct digits d = {.raw = raw};
	struct collect c = {.bytes = raw, .step = 977};
	const struct extract_sink sink = {&d, on_digits, collect_note, NULL};
	struct extract_input in = {.arg = &c, .size = raw.len};
	struct extract_result r;
	size_t all = 0;

	if (way == IN_MEMORY)
		in.bytes = raw;
	else
		in.pread = collect_pread;
	for (size_t i = 0; i < raw.len; i++)
		all += raw.ptr[i] >= '0' && raw.ptr[i] <= '9';
	assert_int_equal(extract_object(x, &in, &sink, &r), ST_OK);
	assert_int_equal(d.seen, all);
}

static void
no_guess_loses_or_moves_a_digit(void **state)
{
	static uint8_t raw[3000];
	uint32_t seed = 5;
	struct extract_options options;
	struct extractor *x;

	(void)state;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	for (unsigned round = 0; round < 200; round++) {
		/* bytes of a part of the upper half, digits, a few letters */
		uint8_t low = (uint8_t)(0x80 + round % 8 * 16);

		for (size_t i = 0; i < sizeof(raw); i++) {
			seed = seed * 1664525u + 1013904223u;
			if (seed >> 30 == 0)
				raw[i] = (uint8_t)('0' + (seed >> 20) % 10);
			else if (seed >> 28 == 15)
				raw[i] =
				    (uint8_t) "aZ ~@-\n\x1b"[(seed >> 20) % 8];
			else
				raw[i] = (uint8_t)(low + (seed >> 20) %
							     (0x100u - low));
		}
		keeps_digits(x, span_of(raw, 20 + round * 14), IN_MEMORY);
		keeps_digits(x, span_of(raw, 20 + round * 14), BY_PREAD);
	}
	extractor_close(x);
}

#define RUSSIAN                                                                \
	"\xed\xee\xec\xe5\xf0 \xea\xe0\xf0\xf2\xfb 4111 1111 "                 \
	"1111 1111 \xe8 \xef\xe0\xf1\xef\xee\xf0\xf2 1234 567890\n"
#define JAPANESE                                                               \
	"\x83\x4a\x81\x5b\x83\x68\x82\xcc\x94\xd4\x8d\x86 4111 1111 "          \
	"1111 1111 \x82\xc5\x82\xb7\x81\x42 1234 567890\n"

static void
text_may_be_cut_anywhere(void **state)
{
	static const char *const texts[] = {RUSSIAN RUSSIAN, JAPANESE JAPANESE};
	struct extract_options options;
	struct extractor *x;

	(void)state;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	for (size_t i = 0; i < 2; i++) {
		struct span s = span_str(texts[i]);

		for (size_t from = 0; from < s.len; from++) {
			keeps_digits(x, span_skip(s, from), IN_MEMORY);
			keeps_digits(x, span_of(s.ptr, from), BY_PREAD);
		}
	}
	extractor_close(x);
}

/* Of each length, past the end of a window. */
static void
runs_of_ascii_between_other_letters_keep_their_offsets(void **state)
{
	struct extract_options options;
	struct extractor *x;
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 22);
	for (size_t i = 0; b.len < EXTRACT_WINDOW + 200000; i++) {
		assert_int_equal(buf_add(&b, RUSSIAN, strlen(RUSSIAN)), ST_OK);
		for (size_t k = 0; k < i % 70; k++)
			assert_int_equal(
			    buf_add_byte(&b, (uint8_t)('0' + (i + k) % 10)),
			    ST_OK);
	}
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	keeps_digits(x, buf_span(&b), BY_PREAD);
	extractor_close(x);
	buf_fini(&b);
}

static void
long_text_of_two_bytes_keeps_the_offset_of_each_digit(void **state)
{
	struct buf b;
	struct extract_options options;
	struct extractor *x;

	(void)state;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	buf_init(&b, 1u << 23);
	while (b.len < 3500000)
		assert_int_equal(buf_add_str(&b, JAPANESE), ST_OK);
	keeps_digits(x, buf_span(&b), BY_PREAD);
	keeps_digits(x, buf_span(&b), IN_MEMORY);
	buf_fini(&b);
	extractor_close(x);
}

/* ---- what else tells --------------------------------------------------------
 */

static void
letters_that_come_late_are_read_as_well(void **state)
{
	static const char *const late = "\xd0\xba\xd0\xb0\xd1\x80\xd1\x82";
	struct collect *c;
	struct span text;
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	while (b.len < 20000)
		assert_int_equal(buf_add_str(&b, "a line of ASCII\n"), ST_OK);
	assert_int_equal(buf_add_str(&b, RUSSIAN), ST_OK);
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		c = collect_run(buf_span(&b), way, NULL);
		text = collect_text(c, "");
		must(text.ptr != NULL);
		assert_non_null(memmem(text.ptr, text.len, late, strlen(late)));
		collect_free(c);
	}
	buf_fini(&b);
}

static void
a_few_bad_bytes_leave_utf8_what_it_is(void **state)
{
	static const char *const texts[] = {
	    "\xd0\xba\xd0\xb0\xd1\x80\xd1\x82\xd0\xb0 \xff 4111 and so on",
	    "gr\xc3\xbc\xc3\x9f"
	    "e aus K\xc3\xb6ln \xe9 1234 and so on",
	    "\xe5\x8d\xa1\xe5\x8f\xb7 \x80\x81 4111 and so on",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_null(charset_guess(span_str(texts[i])));
}

static void
markup_may_say_its_charset_and_may_be_wrong(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    /* few letters: what it says counts */
	    {"<?xml version=\"1.0\" encoding=\"iso-8859-2\"?><a>\xb9 1</a>",
	     "iso-8859-2"},
	    {"<html><meta charset=windows-1251><p>\xea\xe0\xf0\xf2\xe0</p>",
	     "windows-1251"},
	    {"<meta http-equiv=\"Content-Type\" content=\"text/html; "
	     "charset=koi8-r\"><p>\xcb\xc1\xd2\xd4\xc1</p>",
	     "koi8-r"},
	    {"<meta charset='Shift_JIS'><p>\x83\x4a\x81\x5b\x83\x68</p>",
	     "shift_jis"},
	    {"<p>none: \xea\xe0\xf0\xf2\xe0 \xf0\xee\xf1\xf1\xe8\xe8</p>",
	     "windows-1251"},
	    /* many: it is wrong */
	    {"<meta charset=utf-8><p>" RUSSIAN "</p>", "windows-1251"},
	    {"<meta charset=iso-8859-1><p>" RUSSIAN RUSSIAN "</p>",
	     "windows-1251"},
	    {"<meta charset=windows-1252><p>" JAPANESE "</p>", "shift_jis"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct charset *c =
		    charset_guess(span_str(cases[i].text));

		if (c == NULL || strcmp(c->name, cases[i].want) != 0)
			fail_msg("%s is taken for %s", cases[i].text,
				 c == NULL ? "bytes" : c->name);
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
	    cmocka_unit_test(paragraphs_are_guessed_in_nearly_every_charset),
	    cmocka_unit_test(no_guess_loses_or_moves_a_digit),
	    cmocka_unit_test(text_may_be_cut_anywhere),
	    cmocka_unit_test(
		runs_of_ascii_between_other_letters_keep_their_offsets),
	    cmocka_unit_test(
		long_text_of_two_bytes_keeps_the_offset_of_each_digit),
	    cmocka_unit_test(letters_that_come_late_are_read_as_well),
	    cmocka_unit_test(a_few_bad_bytes_leave_utf8_what_it_is),
	    cmocka_unit_test(markup_may_say_its_charset_and_may_be_wrong),
	    cmocka_unit_test(blanks_and_dashes_within_numbers_are_no_letters),
	    cmocka_unit_test(utf8_ascii_and_binary_stay_as_they_are),
	    cmocka_unit_test(long_texts_keep_the_offset_of_each_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
