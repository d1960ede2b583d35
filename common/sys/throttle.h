#ifndef SYS_THROTTLE_H
#define SYS_THROTTLE_H

#include <stdint.h>

#include "base/clock.h"

/*
 * throttle: a bucket that fills with `rate` units a second (bytes, operations)
 * up to one `burst`. It never sleeps itself: it says how long to wait.
 */
struct throttle {
	const struct clock *clock;
	uint64_t rate;  /* units a second; 0: no limit */
	uint64_t burst; /* units */
	int64_t level;  /* units; below 0 while in debt */
	uint64_t rest;  /* unit-microseconds not yet worth one unit */
	uint64_t last_us;
};

/* burst 0: a quarter of a second's worth, at least 64 Ki units. */
void throttle_init(struct throttle *t, const struct clock *c, uint64_t rate,
		   uint64_t burst);
void throttle_rate(struct throttle *t, uint64_t rate);

/* Takes n units, on credit when need be; milliseconds to wait before more. */
uint64_t throttle_take(struct throttle *t, uint64_t n);

/* Milliseconds until the bucket is out of debt; 0: go on now. */
uint64_t throttle_wait(struct throttle *t);

#endif
