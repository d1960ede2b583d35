#include "runtime/segment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static struct segment_entry
an_entry(uint64_t seq, const char *payload)
{
	struct segment_entry e = {.kind = SEGMENT_BATCH,
				  .flags = SEGMENT_LAST,
				  .stream = 1,
				  .seq = seq,
				  .count = 1,
				  .task = 5};

	memset(e.incarnation, 9, sizeof(e.incarnation));
	e.totals =
	    (struct batch_totals){1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
	e.cursor = span_str("here");
	e.payload = span_str(payload);
	return e;
}

static void
add(struct buf *b, uint64_t seq, const char *payload)
{
	struct segment_entry e = an_entry(seq, payload);

	assert_int_equal(segment_encode(&e, b), ST_OK);
}

static void
what_is_encoded_is_decoded(void **state)
{
	struct segment_entry e = an_entry(77, "some payload"), got;
	struct buf b;
	size_t used = 0;

	(void)state;
	buf_init(&b, SEGMENT_ENTRY_MAX);
	assert_int_equal(segment_encode(&e, &b), ST_OK);
	assert_int_equal(b.len, segment_size(&e));
	assert_int_equal(segment_decode(buf_span(&b), &got, &used), ST_OK);
	assert_int_equal(used, b.len);
	assert_int_equal(got.kind, e.kind);
	assert_int_equal(got.flags, e.flags);
	assert_int_equal(got.seq, 77);
	assert_int_equal(got.task, 5);
	assert_int_equal(got.stream, 1);
	assert_memory_equal(got.incarnation, e.incarnation, INCARNATION_LEN);
	assert_memory_equal(&got.totals, &e.totals, sizeof(e.totals));
	assert_true(span_eq(got.cursor, e.cursor));
	assert_true(span_eq(got.payload, e.payload));
	buf_fini(&b);
}

/* Heads that older programs wrote end in a zero and have no more totals. */
static void
an_entry_of_an_older_program_is_read_with_what_it_counted(void **state)
{
	static const uint8_t old[] = {
	    0x54, 0x53, 0x50, 0x31, 0xe8, 0xa2, 0xf7, 0x2a, 0x04, 0x00, 0x00,
	    0x00, 0x0c, 0x00, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00, 0x01, 0x00,
	    0x00, 0x00, 0x4d, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01,
	    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00,
	    0x00, 0x00, 0x00, 0x00, 0x09, 0x09, 0x09, 0x09, 0x09, 0x09, 0x09,
	    0x09, 0x09, 0x09, 0x09, 0x09, 0x09, 0x09, 0x09, 0x09, 0x01, 0x00,
	    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00,
	    0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	    0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00,
	    0x00, 0x00, 0x00, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00,
	    0x00, 0x00, 0xde, 0xed, 0x3d, 0xbb, 0x00, 0x00, 0x00, 0x00, 0x68,
	    0x65, 0x72, 0x65, 0x73, 0x6f, 0x6d, 0x65, 0x20, 0x70, 0x61, 0x79,
	    0x6c, 0x6f, 0x61, 0x64,
	};
	struct segment_entry got;
	size_t used = 0;

	(void)state;
	assert_int_equal(segment_decode(span_of(old, sizeof(old)), &got, &used),
			 ST_OK);
	assert_int_equal(used, sizeof(old));
	assert_int_equal(got.seq, 77);
	assert_int_equal(got.totals.objects, 1);
	assert_int_equal(got.totals.findings, 6);
	assert_int_equal(got.totals.members, 0);
	assert_int_equal(got.totals.unread_bytes, 0);
	assert_true(span_eq(got.cursor, span_str("here")));
	assert_true(span_eq(got.payload, span_str("some payload")));
}

static void
an_entry_cut_short_or_changed_is_none(void **state)
{
	struct segment_entry got;
	struct buf b;
	size_t used;

	(void)state;
	buf_init(&b, SEGMENT_ENTRY_MAX);
	add(&b, 1, "some payload");
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(
		    segment_decode(span_of(b.data, n), &got, &used), ST_AGAIN);
	for (size_t at = 0; at < b.len; at++) {
		b.data[at] ^= 1;
		assert_int_equal(segment_decode(buf_span(&b), &got, &used),
				 ST_MALFORMED);
		b.data[at] ^= 1;
	}
	buf_fini(&b);
}

static void
what_is_too_large_is_not_encoded(void **state)
{
	struct segment_entry e = an_entry(1, "");
	uint8_t *large = calloc(1, SEGMENT_PAYLOAD_MAX + 1);
	struct buf b;

	(void)state;
	buf_init(&b, 2 * SEGMENT_ENTRY_MAX);
	e.payload = span_of(large, SEGMENT_PAYLOAD_MAX + 1);
	assert_int_equal(segment_encode(&e, &b), ST_LIMIT);
	e.payload = span_of(large, SEGMENT_PAYLOAD_MAX);
	assert_int_equal(segment_encode(&e, &b), ST_OK);
	e.cursor = span_of(large, ORDER_CURSOR_MAX + 1);
	assert_int_equal(segment_encode(&e, &b), ST_LIMIT);
	buf_fini(&b);
	free(large);
}

static int
file_with(const struct buf *b)
{
	int fd = memfd_create("segment", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, b->data, b->len), b->len);
	return fd;
}

static void
a_reader_goes_over_damage(void **state)
{
	struct segment_reader r;
	struct segment_entry e;
	struct buf b;
	size_t first, second;
	int fd;

	(void)state;
	buf_init(&b, 4 * SEGMENT_ENTRY_MAX);
	add(&b, 1, "one");
	first = b.len;
	add(&b, 2, "two, with TSP1 inside to lead astray");
	second = b.len;
	add(&b, 3, "three");
	b.data[first + SEGMENT_HEAD + 6] ^= 1; /* head stays good */
	fd = file_with(&b);
	segment_open(&r, fd, 0, b.len);
	assert_int_equal(segment_next(&r, &e), ST_OK);
	assert_int_equal(e.seq, 1);
	assert_int_equal(segment_next(&r, &e), ST_OK);
	assert_int_equal(e.seq, 3);
	assert_int_equal(r.skipped, second - first);
	assert_int_equal(r.lost, 2);
	assert_int_equal(segment_next(&r, &e), ST_EOF);
	assert_int_equal(r.skipped, 0);
	assert_int_equal(r.at, b.len);
	segment_close(&r);
	close(fd);
	buf_fini(&b);
}

static void
what_is_behind_the_last_entry_is_told(void **state)
{
	struct segment_reader r;
	struct segment_entry e;
	struct buf b;
	size_t good;
	int fd;

	(void)state;
	buf_init(&b, 4 * SEGMENT_ENTRY_MAX);
	add(&b, 8, "eight");
	good = b.len;
	add(&b, 9, "nine, which will be cut");
	b.len -= 3;
	fd = file_with(&b);
	segment_open(&r, fd, 0, b.len);
	assert_int_equal(segment_next(&r, &e), ST_OK);
	assert_int_equal(segment_next(&r, &e), ST_EOF);
	assert_int_equal(r.at, good);
	assert_int_equal(r.skipped, b.len - good);
	assert_int_equal(r.lost, 9);
	segment_close(&r);
	close(fd);
	buf_fini(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_encoded_is_decoded),
	    cmocka_unit_test(
		an_entry_of_an_older_program_is_read_with_what_it_counted),
	    cmocka_unit_test(an_entry_cut_short_or_changed_is_none),
	    cmocka_unit_test(what_is_too_large_is_not_encoded),
	    cmocka_unit_test(a_reader_goes_over_damage),
	    cmocka_unit_test(what_is_behind_the_last_entry_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
