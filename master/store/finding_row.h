#ifndef STORE_FINDING_ROW_H
#define STORE_FINDING_ROW_H

#include "master/store/q_findings.h"
#include "master/store/sql.h"

/* finding_row: the columns of a finding_row, for this room only. */
#define FINDING_COLUMNS                                                        \
	" f.id, f.target, ifnull(t.agent, 0), f.object, o.folder, f.scan,"     \
	" y.name, y.title, y.category, f.risk, f.state, f.level,"              \
	" f.confidence, f.matches, f.first_seen, f.last_seen, f.version,"      \
	" t.name, t.grp, o.path, o.size, o.mtime, o.mode, o.uid, o.gid,"       \
	" o.members, o.coverage, o.reason "
#define FINDING_COLUMN_COUNT 28

/* Behind a row source that has f; nothing of it can drop a row. */
#define FINDING_JOINS                                                          \
	" CROSS JOIN object o ON o.id = f.object"                              \
	" CROSS JOIN type y ON y.id = f.type"                                  \
	" CROSS JOIN target t ON t.id = f.target"

void finding_row_read(struct sql *q, struct finding_row *r);

/* Gives every row; ST_NOTFOUND when `want` and there is none. */
NODISCARD enum status finding_row_each(struct sql *q, finding_fn *fn, void *arg,
				       bool want);

#endif
