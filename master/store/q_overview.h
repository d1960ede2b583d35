#ifndef STORE_Q_OVERVIEW_H
#define STORE_Q_OVERVIEW_H

#include <stdint.h>

#include "master/store/q_findings.h"
#include "master/store/q_targets.h"
#include "master/store/store.h"
#include "master/store/words.h"

/*
 * q_overview: the first page, all from summaries. Take them within one
 * store_begin() so that they agree.
 */
struct overview_totals {
	/* findings and matches by state and risk; index = number of the enum */
	uint64_t findings[FINDING_STATE_COUNT + 1][RISK_COUNT + 1];
	uint64_t matches[FINDING_STATE_COUNT + 1][RISK_COUNT + 1];
	uint64_t targets, targets_scanned; /* scanned: since `since` */
	uint64_t targets_before;           /* scanned in the span before that */
};
NODISCARD enum status q_overview_totals(struct store *s, int64_t since,
					int64_t before,
					struct overview_totals *out);

/* Only findings and matches of it. */
NODISCARD enum status q_overview_standing(struct store *s,
					  struct overview_totals *out);

/*
 * One row a day from..to (days since 1970, UTC), gaps filled; those before the
 * first day on which anything was found are left out.
 */
struct trend_row {
	int64_t day;
	uint64_t open[RISK_COUNT + 1], found[RISK_COUNT + 1],
	    closed[RISK_COUNT + 1]; /* index = enum risk */
};
typedef enum status trend_fn(void *arg, const struct trend_row *row);
NODISCARD enum status q_overview_trend(struct store *s, int64_t from,
				       int64_t to, trend_fn *fn, void *arg);

/* Open and confirmed findings by group of targets and category of types. */
struct heat_row {
	struct span group, category;
	uint64_t findings, critical;
};
typedef enum status heat_fn(void *arg, const struct heat_row *row);
NODISCARD enum status q_overview_heat(struct store *s, heat_fn *fn, void *arg);

/* Most critical first; targets without an open finding are left out. */
NODISCARD enum status q_overview_worst(struct store *s, uint32_t limit,
				       target_fn *fn, void *arg);

/* Newest findings that are not judged, newest first. */
NODISCARD enum status q_overview_newest(struct store *s, uint32_t limit,
					finding_fn *fn, void *arg);

#endif
