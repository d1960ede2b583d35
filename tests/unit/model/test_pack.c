#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "model/batch.h"
#include "model/pack.h"
#include "model/session.h"

static void
numbers_of_every_size_come_back(void **state)
{
	static const uint64_t cases[] = {
	    0, 1, 127, 128, 16383, 16384, UINT32_MAX, INT64_MAX, UINT64_MAX};
	struct buf b;
	struct packer p;
	struct unpacker u;

	(void)state;
	buf_init(&b, 4096);
	p = packer_to(&b);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pack_num(&p, cases[i]);
		pack_int(&p, (int64_t)cases[i]);
		pack_int(&p, -(int64_t)(cases[i] / 2));
	}
	pack_int(&p, INT64_MIN);
	assert_int_equal(p.st, ST_OK);
	u = unpacker_of(buf_span(&b));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(unpack_num(&u) == cases[i]);
		assert_true(unpack_int(&u) == (int64_t)cases[i]);
		assert_true(unpack_int(&u) == -(int64_t)(cases[i] / 2));
	}
	assert_true(unpack_int(&u) == INT64_MIN);
	assert_int_equal(unpack_end(&u), ST_OK);
	buf_fini(&b);
}

static void
first_trouble_is_kept_and_later_reads_give_nothing(void **state)
{
	static const uint8_t bytes[] = {5, 'a', 'b', 1, 2, 3};
	struct unpacker u = unpacker_of(span_of(bytes, 3));
	struct span s;
	uint8_t fixed[2] = {9, 9};

	(void)state;
	s = unpack_span(&u); /* says 5, has 2 */
	assert_int_equal(s.len, 0);
	assert_int_equal(unpack_num(&u), 0);
	unpack_bytes(&u, fixed, sizeof(fixed));
	assert_int_equal(fixed[0], 0);
	assert_int_equal(unpack_end(&u), ST_MALFORMED);
	u = unpacker_of(span_of(bytes, sizeof(bytes)));
	assert_int_equal(unpack_upto(&u, 4), 0); /* 5 is too much */
	assert_int_equal(unpack_end(&u), ST_MALFORMED);
	u = unpacker_of(span_of(bytes, sizeof(bytes)));
	assert_int_equal(unpack_num(&u), 5);
	assert_int_equal(unpack_end(&u), ST_MALFORMED); /* something is left */
}

static void
number_of_more_than_64_bits_is_trouble(void **state)
{
	static const uint8_t most[] = {0xff, 0xff, 0xff, 0xff, 0xff,
				       0xff, 0xff, 0xff, 0xff, 0x01};
	uint8_t more[11];
	struct unpacker u = unpacker_of(span_of(most, sizeof(most)));

	(void)state;
	assert_true(unpack_num(&u) == UINT64_MAX);
	assert_int_equal(unpack_end(&u), ST_OK);
	memcpy(more, most, sizeof(most));
	more[9] = 0x02;
	u = unpacker_of(span_of(more, 10));
	assert_int_equal(unpack_num(&u), 0);
	assert_int_equal(unpack_end(&u), ST_MALFORMED);
	more[9] = 0x81;
	more[10] = 0;
	u = unpacker_of(span_of(more, 11));
	(void)unpack_num(&u);
	assert_int_equal(unpack_end(&u), ST_MALFORMED);
}

static void
full_buffer_is_told_at_the_end(void **state)
{
	struct buf b;
	struct packer p;

	(void)state;
	buf_init(&b, 4);
	p = packer_to(&b);
	pack_num(&p, 1);
	pack_span(&p, span_str("too long"));
	pack_num(&p, 2);
	assert_int_equal(p.st, ST_LIMIT);
	buf_fini(&b);
}

static void
batch_with_a_finding_of_no_object_is_malformed(void **state)
{
	struct batch_finding f = {.object = 1};
	struct object o = {.path = span_str("/a")};
	struct batch b, back;
	struct buf packed;

	(void)state;
	batch_init(&b);
	b.objects = &o;
	b.object_count = 1;
	b.findings = &f;
	b.finding_count = 1;
	buf_init(&packed, 4096);
	assert_int_equal(batch_pack(&b, &packed), ST_OK);
	assert_int_equal(batch_unpack(buf_span(&packed), &back), ST_MALFORMED);
	assert_null(back.objects);
	f.object = 0;
	buf_clear(&packed);
	assert_int_equal(batch_pack(&b, &packed), ST_OK);
	for (size_t n = 0; n < packed.len; n++)
		assert_int_equal(batch_unpack(span_of(packed.data, n), &back),
				 ST_MALFORMED);
	assert_int_equal(batch_unpack(buf_span(&packed), &back), ST_OK);
	assert_true(span_eq(back.objects[0].path, o.path));
	batch_fini(&back);
	buf_fini(&packed);
}

static void
batch_of_too_many_rows_is_a_limit(void **state)
{
	struct batch b;
	struct buf packed;

	(void)state;
	batch_init(&b);
	buf_init(&packed, 4096);
	b.object_count = BATCH_OBJECTS_MAX + 1;
	assert_int_equal(batch_pack(&b, &packed), ST_LIMIT);
	b.object_count = 0;
	b.finding_count = BATCH_FINDINGS_MAX + 1;
	assert_int_equal(batch_pack(&b, &packed), ST_LIMIT);
	buf_fini(&packed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_of_every_size_come_back),
	    cmocka_unit_test(
		first_trouble_is_kept_and_later_reads_give_nothing),
	    cmocka_unit_test(number_of_more_than_64_bits_is_trouble),
	    cmocka_unit_test(full_buffer_is_told_at_the_end),
	    cmocka_unit_test(batch_with_a_finding_of_no_object_is_malformed),
	    cmocka_unit_test(batch_of_too_many_rows_is_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
