#ifndef STORE_NODE_ROW_H
#define STORE_NODE_ROW_H

#include "master/store/q_targets.h"
#include "master/store/sql.h"

/* node_row: each kind of node of the tree: its columns and their reader. */
typedef void node_row_fn(struct sql *q, struct node_row *r);

node_row_fn node_row_group, node_row_target, node_row_folder, node_row_object;

#define NODE_GROUP_COLUMNS                                                     \
	"SELECT grp, sum(findings), sum(critical), sum(matches), max(scanned)" \
	" FROM target"

#define NODE_TARGET_COLUMNS                                                    \
	"SELECT t.id, t.name, t.findings, t.critical, t.matches, t.scanned,"   \
	" ifnull(t.agent, 0), ifnull(a.state, 4), ifnull(a.online, 0),"        \
	" EXISTS (SELECT 1 FROM folder d WHERE d.target = t.id), t.url,"       \
	" CASE WHEN t.url <> '' THEN (SELECT CASE WHEN k.state IN (1, 6)"      \
	"  THEN k.message ELSE '' END FROM task k WHERE k.target = t.id"       \
	"  ORDER BY k.id DESC LIMIT 1) ELSE '' END"                            \
	" FROM target t LEFT JOIN agent a ON a.id = t.agent"

#define NODE_FOLDER_COLUMNS                                                    \
	"SELECT d.id, d.target, d.path, d.findings, d.critical, d.matches,"    \
	" ifnull(length(p.path), 0)"                                           \
	" FROM folder d LEFT JOIN folder p ON p.id = d.parent"

#define NODE_OBJECT_COLUMNS                                                    \
	"SELECT o.id, o.target, o.path,"                                       \
	" (SELECT count(*) FROM finding WHERE object = o.id"                   \
	"  AND state IN (1, 2)),"                                              \
	" (SELECT count(*) FROM finding WHERE object = o.id"                   \
	"  AND state IN (1, 2) AND risk = 1),"                                 \
	" (SELECT ifnull(sum(matches), 0) FROM finding WHERE object = o.id"    \
	"  AND state IN (1, 2)), o.coverage, o.reason FROM object o"

#endif
