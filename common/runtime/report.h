#ifndef RUNTIME_REPORT_H
#define RUNTIME_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "runtime/state.h"

/*
 * report: the status file. The running agent writes it every few seconds, the
 * command `status` reads it; so status needs no connection to anything.
 */
struct report {
	uint64_t pid;
	uint64_t written;      /* seconds since 1970 */
	char connection[32];   /* session_phase_name() */
	char master[300];      /* host:port */
	uint64_t last_contact; /* seconds since 1970, 0: never */
	uint64_t next_try_ms;
	char trouble[400]; /* why there is no connection, or "" */
	char skew[32];     /* seconds that the master is ahead */
	uint64_t spool_bytes;
	uint64_t spool_batches; /* not acknowledged */
	uint64_t spool_quota;
	char spool_trouble[128];
	char tasks[400]; /* "17 running, 18 queued" or "" */
};

#define REPORT_EVERY_MS 2000
#define REPORT_STALE_S  15 /* then the agent does not run */

NODISCARD enum status report_write(const struct state *s,
				   const struct report *r);
/* ST_NOTFOUND: the agent never ran; ST_MALFORMED: not ours. */
NODISCARD enum status report_read(const struct state *s, struct report *r);

/* What `status` exits with. */
enum report_exit {
	REPORT_FINE = 0, /* connected and verified */
	REPORT_NOT_ENROLLED = 3,
	REPORT_NOT_RUNNING = 4,
	REPORT_NOT_CONNECTED = 5,
	REPORT_UNVERIFIED = 6,
	REPORT_REFUSED = 7, /* blocked or removed by the master */
};

/* The words for a person; gives what to exit with. now: seconds since 1970. */
enum report_exit report_show(const struct state *s, int64_t now, FILE *to);

#endif
