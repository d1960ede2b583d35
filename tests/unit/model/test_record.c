#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/match.h"
#include "model/record.h"

static struct record
an_object(void)
{
	return (struct record){.kind = RECORD_OBJECT,
			       .object = {.path = span_of("/srv/\xff\0x", 8),
					  .size = UINT64_MAX,
					  .read = 1,
					  .mtime = INT64_MIN,
					  .mode = 0100644,
					  .uid = UINT32_MAX,
					  .gid = 5,
					  .coverage = COVERAGE_PARTIAL,
					  .reason = COVER__COUNT - 1,
					  .parser = span_str("zip"),
					  .members = 3,
					  .members_partial = 2,
					  .members_unread = 1,
					  .notes = 300}};
}

static const struct scan_order *
an_order(void)
{
	static struct scan_order o;

	o = (struct scan_order){.path_count = 2,
				.type_count = 1,
				.min_confidence = 50,
				.jobs = 255,
				.want_totals = 1,
				.bytes_per_second = 9,
				.cursor = span_str("c"),
				.limits = span_str("depth=4"),
				.ocr = span_str("eng,deu"),
				.options = span_of("a\0\x01\0\0\0x", 7),
				.credential = span_str("backup-reader"),
				.skip_unchanged = 1};
	o.paths[0] = span_str("/srv");
	o.paths[1] = span_str("/home");
	o.types[0] = span_str("card_*");
	return &o;
}

/* One of each kind, with ends of every range. */
static size_t
fill(struct record *all, uint8_t digest)
{
	static const char place[] = "a.zip \xe2\x86\x92 b.txt";
	size_t n = 0;
	struct record *r;

	r = &all[n++];
	*r = (struct record){.kind = RECORD_FINDING};
	r->finding = (struct finding){.type = span_str("card_visa"),
				      .also = span_str("pl_nip,ru_inn"),
				      .place = span_str(place),
				      .offset = UINT64_MAX,
				      .length = UINT32_MAX,
				      .confidence = 100,
				      .level = LEVEL_STRICT,
				      .reasons = UINT64_MAX,
				      .masked = span_str("4111********1111"),
				      .context = span_str("card: ****")};
	memset(r->finding.digest, digest, sizeof(r->finding.digest));
	all[n++] = an_object();
	r = &all[n++];
	*r = (struct record){.kind = RECORD_CURSOR};
	r->cursor = span_str("cursor bytes");
	r = &all[n++];
	*r = (struct record){.kind = RECORD_PROGRESS};
	r->progress = (struct scan_progress){.done_objects = 1,
					     .total_bytes = 1u << 31,
					     .total_exact = 1,
					     .current = span_str("/srv/x"),
					     .members = 7,
					     .members_partial = 2,
					     .members_unread = 1,
					     .unread_bytes = 99,
					     .unchanged = 5,
					     .rested_ms = 8,
					     .signs = 6};
	r = &all[n++];
	*r = (struct record){.kind = RECORD_END};
	r->end.outcome = SCAN_FAILED;
	r->end.message = span_str("why");
	r = &all[n++];
	*r = (struct record){.kind = RECORD_ORDER, .order = an_order()};
	r = &all[n++];
	*r = (struct record){.kind = RECORD_NOTE};
	r->note = (struct note){.place = span_str(place),
				.parser = span_str("zip"),
				.detail = span_str("method 98"),
				.reason = COVER__COUNT - 1};
	r = &all[n++];
	*r = (struct record){.kind = RECORD_TEXT};
	r->text = (struct text){.place = span_str(place),
				.bytes = span_of("a\0\xff", 3),
				.offset = UINT64_MAX,
				.again = 1};
	all[n++] = (struct record){.kind = RECORD_PAUSE};
	all[n++] = (struct record){.kind = RECORD_RESUME};
	all[n++] = (struct record){.kind = RECORD_STOP};
	r = &all[n++];
	*r = (struct record){.kind = RECORD_ASK, .words = span_str("ask")};
	r = &all[n++];
	*r = (struct record){.kind = RECORD_ANSWER};
	r->words = span_str("answer");
	r = &all[n++];
	*r = (struct record){.kind = RECORD_ROOM};
	r->room = UINT64_MAX;
	return n;
}

#define KINDS 14

static void
what_goes_in_comes_out(void **state)
{
	struct record *in = calloc(KINDS, sizeof(*in)), *out;
	size_t n = fill(in, 0xab), used;
	struct buf first, second;
	struct scan_order order;
	struct span s;

	(void)state;
	out = calloc(1, sizeof(*out));
	assert_int_equal(n, KINDS);
	buf_init(&first, 1 << 20);
	buf_init(&second, 1 << 20);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(record_add(&first, &in[i]), ST_OK);
	s = buf_span(&first);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(record_next_order(s, &order, out, &used),
				 ST_OK);
		assert_int_equal(out->kind, in[i].kind);
		assert_int_equal(record_add(&second, out), ST_OK);
		s = span_skip(s, used);
	}
	assert_int_equal(record_next(s, out, &used), ST_EOF);
	/* Nothing was lost: written again it is the same bytes. */
	assert_true(span_eq(buf_span(&first), buf_span(&second)));
	buf_fini(&first);
	buf_fini(&second);
	free(in);
	free(out);
}

static void
fields_keep_their_values(void **state)
{
	struct record *in = calloc(KINDS, sizeof(*in)), out;
	struct buf b;
	size_t used;

	(void)state;
	fill(in, 0xab);
	buf_init(&b, 1 << 20);
	assert_int_equal(record_add(&b, &in[0]), ST_OK);
	assert_int_equal(record_next(buf_span(&b), &out, &used), ST_OK);
	assert_true(str_is(out.finding.type, "card_visa"));
	assert_true(str_is(out.finding.also, "pl_nip,ru_inn"));
	assert_true(out.finding.offset == UINT64_MAX);
	assert_int_equal(out.finding.confidence, 100);
	assert_int_equal(out.finding.digest[31], 0xab);
	buf_clear(&b);
	assert_int_equal(record_add(&b, &in[1]), ST_OK);
	assert_int_equal(record_next(buf_span(&b), &out, &used), ST_OK);
	assert_true(span_eq(out.object.path, in[1].object.path));
	assert_true(out.object.mtime == INT64_MIN);
	assert_int_equal(out.object.uid, UINT32_MAX);
	buf_fini(&b);
	free(in);
}

static void
a_record_that_is_cut_short_waits_for_the_rest(void **state)
{
	struct record *in = calloc(KINDS, sizeof(*in)), out;
	size_t n = fill(in, 1), used;
	struct scan_order order;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct buf b;

		buf_init(&b, 1 << 20);
		assert_int_equal(record_add(&b, &in[i]), ST_OK);
		for (size_t k = 1; k < b.len; k++)
			assert_int_equal(record_next_order(span_of(b.data, k),
							   &order, &out, &used),
					 ST_AGAIN);
		/* The head says a byte less, a byte more. */
		b.data[1]--;
		if (b.len > RECORD_HEAD)
			assert_int_equal(record_next_order(buf_span(&b), &order,
							   &out, &used),
					 ST_MALFORMED);
		b.data[1] = (uint8_t)(b.data[1] + 2);
		assert_int_equal(buf_add_byte(&b, 0), ST_OK);
		assert_int_equal(
		    record_next_order(buf_span(&b), &order, &out, &used),
		    ST_MALFORMED);
		buf_fini(&b);
	}
	free(in);
}

static void
an_order_is_malformed_where_nobody_expects_one(void **state)
{
	struct record r = {.kind = RECORD_ORDER, .order = an_order()};
	struct scan_order o;
	struct buf b;
	size_t used;

	(void)state;
	buf_init(&b, 1 << 20);
	assert_int_equal(record_add(&b, &r), ST_OK);
	assert_int_equal(record_next(buf_span(&b), &r, &used), ST_MALFORMED);
	assert_int_equal(record_next_order(buf_span(&b), &o, &r, &used), ST_OK);
	assert_ptr_equal(r.order, &o);
	assert_true(str_is(o.credential, "backup-reader"));
	buf_fini(&b);
}

static void
unknown_kinds_and_sizes_are_malformed(void **state)
{
	static const uint8_t unknown[] = {99, 0, 0, 0, 0};
	static const uint8_t zero[] = {0, 0, 0, 0, 0};
	static const uint8_t huge[] = {RECORD_CURSOR, 1, 0, 4, 0};
	struct record r;
	size_t used;

	(void)state;
	assert_int_equal(record_next(span_of(unknown, 5), &r, &used),
			 ST_MALFORMED);
	assert_int_equal(record_next(span_of(zero, 5), &r, &used),
			 ST_MALFORMED);
	assert_int_equal(record_next(span_of(huge, 5), &r, &used),
			 ST_MALFORMED);
}

static void
a_record_that_is_too_large_leaves_the_buf_as_it_was(void **state)
{
	uint8_t *path = calloc(1, RECORD_MAX + 1);
	struct record r = {.kind = RECORD_OBJECT};
	struct buf b;

	(void)state;
	assert_non_null(path);
	r.object.path = span_of(path, RECORD_MAX + 1);
	buf_init(&b, 1 << 22);
	assert_int_equal(buf_add_str(&b, "before"), ST_OK);
	assert_int_equal(record_add(&b, &r), ST_LIMIT);
	assert_true(str_is(buf_span(&b), "before"));
	buf_fini(&b);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_goes_in_comes_out),
	    cmocka_unit_test(fields_keep_their_values),
	    cmocka_unit_test(a_record_that_is_cut_short_waits_for_the_rest),
	    cmocka_unit_test(an_order_is_malformed_where_nobody_expects_one),
	    cmocka_unit_test(unknown_kinds_and_sizes_are_malformed),
	    cmocka_unit_test(
		a_record_that_is_too_large_leaves_the_buf_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
