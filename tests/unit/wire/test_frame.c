#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "wire/frame.h"
#include "wire/kinds.h"

static void
frame_is_sixteen_bytes_and_its_body(void **state)
{
	static const uint8_t want[] = {3, 0, 0, 0, 48, 0, 1,   0,   1,  0,
				       0, 0, 0, 0, 0,  0, 'a', 'b', 'c'};
	struct frame f = {KIND_BATCH, FRAME_CRITICAL, STREAM_FINDINGS,
			  span_str("abc")};
	struct frame back;
	struct buf b;
	size_t used;

	(void)state;
	buf_init(&b, 64);
	assert_int_equal(frame_add(&b, &f), ST_OK);
	assert_int_equal(b.len, sizeof(want));
	assert_memory_equal(b.data, want, sizeof(want));
	assert_int_equal(frame_next(buf_span(&b), 3, &back, &used), ST_OK);
	assert_int_equal(used, sizeof(want));
	assert_int_equal(back.kind, KIND_BATCH);
	assert_int_equal(back.flags, FRAME_CRITICAL);
	assert_int_equal(back.stream, STREAM_FINDINGS);
	assert_true(span_eq(back.body, span_str("abc")));
	buf_fini(&b);
}

static void
frame_cut_anywhere_is_not_all_there_yet(void **state)
{
	struct frame f = {KIND_ACK, 0, 0, span_str("abc")}, back;
	struct buf b;
	size_t used = 77;

	(void)state;
	buf_init(&b, 64);
	assert_int_equal(frame_add(&b, &f), ST_OK);
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(
		    frame_next(span_of(b.data, n), 100, &back, &used),
		    ST_AGAIN);
	assert_int_equal(used, 77);
	buf_fini(&b);
}

static void
head_that_lies_is_refused_before_its_body_comes(void **state)
{
	static const struct {
		uint8_t head[FRAME_HEAD];
		enum status want;
	} cases[] = {
	    {{101}, ST_LIMIT},
	    {{100}, ST_AGAIN},
	    {{0xff, 0xff, 0xff, 0xff}, ST_LIMIT},
	    {{0, 0, 0, 0, 1, 0, 4}, ST_MALFORMED},
	    {{0, 0, 0, 0, 1, 0, 0, 0x80}, ST_MALFORMED},
	    {{0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}, ST_MALFORMED},
	    {{0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, ST_MALFORMED},
	    {{0, 0, 0, 0, 1, 0, 3}, ST_OK},
	};
	struct frame f;
	size_t used;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(frame_next(span_of(cases[i].head, FRAME_HEAD),
					    100, &f, &used),
				 cases[i].want);
}

static void
body_above_one_mib_is_not_made_a_frame(void **state)
{
	static uint8_t large[FRAME_MAX + 1];
	struct frame f = {KIND_BATCH, 0, 1, span_of(large, sizeof(large))};
	struct buf b;

	(void)state;
	buf_init(&b, FRAME_MAX * 2);
	assert_int_equal(frame_add(&b, &f), ST_LIMIT);
	assert_int_equal(b.len, 0);
	f.body.len = FRAME_MAX;
	assert_int_equal(frame_add(&b, &f), ST_OK);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(frame_is_sixteen_bytes_and_its_body),
	    cmocka_unit_test(frame_cut_anywhere_is_not_all_there_yet),
	    cmocka_unit_test(head_that_lies_is_refused_before_its_body_comes),
	    cmocka_unit_test(body_above_one_mib_is_not_made_a_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
