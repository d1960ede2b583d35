#include "tests/unit/extract/archive/sample.h"

#include "extract/archive/codec.h"

static const struct {
	const struct codec *codec;
	const char *file;
} kinds[] = {
    {&codec_bzip2, "archive/one.bz2"}, {&codec_xz, "archive/one.xz"},
    {&codec_lzma, "archive/one.lzma"}, {&codec_zstd, "archive/one.zst"},
    {&codec_lz4, "archive/one.lz4"},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Up to room bytes, a few at a time; how it ended. */
static enum status
unpack(const struct codec *c, struct part *p, uint64_t limit, struct buf *to)
{
	struct codec_reader r;
	enum status st = ST_OK;
	size_t got = 1;

	codec_start(&r, c, p, limit, true);
	while (st == ST_OK && got > 0) {
		uint8_t some[7];

		st = codec_read(&r, some, sizeof(some), &got);
		assert_int_equal(buf_add(to, some, got), ST_OK);
	}
	codec_stop(&r);
	return st;
}

static void
a_stream_is_unpacked_and_nothing_behind_it_is_used(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct span s = sample(kinds[i].file), rest;
		struct buf in, out;
		struct part p;

		buf_init(&in, 1000);
		buf_init(&out, 1000);
		assert_int_equal(buf_add(&in, s.ptr, s.len), ST_OK);
		assert_int_equal(buf_add_str(&in, "behind"), ST_OK);
		part_memory(&p, buf_span(&in));
		assert_int_equal(unpack(kinds[i].codec, &p, UINT64_MAX, &out),
				 ST_OK);
		assert_true(span_eq(buf_span(&out), span_str(CARD)));
		rest = part_peek(&p, 6);
		assert_true(span_eq(rest, span_str("behind")));
		buf_fini(&in);
		buf_fini(&out);
		free_span(s);
	}
}

/* What was packed before the cut comes out, where the format allows it. */
static void
a_cut_stream_ends_as_closed(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct span s = sample(kinds[i].file);

		for (size_t n = 0; n < s.len; n++) {
			struct buf out;
			struct part p;

			buf_init(&out, 1000);
			part_memory(&p, s);
			assert_int_equal(unpack(kinds[i].codec, &p, n, &out),
					 ST_CLOSED);
			assert_true(out.len <= strlen(CARD));
			assert_true(out.len == 0 ||
				    memcmp(out.data, CARD, out.len) == 0);
			assert_true(p.pos <= n);
			buf_fini(&out);
		}
		free_span(s);
	}
}

static void
a_damaged_stream_is_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct span s = sample(kinds[i].file);
		uint8_t *bad = malloc(s.len);
		unsigned told = 0;

		memcpy(bad, s.ptr, s.len);
		for (size_t n = 0; n < s.len; n++) {
			struct buf out;
			struct part p;

			bad[n] ^= 0xff;
			buf_init(&out, 1u << 20);
			part_memory(&p, span_of(bad, s.len));
			told += unpack(kinds[i].codec, &p, UINT64_MAX, &out) !=
				ST_OK;
			buf_fini(&out);
			bad[n] ^= 0xff;
		}
		assert_true(told > s.len / 4);
		free(bad);
		free_span(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_stream_is_unpacked_and_nothing_behind_it_is_used),
	    cmocka_unit_test(a_cut_stream_ends_as_closed),
	    cmocka_unit_test(a_damaged_stream_is_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
