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

void
plan_choose(const struct filter *f, enum finding_sort sort, struct plan *out)
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
		out->from = filter_has(f, FIELD_Q) ? table[i].with_object
						   : table[i].plain;
		out->row = i;
		out->by = table[i].by;
		out->term = term;
		return;
	}
}

void
plan_where(const struct plan *p, struct clause *c)
{
	if (p->term == NULL)
		return;
	clause_add(c, table[p->row].where);
	if (p->by == FIELD_TYPE)
		clause_text(c, p->term->text);
	else
		clause_int(c, p->term->number);
}
