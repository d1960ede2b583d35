#ifndef DETECT_NUMBER_INDEX_H
#define DETECT_NUMBER_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "detect/catalogue.h"

/*
 * number_index: from the lengths of digit groups to the forms they may have.
 *
 * A tree: the root's child 4 stands for a first group of four digits, its
 * child 6 for a second of six. A node where shapes end has entries. Node 0 is
 * the root; child 0 means that there is none.
 */
struct number_entry {
	const struct data_type *type;
	uint16_t type_index; /* in the catalogue */
	uint8_t score;
	bool space, dash;
	struct prefix prefix; /* 0 digits: any */
};

struct number_node {
	uint16_t child[SHAPE_DIGITS + 1];
	uint8_t digits; /* in all groups up to here */
	uint8_t groups;
	bool luhn; /* every entry's type wants it */
	/* one category after the other; in it the longest prefix first */
	struct number_entry *entries;
	size_t count;
	uint64_t *heads; /* which first four digits any entry allows */
};

struct number_index {
	struct number_node *nodes;
	size_t count;
	unsigned min_run; /* bytes of the shortest shape, separators with it */
};

#define NUMBER_NODES 1024

/* Of all active TOKEN_NUMBER types. */
NODISCARD enum status number_index_build(const struct catalogue *c,
					 struct arena *a,
					 struct number_index *out);

static inline bool
number_head_ok(const struct number_node *n, unsigned head)
{
	return (n->heads[head / 64] >> (head % 64) & 1) != 0;
}

#endif
