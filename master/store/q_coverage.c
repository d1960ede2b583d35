#include "master/store/q_coverage.h"

#include "master/store/sql.h"
#include "model/object.h"

/*
 * ?1 scan, ?2 target or 0, ?3 reason, ?4 limit; behind the place of task ?5,
 * path ?6 and number ?7, without the first ?8 rows there.
 */
#define ROWS                                                                   \
	"SELECT l.task, k.scan, k.target, ifnull(k.agent, 0), t.name, l.path," \
	" l.number, l.place, l.coverage, l.reason, l.parser, l.detail,"        \
	" l.size, l.read, l.folder, l.members, l.members_partial,"             \
	" l.members_unread, l.places FROM task k"                              \
	" CROSS JOIN ledger l ON l.task = k.id"                                \
	" CROSS JOIN target t ON t.id = k.target"                              \
	" WHERE k.scan = ?1 AND (?2 = 0 OR k.target = ?2) AND k.id >= ?5"      \
	" AND l.path >= CASE WHEN k.id = ?5 THEN ?6 ELSE x'' END"              \
	" AND (k.id > ?5 OR l.path > ?6 OR l.number > ?7)"
#define IN_ORDER " ORDER BY k.id, l.path, l.number LIMIT ?4 OFFSET ?8"

static const char any_reason[] = ROWS " AND ?3 < 0" IN_ORDER;
static const char one_reason[] = ROWS " AND l.reason = ?3" IN_ORDER;

static void
read_row(struct sql *q, struct coverage_row *r)
{
	*r = (struct coverage_row){
	    .task = sql_get_num(q, 0),
	    .scan = sql_get_num(q, 1),
	    .target = sql_get_num(q, 2),
	    .agent = sql_get_num(q, 3),
	    .target_name = sql_get_span(q, 4),
	    .path = sql_get_span(q, 5),
	    .number = (uint32_t)sql_get(q, 6),
	    .place = sql_get_span(q, 7),
	    .coverage = (uint8_t)sql_get(q, 8),
	    .reason = (uint8_t)sql_get(q, 9),
	    .parser = sql_get_span(q, 10),
	    .detail = sql_get_span(q, 11),
	    .size = sql_get_num(q, 12),
	    .read = sql_get_num(q, 13),
	    .folder = sql_get(q, 14) != 0,
	    .members = sql_get_num(q, 15),
	    .members_partial = sql_get_num(q, 16),
	    .members_unread = sql_get_num(q, 17),
	    .places = sql_get_num(q, 18),
	};
}

SQL_EACH(coverage, read_row)

static void
open_rows(struct sql *q, struct store *s, const struct coverage_ask *ask,
	  int64_t limit, const struct place *from)
{
	sql_open(q, s, ask->reason < 0 ? any_reason : one_reason);
	sql_num(q, ask->scan);
	sql_num(q, ask->target);
	sql_int(q, ask->reason);
	sql_int(q, limit);
	sql_num(q, from->task);
	sql_blob(q, span_of(from->path, from->len));
	sql_int(q, from->number);
	sql_num(q, from->skip);
}

static enum status
give(struct sql *q, struct place *at, struct coverage_page *page,
     coverage_fn *fn, void *arg)
{
	uint32_t given = 0;
	enum status st;

	while ((st = sql_step(q)) == ST_OK) {
		struct coverage_row row;

		if (given++ == page->limit) {
			place_write(at, page->next);
			break;
		}
		read_row(q, &row);
		place_move(at, row.task, row.path, row.number);
		st = fn(arg, &row);
		if (st != ST_OK)
			break;
	}
	return st == ST_EOF ? ST_OK : st;
}

enum status
q_coverage_list(struct store *s, const struct coverage_ask *ask,
		struct coverage_page *page, coverage_fn *fn, void *arg)
{
	struct place from = {.task = 0}, at;
	struct sql q;
	enum status st = ST_OK;

	page->next[0] = '\0';
	if (page->cursor.len > 0)
		st = place_read(page->cursor, &from);
	if (st != ST_OK)
		return st;
	at = from; /* the query looks at `from` until it is closed */
	open_rows(&q, s, ask, (int64_t)page->limit + 1, &from);
	st = give(&q, &at, page, fn, arg);
	sql_close(&q);
	return st;
}

enum status
q_coverage_each(struct store *s, const struct coverage_ask *ask,
		coverage_fn *fn, void *arg)
{
	const struct place start = {.task = 0};
	struct sql q;

	open_rows(&q, s, ask, INT64_MAX, &start);
	return coverage_each(&q, fn, arg);
}

/* ---- totals --------------------------------------------------------------
 */

static void
read_total(struct sql *q, struct coverage_total_row *r)
{
	*r = (struct coverage_total_row){
	    .coverage = (uint8_t)sql_get(q, 0),
	    .reason = (uint8_t)sql_get(q, 1),
	    .objects = sql_get_num(q, 2),
	    .places = sql_get_num(q, 3),
	    .bytes = sql_get_num(q, 4),
	};
}

SQL_EACH(coverage_total, read_total)

enum status
q_coverage_totals(struct store *s, const struct coverage_ask *ask,
		  coverage_total_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 "SELECT c.coverage, c.reason, sum(c.objects), sum(c.places),"
		 " sum(c.bytes) FROM task k"
		 " JOIN ledger_total c ON c.task = k.id"
		 " WHERE k.scan = ?1 AND (?2 = 0 OR k.target = ?2)"
		 " GROUP BY 1, 2 ORDER BY 4 DESC, 2, 1");
	sql_num(&q, ask->scan);
	sql_num(&q, ask->target);
	return coverage_total_each(&q, fn, arg);
}

static enum status
note_places(void *arg, const struct coverage_total_row *r)
{
	struct coverage_sum *sum = arg;

	if (cover_counts(r->reason))
		sum->places += r->places;
	else
		sum->left_out += r->places;
	return ST_OK;
}

/* outcome 1: walked to its end. */
static enum status
sum_tasks(struct store *s, const struct coverage_ask *ask,
	  struct coverage_sum *out)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "SELECT count(*), ifnull(sum(outcome = 1), 0),"
		 " ifnull(sum(objects), 0), ifnull(sum(full), 0),"
		 " ifnull(sum(partial), 0), ifnull(sum(unread), 0),"
		 " ifnull(sum(folders), 0), ifnull(sum(bytes), 0),"
		 " ifnull(sum(unread_bytes), 0), ifnull(sum(members), 0),"
		 " ifnull(sum(members_partial), 0),"
		 " ifnull(sum(members_unread), 0),"
		 " ifnull(sum(unchanged), 0), ifnull(sum(rested_ms), 0)"
		 " FROM task"
		 " WHERE scan = ?1 AND (?2 = 0 OR target = ?2)");
	sql_num(&q, ask->scan);
	sql_num(&q, ask->target);
	st = sql_step(&q);
	if (st == ST_OK)
		*out = (struct coverage_sum){
		    .tasks = sql_get_num(&q, 0),
		    .done = sql_get_num(&q, 1),
		    .objects = sql_get_num(&q, 2),
		    .full = sql_get_num(&q, 3),
		    .partial = sql_get_num(&q, 4),
		    .unread = sql_get_num(&q, 5),
		    .folders = sql_get_num(&q, 6),
		    .bytes = sql_get_num(&q, 7),
		    .unread_bytes = sql_get_num(&q, 8),
		    .members = sql_get_num(&q, 9),
		    .members_partial = sql_get_num(&q, 10),
		    .members_unread = sql_get_num(&q, 11),
		    .unchanged = sql_get_num(&q, 12),
		    .rested_ms = sql_get_num(&q, 13),
		};
	sql_close(&q);
	return st == ST_EOF ? ST_NOTFOUND : st;
}

enum status
q_coverage_sum(struct store *s, const struct coverage_ask *ask,
	       struct coverage_sum *out)
{
	enum status st = sum_tasks(s, ask, out);

	if (st == ST_OK)
		st = q_coverage_totals(s, ask, note_places, out);
	if (st == ST_OK)
		out->whole = out->tasks > 0 && out->done == out->tasks &&
			     out->objects > 0 && out->full == out->objects &&
			     out->partial == 0 && out->unread == 0 &&
			     out->folders == 0 && out->unread_bytes == 0 &&
			     out->members_partial == 0 &&
			     out->members_unread == 0 && out->places == 0;
	return st;
}

enum status
q_coverage_last(struct store *s, uint64_t target, uint64_t *scan)
{
	return sql_number_of(s,
			     "SELECT ifnull(max(scan), 0) FROM task"
			     " WHERE target = ? AND state > 1",
			     target, scan);
}

enum status
q_coverage_lasts(struct store *s, coverage_last_fn *fn, void *arg)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "SELECT target, max(scan) FROM task WHERE state > 1"
		 " GROUP BY target ORDER BY target");
	while ((st = sql_step(&q)) == ST_OK) {
		st = fn(arg, sql_get_num(&q, 0), sql_get_num(&q, 1));
		if (st != ST_OK)
			break;
	}
	sql_close(&q);
	return st == ST_EOF ? ST_OK : st;
}
