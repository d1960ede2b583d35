#ifndef DETECT_ID_INDEX_H
#define DETECT_ID_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "detect/catalogue/catalogue.h"
#include "detect/tile/starts.h"

/*
 * id_index: from the lengths of groups and what joins them to the forms that
 * are written so.
 *
 * A tree: from the root a group of four leads to a node, from there a dash and
 * a group of six to the next. A node where shapes end has variants, one for
 * each way its bytes may be digits and capitals; a variant has the forms of
 * types written that way.
 */
struct id_entry {
	const struct data_type *type;
	const struct form *form;
	/* bytes that are of smaller sets than digits and capitals */
	const struct shape_place *places;
	uint8_t place_count;
	uint16_t type_index; /* in the catalogue */
	bool luhn;           /* no value without it is one */
	bool exclusive;      /* as id_exclusive() says of the type */
	bool unchecked;      /* no value that is written so is refused */
	/*
	 * Score when all its checks hold, without what stands around; of an
	 * exclusive category the best of the node, for they outdo each other.
	 */
	uint16_t most;
	struct prefix prefix; /* 0 digits: any */
};

/* The longest prefix first where one category is exclusive. */
struct id_list {
	const struct id_entry *entries;
	size_t count;
	bool luhn;             /* all of them want it */
	uint16_t most;         /* of any */
	const uint64_t *heads; /* which first four digits any allows, or NULL */
};

struct id_variant {
	uint64_t digits, uppers, either; /* of struct shape */
	bool caseless;
	struct id_list strong; /* the stretch alone may carry them */
	struct id_list weak;   /* nothing without a word */
	/* a bit for each type of the catalogue that weak has */
	const uint64_t *weak_types;
};

struct id_node {
	/*
	 * By separator: a bit for each length, and above them where the kid of
	 * the least length is; those of greater lengths follow, with gaps.
	 */
	uint64_t edge[SHAPE_SEPS];
	/* what all variants of this node and those behind it want */
	uint64_t digits, uppers;
	bool caseless; /* small letters may do in one of them */
	/*
	 * Those of digits only come first, then those that may be digits only,
	 * then those that have a capital: of a stretch of digits none behind
	 * `lettered` need be looked at, of others none before `mixed`.
	 */
	const struct id_variant *variants;
	uint16_t mixed, lettered, count;
};

/*
 * What is told of a stretch by its first group and the one behind it, without a
 * look at any node.
 */
#define ID_LEAD_MAX 10

/* How the first group may be: by what of it is digits, the rest capitals. */
struct id_lead {
	/*
	 * Bit p: the first ID_LEAD_MAX bytes may be digits where p has bits;
	 * alone: as a shape of its own, more: as the first of several groups.
	 */
	uint64_t alone, more;
};

struct id_root {
	const struct id_node *node; /* NULL: no shape begins so */
	uint64_t group;             /* a bit for each byte of the group */
	/* by what joins the next group: a bit for each length of that */
	uint64_t second[SHAPE_SEPS];
	/* in small[] small letters may stand for capitals */
	const struct id_lead *capital, *small;
};

/* Where a tree is entered. */
struct id_door {
	struct start_sift sift;
	bool any;                /* shapes at all */
	struct id_root root[65]; /* by the length of the first group */
};

struct id_index {
	struct id_door all;
	/* of the types that a stretch alone may carry: another tree, for where
	 * no word is near */
	struct id_door strong;
	const uint8_t *sift; /* id/sift.h */
	const struct id_node *nodes;
	const uint16_t *kids;
	size_t type_words; /* uint64_t in a set of types */
	/*
	 * The types that a word speaks for, with ID_WORD_ bits: of word w
	 * [first[w], first[w+1]).
	 */
	const uint32_t *word_first;
	const uint16_t *word_type;
	const uint64_t *word_against; /* words that are against any id */
};

#define ID_WORD_TYPE    0x3fffU
#define ID_WORD_KEY     0x4000U /* as a key or the head of a column only */
#define ID_WORD_GENERAL 0x8000U /* all of its kind have it */

#define ID_NODES   32768
#define ID_KID_BIT 40

/* Of all active TOKEN_ID types; min_confidence tells strong from weak. */
NODISCARD enum status id_index_build(const struct catalogue *c,
				     unsigned min_confidence, struct arena *a,
				     struct id_index *out);

/* Bits that are set from the lowest on, 64 for all. */
static inline unsigned
id_length(uint64_t word)
{
	return word == UINT64_MAX ? 64 : (unsigned)__builtin_ctzll(~word);
}

/* The node behind a group of len that sep joins on; NULL: there is none. */
static inline const struct id_node *
id_child(const struct id_index *x, const struct id_node *n, unsigned sep,
	 unsigned len)
{
	uint64_t edge = n->edge[sep];

	if (len - 1 >= SHAPE_CHARS || (edge >> (len - 1) & 1) == 0)
		return NULL;
	return &x->nodes[x->kids[(edge >> ID_KID_BIT) + len - 1 -
				 (unsigned)__builtin_ctzll(edge)]];
}

/* What bytes are, from a place on, a bit each. */
struct id_view {
	uint64_t digits, uppers, lowers;
};

/* Whether that can be of a shape at the node or behind it. */
static inline bool
id_wanted(const struct id_node *n, struct id_view v)
{
	uint64_t upper = n->caseless ? v.uppers | v.lowers : v.uppers;

	return ((n->digits & ~v.digits) | (n->uppers & ~upper)) == 0;
}

/* What is seen of a group and what is behind it. */
struct id_group {
	struct id_view v;
	unsigned sep, next; /* what joins the next group, and its length */
};

enum id_begin { ID_NONE, ID_ALONE, ID_MORE };

/*
 * Whether a shape can begin with the group: one that is of it alone, or only
 * one that goes on with what is behind.
 */
static inline enum id_begin
id_begins(const struct id_root *r, const struct id_group *g)
{
	uint64_t p = g->v.digits & r->group & ((1U << ID_LEAD_MAX) - 1);
	const struct id_lead *lead =
	    ((g->v.lowers & r->group) == 0 ? r->capital : r->small) + p / 64;
	uint64_t joins = r->second[g->sep] >> ((g->next - 1) & 63) & 1;
	uint64_t more = lead->more >> (p % 64) & joins;

	if (((lead->alone >> (p % 64) | more) & 1) == 0)
		return ID_NONE;
	return (lead->alone >> (p % 64) & 1) != 0 ? ID_ALONE : ID_MORE;
}

static inline bool
id_head_ok(const struct id_list *l, unsigned head)
{
	return l->heads == NULL ||
	       (l->heads[head / 64] >> (head % 64) & 1) != 0;
}

/* Only the best type of the category counts where several fit. */
bool id_exclusive(const struct data_type *t);

#endif
