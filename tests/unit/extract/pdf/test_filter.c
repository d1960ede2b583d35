#include <libdeflate.h>

#include "extract/pdf/filter.h"
#include "tests/unit/extract/inside.h"

#define KIB 1024
#define CAP (4u << 20)

/* Text that packs as text does, or to next to nothing. */
static struct span
content(size_t n, bool even)
{
	uint8_t *p;

	if (!even)
		return some_text(n, 3);
	p = malloc(n + 1);
	assert_non_null(p);
	memset(p, 'a', n);
	return span_of(p, n);
}

/* As a stream of zlib. */
static struct span
packed(struct span s)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	size_t room = libdeflate_zlib_compress_bound(c, s.len);
	uint8_t *p = malloc(room);

	assert_non_null(p);
	room = libdeflate_zlib_compress(c, s.ptr, s.len, p, room);
	libdeflate_free_compressor(c);
	return span_of(p, room);
}

static enum pdf_filtered
unpack(struct inside *in, struct span s, struct buf *to)
{
	static const struct pdf_predict plain = {.kind = 1};

	return pdf_filter(in->x, span_str("/FlateDecode"), &plain, s, to);
}

static void
streams_of_any_size_come_out_whole(void **state)
{
	/* 3584 and 65536 are what the first and later pieces may have */
	static const size_t sizes[] = {0,     1,     511,   512,      3584,
				       65535, 65536, 65537, 500 * KIB};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int even = 0; even < 2; even++) {
			struct span s = content(sizes[i], even);
			struct span z = packed(s);
			struct inside in;
			struct buf b;

			inside_begin(&in, NULL);
			buf_init(&b, CAP);
			assert_int_equal(unpack(&in, z, &b), PDF_FILTER_DONE);
			assert_int_equal(b.len, s.len);
			if (s.len > 0)
				assert_memory_equal(b.data, s.ptr, s.len);
			buf_clear(&b);
			if (s.len > 0) /* cut, it says so */
				assert_int_equal(
				    unpack(&in, span_of(z.ptr, z.len / 2), &b),
				    PDF_FILTER_DAMAGED);
			buf_fini(&b);
			inside_end(&in);
			free_span(z);
			free_span(s);
		}
}

/* What is reserved is wiped at the end, page by page. */
static void
a_page_takes_no_more_memory_than_it_has_text(void **state)
{
	struct span s = some_text(12 * KIB, 3), z = packed(s);
	struct inside in;
	struct buf b;

	(void)state;
	inside_begin(&in, NULL);
	buf_init(&b, CAP);
	assert_int_equal(unpack(&in, z, &b), PDF_FILTER_DONE);
	assert_true(b.room <= 4 * s.len);
	buf_fini(&b);
	inside_end(&in);
	free_span(z);
	free_span(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(streams_of_any_size_come_out_whole),
	    cmocka_unit_test(a_page_takes_no_more_memory_than_it_has_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
