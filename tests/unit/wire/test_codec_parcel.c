#include "wire/codec_parcel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wire/codec_finding.h"

static void
parcel_comes_back_and_nothing_else_is_one(void **state)
{
	struct parcel p = {INT64_MAX, span_str("image")}, back;
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	assert_int_equal(parcel_encode(&p, &b), ST_OK);
	assert_int_equal(parcel_decode(buf_span(&b), &back), ST_OK);
	assert_true(back.seq == p.seq && span_eq(back.image, p.image));
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(parcel_decode(span_of(b.data, n), &back),
				 ST_MALFORMED);
	buf_clear(&b);
	p.seq = 0; /* they count from 1 */
	assert_int_equal(parcel_encode(&p, &b), ST_OK);
	assert_int_equal(parcel_decode(buf_span(&b), &back), ST_MALFORMED);
	buf_fini(&b);
}

static void
image_above_its_cap_is_refused(void **state)
{
	struct parcel p = {1, span_of(NULL, 0)}, back;
	uint8_t *bytes = calloc(1, BATCH_IMAGE_MAX + 1);
	struct buf b;

	(void)state;
	assert_non_null(bytes);
	buf_init(&b, BATCH_IMAGE_MAX + 64);
	for (size_t more = 0; more < 2; more++) {
		buf_clear(&b);
		p.image = span_of(bytes, BATCH_IMAGE_MAX + more);
		assert_int_equal(parcel_encode(&p, &b), ST_OK);
		assert_int_equal(parcel_decode(buf_span(&b), &back),
				 more == 0 ? ST_OK : ST_MALFORMED);
	}
	buf_fini(&b);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(parcel_comes_back_and_nothing_else_is_one),
	    cmocka_unit_test(image_above_its_cap_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
