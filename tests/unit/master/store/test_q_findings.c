#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake/store_world.h"
#include "master/store/plan.h"
#include "master/store/q_findings.h"
#include "master/store/q_targets.h"
#include "master/store/sql.h"

#define FILES 60

/*
 * A few hundred findings in two targets, of all states, made the same each
 * time: enough for every page to have neighbours of equal risk and matches.
 */
static void
fill(struct store_world *w)
{
	static const char *const types[] = {"card_visa", "us_ssn", "iban",
					    "email", "~card_visa"};
	uint64_t mine = w->agent, target = 0, task;
	uint64_t other = world_agent(w, "hr-fs-01", "HR", &target);
	uint64_t random = 7;

	for (int round = 0; round < 2; round++) {
		const char *lines[FILES * 6 + 1];
		static char text[FILES * 6][64];
		size_t n = 0;

		w->agent = round == 0 ? mine : other;
		w->seq = 0;
		task = round == 0 ? world_scan(w, "/", "")
				  : world_task(w, 1, other, target);
		for (int i = 0; i < FILES; i++)
			for (int k = 0; k < 5; k++) {
				random =
				    random * 6364136223846793005U + 1442695;
				if ((random >> 40) % 3 == 0)
					continue;
				snprintf(text[n], 64, "/srv/%c%%/f_%02d %s %d",
					 'a' + i % 3, i,
					 types[(random >> 50) % 5], (int)n);
				lines[n] = text[n];
				n++;
			}
		lines[n] = NULL;
		assert_int_equal(world_give(w, lines, task, 0), ST_OK);
	}
	w->agent = mine;
	for (uint64_t id = 1; id < 200; id += 3) {
		assert_int_equal(store_begin(w->store), ST_OK);
		(void)!q_finding_set_state(w->store, w->rollup, id,
					   id % 2 == 0 ? FINDING_CONFIRMED
						       : FINDING_FALSE_POSITIVE,
					   0);
		assert_int_equal(rollup_flush(w->rollup, w->now), ST_OK);
		assert_int_equal(store_commit(w->store), ST_OK);
	}
}

static int
open_world(void **state)
{
	struct store_world *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return -1;
	world_open(w);
	fill(w);
	*state = w;
	return 0;
}

static int
close_world(void **state)
{
	world_close(*state);
	free(*state);
	return 0;
}

/* A finding as one comparable line. */
struct row {
	uint64_t id, target, matches;
	uint8_t risk, state;
	char type[32], path[64], category[16];
};

struct rows {
	struct row row[1000];
	size_t count;
};

static enum status
keep(void *arg, const struct finding_row *f)
{
	struct rows *r = arg;
	struct row *to = &r->row[r->count++];

	assert_true(r->count < 1000);
	*to = (struct row){.id = f->id,
			   .target = f->target,
			   .matches = f->matches,
			   .risk = f->risk,
			   .state = f->state};
	snprintf(to->type, sizeof(to->type), "%.*s", (int)f->type.len,
		 (const char *)f->type.ptr);
	snprintf(to->path, sizeof(to->path), "%.*s", (int)f->path.len,
		 (const char *)f->path.ptr);
	snprintf(to->category, sizeof(to->category), "%.*s",
		 (int)f->category.len, (const char *)f->category.ptr);
	return ST_OK;
}

static void
read_filter(const char *text, struct filter *f)
{
	static char copy[256];
	char *word, *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", text);
	*f = (struct filter){.count = 0};
	for (word = strtok_r(copy, "& ", &rest); word != NULL;
	     word = strtok_r(NULL, "& ", &rest)) {
		char *value = strchr(word, '=');

		assert_non_null(value);
		assert_int_equal(
		    filter_add(f, span_of(word, (size_t)(value - word)),
			       span_str(value + 1)),
		    ST_OK);
	}
}

static void
list_all(struct store_world *w, const struct filter *f, enum finding_sort sort,
	 bool reverse, uint32_t limit, struct rows *out)
{
	struct finding_page page = {
	    .sort = sort, .reverse = reverse, .limit = limit};
	char cursor[CURSOR_TEXT_MAX];

	out->count = 0;
	do {
		assert_int_equal(q_findings_list(w->store, f, &page, keep, out),
				 ST_OK);
		memcpy(cursor, page.next, sizeof(cursor));
		page.cursor = span_str(cursor);
	} while (cursor[0] != '\0');
}

static int
compare(const struct row *a, const struct row *b, enum finding_sort sort)
{
	int c = 0;

	if (sort == SORT_RISK) {
		c = (a->risk > b->risk) - (a->risk < b->risk);
		if (c == 0)
			c = (a->matches < b->matches) -
			    (a->matches > b->matches);
	} else if (sort == SORT_MATCHES) {
		c = (a->matches > b->matches) - (a->matches < b->matches);
	} else if (sort == SORT_PATH) {
		c = (a->target > b->target) - (a->target < b->target);
		if (c == 0)
			c = strcmp(a->path, b->path);
		if (c == 0)
			c = strcmp(a->type, b->type); /* ids in that order */
		return c;
	}
	return c != 0 ? c : (a->id > b->id) - (a->id < b->id);
}

static const char *const filters[] = {
    "",
    "state=open",
    "state=open&state=confirmed",
    "-state=open",
    "risk=critical",
    "risk=critical&risk=high&type=card_*",
    "type=card_visa",
    "type=us_ssn&target=1",
    "-type=email",
    "category=bank&state=open",
    "target=2",
    "agent=2&-risk=low",
    "group=HR",
    "-group=HR",
    "scan=1",
    "scan=1&state=confirmed&type=iban",
    "q=/SRV/A%",
    "q=f_07",
    "q=hr-fs",
    "-q=f_0",
    "object=3",
    "folder=3",
    "state=gone",
};
#define FILTERS (sizeof(filters) / sizeof(filters[0]))

static void
pages_of_any_size_give_every_row_once_in_order(void **state)
{
	struct store_world *w = *state;
	struct rows *whole = calloc(2, sizeof(*whole)), *paged = whole + 1;

	for (size_t i = 0; i < FILTERS * 8; i++) {
		enum finding_sort sort = i % 4;
		bool reverse = (i / 4) % 2 != 0;
		struct filter f;

		read_filter(filters[i / 8], &f);
		list_all(w, &f, sort, reverse, 900, whole);
		list_all(w, &f, sort, reverse, 7, paged);
		assert_int_equal(whole->count, paged->count);
		for (size_t k = 0; k < whole->count; k++) {
			assert_int_equal(whole->row[k].id, paged->row[k].id);
			if (k > 0 && sort != SORT_PATH)
				assert_true(
				    (compare(&whole->row[k - 1], &whole->row[k],
					     sort) < 0) != reverse);
		}
	}
	free(whole);
}

static void
counts_and_facets_agree_with_rows(void **state)
{
	struct store_world *w = *state;
	struct rows *rows = calloc(1, sizeof(*rows));

	for (size_t i = 0; i < FILTERS; i++) {
		struct finding_count n = {0}, all = {0};
		uint64_t matches = 0;
		struct filter f;

		read_filter(filters[i], &f);
		list_all(w, &f, SORT_FOUND, false, 900, rows);
		for (size_t k = 0; k < rows->count; k++)
			matches += rows->row[k].matches;
		assert_int_equal(q_findings_count(w->store, &f, &n), ST_OK);
		assert_int_equal(q_findings_count_all(w->store, &f, &all),
				 ST_OK);
		assert_true(n.exact && all.exact);
		assert_int_equal(n.findings, rows->count);
		assert_int_equal(n.matches, matches);
		assert_int_equal(all.findings, rows->count);
	}
	free(rows);
}

struct sum {
	uint64_t findings;
	const char *want;
	uint64_t of_want;
};

static enum status
add_facet(void *arg, const struct facet_row *row)
{
	struct sum *s = arg;

	s->findings += row->findings;
	if (span_eq(row->value, span_str(s->want)))
		s->of_want = row->findings;
	return ST_OK;
}

static void
a_facet_leaves_its_own_terms_out(void **state)
{
	static const struct {
		const char *filter, *dimension, *want, *narrow;
	} cases[] = {
	    {"", "risk", "critical", "risk=critical"},
	    {"state=open", "state", "confirmed", "state=confirmed"},
	    {"type=email&state=open", "type", "iban", "type=iban&state=open"},
	    {"target=1", "target", "2", "target=2"},
	    {"risk=high", "category", "bank", "risk=high&category=bank"},
	    {"risk=high", "agent", "2", "risk=high&agent=2"},
	    {"group=HR", "group", "Payments", "group=Payments"},
	    {"q=f_1&group=HR", "group", "Payments", "q=f_1&group=Payments"},
	    {"scan=1&type=iban", "type", "email", "scan=1&type=email"},
	};
	struct store_world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sum s = {.want = cases[i].want};
		struct finding_count n = {0};
		struct filter f;

		read_filter(cases[i].filter, &f);
		assert_int_equal(q_findings_facet(w->store, &f,
						  cases[i].dimension, 100,
						  add_facet, &s),
				 ST_OK);
		read_filter(cases[i].narrow, &f);
		assert_int_equal(q_findings_count(w->store, &f, &n), ST_OK);
		assert_int_equal(s.of_want, n.findings);
		assert_true(s.findings >= n.findings);
	}
}

struct order {
	unsigned (*rank)(struct span); /* NULL: by count */
	unsigned last, rises;
	uint64_t count;
};

static enum status
in_order(void *arg, const struct facet_row *row)
{
	struct order *o = arg;

	if (o->rank != NULL) {
		unsigned rank = o->rank(row->value);

		assert_true(rank > o->last);
		o->last = rank;
	} else {
		assert_true(row->findings <= o->count);
	}
	o->rises += row->findings > o->count;
	o->count = row->findings;
	return ST_OK;
}

static void
risks_stand_by_rank_and_types_by_count(void **state)
{
	struct order risks = {.rank = risk_number, .count = UINT64_MAX};
	struct order types = {.count = UINT64_MAX};
	struct filter all = {.count = 0};
	struct store_world *w = *state;

	assert_int_equal(
	    q_findings_facet(w->store, &all, "risk", 9, in_order, &risks),
	    ST_OK);
	assert_true(risks.rises > 0); /* by count they would stand otherwise */
	assert_int_equal(
	    q_findings_facet(w->store, &all, "type", 9, in_order, &types),
	    ST_OK);
}

static void
at_passes_over_rows(void **state)
{
	struct store_world *w = *state;
	struct rows *whole = calloc(2, sizeof(*whole)), *part = whole + 1;
	struct filter f = {.count = 0};
	struct finding_page page = {.limit = 5, .at = 73};

	list_all(w, &f, SORT_RISK, false, 900, whole);
	assert_int_equal(q_findings_list(w->store, &f, &page, keep, part),
			 ST_OK);
	assert_int_equal(part->count, 5);
	for (size_t k = 0; k < 5; k++)
		assert_int_equal(part->row[k].id, whole->row[73 + k].id);
	assert_string_not_equal(page.next, "");
	free(whole);
}

static void
a_cursor_of_another_question_is_refused(void **state)
{
	struct store_world *w = *state;
	struct rows *rows = calloc(1, sizeof(*rows));
	struct filter f = {.count = 0};
	struct finding_page page = {.limit = 5};
	char cursor[CURSOR_TEXT_MAX];

	assert_int_equal(q_findings_list(w->store, &f, &page, keep, rows),
			 ST_OK);
	memcpy(cursor, page.next, sizeof(cursor));
	page.cursor = span_str(cursor);
	page.reverse = true;
	assert_int_equal(q_findings_list(w->store, &f, &page, keep, rows),
			 ST_MALFORMED);
	page.reverse = false;
	read_filter("state=open", &f);
	assert_int_equal(q_findings_list(w->store, &f, &page, keep, rows),
			 ST_MALFORMED);
	page.cursor = span_str("0f00000000.1.2.3.4");
	f.count = 0;
	assert_int_equal(q_findings_list(w->store, &f, &page, keep, rows),
			 ST_MALFORMED);
	free(rows);
}

static void
a_bulk_change_moves_what_the_filter_means(void **state)
{
	struct store_world *w = *state;
	struct finding_count n = {0}, was = {0};
	struct filter f;
	struct bulk_change b = {.filter = &f, .to = FINDING_FALSE_POSITIVE};
	uint64_t changed = 0;

	read_filter("type=email&-state=false_positive", &f);
	assert_int_equal(q_findings_count(w->store, &f, &was), ST_OK);
	assert_true(was.findings > 0);
	assert_int_equal(store_begin(w->store), ST_OK);
	assert_int_equal(
	    q_findings_set_state(w->store, w->rollup, &b, &changed), ST_OK);
	assert_int_equal(rollup_flush(w->rollup, w->now), ST_OK);
	assert_int_equal(store_commit(w->store), ST_OK);
	assert_int_equal(changed, was.findings);
	assert_int_equal(q_findings_count(w->store, &f, &n), ST_OK);
	assert_int_equal(n.findings, 0);
	assert_true(world_is_sound(w));
}

static void
a_change_of_another_version_is_refused(void **state)
{
	struct store_world *w = *state;

	assert_int_equal(store_begin(w->store), ST_OK);
	assert_int_equal(
	    q_finding_set_state(w->store, w->rollup, 2, FINDING_CONFIRMED, 77),
	    ST_AGAIN);
	assert_int_equal(q_finding_set_state(w->store, w->rollup, 999999,
					     FINDING_CONFIRMED, 0),
			 ST_NOTFOUND);
	store_rollback(w->store);
}

/* ---- the road to the rows
 * ---------------------------------------------------- */

static void
check_plan(struct store_world *w, const struct filter *f,
	   enum finding_sort sort, const char *want, bool sorted)
{
	struct clause c;
	struct plan plan;
	struct sql q;
	bool found = false, sorts = false;

	assert_int_equal(plan_open(w->store, f, sort, &plan), ST_OK);
	clause_init(&c);
	clause_add(&c, "EXPLAIN QUERY PLAN SELECT f.id");
	plan_from(&plan, &c);
	filter_clause(&c, f, FIELD_NONE);
	clause_add(&c, sort == SORT_RISK
			   ? " ORDER BY f.risk, f.matches DESC, f.id LIMIT 9"
		       : sort == SORT_MATCHES
			   ? " ORDER BY f.matches, f.id LIMIT 9"
		       : sort == SORT_FOUND
			   ? " ORDER BY f.id LIMIT 9"
			   : " ORDER BY o.target, o.path, f.type LIMIT 9");
	clause_open(&c, w->store, &q);
	while (sql_step(&q) == ST_OK) {
		char line[256];
		struct span s = sql_get_span(&q, 3);

		snprintf(line, sizeof(line), "%.*s", (int)s.len,
			 (const char *)s.ptr);
		found = found || strstr(line, want) != NULL;
		sorts =
		    sorts || strcmp(line, "USE TEMP B-TREE FOR ORDER BY") == 0;
	}
	sql_close(&q);
	clause_fini(&c);
	plan_close(&plan);
	if (!found || sorts == sorted)
		fail_msg("%s: found %d sorts %d", want, found, sorts);
}

static void
pages_are_read_in_order_from_an_index(void **state)
{
	static const struct {
		const char *filter;
		enum finding_sort sort;
		const char *index;
		bool sorted; /* the index has the order already */
	} cases[] = {
	    {"", SORT_RISK, "finding_risk", true},
	    {"risk=critical", SORT_RISK, "finding_risk", true},
	    {"state=open", SORT_RISK, "finding_state", true},
	    {"type=iban&state=open", SORT_RISK, "finding_type", true},
	    {"target=1&state=open", SORT_RISK, "finding_target", true},
	    {"scan=1", SORT_RISK, "finding_scan", true},
	    {"", SORT_MATCHES, "finding_matches", true},
	    {"state=open", SORT_MATCHES, "finding_matches", true},
	    {"", SORT_FOUND, "f", true},
	    {"", SORT_PATH, "sqlite_autoindex_object_1", true},
	    {"target=1", SORT_PATH, "sqlite_autoindex_object_1", true},
	    {"target=1", SORT_FOUND, "finding_target", false},
	    {"object=3", SORT_RISK, "sqlite_autoindex_finding_1", false},
	    {"q=f_07", SORT_RISK, "sqlite_autoindex_finding_1", false},
	    {"q=pay-db", SORT_RISK, "finding_risk", true},
	};
	struct store_world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct filter f;

		read_filter(cases[i].filter, &f);
		check_plan(w, &f, cases[i].sort, cases[i].index,
			   cases[i].sorted);
	}
}

/* ---- matches, export, tree
 * --------------------------------------------------- */

struct exported {
	char last[256];
	unsigned rows;
};

static enum status
note_export(void *arg, const struct finding_row *f, const struct match_row *m)
{
	struct exported *e = arg;
	char line[256];

	snprintf(line, sizeof(line), "%.*s %.*s %012llu %.*s", (int)f->path.len,
		 (const char *)f->path.ptr, (int)m->place.len,
		 (const char *)m->place.ptr, (unsigned long long)m->offset,
		 (int)m->type.len, (const char *)m->type.ptr);
	/* Two targets may have the same path: equal is right. */
	assert_true(
	    strncmp(e->last,
		    f->path.ptr == NULL ? "" : (const char *)f->path.ptr,
		    f->path.len) <= 0);
	memcpy(e->last, line, sizeof(line));
	e->rows++;
	return ST_OK;
}

static void
an_export_has_every_match_by_path(void **state)
{
	struct store_world *w = *state;
	struct exported e = {.rows = 0};
	struct filter f = {.count = 0};
	struct finding_count n = {0};

	assert_int_equal(q_findings_export(w->store, &f, note_export, &e),
			 ST_OK);
	assert_int_equal(q_findings_count(w->store, &f, &n), ST_OK);
	assert_int_equal(e.rows, n.matches);
}

static enum status
note_also(void *arg, const struct match_row *row)
{
	char *text = arg;
	size_t used = strlen(text);

	snprintf(text + used, 256 - used, "%u:%.*s;", (unsigned)row->offset,
		 (int)row->also.len,
		 row->also.len > 0 ? (const char *)row->also.ptr : "");
	return ST_OK;
}

static enum status
note_id(void *arg, const struct finding_row *row)
{
	*(uint64_t *)arg = row->id;
	return ST_OK;
}

static void
a_match_keeps_the_other_types_it_is_valid_as(void **state)
{
	static const char *const lines[] = {"/also/x co_nit+pl_nip,ru_inn 1",
					    "/also/x co_nit 50", NULL};
	struct store_world *w = *state;
	struct finding_page page = {
	    .sort = SORT_FOUND, .reverse = true, .limit = 1};
	struct row_page rows = {.limit = 10};
	struct filter f = {.count = 0};
	char text[256] = "";
	uint64_t id = 0;

	assert_int_equal(world_give(w, lines, world_scan(w, "/also", ""), 0),
			 ST_OK);
	assert_int_equal(q_findings_list(w->store, &f, &page, note_id, &id),
			 ST_OK);
	assert_int_equal(
	    q_finding_matches(w->store, id, &rows, note_also, text), ST_OK);
	assert_string_equal(text, "1:pl_nip,ru_inn;50:;");
}

struct nodes {
	char text[2048];
	uint64_t findings;
};

static enum status
note_node(void *arg, const struct node_row *row)
{
	struct nodes *n = arg;
	size_t used = strlen(n->text);

	snprintf(n->text + used, sizeof(n->text) - used, "%s=%.*s ", row->id,
		 (int)row->name.len,
		 row->name.len > 0 ? (const char *)row->name.ptr : "");
	n->findings += row->findings;
	return ST_OK;
}

static struct node_page *
page_at(struct node_page *page, uint64_t after, uint32_t limit)
{
	*page = (struct node_page){.after = after, .limit = limit};
	return page;
}

static void
the_tree_leads_from_groups_to_files(void **state)
{
	struct store_world *w = *state;
	struct nodes n = {.findings = 0};
	uint64_t all = world_findings(w, "state", "open") +
		       world_findings(w, "state", "confirmed");
	struct node_page page;

	assert_int_equal(q_targets_children(w->store, span_str(""),
					    page_at(&page, 0, 100), note_node,
					    &n),
			 ST_OK);
	assert_string_equal(n.text, "=HR =Payments ");
	assert_int_equal(n.findings, all);
	assert_false(page.more);
	n = (struct nodes){.findings = 0};
	assert_int_equal(q_targets_children(w->store, span_str("g:HR"),
					    page_at(&page, 0, 100), note_node,
					    &n),
			 ST_OK);
	assert_string_equal(n.text, "t:2=hr-fs-01 ");
	/* "/srv" has no choice in it and is passed through. */
	n = (struct nodes){.findings = 0};
	assert_int_equal(q_targets_children(w->store, span_str("t:1"),
					    page_at(&page, 0, 2), note_node,
					    &n),
			 ST_OK);
	assert_string_equal(n.text, "d:3=a% d:4=b% ");
	assert_true(page.more);
	n = (struct nodes){.findings = 0};
	assert_int_equal(q_targets_children(w->store, span_str("t:1"),
					    page_at(&page, 2, 2), note_node,
					    &n),
			 ST_OK);
	assert_string_equal(n.text, "d:5=c% ");
	assert_false(page.more);
	n = (struct nodes){.findings = 0};
	assert_int_equal(
	    q_targets_way(w->store, span_str("o:1"), note_node, &n), ST_OK);
	assert_string_equal(n.text,
			    "=Payments t:1=pay-db-01 d:2=srv d:3=a% o:1=f_00 ");
	assert_int_equal(q_targets_children(w->store, span_str("x:1"),
					    page_at(&page, 0, 2), note_node,
					    &n),
			 ST_MALFORMED);
}

#define T(f) cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(pages_of_any_size_give_every_row_once_in_order),
	    T(counts_and_facets_agree_with_rows),
	    T(a_facet_leaves_its_own_terms_out),
	    T(risks_stand_by_rank_and_types_by_count),
	    T(at_passes_over_rows),
	    T(a_cursor_of_another_question_is_refused),
	    T(a_change_of_another_version_is_refused),
	    T(pages_are_read_in_order_from_an_index),
	    T(an_export_has_every_match_by_path),
	    T(the_tree_leads_from_groups_to_files),
	    T(a_bulk_change_moves_what_the_filter_means),
	    T(a_match_keeps_the_other_types_it_is_valid_as),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
