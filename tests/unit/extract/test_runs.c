#include "tests/unit/extract/collect.h"

#include "extract/view.h"

#define MIB  (1024 * 1024)
#define CARD "4111 1111 1111 1111"

/* What is read once more, with the original bytes of each byte. */
struct seen {
	struct collect way;
	struct buf bytes, spans; /* two numbers a byte */
	size_t windows;
};

static enum status
on_window(void *arg, const struct extract_window *w)
{
	struct seen *s = arg;

	if (!w->again)
		return ST_OK;
	s->windows++;
	for (size_t i = w->from; i < w->to; i++) {
		uint64_t span[] = {extract_origin(w, i), extract_end(w, i + 1)};

		assert_true(span[0] < span[1] && span[1] <= s->way.bytes.len);
		assert_int_equal(buf_add_byte(&s->bytes, w->text.ptr[i]),
				 ST_OK);
		assert_int_equal(buf_add(&s->spans, span, sizeof(span)), ST_OK);
	}
	return ST_OK;
}

static void
look(struct span bytes, enum way way, size_t step, struct seen *s)
{
	const struct extract_sink sink = {s, on_window, collect_note, NULL};
	struct extract_input in = {.arg = &s->way, .size = bytes.len};
	struct extract_options options;
	struct extract_result r;
	struct extractor *x;

	*s = (struct seen){.way = {.bytes = bytes, .step = step}};
	buf_init(&s->bytes, 1u << 27);
	buf_init(&s->spans, 1u << 30);
	if (way == IN_MEMORY)
		in.bytes = bytes;
	else
		in.pread = collect_pread;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	assert_int_equal(extract_object(x, &in, &sink, &r), ST_OK);
	extractor_close(x);
}

static void
forget(struct seen *s)
{
	buf_fini(&s->bytes);
	buf_fini(&s->spans);
}

/* The original bytes of `want`; false when it is not among what was read. */
static bool
stands(const struct seen *s, const char *want, uint64_t *from, uint64_t *to)
{
	const uint8_t *p;
	size_t at, n = strlen(want);

	if (s->bytes.len == 0)
		return false;
	p = memmem(s->bytes.data, s->bytes.len, want, n);
	if (p == NULL)
		return false;
	at = (size_t)(p - s->bytes.data);
	memcpy(from, s->spans.data + at * 16, 8);
	memcpy(to, s->spans.data + (at + n - 1) * 16 + 8, 8);
	return true;
}

/* Bytes as programs are made of: no text, zeros here and there. */
static void
fill(struct buf *b, size_t n, uint32_t seed)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c;

		seed = seed * 1664525u + 1013904223u;
		c = seed >> 29 == 0 ? 0 : (uint8_t)(0x80 | seed >> 24);
		assert_int_equal(buf_add_byte(b, c), ST_OK);
	}
}

static void
put(struct buf *b, const char *text, unsigned unit, bool big)
{
	for (; *text != 0; text++)
		for (unsigned i = 0; i < unit; i++) {
			bool low = i == (big ? unit - 1 : 0);

			assert_int_equal(
			    buf_add_byte(b, low ? (uint8_t)*text : 0), ST_OK);
		}
}

#define BEFORE 200

/* What is looked at stands among bytes that are no text. */
static void
look_among(const char *bytes, size_t n, struct seen *s)
{
	struct buf b;

	buf_init(&b, 4096);
	fill(&b, BEFORE, 5);
	assert_int_equal(buf_add(&b, bytes, n), ST_OK);
	look(buf_span(&b), IN_MEMORY, 0, s);
	buf_fini(&b);
}

static const struct {
	unsigned unit;
	bool big;
} orders[] = {{2, false}, {2, true}, {4, false}, {4, true}};

static void
wide_text_in_other_bytes_is_read_at_any_offset(void **state)
{
	(void)state;
	for (size_t k = 0; k < 4; k++)
		for (size_t at = 100; at < 180; at++) {
			uint64_t from = 0, to = 0;
			struct seen s;
			struct buf b;

			buf_init(&b, 4096);
			fill(&b, at - 1, (uint32_t)at);
			assert_int_equal(buf_add_byte(&b, 0xff), ST_OK);
			put(&b, CARD, orders[k].unit, orders[k].big);
			assert_int_equal(buf_add_byte(&b, 0xff), ST_OK);
			fill(&b, 100, 7);
			look(buf_span(&b), IN_MEMORY, 0, &s);
			assert_true(stands(&s, CARD, &from, &to));
			assert_int_equal(from, at);
			assert_int_equal(to, at + 19 * orders[k].unit);
			forget(&s);
			buf_fini(&b);
		}
}

static void
a_run_among_zeros_has_its_low_byte_first(void **state)
{
	(void)state;
	for (unsigned unit = 2; unit <= 4; unit += 2)
		for (size_t at = 5000; at < 5008; at++) {
			uint64_t from = 0, to = 0;
			struct seen s;
			struct buf b;

			buf_init(&b, 16384);
			fill(&b, 4500, 1);
			while (b.len < at)
				assert_int_equal(buf_add_byte(&b, 0), ST_OK);
			put(&b, CARD, unit, false);
			for (size_t i = 0; i < 4000; i++)
				assert_int_equal(buf_add_byte(&b, 0), ST_OK);
			look(buf_span(&b), IN_MEMORY, 0, &s);
			assert_true(stands(&s, CARD, &from, &to));
			assert_int_equal(from, at);
			forget(&s);
			buf_fini(&b);
		}
}

static void
what_follows_a_run_among_zeros_tells_its_order(void **state)
{
	static const struct {
		const char *bytes;
		size_t len, from;
	} cases[] = {
	    /* low byte first, then a zero; high byte first, then one */
	    {"\xff\xfe\0\0"
	     "4\0001\0001\0001\0001\0001\0\0\0\xff",
	     19, 4},
	    {"\xff\xfe\0\0"
	     "4\0001\0001\0001\0001\0001\0001\0\0\xff",
	     20, 3},
	    /* and no zero */
	    {"\xff\xfe\0\0"
	     "4\0001\0001\0001\0001\0001\0001\xff\xff",
	     19, 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t from = 0, to = 0;
		struct seen s;

		look_among(cases[i].bytes, cases[i].len, &s);
		assert_true(stands(&s, "411111", &from, &to));
		assert_int_equal(from, BEFORE + cases[i].from);
		forget(&s);
	}
}

static void
words_of_other_scripts_before_a_number_are_read_with_it(void **state)
{
	/* U+043A U+0430 U+0440 U+0442 U+0430 */
	static const char raw[] = "\xff\xfe\x81\xff\x3a\x04\x30\x04\x40\x04"
				  "\x42\x04\x30\x04 \0004\0001\0001\0"
				  "1\0001\0001\0\xff\xff";
	uint64_t from = 0, to = 0;
	struct seen s;

	(void)state;
	look_among(raw, sizeof(raw) - 1, &s);
	assert_true(stands(
	    &s, "\xd0\xba\xd0\xb0\xd1\x80\xd1\x82\xd0\xb0 411111", &from, &to));
	assert_int_equal(from, BEFORE + 4);
	forget(&s);
}

static void
tables_of_small_numbers_and_plain_text_are_not_read_again(void **state)
{
	static const char *const texts[] = {
	    "plain text, 4111 1111 1111 1111, and no zero in it",
	    "one zero\0and text that goes on and on for a while",
	};
	struct buf b;
	struct seen s;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		look(span_of(texts[i], 40), IN_MEMORY, 0, &s);
		assert_int_equal(s.windows, 0);
		forget(&s);
	}
	buf_init(&b, 65536);
	for (unsigned i = 0; i < 4000; i++) {
		assert_int_equal(buf_add_byte(&b, (uint8_t)(1 + i % 40)),
				 ST_OK);
		assert_int_equal(buf_add_byte(&b, 0), ST_OK);
	}
	assert_int_equal(buf_add_byte(&b, 0xff), ST_OK);
	b.data[0] = b.data[2] = 0xff; /* so that all of it is no text */
	look(buf_span(&b), IN_MEMORY, 0, &s);
	assert_int_equal(s.windows, 0);
	forget(&s);
	buf_fini(&b);
}

/* What is read does not depend on how the bytes come or where they are cut. */
static void
runs_are_the_same_wherever_text_is_cut(void **state)
{
	struct buf b;
	struct seen whole, cut;

	(void)state;
	buf_init(&b, 4 * MIB);
	fill(&b, 100, 3);
	while (b.len < 3 * MIB) {
		size_t k = b.len % 4;

		fill(&b, 1 + b.len % 97, (uint32_t)b.len);
		put(&b, b.len % 3 == 0 ? "a long line of words " CARD : CARD,
		    orders[k].unit, orders[k].big);
		if (b.len > MIB - 50000 && b.len < MIB)
			for (unsigned i = 0; i < 3000; i++)
				put(&b, "one long run ", 2, false);
	}
	look(buf_span(&b), IN_MEMORY, 0, &whole);
	assert_true(whole.bytes.len > 500000);
	for (size_t step = 1000; step < 100000; step = step * 3 + 1) {
		look(buf_span(&b), BY_PREAD, step, &cut);
		assert_int_equal(cut.bytes.len, whole.bytes.len);
		assert_memory_equal(cut.bytes.data, whole.bytes.data,
				    whole.bytes.len);
		assert_int_equal(cut.spans.len, whole.spans.len);
		assert_memory_equal(cut.spans.data, whole.spans.data,
				    whole.spans.len);
		forget(&cut);
	}
	forget(&whole);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wide_text_in_other_bytes_is_read_at_any_offset),
	    cmocka_unit_test(a_run_among_zeros_has_its_low_byte_first),
	    cmocka_unit_test(what_follows_a_run_among_zeros_tells_its_order),
	    cmocka_unit_test(
		words_of_other_scripts_before_a_number_are_read_with_it),
	    cmocka_unit_test(
		tables_of_small_numbers_and_plain_text_are_not_read_again),
	    cmocka_unit_test(runs_are_the_same_wherever_text_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
