#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "model/record.h"
#include "scan/director.h"
#include "scan/talk.h"

#define ITEMS 6

/* A scan of which only the giving out is there, and what it gave. */
struct world {
	struct scan scan;
	struct batch batches[2];
	struct slot_head *heads[2];
	struct buf said;   /* a line for each word */
	size_t hold_after; /* findings, 0: never */
	size_t findings;
};

static void
on_finding(void *arg, const struct scan_found *f)
{
	struct world *w = arg;

	assert_int_equal(
	    buf_addf(&w->said, "%.*s %.*s%s%.*s\n", (int)f->path.len,
		     (const char *)f->path.ptr, (int)f->finding->type.len,
		     (const char *)f->finding->type.ptr,
		     f->clear.len > 0 ? " " : "", (int)f->clear.len,
		     f->clear.len > 0 ? (const char *)f->clear.ptr : ""),
	    ST_OK);
	if (++w->findings == w->hold_after)
		w->scan.held = true;
}

static void
on_object(void *arg, const struct object *o)
{
	struct world *w = arg;

	assert_int_equal(buf_addf(&w->said, "%.*s: %s %s\n", (int)o->path.len,
				  (const char *)o->path.ptr,
				  coverage_name(o->coverage),
				  cover_name(o->reason)),
			 ST_OK);
}

static void
on_cursor(void *arg, struct span cursor, const struct scan_progress *sum)
{
	struct world *w = arg;

	assert_int_equal(buf_addf(&w->said, "cursor %zu, %llu done\n",
				  cursor.len,
				  (unsigned long long)sum->done_objects),
			 ST_OK);
}

static void
on_progress(void *arg, const struct scan_progress *p)
{
	struct world *w = arg;

	assert_int_equal(
	    buf_addf(&w->said, "%llu objects, %llu bytes, at %.*s\n",
		     (unsigned long long)p->done_objects,
		     (unsigned long long)p->done_bytes, (int)p->current.len,
		     p->current.len > 0 ? (const char *)p->current.ptr : ""),
	    ST_OK);
}

/* Two batches of six objects of 10 bytes: a0 to a5, b0 to b5. */
static struct world *
world_make(void)
{
	static const struct source_ops *const none[] = {NULL};
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	buf_init(&w->said, 1 << 20);
	w->scan.batches = w->batches;
	assert_int_equal(slots_open(2, &w->scan.slots), ST_OK);
	w->scan.options.sources = none;
	w->scan.options.cursor_ms = UINT32_MAX;
	w->scan.sink = (struct scan_sink){.arg = w,
					  .finding = on_finding,
					  .object = on_object,
					  .cursor = on_cursor,
					  .progress = on_progress};
	buf_init(&w->scan.last, SLOT_PATH);
	for (uint32_t b = 0; b < 2; b++) {
		struct slot_head *h = calloc(1, SLOT_SIZE);

		assert_non_null(h);
		h->used = sizeof(*h);
		h->count = ITEMS;
		for (uint32_t i = 0; i < ITEMS; i++) {
			uint8_t *name = (uint8_t *)h + h->used;

			name[0] = (uint8_t)('a' + b);
			name[1] = (uint8_t)('0' + i);
			h->items[i] = (struct slot_item){
			    .path = h->used, .path_len = 2, .size = 10};
			h->used += 2;
		}
		w->heads[b] = h;
		w->batches[b] = (struct batch){
		    .state = BATCH_DONE, .seq = b, .head = h, .next = ITEMS};
	}
	w->scan.next_seq = 2;
	return w;
}

static void
world_free(struct world *w)
{
	for (size_t b = 0; b < 2; b++) {
		batch_clear(&w->batches[b]);
		free(w->heads[b]);
	}
	slots_close(&w->scan.slots);
	buf_fini(&w->said);
	buf_fini(&w->scan.last);
	free(w);
}

/* A segment as a worker says it; `spoilt` bytes of it say nothing. */
static void
segment(struct batch *b, uint32_t item, const struct record *r, size_t n,
	size_t spoilt)
{
	struct talk_segment seg = {.item = item};
	struct buf to;

	buf_init(&to, 4096);
	assert_int_equal(buf_add(&to, &seg, sizeof(seg)), ST_OK);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(record_add(&to, &r[i]), ST_OK);
	seg.len = (uint32_t)(to.len - sizeof(seg));
	memcpy(to.data, &seg, sizeof(seg));
	if (spoilt > 0)
		memset(to.data + sizeof(seg), 0xff, spoilt);
	assert_int_equal(results_add(&b->results, buf_span(&to)), ST_OK);
	b->complete = b->results.len;
	buf_fini(&to);
}

/* The results of one more object of batch b. */
static void
results(struct world *w, size_t b, uint32_t item, const struct record *r,
	size_t n)
{
	segment(&w->batches[b], item, r, n, 0);
}

static struct record
finding(const char *type)
{
	return (struct record){
	    .kind = RECORD_FINDING,
	    .finding = {.type = span_str(type), .length = 1}};
}

static struct record
object(uint8_t coverage, uint8_t reason)
{
	return (struct record){
	    .kind = RECORD_OBJECT,
	    .object = {.coverage = coverage, .reason = reason}};
}

static void
expect(struct world *w, const char *want)
{
	assert_int_equal(buf_add_byte(&w->said, 0), ST_OK);
	assert_string_equal((const char *)w->said.data, want);
	buf_clear(&w->said);
}

static void
results_come_in_walk_order_and_silent_objects_are_counted(void **state)
{
	struct world *w = world_make();
	struct record two[] = {finding("x"), finding("y"),
			       object(COVERAGE_FULL, COVER_OK)};
	struct record part[] = {object(COVERAGE_PARTIAL, COVER_TRUNCATED)};

	(void)state;
	results(w, 1, 2, part, 1);
	results(w, 0, 1, two, 3);
	w->batches[0].state = BATCH_RUNNING;
	emit_ready(&w->scan);
	expect(w, ""); /* the second waits for the first */
	w->batches[0].state = BATCH_DONE;
	emit_ready(&w->scan);
	expect(w, "a1 x\na1 y\na1: full ok\nb2: partial truncated\n");
	assert_int_equal(w->scan.sum.done_objects, 2 * ITEMS);
	assert_int_equal(w->scan.sum.done_bytes, 20 * ITEMS);
	assert_int_equal(w->scan.sum.findings, 2);
	assert_int_equal(w->scan.sum.partial, 1);
	assert_int_equal(w->scan.emit_seq, 2);
	assert_int_equal(w->batches[0].state, BATCH_NONE);
	world_free(w);
}

static void
what_lay_in_objects_is_counted_also_when_all_of_it_was_read(void **state)
{
	struct world *w = world_make();
	struct record whole[] = {object(COVERAGE_FULL, COVER_OK)};
	struct record part[] = {object(COVERAGE_PARTIAL, COVER_ENCRYPTED)};

	(void)state;
	whole[0].object.members = 5;
	part[0].object.members = 4;
	part[0].object.members_partial = 1;
	part[0].object.members_unread = 2;
	part[0].object.read = 3;
	results(w, 0, 1, whole, 1);
	results(w, 1, 2, part, 1);
	emit_ready(&w->scan);
	expect(w, "b2: partial encrypted\n");
	assert_int_equal(w->scan.sum.members, 9);
	assert_int_equal(w->scan.sum.members_partial, 1);
	assert_int_equal(w->scan.sum.members_unread, 2);
	assert_int_equal(w->scan.sum.unread_bytes, 10 - 3);
	world_free(w);
}

static void
a_stream_is_as_long_as_what_was_read_of_it(void **state)
{
	struct world *w = world_make();
	struct slot_item *it = w->heads[0]->items;
	struct record r[] = {object(COVERAGE_FULL, COVER_OK)};

	(void)state;
	r[0].object.read = 1000;
	it[1].flags = SLOT_STREAM | SLOT_UNSIZED;
	it[1].size = 0;
	it[2].flags = SLOT_STREAM; /* what its list said of it counts */
	results(w, 0, 1, r, 1);
	results(w, 0, 2, r, 1);
	w->batches[1].state = BATCH_RUNNING;
	emit_ready(&w->scan);
	expect(w, "");
	assert_int_equal(w->scan.sum.done_bytes, 1000 + 10 * (ITEMS - 1));
	assert_int_equal(w->scan.sum.unread_bytes, 0);
	world_free(w);
}

static void
every_object_is_named_to_who_wants_that(void **state)
{
	struct world *w = world_make();

	(void)state;
	w->scan.options.every_object = true;
	w->batches[1].state = BATCH_RUNNING;
	emit_ready(&w->scan);
	expect(w, "a0: full ok\na1: full ok\na2: full ok\na3: full ok\n"
		  "a4: full ok\na5: full ok\n");
	world_free(w);
}

static void
links_and_folders_are_no_unread_objects(void **state)
{
	struct world *w = world_make();
	struct slot_item *it = w->heads[0]->items;

	(void)state;
	it[0].reason = COVER_LINK;
	it[1].reason = COVER_DENIED;
	it[2].reason = COVER_DENIED;
	it[2].flags = SLOT_FOLDER;
	it[3].reason = COVER_MOUNT;
	it[4].reason = COVER_OWN;
	it[5].reason = COVER_OWN;
	it[5].flags = SLOT_FOLDER;
	w->batches[1].state = BATCH_RUNNING;
	emit_ready(&w->scan);
	expect(w, "a0: none link\na1: none denied\na2: none denied\n"
		  "a3: none mount\na4: none own\na5: none own\n");
	assert_int_equal(w->scan.sum.done_objects, 1);
	assert_int_equal(w->scan.sum.unread, 1);
	assert_int_equal(w->scan.sum.skipped_dirs, 1);
	world_free(w);
}

static void
a_sink_that_holds_gets_the_rest_later_and_nothing_twice(void **state)
{
	struct world *w = world_make();
	struct record r[] = {finding("x"), finding("y"),
			     object(COVERAGE_FULL, COVER_OK)};

	(void)state;
	results(w, 0, 1, r, 3);
	results(w, 1, 0, r, 3);
	w->hold_after = 1;
	emit_ready(&w->scan);
	expect(w, "a1 x\n");
	emit_ready(&w->scan);
	expect(w, "");
	w->scan.held = false;
	emit_ready(&w->scan);
	expect(w, "a1 y\na1: full ok\nb0 x\nb0 y\nb0: full ok\n");
	assert_int_equal(w->scan.sum.done_objects, 2 * ITEMS);
	assert_int_equal(w->scan.sum.findings, 4);
	world_free(w);
}

static void
a_clear_value_belongs_to_the_finding_behind_it(void **state)
{
	struct world *w = world_make();
	struct record r[] = {{.kind = RECORD_CURSOR},
			     finding("x"),
			     finding("y"),
			     object(COVERAGE_FULL, COVER_OK)};

	(void)state;
	r[0].cursor = span_str("made up");
	results(w, 0, 0, r, 4);
	w->batches[1].state = BATCH_RUNNING;
	emit_ready(&w->scan);
	expect(w, "a0 x made up\na0 y\na0: full ok\n");
	world_free(w);
}

static void
what_is_no_record_is_passed_over(void **state)
{
	struct world *w = world_make();
	struct record r[] = {finding("x"), object(COVERAGE_FULL, COVER_OK)};

	(void)state;
	segment(&w->batches[0], 0, r, 2, 8);
	results(w, 0, 3, r, 2);
	w->batches[1].state = BATCH_RUNNING;
	emit_ready(&w->scan);
	expect(w, "a3 x\na3: full ok\n");
	assert_int_equal(w->scan.sum.done_objects, ITEMS);
	world_free(w);
}

static void
a_cursor_comes_behind_a_batch_when_it_is_due(void **state)
{
	struct world *w = world_make();

	(void)state;
	w->scan.options.cursor_ms = 0;
	emit_ready(&w->scan);
	expect(w, "cursor 5, 6 done\ncursor 5, 12 done\n");
	world_free(w);
}

static void
after_a_stop_what_was_not_reached_is_named(void **state)
{
	struct world *w = world_make();
	struct record r[] = {finding("x"), object(COVERAGE_FULL, COVER_OK)};

	(void)state;
	results(w, 0, 1, r, 2);
	w->batches[0].state = BATCH_RUNNING;
	w->batches[0].next = 4;
	w->batches[1].state = BATCH_NONE;
	emit_unfinished(&w->scan);
	expect(w, "a1 x\na1: full ok\na4: none stopped\na5: none stopped\n");
	assert_int_equal(w->scan.sum.unread, 2);
	world_free(w);
}

static void
progress_counts_what_a_worker_has_read_so_far(void **state)
{
	struct world *w = world_make();
	struct worker_status at = {.seq = 0, .item = 3, .read = 4};

	(void)state;
	w->scan.status = (uint8_t *)&at;
	w->scan.worker_count = 1;
	w->scan.workers[0].batch = &w->batches[0];
	w->batches[0].state = BATCH_RUNNING;
	w->batches[0].next = 1;
	w->batches[0].until = ITEMS;
	emit_progress(&w->scan);
	expect(w, "3 objects, 34 bytes, at a3\n");
	at.seq = 7; /* of another batch: it counts for nothing here */
	emit_progress(&w->scan);
	expect(w, "1 objects, 10 bytes, at a1\n");
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		results_come_in_walk_order_and_silent_objects_are_counted),
	    cmocka_unit_test(
		what_lay_in_objects_is_counted_also_when_all_of_it_was_read),
	    cmocka_unit_test(a_stream_is_as_long_as_what_was_read_of_it),
	    cmocka_unit_test(every_object_is_named_to_who_wants_that),
	    cmocka_unit_test(links_and_folders_are_no_unread_objects),
	    cmocka_unit_test(
		a_sink_that_holds_gets_the_rest_later_and_nothing_twice),
	    cmocka_unit_test(a_clear_value_belongs_to_the_finding_behind_it),
	    cmocka_unit_test(what_is_no_record_is_passed_over),
	    cmocka_unit_test(a_cursor_comes_behind_a_batch_when_it_is_due),
	    cmocka_unit_test(after_a_stop_what_was_not_reached_is_named),
	    cmocka_unit_test(progress_counts_what_a_worker_has_read_so_far),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
