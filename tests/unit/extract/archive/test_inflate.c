#include "tests/unit/extract/archive/make.h"

#include "extract/archive/inflate.h"

/* A deflate stream with a few bytes behind it. */
struct stream {
	struct span plain;
	struct buf bytes;
	size_t packed;
};

static struct stream
stream_make(size_t n)
{
	struct stream s = {.plain = some_text(n, 7)};

	buf_init(&s.bytes, 1u << 26);
	put_deflated(&s.bytes, s.plain);
	s.packed = s.bytes.len;
	put_bytes(&s.bytes, span_str("behind it"));
	return s;
}

static void
stream_free(struct stream *s)
{
	buf_fini(&s->bytes);
	free_span(s->plain);
}

/* Bytes in small steps, as from a pipe. */
static enum status
drip(void *arg, void *dst, size_t n, size_t *got)
{
	struct span *rest = arg;

	*got = n < rest->len ? n : rest->len;
	*got = *got < 1009 ? *got : 1009;
	if (*got > 0)
		memcpy(dst, rest->ptr, *got);
	*rest = span_skip(*rest, *got);
	return ST_OK;
}

static void
assert_inflates(struct inflater *f, struct part *p, const struct stream *s)
{
	size_t room = s->plain.len + 1000, len = 0, got = 1;
	uint8_t *out = malloc(room);

	assert_non_null(out);
	inflater_start(f, p, UINT64_MAX);
	while (got > 0) {
		size_t step = room - len < 4093 ? room - len : 4093;

		assert_int_equal(inflater_read(f, out + len, step, &got),
				 ST_OK);
		len += got;
	}
	assert_int_equal(len, s->plain.len);
	assert_memory_equal(out, s->plain.ptr, len);
	assert_int_equal(inflater_out(f), len);
	assert_int_equal(inflater_crc(f),
			 libdeflate_crc32(0, s->plain.ptr, len));
	free(out);
}

static void
what_follows_the_stream_stays_in_the_part(void **state)
{
	static const size_t sizes[] = {0, 1, 100, 70000, 1000000};
	struct inflater *f = inflater_new(); /* one for all of them */
	uint8_t tail[16];

	(void)state;
	assert_non_null(f);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct stream s = stream_make(sizes[i]);
		struct span rest = buf_span(&s.bytes);
		struct part memory,
		    dripping = {.arg = &rest, .read = drip, .size = UINT64_MAX};

		dripping.buf = malloc(PART_BUF);
		assert_non_null(dripping.buf);
		part_memory(&memory, rest);
		for (unsigned way = 0; way < 2; way++) {
			struct part *p = way == 0 ? &memory : &dripping;

			assert_inflates(f, p, &s);
			assert_int_equal(p->pos, s.packed);
			assert_int_equal(part_read(p, tail, 16), 9);
			assert_memory_equal(tail, "behind it", 9);
		}
		free(dripping.buf);
		stream_free(&s);
	}
	inflater_free(f);
}

static void
a_limit_is_an_end_too_early(void **state)
{
	struct stream s = stream_make(100000);
	struct inflater *f = inflater_new();
	uint8_t *out = malloc(200000);
	struct part p;
	size_t got;

	(void)state;
	assert_true(f != NULL && out != NULL);
	part_memory(&p, buf_span(&s.bytes));
	inflater_start(f, &p, s.packed / 2);
	assert_int_equal(inflater_read(f, out, 200000, &got), ST_CLOSED);
	assert_in_range(got, 1000, 99999);
	assert_memory_equal(out, s.plain.ptr, got);
	assert_int_equal(p.pos, s.packed / 2);
	/* the same when the bytes themselves end */
	part_memory(&p, span_of(s.bytes.data, s.packed / 2));
	inflater_start(f, &p, UINT64_MAX);
	assert_int_equal(inflater_read(f, out, 200000, &got), ST_CLOSED);
	assert_in_range(got, 1000, 99999);
	/* a limit of just its length is none */
	part_memory(&p, buf_span(&s.bytes));
	inflater_start(f, &p, s.packed);
	assert_int_equal(inflater_read(f, out, 200000, &got), ST_OK);
	assert_int_equal(got, 100000);
	free(out);
	inflater_free(f);
	stream_free(&s);
}

static void
damage_is_told_from_an_early_end(void **state)
{
	static const struct {
		struct span bytes;
		enum status want;
	} cases[] = {
	    {{(const uint8_t *)"", 0}, ST_CLOSED},
	    {{(const uint8_t *)"\xff\xff\xff\xff", 4}, ST_MALFORMED}, /* type */
	    /* stored, whose length and its complement differ */
	    {{(const uint8_t *)"\x01\x05\x00\x05\x00hello", 10}, ST_MALFORMED},
	    {{(const uint8_t *)"\x01\x05\x00\xfa\xffhel", 8}, ST_CLOSED},
	    {{(const uint8_t *)"\x01\x05\x00\xfa\xffhello", 10}, ST_OK},
	};
	struct inflater *f = inflater_new();
	uint8_t out[64];
	struct part p;
	size_t got;

	(void)state;
	assert_non_null(f);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		part_memory(&p, cases[i].bytes);
		inflater_start(f, &p, UINT64_MAX);
		assert_int_equal(inflater_read(f, out, sizeof(out), &got),
				 cases[i].want);
		assert_int_equal(inflater_out(f), got);
	}
	assert_memory_equal(out, "hello", 5);
	inflater_free(f);
	inflater_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_follows_the_stream_stays_in_the_part),
	    cmocka_unit_test(a_limit_is_an_end_too_early),
	    cmocka_unit_test(damage_is_told_from_an_early_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
