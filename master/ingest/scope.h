#ifndef INGEST_SCOPE_H
#define INGEST_SCOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "master/store/q_ingest.h"
#include "master/store/q_scans.h"

/*
 * scope: whether a task would have found again what an earlier one found. Not
 * when it looked for other types or asked for more confidence, did not read
 * the text of pictures in which it was found, or was kept from the object, or
 * from that part of it, by options of a target on another host.
 *
 * Owner: scope_fini(). The store is borrowed.
 */

/* Whether a type is looked for when the order names none. */
typedef bool scope_default_fn(void *arg, struct span type);

struct scope {
	struct store *store;
	scope_default_fn *is_default;
	void *arg;
	uint8_t min_confidence;
	bool points; /* the text of pictures is read */
	bool skips;  /* what is not met may just not have changed */
	struct buf types, options, credential;
	/* of the task that met the finding at hand, compared with this one */
	uint64_t then;
	bool same_types, objects, content;
};

void scope_init(struct scope *s, struct store *store,
		scope_default_fn *is_default, void *arg);
void scope_fini(struct scope *s);
NODISCARD enum status scope_set_task(struct scope *s,
				     const struct task_row *row);
NODISCARD enum status scope_set_scan(struct scope *s,
				     const struct scan_row *row);

NODISCARD enum status scope_covers(struct scope *s, const struct stale_row *row,
				   bool *covers);

#endif
