#ifndef SCAN_READER_H
#define SCAN_READER_H

#include "base/span.h"
#include "model/order.h"
#include "scan/slot.h"
#include "source/source.h"

/*
 * reader: the process that walks, opens and copies, and never looks at what it
 * copies. Started again at the cursor of its last batch when it died.
 */
struct reader_spec {
	int fd; /* to the director */
	const struct scan_order *order;
	const struct source_ops *const *sources;
	struct slots *slots;
	uint64_t seq;  /* of the first batch */
	uint32_t root; /* where to go on */
	struct span cursor;
};

_Noreturn void reader_main(struct reader_spec *r);

/* The process that counts ahead: objects and bytes, nothing is opened. */
_Noreturn void census_main(const struct reader_spec *r);

#endif
