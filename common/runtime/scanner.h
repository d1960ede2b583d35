#ifndef RUNTIME_SCANNER_H
#define RUNTIME_SCANNER_H

#include <stdbool.h>

#include "base/status.h"
#include "model/record.h"
#include "sys/loop.h"

/*
 * scanner: the pipes of one trawl-scanner: orders in, records out.
 *
 * Owner:  scanner_open() takes both descriptors, also on failure;
 *         scanner_close() takes NULL and is right inside a callback.
 * Limits: while held nothing is read, so the scanner stops on a full pipe.
 */
struct scanner;

struct scanner_ops {
	/* One record, good until return. The callback may hold or close. */
	void (*record)(void *arg, const struct record *r);
	/* No more will come: ST_EOF, or ST_MALFORMED, ST_IO. */
	void (*closed)(void *arg, enum status why);
};

NODISCARD enum status scanner_open(struct loop *l, int in, int out,
				   const struct scanner_ops *ops, void *arg,
				   struct scanner **made);
void scanner_close(struct scanner *s);

/* Queue a record for the scanner. */
NODISCARD enum status scanner_say(struct scanner *s, const struct record *r);

void scanner_hold(struct scanner *s, bool hold);

#endif
