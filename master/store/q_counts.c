#include <string.h>

#include "master/store/filter_sql.h"
#include "master/store/plan.h"
#include "master/store/q_findings.h"

/* Where counts come from: the smallest table that can tell. */
static const char *
summary_for(const struct filter *f, enum filter_field skip)
{
	return filter_needs_targets(f, skip) ? "summary" : "summary_total";
}

static void
count_rows(struct clause *c, const struct plan *plan, const struct filter *f,
	   uint64_t cap)
{
	clause_add(c, "SELECT count(*), ifnull(sum(m), 0) FROM"
		      " (SELECT f.matches AS m");
	plan_from(plan, c);
	filter_clause(c, f, FIELD_NONE);
	clause_add(c, " LIMIT ?)");
	clause_int(c, (int64_t)cap + 1);
}

static enum status
count(struct store *s, const struct filter *f, uint64_t cap,
      struct finding_count *out)
{
	bool rows = filter_needs_rows(f, FIELD_NONE);
	struct plan plan = {.by = FIELD_NONE};
	struct clause c;
	struct sql q;
	enum status st = ST_OK;

	/* By the order in which they were found: any will do. */
	if (rows)
		st = plan_open(s, f, SORT_FOUND, &plan);
	if (st != ST_OK) {
		plan_close(&plan);
		return st;
	}
	clause_init(&c);
	if (rows) {
		count_rows(&c, &plan, f, cap);
	} else {
		clause_add(&c, "SELECT ifnull(sum(f.findings), 0),"
			       " ifnull(sum(f.matches), 0) FROM ");
		clause_add(&c, summary_for(f, FIELD_NONE));
		clause_add(&c, " f WHERE 1");
		filter_clause(&c, f, FIELD_NONE);
	}
	clause_open(&c, s, &q);
	st = sql_step(&q);
	if (st == ST_OK) {
		out->findings = sql_get_num(&q, 0);
		out->matches = sql_get_num(&q, 1);
		out->exact = !rows || out->findings <= cap;
		if (!out->exact)
			out->findings = cap;
	}
	sql_close(&q);
	clause_fini(&c);
	plan_close(&plan);
	return st;
}

enum status
q_findings_count(struct store *s, const struct filter *f,
		 struct finding_count *out)
{
	return count(s, f, COUNT_CAP, out);
}

enum status
q_findings_count_all(struct store *s, const struct filter *f,
		     struct finding_count *out)
{
	return count(s, f, INT64_MAX - 1, out);
}

#define MOST "3 DESC, 1" /* findings, then by name */

/*
 * group: what is counted by; value, title: as a filter and as people say it.
 * order: levels go from the worst on, whatever their counts; else the most
 * first.
 */
static const struct dimension {
	const char *name;
	enum filter_field field;
	bool targets;
	const char *group, *joins, *value, *title, *order;
} dimensions[] = {
    {"risk", FIELD_RISK, false, "risk", "", "x.k", "x.k", "1"},
    {"state", FIELD_STATE, false, "state", "", "x.k", "x.k", "1"},
    {"type", FIELD_TYPE, false, "type", " JOIN type y ON y.id = x.k", "y.name",
     "y.title", MOST},
    {"category", FIELD_CATEGORY, false, "type", " JOIN type y ON y.id = x.k",
     "y.category", "y.category", MOST},
    {"target", FIELD_TARGET, true, "target", " JOIN target t ON t.id = x.k",
     "t.id", "t.name", MOST},
    {"agent", FIELD_AGENT, true, "target",
     " JOIN target t ON t.id = x.k JOIN agent a ON a.id = t.agent", "a.id",
     "a.name", MOST},
    {"group", FIELD_GROUP, true, "target", " JOIN target t ON t.id = x.k",
     "t.grp", "t.grp", MOST},
};

/* A facet asks without the terms of its own field, so its plan does too. */
static void
build_facet(struct clause *c, const struct plan *plan, const struct filter *f,
	    const struct dimension *d)
{
	bool rows = filter_needs_rows(f, FIELD_NONE);

	clause_add(c, "SELECT ");
	clause_add(c, d->value);
	clause_add(c, ", ");
	clause_add(c, d->title);
	clause_add(c, ", sum(x.n), sum(x.m) FROM (SELECT f.");
	clause_add(c, d->group);
	clause_add(c, rows ? " AS k, count(*) AS n, sum(f.matches) AS m"
			   : " AS k, sum(f.findings) AS n,"
			     " sum(f.matches) AS m FROM ");
	if (rows) {
		plan_from(plan, c);
	} else {
		clause_add(c,
			   d->targets ? "summary" : summary_for(f, FIELD_NONE));
		clause_add(c, " f WHERE 1");
	}
	filter_clause(c, f, FIELD_NONE);
	clause_add(c, " GROUP BY 1) x");
	clause_add(c, d->joins);
	clause_add(c, " GROUP BY 1 HAVING sum(x.n) > 0 ORDER BY ");
	clause_add(c, d->order);
	clause_add(c, " LIMIT ?");
}

/* Risk and state are numbers in the table and words outside. */
static struct span
word_of(enum filter_field field, struct sql *q, struct span other)
{
	if (field == FIELD_RISK)
		return span_str(risk_word((unsigned)sql_get(q, 0)));
	if (field == FIELD_STATE)
		return span_str(finding_state_word((unsigned)sql_get(q, 0)));
	return other;
}

static enum status
give_facet(struct sql *q, enum filter_field field, facet_fn *fn, void *arg)
{
	enum status st;

	while ((st = sql_step(q)) == ST_OK) {
		struct facet_row row = {.findings = sql_get_num(q, 2),
					.matches = sql_get_num(q, 3)};

		row.value = word_of(field, q, sql_get_span(q, 0));
		row.title = word_of(field, q, sql_get_span(q, 1));
		st = fn(arg, &row);
		if (st != ST_OK)
			break;
	}
	return st == ST_EOF ? ST_OK : st;
}

enum status
q_findings_facet(struct store *s, const struct filter *f, const char *dimension,
		 uint32_t limit, facet_fn *fn, void *arg)
{
	const struct dimension *d = NULL;
	struct filter others = {.count = 0};
	struct plan plan;
	struct clause c;
	struct sql q;
	enum status st;

	for (size_t i = 0; i < sizeof(dimensions) / sizeof(dimensions[0]); i++)
		if (strcmp(dimensions[i].name, dimension) == 0)
			d = &dimensions[i];
	if (d == NULL)
		return ST_NOTFOUND;
	for (size_t i = 0; i < f->count; i++)
		if (f->terms[i].field != d->field)
			others.terms[others.count++] = f->terms[i];
	st = plan_open(s, &others, SORT_FOUND, &plan);
	if (st == ST_OK) {
		clause_init(&c);
		build_facet(&c, &plan, &others, d);
		clause_int(&c, limit);
		clause_open(&c, s, &q);
		st = give_facet(&q, d->field, fn, arg);
		sql_close(&q);
		clause_fini(&c);
	}
	plan_close(&plan);
	return st;
}
