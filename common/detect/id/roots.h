#ifndef DETECT_ID_ROOTS_H
#define DETECT_ID_ROOTS_H

#include "detect/id/grow.h"

/*
 * id_roots: what tells by the first bytes of a stretch that no shape begins
 * so, before any node is looked at.
 */
NODISCARD enum status id_roots_finish(const struct building *b,
				      enum grown_root root,
				      const struct id_node *nodes,
				      struct arena *a, struct id_door *out);

#endif
