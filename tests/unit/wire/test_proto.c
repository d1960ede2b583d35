#include "wire/proto.h"

#include <string.h>

#include "tests/unit/wire/desk.h"
#include "wire/pb/session.pb-c.h"

#define DATA(s) ((ProtobufCBinaryData){sizeof(s) - 1, bytes_of(s)})

static uint8_t *
bytes_of(const char *s)
{
	return proto_bytes(span_str(s)).data;
}

/* ---- messages ---- */

static void
a_message_is_packed_behind_what_is_there(void **state)
{
	struct desk *d = *state;
	Trawl__Ack m = TRAWL__ACK__INIT;
	const Trawl__Ack *back;
	void *raw;

	m.stream = 1;
	m.seq = UINT64_MAX;
	buf_clear(&d->wire);
	assert_int_equal(buf_add_str(&d->wire, "head"), ST_OK);
	assert_int_equal(proto_pack(&m.base, &d->wire), ST_OK);
	assert_memory_equal(d->wire.data, "head", 4);
	assert_int_equal(proto_unpack(&trawl__ack__descriptor,
				      span_skip(buf_span(&d->wire), 4),
				      &d->arena, &raw),
			 ST_OK);
	back = raw;
	assert_int_equal(back->stream, 1);
	assert_int_equal(back->seq, UINT64_MAX);
}

static void
a_message_without_a_byte_is_one_of_zeros(void **state)
{
	struct desk *d = *state;
	Trawl__Ack m = TRAWL__ACK__INIT;
	void *raw;

	buf_clear(&d->wire);
	assert_int_equal(proto_pack(&m.base, &d->wire), ST_OK);
	assert_int_equal(d->wire.len, 0);
	assert_int_equal(proto_unpack(&trawl__ack__descriptor, span_of(NULL, 0),
				      &d->arena, &raw),
			 ST_OK);
	assert_int_equal(((const Trawl__Ack *)raw)->seq, 0);
}

static void
what_does_not_fit_the_buffer_changes_nothing(void **state)
{
	Trawl__Ack m = TRAWL__ACK__INIT;
	struct buf small;

	(void)state;
	m.seq = UINT64_MAX;
	buf_init(&small, 4);
	assert_int_equal(proto_pack(&m.base, &small), ST_LIMIT);
	assert_int_equal(small.len, 0);
	buf_fini(&small);
}

static void
what_is_no_protobuf_is_malformed(void **state)
{
	static const struct {
		const char *name;
		struct {
			size_t len;
			uint8_t bytes[12];
		} s;
	} cases[] = {
	    {"a number that does not end", {2, {0x08, 0x80}}},
	    {"a number of eleven bytes",
	     {12, {0x08, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1}}},
	    {"bytes longer than the message", {3, {0x1a, 9, 1}}},
	    {"field 0", {2, {0x00, 1}}},
	    {"a wire type that is none", {2, {0x0f, 1}}},
	};
	struct desk *d = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span s = span_of(cases[i].s.bytes, cases[i].s.len);
		void *raw;

		if (proto_unpack(&trawl__ack__descriptor, s, &d->arena, &raw) !=
		    ST_MALFORMED)
			fail_msg("%s", cases[i].name);
	}
}

static void
a_full_arena_is_a_limit(void **state)
{
	struct arena small;
	void *raw;

	(void)state;
	arena_init(&small, 16);
	assert_int_equal(proto_unpack(&trawl__ack__descriptor, span_of(NULL, 0),
				      &small, &raw),
			 ST_LIMIT);
	arena_fini(&small);
}

/* ---- checks ---- */

static void
text_is_utf_8_without_control_characters(void **state)
{
	static const struct {
		struct span in;
		bool taken, text, path;
	} cases[] = {
	    {{(const uint8_t *)"", 0}, true, true, false},
	    {{(const uint8_t *)"plain", 5}, true, true, true},
	    {{(const uint8_t *)"caf\xc3\xa9", 5}, true, true, true},
	    {{(const uint8_t *)"\xff", 1}, true, false, true},
	    {{(const uint8_t *)"\xc3", 1}, true, false, true},
	    {{(const uint8_t *)"a\tb", 3}, true, false, true},
	    {{(const uint8_t *)"\x7f", 1}, true, false, true},
	    {{(const uint8_t *)"a\0b", 3}, true, false, false},
	    {{(const uint8_t *)"12345678", 8}, true, true, true},
	    {{(const uint8_t *)"123456789", 9}, false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ProtobufCBinaryData b = proto_bytes(cases[i].in);
		struct span out;

		if (proto_take(b, 8, &out) != cases[i].taken ||
		    proto_text(b, 8, &out) != cases[i].text ||
		    proto_path(b, 8, &out) != cases[i].path)
			fail_msg("case %zu", i);
		if (cases[i].taken) {
			assert_true(proto_take(b, 8, &out));
			assert_true(span_eq(out, cases[i].in));
		}
	}
}

static void
fixed_bytes_are_all_there_or_zeros(void **state)
{
	static const uint8_t zeros[4];
	uint8_t dst[4];

	(void)state;
	memset(dst, 0xa5, sizeof(dst));
	assert_true(proto_fixed(DATA("abcd"), dst, sizeof(dst)));
	assert_memory_equal(dst, "abcd", 4);
	assert_false(proto_fixed(DATA("abc"), dst, sizeof(dst)));
	assert_false(proto_fixed(DATA("abcde"), dst, sizeof(dst)));
	memset(dst, 0xa5, sizeof(dst));
	assert_true(proto_fixed(DATA(""), dst, sizeof(dst)));
	assert_memory_equal(dst, zeros, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    AT_DESK(a_message_is_packed_behind_what_is_there),
	    AT_DESK(a_message_without_a_byte_is_one_of_zeros),
	    cmocka_unit_test(what_does_not_fit_the_buffer_changes_nothing),
	    AT_DESK(what_is_no_protobuf_is_malformed),
	    cmocka_unit_test(a_full_arena_is_a_limit),
	    cmocka_unit_test(text_is_utf_8_without_control_characters),
	    cmocka_unit_test(fixed_bytes_are_all_there_or_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
