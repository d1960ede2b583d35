#include "master/store/rollup.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "master/store/sql.h"
#include "master/store/words.h"

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* Key and change of one row of summary, folder or target. */
struct delta {
	uint64_t id; /* target or folder */
	uint64_t folder_parent;
	uint32_t type;
	uint8_t risk, state;
	int64_t findings, critical, matches;
};

struct rollup {
	struct store *store;
	struct table *summary, *folders, *targets;
	int64_t found[RISK_COUNT + 1], closed[RISK_COUNT + 1];
	bool stands_changed;
	uint64_t fresh;
};

enum status
rollup_open(struct store *s, struct rollup **out)
{
	struct rollup *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return ST_NOMEM;
	r->store = s;
	if (table_open(ROLLUP_MAX, &r->summary) != ST_OK ||
	    table_open(ROLLUP_MAX, &r->folders) != ST_OK ||
	    table_open(ROLLUP_MAX, &r->targets) != ST_OK) {
		rollup_close(r);
		return ST_NOMEM;
	}
	*out = r;
	return ST_OK;
}

static void
empty(struct table **t)
{
	struct delta *d;
	size_t at = 0;

	if (*t == NULL)
		return;
	while ((d = table_next(*t, &at, NULL)) != NULL)
		free(d);
	table_close(*t);
	*t = NULL;
}

void
rollup_close(struct rollup *r)
{
	if (r == NULL)
		return;
	empty(&r->summary);
	empty(&r->folders);
	empty(&r->targets);
	free(r);
}

static enum status
find_delta(struct table *t, struct span key, struct delta **out, bool *fresh)
{
	struct delta *d = table_find(t, key);
	enum status st;

	*fresh = d == NULL;
	if (d == NULL) {
		d = calloc(1, sizeof(*d));
		if (d == NULL)
			return ST_NOMEM;
		st = table_put(t, key, d);
		if (st != ST_OK) {
			free(d);
			return st;
		}
	}
	*out = d;
	return ST_OK;
}

static enum status
add_summary(struct rollup *r, uint64_t target, const struct rollup_side *side,
	    int sign)
{
	struct {
		uint64_t target;
		uint32_t type;
		uint32_t risk_state;
	} key = {target, side->type, side->risk * 256U + side->state};
	struct delta *d;
	bool fresh;
	enum status st =
	    find_delta(r->summary, span_of(&key, sizeof(key)), &d, &fresh);

	if (st != ST_OK)
		return st;
	d->id = target;
	d->type = side->type;
	d->risk = side->risk;
	d->state = side->state;
	d->findings += sign;
	d->matches += sign * (int64_t)side->matches;
	return ST_OK;
}

static enum status
parent_of(struct rollup *r, uint64_t folder, uint64_t *parent)
{
	struct sql q;
	int64_t n = 0;
	enum status st;

	sql_open(&q, r->store,
		 "SELECT ifnull(parent, 0) FROM folder WHERE id = ?");
	sql_num(&q, folder);
	st = sql_number(&q, &n);
	if (st == ST_OK)
		*parent = (uint64_t)n;
	return st;
}

static void
add_side(struct delta *d, const struct rollup_side *side, int sign)
{
	d->findings += sign;
	d->matches += sign * (int64_t)side->matches;
	if (side->risk == RISK_CRITICAL)
		d->critical += sign;
}

static enum status
add_folders(struct rollup *r, uint64_t folder, const struct rollup_side *side,
	    int sign)
{
	enum status st = ST_OK;

	while (folder != 0 && st == ST_OK) {
		struct delta *d;
		bool fresh;

		st = find_delta(r->folders, span_of(&folder, sizeof(folder)),
				&d, &fresh);
		if (st != ST_OK)
			break;
		if (fresh) {
			d->id = folder;
			st = parent_of(r, folder, &d->folder_parent);
		}
		add_side(d, side, sign);
		folder = d->folder_parent;
	}
	return st;
}

static enum status
add_target(struct rollup *r, uint64_t target, const struct rollup_side *side,
	   int sign)
{
	struct delta *d;
	bool fresh;
	enum status st = find_delta(
	    r->targets, span_of(&target, sizeof(target)), &d, &fresh);

	if (st != ST_OK)
		return st;
	d->id = target;
	add_side(d, side, sign);
	return ST_OK;
}

static enum status
add(struct rollup *r, uint64_t target, uint64_t folder,
    const struct rollup_side *side, int sign)
{
	enum status st = add_summary(r, target, side, sign);

	if (st != ST_OK || !FINDING_STANDS(side->state))
		return st;
	r->stands_changed = true;
	st = add_folders(r, folder, side, sign);
	return st == ST_OK ? add_target(r, target, side, sign) : st;
}

enum status
rollup_change(struct rollup *r, uint64_t target, uint64_t folder,
	      const struct rollup_side *before, const struct rollup_side *after)
{
	bool stood = before != NULL && FINDING_STANDS(before->state);
	bool stands = FINDING_STANDS(after->state);
	enum status st = ST_OK;

	if (before != NULL)
		st = add(r, target, folder, before, -1);
	if (st == ST_OK)
		st = add(r, target, folder, after, 1);
	if (!stood && stands) {
		r->found[after->risk]++;
		r->fresh++;
	}
	/* One that was never right is no work done. */
	if (stood && after->state == FINDING_GONE)
		r->closed[before->risk]++;
	return st;
}

static enum status
flush_summary(struct rollup *r, const struct delta *d)
{
	struct sql q;
	enum status st;

	if (d->findings == 0 && d->matches == 0)
		return ST_OK;
	sql_open(&q, r->store,
		 "INSERT INTO summary (target, type, risk, state, findings,"
		 " matches) VALUES (?, ?, ?, ?, ?, ?)"
		 " ON CONFLICT (target, type, risk, state) DO UPDATE SET"
		 " findings = findings + excluded.findings,"
		 " matches = matches + excluded.matches");
	sql_num(&q, d->id);
	sql_int(&q, d->type);
	sql_int(&q, d->risk);
	sql_int(&q, d->state);
	sql_int(&q, d->findings);
	sql_int(&q, d->matches);
	st = sql_run(&q);
	if (st != ST_OK)
		return st;
	sql_open(&q, r->store,
		 "INSERT INTO summary_total (type, risk, state, findings,"
		 " matches) VALUES (?, ?, ?, ?, ?)"
		 " ON CONFLICT (type, risk, state) DO UPDATE SET"
		 " findings = findings + excluded.findings,"
		 " matches = matches + excluded.matches");
	sql_int(&q, d->type);
	sql_int(&q, d->risk);
	sql_int(&q, d->state);
	sql_int(&q, d->findings);
	sql_int(&q, d->matches);
	return sql_run(&q);
}

static enum status
flush_counts(struct rollup *r, const char *update, const struct delta *d)
{
	struct sql q;

	if (d->findings == 0 && d->matches == 0 && d->critical == 0)
		return ST_OK;
	sql_open(&q, r->store, update);
	sql_int(&q, d->findings);
	sql_int(&q, d->critical);
	sql_int(&q, d->matches);
	sql_num(&q, d->id);
	return sql_run(&q);
}

/* How many stand open is what the totals say at the end of this change. */
static enum status
flush_day(struct rollup *r, int64_t now)
{
	enum status st = ST_OK;

	for (int risk = 1; st == ST_OK && risk <= RISK_COUNT; risk++) {
		struct sql q;

		sql_open(&q, r->store,
			 "INSERT INTO daily (day, risk, open, found, closed)"
			 " SELECT ?1, ?2, ifnull(sum(findings), 0), ?3, ?4"
			 "  FROM summary_total WHERE risk = ?2"
			 "  AND state IN (1, 2)"
			 " ON CONFLICT (day, risk) DO UPDATE SET"
			 " open = excluded.open,"
			 " found = found + excluded.found,"
			 " closed = closed + excluded.closed");
		sql_int(&q, now / DAY_MS);
		sql_int(&q, risk);
		sql_int(&q, r->found[risk]);
		sql_int(&q, r->closed[risk]);
		st = sql_run(&q);
	}
	return st;
}

static const char folder_update[] =
    "UPDATE folder SET findings = findings + ?, critical = critical + ?,"
    " matches = matches + ? WHERE id = ?";
static const char target_update[] =
    "UPDATE target SET findings = findings + ?, critical = critical + ?,"
    " matches = matches + ? WHERE id = ?";

static void
clear(struct table *t)
{
	struct delta *d;
	struct span key;
	size_t at = 0;

	while ((d = table_next(t, &at, &key)) != NULL) {
		(void)table_take(t, key);
		free(d);
	}
}

bool
rollup_crowded(const struct rollup *r)
{
	return table_count(r->summary) > ROLLUP_MAX / 2 ||
	       table_count(r->folders) > ROLLUP_MAX / 2 ||
	       table_count(r->targets) > ROLLUP_MAX / 2;
}

/* New ones are told once they are committed: they outlive the flush. */
static void
clear_all(struct rollup *r)
{
	clear(r->summary);
	clear(r->folders);
	clear(r->targets);
	memset(r->found, 0, sizeof(r->found));
	memset(r->closed, 0, sizeof(r->closed));
	r->stands_changed = false;
}

enum status
rollup_flush(struct rollup *r, int64_t now)
{
	enum status st = ST_OK;
	struct delta *d;
	size_t at = 0;

	if (table_count(r->summary) == 0)
		return ST_OK;
	while (st == ST_OK && (d = table_next(r->summary, &at, NULL)) != NULL)
		st = flush_summary(r, d);
	for (at = 0;
	     st == ST_OK && (d = table_next(r->folders, &at, NULL)) != NULL;)
		st = flush_counts(r, folder_update, d);
	for (at = 0;
	     st == ST_OK && (d = table_next(r->targets, &at, NULL)) != NULL;)
		st = flush_counts(r, target_update, d);
	if (st == ST_OK && r->stands_changed)
		st = flush_day(r, now);
	if (st == ST_OK)
		clear_all(r);
	return st;
}

void
rollup_forget(struct rollup *r)
{
	clear_all(r);
	r->fresh = 0;
}

uint64_t
rollup_take_new(struct rollup *r)
{
	uint64_t n = r->fresh;

	r->fresh = 0;
	return n;
}
