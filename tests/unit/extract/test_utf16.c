#include "tests/unit/extract/collect.h"

#include <stdio.h>

#include "extract/utf16.h"

#define ROOM (4 * 1024 * 1024)
/* The test number of Visa, in text of every kind. */
#define CARD "4111 1111 1111 1111"

/* ---- bytes of both kinds ----------------------------------------------------
 */

static void
put_wide(struct buf *b, bool big, const char *latin1)
{
	for (; *latin1 != 0; latin1++) {
		uint8_t c = (uint8_t)*latin1;
		uint8_t pair[2] = {big ? 0 : c, big ? c : 0};

		assert_int_equal(buf_add(b, pair, 2), ST_OK);
	}
}

static void
put_units(struct buf *b, bool big, const uint16_t *u, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t low = (uint8_t)u[i], high = (uint8_t)(u[i] >> 8);
		uint8_t pair[2] = {big ? high : low, big ? low : high};

		assert_int_equal(buf_add(b, pair, 2), ST_OK);
	}
}

static void
put_plain(struct buf *b, const char *s)
{
	assert_int_equal(buf_add(b, s, strlen(s)), ST_OK);
}

/* ---- what becomes of them ---------------------------------------------------
 */

struct decoded {
	struct utf16_text t;
	size_t steps;
};

/* As a part is read: `step` bytes more at a time. */
static struct decoded
decode(struct span s, bool big, size_t step)
{
	struct utf16 u = {.big = big};
	struct decoded d = {{malloc(ROOM), malloc(ROOM), 0}, 0};
	size_t at = 0, seen = 0, used = 1;

	assert_true(d.t.text != NULL && d.t.widths != NULL);
	while (seen < s.len || used > 0) {
		seen = step < s.len - seen ? seen + step : s.len;
		used = utf16_decode(&u, &d.t, span_of(s.ptr + at, seen - at),
				    seen == s.len);
		at += used;
		d.steps++;
	}
	assert_true(s.len - at < 2);
	if (!u.mixed)
		for (size_t i = 0; i < d.t.have; i++)
			d.t.widths[i] = d.t.text[i] >= 0xf0 ? 4 : 2;
	return d;
}

static void
forget(struct decoded *d)
{
	free(d->t.text);
	free(d->t.widths);
}

/* Where the bytes of text[off] begin. */
static size_t
origin(const struct decoded *d, size_t off)
{
	size_t at = 0;

	for (size_t i = 0; i < off; i++)
		if ((d->t.text[i] & 0xc0) != 0x80)
			at += d->t.widths[i];
	return at;
}

static size_t
find(const struct decoded *d, const char *what)
{
	const uint8_t *p = memmem(d->t.text, d->t.have, what, strlen(what));

	return p == NULL ? SIZE_MAX : (size_t)(p - d->t.text);
}

static void
assert_decoded(const struct buf *b, bool big, const char *want)
{
	struct decoded d = decode(buf_span(b), big, b->len);

	if (d.t.have != strlen(want) || memcmp(d.t.text, want, d.t.have) != 0)
		fail_msg("\"%.*s\" is not \"%s\"", (int)d.t.have, d.t.text,
			 want);
	forget(&d);
}

/* ---- appended, in between, at odd bytes -------------------------------------
 */

static void
plain_lines_behind_wide_ones_are_read(void **state)
{
	static const char *const lines[] = {
	    CARD "\n",
	    "4111111111111111\n",
	    "4111111111111111",
	    "card 4111-1111-1111-1111, one of 2\nand another line\n",
	    "123-45-6789\n",
	    "order 12: Gr\xc3\xbc\xc3\x9f"
	    "e \xe2\x82\xac 12, " CARD "\n",
	    "password=correcthorsebattery\n",
	    "order 1234:\x01 " CARD};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		for (int big = 0; big < 2; big++) {
			struct buf b;
			char want[256];

			buf_init(&b, ROOM);
			put_wide(&b, big, "first line\nsecond line\n");
			put_plain(&b, lines[i]);
			snprintf(want, sizeof(want),
				 "first line\nsecond line\n%s", lines[i]);
			assert_decoded(&b, big, want);
			buf_fini(&b);
		}
}

/* One byte more or less: what comes behind it begins at an odd byte. */
static void
wide_lines_go_on_behind_plain_ones_at_any_byte(void **state)
{
	static const char *const lines[] = {CARD "\n", CARD ",\n",
					    CARD ", 12\n", CARD "\r\n"};
	static const uint16_t letters[] = {0x41f, 0x440, 0x438, 0x432,
					   0x435, 0x442, '\n'};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		for (int big = 0; big < 2; big++) {
			struct buf b;
			char want[256];

			buf_init(&b, ROOM);
			put_wide(&b, big, "first line\n");
			put_plain(&b, lines[i]);
			put_wide(&b, big, "second " CARD "\n");
			put_plain(&b, lines[i]);
			put_units(&b, big, letters,
				  sizeof(letters) / sizeof(letters[0]));
			put_wide(&b, big, "third " CARD "\n");
			snprintf(want, sizeof(want),
				 "first line\n%ssecond " CARD
				 "\n%s\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5"
				 "\xd1\x82\nthird " CARD "\n",
				 lines[i], lines[i]);
			assert_decoded(&b, big, want);
			buf_fini(&b);
		}
}

static void
a_single_byte_moves_what_is_behind_it(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct buf b;

		buf_init(&b, ROOM);
		put_wide(&b, big, "first line\n");
		put_plain(&b, "\n");
		put_wide(&b, big, CARD " and more\n");
		put_plain(&b, "\n");
		put_wide(&b, big, CARD "\n");
		assert_decoded(&b, big,
			       "first line\n\n" CARD " and more\n\n" CARD "\n");
		buf_fini(&b);
	}
}

/* ---- what is no plain text --------------------------------------------------
 */

/*
 * Both bytes of these are ASCII; the words are only that: hiragana, ideographs,
 * Hangul, blanks and lines of tables.
 */
static void
letters_of_other_scripts_stay_what_they_are(void **state)
{
	static const uint16_t texts[][16] = {
	    {0x3042, 0x304c, 0x3068, 0x3046, 0x3054, 0x3056, 0x3044, 0x307e,
	     0x3059, 0x305f, 0x304b, 0x306a, 0x3055, 0x3053, 0x306e, 0x3066},
	    {0x4e2d, 0x6587, 0x5b57, 0x7528, 0x6c34, 0x5730, 0x5929, 0x5c71,
	     0x5ddd, 0x6728, 0x706b, 0x571f, 0x5973, 0x5b50, 0x7530, 0x6a39},
	    {0x3000, 0x3000, 0x3000, 0x4e00, 0x3000, 0x3000, 0x2500, 0x2500,
	     0x2500, 0x2500, 0x3000, 0x3000, 0x3000, 0x3000, 0x4e00, 0x4e00},
	    {0x2550, 0x2550, 0x2554, 0x2566, 0x2550, 0x2557, 0x2550, 0x2550,
	     0x2026, 0x2026, 0x2026, 0x2026, 0x2026, 0x2026, 0x2026, 0x2026},
	    {0x2d30, 0x2d4e, 0x2d53, 0x2d4d, 0x2d3b, 0x2d3d, 0x2d4f, 0x2d49,
	     0x2460, 0x2461, 0x2462, 0x2463, 0x2464, 0x2465, 0x2466, 0x2467},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (int big = 0; big < 2; big++) {
			struct decoded d;
			struct buf b;

			buf_init(&b, ROOM);
			for (size_t k = 0; k < 64; k++) {
				put_wide(&b, big, "line\n");
				put_units(&b, big, texts[i], 16);
			}
			put_wide(&b, big, "\n" CARD "\n");
			d = decode(buf_span(&b), big, b.len);
			assert_int_equal(d.t.have, 64 * (5 + 3 * 16) + 21);
			assert_int_equal(find(&d, CARD), d.t.have - 20);
			forget(&d);
			buf_fini(&b);
		}
}

/* ---- any bytes: linear, and the same wherever they are cut ------------------
 */

/* Constants as Python marshals them: numbers of four bytes, and words. */
static void
put_marshalled(struct buf *b, size_t len)
{
	static const char *const words[] = {
	    "i", "card_number", "\xe9", "r", "the length of a name in bytes",
	    "s"};
	uint32_t seed = 5;

	while (b->len < len) {
		uint8_t four[4] = {0};
		const char *w;

		seed = seed * 1664525u + 1013904223u;
		w = words[(seed >> 24) % 6];
		four[0] = (uint8_t)(strlen(w) > 1 ? strlen(w) : seed >> 16);
		four[1] = (uint8_t)(seed >> 15 & 3);
		put_plain(b, strlen(w) > 1 ? "s" : w);
		assert_int_equal(buf_add(b, four, sizeof(four)), ST_OK);
		if (strlen(w) > 1)
			put_plain(b, w);
		if ((seed >> 8) % 64 == 0)
			put_wide(b, seed >> 20 & 1, "wide words ");
	}
}

static void
compiled_programs_end_and_are_the_same_wherever_they_are_cut(void **state)
{
	static const size_t steps[] = {1, 17, 255, 256, 4099, 65536};
	struct buf b;

	(void)state;
	buf_init(&b, ROOM);
	put_marshalled(&b, 200 * 1024);
	for (int big = 0; big < 2; big++) {
		struct decoded d = decode(buf_span(&b), big, b.len);

		assert_int_equal(d.steps, 2);
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
			struct decoded e = decode(buf_span(&b), big, steps[i]);

			assert_true(e.steps <= b.len / steps[i] + 3);
			assert_int_equal(e.t.have, d.t.have);
			assert_memory_equal(e.t.text, d.t.text, d.t.have);
			assert_int_equal(origin(&e, e.t.have),
					 origin(&d, d.t.have));
			forget(&e);
		}
		forget(&d);
	}
	buf_fini(&b);
}

/* ---- as objects -------------------------------------------------------------
 */

struct cards {
	uint64_t at[64];
	size_t n;
};

static enum status
on_window(void *arg, const struct extract_window *w)
{
	struct cards *c = arg;

	for (size_t i = w->from; i < w->to; i++)
		if (w->text.len - i >= strlen(CARD) &&
		    memcmp(w->text.ptr + i, CARD, strlen(CARD)) == 0 &&
		    !w->again) {
			assert_true(c->n < 64);
			c->at[c->n++] = extract_origin(w, i);
		}
	return ST_OK;
}

static void
find_cards(struct span s, enum way way, struct cards *c)
{
	const struct extract_sink sink = {c, on_window, collect_note, NULL};
	struct collect *from = calloc(1, sizeof(*from));
	struct extract_input in = {.arg = from, .size = s.len};
	struct extract_options options;
	struct extract_result r;
	struct extractor *x;

	assert_non_null(from);
	from->bytes = s;
	from->step = 65521;
	if (way == IN_MEMORY)
		in.bytes = s;
	else if (way == BY_PREAD)
		in.pread = collect_pread;
	else
		in.read = collect_read;
	extract_options_default(&options);
	assert_int_equal(extractor_alone(&options, &x), ST_OK);
	assert_int_equal(extract_object(x, &in, &sink, &r), ST_OK);
	assert_int_equal(r.coverage, COVERAGE_FULL);
	extractor_close(x);
	free(from);
}

/* Over several windows, wide and plain lines in turn. */
static void
offsets_are_those_of_the_bytes_in_every_window(void **state)
{
	static const uint8_t mark[] = {0xff, 0xfe};

	(void)state;
	for (enum way way = IN_MEMORY; way <= AS_STREAM; way++) {
		struct cards got = {.n = 0};
		uint64_t want[64];
		size_t n = 0;
		struct buf b;

		buf_init(&b, 2 * ROOM);
		assert_int_equal(buf_add(&b, mark, sizeof(mark)), ST_OK);
		for (size_t i = 0; n + 1 < 64; i++) {
			put_wide(&b, false, "some words of a long l\xf6g\n");
			if (i % 3000 == 2998) {
				want[n++] = b.len;
				put_wide(&b, false, CARD "\n");
			}
			if (i % 3000 == 2999) {
				want[n++] = b.len + 1;
				put_plain(&b, "\t" CARD ", 3 of them\n");
			}
		}
		find_cards(buf_span(&b), way, &got);
		assert_int_equal(got.n, n);
		assert_memory_equal(got.at, want, n * sizeof(want[0]));
		buf_fini(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain_lines_behind_wide_ones_are_read),
	    cmocka_unit_test(wide_lines_go_on_behind_plain_ones_at_any_byte),
	    cmocka_unit_test(a_single_byte_moves_what_is_behind_it),
	    cmocka_unit_test(letters_of_other_scripts_stay_what_they_are),
	    cmocka_unit_test(
		compiled_programs_end_and_are_the_same_wherever_they_are_cut),
	    cmocka_unit_test(offsets_are_those_of_the_bytes_in_every_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
