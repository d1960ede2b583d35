#ifndef DETECT_ID_GROW_H
#define DETECT_ID_GROW_H

#include "detect/id/index.h"

/*
 * id_grow: the tree of shapes while it grows, with lists for what is not yet
 * counted; id_index makes arrays of their exact size of it.
 */
struct grown_variant {
	struct shape shape;
	bool caseless;
	struct id_entry *entries;
	size_t count, room;
};

struct grown_node {
	/* places of nodes, 0: none */
	uint16_t kid;     /* one of those behind it */
	uint16_t next;    /* another one behind the same */
	uint8_t sep, len; /* the group that leads here, and what joins it on */
	uint8_t root;     /* that it is behind */
	struct grown_variant *variants;
	size_t count;
};

/* Two trees; their roots are the first nodes. */
enum grown_root { GROWN_ALL, GROWN_STRONG, GROWN_ROOTS };

struct building {
	struct grown_node *nodes; /* ID_NODES of them */
	size_t count;
	unsigned min_confidence; /* what the strong reach alone */
};

static inline const struct grown_node *
kid_of(const struct building *b, const struct grown_node *n)
{
	return n->kid == 0 ? NULL : &b->nodes[n->kid];
}

static inline const struct grown_node *
next_of(const struct building *b, const struct grown_node *n)
{
	return n->next == 0 ? NULL : &b->nodes[n->next];
}

/* 0: there is none. */
static inline size_t
kid_find(const struct building *b, size_t at, unsigned sep, unsigned len)
{
	size_t kid = b->nodes[at].kid;

	while (kid != 0 &&
	       (b->nodes[kid].sep != sep || b->nodes[kid].len != len))
		kid = b->nodes[kid].next;
	return kid;
}

/* Its score when all checks hold, without what stands around. */
unsigned grown_most(const struct id_entry *e);

/* Whether it may be reported without a word. */
bool grown_strong(const struct id_entry *e, bool grouped,
		  unsigned min_confidence);

/* Of all active TOKEN_ID types. grown_free() in any case. */
NODISCARD enum status grown_make(const struct catalogue *c,
				 unsigned min_confidence, struct building *out);
void grown_free(struct building *b);

#endif
