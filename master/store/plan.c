#include "master/store/plan.h"

#define WITH_OBJECT " CROSS JOIN object o ON o.id = f.object"

/*
 * First row that fits: the sort, and the one term that the index begins with
 * (FIELD_NONE: none). Every index on finding ends with risk and matches, so
 * that a page by risk is read in order and stops after its last row. Terms
 * that mean few rows stand first; their rows are sorted when need be.
 */
static const struct {
	unsigned sorts; /* bits */
	enum filter_field by;
	const char *plain, *with_object;
	const char *where;
} table[] = {
#define BIT(s)   (1U << (s))
#define ANY_SORT (BIT(SORT_RISK) | BIT(SORT_MATCHES) | BIT(SORT_FOUND))
#define FROM(index)                                                            \
	"finding f INDEXED BY " index, "finding f INDEXED BY " index WITH_OBJECT
    {ANY_SORT | BIT(SORT_PATH), FIELD_OBJECT,
     "finding f INDEXED BY sqlite_autoindex_finding_1" WITH_OBJECT,
     "finding f INDEXED BY sqlite_autoindex_finding_1" WITH_OBJECT,
     " AND f.object = ?"},
    {ANY_SORT, FIELD_SCAN, FROM("finding_scan"), " AND f.scan = ?"},
    {ANY_SORT, FIELD_TARGET, FROM("finding_target"), " AND f.target = ?"},
    {BIT(SORT_RISK), FIELD_TYPE, FROM("finding_type"),
     " AND f.type = (SELECT id FROM type WHERE name = ?)"},
    {BIT(SORT_RISK), FIELD_STATE, FROM("finding_state"), " AND f.state = ?"},
    {BIT(SORT_RISK), FIELD_NONE, FROM("finding_risk"), ""},
    {BIT(SORT_MATCHES), FIELD_NONE, FROM("finding_matches"), ""},
    {BIT(SORT_FOUND), FIELD_NONE, "finding f NOT INDEXED",
     "finding f NOT INDEXED" WITH_OBJECT, ""},
#define BY_PATH                                                                \
	"object o INDEXED BY sqlite_autoindex_object_1"                        \
	" CROSS JOIN finding f ON f.object = o.id"
    {BIT(SORT_PATH), FIELD_TARGET, BY_PATH, BY_PATH, " AND o.target = ?"},
    {BIT(SORT_PATH), FIELD_NONE, BY_PATH, BY_PATH, ""},
#undef BY_PATH
#undef FROM
#undef ANY_SORT
#undef BIT
};

static void
choose(const struct filter *f, enum finding_sort sort, struct plan *out)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct filter_term *term = NULL;

		if ((table[i].sorts & (1U << sort)) == 0)
			continue;
		if (table[i].by != FIELD_NONE) {
			term = filter_only(f, table[i].by);
			if (term == NULL)
				continue;
		}
		out->row = i;
		out->from = filter_has(f, FIELD_Q) ? table[i].with_object
						   : table[i].plain;
		out->by = table[i].by;
		out->term = term;
		return;
	}
}

#define HITS_MAX  5000 /* objects; with more a page is soon full */
#define HITS_TEXT (HITS_MAX * 21 + 16)

static enum status
count_targets(struct store *s, const struct filter *f, int64_t *n)
{
	struct clause c;
	struct sql q;
	enum status st;

	clause_init(&c);
	clause_add(&c, "SELECT count(*) FROM target t WHERE t.name LIKE ?"
		       " ESCAPE '\\'");
	filter_like(&c, filter_only(f, FIELD_Q)->text);
	clause_open(&c, s, &q);
	st = sql_number(&q, n);
	clause_fini(&c);
	return st;
}

/* Ids of the objects whose path has the text, as a JSON list. */
static enum status
list_hits(struct store *s, const struct filter *f, struct buf *to, size_t *n)
{
	struct clause c;
	struct sql q;
	enum status st, said = ST_OK;

	clause_init(&c);
	clause_add(&c, "SELECT id FROM object o NOT INDEXED WHERE"
		       " CAST(o.path AS TEXT) LIKE ? ESCAPE '\\' LIMIT ?");
	filter_like(&c, filter_only(f, FIELD_Q)->text);
	clause_int(&c, HITS_MAX);
	clause_open(&c, s, &q);
	while (said == ST_OK && (st = sql_step(&q)) == ST_OK) {
		said = buf_addf(to, "%c%lld", *n == 0 ? '[' : ',',
				(long long)sql_get(&q, 0));
		(*n)++;
	}
	sql_close(&q);
	clause_fini(&c);
	if (said != ST_OK || st != ST_EOF)
		return said != ST_OK ? said : st;
	return buf_add_str(to, *n == 0 ? "[]" : "]");
}

enum status
plan_open(struct store *s, const struct filter *f, enum finding_sort sort,
	  struct plan *out)
{
	int64_t targets = 0;
	size_t n = 0;
	enum status st;

	*out = (struct plan){.by = FIELD_NONE};
	buf_init(&out->hits, HITS_TEXT);
	choose(f, sort, out);
	/* A term that means few rows already is better than a search. */
	if (filter_only(f, FIELD_Q) == NULL || out->by == FIELD_OBJECT ||
	    out->by == FIELD_TARGET)
		return ST_OK;
	st = count_targets(s, f, &targets);
	if (st != ST_OK || targets > 0)
		return st;
	st = list_hits(s, f, &out->hits, &n);
	if (st != ST_OK || n == HITS_MAX) {
		buf_clear(&out->hits);
		return st;
	}
	out->term = NULL;
	out->from = "json_each(?) h CROSS JOIN finding f"
		    " INDEXED BY sqlite_autoindex_finding_1"
		    " ON f.object = h.value" WITH_OBJECT;
	return ST_OK;
}

void
plan_close(struct plan *p)
{
	buf_fini(&p->hits);
}

void
plan_from(const struct plan *p, struct clause *c)
{
	clause_add(c, " FROM ");
	clause_add(c, p->from);
	if (p->hits.len > 0)
		clause_text(c, buf_span(&p->hits));
	clause_add(c, " WHERE 1");
	if (p->term == NULL)
		return;
	clause_add(c, table[p->row].where);
	if (p->by == FIELD_TYPE)
		clause_text(c, p->term->text);
	else
		clause_int(c, p->term->number);
}
