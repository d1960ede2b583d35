#ifndef PROXY_AGENT_SOURCE_CLOUD_MIRROR_H
#define PROXY_AGENT_SOURCE_CLOUD_MIRROR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * mirror: what stands in one drive, as the service's own list of changes has
 * it: elements by key, each within another. Changes are added in their order,
 * then it is settled: of each key the last word counts, and every element must
 * be reached from the root, or the mirror is not sound and of no use.
 *
 * Owner:  keys and texts are copied, but those of mirror_read(), which borrow.
 * Limits: the cap of bytes; ST_LIMIT past it.
 */
struct mirror;

struct mirror_change {
	struct span key, parent; /* of the root: its key, and no parent */
	struct span text;        /* whatever its owner makes of it */
	bool gone;
	bool clears; /* what was within it before is gone, too */
};

NODISCARD enum status mirror_open(size_t cap, struct mirror **out);
void mirror_close(struct mirror *m); /* takes NULL */

NODISCARD enum status mirror_add(struct mirror *m,
				 const struct mirror_change *c);
/* ST_MALFORMED: it has no root, or something is nowhere. */
NODISCARD enum status mirror_settle(struct mirror *m);

/* Of a settled one: the n-th in an element, by keys; "" is the root. */
bool mirror_child(const struct mirror *m, struct span parent, size_t n,
		  struct span *text);
size_t mirror_count(const struct mirror *m);

/* A settled one as bytes, and back, not yet settled. */
NODISCARD enum status mirror_write(const struct mirror *m, struct buf *to);
NODISCARD enum status mirror_read(struct mirror *m, struct span bytes);

#endif
