#ifndef SCAN_PROGRAM_H
#define SCAN_PROGRAM_H

#include "base/buf.h"
#include "base/status.h"
#include "model/order.h"
#include "scan/scan.h"
#include "source/source.h"

/*
 * program: the whole life of a scanner that an agent starts: an order in
 * (model/record.h), results out, one scan. It directs the scan and gives up
 * every other right when that has begun. A question about a target may stand
 * in place of the order: then its answer is all that goes out.
 */
struct program_spec {
	const struct source_ops *const *sources; /* ends with NULL */
	const struct scan_remote *remote;        /* NULL: this host only */
	/* Whether such an order can be done here; NULL: any. *why says in one
	 * sentence why not, and the task fails with it. */
	enum status (*check)(void *arg, const struct scan_order *o,
			     struct buf *why);
	void *arg;
};

/* Until the scan is over or `from` ends; what to exit with. */
int program_run(const struct program_spec *spec, int from, int to);

#endif
