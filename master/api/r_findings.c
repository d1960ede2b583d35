#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "master/api/filters.h"
#include "master/api/out.h"
#include "master/api/problem.h"
#include "master/api/resources.h"
#include "master/api/serve.h"
#include "master/store/q_findings.h"

/* The list of findings, its facets, and decisions over many at once. */
#define LIST      "findings"
#define FACET_MAX 200
#define LIST_SKIP "sort at limit cursor"

static enum status
put_row(void *arg, const struct finding_row *r)
{
	struct json *j = arg;

	json_map(j);
	out_finding(j, r);
	json_end(j);
	return ST_OK;
}

static void
read_sort(const struct request *rq, struct finding_page *page,
	  struct problem *p)
{
	const struct query_pair *sort = query_find(&rq->query, "sort");
	const struct query_pair *at = query_find(&rq->query, "at");

	if (sort != NULL && finding_sort_parse(sort->value, &page->sort,
					       &page->reverse) != ST_OK)
		problem_field(p, "?sort",
			      "is risk, matches, path or found, with or "
			      "without a minus");
	if (at == NULL)
		return;
	if (str_to_u64(at->value, 0, 100000000, &page->at) != ST_OK)
		problem_field(p, "?at", "must be a row number");
	else if (page->cursor.len > 0)
		problem_field(p, "?at", "does not go with a cursor");
}

static void
put_total(struct json *j, const struct finding_count *c)
{
	json_put_u64(j, "total", c->findings);
	json_put_bool(j, "total_exact", c->exact);
}

static void
say_list(struct request *rq, struct reply *rp, const struct filter *f,
	 struct finding_page *page)
{
	struct finding_count count = {.exact = false};
	struct json j;
	enum status st;

	reply_json(rp, 200, &j);
	json_map(&j);
	json_key(&j, "items");
	json_list(&j);
	st = q_findings_list(rq->db, f, page, put_row, &j);
	json_end(&j);
	if (st == ST_OK)
		st = q_findings_count(rq->db, f, &count);
	reply_next(rq, &j, LIST, page->next);
	put_total(&j, &count);
	if (query_find(&rq->query, "at") != NULL)
		json_put_u64(&j, "at", page->at);
	json_end(&j);
	if (st == ST_MALFORMED && page->cursor.len > 0)
		problem_say(rq, rp, 400,
			    "the cursor is of another filter or sort");
	else if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the findings");
	else
		reply_done(rq, rp, &j);
}

void
r_findings_list(struct request *rq, struct reply *rp)
{
	struct finding_page page = {.sort = SORT_RISK};
	struct problem p = {.status = 0};
	struct filter f;

	if (!serve_page(rq, rp, LIST, &page.limit, &page.cursor))
		return;
	read_sort(rq, &page, &p);
	if (filters_read(&rq->query, LIST_SKIP, &f, &p) != ST_OK)
		problem_reply(rq, rp, &p);
	else
		say_list(rq, rp, &f, &page);
}

/* ---- facets ------------------------------------------------------------- */

struct facet {
	struct json *j;
	bool words; /* the value is a word that reads well as a name */
	bool categories;
};

static void
put_name(struct json *j, struct span word)
{
	char text[64];

	if (str_copy(text, sizeof(text), word) != ST_OK || text[0] == '\0') {
		json_put_str(j, "name", word);
		return;
	}
	/* "false_positive" as "False positive" */
	if (text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 32);
	for (char *c = text; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	json_put_cstr(j, "name", text);
}

static enum status
put_facet(void *arg, const struct facet_row *r)
{
	struct facet *f = arg;

	json_map(f->j);
	json_put_str(f->j, "value", r->value);
	if (f->categories)
		json_put_str(f->j, "name", out_category(r->value));
	else if (f->words)
		put_name(f->j, r->value);
	else
		json_put_str(f->j, "name", r->title);
	json_put_u64(f->j, "count", r->findings);
	json_end(f->j);
	return ST_OK;
}

static enum status
put_facets(struct request *rq, struct json *j, const struct filter *filter)
{
	static const char *const dimensions[] = {
	    "risk", "type", "category", "target", "agent", "group", "state"};
	enum status st = ST_OK;

	for (size_t i = 0;
	     i < sizeof(dimensions) / sizeof(dimensions[0]) && st == ST_OK;
	     i++) {
		struct facet f = {
		    .j = j,
		    .words = i == 0 || i == 6,
		    .categories = i == 2,
		};

		json_key(j, dimensions[i]);
		json_list(j);
		st = q_findings_facet(rq->db, filter, dimensions[i], FACET_MAX,
				      put_facet, &f);
		json_end(j);
	}
	return st;
}

void
r_findings_facets(struct request *rq, struct reply *rp)
{
	struct problem p = {.status = 0};
	struct filter f;
	struct json j;
	enum status st;

	if (filters_read(&rq->query, "", &f, &p) != ST_OK) {
		problem_reply(rq, rp, &p);
		return;
	}
	reply_json(rp, 200, &j);
	json_map(&j);
	st = put_facets(rq, &j, &f);
	json_end(&j);
	if (st != ST_OK)
		reply_failed(rq, rp, st, "counting the findings");
	else
		reply_done(rq, rp, &j);
}

/* ---- bulk --------------------------------------------------------------- */

static bool
is_decision(struct span s)
{
	return str_is(s, "open") || str_is(s, "confirmed") ||
	       str_is(s, "false_positive");
}

static const struct field fields[] = {
    {"ids", FIELD_IDS, false, 1, 1000, 0, NULL, NULL},
    {"filter", FIELD_TEXT, false, 0, 8192, 0, NULL, NULL},
    {"state", FIELD_TEXT, true, 1, 32, 0, is_decision,
     "must be open, confirmed or false_positive"},
    {"expected_count", FIELD_INTEGER, false, 0, INT64_MAX, 0, NULL, NULL},
    {"dry_run", FIELD_BOOLEAN, false, 0, 0, 0, NULL, NULL},
};

struct bulk {
	const struct body *body;
	struct query query; /* of the filter text */
	struct filter filter;
	bool by_ids;
	uint64_t matched;
};

static bool
read_bulk(struct request *rq, struct reply *rp, struct bulk *k)
{
	struct problem p = {.status = 0};
	struct span text = body_text(k->body, "filter");

	k->by_ids = body_has(k->body, "ids");
	if (k->by_ids == body_has(k->body, "filter")) {
		problem_field(&p, "/filter", "either ids or filter is given");
	} else if (!k->by_ids) {
		if (query_parse(text, &rq->arena, &k->query) != ST_OK)
			problem_field(&p, "/filter", "is not well formed");
		else if (filters_read(&k->query, "", &k->filter, &p) != ST_OK)
			snprintf(p.detail, sizeof(p.detail),
				 "the filter is not valid");
	}
	if (p.count > 0)
		problem_reply(rq, rp, &p);
	return p.count == 0;
}

static void
put_bulk_args(struct json *j, const struct bulk *k)
{
	json_map(j);
	json_put_str(j, "state", body_text(k->body, "state"));
	if (k->by_ids) {
		json_key(j, "ids");
		json_list(j);
		for (size_t i = 0; i < body_count(k->body, "ids"); i++)
			json_u64(j,
				 body_parse_id(body_item(k->body, "ids", i)));
		json_end(j);
	} else {
		json_key(j, "filter");
		filters_json(&k->query, j);
	}
	if (body_has(k->body, "expected_count"))
		json_put_i64(j, "expected_count",
			     body_int(k->body, "expected_count", 0));
	json_end(j);
}

static void
say_bulk(struct request *rq, struct reply *rp, uint64_t matched,
	 uint64_t changed, bool dry)
{
	struct json j;

	reply_json(rp, 200, &j);
	json_map(&j);
	json_put_u64(&j, "matched", matched);
	json_put_u64(&j, "changed", changed);
	json_put_bool(&j, "dry_run", dry);
	json_end(&j);
	reply_done(rq, rp, &j);
}

static void
do_bulk(struct request *rq, struct reply *rp, const struct bulk *k)
{
	struct body *answer = NULL;
	struct buf args;
	struct json j;

	buf_init(&args, BODY_MAX);
	json_init(&j, &args);
	put_bulk_args(&j, k);
	if (json_done(&j) != ST_OK)
		reply_failed(rq, rp, ST_NOMEM, "changing the findings");
	else if (serve_ask(rq, rp, "finding.bulk", buf_span(&args), &answer))
		say_bulk(rq, rp, k->matched,
			 (uint64_t)body_int(answer, "changed", 0), false);
	body_close(answer);
	buf_fini(&args);
}

static enum status
count_matched(struct request *rq, struct bulk *k)
{
	struct finding_count c = {.findings = 0};
	enum status st;

	if (k->by_ids) {
		k->matched = body_count(k->body, "ids");
		return ST_OK;
	}
	st = q_findings_count(rq->db, &k->filter, &c);
	k->matched = c.findings;
	return st;
}

void
r_findings_bulk(struct request *rq, struct reply *rp)
{
	struct bulk k = {.by_ids = false};
	struct body *b = NULL;
	enum status st;

	if (!serve_body(rq, rp, fields, sizeof(fields) / sizeof(fields[0]), &b))
		return;
	k.body = b;
	if (read_bulk(rq, rp, &k)) {
		st = count_matched(rq, &k);
		if (st != ST_OK)
			reply_failed(rq, rp, st, "counting the findings");
		else if (body_bool(b, "dry_run", false))
			say_bulk(rq, rp, k.matched, 0, true);
		else
			do_bulk(rq, rp, &k);
	}
	body_close(b);
}
