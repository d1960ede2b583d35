#include <string.h>

#include "master/store/q_ingest.h"
#include "master/store/sql.h"

/* What a sweep asks at the end of a task. */
#define STALE_COLUMNS                                                          \
	"SELECT f.id, f.object, f.target, o.folder, f.task, f.scan, f.type,"   \
	" f.state, f.risk, f.level, f.confidence, f.matches, f.first_seen,"    \
	" f.last_seen, o.path, y.name, o.task, o.coverage"                     \
	" FROM object o CROSS JOIN finding f ON f.object = o.id"               \
	" CROSS JOIN type y ON y.id = f.type WHERE o.target = ?1"              \
	" AND o.path >= ?2 AND (o.path > ?2 OR f.id > ?3)"                     \
	" AND f.task <> ?4 AND f.state <> 4"                                   \
	" AND (?5 = 0 OR (o.task = ?4 AND o.coverage = 1))"

static void
read_stale(struct sql *q, uint64_t task, struct stale_row *r)
{
	*r = (struct stale_row){
	    .finding = {.id = sql_get_num(q, 0),
			.object = sql_get_num(q, 1),
			.target = sql_get_num(q, 2),
			.folder = sql_get_num(q, 3),
			.task = sql_get_num(q, 4),
			.scan = sql_get_num(q, 5),
			.type = (uint32_t)sql_get(q, 6),
			.state = (uint8_t)sql_get(q, 7),
			.risk = (uint8_t)sql_get(q, 8),
			.level = (uint8_t)sql_get(q, 9),
			.confidence = (uint8_t)sql_get(q, 10),
			.matches = sql_get_num(q, 11),
			.first_seen = sql_get(q, 12),
			.last_seen = sql_get(q, 13)},
	    .path = sql_get_span(q, 14),
	    .type = sql_get_span(q, 15),
	    .met = sql_get_num(q, 16) == task,
	    .coverage = (uint8_t)sql_get(q, 17),
	};
}

/*
 * Below the root "/a" lie "/a" itself and what begins with "/a/": a range from
 * "/a" to before "/a0" that also has "/a-b" in it: that one is not below.
 */
static bool
is_below(struct span path, struct span root)
{
	if (path.len < root.len ||
	    (root.len > 0 && memcmp(path.ptr, root.ptr, root.len) != 0))
		return false;
	return path.len == root.len || path.ptr[root.len] == '/' ||
	       root.len == 0;
}

/* The first bytes behind everything below the root. */
struct root_end {
	uint8_t bytes[STALE_ROOT_MAX + 1];
	size_t len;
};

static enum status
end_of(struct span root, struct root_end *end)
{
	if (root.len > STALE_ROOT_MAX)
		return ST_LIMIT;
	if (root.len > 0)
		memcpy(end->bytes, root.ptr, root.len);
	end->bytes[root.len] = '0';
	end->len = root.len + 1;
	return ST_OK;
}

enum status
q_stale(struct store *s, const struct stale_query *ask, stale_fn *fn, void *arg)
{
	struct stale_row row;
	struct root_end end;
	struct sql q;
	enum status st = end_of(ask->root, &end);

	if (st != ST_OK)
		return st;
	sql_open(&q, s,
		 STALE_COLUMNS " AND (?6 = x'30' OR o.path < ?6)"
			       " ORDER BY o.path, f.id LIMIT ?7");
	sql_num(&q, ask->target);
	sql_blob(&q, ask->after.len > 0 ? ask->after : ask->root);
	sql_num(&q, ask->after_id);
	sql_num(&q, ask->task);
	sql_int(&q, ask->only_met);
	sql_blob(&q, span_of(end.bytes, end.len));
	sql_int(&q, ask->limit);
	while ((st = sql_step(&q)) == ST_OK) {
		read_stale(&q, ask->task, &row);
		row.below = is_below(row.path, ask->root);
		st = fn(arg, &row);
		if (st != ST_OK)
			break;
	}
	sql_close(&q);
	return st == ST_EOF ? ST_OK : st;
}

enum status
q_coverage_of(struct store *s, uint64_t task, struct span path,
	      uint8_t *coverage, uint8_t *reason)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "SELECT coverage, reason FROM ledger"
		 " WHERE task = ? AND path = ? AND number = 0");
	sql_num(&q, task);
	sql_blob(&q, path);
	st = sql_step(&q);
	*coverage = *reason = 0;
	if (st == ST_OK) {
		*coverage = (uint8_t)sql_get(&q, 0);
		*reason = (uint8_t)sql_get(&q, 1);
	}
	sql_close(&q);
	return st == ST_EOF ? ST_OK : st;
}
