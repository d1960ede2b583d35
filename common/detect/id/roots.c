#include "detect/id/roots.h"

/* Every way in which digits may stand at the head of a shape. */
static void
lead_mark(struct id_lead *set, const struct shape *s)
{
	unsigned n = s->group[0] > ID_LEAD_MAX ? ID_LEAD_MAX : s->group[0];
	uint64_t group = (UINT64_C(1) << n) - 1;
	uint64_t must = s->digits & group;
	uint64_t may = group & ~s->uppers & ~must, some = 0;

	do {
		uint64_t p = must | some, bit = UINT64_C(1) << (p % 64);

		if (s->groups == 1)
			set[p / 64].alone |= bit;
		else
			set[p / 64].more |= bit;
		some = (some - may) & may;
	} while (some != 0);
}

#define LEAD_WORDS ((1U << ID_LEAD_MAX) / 64)

static enum status
root_make(struct id_root *r, unsigned len, struct arena *a,
	  struct id_lead **capital, struct id_lead **small)
{
	*capital = arena_array(a, LEAD_WORDS, sizeof(**small));
	*small = arena_array(a, LEAD_WORDS, sizeof(**small));
	if (*capital == NULL || *small == NULL)
		return ST_NOMEM;
	r->group = len > SHAPE_CHARS ? 0 : (UINT64_C(1) << len) - 1;
	r->capital = *capital;
	r->small = *small;
	return ST_OK;
}

/* By a node of the root's: what may be behind it. */
static void
root_second(struct id_root *r, const struct id_node *n)
{
	uint64_t lengths = (UINT64_C(1) << ID_KID_BIT) - 1;

	r->node = n;
	for (unsigned sep = 0; sep < SHAPE_SEPS; sep++)
		r->second[sep] = n->edge[sep] & lengths;
}

static void
sift_mark(struct start_sift *sift, const struct shape *s)
{
	sift->letters_behind |= s->digits != s->either;
	if (s->uppers == 0 && s->bytes < sift->digit_run)
		sift->digit_run = s->bytes;
}

enum status
id_roots_finish(const struct building *b, enum grown_root root,
		const struct id_node *nodes, struct arena *a,
		struct id_door *out)
{
	struct id_lead *capital[65], *small[65];
	enum status st = ST_OK;

	out->sift.digit_run = 16;
	for (unsigned len = 0; st == ST_OK && len <= 64; len++) {
		struct id_root *r = &out->root[len];
		size_t kid = kid_find(b, root, 0, len);

		st = root_make(r, len, a, &capital[len], &small[len]);
		if (st == ST_OK && kid != 0)
			root_second(r, &nodes[kid]);
	}
	for (size_t i = 0; st == ST_OK && i < b->count; i++) {
		const struct grown_node *n = &b->nodes[i];

		for (size_t k = 0; n->root == root && k < n->count; k++) {
			const struct grown_variant *v = &n->variants[k];

			out->any = true;
			sift_mark(&out->sift, &v->shape);
			lead_mark(capital[v->shape.group[0]], &v->shape);
			if (v->caseless)
				lead_mark(small[v->shape.group[0]], &v->shape);
		}
	}
	return st;
}
