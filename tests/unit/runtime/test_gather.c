#include "runtime/gather.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "crypto/hash.h"
#include "fake/fake_agent.h"
#include "wire/codec_finding.h"

static const uint8_t key[FINGERPRINT_KEY_LEN] = {1, 2, 3};

struct world {
	struct fake_agent a; /* for its spool and its disk */
	struct gather *g;
	struct arena arena;
};

static void
open_gather(struct world *w)
{
	const struct gather_task t = {
	    .task = 5, .scan = 6, .target = 7, .key = key};

	gather_close(w->g);
	assert_int_equal(gather_open(w->a.spool, &t, &w->g), ST_OK);
}

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	fake_agent_open(&w->a);
	fake_agent_born(&w->a);
	arena_init(&w->arena, 64u << 20);
	open_gather(w);
	*state = w;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	gather_close(w->g);
	arena_fini(&w->arena);
	fake_agent_close(&w->a);
	free(w);
	return 0;
}

static enum status
finding(struct world *w, uint64_t offset)
{
	struct record r = {.kind = RECORD_FINDING};

	r.finding.type = span_str("card_visa");
	r.finding.also = span_str("pl_nip,ru_inn");
	r.finding.offset = offset;
	r.finding.length = 16;
	r.finding.confidence = 90;
	r.finding.level = 1;
	r.finding.masked = span_str("411111******1111");
	memset(r.finding.digest, 0x77, sizeof(r.finding.digest));
	return gather_take(w->g, &r);
}

static enum status
object(struct world *w, const char *path)
{
	struct record r = {.kind = RECORD_OBJECT};

	r.object.path = span_str(path);
	r.object.coverage = COVERAGE_FULL;
	return gather_take(w->g, &r);
}

static enum status
note(struct world *w, const char *place, uint8_t reason)
{
	struct record r = {.kind = RECORD_NOTE};

	r.note.place = span_str(place);
	r.note.parser = span_str("zip");
	r.note.detail = span_str("method 98");
	r.note.reason = reason;
	return gather_take(w->g, &r);
}

static enum status
partly(struct world *w, const char *path, uint32_t notes)
{
	struct record r = {.kind = RECORD_OBJECT};

	r.object.path = span_str(path);
	r.object.place = span_str("0");
	r.object.parser = span_str("zip");
	r.object.coverage = COVERAGE_PARTIAL;
	r.object.reason = COVER_ENCRYPTED;
	r.object.members = 9;
	r.object.members_unread = 2;
	r.object.notes = notes;
	return gather_take(w->g, &r);
}

static enum status
cursor(struct world *w, uint64_t done, const char *text)
{
	struct record p = {.kind = RECORD_PROGRESS};
	struct record r = {.kind = RECORD_CURSOR};

	p.progress.done_objects = done;
	p.progress.partial = 1;
	p.progress.unchanged = done > 2;
	p.progress.rested_ms = done * 10;
	r.cursor = span_str(text);
	assert_int_equal(gather_take(w->g, &p), ST_OK);
	return gather_take(w->g, &r);
}

static enum status
end(struct world *w)
{
	struct record r = {.kind = RECORD_END};

	r.end.outcome = SCAN_DONE;
	return gather_take(w->g, &r);
}

static void
batch_at(struct world *w, uint64_t seq, struct batch *b)
{
	struct spool_entry e;

	assert_int_equal(spool_read(w->a.spool, seq, &e), ST_OK);
	arena_clear(&w->arena);
	batch_init(b);
	assert_int_equal(batch_decode(e.payload, &w->arena, b), ST_OK);
}

static void
findings_go_with_the_object_that_follows_them(void **state)
{
	struct world *w = *state;
	uint8_t mac[HASH_LEN], digest[FINDING_DIGEST_LEN];
	struct batch b;

	assert_int_equal(finding(w, 10), ST_OK);
	assert_int_equal(finding(w, 40), ST_OK);
	assert_int_equal(object(w, "/a"), ST_OK);
	assert_int_equal(object(w, "/b"), ST_OK);
	assert_int_equal(finding(w, 3), ST_OK);
	assert_int_equal(object(w, "/c"), ST_OK);
	assert_int_equal(cursor(w, 3, "c"), ST_OK);
	assert_int_equal(gather_cut(w->g), ST_OK);
	batch_at(w, 1, &b);
	assert_int_equal(b.task, 5);
	assert_int_equal(b.scan, 6);
	assert_int_equal(b.target, 7);
	assert_int_equal(b.object_count, 3);
	assert_int_equal(b.finding_count, 3);
	assert_int_equal(b.findings[0].object, 0);
	assert_int_equal(b.findings[1].object, 0);
	assert_int_equal(b.findings[2].object, 2);
	assert_int_equal(b.totals.objects, 3);
	assert_int_equal(b.totals.full, 1);
	assert_int_equal(b.totals.unchanged, 1);
	assert_int_equal(b.totals.rested_ms, 30);
	assert_true(str_is(b.findings[2].finding.also, "pl_nip,ru_inn"));
	/* The fingerprint is keyed, and the digest stays here. */
	memset(digest, 0x77, sizeof(digest));
	hash_hmac(span_of(key, sizeof(key)), span_of(digest, sizeof(digest)),
		  mac);
	assert_memory_equal(b.findings[0].fingerprint, mac, FINGERPRINT_LEN);
	memset(digest, 0, sizeof(digest));
	assert_memory_equal(b.findings[0].finding.digest, digest,
			    sizeof(digest));
	batch_fini(&b);
}

static void
nothing_new_makes_no_batch(void **state)
{
	struct world *w = *state;

	assert_int_equal(gather_cut(w->g), ST_OK);
	assert_int_equal(spool_next(w->a.spool), 1);
	assert_int_equal(cursor(w, 1, "x"), ST_OK);
	assert_int_equal(gather_cut(w->g), ST_OK);
	assert_int_equal(gather_cut(w->g), ST_OK);
	assert_int_equal(spool_next(w->a.spool), 2);
}

static void
a_batch_is_cut_when_it_is_large(void **state)
{
	struct world *w = *state;
	struct batch b;

	for (uint64_t i = 0; i < 2 * GATHER_FINDINGS; i++) {
		assert_int_equal(finding(w, i), ST_OK);
		if (i % 64 == 63)
			assert_int_equal(object(w, "/same"), ST_OK);
	}
	assert_true(spool_next(w->a.spool) >= 2);
	batch_at(w, 1, &b);
	assert_in_range(b.finding_count, 1, GATHER_FINDINGS);
	batch_fini(&b);
}

static void
a_cut_amid_an_object_leaves_it_for_the_next_batch(void **state)
{
	struct world *w = *state;
	struct batch b;

	assert_int_equal(finding(w, 1), ST_OK);
	assert_int_equal(object(w, "/a"), ST_OK);
	assert_int_equal(finding(w, 20), ST_OK);
	assert_int_equal(note(w, "0", COVER_ENCRYPTED), ST_OK);
	assert_int_equal(gather_cut(w->g), ST_OK);
	assert_int_equal(finding(w, 30), ST_OK);
	assert_int_equal(note(w, "1", COVER_MALFORMED), ST_OK);
	assert_int_equal(partly(w, "/b.zip", 2), ST_OK);
	assert_int_equal(gather_cut(w->g), ST_OK);
	batch_at(w, 1, &b);
	assert_int_equal(b.finding_count, 1);
	assert_int_equal(b.note_count, 0);
	batch_fini(&b);
	batch_at(w, 2, &b);
	assert_int_equal(b.object_count, 1);
	assert_int_equal(b.finding_count, 2);
	assert_int_equal(b.findings[0].finding.offset, 20);
	assert_int_equal(b.findings[1].finding.offset, 30);
	assert_true(str_is(b.findings[0].finding.type, "card_visa"));
	assert_int_equal(b.note_count, 2);
	assert_int_equal(b.notes[1].number, 1);
	assert_true(str_is(b.notes[0].note.place, "0"));
	batch_fini(&b);
}

static void
what_the_spool_does_not_take_is_kept(void **state)
{
	struct world *w = *state;
	struct batch b;

	assert_int_equal(finding(w, 1), ST_OK);
	assert_int_equal(object(w, "/a"), ST_OK);
	w->a.disk_full = true;
	assert_int_equal(end(w), ST_FULL);
	assert_true(gather_blocked(w->g));
	assert_false(gather_ended(w->g));
	assert_int_equal(gather_again(w->g), ST_FULL);
	w->a.disk_full = false;
	assert_int_equal(gather_again(w->g), ST_OK);
	assert_false(gather_blocked(w->g));
	assert_true(gather_ended(w->g));
	batch_at(w, spool_next(w->a.spool) - 1, &b);
	assert_int_equal(b.outcome, SCAN_DONE);
	assert_int_equal(b.finding_count, 1);
	batch_fini(&b);
}

static void
a_monster_met_by_a_full_disk_arrives_once(void **state)
{
	struct world *w = *state;
	uint64_t n = 3 * GATHER_FINDINGS + 5, found = 0;
	struct batch b;

	for (uint64_t i = 0; i < n; i++)
		assert_int_equal(finding(w, i * 20), ST_OK);
	w->a.disk_full = true;
	assert_int_equal(object(w, "/dump.sql"), ST_FULL);
	assert_true(gather_blocked(w->g));
	w->a.disk_full = false;
	assert_int_equal(gather_again(w->g), ST_OK);
	assert_int_equal(end(w), ST_OK);
	for (uint64_t seq = 1; seq < spool_next(w->a.spool); seq++) {
		batch_at(w, seq, &b);
		assert_int_equal(b.object_count, 1);
		for (size_t i = 0; i < b.finding_count; i++)
			assert_int_equal(b.findings[i].finding.offset,
					 found++ * 20);
		batch_fini(&b);
	}
	assert_int_equal(found, n);
}

static void
after_a_death_only_what_the_cursor_covers_counts(void **state)
{
	struct world *w = *state;
	struct spool_mark m;
	struct batch b;

	assert_int_equal(finding(w, 1), ST_OK);
	assert_int_equal(object(w, "/a"), ST_OK);
	assert_int_equal(cursor(w, 10, "ten"), ST_OK);
	assert_int_equal(finding(w, 2), ST_OK);
	assert_int_equal(object(w, "/b"), ST_OK);
	assert_int_equal(finding(w, 3), ST_OK);
	assert_int_equal(gather_settle(w->g), ST_OK);
	batch_at(w, 1, &b);
	assert_int_equal(b.object_count, 1);
	assert_int_equal(b.finding_count, 1);
	batch_fini(&b);
	assert_int_equal(spool_mark(w->a.spool, 5, &m), ST_OK);
	assert_true(span_eq(m.cursor, span_str("ten")));
	open_gather(w); /* and counts go on from there */
	assert_int_equal(cursor(w, 7, "seventeen"), ST_OK);
	assert_int_equal(gather_totals(w->g)->objects, 17);
}

static void
records_of_the_other_way_are_refused(void **state)
{
	struct world *w = *state;
	struct record r = {.kind = RECORD_STOP};

	assert_int_equal(gather_take(w->g, &r), ST_MALFORMED);
}

static void
places_that_were_not_read_go_with_their_object(void **state)
{
	struct world *w = *state;
	struct batch b;

	assert_int_equal(object(w, "/a"), ST_OK);
	assert_int_equal(note(w, "0", COVER_ENCRYPTED), ST_OK);
	assert_int_equal(finding(w, 7), ST_OK);
	assert_int_equal(note(w, "1", COVER_MALFORMED), ST_OK);
	assert_int_equal(partly(w, "/b.zip", 2), ST_OK);
	assert_int_equal(cursor(w, 2, "b"), ST_OK);
	assert_int_equal(gather_cut(w->g), ST_OK);
	batch_at(w, 1, &b);
	assert_int_equal(b.object_count, 2);
	assert_int_equal(b.finding_count, 1);
	assert_int_equal(b.note_count, 2);
	assert_int_equal(b.notes[0].object, 1);
	assert_int_equal(b.notes[0].number, 0);
	assert_int_equal(b.notes[1].number, 1);
	assert_int_equal(b.notes[1].note.reason, COVER_MALFORMED);
	assert_true(str_is(b.notes[1].note.place, "1"));
	assert_true(str_is(b.notes[1].note.parser, "zip"));
	assert_true(str_is(b.notes[1].note.detail, "method 98"));
	assert_int_equal(b.objects[1].members_unread, 2);
	assert_int_equal(b.objects[1].notes, 2);
	assert_true(str_is(b.objects[1].parser, "zip"));
	batch_fini(&b);
}

static void
a_scanner_that_names_too_many_places_is_cut_short(void **state)
{
	struct world *w = *state;
	struct batch b;

	for (unsigned i = 0; i < NOTE_MAX + 10; i++)
		assert_int_equal(note(w, "0", COVER_ENCRYPTED), ST_OK);
	assert_int_equal(partly(w, "/b.zip", NOTE_MAX + 10), ST_OK);
	assert_int_equal(note(w, "0", COVER_ENCRYPTED), ST_OK);
	assert_int_equal(partly(w, "/c.zip", 1), ST_OK);
	assert_int_equal(end(w), ST_OK);
	batch_at(w, 1, &b);
	assert_int_equal(b.note_count, NOTE_MAX + 1);
	assert_int_equal(b.notes[NOTE_MAX - 1].number, NOTE_MAX - 1);
	assert_int_equal(b.notes[NOTE_MAX].object, 1);
	assert_int_equal(b.notes[NOTE_MAX].number, 0);
	assert_int_equal(b.objects[0].notes, NOTE_MAX + 10);
	batch_fini(&b);
}

static void
places_behind_the_last_cursor_are_left_to_the_next_run(void **state)
{
	struct world *w = *state;
	struct batch b;

	assert_int_equal(note(w, "0", COVER_ENCRYPTED), ST_OK);
	assert_int_equal(partly(w, "/b.zip", 1), ST_OK);
	assert_int_equal(cursor(w, 1, "b"), ST_OK);
	assert_int_equal(note(w, "0", COVER_ENCRYPTED), ST_OK);
	assert_int_equal(partly(w, "/c.zip", 1), ST_OK);
	assert_int_equal(note(w, "0", COVER_ENCRYPTED), ST_OK);
	assert_int_equal(gather_settle(w->g), ST_OK);
	batch_at(w, 1, &b);
	assert_int_equal(b.object_count, 1);
	assert_int_equal(b.note_count, 1);
	batch_fini(&b);
	open_gather(w); /* the next run starts behind /b.zip */
	assert_int_equal(note(w, "0", COVER_ENCRYPTED), ST_OK);
	assert_int_equal(partly(w, "/c.zip", 1), ST_OK);
	assert_int_equal(end(w), ST_OK);
	batch_at(w, 2, &b);
	assert_int_equal(b.note_count, 1);
	assert_int_equal(b.notes[0].number, 0);
	batch_fini(&b);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
	    CASE(places_that_were_not_read_go_with_their_object),
	    CASE(a_scanner_that_names_too_many_places_is_cut_short),
	    CASE(places_behind_the_last_cursor_are_left_to_the_next_run),
	    CASE(findings_go_with_the_object_that_follows_them),
	    CASE(nothing_new_makes_no_batch),
	    CASE(a_batch_is_cut_when_it_is_large),
	    CASE(a_cut_amid_an_object_leaves_it_for_the_next_batch),
	    CASE(what_the_spool_does_not_take_is_kept),
	    CASE(a_monster_met_by_a_full_disk_arrives_once),
	    CASE(after_a_death_only_what_the_cursor_covers_counts),
	    CASE(records_of_the_other_way_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
