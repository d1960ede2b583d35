#ifndef MASTER_API_COVERAGE_H
#define MASTER_API_COVERAGE_H

#include "base/json.h"
#include "base/status.h"
#include "master/store/q_coverage.h"

/*
 * coverage: what was read and what was not, as JSON: for the resources that
 * show it and for exports.
 */

/* An object of totals: CoverageTotals of openapi.yaml. */
NODISCARD enum status coverage_put(struct json *j, struct store *s,
				   const struct coverage_ask *ask);

/*
 * Lines of an export: the objects that were not fully read, each with its
 * places, with the keys of `trawl scan --coverage`, then target, agent and
 * scan. line() is given each whole line; what it says ends the export.
 */
typedef enum status coverage_line_fn(void *arg, struct span line);
NODISCARD enum status coverage_lines(struct store *s,
				     const struct coverage_ask *ask,
				     coverage_line_fn *line, void *arg);
/* The last line: {"totals": ...}. */
NODISCARD enum status coverage_totals_line(struct store *s,
					   const struct coverage_ask *ask,
					   coverage_line_fn *line, void *arg);

#endif
