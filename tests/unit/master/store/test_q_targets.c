#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "fake/store_world.h"
#include "master/store/q_targets.h"

struct seen {
	char names[512]; /* with a blank behind each */
	char last[32];   /* id of the last */
	uint64_t findings;
	unsigned rows;
};

static enum status
note(void *arg, const struct node_row *row)
{
	struct seen *s = arg;
	size_t used = strlen(s->names);

	assert_true(used + row->name.len + 2 < sizeof(s->names));
	if (row->name.len > 0)
		memcpy(s->names + used, row->name.ptr, row->name.len);
	s->names[used + row->name.len] = ' ';
	memcpy(s->last, row->id, sizeof(s->last));
	s->findings += row->findings;
	s->rows++;
	return ST_OK;
}

static struct seen
children(struct store_world *w, const char *id)
{
	struct node_page page = {.limit = 100};
	struct seen s = {.names = ""};

	assert_int_equal(
	    q_targets_children(w->store, span_str(id), &page, note, &s), ST_OK);
	assert_false(page.more);
	return s;
}

static struct seen
way(struct store_world *w, const char *id)
{
	struct seen s = {.names = ""};

	assert_int_equal(q_targets_way(w->store, span_str(id), note, &s),
			 ST_OK);
	return s;
}

static void
fill(struct store_world *w)
{
	uint64_t target, task = world_scan(w, "/srv", "");

	(void)world_agent(w, "lonely", "", &target);
	assert_int_equal(
	    world_give(w,
		       (const char *const[]){"/srv/data/a/x card_visa 1",
					     "/srv/data/a/y email 1",
					     "/srv/data/b/z iban 1", NULL},
		       task, 0),
	    ST_OK);
}

static void
the_tree_goes_from_groups_to_files(void **state)
{
	struct store_world *w = *state;
	struct seen s;

	fill(w);
	assert_string_equal(children(w, "").names, " Payments ");
	s = children(w, "g:Payments");
	assert_string_equal(s.names, "pay-db-01 ");
	assert_int_equal(s.findings, 3);
	/* Folders with one folder in them are passed through. */
	s = children(w, s.last);
	assert_string_equal(s.names, "a b ");
	assert_int_equal(s.findings, 3);
	s = children(w, s.last);
	assert_string_equal(s.names, "z ");
	assert_string_equal(children(w, s.last).names, "");
	assert_string_equal(way(w, s.last).names,
			    "Payments pay-db-01 srv data b z ");
}

static void
hosts_without_a_group_are_a_node_as_well(void **state)
{
	struct store_world *w = *state;
	struct seen s = {.names = ""};

	fill(w);
	assert_string_equal(children(w, "g:").names, "lonely ");
	assert_int_equal(q_targets_node(w->store, span_str("g:"), note, &s),
			 ST_OK);
	assert_int_equal(s.rows, 1);
}

static void
pages_of_folders_and_files_follow_each_other(void **state)
{
	struct store_world *w = *state;
	uint64_t task = world_scan(w, "/srv", "");
	char id[32];

	assert_int_equal(
	    world_give(w,
		       (const char *const[]){
			   "/srv/d1/x email 1", "/srv/d2/x email 1",
			   "/srv/f1 email 1", "/srv/f2 email 1", NULL},
		       task, 0),
	    ST_OK);
	snprintf(id, sizeof(id), "t:%llu", (unsigned long long)w->target);
	for (uint32_t limit = 1; limit <= 4; limit++) {
		struct seen s = {.names = ""};
		struct node_page page = {.limit = limit, .more = true};

		for (int i = 0; i < 10 && page.more; i++) {
			assert_int_equal(q_targets_children(w->store,
							    span_str(id), &page,
							    note, &s),
					 ST_OK);
			page.after = s.rows;
		}
		assert_string_equal(s.names, "d1 d2 f1 f2 ");
	}
}

static void
what_is_no_id_or_names_nothing_is_said(void **state)
{
	static const struct {
		const char *id;
		enum status st;
	} cases[] = {
	    {"x:1", ST_MALFORMED}, {"t", ST_MALFORMED},
	    {"t:", ST_MALFORMED},  {"t:0", ST_MALFORMED},
	    {"t:x", ST_MALFORMED}, {"d:-1", ST_MALFORMED},
	    {"t:99", ST_NOTFOUND}, {"d:99", ST_NOTFOUND},
	    {"o:99", ST_NOTFOUND}, {"g:nobody", ST_NOTFOUND},
	    {"", ST_NOTFOUND},
	};
	struct store_world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct seen s = {.names = ""};

		assert_int_equal(
		    q_targets_node(w->store, span_str(cases[i].id), note, &s),
		    cases[i].st);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(the_tree_goes_from_groups_to_files),
	    T(hosts_without_a_group_are_a_node_as_well),
	    T(pages_of_folders_and_files_follow_each_other),
	    T(what_is_no_id_or_names_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
