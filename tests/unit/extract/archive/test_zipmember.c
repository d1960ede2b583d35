#include "tests/unit/extract/archive/make.h"

#include "extract/archive/zipmember.h"

#define BIG UINT32_MAX

static void
sizes_of_64_bits_are_taken_only_where_32_did_not_do(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		uint64_t in[2], out[2];
	} cases[] = {
	    {"", 0, {BIG, BIG}, {BIG, BIG}},
	    {"\1\0\x10\0"
	     "\1\0\0\0\0\0\0\1"
	     "\2\0\0\0\0\0\0\0",
	     20,
	     {BIG, BIG},
	     {UINT64_C(1) << 56 | 1, 2}},
	    {"\1\0\x8\0"
	     "\3\0\0\0\0\0\0\0",
	     12,
	     {7, BIG},
	     {7, 3}},
	    {"\1\0\x8\0"
	     "\3\0\0\0\0\0\0\0",
	     12,
	     {BIG, BIG},
	     {3, BIG}}, /* the second is not there */
	    {"\x55\x54\1\0x\1\0\x8\0"
	     "\4\0\0\0\0\0\0\0",
	     17,
	     {BIG, 9},
	     {4, 9}}, /* behind another field */
	    {"\1\0\x10\0"
	     "\1\0\0\0\0\0\0\0",
	     12,
	     {BIG, BIG},
	     {BIG, BIG}}, /* cut short */
	    {"\1\0\x4\0"
	     "\1\0\0\0",
	     8,
	     {BIG, BIG},
	     {BIG, BIG}},
	    {"\1\0\0", 3, {BIG, BIG}, {BIG, BIG}},
	    {"\2\0\x8\0"
	     "\3\0\0\0\0\0\0\0",
	     12,
	     {BIG, BIG},
	     {BIG, BIG}}, /* not field 1 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t v[2] = {cases[i].in[0], cases[i].in[1]};
		uint64_t *const want[] = {&v[0], &v[1]};

		zip_extra64(span_of(cases[i].bytes, cases[i].len), want, 2);
		assert_true(v[0] == cases[i].out[0]);
		assert_true(v[1] == cases[i].out[1]);
	}
}

struct local {
	uint16_t flags, method;
	uint32_t packed, size;
	size_t name, extra; /* bytes of both */
	bool zip64;
};

static void
put_local(struct buf *b, const struct local *l)
{
	put_le(b, ZIP_LOCAL, 4);
	put_le(b, 20, 2);
	put_le(b, l->flags, 2);
	put_le(b, l->method, 2);
	put_le(b, 0, 4);
	put_le(b, 0xc0ffee, 4);
	put_le(b, l->packed, 4);
	put_le(b, l->size, 4);
	put_le(b, l->name, 2);
	put_le(b, l->extra + (l->zip64 ? 20 : 0), 2);
	for (size_t i = 0; i < l->name; i++)
		put_le(b, 'a' + i % 26, 1);
	if (l->zip64) {
		put_le(b, 1, 2);
		put_le(b, 16, 2);
		put_le(b, UINT64_C(5) << 32, 8);
		put_le(b, UINT64_C(6) << 32, 8);
	}
	for (size_t i = 0; i < l->extra; i++)
		put_le(b, 0, 1);
	put_bytes(b, span_str("content"));
}

static void
a_local_header_is_consumed_to_the_byte(void **state)
{
	static const struct {
		struct local l;
		uint64_t packed, size;
		size_t name;
	} cases[] = {
	    {{0, 8, 7, 9, 5, 0, false}, 7, 9, 5},
	    {{0, 0, 7, 7, 0, 12, false}, 7, 7, 0},
	    /* sizes behind the data */
	    {{8, 8, 0, 0, 5, 0, false}, ZIP_UNKNOWN, ZIP_UNKNOWN, 5},
	    {{8, 8, 7, 9, 5, 0, false}, 7, 9, 5},
	    /* names and extra fields of any length */
	    {{0, 8, 7, 9, JOB_NAME_MAX, 0, false}, 7, 9, JOB_NAME_MAX},
	    {{0, 8, 7, 9, 65535, 65535, false}, 7, 9, JOB_NAME_MAX},
	    {{0, 8, BIG, BIG, 3, 9000, true},
	     UINT64_C(6) << 32,
	     UINT64_C(5) << 32,
	     3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zip_member m = {0};
		struct part p;
		struct buf b;

		buf_init(&b, 1u << 20);
		put_local(&b, &cases[i].l);
		part_memory(&p, buf_span(&b));
		assert_true(zip_local(&p, &m));
		assert_int_equal(m.flags, cases[i].l.flags);
		assert_int_equal(m.method, cases[i].l.method);
		assert_int_equal(m.crc, 0xc0ffee);
		assert_true(m.packed == cases[i].packed);
		assert_true(m.size == cases[i].size);
		assert_int_equal(m.name_len, cases[i].name);
		assert_int_equal(p.pos, b.len - 7);
		assert_int_equal(m.data, p.pos);
		buf_fini(&b);
	}
}

static void
what_is_cut_or_no_header_is_none(void **state)
{
	static const struct local l = {0, 8, 7, 9, 5, 30, false};
	struct zip_member m = {0};
	struct part p;
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 20);
	put_local(&b, &l);
	for (size_t n = 0; n < 30; n++) {
		part_memory(&p, span_of(b.data, n));
		assert_false(zip_local(&p, &m));
		assert_int_equal(p.pos, 0);
	}
	/* cut in its name or extra field: a member without content */
	for (size_t n = 30; n < 65; n++) {
		part_memory(&p, span_of(b.data, n));
		assert_true(zip_local(&p, &m));
		assert_true(m.name_len <= 5);
		assert_int_equal(m.packed, 0);
		assert_int_equal(m.data, n);
	}
	b.data[3] = 5;
	part_memory(&p, buf_span(&b));
	assert_false(zip_local(&p, &m));
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		sizes_of_64_bits_are_taken_only_where_32_did_not_do),
	    cmocka_unit_test(a_local_header_is_consumed_to_the_byte),
	    cmocka_unit_test(what_is_cut_or_no_header_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
