#ifndef SYS_PACE_H
#define SYS_PACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

/*
 * pace: how fast a server answers, and whether it is given rest. Who speaks
 * with it says what was asked and answered and when nobody did anything but
 * wait; who walks the target asks for how long to leave it alone. It never
 * sleeps itself.
 *
 * - What is measured is a probe, one at a time: from a question until as many
 *   were answered as were under way then. Only time counts in which we waited
 *   for the server: an answer that lay there while we were busy says only that
 *   it took no longer, which is what is usual as long as nothing better is
 *   known (a rate, and so much asked ahead that we never wait).
 * - A probe is compared with those before it in whose time as much came
 *   (answers and bytes, by powers of two), so that what is large, or stands
 *   behind much else, is not late for that. The first ones say what is usual:
 *   a long way there, or a thin line, is none that became slow.
 * - Late is PACE_LATE times the usual, and above that of PACE_QUICK_US. Four
 *   late ones in a row, or two of a second and more, strain it: then it gets
 *   rest, as long as we waited for it since the last one, PACE_REST_MS at most.
 *   When it had nothing of us to do meanwhile (a rate, a detector that is
 *   slower) that counts. A size that is new is taken for twice the one below.
 * - Quick answers end that soon. The usual falls with quicker ones, and rises
 *   only to its double in PACE_DOUBLE_US: what lasts is no longer late.
 *
 * All of them take NULL: nobody asked.
 */
#define PACE_LATE      4
#define PACE_QUICK_US  25000
#define PACE_REST_MS   10000
#define PACE_DOUBLE_US (UINT64_C(300) * 1000000)
#define PACE_CLASSES   20

struct pace_usual {
	uint64_t us;
	uint64_t at_us; /* when it was looked at last */
	unsigned count; /* of the first ones, which only teach */
};

struct pace {
	const struct clock *clock;
	uint64_t waited_us;      /* of all waits that are over */
	uint64_t since_us;       /* when the one at hand began */
	unsigned waits;          /* at hand, one within the other */
	uint64_t answers, bytes; /* that came */
	uint32_t under_way;      /* questions */
	struct {
		uint32_t left; /* answers until it is over; 0: there is none */
		uint64_t at_us, waited_us, answers, bytes; /* when it began */
	} probe;
	struct pace_usual usual[PACE_CLASSES];
	struct pace_usual most[PACE_CLASSES]; /* it takes no longer */
	unsigned score;          /* late ones, less those that were not */
	uint64_t charged_us;     /* of waited_us, for which it had its rest */
	uint64_t charged_at_us;  /* when that was over */
	uint64_t rested_ms;      /* in all */
	_Atomic uint64_t *signs; /* raised whenever the server says something,
				    for whoever looks on; or NULL */
};

void pace_init(struct pace *p, const struct clock *c);

/* A question went out; an answer to one is here, or its beginning. */
void pace_asked(struct pace *p);
void pace_answered(struct pace *p);
/* So many will not be answered any more: the connection is gone, or nobody
 * wants to know. */
void pace_lost(struct pace *p, uint32_t n);

/* From here on nobody does anything but wait for the server; until here. */
void pace_wait(struct pace *p);
void pace_woke(struct pace *p);
void pace_came(struct pace *p, uint64_t bytes);

/* A question and its answer in one call that waits for it. */
void pace_begin(struct pace *p);
void pace_end(struct pace *p, uint64_t bytes);

/* It answers late: it has enough to do without us. */
bool pace_strained(const struct pace *p);

/* Milliseconds for which it is to be left alone from now on; 0: go on. */
uint64_t pace_rest(struct pace *p);

/* So long others rested who ask the same server. */
void pace_rested(struct pace *p, uint64_t ms);

#endif
