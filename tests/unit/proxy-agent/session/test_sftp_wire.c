#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxy-agent/session/sftp_wire.h"

static void
a_packet_comes_back_as_it_was_written(void **state)
{
	struct wire_out w;
	struct wire_in in;
	struct span packet;
	struct buf b;

	(void)state;
	buf_init(&b, 256);
	wire_begin(&w, &b, 5);
	wire_u32(&w, 7);
	wire_string(&w, span_str("name"));
	wire_u64(&w, UINT64_C(0x0102030405060708));
	assert_int_equal(wire_end(&w), ST_OK);
	assert_int_equal(wire_packet(buf_span(&b), 100, &packet), ST_OK);
	in = (struct wire_in){.rest = packet};
	assert_int_equal(wire_get_u8(&in), 5);
	assert_int_equal(wire_get_u32(&in), 7);
	assert_true(span_eq(wire_get_string(&in), span_str("name")));
	assert_true(wire_get_u64(&in) == UINT64_C(0x0102030405060708));
	assert_false(in.bad);
	assert_int_equal(in.rest.len, 0);
	buf_fini(&b);
}

static void
packets_stand_one_behind_the_other_and_one_too_long_in_none(void **state)
{
	static const uint8_t want[] = {0, 0, 0, 5, 3, 0, 0,
				       0, 7, 0, 0, 0, 1, 4};
	struct wire_out w;
	struct buf b;

	(void)state;
	buf_init(&b, 20);
	wire_begin(&w, &b, 3);
	wire_u32(&w, 7);
	assert_int_equal(wire_end(&w), ST_OK);
	wire_begin(&w, &b, 4);
	assert_int_equal(wire_end(&w), ST_OK);
	wire_begin(&w, &b, 5);
	wire_u64(&w, 1);
	assert_int_equal(wire_end(&w), ST_LIMIT);
	assert_int_equal(b.len, sizeof(want));
	assert_memory_equal(b.data, want, sizeof(want));
	buf_fini(&b);
}

static void
a_part_of_a_packet_waits_and_a_wrong_length_ends_it(void **state)
{
	static const uint8_t whole[] = {0, 0, 0, 2, 101, 0};
	static const uint8_t none[] = {0, 0, 0, 0, 1};
	static const uint8_t huge[] = {0xff, 0, 0, 0, 1};
	struct span out;

	(void)state;
	for (size_t n = 0; n < sizeof(whole); n++)
		assert_int_equal(wire_packet(span_of(whole, n), 100, &out),
				 ST_AGAIN);
	assert_int_equal(wire_packet(span_of(whole, sizeof(whole)), 100, &out),
			 ST_OK);
	assert_int_equal(wire_packet(span_of(none, sizeof(none)), 100, &out),
			 ST_MALFORMED);
	assert_int_equal(wire_packet(span_of(huge, sizeof(huge)), 100, &out),
			 ST_MALFORMED);
}

static void
a_field_that_is_not_there_gives_nothing_from_then_on(void **state)
{
	static const uint8_t bytes[] = {0, 0, 0, 9, 'a', 'b', 'c', 'd', 'e'};
	struct wire_in in = {.rest = {bytes, sizeof(bytes)}};
	struct sftp_attr a;

	(void)state;
	assert_int_equal(wire_get_string(&in).len, 0);
	assert_true(in.bad);
	assert_int_equal(wire_get_u8(&in), 0);
	assert_int_equal(wire_get_u64(&in), 0);
	assert_false(wire_get_attr(&in, &a));
}

static void
attributes_are_read_by_their_flags(void **state)
{
	static const uint8_t all[] = {
	    0x80, 0, 0,    0x0f, 0, 0, 0, 0, 0,   0, 1, 0, /* size 256 */
	    0,    0, 0,    5,    0, 0, 0, 6,               /* owner */
	    0,    0, 0x81, 0xa4,                           /* 0100644 */
	    0,    0, 0,    1,    0, 0, 0, 2,               /* times */
	    0,    0, 0,    1,    0, 0, 0, 1, 'k', 0, 0, 0, 1, 'v'};
	struct wire_in in = {.rest = {all, sizeof(all)}};
	struct sftp_attr a;

	(void)state;
	assert_true(wire_get_attr(&in, &a));
	assert_int_equal(a.size, 256);
	assert_int_equal(a.uid, 5);
	assert_int_equal(a.gid, 6);
	assert_int_equal(a.mode, 0100644);
	assert_int_equal(a.mtime, 2);
	assert_int_equal(in.rest.len, 0);
	for (size_t n = 0; n < sizeof(all); n++) {
		in = (struct wire_in){.rest = {all, n}};
		assert_false(wire_get_attr(&in, &a));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_packet_comes_back_as_it_was_written),
	    cmocka_unit_test(
		packets_stand_one_behind_the_other_and_one_too_long_in_none),
	    cmocka_unit_test(
		a_part_of_a_packet_waits_and_a_wrong_length_ends_it),
	    cmocka_unit_test(
		a_field_that_is_not_there_gives_nothing_from_then_on),
	    cmocka_unit_test(attributes_are_read_by_their_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
