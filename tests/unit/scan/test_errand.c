#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "scan/errand.h"

static const char path[] = "sftp://ann@h/data";

static void
pack(const struct errand *e, struct buf *to)
{
	buf_init(to, 4096);
	assert_int_equal(errand_pack(e, to), ST_OK);
}

static void
what_is_told_is_what_arrives(void **state)
{
	uint8_t room[64];
	struct errand e = {.seq = 7, .bytes_per_second = 9, .root = 3};
	struct errand got;
	struct buf b;
	size_t len = 0;

	(void)state;
	assert_int_equal(
	    pairs_add(room, sizeof(room), &len, span_str("a"), span_str("b")),
	    ST_OK);
	e.slots = 12;
	e.secret = 40;
	e.browse = true;
	e.known = true;
	e.past = true;
	e.path = span_str(path);
	e.cursor = span_str("sub/file");
	e.options.bytes = span_of(room, len);
	pack(&e, &b);
	assert_int_equal(errand_unpack(buf_span(&b), &got), ST_OK);
	assert_int_equal(got.seq, 7);
	assert_int_equal(got.bytes_per_second, 9);
	assert_int_equal(got.root, 3);
	assert_int_equal(got.slots, 12);
	assert_int_equal(got.secret, 40);
	assert_true(got.browse);
	assert_true(got.known);
	assert_true(got.past);
	assert_false(got.given);
	assert_true(span_eq(got.path, e.path));
	assert_true(span_eq(got.cursor, e.cursor));
	assert_true(span_eq(pairs_find(got.options, "a"), span_str("b")));
	buf_fini(&b);
}

static void
one_that_is_cut_or_longer_is_refused(void **state)
{
	const struct errand e = {.slots = 1, .path = span_str(path)};
	struct errand got;
	struct buf b;

	(void)state;
	pack(&e, &b);
	for (size_t n = 0; n < b.len; n++)
		assert_int_not_equal(errand_unpack(span_of(b.data, n), &got),
				     ST_OK);
	assert_int_equal(buf_add_byte(&b, 0), ST_OK);
	assert_int_equal(errand_unpack(buf_span(&b), &got), ST_MALFORMED);
	buf_fini(&b);
}

static void
a_program_of_another_version_is_told_apart(void **state)
{
	const struct errand e = {.slots = 1, .path = span_str(path)};
	struct errand got;
	struct buf b;

	(void)state;
	pack(&e, &b);
	b.data[0] ^= 1;
	assert_int_equal(errand_unpack(buf_span(&b), &got), ST_UNSUPPORTED);
	buf_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_told_is_what_arrives),
	    cmocka_unit_test(one_that_is_cut_or_longer_is_refused),
	    cmocka_unit_test(a_program_of_another_version_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
