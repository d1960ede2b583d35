#include "tests/unit/extract/collect.h"

#include "base/utf.h"
#include "extract/text.h"

#define MIB (1024 * 1024)

static void
text_comes_out_as_it_is_whatever_the_way_in(void **state)
{
	static const size_t sizes[] = {0,
				       1,
				       100,
				       EXTRACT_TAIL,
				       EXTRACT_WINDOW - 1,
				       EXTRACT_WINDOW,
				       EXTRACT_WINDOW + 1,
				       3 * MIB + 17};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
			struct span s = some_text(sizes[i], 7);
			struct collect *c = collect_run(s, way, NULL);

			assert_text(c, "", s);
			assert_int_equal(c->result.coverage, COVERAGE_FULL);
			assert_int_equal(c->result.read, s.len);
			collect_free(c);
			free_span(s);
		}
}

static void
text_in_memory_is_one_window_without_a_copy(void **state)
{
	struct span s = some_text(3 * MIB, 1);
	struct collect *c = collect_run(s, IN_MEMORY, NULL);

	(void)state;
	assert_int_equal(c->windows, 1);
	collect_free(c);
	free_span(s);
}

/* ---- wide characters: every character knows where it came from -------------
 */

struct wide {
	enum sniff encoding;
	unsigned unit;
	bool big;
};

static const struct wide wides[] = {
    {SNIFF_UTF16LE, 2, false},
    {SNIFF_UTF16BE, 2, true},
    {SNIFF_UTF32LE, 4, false},
    {SNIFF_UTF32BE, 4, true},
};

static void
put_unit(struct buf *b, const struct wide *w, uint32_t u)
{
	for (unsigned i = 0; i < w->unit; i++) {
		unsigned shift = 8 * (w->big ? w->unit - 1 - i : i);

		assert_int_equal(buf_add_byte(b, (uint8_t)(u >> shift)), ST_OK);
	}
}

static void
put_char(struct buf *b, const struct wide *w, uint32_t cp)
{
	if (w->unit == 2 && cp >= 0x10000) {
		put_unit(b, w, 0xd800 + ((cp - 0x10000) >> 10));
		put_unit(b, w, 0xdc00 + ((cp - 0x10000) & 0x3ff));
	} else {
		put_unit(b, w, cp);
	}
}

/* Runs of ASCII, and characters of one to four bytes of UTF-8 in turn. */
static uint32_t
nth(size_t i)
{
	static const uint32_t cps[] = {'a', '4', 0xe9,    '1', 0x20ac,
				       ' ', 'z', 0x1f600, '\n'};

	return i % 500 < 64 ? 'x' : cps[i % 9];
}

struct origins {
	const struct wide *wide;
	size_t chars;
	bool checked_end;
};

static enum status
check_origins(void *arg, const struct extract_window *w)
{
	struct origins *o = arg;
	size_t off = w->from;

	while (off < w->to) {
		uint32_t cp;
		size_t n = utf_decode(span_skip(w->text, off), &cp);
		uint64_t from = extract_origin(w, off);

		assert_true(n > 0);
		assert_int_equal(cp, nth(o->chars));
		assert_int_equal(
		    extract_origin(w, off + n) - from,
		    o->wide->unit == 2 && cp >= 0x10000 ? 4 : o->wide->unit);
		o->chars++;
		off += n;
	}
	return ST_OK;
}

static void
no_note(void *arg, const struct extract_note *n)
{
	(void)arg;
	fail_msg("unexpected note %s", cover_name(n->why));
}

static void
wide_text_is_decoded_with_its_origins(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof(wides) / sizeof(wides[0]); k++) {
		struct origins o = {.wide = &wides[k]};
		const struct extract_sink sink = {&o, check_origins, no_note,
						  NULL};
		struct extract_options options;
		struct extract_result r;
		struct extractor *x;
		struct collect way = {.step = 65537};
		struct extract_input in = {.arg = &way, .pread = collect_pread};
		struct buf b;

		buf_init(&b, 1u << 26);
		for (size_t i = 0; i < 900000; i++)
			put_char(&b, &wides[k], nth(i));
		way.bytes = buf_span(&b);
		in.size = b.len;
		extract_options_default(&options);
		assert_int_equal(extractor_alone(&options, &x), ST_OK);
		assert_int_equal(extract_object(x, &in, &sink, &r), ST_OK);
		assert_int_equal(o.chars, 900000);
		extractor_close(x);
		buf_fini(&b);
	}
}

static void
a_byte_order_mark_shifts_no_offset(void **state)
{
	static const uint8_t marked[] = {0xff, 0xfe, 'a', 0, 'b', 0};
	struct collect *c =
	    collect_run(span_of(marked, sizeof(marked)), BY_PREAD, NULL);

	(void)state;
	assert_text(c, "", span_str(" ab")); /* folded to a blank */
	assert_int_equal(c->places[0].origin, 0);
	collect_free(c);
}

static void
lone_surrogates_become_replacement_characters(void **state)
{
	static const uint8_t lone[] = {0xff, 0xfe, 0x00, 0xd8, 'a',  0,
				       0x00, 0xdc, 'b',  0,    0x00, 0xd8};
	struct collect *c =
	    collect_run(span_of(lone, sizeof(lone)), IN_MEMORY, NULL);

	(void)state;
	assert_text(c, "",
		    span_str(" \xef\xbf\xbd"
			     "a\xef\xbf\xbd"
			     "b\xef\xbf\xbd"));
	collect_free(c);
}

/* ---- holes ------------------------------------------------------------------
 */

#define HOLE_AT  (200 * 1024)
#define HOLE_END (UINT64_C(10) << 30)

struct sparse {
	struct span data; /* at 0 and again at HOLE_END */
	uint64_t read;
};

static enum status
sparse_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	struct sparse *s = arg;
	uint64_t at = off >= HOLE_END ? off - HOLE_END : off;

	s->read += n;
	if (at >= s->data.len) {
		*got = off < HOLE_END ? n : 0;
		memset(dst, 0, *got);
		return ST_OK;
	}
	*got = s->data.len - at < n ? (size_t)(s->data.len - at) : n;
	memcpy(dst, s->data.ptr + at, *got);
	return ST_OK;
}

static enum status
sparse_extent(void *arg, uint64_t off, uint64_t *begin, uint64_t *end)
{
	const struct sparse *s = arg;

	if (off >= HOLE_END + s->data.len)
		return ST_EOF;
	*begin = off < HOLE_AT ? off : off < HOLE_END ? HOLE_END : off;
	*end = off < HOLE_AT ? HOLE_AT : HOLE_END + s->data.len;
	return ST_OK;
}

static void
holes_are_skipped_and_offsets_behind_them_are_right(void **state)
{
	struct sparse s = {.data = some_text(HOLE_AT, 3)};
	struct collect *c = calloc(1, sizeof(*c));
	const struct extract_sink sink = {c, collect_window, collect_note,
					  NULL};
	const struct extract_input in = {.arg = &s,
					 .pread = sparse_pread,
					 .extent = sparse_extent,
					 .size = HOLE_END + HOLE_AT};
	struct extract_options options;
	struct extractor *x;

	(void)state;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	assert_int_equal(extract_object(x, &in, &sink, &c->result), ST_OK);
	assert_int_equal(c->places[0].text.len, 2 * HOLE_AT);
	assert_int_equal(c->places[0].origin, HOLE_END);
	assert_true(s.read < 8 * MIB);
	assert_int_equal(c->result.coverage, COVERAGE_FULL);
	assert_int_equal(c->result.read, in.size);
	extractor_close(x);
	collect_free(c);
	free_span(s.data);
}

static enum status
end_of_window(void *arg, const struct extract_window *w)
{
	*(uint64_t *)arg = extract_origin(w, w->text.len);
	return ST_OK;
}

/* Lengths around those at which marks of origins are made. */
static void
the_end_of_decoded_text_is_that_of_the_bytes(void **state)
{
	(void)state;
	for (size_t n = 250; n < 260; n++) {
		uint8_t bytes[2 * 260 + 4] = {0xff, 0xfe};
		struct extract_options options;
		struct extract_result r;
		struct extractor *x;
		uint64_t end = 0;
		const struct extract_sink sink = {&end, end_of_window, no_note,
						  NULL};
		const struct extract_input in = {
		    .bytes = span_of(bytes, 2 * n + 4), .size = 2 * n + 4};

		for (size_t i = 0; i < n; i++)
			bytes[2 + 2 * i] = 'a';
		bytes[2 + 2 * n] = 0xe4; /* two bytes of text */
		extract_options_default(&options);
		assert_int_equal(extractor_alone(&options, &x), ST_OK);
		assert_int_equal(extract_object(x, &in, &sink, &r), ST_OK);
		assert_int_equal(end, in.size);
		extractor_close(x);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_comes_out_as_it_is_whatever_the_way_in),
	    cmocka_unit_test(text_in_memory_is_one_window_without_a_copy),
	    cmocka_unit_test(wide_text_is_decoded_with_its_origins),
	    cmocka_unit_test(a_byte_order_mark_shifts_no_offset),
	    cmocka_unit_test(lone_surrogates_become_replacement_characters),
	    cmocka_unit_test(the_end_of_decoded_text_is_that_of_the_bytes),
	    cmocka_unit_test(
		holes_are_skipped_and_offsets_behind_them_are_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
