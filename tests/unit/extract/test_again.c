#include "tests/unit/extract/collect.h"

#include "base/codec.h"
#include "extract/view.h"

/*
 * What is decoded of a text: the bytes that matches may begin in, with the
 * original bytes of each.
 */
struct decoded {
	struct collect way;
	struct buf bytes;
	struct buf spans; /* two numbers a byte */
	size_t windows, shown;
};

static enum status
on_window(void *arg, const struct extract_window *w)
{
	struct decoded *d = arg;

	if (!w->again)
		return ST_OK;
	d->windows++;
	d->shown += w->text.len;
	for (size_t i = w->from; i < w->to; i++) {
		uint64_t span[] = {extract_origin(w, i), extract_end(w, i + 1)};

		assert_true(span[0] < span[1] && span[1] <= d->way.bytes.len);
		assert_int_equal(buf_add_byte(&d->bytes, w->text.ptr[i]),
				 ST_OK);
		assert_int_equal(buf_add(&d->spans, span, sizeof(span)), ST_OK);
	}
	return ST_OK;
}

static void
decode(struct span text, enum way way, struct decoded *d)
{
	const struct extract_sink sink = {d, on_window, collect_note, NULL};
	struct extract_input in = {.arg = &d->way, .size = text.len};
	struct extract_options options;
	struct extract_result r;
	struct extractor *x;

	*d = (struct decoded){.way = {.bytes = text, .step = 70001}};
	buf_init(&d->bytes, 1u << 27);
	buf_init(&d->spans, 1u << 30);
	if (way == IN_MEMORY)
		in.bytes = text;
	else
		in.pread = collect_pread;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	assert_int_equal(extract_object(x, &in, &sink, &r), ST_OK);
	assert_int_equal(r.coverage, COVERAGE_FULL);
	extractor_close(x);
}

static void
forget(struct decoded *d)
{
	buf_fini(&d->bytes);
	buf_fini(&d->spans);
}

/* Where `want` stands in what was decoded, SIZE_MAX: nowhere. */
static size_t
find(const struct decoded *d, const char *want)
{
	const uint8_t *p = d->bytes.data;

	if (d->bytes.len > 0)
		p = memmem(d->bytes.data, d->bytes.len, want, strlen(want));
	if (d->bytes.len == 0 || p == NULL)
		return SIZE_MAX;
	return (size_t)(p - d->bytes.data);
}

#define LONG_LINE "this line is as long as lines are that were folded "

static void
encodings_are_read_once_more(void **state)
{
	static const struct {
		const char *text, *want, *raw; /* raw: the bytes it covers */
	} cases[] = {
	    {"a%20b%3D41", "a b=41", "a%20b%3D41"},
	    {"x 4111%201111+1111", "4111 1111 1111", "4111%201111+1111"},
	    {"%4", NULL, NULL},
	    {"100% of %s and %d, %02x %ad %08lx", NULL, NULL},
	    {"a%252d", "a%2d", "a%252d"}, /* one level */
	    {"1%C2%A01", "1 1", "1%C2%A01"},
	    {"card=3D4111", "card=4111", "card=3D4111"},
	    {"=34=31=31", "411", "=34=31=31"},
	    {"4=A05", "4 5", "4=A05"},
	    /* of a code page, whose letters take two bytes as text */
	    {"gr\xfc\xdf"
	     "e 4=A05",
	     "\xc3\xbc\xc3\x9f"
	     "e 4 5",
	     "\xfc\xdf"
	     "e 4=A05"},
	    {LONG_LINE "41=\r\n11", "4111", "41=\r\n11"},
	    {LONG_LINE "41=\n11", "4111", "41=\n11"},
	    {"a =\n b, key=10, port=2022", NULL, NULL},
	    {"NDExMTExMTExMTExMTExMQ==", "4111111111111111",
	     "NDExMTExMTExMTExMTExMQ"},
	    {"\"a\":\"bXkgY2FyZCBpcyA0MTExMTEx\"", "my card is 4111111",
	     "bXkgY2FyZCBpcyA0MTExMTEx"},
	    {"bXkgY2FyZCBpcyA0MTExMTEx\r\n  NDExMQ==", "1114111",
	     "MTEx\r\n  NDExMQ"},
	    {"Pz8_Pz8-Pz8_Pz8-Pz8_Pz8-IDQx", "41", "DQx"},
	    {"NDExMTExMTExMTExMTExMQ", NULL, NULL}, /* too short */
	    {"/usr/share/doc/library/examples/file", NULL, NULL},
	    {"the_name_of_a_variable_that_is_long", NULL, NULL},
	    {"0123456789abcdef0123456789abcdef", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decoded d;
		const char *want = cases[i].want;
		uint64_t span[2], end[2];
		size_t at;

		decode(span_str(cases[i].text), IN_MEMORY, &d);
		if (want == NULL) {
			if (d.windows > 0)
				fail_msg("%s was decoded", cases[i].text);
			forget(&d);
			continue;
		}
		at = find(&d, want);
		if (at == SIZE_MAX)
			fail_msg("%s not in %s", want, cases[i].text);
		memcpy(span, d.spans.data + at * 16, 16);
		memcpy(end, d.spans.data + (at + strlen(want) - 1) * 16, 16);
		assert_int_equal(end[1] - span[0], strlen(cases[i].raw));
		assert_memory_equal(cases[i].text + span[0], cases[i].raw,
				    strlen(cases[i].raw));
		forget(&d);
	}
}

/* ---- cut anywhere ----------------------------------------------------------
 */

static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void
add_base64(struct buf *b, uint32_t *seed, size_t lines)
{
	for (size_t i = 0; i < lines; i++) {
		struct span s = some_text(57, next(seed));

		assert_int_equal(codec_base64(CODEC_BASE64, s, b), ST_OK);
		assert_int_equal(buf_add(b, "\r\n", 2), ST_OK);
		free_span(s);
	}
}

/* Text with every encoding in short and long stretches. */
static void
make_mixed(struct buf *b, size_t n, uint32_t seed)
{
	static const char *const bits[] = {
	    "card%20number%3A",
	    "+1111",
	    "=3D",
	    "=C2=A0",
	    "=\r\n",
	    "%e2%80%93",
	    "\xef\xbc\x91\xef\xbc\x92",
	    "4\xc2\xa0",
	    "a_long_name_of_a_thing_",
	};

	while (b->len < n) {
		uint32_t kind = next(&seed) % 64;
		struct span s = some_text(next(&seed) % 700, seed);

		assert_int_equal(buf_add(b, s.ptr, s.len), ST_OK);
		free_span(s);
		if (kind == 0)
			add_base64(b, &seed, next(&seed) % 3000);
		else if (kind < 8)
			add_base64(b, &seed, next(&seed) % 4);
		for (uint32_t i = 0; kind > 32 && i < kind - 32; i++) {
			const char *bit = bits[next(&seed) % 9];

			assert_int_equal(buf_add(b, bit, strlen(bit)), ST_OK);
		}
	}
}

static void
widen(struct buf *to, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		const uint8_t unit[] = {s.ptr[i], 0};

		if (s.ptr[i] < 0x80)
			assert_int_equal(buf_add(to, unit, 2), ST_OK);
	}
}

static void
same_by_both_ways(struct span text)
{
	struct decoded whole, cut;

	decode(text, IN_MEMORY, &whole);
	decode(text, BY_PREAD, &cut);
	assert_true(whole.bytes.len > text.len / 32);
	assert_int_equal(whole.bytes.len, cut.bytes.len);
	assert_memory_equal(whole.bytes.data, cut.bytes.data, cut.bytes.len);
	assert_memory_equal(whole.spans.data, cut.spans.data, cut.spans.len);
	forget(&whole);
	forget(&cut);
}

/*
 * In memory a text is one window, a file is many: what is decoded is the same
 * in the same order within each kind of encoding.
 */
static void
what_is_decoded_does_not_depend_on_where_text_is_cut(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		struct buf b, wide;

		buf_init(&b, 1u << 24);
		buf_init(&wide, 1u << 25);
		make_mixed(&b, 3000000 + i * 4099, i + 1);
		same_by_both_ways(buf_span(&b));
		widen(&wide, buf_span(&b));
		same_by_both_ways(buf_span(&wide));
		buf_fini(&b);
		buf_fini(&wide);
	}
}

/* ---- hostile ---------------------------------------------------------------
 */

static void
endless_encodings_cost_a_small_multiple(void **state)
{
	static const char *const bits[] = {
	    "%41",
	    "=41",
	    "NDEx",
	    "%41=3D",
	    "a%41",
	    "=\n",
	    "MTExMTExMTExMTExMTEx=",
	    "QUFBQUFBQUFBQUFBQUFBQUFB%41",
	    "////////////////////////////",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		struct decoded d;
		struct buf b;

		buf_init(&b, 1u << 24);
		while (b.len < 4000000)
			assert_int_equal(buf_add(&b, bits[i], strlen(bits[i])),
					 ST_OK);
		decode(buf_span(&b), BY_PREAD, &d);
		if (d.shown > 4 * b.len)
			fail_msg("%s: %zu shown", bits[i], d.shown);
		forget(&d);
		buf_fini(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(encodings_are_read_once_more),
	    cmocka_unit_test(
		what_is_decoded_does_not_depend_on_where_text_is_cut),
	    cmocka_unit_test(endless_encodings_cost_a_small_multiple),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
