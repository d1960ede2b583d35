#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake/store_world.h"
#include "master/store/q_findings.h"
#include "master/store/q_overview.h"
#include "master/store/q_proxies.h"
#include "master/store/q_remote.h"
#include "master/store/q_scans.h"
#include "source/pairs.h"

#define LINES(...) ((const char *const[]){__VA_ARGS__, NULL})

struct gone {
	const char *path;
	bool gone, found;
};

static enum status
note(void *arg, const struct finding_row *row)
{
	struct gone *g = arg;

	if (span_eq(row->path, span_str(g->path)) &&
	    span_eq(row->type, span_str("card_visa"))) {
		g->found = true;
		g->gone = row->state == FINDING_GONE;
		assert_true(!g->gone || row->matches == 0);
	}
	return ST_OK;
}

static bool
is_gone(struct store_world *w, const char *path)
{
	struct filter f = {.count = 0};
	struct finding_page page = {.limit = 100};
	struct gone g = {.path = path};

	assert_int_equal(q_findings_list(w->store, &f, &page, note, &g), ST_OK);
	assert_true(g.found);
	return g.gone;
}

/* What a first scan of / found, once, in every case below. */
static const char *const before[] = {
    "/srv/a card_visa 1",           "/srv/dark/b card_visa 1",
    "/srv/dark/deep/c card_visa 1", "/srv-old/d card_visa 1",
    "/other/e card_visa 1",         NULL};

static const struct {
	const char *title, *root, *types;
	uint8_t outcome;
	const char *lines[6];
	const char *gone; /* paths, space between */
} cases[] = {
    {"all of the root is gone",
     "/srv",
     "",
     SCAN_DONE,
     {NULL},
     "/srv/a /srv/dark/b /srv/dark/deep/c"},
    {"a slash at its end is no other root",
     "/srv/",
     "",
     SCAN_DONE,
     {NULL},
     "/srv/a /srv/dark/b /srv/dark/deep/c"},
    {"the whole host",
     "/",
     "",
     SCAN_DONE,
     {NULL},
     "/srv/a /srv/dark/b /srv/dark/deep/c /srv-old/d /other/e"},
    {"one file as the root", "/srv/a", "", SCAN_DONE, {NULL}, "/srv/a"},
    {"what is found again stays",
     "/srv",
     "",
     SCAN_DONE,
     {"/srv/a card_visa 5"},
     "/srv/dark/b /srv/dark/deep/c"},
    {"another type found does not help",
     "/srv",
     "",
     SCAN_DONE,
     {"/srv/a email 5"},
     "/srv/a /srv/dark/b /srv/dark/deep/c"},
    {"below a folder that is dark",
     "/srv",
     "",
     SCAN_DONE,
     {"/srv/dark none denied"},
     "/srv/a"},
    {"a file that could not be read",
     "/srv",
     "",
     SCAN_DONE,
     {"/srv/a none io", "/srv/dark/b partial malformed"},
     "/srv/dark/deep/c"},
    {"a file that vanished is gone",
     "/srv",
     "",
     SCAN_DONE,
     {"/srv/a none vanished"},
     "/srv/a /srv/dark/b /srv/dark/deep/c"},
    {"a root that vanished is dark",
     "/srv",
     "",
     SCAN_DONE,
     {"/srv none vanished"},
     ""},
    {"only looked for types go", "/srv", "email\nus_*", SCAN_DONE, {NULL}, ""},
    {"globs of types",
     "/srv",
     "card_*",
     SCAN_DONE,
     {NULL},
     "/srv/a /srv/dark/b /srv/dark/deep/c"},
    {"a stopped scan settles only what it read",
     "/srv",
     "",
     SCAN_STOPPED,
     {"/srv/a email 1"},
     "/srv/a"},
    {"a failed one too",
     "/srv",
     "",
     SCAN_FAILED,
     {"/srv/a email 1", "/srv/dark/b none io"},
     "/srv/a"},
};

static void
what_a_rescan_misses_is_gone_unless_nobody_looked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct store_world w;
		uint64_t task;

		world_open(&w);
		task = world_scan(&w, "/", "");
		assert_int_equal(world_give(&w, before, task, SCAN_DONE),
				 ST_OK);
		world_sweep(&w, task);
		assert_int_equal(world_findings(&w, "state", "gone"), 0);
		task = world_scan(&w, cases[i].root, cases[i].types);
		assert_int_equal(
		    world_give(&w, cases[i].lines, task, cases[i].outcome),
		    ST_OK);
		world_sweep(&w, task);
		for (size_t k = 0; before[k] != NULL; k++) {
			char path[64];
			bool want;

			snprintf(path, sizeof(path), "%.*s",
				 (int)strcspn(before[k], " "), before[k]);
			want = strstr(cases[i].gone, path) != NULL;
			if (is_gone(&w, path) != want)
				fail_msg("%s: %s", cases[i].title, path);
		}
		assert_true(world_is_sound(&w));
		world_close(&w);
	}
}

/* ---- what an order leaves out ---------------------------------------------
 */

static uint64_t
add_scan(struct store_world *w, const struct scan_row *how)
{
	struct scan_row row = *how;
	struct span paths[1] = {span_str("/")};
	uint64_t scan = 0;

	row.name = row.created_by = span_str("test");
	assert_int_equal(q_scan_add(w->store, &row, paths, 1, &scan), ST_OK);
	return scan;
}

static void
carry_out(struct store_world *w, uint64_t task, const char *const *lines)
{
	assert_int_equal(world_give(w, lines, task, SCAN_DONE), ST_OK);
	world_sweep(w, task);
	assert_true(world_is_sound(w));
}

static void
scan_host(struct store_world *w, const struct scan_row *how,
	  const char *const *lines)
{
	carry_out(w, world_task(w, add_scan(w, how), w->agent, w->target),
		  lines);
}

#define PICTURE "text of the picture"

static void
a_scan_that_reads_no_pictures_keeps_what_was_found_in_them(void **state)
{
	const struct scan_row with = {.ocr = span_str("eng")};
	const struct scan_row without = {.ocr = span_str("")};
	const struct scan_row skips = {.skip_unchanged = true};
	struct store_world w;

	(void)state;
	world_open(&w);
	scan_host(&w, &with,
		  LINES("/s/a.png card_visa 1 " PICTURE,
			"/s/b.pdf card_visa 1 page 7",
			"/s/b.pdf card_visa 9 page 8 \xe2\x86\x92 " PICTURE,
			"/s/c.png card_visa 1 " PICTURE,
			"/s/d.pdf card_visa 1 page 7"));
	/* c and d are not there any more: c may as well have not changed. */
	scan_host(&w, &skips, LINES("/s/a.png full", "/s/b.pdf full"));
	assert_false(is_gone(&w, "/s/a.png"));
	assert_false(is_gone(&w, "/s/b.pdf"));
	assert_false(is_gone(&w, "/s/c.png"));
	assert_true(is_gone(&w, "/s/d.pdf"));
	scan_host(&w, &without, LINES("/s/a.png full", "/s/b.pdf full"));
	assert_false(is_gone(&w, "/s/a.png"));
	assert_true(is_gone(&w, "/s/c.png"));
	scan_host(&w, &with, LINES("/s/a.png full", "/s/b.pdf full"));
	assert_true(is_gone(&w, "/s/a.png"));
	assert_true(is_gone(&w, "/s/b.pdf"));
	world_close(&w);
}

static enum status
note_matches(void *arg, const struct finding_row *row)
{
	uint64_t *n = arg;

	*n = row->matches;
	return ST_OK;
}

static void
matches_in_pictures_stay_beside_those_that_are_met_again(void **state)
{
	const struct scan_row with = {.ocr = span_str("eng")};
	const struct scan_row without = {.ocr = span_str("")};
	struct filter f = {.count = 0};
	struct finding_page page = {.limit = 1};
	struct store_world w;
	uint64_t n = 0;

	(void)state;
	world_open(&w);
	scan_host(&w, &with,
		  LINES("/b.pdf card_visa 1 page 7",
			"/b.pdf card_visa 5 page 7",
			"/b.pdf card_visa 9 page 8 \xe2\x86\x92 " PICTURE));
	scan_host(&w, &without, LINES("/b.pdf card_visa 1 page 7"));
	assert_int_equal(q_findings_list(w.store, &f, &page, note_matches, &n),
			 ST_OK);
	assert_int_equal(n, 2); /* the one at 5 is not there any more */
	scan_host(&w, &with, LINES("/b.pdf card_visa 1 page 7"));
	assert_int_equal(q_findings_list(w.store, &f, &page, note_matches, &n),
			 ST_OK);
	assert_int_equal(n, 1);
	world_close(&w);
}

static void
the_same_profile_settles_what_it_found(void **state)
{
	const struct scan_row pci = {.types = span_str("profile:pci_dss")};
	const struct scan_row gdpr = {.types = span_str("profile:gdpr")};
	struct store_world w;

	(void)state;
	world_open(&w);
	scan_host(&w, &pci, LINES("/a card_visa 1", "/b card_visa 1"));
	scan_host(&w, &gdpr, LINES("/a full"));
	assert_int_equal(world_findings(&w, "state", "gone"), 0);
	scan_host(&w, &pci, LINES("/a full"));
	assert_int_equal(world_findings(&w, "state", "gone"), 2);
	world_close(&w);
}

/* ---- options of a target on another host ---------------------------------
 */

struct share {
	struct store_world *w;
	struct remote_row row;
	uint8_t room[256];
};

static void
set_option(struct share *s, const char *name, const char *value)
{
	size_t len = 0;

	s->row.options = span_of(s->room, 0);
	if (name == NULL)
		return;
	assert_int_equal(pairs_add(s->room, sizeof(s->room), &len,
				   span_str(name), span_str(value)),
			 ST_OK);
	s->row.options = span_of(s->room, len);
}

static uint64_t
begin_share(struct share *s)
{
	const struct scan_row how = {.min_confidence = 50};
	uint64_t task = 0;

	assert_int_equal(q_task_add_remote(s->w->store, add_scan(s->w, &how),
					   s->row.target, &task),
			 ST_OK);
	assert_int_equal(q_task_assign(s->w->store, task, s->w->agent), ST_OK);
	return task;
}

static void
scan_share(struct share *s, const char *name, const char *value,
	   const char *const *lines)
{
	set_option(s, name, value);
	assert_int_equal(q_remote_change(s->w->store, &s->row), ST_OK);
	carry_out(s->w, begin_share(s), lines);
}

static void
open_share(struct share *s, struct store_world *w)
{
	*s = (struct share){.w = w,
			    .row = {.name = span_str("files"),
				    .kind = span_str("sftp"),
				    .url = span_str("sftp://ann@files/srv"),
				    .credential = span_str("login")}};
	world_open(w);
	set_option(s, NULL, NULL);
	assert_int_equal(q_remote_add(w->store, &s->row, &s->row.target),
			 ST_OK);
}

static void
what_options_leave_out_is_not_gone(void **state)
{
	static const struct {
		const char *name, *value;
		bool gone;
	} options[] = {
	    {NULL, NULL, true},        {"exclude", "*.bak", false},
	    {"newer", "7d", false},    {"max_size", "1MiB", false},
	    {"sessions", "2", true},   {"accept_host_key", "yes", true},
	    {"include", "*.c", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct store_world w;
		struct share s;

		open_share(&s, &w);
		scan_share(&s, NULL, NULL,
			   LINES("/a.bak card_visa 1", "/b.txt card_visa 1"));
		scan_share(&s, options[i].name, options[i].value,
			   LINES("/b.txt full"));
		if (is_gone(&w, "/a.bak") != options[i].gone)
			fail_msg("%s", options[i].name);
		assert_true(is_gone(&w, "/b.txt")); /* it was read */
		world_close(&w);
	}
}

static void
the_same_options_again_settle_what_they_found(void **state)
{
	struct store_world w;
	struct share s;

	(void)state;
	open_share(&s, &w);
	scan_share(&s, "exclude", "*.bak", LINES("/b.txt card_visa 1"));
	scan_share(&s, "exclude", "*.bak", LINES("/c.txt full"));
	assert_true(is_gone(&w, "/b.txt"));
	world_close(&w);
}

static void
another_credential_proves_nothing_gone_that_it_does_not_meet(void **state)
{
	struct store_world w;
	struct share s;

	(void)state;
	open_share(&s, &w);
	scan_share(&s, NULL, NULL, LINES("/a card_visa 1", "/b card_visa 1"));
	s.row.credential = span_str("clerk");
	scan_share(&s, NULL, NULL, LINES("/b full"));
	assert_false(is_gone(&w, "/a"));
	assert_true(is_gone(&w, "/b"));
	world_close(&w);
}

static void
options_that_change_while_a_scan_goes_on_prove_nothing_gone(void **state)
{
	struct store_world w;
	struct share s;
	uint64_t task;

	(void)state;
	open_share(&s, &w);
	scan_share(&s, NULL, NULL, LINES("/a card_visa 1", "/b card_visa 1"));
	set_option(&s, "exclude", "a");
	assert_int_equal(q_remote_change(w.store, &s.row), ST_OK);
	task = begin_share(&s);
	set_option(&s, NULL, NULL);
	assert_int_equal(q_remote_change(w.store, &s.row), ST_OK);
	carry_out(&w, task, LINES("/b full"));
	assert_false(is_gone(&w, "/a"));
	world_close(&w);
}

static void
what_was_gone_and_is_found_again_is_open(void **state)
{
	struct store_world w;
	uint64_t task;

	(void)state;
	world_open(&w);
	for (int round = 0; round < 3; round++) {
		task = world_scan(&w, "/", "");
		assert_int_equal(
		    world_give(&w, round == 1 ? LINES("/x full") : before, task,
			       SCAN_DONE),
		    ST_OK);
		world_sweep(&w, task);
		assert_int_equal(world_findings(&w, "state", "gone"),
				 round == 1 ? 5 : 0);
		assert_int_equal(world_findings(&w, "state", "open"),
				 round == 1 ? 0 : 5);
		assert_true(world_is_sound(&w));
	}
	world_close(&w);
}

static void
a_sweep_in_many_steps_may_begin_again(void **state)
{
	struct store_world w;
	struct sweep *sweep = NULL;
	const char *lines[1301];
	char text[1300][40];
	uint64_t task;

	(void)state;
	world_open(&w);
	for (int i = 0; i < 1300; i++) {
		snprintf(text[i], sizeof(text[i]), "/srv/%04d card_visa 1", i);
		lines[i] = text[i];
	}
	lines[1300] = NULL;
	task = world_scan(&w, "/srv", "");
	assert_int_equal(world_give(&w, lines, task, SCAN_DONE), ST_OK);
	world_sweep(&w, task);
	task = world_scan(&w, "/srv", "");
	assert_int_equal(
	    world_give(&w, LINES("/srv/0700 card_visa 1"), task, SCAN_DONE),
	    ST_OK);
	/* One step, and then the process dies. */
	assert_int_equal(
	    sweep_open(w.store, w.rollup, task, NULL, NULL, &sweep), ST_OK);
	sweep_close(sweep);
	world_reopen(&w);
	world_sweep(&w, task);
	assert_int_equal(world_findings(&w, "state", "gone"), 1299);
	assert_int_equal(world_findings(&w, "state", "open"), 1);
	assert_true(world_is_sound(&w));
	world_close(&w);
}

static enum status
note_day(void *arg, const struct trend_row *row)
{
	struct trend_row *last = arg;

	*last = *row;
	return ST_OK;
}

static void
the_trend_says_what_came_and_what_went(void **state)
{
	static const int64_t day = INT64_C(24) * 3600 * 1000;
	struct trend_row row = {0};
	struct store_world w;
	uint64_t task;
	int64_t first;

	(void)state;
	world_open(&w);
	first = w.now / day;
	task = world_scan(&w, "/", "");
	assert_int_equal(world_give(&w, before, task, SCAN_DONE), ST_OK);
	world_sweep(&w, task);
	w.now += 3 * day;
	task = world_scan(&w, "/srv", "");
	assert_int_equal(
	    world_give(&w, LINES("/srv/new card_visa 1"), task, SCAN_DONE),
	    ST_OK);
	world_sweep(&w, task);
	assert_int_equal(
	    q_overview_trend(w.store, first, first + 1, note_day, &row), ST_OK);
	assert_int_equal(row.open[RISK_CRITICAL], 5); /* carried on */
	assert_int_equal(row.found[RISK_CRITICAL], 0);
	assert_int_equal(
	    q_overview_trend(w.store, first, first + 3, note_day, &row), ST_OK);
	assert_int_equal(row.open[RISK_CRITICAL], 3);
	assert_int_equal(row.found[RISK_CRITICAL], 1);
	assert_int_equal(row.closed[RISK_CRITICAL], 3);
	world_close(&w);
}

static void
a_clock_that_jumps_loses_and_doubles_nothing(void **state)
{
	static const int64_t year = INT64_C(365) * 24 * 3600 * 1000;
	static const int64_t jumps[] = {10 * year, -20 * year, 3600000,
					-7200000};
	struct store_world w;
	uint64_t task;

	(void)state;
	world_open(&w);
	for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
		w.now += jumps[i];
		task = world_scan(&w, "/", "");
		assert_int_equal(world_give(&w, before, task, SCAN_DONE),
				 ST_OK);
		w.now -= jumps[i] / 3;
		world_sweep(&w, task);
		assert_int_equal(world_findings(&w, NULL, NULL), 5);
		assert_int_equal(world_findings(&w, "state", "open"), 5);
		assert_true(world_is_sound(&w));
	}
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_rescan_misses_is_gone_unless_nobody_looked),
	    cmocka_unit_test(
		a_scan_that_reads_no_pictures_keeps_what_was_found_in_them),
	    cmocka_unit_test(
		matches_in_pictures_stay_beside_those_that_are_met_again),
	    cmocka_unit_test(the_same_profile_settles_what_it_found),
	    cmocka_unit_test(what_options_leave_out_is_not_gone),
	    cmocka_unit_test(the_same_options_again_settle_what_they_found),
	    cmocka_unit_test(
		another_credential_proves_nothing_gone_that_it_does_not_meet),
	    cmocka_unit_test(
		options_that_change_while_a_scan_goes_on_prove_nothing_gone),
	    cmocka_unit_test(what_was_gone_and_is_found_again_is_open),
	    cmocka_unit_test(a_sweep_in_many_steps_may_begin_again),
	    cmocka_unit_test(the_trend_says_what_came_and_what_went),
	    cmocka_unit_test(a_clock_that_jumps_loses_and_doubles_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
