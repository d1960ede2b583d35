#ifndef STORE_Q_COVERAGE_H
#define STORE_Q_COVERAGE_H

#include <stdint.h>

#include "master/store/q_findings.h"
#include "master/store/store.h"

/* q_coverage: what a scan did not read, or not wholly, and why. */
struct coverage_row {
	uint64_t task, target;
	struct span target_name;
	struct span path, place;  /* bytes */
	uint8_t coverage, reason; /* enum coverage, enum cover_reason */
	uint64_t size, read;
};
typedef enum status coverage_fn(void *arg, const struct coverage_row *row);

/* By task and path; reason < 0: any. */
NODISCARD enum status q_coverage_list(struct store *s, uint64_t scan,
				      int reason, struct row_page *page,
				      coverage_fn *fn, void *arg);

struct coverage_total_row {
	uint8_t coverage, reason;
	uint64_t rows;
};
typedef enum status coverage_total_fn(void *arg,
				      const struct coverage_total_row *row);
NODISCARD enum status q_coverage_totals(struct store *s, uint64_t scan,
					coverage_total_fn *fn, void *arg);

#endif
