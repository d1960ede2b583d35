#ifndef STORE_PLAN_H
#define STORE_PLAN_H

#include "master/store/filter_sql.h"
#include "master/store/q_findings.h"

/*
 * plan: which index a list of findings is read from; for this room only.
 * SQLite keeps no statistics here that would tell it, and a wrong guess reads
 * millions of rows: so the choice is a table, and is named in the query. A text
 * in the path is looked for in objects first: when few have it, the findings of
 * these are read, when many, findings are read in order until a page is full.
 */
struct plan {
	size_t row;           /* of the table in plan.c */
	const char *from;     /* tables with f, and o when needed */
	enum filter_field by; /* the term that the index begins with */
	const struct filter_term *term; /* of it, or NULL */
	struct buf hits;                /* ids of objects, bound in `from` */
};

/* plan_close() always. */
NODISCARD enum status plan_open(struct store *s, const struct filter *f,
				enum finding_sort sort, struct plan *out);
void plan_close(struct plan *p);

/* "FROM ... WHERE ..." with the condition that lets the index be used; the
 * filter says it once more. */
void plan_from(const struct plan *p, struct clause *c);

#endif
