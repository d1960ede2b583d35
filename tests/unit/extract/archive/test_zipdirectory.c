#include "tests/unit/extract/archive/make.h"

#include "extract/archive/zipdirectory.h"

static void
put_central(struct buf *b, const char *name, uint32_t size, uint32_t local,
	    struct span extra)
{
	put_le(b, ZIP_CENTRAL, 4);
	put_le(b, 20, 4);
	put_le(b, 0, 2); /* flags */
	put_le(b, 8, 2);
	put_le(b, 0, 4);
	put_le(b, 0xabcd, 4);
	put_le(b, size, 4);
	put_le(b, size, 4);
	put_le(b, strlen(name), 2);
	put_le(b, extra.len, 2);
	put_le(b, 3, 2); /* comment */
	put_le(b, 0, 8);
	put_le(b, local, 4);
	put_bytes(b, span_str(name));
	put_bytes(b, extra);
	put_bytes(b, span_str("???"));
}

static void
put_end(struct buf *b, unsigned entries, uint32_t size, uint32_t off,
	const char *comment)
{
	put_le(b, 0x06054b50, 4);
	put_le(b, 0, 4);
	put_le(b, entries, 2);
	put_le(b, entries, 2);
	put_le(b, size, 4);
	put_le(b, off, 4);
	put_le(b, strlen(comment), 2);
	put_bytes(b, span_str(comment));
}

/* The record for more than 32 bits, and what says where it stands. */
static void
put_end64(struct buf *b, uint64_t entries, uint64_t size, uint64_t off)
{
	size_t at = b->len;

	put_le(b, 0x06064b50, 4);
	put_le(b, 44, 8);
	put_le(b, 45, 4);
	put_le(b, 0, 8);
	put_le(b, entries, 8);
	put_le(b, entries, 8);
	put_le(b, size, 8);
	put_le(b, off, 8);
	put_le(b, 0x07064b50, 4);
	put_le(b, 0, 4);
	put_le(b, at, 8);
	put_le(b, 1, 4);
}

static void
assert_next(struct part *p, struct zip_directory *d, const char *name,
	    uint64_t size, uint64_t local)
{
	struct zip_member m = {0};
	uint64_t at = 0;

	assert_true(zip_directory_next(p, d, &m, &at));
	assert_int_equal(m.name_len, strlen(name));
	assert_memory_equal(m.name, name, m.name_len);
	assert_int_equal(m.method, 8);
	assert_int_equal(m.crc, 0xabcd);
	assert_true(m.size == size && m.packed == size && at == local);
}

static void
members_come_in_order_up_to_the_end_record(void **state)
{
	static const char *const comments[] = {"", "a PK\5\6 comment"};
	static const struct span none;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		uint64_t shift = i / 2 * 1000; /* bytes in front */
		struct zip_member m = {0};
		struct zip_directory d;
		struct part p;
		struct buf b;
		size_t from;
		uint64_t local;

		buf_init(&b, 1u << 20);
		for (size_t k = 0; k < shift + 50; k++)
			put_le(&b, 'x', 1);
		from = b.len;
		put_central(&b, "one", 11, 0, none);
		put_central(&b, "two", 22, 30, none);
		put_end(&b, 2, (uint32_t)(b.len - from), 50, comments[i % 2]);
		part_memory(&p, buf_span(&b));
		assert_true(zip_directory_find(&p, &d));
		assert_int_equal(d.entries, 2);
		assert_int_equal(d.shift, shift);
		assert_next(&p, &d, "one", 11, 0);
		assert_next(&p, &d, "two", 22, 30);
		assert_false(zip_directory_next(&p, &d, &m, &local));
		buf_fini(&b);
	}
}

static void
what_does_not_fit_32_bits_stands_elsewhere(void **state)
{
	static const uint8_t extra[] = {1, 0, 24, 0, 0, 0, 0, 0, 9, 0,
					0, 0, 0,  0, 0, 0, 9, 0, 0, 0,
					7, 0, 0,  0, 8, 0, 0, 0};
	struct zip_directory d;
	struct part p;
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 20);
	put_bytes(&b, span_str("members"));
	put_central(&b, "huge", UINT32_MAX, UINT32_MAX,
		    span_of(extra, sizeof(extra)));
	put_end64(&b, 70000, b.len - 7, 7);
	put_end(&b, 65535, UINT32_MAX, UINT32_MAX, "");
	part_memory(&p, buf_span(&b));
	assert_true(zip_directory_find(&p, &d));
	assert_int_equal(d.entries, 70000);
	assert_int_equal(d.shift, 0);
	assert_next(&p, &d, "huge", UINT64_C(9) << 32, UINT64_C(8) << 32 | 7);
	buf_fini(&b);
}

static void
an_end_record_that_leads_nowhere_is_none(void **state)
{
	static const struct {
		unsigned entries;
		uint32_t size, off;
		bool found;
	} cases[] = {
	    {0, 0, 0, true}, /* an empty archive */
	    {0, 5, 0, false},
	    {1, 10, 0, false},    /* no header there */
	    {1, 100, 0, false},   /* longer than all */
	    {1, 10, 1000, false}, /* behind the end */
	    {1, UINT32_MAX, UINT32_MAX, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zip_directory d;
		struct part p;
		struct buf b;

		buf_init(&b, 4096);
		put_bytes(&b, span_str("0123456789"));
		put_end(&b, cases[i].entries, cases[i].size, cases[i].off, "");
		part_memory(&p, buf_span(&b));
		assert_int_equal(zip_directory_find(&p, &d), cases[i].found);
		/* an end record that is cut */
		part_memory(&p, span_of(b.data, b.len - 1));
		assert_false(zip_directory_find(&p, &d));
		p = (struct part){.size = UINT64_MAX};
		assert_false(zip_directory_find(&p, &d));
		buf_fini(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(members_come_in_order_up_to_the_end_record),
	    cmocka_unit_test(what_does_not_fit_32_bits_stands_elsewhere),
	    cmocka_unit_test(an_end_record_that_leads_nowhere_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
