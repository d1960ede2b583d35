#include "tests/unit/scan/run.h"

#include "tests/unit/scan/family.h"
#include "tests/unit/scan/gate.h"

#include <signal.h>
#include <sys/socket.h>

#include "scan/director.h"

static const struct scan_options plain;

static void
findings_come_in_walk_order_with_path_and_offset(void **state)
{
	struct tree t = tree_make();
	struct run r;
	char want[512];
	char *big = malloc(200000);

	(void)state;
	memset(big, '-', 200000);
	memcpy(big + 150000, CARD, strlen(CARD));
	tree_text(&t, "b.txt", CARD);
	tree_folder(&t, "a");
	tree_text(&t, "a/z", "xx" CARD);
	tree_file(&t, "a/big", span_of(big, 200000));
	tree_text(&t, "empty", "");
	tree_text(&t, "none", "nothing here");
	run_whole(&r, &t, &plain);
	snprintf(want, sizeof(want),
		 "%s/a/big||card_visa|150005|19|4111 11•• •••• 1111\n"
		 "%s/a/z||card_visa|7|19|4111 11•• •••• 1111\n"
		 "%s/b.txt||card_visa|5|19|4111 11•• •••• 1111\n",
		 t.path, t.path, t.path);
	assert_string_equal(run_lines(&r), want);
	assert_int_equal(scan_outcome(r.scan), SCAN_DONE);
	assert_int_equal(r.sum.done_objects, 5);
	assert_int_equal(r.sum.findings, 3);
	assert_int_equal(r.sum.unread + r.sum.partial, 0);
	run_fini(&r);
	tree_free(&t);
	free(big);
}

/* A test value of the issuer, as the example of a type has it. */
static const char own_type[] =
    "id: card_visa\nname: Own\ncategory: card\ncountries: [\"*\"]\n"
    "risk: critical\nsource: \"made for this test\"\ntoken: id\nforms:\n"
    "  - prefixes: [\"4\"]\n    shapes: [\"4-4-4-4\"]\n"
    "    separators: \" \"\n    score: 60\nchecks: [luhn]\n"
    "mask: {style: each, first: 6, last: 4}\n"
    "examples:\n  match: ['" CARD "']\n  no_match: ['4111']\n";

static void
what_trawl_keeps_there_itself_is_no_content(void **state)
{
	struct tree t = tree_make();
	char catalogue[96], want[512];
	struct run r;

	(void)state;
	tree_folder(&t, "cache");
	tree_folder(&t, "types");
	tree_folder(&t, "types/card");
	snprintf(t.cache, sizeof(t.cache), "%s/cache/patterns", t.path);
	snprintf(catalogue, sizeof(catalogue), "%s/types", t.path);
	tree_text(&t, "cache/clean-0", CARD);
	tree_text(&t, "cache/patterns-0", CARD);
	tree_text(&t, "cache/saved by others", CARD);
	tree_text(&t, "types/card/card_visa.yaml", own_type);
	run_whole(&r, &t, &(struct scan_options){.catalogue = catalogue});
	snprintf(want, sizeof(want),
		 "%s/cache/clean-0: none, own\n"
		 "%s/cache/patterns-0: none, own\n"
		 "%s/types: none, own\n",
		 t.path, t.path, t.path);
	assert_string_equal(run_lines(&r), want);
	assert_int_equal(r.sum.done_objects, 1);
	assert_int_equal(r.sum.unread + r.sum.skipped_dirs, 0);
	run_fini(&r);
	tree_free(&t);
}

static void
clear_values_come_only_when_asked_for(void **state)
{
	const struct scan_options reveal = {.reveal = true};
	struct tree t = tree_make();
	struct run r;

	(void)state;
	tree_text(&t, "a", CARD);
	run_whole(&r, &t, &plain);
	assert_int_equal(r.clear.len, 0);
	assert_null(strstr(run_lines(&r), "1111 1111"));
	run_fini(&r);
	run_whole(&r, &t, &reveal);
	assert_int_equal(r.clear.len, 19);
	assert_memory_equal(r.clear.data, "4111 1111 1111 1111", 19);
	run_fini(&r);
	tree_free(&t);
}

static void
digests_and_contexts_come_only_when_asked_for(void **state)
{
	const struct scan_options details = {.details = true};
	struct tree t = tree_make();
	struct run r;

	(void)state;
	tree_text(&t, "a", CARD CARD);
	run_whole(&r, &t, &plain);
	assert_int_equal(r.findings, 2);
	assert_int_equal(r.contexts + r.digests, 0);
	run_fini(&r);
	run_whole(&r, &t, &details);
	assert_int_equal(r.findings, 2);
	assert_int_equal(r.contexts, 2);
	assert_int_equal(r.digests, 2);
	run_fini(&r);
	tree_free(&t);
}

/* ---- workers that go wrong
 * --------------------------------------------------- */

/* Of shared memory that a worker must not be able to change. */
static void
overwrite(struct span s)
{
	union {
		const uint8_t *given;
		uint8_t *wanted;
	} p = {.given = s.ptr};

	memcpy(p.wanted, "other", 5);
}

/* Runs in the worker: what a hijacked parser might try. */
static void
misbehave(const struct extract_input *in)
{
	if (in->bytes.len < 5)
		return;
	if (memcmp(in->bytes.ptr, "CRASH", 5) == 0)
		abort();
	if (memcmp(in->bytes.ptr, "FAULT", 5) == 0)
		raise(SIGSEGV);
	if (memcmp(in->bytes.ptr, "EXITS", 5) == 0)
		_exit(0);
	if (memcmp(in->bytes.ptr, "OPENS", 5) == 0)
		_exit(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
	if (memcmp(in->bytes.ptr, "FORKS", 5) == 0)
		_exit(fork());
	if (memcmp(in->bytes.ptr, "CALLS", 5) == 0)
		_exit(socket(AF_INET, SOCK_STREAM, 0));
	if (memcmp(in->bytes.ptr, "HANGS", 5) == 0)
		for (volatile unsigned n = 0;; n++)
			;
	if (memcmp(in->bytes.ptr, "WRITE", 5) == 0)
		overwrite(in->bytes);
}

static void
a_worker_that_dies_costs_one_object_which_is_named(void **state)
{
	static const char *const ways[] = {"CRASH", "FAULT", "EXITS", "OPENS",
					   "FORKS", "CALLS", "WRITE"};
	const struct scan_options o = {.before_object = misbehave};
	char want[4096], name[32];

	(void)state;
	for (size_t k = 0; k < sizeof(ways) / sizeof(ways[0]); k++) {
		struct tree t = tree_make();
		struct run r;
		size_t n = 0;

		for (unsigned i = 0; i < 20; i++) {
			snprintf(name, sizeof(name), "f%02u", i);
			tree_text(&t, name, i == 7 ? ways[k] : CARD);
			n += (size_t)snprintf(
			    want + n, sizeof(want) - n,
			    i == 7 ? "%s/%s: none, crashed\n"
				   : "%s/%s||card_visa|5|19|4111 11•• •••• "
				     "1111\n",
			    t.path, name);
		}
		run_whole(&r, &t, &o);
		assert_string_equal(run_lines(&r), want);
		assert_int_equal(r.sum.unread, 1);
		assert_int_equal(r.sum.done_objects, 20);
		run_fini(&r);
		tree_free(&t);
	}
}

static void
a_worker_that_hangs_costs_one_object(void **state)
{
	const struct scan_options o = {.before_object = misbehave,
				       .hang_seconds = 1};
	struct tree t = tree_make();
	struct run r;

	(void)state;
	tree_text(&t, "a", CARD);
	tree_text(&t, "b", "HANGS");
	tree_text(&t, "c", CARD);
	run_whole(&r, &t, &o);
	assert_int_equal(r.findings, 2);
	assert_non_null(strstr(run_lines(&r), "/b: none, time"));
	run_fini(&r);
	tree_free(&t);
}

static void
too_many_matches_are_cut_and_noted(void **state)
{
	const struct scan_options o = {.matches_max = 10};
	struct tree t = tree_make();
	struct buf b;
	struct run r;

	(void)state;
	buf_init(&b, 1u << 20);
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(buf_add_str(&b, CARD), ST_OK);
	tree_file(&t, "many", buf_span(&b));
	tree_text(&t, "one", CARD);
	run_whole(&r, &t, &o);
	assert_int_equal(r.findings, 11);
	assert_non_null(strstr(run_lines(&r), "/many: partial, matches"));
	run_fini(&r);
	buf_fini(&b);
	tree_free(&t);
}

/* ---- death of any of them
 * ------------------------------------------------------ */

static bool
kill_one(const char *name, unsigned pick)
{
	struct search q = {.name = name, .state = '*'};

	each_child(&q, getpid());
	return q.n > 0 && kill(q.pids[pick % q.n], SIGKILL) == 0;
}

static size_t
count_children(const char *name, char state)
{
	struct search q = {.name = name, .state = state};

	each_child(&q, getpid());
	return q.n;
}

/* Both of a scan's paces are in our hand: it cannot end before we let it. */
static void
kill_now_and_then(struct run *r, struct gate *g, const char *role, int round)
{
	for (int kills = 0; kills < 4;) {
		assert_true(run_look(r));
		if (!kill_one(role, (unsigned)(round + kills)))
			continue;
		kills++;
		gate_grant(&g->objects, 7 * (round + 1));
		gate_grant(&g->entries, 47 * (round + 1));
	}
}

static void
killing_any_process_changes_nothing(void **state)
{
	static const char *const roles[] = {"trawl-worker", "trawl-reader",
					    "trawl-zygote"};
	struct tree t = tree_make();
	struct gate *g = gate_make();
	struct run calm, r;

	(void)state;
	tree_fill(&t, 10, 100);
	run_whole(&calm, &t, &plain);
	assert_int_equal(calm.findings, 10 * (34 + 16));
	for (unsigned k = 0; k < 3 * 5; k++) {
		const char *role = roles[k / 5];

		gate_close(g);
		if (strcmp(role, "trawl-reader") != 0)
			gate_open(&g->entries);
		run_init(&r);
		run_open(&r, &t, span_of(NULL, 0), &gated);
		kill_now_and_then(&r, g, role, (int)k % 5);
		gate_open(&g->objects);
		gate_open(&g->entries);
		run_to_end(&r);
		assert_int_equal(scan_outcome(r.scan), SCAN_DONE);
		assert_string_equal(run_lines(&r), run_lines(&calm));
		assert_int_equal(r.sum.done_objects, calm.sum.done_objects);
		assert_int_equal(r.sum.done_bytes, calm.sum.done_bytes);
		run_fini(&r);
	}
	run_fini(&calm);
	gate_free(g);
	tree_free(&t);
}

/* ---- stopping, going on, waiting
 * ------------------------------------------------ */

/*
 * A few objects at a time, until there are so many cursors and findings; false
 * when the scan is over. The clock moves on between two batches, so that a
 * cursor is due after each.
 */
static bool
run_slowly(struct run *r, struct gate *g, size_t cursors, size_t findings)
{
	bool more = true;

	while (more && (r->cursors < cursors || r->findings < findings)) {
		if (gate_is_shut(&g->objects))
			gate_grant(&g->objects, 5);
		more = run_look(r);
	}
	return more;
}

static void
a_scan_goes_on_from_any_cursor_without_loss_or_repeat(void **state)
{
	struct tree t = tree_make();
	struct gate *g = gate_make();
	struct run calm, r;
	struct buf cursor, lines;
	uint64_t objects = 0;
	unsigned rounds = 0;
	bool more = true;

	(void)state;
	tree_fill(&t, 12, 60);
	run_whole(&calm, &t, &plain);
	buf_init(&cursor, ORDER_CURSOR_MAX);
	buf_init(&lines, LINES_MAX);
	while (more) {
		size_t kept;

		gate_close(g);
		gate_open(&g->entries);
		run_init(&r);
		r.jobs = 1; /* batches end one by one */
		run_open(&r, &t, buf_span(&cursor), &gated);
		more = run_slowly(&r, g, 1, 0);
		kept = more ? r.lines_at_cursor : r.lines.len;
		scan_sum(r.scan, &r.sum);
		objects += more ? r.at_cursor.done_objects : r.sum.done_objects;
		assert_int_equal(buf_add(&lines, r.lines.data, kept), ST_OK);
		buf_clear(&cursor);
		assert_int_equal(buf_add(&cursor, r.cursor.data, r.cursor.len),
				 ST_OK);
		run_fini(&r);
		rounds++;
	}
	assert_int_equal(buf_add_byte(&lines, 0), ST_OK);
	assert_true(rounds > 2);
	assert_string_equal((const char *)lines.data, run_lines(&calm));
	assert_int_equal(objects, calm.sum.done_objects);
	run_fini(&calm);
	buf_fini(&cursor);
	buf_fini(&lines);
	gate_free(g);
	tree_free(&t);
}

static void
a_damaged_cursor_is_refused(void **state)
{
	const struct scan_order order = {.cursor = span_str("x")};
	const struct scan_options o = {.sources = agent_sources};
	const struct scan_sink sink = {0};
	struct scan *s = NULL;
	struct buf why;

	(void)state;
	buf_init(&why, 4096);
	assert_int_equal(scan_open(&order, &o, &sink, &s, &why), ST_MALFORMED);
	assert_true(why.len > 0);
	buf_fini(&why);
}

static void
a_stopped_scan_keeps_what_it_found_and_names_the_rest(void **state)
{
	struct tree t = tree_make();
	struct gate *g = gate_make();
	struct run calm, r;

	(void)state;
	tree_fill(&t, 16, 50);
	run_whole(&calm, &t, &plain);
	gate_open(&g->entries);
	run_init(&r);
	r.jobs = 1; /* batches end one by one */
	run_open(&r, &t, span_of(NULL, 0), &gated);
	assert_true(run_slowly(&r, g, 0, 1));
	scan_stop(r.scan);
	run_to_end(&r);
	assert_int_equal(scan_outcome(r.scan), SCAN_STOPPED);
	assert_true(r.findings > 0 && r.findings < calm.findings);
	assert_non_null(strstr(run_lines(&r), ": none, stopped"));
	run_fini(&calm);
	run_fini(&r);
	gate_free(g);
	tree_free(&t);
}

static void
results_wait_while_the_sink_cannot_take_them(void **state)
{
	struct tree t = tree_make();
	struct run calm, r;

	(void)state;
	tree_fill(&t, 16, 50);
	run_whole(&calm, &t, &plain);
	run_init(&r);
	run_open(&r, &t, span_of(NULL, 0), &plain);
	scan_hold(r.scan, true);
	for (unsigned i = 0; i < 5; i++)
		assert_true(run_step(&r));
	assert_int_equal(r.findings, 0);
	scan_hold(r.scan, false);
	run_to_end(&r);
	assert_string_equal(run_lines(&r), run_lines(&calm));
	run_fini(&calm);
	run_fini(&r);
	tree_free(&t);
}

static void
a_paused_scan_stands_still_and_goes_on(void **state)
{
	struct tree t = tree_make();
	struct gate *g = gate_make();
	struct run calm, r;
	size_t at;

	(void)state;
	tree_fill(&t, 16, 50);
	run_whole(&calm, &t, &plain);
	gate_open(&g->entries);
	run_init(&r);
	r.jobs = 1; /* batches end one by one */
	run_open(&r, &t, span_of(NULL, 0), &gated);
	assert_true(run_slowly(&r, g, 0, 1));
	scan_pause(r.scan, true);
	while (count_children("trawl-worker", 'T') <
	       count_children("trawl-worker", '*'))
		assert_true(run_look(&r));
	/* nothing but the pause holds them now; what was said may come */
	gate_open(&g->objects);
	assert_true(run_look(&r));
	at = r.findings;
	for (unsigned i = 0; i < 20; i++)
		assert_true(run_look(&r));
	assert_int_equal(r.findings, at);
	assert_true(at < calm.findings);
	scan_pause(r.scan, false);
	run_to_end(&r);
	assert_string_equal(run_lines(&r), run_lines(&calm));
	run_fini(&calm);
	run_fini(&r);
	gate_free(g);
	tree_free(&t);
}

/* 0: there is none. A new one may not have its name yet, but ours. */
static pid_t
frozen_reader(pid_t but)
{
	struct search q = {.name = "trawl-reader", .state = 'T'};

	each_child(&q, getpid());
	q.name = "test_scan";
	each_child(&q, getpid());
	for (size_t i = 0; i < q.n; i++)
		if (q.pids[i] != but)
			return q.pids[i];
	return 0;
}

static void
a_reader_that_dies_in_a_pause_is_frozen_when_it_is_back(void **state)
{
	struct tree t = tree_make();
	struct gate *g = gate_make();
	struct run calm, r;
	pid_t old, new;

	(void)state;
	tree_fill(&t, 8, 50);
	run_whole(&calm, &t, &plain);
	gate_open(&g->objects);
	run_init(&r);
	run_open(&r, &t, span_of(NULL, 0), &gated);
	scan_pause(r.scan, true);
	while ((old = frozen_reader(0)) == 0)
		assert_true(run_look(&r));
	assert_int_equal(kill(old, SIGKILL), 0);
	while ((new = frozen_reader(old)) == 0)
		assert_true(run_look(&r));
	gate_open(&g->entries);
	for (unsigned i = 0; i < 20; i++)
		assert_true(run_look(&r));
	assert_int_equal(frozen_reader(0), new);
	scan_pause(r.scan, false);
	run_to_end(&r);
	assert_string_equal(run_lines(&r), run_lines(&calm));
	run_fini(&calm);
	run_fini(&r);
	gate_free(g);
	tree_free(&t);
}

static void
a_bad_catalogue_fails_the_scan_with_a_reason(void **state)
{
	const struct scan_order order = {.paths = {span_str("/usr/bin/env")},
					 .path_count = 1};
	const struct scan_options o = {.sources = agent_sources,
				       .catalogue = "/nonexistent"};
	struct run r;
	const struct scan_sink sink = {.arg = &r,
				       .finding = run_finding,
				       .object = run_object,
				       .cursor = run_cursor};
	struct buf why;

	(void)state;
	run_init(&r);
	buf_init(&why, 4096);
	assert_int_equal(scan_open(&order, &o, &sink, &r.scan, &why), ST_OK);
	while (run_step(&r))
		;
	assert_int_equal(scan_outcome(r.scan), SCAN_FAILED);
	assert_non_null(strstr(scan_message(r.scan), "/nonexistent"));
	run_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(findings_come_in_walk_order_with_path_and_offset),
	    cmocka_unit_test(what_trawl_keeps_there_itself_is_no_content),
	    cmocka_unit_test(clear_values_come_only_when_asked_for),
	    cmocka_unit_test(digests_and_contexts_come_only_when_asked_for),
	    cmocka_unit_test(
		a_worker_that_dies_costs_one_object_which_is_named),
	    cmocka_unit_test(a_worker_that_hangs_costs_one_object),
	    cmocka_unit_test(too_many_matches_are_cut_and_noted),
	    cmocka_unit_test(killing_any_process_changes_nothing),
	    cmocka_unit_test(
		a_scan_goes_on_from_any_cursor_without_loss_or_repeat),
	    cmocka_unit_test(a_damaged_cursor_is_refused),
	    cmocka_unit_test(
		a_stopped_scan_keeps_what_it_found_and_names_the_rest),
	    cmocka_unit_test(results_wait_while_the_sink_cannot_take_them),
	    cmocka_unit_test(a_paused_scan_stands_still_and_goes_on),
	    cmocka_unit_test(
		a_reader_that_dies_in_a_pause_is_frozen_when_it_is_back),
	    cmocka_unit_test(a_bad_catalogue_fails_the_scan_with_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
