#include "master/store/node_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
node_row_group(struct sql *q, struct node_row *r)
{
	*r = (struct node_row){
	    .kind = NODE_GROUP,
	    .name = sql_get_span(q, 0),
	    .findings = sql_get_num(q, 1),
	    .critical = sql_get_num(q, 2),
	    .matches = sql_get_num(q, 3),
	    .children = true,
	    .scanned = sql_get(q, 4),
	};
}

void
node_row_target(struct sql *q, struct node_row *r)
{
	*r = (struct node_row){
	    .kind = NODE_TARGET,
	    .name = sql_get_span(q, 1),
	    .findings = sql_get_num(q, 2),
	    .critical = sql_get_num(q, 3),
	    .matches = sql_get_num(q, 4),
	    .children = sql_get(q, 9) != 0,
	    .target = sql_get_num(q, 0),
	    .agent = sql_get_num(q, 6),
	    .state = (uint8_t)sql_get(q, 7),
	    .online = sql_get(q, 8) != 0,
	    .scanned = sql_get(q, 5),
	    .url = sql_get_span(q, 10),
	    .message = sql_get_span(q, 11),
	};
	snprintf(r->id, sizeof(r->id), "t:%" PRIu64, r->target);
}

/* The name is what the parent's path does not have, a slash less. */
void
node_row_folder(struct sql *q, struct node_row *r)
{
	struct span path = sql_get_span(q, 2);
	size_t cut = (size_t)sql_get_num(q, 6) + 1;

	*r = (struct node_row){
	    .kind = NODE_FOLDER,
	    .name = path.len > cut ? span_skip(path, cut) : path,
	    .path = path,
	    .findings = sql_get_num(q, 3),
	    .critical = sql_get_num(q, 4),
	    .matches = sql_get_num(q, 5),
	    .children = true,
	    .target = sql_get_num(q, 1),
	};
	snprintf(r->id, sizeof(r->id), "d:%" PRIu64, sql_get_num(q, 0));
}

void
node_row_object(struct sql *q, struct node_row *r)
{
	struct span path = sql_get_span(q, 2), name = path;
	const uint8_t *slash =
	    path.len == 0 ? NULL : memrchr(path.ptr, '/', path.len);

	if (slash != NULL)
		name = span_skip(path, (size_t)(slash - path.ptr) + 1);
	*r = (struct node_row){
	    .kind = NODE_OBJECT,
	    .name = name,
	    .path = path,
	    .findings = sql_get_num(q, 3),
	    .critical = sql_get_num(q, 4),
	    .matches = sql_get_num(q, 5),
	    .target = sql_get_num(q, 1),
	    .coverage = (uint8_t)sql_get(q, 6),
	    .reason = (uint8_t)sql_get(q, 7),
	};
	snprintf(r->id, sizeof(r->id), "o:%" PRIu64, sql_get_num(q, 0));
}
