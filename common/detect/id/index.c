#include "detect/id/index.h"

#include <stdlib.h>

#include "detect/id/lists.h"
#include "detect/id/roots.h"
#include "detect/id/sift.h"
#include "detect/id/words.h"

/* Room that the kids of a node take, gaps among them, from the least length. */
static size_t
width_of(const struct building *b, const struct grown_node *g, unsigned sep,
	 unsigned *low)
{
	unsigned high = 0;

	*low = SHAPE_CHARS + 1;
	for (g = kid_of(b, g); g != NULL; g = next_of(b, g)) {
		if (g->sep != sep)
			continue;
		*low = g->len < *low ? g->len : *low;
		high = g->len > high ? g->len : high;
	}
	return high == 0 ? 0 : high - *low + 1;
}

static size_t
count_kids(const struct building *b)
{
	unsigned low;
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++)
		for (unsigned sep = 0; sep < SHAPE_SEPS; sep++)
			n += width_of(b, &b->nodes[i], sep, &low);
	return n;
}

static size_t
finish_edges(const struct building *b, const struct grown_node *g,
	     struct id_node *n, uint16_t *kids, size_t used)
{
	for (unsigned sep = 0; sep < SHAPE_SEPS; sep++) {
		const struct grown_node *kid;
		unsigned low;
		size_t width = width_of(b, g, sep, &low);

		n->edge[sep] = (uint64_t)used << ID_KID_BIT;
		for (kid = kid_of(b, g); kid != NULL; kid = next_of(b, kid)) {
			if (kid->sep != sep || kid->len == 0)
				continue;
			n->edge[sep] |= UINT64_C(1) << (kid->len - 1);
			kids[used + kid->len - low] =
			    (uint16_t)(kid - b->nodes);
		}
		used += width;
	}
	return used;
}

/*
 * What every shape behind a node wants is wanted by the node. A kid was made
 * after its parent, so it is finished before it when taken from behind.
 */
static void
finish_wants(const struct building *b, struct id_node *nodes, size_t at)
{
	const struct grown_node *g = &b->nodes[at];
	struct id_node *n = &nodes[at];

	n->digits = n->uppers = UINT64_MAX;
	for (size_t i = 0; i < g->count; i++) {
		n->digits &= g->variants[i].shape.digits;
		n->uppers &= g->variants[i].shape.uppers;
		n->caseless |= g->variants[i].caseless;
	}
	for (g = kid_of(b, g); g != NULL; g = next_of(b, g)) {
		const struct id_node *kid = &nodes[g - b->nodes];

		n->digits &= kid->digits;
		n->uppers &= kid->uppers;
		n->caseless |= kid->caseless;
	}
}

static int
variant_kind(const struct id_variant *v)
{
	return v->uppers != 0 ? 2 : v->digits != v->either;
}

static int
by_kind(const void *a, const void *b)
{
	return variant_kind(a) - variant_kind(b);
}

static void
finish_order(struct id_variant *v, size_t count, struct id_node *n)
{
	qsort(v, count, sizeof(*v), by_kind);
	n->variants = v;
	n->count = (uint16_t)count;
	for (size_t i = 0; i < count; i++) {
		if (variant_kind(&v[i]) < 1)
			n->mixed++;
		if (variant_kind(&v[i]) < 2)
			n->lettered++;
	}
}

static enum status
finish(struct building *b, unsigned min_confidence, struct arena *a,
       struct id_index *out)
{
	struct id_node *nodes = arena_array(a, b->count, sizeof(*nodes));
	uint16_t *kids = arena_array(a, count_kids(b) + 1, sizeof(*kids));
	enum status st = nodes == NULL || kids == NULL ? ST_NOMEM : ST_OK;
	struct finishing f = {.arena = a,
			      .min_confidence = min_confidence,
			      .type_words = out->type_words};
	size_t used = 0;

	for (size_t i = 0; st == ST_OK && i < b->count; i++) {
		struct grown_node *g = &b->nodes[i];
		struct id_variant *v;

		used = finish_edges(b, g, &nodes[i], kids, used);
		if (g->count == 0)
			continue;
		v = arena_array(a, g->count, sizeof(*v));
		if (v == NULL)
			return ST_NOMEM;
		id_lists_reach(g);
		for (size_t k = 0; st == ST_OK && k < g->count; k++)
			st = id_lists_finish(&f, &g->variants[k], &v[k]);
		finish_order(v, g->count, &nodes[i]);
	}
	for (size_t i = b->count; st == ST_OK && i-- > 0;)
		finish_wants(b, nodes, i);
	if (st == ST_OK)
		st = id_roots_finish(b, GROWN_ALL, nodes, a, &out->all);
	if (st == ST_OK)
		st = id_roots_finish(b, GROWN_STRONG, nodes, a, &out->strong);
	if (st == ST_OK)
		st = id_sift_build(b, a, &out->sift);
	out->nodes = nodes;
	out->kids = kids;
	return st;
}

enum status
id_index_build(const struct catalogue *c, unsigned min_confidence,
	       struct arena *a, struct id_index *out)
{
	struct building b;
	enum status st;

	*out = (struct id_index){.type_words = c->count / 64 + 1};
	st = grown_make(c, min_confidence, &b);
	if (st == ST_OK)
		st = finish(&b, min_confidence, a, out);
	if (st == ST_OK)
		st = id_words_build(c, a, out);
	grown_free(&b);
	return st;
}
