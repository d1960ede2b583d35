#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/match.h"
#include "model/order.h"
#include "wire/codec_finding.h"
#include "wire/codec_parcel.h"
#include "wire/columns.h"

/* With columns_pack and columns_unpack: one idea. */

#define ROWS 2000
#define ROOM (ROWS * 512)

/* Findings as a folder of exports would give them, from a fixed seed. */
struct made {
	struct batch batch;
	char *text; /* all that spans point to */
	size_t used;
	uint32_t seed;
};

static uint32_t
roll(struct made *m, uint32_t below)
{
	m->seed = m->seed * 1664525U + 1013904223U;
	return (m->seed >> 8) % below;
}

static struct span
say(struct made *m, const char *fmt, unsigned a, unsigned b)
{
	char *at = m->text + m->used;
	int n;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	n = snprintf(at, ROOM - m->used, fmt, a, b);
#pragma GCC diagnostic pop
	assert_true(n >= 0 && (size_t)n < ROOM - m->used);
	m->used += (size_t)n + 1;
	return span_of(at, (size_t)n);
}

static void
make_object(struct made *m, size_t i)
{
	struct object *o = &m->batch.objects[i];

	o->path = say(m, "/srv/exports/2026/team-%02u/orders-%05u.csv",
		      (unsigned)i / 40, (unsigned)i);
	o->size = 4096 + roll(m, 1000000);
	o->read = o->size;
	o->mtime = 1760000000 + (int64_t)i * 60 + roll(m, 3600);
	o->mode = 0100640;
	o->uid = o->gid = 1000;
	o->coverage = COVERAGE_FULL;
}

static void
make_finding(struct made *m, size_t i, uint32_t object, uint64_t offset)
{
	static const char *const types[] = {"card_visa", "card_mastercard",
					    "iban", "email"};
	struct batch_finding *f = &m->batch.findings[i];

	f->object = object;
	f->finding.type = span_str(types[roll(m, 4)]);
	f->finding.offset = offset;
	f->finding.length = 16 + roll(m, 4);
	f->finding.confidence = (uint8_t)(60 + roll(m, 40));
	f->finding.level = LEVEL_STRICT;
	f->finding.reasons = REASON(REASON_CHECK_DIGIT) | REASON(REASON_ISSUER);
	f->finding.also = span_str(i % 50 == 7 ? "pl_nip,ru_inn" : "");
	f->finding.masked =
	    say(m, "%06u******%04u", 400000 + roll(m, 99999), roll(m, 9999));
	f->finding.context = say(m, "order %05u; card ****; total %u.00",
				 roll(m, 99999), roll(m, 500));
	for (size_t k = 0; k < FINGERPRINT_LEN; k++)
		f->fingerprint[k] = (uint8_t)roll(m, 256);
}

static struct made *
make(size_t objects, size_t findings)
{
	struct made *m = calloc(1, sizeof(*m));
	uint64_t offset = 0;

	assert_non_null(m);
	m->seed = 4711;
	m->text = malloc(ROOM);
	assert_non_null(m->text);
	batch_init(&m->batch);
	m->batch.task = 3;
	m->batch.target = 4;
	m->batch.scan = 5;
	m->batch.totals.objects = objects;
	m->batch.objects = calloc(objects, sizeof(*m->batch.objects));
	m->batch.findings = calloc(findings + 1, sizeof(*m->batch.findings));
	m->batch.object_count = objects;
	m->batch.finding_count = findings;
	for (size_t i = 0; i < objects; i++)
		make_object(m, i);
	for (size_t i = 0; i < findings; i++) {
		uint32_t object = (uint32_t)(i * objects / findings);

		offset = i > 0 && m->batch.findings[i - 1].object != object
			     ? roll(m, 100)
			     : offset + 40 + roll(m, 60);
		make_finding(m, i, object, offset);
	}
	return m;
}

static void
throw_away(struct made *m)
{
	batch_fini(&m->batch);
	free(m->text);
	free(m);
}

static void
assert_same(const struct batch *a, const struct batch *b)
{
	struct buf x, y;

	buf_init(&x, 8 * 1024 * 1024);
	buf_init(&y, 8 * 1024 * 1024);
	assert_int_equal(batch_pack(a, &x), ST_OK);
	assert_int_equal(batch_pack(b, &y), ST_OK);
	assert_int_equal(x.len, y.len);
	assert_memory_equal(x.data, y.data, x.len);
	buf_fini(&x);
	buf_fini(&y);
}

static enum status
decode(struct span image)
{
	struct arena a;
	struct batch b;
	enum status st;

	arena_init(&a, 64 * 1024 * 1024);
	st = batch_decode(image, &a, &b);
	if (st == ST_OK)
		batch_fini(&b);
	arena_fini(&a);
	return st;
}

static void
batch_comes_back_the_same(void **state)
{
	static const size_t sizes[][2] = {
	    {0, 0}, {1, 0}, {1, 1}, {3, 700}, {400, ROWS}};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct made *m = make(sizes[i][0], sizes[i][1]);
		struct arena a;
		struct batch back;
		struct buf image;

		buf_init(&image, 2 * 1024 * 1024);
		arena_init(&a, 64 * 1024 * 1024);
		assert_int_equal(batch_encode(&m->batch, &image), ST_OK);
		assert_int_equal(batch_decode(buf_span(&image), &a, &back),
				 ST_OK);
		assert_same(&m->batch, &back);
		batch_fini(&back);
		arena_fini(&a);
		buf_fini(&image);
		throw_away(m);
	}
}

static void
who_makes_many_makes_them_as_if_each_were_the_first(void **state)
{
	static const size_t sizes[] = {ROWS, 1, 40, ROWS};
	struct batch_maker *maker;

	(void)state;
	assert_int_equal(batch_maker_open(&maker), ST_OK);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct made *m = make(1, sizes[i]);
		struct buf alone, after;

		buf_init(&alone, BATCH_IMAGE_MAX);
		buf_init(&after, BATCH_IMAGE_MAX);
		assert_int_equal(batch_encode(&m->batch, &alone), ST_OK);
		assert_int_equal(batch_make(maker, &m->batch, &after), ST_OK);
		assert_true(span_eq(buf_span(&alone), buf_span(&after)));
		/* one that is refused spoils nothing */
		m->batch.findings[0].finding.length = 0;
		assert_int_equal(batch_make(maker, &m->batch, &after),
				 ST_MALFORMED);
		buf_fini(&alone);
		buf_fini(&after);
		throw_away(m);
	}
	batch_maker_close(maker);
}

static void
odd_values_come_back_the_same(void **state)
{
	static const uint8_t path[] = {'/', 0xff, 0xfe, '\n', 'x'};
	struct made *m = make(3, 3);
	struct arena a;
	struct batch back;
	struct buf image;

	(void)state;
	m->batch.objects[0].path = span_of(path, sizeof(path));
	m->batch.objects[0].mtime = INT64_MIN;
	m->batch.objects[1].mtime = INT64_MAX;
	m->batch.objects[1].coverage = COVERAGE_PARTIAL;
	m->batch.objects[1].reason = COVER_ENCRYPTED;
	m->batch.objects[1].place = span_str("a.zip \xe2\x86\x92 b");
	m->batch.findings[0].finding.offset = INT64_MAX;
	m->batch.findings[1].finding.offset = 0;
	m->batch.findings[1].finding.place = span_str("a.zip \xe2\x86\x92 c");
	m->batch.findings[2].finding.place = span_str("a.zip \xe2\x86\x92 c");
	m->batch.findings[2].finding.masked = span_of(NULL, 0);
	m->batch.outcome = SCAN_UNREACHED;
	m->batch.message = span_str("the disk is full");
	buf_init(&image, 2 * 1024 * 1024);
	arena_init(&a, 64 * 1024 * 1024);
	assert_int_equal(batch_encode(&m->batch, &image), ST_OK);
	assert_int_equal(batch_decode(buf_span(&image), &a, &back), ST_OK);
	assert_same(&m->batch, &back);
	batch_fini(&back);
	arena_fini(&a);
	buf_fini(&image);
	throw_away(m);
}

/* What an agent of before `also` sends: there are no such columns. */
static void
other_types_cost_nothing_where_there_are_none(void **state)
{
	struct made *m = make(3, 5);
	struct arena a;
	struct batch back;
	struct buf none, one;

	(void)state;
	arena_init(&a, 64 * 1024 * 1024);
	buf_init(&none, 1024 * 1024);
	buf_init(&one, 1024 * 1024);
	assert_int_equal(columns_pack(&m->batch, &a, &none), ST_OK);
	m->batch.findings[2].finding.also = span_str("x");
	assert_int_equal(columns_pack(&m->batch, &a, &one), ST_OK);
	/* an empty entry, one of a byte, and five numbers: each has a head */
	assert_int_equal(one.len, none.len + 2 + 3 + 2 + 5);
	batch_init(&back);
	assert_int_equal(columns_unpack(buf_span(&none), &a, &back), ST_OK);
	for (size_t i = 0; i < back.finding_count; i++)
		assert_int_equal(back.findings[i].finding.also.len, 0);
	batch_fini(&back);
	batch_init(&back);
	assert_int_equal(columns_unpack(buf_span(&one), &a, &back), ST_OK);
	assert_int_equal(back.findings[1].finding.also.len, 0);
	assert_true(str_is(back.findings[2].finding.also, "x"));
	batch_fini(&back);
	buf_fini(&none);
	buf_fini(&one);
	arena_fini(&a);
	throw_away(m);
}

static void
only_ids_with_a_comma_between_are_other_types(void **state)
{
	static char large[MATCH_ALSO_MAX + 1];
	const struct {
		struct span also;
		enum status want;
	} cases[] = {
	    {span_str(""), ST_OK},
	    {span_str("a"), ST_OK},
	    {span_str("pl_nip,ru_inn"), ST_OK},
	    {span_of(large, MATCH_ALSO_MAX), ST_OK},
	    {span_of(large, MATCH_ALSO_MAX + 1), ST_MALFORMED},
	    {span_str(","), ST_MALFORMED},
	    {span_str("a,"), ST_MALFORMED},
	    {span_str(",a"), ST_MALFORMED},
	    {span_str("a,,b"), ST_MALFORMED},
	    {span_str("\xff"), ST_MALFORMED},
	};

	(void)state;
	memset(large, 'a', sizeof(large));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct made *m = make(1, 1);
		struct buf image;

		m->batch.findings[0].finding.also = cases[i].also;
		buf_init(&image, 1024 * 1024);
		assert_int_equal(batch_encode(&m->batch, &image),
				 cases[i].want);
		buf_fini(&image);
		throw_away(m);
	}
}

static void
finding_takes_about_thirty_bytes(void **state)
{
	struct made *m = make(200, ROWS);
	struct buf image, body;
	double each;

	(void)state;
	buf_init(&image, 2 * 1024 * 1024);
	buf_init(&body, 2 * 1024 * 1024);
	assert_int_equal(batch_encode(&m->batch, &image), ST_OK);
	assert_int_equal(
	    parcel_encode(&(struct parcel){1, buf_span(&image)}, &body), ST_OK);
	each = (double)body.len / ROWS;
	print_message("bytes per finding on the wire: %.1f\n", each);
	assert_true(each < 40);
	assert_true(body.len <= 80 * 1024);
	buf_fini(&image);
	buf_fini(&body);
	throw_away(m);
}

static void
what_breaks_a_bound_is_not_encoded(void **state)
{
	static char large[FINDING_PLACE_MAX + 1];
	struct made *m = make(2, 2);
	struct finding *f = &m->batch.findings[1].finding;
	struct finding good = *f;
	struct buf image;

	(void)state;
	memset(large, 'a', sizeof(large));
	buf_init(&image, 2 * 1024 * 1024);
	f->place = span_of(large, sizeof(large));
	assert_int_equal(batch_encode(&m->batch, &image), ST_MALFORMED);
	*f = good;
	f->masked = span_str("\xff");
	assert_int_equal(batch_encode(&m->batch, &image), ST_MALFORMED);
	*f = good;
	f->confidence = 101;
	assert_int_equal(batch_encode(&m->batch, &image), ST_MALFORMED);
	*f = good;
	f->level = 0;
	assert_int_equal(batch_encode(&m->batch, &image), ST_MALFORMED);
	*f = good;
	m->batch.findings[0].object = 1;
	m->batch.findings[1].object = 0;
	assert_int_equal(batch_encode(&m->batch, &image), ST_MALFORMED);
	m->batch.findings[1].object = 2;
	assert_int_equal(batch_encode(&m->batch, &image), ST_MALFORMED);
	m->batch.findings[1].object = 1;
	m->batch.objects[0].path.len = 0;
	assert_int_equal(batch_encode(&m->batch, &image), ST_MALFORMED);
	assert_int_equal(image.len, 0);
	buf_fini(&image);
	throw_away(m);
}

static void
batch_that_core_could_not_be_handed_is_a_limit(void **state)
{
	static char large[FINDING_PLACE_MAX];
	struct made *m = make(1, ROWS);
	struct buf image;

	(void)state;
	memset(large, 'a', sizeof(large));
	for (size_t i = 0; i < ROWS; i++)
		m->batch.findings[i].finding.place =
		    span_of(large, sizeof(large));
	buf_init(&image, 2 * 1024 * 1024);
	assert_int_equal(batch_encode(&m->batch, &image), ST_LIMIT);
	buf_fini(&image);
	throw_away(m);
}

static void
image_that_was_cut_or_touched_never_crashes(void **state)
{
	struct made *m = make(20, 60);
	struct buf image;
	uint8_t *copy;

	(void)state;
	buf_init(&image, 2 * 1024 * 1024);
	assert_int_equal(batch_encode(&m->batch, &image), ST_OK);
	for (size_t n = 0; n < image.len; n += 7)
		assert_int_equal(decode(span_of(image.data, n)), ST_MALFORMED);
	copy = malloc(image.len + 1);
	assert_non_null(copy);
	memcpy(copy, image.data, image.len);
	copy[image.len] = 0;
	assert_int_equal(decode(span_of(copy, image.len + 1)), ST_MALFORMED);
	for (size_t i = 0; i < image.len; i += 3) {
		copy[i] ^= 0x55;
		(void)!decode(span_of(copy, image.len));
		copy[i] ^= 0x55;
	}
	free(copy);
	buf_fini(&image);
	throw_away(m);
}

static void
sizes_that_lie_are_refused(void **state)
{
	static uint8_t zeros[BATCH_RAW_MAX + 1];
	uint8_t image[65536];
	ZSTD_CCtx *c = ZSTD_createCCtx();
	size_t n;

	(void)state;
	/* A bomb: more than may be unpacked, honestly stated. */
	n = ZSTD_compress(image, sizeof(image), zeros, sizeof(zeros), 3);
	assert_false(ZSTD_isError(n));
	assert_int_equal(decode(span_of(image, n)), ST_MALFORMED);
	/* No size stated. */
	assert_non_null(c);
	ZSTD_CCtx_setParameter(c, ZSTD_c_contentSizeFlag, 0);
	n = ZSTD_compress2(c, image, sizeof(image), zeros, 100);
	assert_false(ZSTD_isError(n));
	assert_int_equal(decode(span_of(image, n)), ST_MALFORMED);
	ZSTD_freeCCtx(c);
	/* Another size stated than there is. */
	n = ZSTD_compress(image, sizeof(image), zeros, 200, 3);
	assert_int_equal(image[5], 200); /* the size, in one byte */
	image[5] = 201;
	assert_int_equal(decode(span_of(image, n)), ST_MALFORMED);
	/* Two frames one behind the other. */
	n = ZSTD_compress(image, sizeof(image), "", 0, 3);
	assert_int_equal(decode(span_of(image, n)), ST_OK);
	memcpy(image + n, image, n);
	assert_int_equal(decode(span_of(image, 2 * n)), ST_MALFORMED);
}

/* Three objects, places in two of them. */
static struct made *
make_places(void)
{
	static const char *const parsers[] = {"zip", "pdf"};
	struct made *m = make(3, 6);
	size_t n = 0;

	m->batch.notes = calloc(8, sizeof(*m->batch.notes));
	assert_non_null(m->batch.notes);
	for (uint32_t object = 0; object < 3; object += 2)
		for (uint16_t i = 0; i < 4; i++)
			m->batch.notes[n++] = (struct batch_note){
			    .object = object,
			    .number = i,
			    .note = {.place = say(m, "member %u of %u", i, 4),
				     .parser = span_str(parsers[i % 2]),
				     .detail = span_str(i == 1 ? "made" : ""),
				     .reason = COVER_ENCRYPTED}};
	m->batch.note_count = n;
	m->batch.objects[2].members = 40;
	m->batch.objects[2].members_partial = 1;
	m->batch.objects[2].members_unread = 3;
	m->batch.objects[2].notes = 400;
	m->batch.objects[2].parser = span_str("zip");
	m->batch.totals.members = 40;
	m->batch.totals.members_unread = 3;
	m->batch.totals.unread_bytes = 12345;
	m->batch.totals.rested_ms = 678;
	m->batch.totals.unchanged = 678;
	m->batch.totals.folders = 2;
	return m;
}

static void
places_that_were_not_read_come_back_the_same(void **state)
{
	struct made *m = make_places();
	struct arena a;
	struct batch back;
	struct buf image;

	(void)state;
	buf_init(&image, 2 * 1024 * 1024);
	arena_init(&a, 64 * 1024 * 1024);
	assert_int_equal(batch_encode(&m->batch, &image), ST_OK);
	assert_int_equal(batch_decode(buf_span(&image), &a, &back), ST_OK);
	assert_same(&m->batch, &back);
	assert_int_equal(back.note_count, 8);
	assert_int_equal(back.notes[7].object, 2);
	assert_int_equal(back.notes[7].number, 3);
	assert_int_equal(back.objects[2].notes, 400);
	assert_int_equal(back.totals.unread_bytes, 12345);
	assert_int_equal(back.totals.rested_ms, 678);
	assert_int_equal(back.totals.unchanged, 678);
	batch_fini(&back);
	arena_fini(&a);
	buf_fini(&image);
	throw_away(m);
}

static void
places_of_no_object_or_out_of_order_or_too_long_are_refused(void **state)
{
	static char long_text[FINDING_PLACE_MAX + 1];
	struct span longer = span_of(long_text, sizeof(long_text));

	(void)state;
	for (int wrong = 0; wrong < 5; wrong++) {
		struct made *m = make_places();
		struct batch_note *n = &m->batch.notes[7];
		struct buf image;

		buf_init(&image, 2 * 1024 * 1024);
		if (wrong == 0)
			n->object = 3;
		else if (wrong == 1)
			n->object = 1;
		else if (wrong == 2)
			n->note.place = longer;
		else if (wrong == 3)
			n->note.parser = span_of(long_text, 33);
		else
			n->note.detail =
			    span_of(long_text, NOTE_DETAIL_MAX + 1);
		assert_int_equal(batch_encode(&m->batch, &image), ST_MALFORMED);
		buf_fini(&image);
		throw_away(m);
	}
}

/* Number of the field is 99: what only a newer agent says. */
static const uint8_t unknown[] = {0x9a, 0x06, 3, 'n', 'e', 'w'};

static void
what_older_agents_leave_out_and_newer_ones_add_is_taken(void **state)
{
	struct made *m = make(3, 6);
	struct arena a;
	struct batch back;
	struct buf raw;

	(void)state;
	buf_init(&raw, BATCH_RAW_MAX);
	arena_init(&a, 64 * 1024 * 1024);
	assert_int_equal(columns_pack(&m->batch, &a, &raw), ST_OK);
	assert_int_equal(buf_add(&raw, unknown, sizeof(unknown)), ST_OK);
	batch_init(&back);
	assert_int_equal(columns_unpack(buf_span(&raw), &a, &back), ST_OK);
	assert_int_equal(back.object_count, 3);
	assert_int_equal(back.note_count, 0);
	assert_int_equal(back.objects[1].notes, 0);
	assert_int_equal(back.objects[1].parser.len, 0);
	batch_fini(&back);
	arena_fini(&a);
	buf_fini(&raw);
	throw_away(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(places_that_were_not_read_come_back_the_same),
	    cmocka_unit_test(
		places_of_no_object_or_out_of_order_or_too_long_are_refused),
	    cmocka_unit_test(
		what_older_agents_leave_out_and_newer_ones_add_is_taken),
	    cmocka_unit_test(batch_comes_back_the_same),
	    cmocka_unit_test(
		who_makes_many_makes_them_as_if_each_were_the_first),
	    cmocka_unit_test(odd_values_come_back_the_same),
	    cmocka_unit_test(other_types_cost_nothing_where_there_are_none),
	    cmocka_unit_test(only_ids_with_a_comma_between_are_other_types),
	    cmocka_unit_test(finding_takes_about_thirty_bytes),
	    cmocka_unit_test(what_breaks_a_bound_is_not_encoded),
	    cmocka_unit_test(batch_that_core_could_not_be_handed_is_a_limit),
	    cmocka_unit_test(image_that_was_cut_or_touched_never_crashes),
	    cmocka_unit_test(sizes_that_lie_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
