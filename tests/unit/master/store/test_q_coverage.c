#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "fake/store_world.h"
#include "master/store/q_coverage.h"
#include "model/object.h"
#include "model/order.h"

#define SCAN 1

static const struct coverage_ask all = {.scan = SCAN, .reason = -1};

struct seen {
	char paths[512]; /* with a blank behind each */
	unsigned rows;
	uint8_t coverage, reason;
	uint64_t read;
};

static enum status
note(void *arg, const struct coverage_row *row)
{
	struct seen *s = arg;
	size_t used = strlen(s->paths);

	assert_true(used + row->path.len + 2 < sizeof(s->paths));
	memcpy(s->paths + used, row->path.ptr, row->path.len);
	s->paths[used + row->path.len] = ' ';
	s->rows++;
	s->coverage = row->coverage;
	s->reason = row->reason;
	s->read = row->read;
	return ST_OK;
}

/* What stands behind the part that all long paths share. */
static enum status
note_end(void *arg, const struct coverage_row *row)
{
	struct seen *s = arg;

	snprintf(s->paths, sizeof(s->paths), "%.*s",
		 (int)(row->path.len - PLACE_PATH_MAX),
		 (const char *)row->path.ptr + PLACE_PATH_MAX);
	s->rows++;
	return ST_OK;
}

static void
fill(struct store_world *w)
{
	uint64_t task = world_scan(w, "/srv", "");

	assert_int_equal(
	    world_give(w,
		       (const char *const[]){"/srv/whole full",
					     "/srv/c partial truncated",
					     "/srv/b none encrypted",
					     "/srv/a none encrypted", NULL},
		       task, 0),
	    ST_OK);
}

static struct seen
list(struct store_world *w, int reason, struct coverage_page *page)
{
	const struct coverage_ask ask = {.scan = SCAN, .reason = reason};
	struct seen s = {.paths = ""};

	assert_int_equal(q_coverage_list(w->store, &ask, page, note, &s),
			 ST_OK);
	return s;
}

static void
what_was_not_read_is_listed_by_path_and_what_was_is_not(void **state)
{
	struct store_world *w = *state;
	struct coverage_page page = {.limit = 10};
	struct seen s;

	fill(w);
	s = list(w, -1, &page);
	assert_string_equal(s.paths, "/srv/a /srv/b /srv/c ");
	assert_int_equal(s.coverage, COVERAGE_PARTIAL);
	assert_int_equal(s.reason, COVER_TRUNCATED);
	assert_int_equal(s.read, 500);
	assert_string_equal(page.next, "");
	s = list(w, COVER_ENCRYPTED, &page);
	assert_string_equal(s.paths, "/srv/a /srv/b ");
	s = list(w, COVER_DENIED, &page);
	assert_int_equal(s.rows, 0);
}

static void
pages_follow_each_other_without_a_gap(void **state)
{
	struct store_world *w = *state;
	struct coverage_page first = {.limit = 2}, second = {.limit = 2};
	struct coverage_page wrong = {.limit = 2, .cursor = span_str("x")};
	struct seen s = {.paths = ""};

	fill(w);
	assert_string_equal(list(w, -1, &first).paths, "/srv/a /srv/b ");
	second.cursor = span_str(first.next);
	assert_string_equal(list(w, -1, &second).paths, "/srv/c ");
	assert_string_equal(second.next, "");
	assert_int_equal(q_coverage_list(w->store, &all, &wrong, note, &s),
			 ST_MALFORMED);
}

/* All paths of all pages, each with a blank behind; between: before the next.
 */
static struct seen
turn_pages(struct store_world *w, uint32_t limit,
	   void (*between)(struct store_world *w, unsigned n))
{
	struct coverage_page page = {.limit = limit};
	struct seen s = {.paths = ""};
	char cursor[PLACE_TEXT_MAX];
	unsigned n = 0;

	do {
		assert_int_equal(
		    q_coverage_list(w->store, &all, &page, note, &s), ST_OK);
		memcpy(cursor, page.next, sizeof(cursor));
		page.cursor = span_str(cursor);
		if (between != NULL)
			between(w, n++);
	} while (cursor[0] != '\0');
	return s;
}

/* One object more each time, before and behind the page. */
static void
more_comes(struct store_world *w, unsigned n)
{
	static const char *const names[] = {"/srv/d none io", "/0 none io",
					    "/srv/aa none io"};
	const char *const lines[] = {names[n % 3], NULL};

	assert_int_equal(world_give(w, lines, SCAN, 0), ST_OK);
}

static void
what_comes_while_pages_are_turned_moves_nothing(void **state)
{
	struct store_world *w = *state;

	fill(w);
	assert_string_equal(turn_pages(w, 1, more_comes).paths,
			    "/srv/a /srv/b /srv/c /srv/d ");
	assert_string_equal(turn_pages(w, 2, NULL).paths,
			    "/0 /srv/a /srv/aa /srv/b /srv/c /srv/d ");
}

static void
paths_that_are_too_long_for_a_cursor_come_once(void **state)
{
	static const char ends[][3] = {"", "a", "b", "c", "cc"};
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/", "");
	struct seen s = {.paths = ""};
	struct coverage_page page = {.limit = 1};
	char text[5][PLACE_PATH_MAX + 32], cursor[PLACE_TEXT_MAX];
	const char *lines[6] = {NULL};

	for (int i = 0; i < 5; i++) {
		memset(text[i], 'x', PLACE_PATH_MAX);
		snprintf(text[i] + PLACE_PATH_MAX, 32, "%s none io", ends[i]);
		lines[i] = text[i];
	}
	assert_int_equal(world_give(w, lines, task, 0), ST_OK);
	for (int i = 0; i < 5; i++) {
		s.paths[0] = '\0';
		s.rows = 0;
		assert_int_equal(
		    q_coverage_list(w->store, &all, &page, note_end, &s),
		    ST_OK);
		assert_string_equal(s.paths, ends[i]);
		memcpy(cursor, page.next, sizeof(cursor));
		page.cursor = span_str(cursor);
	}
	assert_string_equal(cursor, "");
}

static void
a_cursor_that_is_not_ours_is_refused(void **state)
{
	static const char *const cursors[] = {"x",
					      "0 0 0 ",
					      "1 0 0 4",
					      "1 0 0 zz",
					      "1 5",
					      "1 -1 0 41",
					      "1 4294967297 0 41",
					      "99999999999999999999 0 0 41"};
	struct store_world *w = *state;
	struct seen s = {.paths = ""};

	for (size_t i = 0; i < sizeof(cursors) / sizeof(cursors[0]); i++) {
		struct coverage_page page = {.limit = 2,
					     .cursor = span_str(cursors[i])};

		if (q_coverage_list(w->store, &all, &page, note, &s) !=
		    ST_MALFORMED)
			fail_msg("%s", cursors[i]);
	}
}

struct totals {
	uint64_t none, partial;
	uint8_t first;
};

static enum status
add(void *arg, const struct coverage_total_row *row)
{
	struct totals *t = arg;

	if (t->first == 0)
		t->first = row->reason;
	if (row->coverage == COVERAGE_NONE)
		t->none += row->places;
	if (row->coverage == COVERAGE_PARTIAL)
		t->partial += row->places;
	return ST_OK;
}

static void
totals_are_by_reason_the_most_frequent_first(void **state)
{
	struct store_world *w = *state;
	const struct coverage_ask none = {.scan = 99, .reason = -1};
	struct totals t = {0};

	fill(w);
	assert_int_equal(q_coverage_totals(w->store, &all, add, &t), ST_OK);
	assert_int_equal(t.none, 2);
	assert_int_equal(t.partial, 1);
	assert_int_equal(t.first, COVER_ENCRYPTED);
	t = (struct totals){0};
	assert_int_equal(q_coverage_totals(w->store, &none, add, &t), ST_OK);
	assert_int_equal(t.none + t.partial, 0);
}

/* ---- places ---- */

static const char *const places[] = {"/srv/a.zip ! encrypted zip one",
				     "/srv/a.zip ! malformed zip two",
				     "/srv/a.zip ! encrypted pdf three",
				     "/srv/b partial truncated",
				     "/srv/whole full",
				     NULL};

struct told {
	char text[1024];
};

static enum status
tell(void *arg, const struct coverage_row *r)
{
	struct told *t = arg;
	size_t used = strlen(t->text);

	snprintf(t->text + used, sizeof(t->text) - used,
		 "%.*s %u %.*s %s %.*s %u/%u;", (int)r->path.len,
		 (const char *)r->path.ptr, r->number, (int)r->place.len,
		 (const char *)r->place.ptr, cover_name(r->reason),
		 (int)r->parser.len, (const char *)r->parser.ptr,
		 (unsigned)r->members_unread, (unsigned)r->places);
	return ST_OK;
}

static void
each_place_is_a_row_with_its_parser_and_the_object_is_the_first(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");
	struct coverage_ask ask = all;
	struct told t = {""};

	assert_int_equal(world_give(w, places, task, 0), ST_OK);
	assert_int_equal(q_coverage_each(w->store, &ask, tell, &t), ST_OK);
	assert_string_equal(t.text, "/srv/a.zip 0 one encrypted zip 3/3;"
				    "/srv/a.zip 1 two malformed zip 0/0;"
				    "/srv/a.zip 2 three encrypted pdf 0/0;"
				    "/srv/b 0  truncated  0/0;");
	t.text[0] = '\0';
	ask.reason = COVER_MALFORMED;
	assert_int_equal(q_coverage_each(w->store, &ask, tell, &t), ST_OK);
	assert_string_equal(t.text, "/srv/a.zip 1 two malformed zip 0/0;");
	t.text[0] = '\0';
	ask.target = 99;
	assert_int_equal(q_coverage_each(w->store, &ask, tell, &t), ST_OK);
	assert_string_equal(t.text, "");
	assert_true(world_is_sound(w));
}

/* The page that ends in the midst of an object, and the one that begins there.
 */
static void
places_of_one_object_are_on_as_many_pages_as_they_need(void **state)
{
	static const char *const two[] = {
	    "/srv/0 partial truncated",   "/srv/a ! encrypted zip one",
	    "/srv/a ! malformed zip two", "/srv/b ! encrypted zip one",
	    "/srv/b ! malformed zip two", NULL};
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");

	assert_int_equal(world_give(w, two, task, 0), ST_OK);
	for (uint32_t limit = 1; limit <= 6; limit++)
		assert_string_equal(turn_pages(w, limit, NULL).paths,
				    "/srv/0 /srv/a /srv/a /srv/b /srv/b ");
}

static void
what_is_told_twice_is_counted_once(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");
	struct told once = {""}, twice = {""};

	assert_int_equal(world_give(w, places, task, 0), ST_OK);
	assert_int_equal(q_coverage_each(w->store, &all, tell, &once), ST_OK);
	assert_int_equal(world_give(w, places, task, 0), ST_OK);
	assert_int_equal(q_coverage_each(w->store, &all, tell, &twice), ST_OK);
	assert_string_equal(once.text, twice.text);
	assert_true(world_is_sound(w));
}

static struct coverage_sum
sum_of(struct store_world *w, uint64_t scan)
{
	const struct coverage_ask ask = {.scan = scan, .reason = -1};
	struct coverage_sum sum;

	assert_int_equal(q_coverage_sum(w->store, &ask, &sum), ST_OK);
	return sum;
}

static void
all_was_read_is_said_only_when_it_is_true(void **state)
{
	static const struct {
		const char *line;
		uint8_t outcome;
		bool whole;
	} cases[] = {
	    {"/srv/a full", SCAN_DONE, true},
	    {"/srv/a full", 0, false}, /* still running */
	    {"/srv/a full", SCAN_STOPPED, false},
	    {"/srv/a full", SCAN_FAILED, false},
	    {"/srv/a partial truncated", SCAN_DONE, false},
	    {"/srv/a none denied", SCAN_DONE, false},
	    {"/srv/a ! depth zip x", SCAN_DONE, false},
	    {NULL, SCAN_DONE, false}, /* nothing was there */
	};
	struct store_world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const lines[] = {cases[i].line, NULL};
		uint64_t task = world_scan(w, "/srv", "");

		assert_int_equal(world_give(w, lines, task, cases[i].outcome),
				 ST_OK);
		assert_int_equal(sum_of(w, i + 1).whole, cases[i].whole);
	}
}

static void
sums_are_those_of_the_agents_and_of_the_ledger(void **state)
{
	struct store_world *w = *state;
	struct coverage_sum sum;
	uint64_t last = 99;

	assert_int_equal(
	    world_give(w, places, world_scan(w, "/srv", ""), SCAN_DONE), ST_OK);
	sum = sum_of(w, SCAN);
	assert_int_equal(sum.objects, 3);
	assert_int_equal(sum.full, 1);
	assert_int_equal(sum.partial, 2);
	assert_int_equal(sum.bytes, 3000);
	assert_int_equal(sum.unread_bytes, 1000);
	assert_int_equal(sum.rested_ms, 3 * 500);
	assert_int_equal(sum.members, 4);
	assert_int_equal(sum.members_unread, 3);
	assert_int_equal(sum.places, 4);
	assert_int_equal(q_coverage_last(w->store, w->target, &last), ST_OK);
	assert_int_equal(last, 0); /* it has not begun */
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(what_was_not_read_is_listed_by_path_and_what_was_is_not),
	    T(pages_follow_each_other_without_a_gap),
	    T(what_comes_while_pages_are_turned_moves_nothing),
	    T(paths_that_are_too_long_for_a_cursor_come_once),
	    T(a_cursor_that_is_not_ours_is_refused),
	    T(totals_are_by_reason_the_most_frequent_first),
	    T(each_place_is_a_row_with_its_parser_and_the_object_is_the_first),
	    T(places_of_one_object_are_on_as_many_pages_as_they_need),
	    T(what_is_told_twice_is_counted_once),
	    T(all_was_read_is_said_only_when_it_is_true),
	    T(sums_are_those_of_the_agents_and_of_the_ledger),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
