#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "fake/store_world.h"
#include "master/store/q_coverage.h"
#include "model/object.h"

#define SCAN 1

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
list(struct store_world *w, int reason, struct row_page *page)
{
	struct seen s = {.paths = ""};

	assert_int_equal(
	    q_coverage_list(w->store, SCAN, reason, page, note, &s), ST_OK);
	return s;
}

static void
what_was_not_read_is_listed_by_path_and_what_was_is_not(void **state)
{
	struct store_world *w = *state;
	struct row_page page = {.limit = 10};
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
	struct row_page first = {.limit = 2}, second = {.limit = 2};
	struct row_page wrong = {.limit = 2, .cursor = span_str("x")};
	struct seen s = {.paths = ""};

	fill(w);
	assert_string_equal(list(w, -1, &first).paths, "/srv/a /srv/b ");
	second.cursor = span_str(first.next);
	assert_string_equal(list(w, -1, &second).paths, "/srv/c ");
	assert_string_equal(second.next, "");
	assert_int_equal(q_coverage_list(w->store, SCAN, -1, &wrong, note, &s),
			 ST_MALFORMED);
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
		t->none += row->rows;
	if (row->coverage == COVERAGE_PARTIAL)
		t->partial += row->rows;
	return ST_OK;
}

static void
totals_are_by_reason_the_most_frequent_first(void **state)
{
	struct store_world *w = *state;
	struct totals t = {0};

	fill(w);
	assert_int_equal(q_coverage_totals(w->store, SCAN, add, &t), ST_OK);
	assert_int_equal(t.none, 2);
	assert_int_equal(t.partial, 1);
	assert_int_equal(t.first, COVER_ENCRYPTED);
	t = (struct totals){0};
	assert_int_equal(q_coverage_totals(w->store, 99, add, &t), ST_OK);
	assert_int_equal(t.none + t.partial, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(what_was_not_read_is_listed_by_path_and_what_was_is_not),
	    T(pages_follow_each_other_without_a_gap),
	    T(totals_are_by_reason_the_most_frequent_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
