#ifndef AGENT_TRAWL_LANES_H
#define AGENT_TRAWL_LANES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/order.h"
#include "scan/scan.h"

/*
 * lanes: one order as several scans, so that targets on other hosts do not wait
 * for each other. Each of them is a part of its own, all paths of this host
 * together are another; a few parts are under way at a time, of one server no
 * more than a master lets proxies read, the others follow in their order. What
 * the sink gets comes object by object, never mixed. One
 * scan it stays with one worker, and where no compiled patterns are kept.
 *
 * Owner:   whoever called lanes_open(); lanes_close() ends what still runs.
 * Threads: one. Order and options are borrowed until lanes_close().
 */
#define LANES_MAX    4
#define LANES_SERVER 2 /* of one address and port: server-targets, unset */

struct lanes;

struct lane {
	struct lanes *all;
	struct scan *scan; /* NULL: the lane is free */
	size_t part;       /* that it reads */
	struct scan_progress now;
};

struct lanes {
	const struct scan_order *order;
	struct scan_options options;
	struct scan_sink sink;
	struct lane lane[LANES_MAX];
	size_t count;   /* of lanes that are used */
	size_t parts;   /* of the order; 1: it is one scan as it stands */
	size_t part;    /* so many have begun: */
	uint64_t begun; /* a bit for each */
	bool began;     /* the first one has its detector: so will the others */
	bool stopping;
	struct scan_progress sum; /* of the parts that are over */
	uint64_t rested_ms;       /* see scan_rested_ms(); of those, too */
	bool inexact;             /* one of them was not counted to its end */
	enum scan_outcome outcome;
	char why[1024]; /* of the first that failed, or "" */
};

/* How many parts an order has; the paths of one, in their order. */
size_t lanes_parts(const struct scan_order *order);
void lanes_part(const struct scan_order *order, size_t part,
		struct scan_order *out);
/*
 * The first part that has not begun and whose server has room beside the n
 * parts that are read; as many as there are: none.
 */
size_t lanes_next(const struct scan_order *order, uint64_t begun,
		  const size_t *running, size_t n);
/* How many are read at a time, and the workers of each. */
size_t lanes_at_once(const struct scan_order *order);
uint8_t lanes_workers(const struct scan_order *order, size_t cores);

/*
 * The first scan begins. *why explains a failure. The sink's progress() gets
 * the sum of all.
 */
NODISCARD enum status lanes_open(struct lanes *l,
				 const struct scan_order *order,
				 const struct scan_options *o,
				 const struct scan_sink *sink, struct buf *why);
/* Wait, `signals` as well, and go on. False: all are over. */
bool lanes_step(struct lanes *l, int signals, bool *signalled);
void lanes_stop(struct lanes *l); /* what was found stands */
void lanes_close(struct lanes *l);

#endif
