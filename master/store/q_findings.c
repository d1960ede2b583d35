#include "master/store/q_findings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "master/store/filter_sql.h"
#include "master/store/finding_row.h"
#include "master/store/plan.h"

enum status
finding_sort_parse(struct span text, enum finding_sort *sort, bool *reverse)
{
	static const char *const words[] = {
	    [SORT_RISK] = "risk",
	    [SORT_MATCHES] = "matches",
	    [SORT_PATH] = "path",
	    [SORT_FOUND] = "found",
	};
	bool minus = text.len > 0 && text.ptr[0] == '-';

	if (minus)
		text = span_skip(text, 1);
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (span_eq(span_str(words[i]), text)) {
			*sort = i;
			*reverse = minus;
			return ST_OK;
		}
	return ST_MALFORMED;
}

/* ---- cursor: sort, direction, filter, values of the last row, its id ------
 */

struct place {
	uint64_t risk, matches, id;
};

static void
cursor_write(const struct filter *f, struct finding_page *page,
	     const struct place *p)
{
	snprintf(page->next, sizeof(page->next),
		 "%u%c%08" PRIx32 ".%" PRIu64 ".%" PRIu64 ".%" PRIu64,
		 (unsigned)page->sort, page->reverse ? 'r' : 'f',
		 filter_hash(f), p->risk, p->matches, p->id);
}

static enum status
cursor_read(const struct filter *f, const struct finding_page *page,
	    struct place *p)
{
	uint64_t *const parts[] = {&p->risk, &p->matches, &p->id};
	char head[32];
	struct span rest = page->cursor, part;
	int n =
	    snprintf(head, sizeof(head), "%u%c%08" PRIx32, (unsigned)page->sort,
		     page->reverse ? 'r' : 'f', filter_hash(f));

	if (n < 0 || !str_next(&rest, '.', &part) ||
	    !span_eq(part, span_of(head, (size_t)n)))
		return ST_MALFORMED;
	for (size_t i = 0; i < 3; i++)
		if (!str_next(&rest, '.', &part) ||
		    str_to_u64(part, 0, INT64_MAX, parts[i]) != ST_OK)
			return ST_MALFORMED;
	return rest.len == 0 ? ST_OK : ST_MALFORMED;
}

/* ---- rows behind a place, by sort and direction ---------------------------
 */

static void
behind_risk(struct clause *c, const struct place *p, bool reverse)
{
	clause_add(c, reverse ? " AND f.risk <= ? AND (f.risk < ? OR (f.risk ="
				" ? AND (f.matches > ? OR (f.matches = ? AND"
				" f.id < ?))))"
			      : " AND f.risk >= ? AND (f.risk > ? OR (f.risk ="
				" ? AND (f.matches < ? OR (f.matches = ? AND"
				" f.id > ?))))");
	for (int i = 0; i < 3; i++)
		clause_int(c, (int64_t)p->risk);
	for (int i = 0; i < 2; i++)
		clause_int(c, (int64_t)p->matches);
	clause_int(c, (int64_t)p->id);
}

static void
behind_matches(struct clause *c, const struct place *p, bool reverse)
{
	clause_add(c, reverse ? " AND (f.matches, f.id) < (?, ?)"
			      : " AND (f.matches, f.id) > (?, ?)");
	clause_int(c, (int64_t)p->matches);
	clause_int(c, (int64_t)p->id);
}

static void
behind_found(struct clause *c, const struct place *p, bool reverse)
{
	clause_add(c, reverse ? " AND f.id < ?" : " AND f.id > ?");
	clause_int(c, (int64_t)p->id);
}

/* A path never changes: the id of the last row says where it stood. */
#define AT_ROW(column)                                                         \
	"(SELECT " column " FROM finding g JOIN object p ON p.id = g.object"   \
	" WHERE g.id = ?)"

static void
behind_path(struct clause *c, const struct place *p, bool reverse)
{
	clause_add(
	    c,
	    reverse
		? " AND (o.target, o.path) <= (" AT_ROW("p.target") ", " AT_ROW(
		      "p.path") ")"
				" AND ((o.target, o.path) <> (" AT_ROW(
				    "p.target") ", " AT_ROW("p.path") ")"
								      " OR "
								      "f.type "
								      "<"
								      " " AT_ROW(
									  "g."
									  "typ"
									  "e") ")"
		: " AND (o.target, o.path) >= (" AT_ROW("p.target") ", " AT_ROW(
		      "p.path") ")"
				" AND ((o.target, o.path) <> (" AT_ROW(
				    "p.target") ", " AT_ROW("p.path") ")"
								      " OR "
								      "f.type "
								      ">"
								      " " AT_ROW(
									  "g."
									  "typ"
									  "e") ")");
	for (int i = 0; i < 5; i++)
		clause_int(c, (int64_t)p->id);
}

static void
behind(struct clause *c, const struct finding_page *page, const struct place *p)
{
	switch (page->sort) {
	case SORT_RISK:
		behind_risk(c, p, page->reverse);
		break;
	case SORT_MATCHES:
		behind_matches(c, p, page->reverse);
		break;
	case SORT_PATH:
		behind_path(c, p, page->reverse);
		break;
	case SORT_FOUND:
		behind_found(c, p, page->reverse);
		break;
	}
}

static const char *
order_by(enum finding_sort sort, bool reverse)
{
	static const char *const orders[][2] = {
	    [SORT_RISK] = {" ORDER BY f.risk, f.matches DESC, f.id",
			   " ORDER BY f.risk DESC, f.matches, f.id DESC"},
	    [SORT_MATCHES] = {" ORDER BY f.matches, f.id",
			      " ORDER BY f.matches DESC, f.id DESC"},
	    [SORT_PATH] = {" ORDER BY o.target, o.path, f.type",
			   " ORDER BY o.target DESC, o.path DESC,"
			   " f.type DESC"},
	    [SORT_FOUND] = {" ORDER BY f.id", " ORDER BY f.id DESC"},
	};

	return orders[sort][reverse];
}

struct taker {
	finding_fn *fn;
	void *arg;
	uint32_t left;      /* rows that may still be given */
	struct place place; /* of the last that was */
	bool more;
};

static enum status
take(void *arg, const struct finding_row *row)
{
	struct taker *t = arg;

	if (t->left == 0) {
		t->more = true;
		return ST_EOF;
	}
	t->left--;
	t->place = (struct place){row->risk, row->matches, row->id};
	return t->fn(t->arg, row);
}

/*
 * Ids first, in order and from an index as far as it goes, then the rows of
 * these few: what is passed over by `at` costs no look at objects.
 */
static void
build(struct clause *c, const struct plan *plan, const struct filter *f,
      const struct finding_page *page, const struct place *place)
{
	clause_add(c, "SELECT" FINDING_COLUMNS "FROM (SELECT f.id AS id");
	plan_from(plan, c);
	filter_clause(c, f, FIELD_NONE);
	if (place != NULL)
		behind(c, page, place);
	clause_add(c, order_by(page->sort, page->reverse));
	clause_add(c, " LIMIT ? OFFSET ?) n CROSS JOIN finding f ON f.id = "
		      "n.id" FINDING_JOINS);
	clause_int(c, (int64_t)page->limit + 1);
	clause_int(c, place == NULL ? (int64_t)(page->at & INT64_MAX) : 0);
	clause_add(c, order_by(page->sort, page->reverse));
}

enum status
q_findings_list(struct store *s, const struct filter *f,
		struct finding_page *page, finding_fn *fn, void *arg)
{
	struct taker taker = {.fn = fn, .arg = arg, .left = page->limit};
	struct place place = {0};
	struct plan plan;
	struct clause c;
	struct sql q;
	enum status st = ST_OK;

	page->next[0] = '\0';
	if (page->cursor.len > 0)
		st = cursor_read(f, page, &place);
	if (st != ST_OK)
		return st;
	st = plan_open(s, f, page->sort, &plan);
	if (st == ST_OK) {
		clause_init(&c);
		build(&c, &plan, f, page, page->cursor.len > 0 ? &place : NULL);
		clause_open(&c, s, &q);
		st = finding_row_each(&q, take, &taker, false);
		clause_fini(&c);
	}
	plan_close(&plan);
	if ((st == ST_OK || st == ST_EOF) && taker.more)
		cursor_write(f, page, &taker.place);
	return st == ST_EOF ? ST_OK : st;
}

enum status
q_finding_get(struct store *s, uint64_t id, finding_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 "SELECT" FINDING_COLUMNS "FROM finding f" FINDING_JOINS
		 " WHERE f.id = ?");
	sql_num(&q, id);
	return finding_row_each(&q, fn, arg, true);
}

enum status
q_finding_siblings(struct store *s, uint64_t object, uint32_t limit,
		   finding_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 "SELECT" FINDING_COLUMNS "FROM finding f" FINDING_JOINS
		 " WHERE f.object = ? ORDER BY f.risk, f.matches DESC LIMIT ?");
	sql_num(&q, object);
	sql_int(&q, limit);
	return finding_row_each(&q, fn, arg, false);
}
