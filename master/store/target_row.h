#ifndef STORE_TARGET_ROW_H
#define STORE_TARGET_ROW_H

#include "master/store/q_targets.h"
#include "master/store/sql.h"

/* target_row: one target as it is read, wherever it is asked for. */
#define TARGET_COLUMNS                                                         \
	"SELECT id, ifnull(agent, 0), kind, name, grp, created, scanned,"      \
	" findings, critical, matches FROM target"

static inline void
target_row_read(struct sql *q, struct target_row *r)
{
	*r = (struct target_row){
	    .id = sql_get_num(q, 0),
	    .agent = sql_get_num(q, 1),
	    .kind = sql_get_span(q, 2),
	    .name = sql_get_span(q, 3),
	    .group = sql_get_span(q, 4),
	    .created = sql_get(q, 5),
	    .scanned = sql_get(q, 6),
	    .findings = sql_get_num(q, 7),
	    .critical = sql_get_num(q, 8),
	    .matches = sql_get_num(q, 9),
	};
}

#endif
