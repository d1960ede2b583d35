#include "master/store/q_overview.h"

#include <string.h>

#include "master/store/finding_row.h"
#include "master/store/sql.h"
#include "master/store/target_row.h"

enum status
q_overview_standing(struct store *s, struct overview_totals *out)
{
	struct sql q;
	enum status st;

	sql_open(&q, s,
		 "SELECT state, risk, sum(findings), sum(matches)"
		 " FROM summary_total GROUP BY 1, 2");
	while ((st = sql_step(&q)) == ST_OK) {
		uint64_t state = sql_get_num(&q, 0), risk = sql_get_num(&q, 1);

		if (state > FINDING_STATE_COUNT || risk > RISK_COUNT)
			continue;
		out->findings[state][risk] = sql_get_num(&q, 2);
		out->matches[state][risk] = sql_get_num(&q, 3);
	}
	sql_close(&q);
	return st == ST_EOF ? ST_OK : st;
}

enum status
q_overview_totals(struct store *s, int64_t since, int64_t before,
		  struct overview_totals *out)
{
	struct sql q;
	enum status st;

	memset(out, 0, sizeof(*out));
	st = q_overview_standing(s, out);
	if (st != ST_OK)
		return st;
	/*
	 * Of the span before only ends of scans remain, so that is counted by
	 * tasks, of which there are few.
	 */
	sql_open(&q, s,
		 "SELECT (SELECT count(*) FROM target WHERE hidden = 0),"
		 " (SELECT count(*) FROM target WHERE scanned >= ?1),"
		 " (SELECT count(DISTINCT target) FROM task WHERE state = 4"
		 "  AND finished >= ?2 AND finished < ?1)");
	sql_int(&q, since);
	sql_int(&q, before);
	st = sql_step(&q);
	if (st == ST_OK) {
		out->targets = sql_get_num(&q, 0);
		out->targets_scanned = sql_get_num(&q, 1);
		out->targets_before = sql_get_num(&q, 2);
	}
	sql_close(&q);
	return st;
}

/* What stood open before the first day, by the last row of each risk. */
static enum status
stood_before(struct store *s, int64_t day, struct trend_row *row)
{
	enum status st = ST_OK;

	for (int risk = 1; st == ST_OK && risk <= RISK_COUNT; risk++) {
		struct sql q;
		int64_t open = 0;

		sql_open(&q, s,
			 "SELECT open FROM daily WHERE risk = ? AND day < ?"
			 " ORDER BY day DESC LIMIT 1");
		sql_int(&q, risk);
		sql_int(&q, day);
		st = sql_number(&q, &open);
		if (st == ST_NOTFOUND)
			st = ST_OK;
		row->open[risk] = (uint64_t)open;
	}
	return st;
}

/* Give the days up to but not including `day`; what is open is carried on. */
static enum status
give_up_to(struct trend_row *row, int64_t day, trend_fn *fn, void *arg)
{
	enum status st = ST_OK;

	while (st == ST_OK && row->day < day) {
		st = fn(arg, row);
		row->day++;
		memset(row->found, 0, sizeof(row->found));
		memset(row->closed, 0, sizeof(row->closed));
	}
	return st;
}

/* Nothing was known before the first day: it is not given, not as zero. */
static enum status
first_day(struct store *s, int64_t from, int64_t to, int64_t *day)
{
	struct sql q;
	enum status st;

	sql_open(&q, s, "SELECT ifnull(min(day), ?) FROM daily");
	sql_int(&q, to + 1);
	st = sql_number(&q, day);
	if (st == ST_OK && *day < from)
		*day = from;
	return st;
}

enum status
q_overview_trend(struct store *s, int64_t from, int64_t to, trend_fn *fn,
		 void *arg)
{
	struct trend_row row = {.day = from};
	struct sql q;
	enum status st = first_day(s, from, to, &row.day);

	if (st == ST_OK)
		st = stood_before(s, from, &row);
	if (st != ST_OK)
		return st;
	sql_open(&q, s,
		 "SELECT day, risk, open, found, closed FROM daily"
		 " WHERE day BETWEEN ? AND ? ORDER BY day, risk");
	sql_int(&q, from);
	sql_int(&q, to);
	while ((st = sql_step(&q)) == ST_OK) {
		uint64_t risk = sql_get_num(&q, 1);

		st = give_up_to(&row, sql_get(&q, 0), fn, arg);
		if (st != ST_OK)
			break;
		if (risk == 0 || risk > RISK_COUNT)
			continue;
		row.open[risk] = sql_get_num(&q, 2);
		row.found[risk] = sql_get_num(&q, 3);
		row.closed[risk] = sql_get_num(&q, 4);
	}
	sql_close(&q);
	if (st == ST_EOF)
		st = give_up_to(&row, to + 1, fn, arg);
	return st == ST_EOF ? ST_OK : st;
}

static void
read_heat(struct sql *q, struct heat_row *r)
{
	*r = (struct heat_row){
	    .group = sql_get_span(q, 0),
	    .category = sql_get_span(q, 1),
	    .findings = sql_get_num(q, 2),
	    .critical = sql_get_num(q, 3),
	};
}

SQL_EACH(heat, read_heat)

enum status
q_overview_heat(struct store *s, heat_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 "SELECT t.grp, y.category, sum(x.findings),"
		 " sum(CASE WHEN x.risk = 1 THEN x.findings ELSE 0 END)"
		 " FROM summary x JOIN target t ON t.id = x.target"
		 " JOIN type y ON y.id = x.type WHERE x.state IN (1, 2)"
		 " GROUP BY 1, 2 HAVING sum(x.findings) > 0 ORDER BY 3 DESC");
	return heat_each(&q, fn, arg);
}

SQL_EACH(target, target_row_read)

enum status
q_overview_worst(struct store *s, uint32_t limit, target_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 TARGET_COLUMNS
		 " INDEXED BY target_worst WHERE findings > 0"
		 " ORDER BY critical DESC, findings DESC LIMIT ?");
	sql_int(&q, limit);
	return target_each(&q, fn, arg);
}

enum status
q_overview_newest(struct store *s, uint32_t limit, finding_fn *fn, void *arg)
{
	struct sql q;

	sql_open(&q, s,
		 "SELECT" FINDING_COLUMNS
		 "FROM finding f NOT INDEXED" FINDING_JOINS
		 " WHERE f.state = 1 ORDER BY f.id DESC LIMIT ?");
	sql_int(&q, limit);
	return finding_row_each(&q, fn, arg, false);
}
