#ifndef PROXY_AGENT_SOURCE_SWIFT_PARTS_H
#define PROXY_AGENT_SOURCE_SWIFT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * swift_parts: objects that are segments of larger ones, so that none is read
 * twice: by name ("container/object", as a static manifest lists them) or by
 * the beginning of their names (dynamic ones).
 *
 * Limits: SWIFT_PARTS names, SWIFT_PARTS_BYTES of them, then ST_LIMIT.
 */
#define SWIFT_PARTS       (1u << 19)
#define SWIFT_PARTS_BYTES (32u << 20)

struct swift_parts {
	struct arena kept;
	const char **names; /* in order, once all are known */
	size_t count, room;
	struct buf prefixes; /* each with a NUL behind */
};

void swift_parts_init(struct swift_parts *p);
void swift_parts_fini(struct swift_parts *p);
NODISCARD enum status swift_parts_add(struct swift_parts *p, struct span name);
NODISCARD enum status swift_parts_prefix(struct swift_parts *p,
					 struct span prefix);
/* All are known: has() may be asked. */
void swift_parts_end(struct swift_parts *p);
bool swift_parts_has(const struct swift_parts *p, struct span name);

#endif
