#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "master/api/out.h"
#include "master/api/resources.h"
#include "master/api/scans.h"
#include "master/api/serve.h"
#include "master/store/q_agents.h"
#include "master/store/q_overview.h"

/* The first page: everything from summaries, of one moment. */
#define DAY_MS      (INT64_C(24) * 3600 * 1000)
#define TREND_DAYS  60
#define FIGURE_DAYS 30
#define WORST       7
#define NEWEST      5
#define SCANS_SHOWN 5
#define HEAT_ROWS   12
#define HEAT_COLS   12
#define NAME_ROOM   128

struct day {
	int64_t number;
	uint64_t open, critical, closed;
};

struct overview {
	struct request *rq;
	struct json *j;
	int64_t now;
	struct overview_totals totals;
	struct day days[TREND_DAYS];
	size_t day_count;
	struct {
		char id[NAME_ROOM];
	} categories[HEAT_COLS];
	size_t category_count;
	struct {
		char name[NAME_ROOM];
		uint64_t cells[HEAT_COLS], sum;
	} groups[HEAT_ROWS];
	size_t group_count;
	unsigned scans;
};

static enum status
take_day(void *arg, const struct trend_row *r)
{
	struct overview *o = arg;
	struct day *d;

	if (o->day_count == TREND_DAYS)
		return ST_EOF;
	d = &o->days[o->day_count++];
	d->number = r->day;
	for (unsigned risk = RISK_CRITICAL; risk <= RISK_LOW; risk++) {
		d->open += r->open[risk];
		d->closed += r->closed[risk];
	}
	d->critical = r->open[RISK_CRITICAL];
	return ST_OK;
}

static enum status
take_heat(void *arg, const struct heat_row *r)
{
	struct overview *o = arg;
	char group[NAME_ROOM], category[NAME_ROOM];
	size_t g, c;

	if (str_copy(group, sizeof(group), r->group) != ST_OK ||
	    str_copy(category, sizeof(category), r->category) != ST_OK)
		return ST_OK; /* too long for a heading */
	for (g = 0; g < o->group_count; g++)
		if (strcmp(o->groups[g].name, group) == 0)
			break;
	for (c = 0; c < o->category_count; c++)
		if (strcmp(o->categories[c].id, category) == 0)
			break;
	if (g == HEAT_ROWS || c == HEAT_COLS)
		return ST_OK;
	if (g == o->group_count)
		snprintf(o->groups[o->group_count++].name, NAME_ROOM, "%s",
			 group);
	if (c == o->category_count)
		snprintf(o->categories[o->category_count++].id, NAME_ROOM, "%s",
			 category);
	o->groups[g].cells[c] += r->findings;
	o->groups[g].sum += r->findings;
	return ST_OK;
}

/* ---- figures ------------------------------------------------------------ */

enum series { SERIES_OPEN, SERIES_CRITICAL, SERIES_CLOSED };

static uint64_t
value_of(const struct day *d, enum series which)
{
	switch (which) {
	case SERIES_OPEN:
		return d->open;
	case SERIES_CRITICAL:
		return d->critical;
	case SERIES_CLOSED:
		break;
	}
	return d->closed;
}

static size_t
first_of(const struct overview *o)
{
	return o->day_count > FIGURE_DAYS + 1 ? o->day_count - FIGURE_DAYS - 1
					      : 0;
}

static void
put_change(struct json *j, uint64_t before, uint64_t now)
{
	json_key(j, "change");
	if (before == 0)
		json_nil(j);
	else
		json_double(j, ((double)now - (double)before) / (double)before);
}

static void
put_stock(struct overview *o, const char *key, uint64_t value,
	  enum series which)
{
	size_t first = first_of(o);

	json_key(o->j, key);
	json_map(o->j);
	json_put_u64(o->j, "value", value);
	put_change(o->j,
		   o->day_count > FIGURE_DAYS ? value_of(&o->days[first], which)
					      : 0,
		   value);
	json_key(o->j, "series");
	json_list(o->j);
	for (size_t i = first; i < o->day_count; i++)
		json_u64(o->j, value_of(&o->days[i], which));
	json_end(o->j);
	json_end(o->j);
}

/* Closed at the end of a day: the stock less what later days have closed. */
static uint64_t
closed_by(const struct overview *o, size_t day, uint64_t value)
{
	uint64_t later = 0;

	for (size_t i = day + 1; i < o->day_count; i++)
		later += o->days[i].closed;
	return value > later ? value - later : 0;
}

static void
put_remediated(struct overview *o, uint64_t value)
{
	size_t first = first_of(o);

	json_key(o->j, "remediated");
	json_map(o->j);
	json_put_u64(o->j, "value", value);
	put_change(o->j,
		   o->day_count > FIGURE_DAYS ? closed_by(o, first, value) : 0,
		   value);
	json_key(o->j, "series");
	json_list(o->j);
	for (size_t i = first; i < o->day_count; i++)
		json_u64(o->j, closed_by(o, i, value));
	json_end(o->j);
	json_end(o->j);
}

static void
put_coverage(struct overview *o)
{
	const struct overview_totals *t = &o->totals;

	json_key(o->j, "coverage");
	json_map(o->j);
	json_key(o->j, "value");
	if (t->targets == 0)
		json_nil(o->j);
	else
		json_double(o->j,
			    (double)t->targets_scanned / (double)t->targets);
	json_put_u64(o->j, "targets", t->targets_scanned);
	json_put_u64(o->j, "total", t->targets);
	json_put_i64(o->j, "change",
		     (int64_t)t->targets_scanned - (int64_t)t->targets_before);
	json_key(o->j, "series");
	json_list(o->j);
	json_u64(o->j, t->targets_before);
	json_u64(o->j, t->targets_scanned);
	json_end(o->j);
	json_end(o->j);
}

static void
put_figures(struct overview *o)
{
	uint64_t open = 0, critical = 0, closed = 0;

	for (unsigned s = FINDING_OPEN; s <= FINDING_GONE; s++) {
		const uint64_t *by_risk = o->totals.findings[s];
		bool stands = FINDING_STANDS(s);

		for (unsigned r = RISK_CRITICAL; r <= RISK_LOW; r++)
			*(stands ? &open : &closed) +=
			    s == FINDING_FALSE_POSITIVE ? 0 : by_risk[r];
		if (stands)
			critical += by_risk[RISK_CRITICAL];
	}
	json_key(o->j, "figures");
	json_map(o->j);
	put_stock(o, "open", open, SERIES_OPEN);
	put_stock(o, "critical", critical, SERIES_CRITICAL);
	put_remediated(o, closed);
	put_coverage(o);
	json_end(o->j);
}

/* ---- trend, heat -------------------------------------------------------- */

static void
put_days(struct overview *o, const char *key, enum series which)
{
	json_key(o->j, key);
	json_list(o->j);
	for (size_t i = 0; i < o->day_count; i++)
		json_u64(o->j, value_of(&o->days[i], which));
	json_end(o->j);
}

static void
put_trend(struct overview *o)
{
	char text[CLOCK_TEXT];

	json_key(o->j, "trend");
	json_map(o->j);
	json_key(o->j, "days");
	json_list(o->j);
	for (size_t i = 0; i < o->day_count; i++) {
		clock_text(o->days[i].number * DAY_MS * 1000, text);
		json_str(o->j, span_of(text, 10));
	}
	json_end(o->j);
	put_days(o, "open", SERIES_OPEN);
	put_days(o, "critical", SERIES_CRITICAL);
	json_end(o->j);
}

static void
put_heat(struct overview *o)
{
	json_key(o->j, "heat");
	json_map(o->j);
	json_key(o->j, "categories");
	json_list(o->j);
	for (size_t c = 0; c < o->category_count; c++) {
		json_map(o->j);
		json_put_cstr(o->j, "id", o->categories[c].id);
		json_put_str(o->j, "name",
			     out_category(span_str(o->categories[c].id)));
		json_end(o->j);
	}
	json_end(o->j);
	json_key(o->j, "rows");
	json_list(o->j);
	for (size_t g = 0; g < o->group_count; g++) {
		json_map(o->j);
		json_put_cstr(o->j, "id", o->groups[g].name);
		json_put_cstr(o->j, "name", o->groups[g].name);
		json_key(o->j, "cells");
		json_list(o->j);
		for (size_t c = 0; c < o->category_count; c++)
			json_u64(o->j, o->groups[g].cells[c]);
		json_end(o->j);
		json_end(o->j);
	}
	json_end(o->j);
	json_end(o->j);
}

/* ---- lists -------------------------------------------------------------- */

static enum status
put_scan(void *arg, const struct scan_row *r)
{
	struct overview *o = arg;
	struct scans_out out = {.rq = o->rq, .j = o->j};

	if (o->scans++ == SCANS_SHOWN)
		return ST_EOF;
	return scans_put(&out, r);
}

static enum status
put_worst(void *arg, const struct target_row *r)
{
	struct json *j = arg;
	char node[32];

	snprintf(node, sizeof(node), "t:%" PRIu64, r->id);
	json_map(j);
	out_id(j, "id", r->id);
	json_put_cstr(j, "node", node);
	json_put_str(j, "name", r->name);
	json_put_str(j, "group", r->group);
	json_put_u64(j, "findings", r->findings);
	json_put_u64(j, "critical", r->critical);
	json_end(j);
	return ST_OK;
}

static enum status
put_newest(void *arg, const struct finding_row *r)
{
	json_map(arg);
	out_finding(arg, r);
	json_end(arg);
	return ST_OK;
}

static enum status
put_agents(struct overview *o)
{
	struct agent_counts c = {.online = 0};
	enum status st = q_agents_count(o->rq->db, &c);

	json_key(o->j, "agents");
	json_map(o->j);
	json_put_u64(o->j, "total",
		     (uint64_t)c.verified + c.unverified + c.blocked);
	json_put_u64(o->j, "online", c.online);
	json_put_u64(o->j, "unverified", c.unverified);
	json_end(o->j);
	return st;
}

static enum status
put_lists(struct overview *o)
{
	struct store *db = o->rq->db;
	enum status st;

	json_key(o->j, "scans");
	json_list(o->j);
	st = q_scans_live(db, put_scan, o);
	json_end(o->j);
	json_key(o->j, "targets");
	json_list(o->j);
	if (st == ST_OK)
		st = q_overview_worst(db, WORST, put_worst, o->j);
	json_end(o->j);
	json_key(o->j, "recent");
	json_list(o->j);
	if (st == ST_OK)
		st = q_overview_newest(db, NEWEST, put_newest, o->j);
	json_end(o->j);
	return st == ST_OK ? put_agents(o) : st;
}

static enum status
take_all(struct overview *o)
{
	struct store *db = o->rq->db;
	int64_t today = o->now / DAY_MS;
	int64_t since = o->now - FIGURE_DAYS * DAY_MS;
	enum status st = q_overview_totals(
	    db, since, since - FIGURE_DAYS * DAY_MS, &o->totals);

	if (st == ST_OK)
		st = q_overview_trend(db, today - TREND_DAYS + 1, today,
				      take_day, o);
	if (st == ST_OK)
		st = q_overview_heat(db, take_heat, o);
	return st;
}

void
r_overview_get(struct request *rq, struct reply *rp)
{
	struct json j;
	struct overview o = {.rq = rq, .j = &j, .now = serve_now_ms(rq)};
	enum status st = store_begin(rq->db);

	if (st == ST_OK)
		st = take_all(&o);
	reply_json(rp, 200, &j);
	json_map(&j);
	out_ms(&j, "at", o.now);
	if (st == ST_OK) {
		put_figures(&o);
		put_trend(&o);
		put_heat(&o);
		st = put_lists(&o);
	}
	store_rollback(rq->db);
	json_end(&j);
	if (st != ST_OK)
		reply_failed(rq, rp, st, "reading the overview");
	else
		reply_done(rq, rp, &j);
}
