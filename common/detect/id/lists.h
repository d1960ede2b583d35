#ifndef DETECT_ID_LISTS_H
#define DETECT_ID_LISTS_H

#include "detect/id/grow.h"

/*
 * id_lists: the types that are written in one way, in the order in which they
 * are asked, and what tells quickly that none of them fits.
 */
struct head_table;

struct finishing {
	struct arena *arena;
	unsigned min_confidence;
	size_t type_words;         /* of a set of types */
	struct head_table *tables; /* all that differ */
};

/* What each entry of a node may reach, before its lists are finished. */
void id_lists_reach(struct grown_node *n);

NODISCARD enum status id_lists_finish(struct finishing *f,
				      const struct grown_variant *g,
				      struct id_variant *v);

#endif
