#include "tests/unit/extract/collect.h"

#include "extract/fold.h"

static void
digits_and_what_joins_them_become_ascii(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"plain 4111-1111", "plain 4111-1111"},
	    /* full-width, Arabic-Indic, extended, Devanagari, Thai */
	    {"\xef\xbc\x94\xef\xbc\x91", "41"},
	    {"\xd9\xa4\xd9\xa1", "41"},
	    {"\xdb\xb4\xdb\xb1", "41"},
	    {"\xe0\xa5\xaa\xe0\xa5\xa7", "41"},
	    {"\xe0\xb9\x94\xe0\xb9\x91", "41"},
	    {"\xef\xbc\xa4\xef\xbc\xa5\xef\xbc\x98\xef\xbc\x99", "DE89"},
	    {"\xef\xbd\x81\xef\xbd\x9a", "az"},
	    /* between letters and digits only */
	    {"1\xc2\xa0"
	     "1",
	     "1 1"},
	    {"1\xe2\x80\xaf"
	     "1",
	     "1 1"},
	    {"1\xe2\x80\x93"
	     "1",
	     "1-1"},
	    {"1\xe2\x88\x92"
	     "1",
	     "1-1"},
	    {"1\xe3\x80\x80"
	     "1",
	     "1 1"},
	    {"1\xe2\x80\x8b"
	     "1",
	     "11"},
	    {"9\xc2\xa0NWBK", "9 NWBK"},
	    {"\xe1\x81\x84\xe1\x9f\xa1", "41"},
	    /* everywhere: blanks and quotation marks */
	    {"a\xc2\xa0z", "a z"},
	    {"HNYI\xc2\xa0K042", "HNYI K042"},
	    {"Karte\xe2\x80\xaf: 1", "Karte : 1"},
	    {"\xe2\x80\x9eKarte\xe2\x80\x9c 1", "\"Karte\" 1"},
	    {"\xc2\xabINN\xc2\xbb", "\"INN\""},
	    {"l\xe2\x80\x99IBAN\xe2\x80\xa6", "l'IBAN."},
	    {"a\xe2\x80\x93z", "a\xe2\x80\x93z"},
	    {"a\xe2\x80\x8bz", "a\xe2\x80\x8bz"},
	    {"1 \xe2\x80\x93 1", "1 \xe2\x80\x93 1"},
	    {"\xef\xbc\x94\xef\xbc\x8d\xef\xbc\x91", "4-1"},
	    {"a\xef\xbc\x8c\xef\xbc\x91", "a,1"},
	    {"\xe5\x8d\xa1\xef\xbc\x8c\xef\xbc\x91", "\xe5\x8d\xa1,1"},
	    /* single bytes of Windows pages */
	    {"1\xa0"
	     "1",
	     "1 1"},
	    {"1\x96"
	     "1\x97"
	     "1",
	     "1-1-1"},
	    {"\xc3\xa0"
	     "1",
	     "\xc3\xa0"
	     "1"},
	    /* cut short */
	    {"1\xe2\x80", "1\xe2\x80"},
	    {"1\xef\xbc", "1\xef\xbc"},
	    {"\xd9", "\xd9"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = span_str(cases[i].text);
		uint8_t out[64];
		size_t n = fold_text(s, out, NULL, 0);

		assert_int_equal(n, strlen(cases[i].want));
		assert_memory_equal(out, cases[i].want, n);
	}
}

static void
what_touches_a_title_is_no_letter(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    /* a title's colon, and the mark that a text begins with */
	    {"IBAN\xef\xbc\x9a"
	     "DE",
	     "IBAN:DE"},
	    {"\xe5\x8d\xa1\xef\xbc\x9a\xe5\x8d\xa1",
	     "\xe5\x8d\xa1\xef\xbc\x9a\xe5\x8d\xa1"},
	    {"\xef\xbb\xbfIBAN", " IBAN"},
	    {"1\xef\xbb\xbf"
	     "1",
	     "11"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t out[64];
		size_t n = fold_text(span_str(cases[i].text), out, NULL, 0);

		assert_int_equal(n, strlen(cases[i].want));
		assert_memory_equal(out, cases[i].want, n);
	}
}

static void
folding_twice_changes_no_more(void **state)
{
	struct span s = span_str("\xef\xbc\x91\xc2\xa0"
				 "1\xe2\x80\x91\xd9\xa1 x");
	uint8_t once[64], twice[64];
	size_t n = fold_text(s, once, NULL, 0);

	(void)state;
	assert_int_equal(fold_text(span_of(once, n), twice, NULL, 0), n);
	assert_memory_equal(once, twice, n);
	assert_string_equal("1 1-1 x", (once[n] = 0, (char *)once));
}

static void
stops_follow_their_character(void **state)
{
	struct span s = span_str("ab\xef\xbc\x91"
				 "cd\xef\xbc\x92");
	size_t stops[] = {0, 2, 3, 5, 7, 10};
	static const size_t want[] = {0, 2, 3, 3, 5, 6};
	uint8_t out[16];

	(void)state;
	assert_int_equal(fold_text(s, out, stops, 6), 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(stops[i], want[i]);
}

/* ---- through the extractor: offsets stay those of the object ---------------
 */

struct seen {
	struct span wide; /* the bytes that were given */
	unsigned unit;
	size_t found;
};

/* Every '7' of the text stands for a full-width seven of the object. */
static enum status
check_sevens(void *arg, const struct extract_window *w)
{
	struct seen *s = arg;
	size_t bytes = s->unit == 1 ? 3 : s->unit;

	for (size_t i = w->from; i < w->to; i++) {
		uint64_t at = extract_origin(w, i);

		if (w->text.ptr[i] != '7')
			continue;
		assert_int_equal(extract_end(w, i + 1) - at, bytes);
		if (s->unit == 1)
			assert_memory_equal(s->wide.ptr + at, "\xef\xbc\x97",
					    3);
		else
			assert_memory_equal(s->wide.ptr + at, "\x17\xff", 2);
		s->found++;
	}
	return ST_OK;
}

static void
sevens_are_found(bool utf16, enum way way, size_t chars)
{
	struct seen s = {.unit = utf16 ? 2 : 1};
	const struct extract_sink sink = {&s, check_sevens, collect_note, NULL};
	struct collect c = {.step = 65521};
	struct extract_input in = {.arg = &c};
	struct extract_options options;
	struct extract_result r;
	struct extractor *x;
	struct buf b;
	size_t want = 0;

	buf_init(&b, 1u << 26);
	for (size_t i = 0; i < chars; i++) {
		bool seven = i % 5 == 3 && i % 4096 > 2048;
		const char *put = utf16   ? seven ? "\x17\xff" : "a\0"
				  : seven ? "\xef\xbc\x97"
					  : "a";

		want += seven;
		assert_int_equal(buf_add(&b, put,
					 utf16   ? 2
					 : seven ? 3
						 : 1),
				 ST_OK);
	}
	s.wide = c.bytes = buf_span(&b);
	in.size = b.len;
	if (way == IN_MEMORY)
		in.bytes = c.bytes;
	else
		in.pread = collect_pread;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	assert_int_equal(extract_object(x, &in, &sink, &r), ST_OK);
	assert_int_equal(s.found, want);
	extractor_close(x);
	buf_fini(&b);
}

static void
folded_digits_have_the_offsets_of_the_object(void **state)
{
	(void)state;
	for (enum way way = IN_MEMORY; way <= BY_PREAD; way++) {
		sevens_are_found(false, way, 5000);
		sevens_are_found(false, way, 3000000);
		sevens_are_found(true, way, 5000);
		sevens_are_found(true, way, 1500000);
	}
}

/* Of each byte left of text that is walked a character at a time. */
#define MIXED_MAX 40000

struct walk {
	size_t origin[MIXED_MAX + 1];
	size_t count;
};

static void
walk_chars(struct span t, struct walk *out)
{
	out->count = 0;
	for (size_t at = 0; at < t.len;) {
		struct fold_char c = fold_next(t, at);
		bool stays = c.folded == 0 && c.len > 0;

		for (size_t i = 0; i < c.len; i++)
			out->origin[out->count++] = stays ? at + i : at;
		at += c.used;
	}
}

static enum status
check_walk(void *arg, const struct extract_window *w)
{
	const struct walk *want = arg;

	assert_int_equal(w->text.len, want->count);
	for (size_t k = 0; k < want->count; k++) { /* in no order */
		size_t i = k * 7919 % want->count;

		assert_int_equal(extract_origin(w, i), want->origin[i]);
	}
	return ST_OK;
}

static void
each_byte_that_is_left_has_the_origin_that_a_walk_gives_it(void **state)
{
	static const char *const parts[] = {"a",
					    "4",
					    "\xc3\xa9",
					    "\xe2\x82\xac",
					    "\xef\xbc\x97",
					    "1\342\200\2131",
					    "\xe2\x80\x9c",
					    "word word word ",
					    "\xf0\x9f\x98\x80"};
	static struct walk want;
	static char text[MIXED_MAX];
	struct extract_input in = {0};
	const struct extract_sink sink = {&want, check_walk, collect_note,
					  NULL};
	struct extract_options options;
	struct extract_result r;
	struct extractor *x;
	uint32_t seed = 7;
	size_t len = 0;

	(void)state;
	while (len + 16 < sizeof(text)) {
		const char *part;

		seed = seed * 1103515245 + 12345;
		part = parts[(seed >> 16) % (sizeof(parts) / sizeof(*parts))];
		memcpy(text + len, part, strlen(part));
		len += strlen(part);
	}
	walk_chars(span_of((const uint8_t *)text, len), &want);
	in.bytes = span_of((const uint8_t *)text, len);
	in.size = len;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	assert_int_equal(extract_object(x, &in, &sink, &r), ST_OK);
	extractor_close(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(digits_and_what_joins_them_become_ascii),
	    cmocka_unit_test(what_touches_a_title_is_no_letter),
	    cmocka_unit_test(folding_twice_changes_no_more),
	    cmocka_unit_test(stops_follow_their_character),
	    cmocka_unit_test(folded_digits_have_the_offsets_of_the_object),
	    cmocka_unit_test(
		each_byte_that_is_left_has_the_origin_that_a_walk_gives_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
