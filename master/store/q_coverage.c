#include "master/store/q_coverage.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "master/store/sql.h"

static enum status
give(struct sql *q, uint64_t skip, struct row_page *page, coverage_fn *fn,
     void *arg)
{
	uint32_t given = 0;
	enum status st;

	while ((st = sql_step(q)) == ST_OK) {
		struct coverage_row row = {
		    .task = sql_get_num(q, 0),
		    .target = sql_get_num(q, 1),
		    .target_name = sql_get_span(q, 2),
		    .path = sql_get_span(q, 3),
		    .place = sql_get_span(q, 4),
		    .coverage = (uint8_t)sql_get(q, 5),
		    .reason = (uint8_t)sql_get(q, 6),
		    .size = sql_get_num(q, 7),
		    .read = sql_get_num(q, 8),
		};

		if (given == page->limit) {
			snprintf(page->next, CURSOR_TEXT_MAX, "%" PRIu64,
				 skip + given);
			break;
		}
		given++;
		st = fn(arg, &row);
		if (st != ST_OK)
			break;
	}
	return st == ST_EOF ? ST_OK : st;
}

/* The cursor is a row number: a path may be too long for one. */
enum status
q_coverage_list(struct store *s, uint64_t scan, int reason,
		struct row_page *page, coverage_fn *fn, void *arg)
{
	uint64_t skip = 0;
	struct sql q;
	enum status st;

	page->next[0] = '\0';
	if (page->cursor.len > 0 &&
	    str_to_u64(page->cursor, 1, INT64_MAX, &skip) != ST_OK)
		return ST_MALFORMED;
	sql_open(&q, s,
		 "SELECT c.task, k.target, t.name, c.path, c.place, c.coverage,"
		 " c.reason, c.size, c.read FROM task k"
		 " CROSS JOIN coverage c ON c.task = k.id"
		 " CROSS JOIN target t ON t.id = k.target"
		 " WHERE k.scan = ?1 AND (?2 < 0 OR c.reason = ?2)"
		 " ORDER BY k.id, c.path, c.place LIMIT ?3 OFFSET ?4");
	sql_num(&q, scan);
	sql_int(&q, reason);
	sql_int(&q, (int64_t)page->limit + 1);
	sql_num(&q, skip);
	st = give(&q, skip, page, fn, arg);
	sql_close(&q);
	return st;
}

static void
read_total(struct sql *q, struct coverage_total_row *r)
{
	*r = (struct coverage_total_row){
	    .coverage = (uint8_t)sql_get(q, 0),
	    .reason = (uint8_t)sql_get(q, 1),
	    .rows = sql_get_num(q, 2),
	};
}

SQL_EACH(coverage_total, read_total)

enum status
q_coverage_totals(struct store *s, uint64_t scan, coverage_total_fn *fn,
		  void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 "SELECT c.coverage, c.reason, sum(c.rows) FROM task k"
		 " JOIN coverage_total c ON c.task = k.id WHERE k.scan = ?"
		 " GROUP BY 1, 2 ORDER BY 3 DESC");
	sql_num(&q, scan);
	return coverage_total_each(&q, fn, arg);
}
