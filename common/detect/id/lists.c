#include "detect/id/lists.h"

#include <stdlib.h>
#include <string.h>

#define HEADS      10000 /* numbers of four digits */
#define HEAD_WORDS (HEADS / 64 + 1)

struct head_table {
	struct head_table *next;
	uint64_t heads[HEAD_WORDS];
};

bool
id_exclusive(const struct data_type *t)
{
	return strcmp(t->category, "card") == 0;
}

static int
by_rank(const void *a, const void *b)
{
	const struct id_entry *x = a, *y = b;
	int category = x->type->category == y->type->category
			   ? 0
			   : strcmp(x->type->category, y->type->category);

	if (category != 0)
		return category;
	if (x->prefix.digits != y->prefix.digits)
		return (int)y->prefix.digits - (int)x->prefix.digits;
	if (x->form->score != y->form->score)
		return (int)y->form->score - (int)x->form->score;
	if (x->type_index != y->type_index)
		return (int)x->type_index - (int)y->type_index;
	return x->prefix.from < y->prefix.from ? -1 : 1;
}

static void
set_bits(uint64_t *set, uint32_t from, uint32_t to)
{
	while (from <= to) {
		uint64_t word = UINT64_MAX << (from % 64);
		uint32_t last = from | 63;

		if (last > to)
			word &= UINT64_MAX >> (63 - to % 64);
		set[from / 64] |= word;
		from = last + 1;
	}
}

static void
allow_heads(uint64_t *heads, const struct prefix *p)
{
	uint32_t from = p->from, to = p->to;

	for (unsigned d = p->digits; d > 4; d--) {
		from /= 10;
		to /= 10;
	}
	for (unsigned d = p->digits; d < 4; d++) {
		from *= 10;
		to = to * 10 + 9;
	}
	set_bits(heads, from, to < HEADS ? to : HEADS - 1);
}

/* Moves the strong before the weak, in order, and gives their number. */
static size_t
part(struct id_entry *e, size_t n, bool grouped, unsigned min_confidence)
{
	size_t strong = 0;

	for (size_t i = 0; i < n; i++) {
		struct id_entry x = e[i];

		if (!grown_strong(&x, grouped, min_confidence))
			continue;
		memmove(&e[strong + 1], &e[strong], (i - strong) * sizeof(*e));
		e[strong++] = x;
	}
	return strong;
}

/* One table for all lists that allow the same. */
static enum status
keep_heads(struct finishing *f, const uint64_t *heads, const uint64_t **out)
{
	struct head_table *t;

	for (t = f->tables; t != NULL; t = t->next) {
		if (memcmp(t->heads, heads, sizeof(t->heads)) != 0)
			continue;
		*out = t->heads;
		return ST_OK;
	}
	t = arena_take(f->arena, sizeof(*t));
	if (t == NULL)
		return ST_NOMEM;
	memcpy(t->heads, heads, sizeof(t->heads));
	t->next = f->tables;
	f->tables = t;
	*out = t->heads;
	return ST_OK;
}

void
id_lists_reach(struct grown_node *n)
{
	unsigned best = 0;

	for (size_t i = 0; i < n->count; i++) {
		const struct grown_variant *v = &n->variants[i];

		for (size_t k = 0; k < v->count; k++) {
			struct id_entry *e = &v->entries[k];

			e->most = (uint16_t)grown_most(e);
			if (e->exclusive && e->most > best)
				best = e->most;
		}
	}
	for (size_t i = 0; i < n->count; i++)
		for (size_t k = 0; k < n->variants[i].count; k++)
			if (n->variants[i].entries[k].exclusive)
				n->variants[i].entries[k].most = (uint16_t)best;
}

static enum status
finish_list(struct finishing *f, const struct id_entry *e, size_t n,
	    bool digits, struct id_list *out)
{
	uint64_t heads[HEAD_WORDS] = {0};
	bool any = !digits || n == 0;

	*out = (struct id_list){.entries = e, .count = n, .luhn = n > 0};
	for (size_t i = 0; i < n; i++) {
		out->luhn &= e[i].luhn;
		out->most = e[i].most > out->most ? e[i].most : out->most;
		any |= e[i].prefix.digits == 0;
	}
	if (any)
		return ST_OK;
	for (size_t i = 0; i < n; i++)
		allow_heads(heads, &e[i].prefix);
	return keep_heads(f, heads, &out->heads);
}

static enum status
finish_types(struct id_variant *v, size_t words, struct arena *a)
{
	uint64_t *types;

	if (v->weak.count == 0)
		return ST_OK;
	types = arena_array(a, words, sizeof(*types));
	if (types == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < v->weak.count; i++) {
		size_t t = v->weak.entries[i].type_index;

		types[t / 64] |= UINT64_C(1) << (t % 64);
	}
	v->weak_types = types;
	return ST_OK;
}

enum status
id_lists_finish(struct finishing *f, const struct grown_variant *g,
		struct id_variant *v)
{
	struct id_entry *e = arena_array(f->arena, g->count, sizeof(*e));
	bool digits = (g->shape.digits & 15) == 15;
	enum status st;
	size_t strong;

	*v = (struct id_variant){.digits = g->shape.digits,
				 .uppers = g->shape.uppers,
				 .either = g->shape.either,
				 .caseless = g->caseless};
	if (e == NULL)
		return ST_NOMEM;
	memcpy(e, g->entries, g->count * sizeof(*e));
	qsort(e, g->count, sizeof(*e), by_rank);
	strong = part(e, g->count, g->shape.groups > 1, f->min_confidence);
	st = finish_list(f, e, strong, digits, &v->strong);
	if (st == ST_OK)
		st = finish_list(f, e + strong, g->count - strong, digits,
				 &v->weak);
	return st == ST_OK ? finish_types(v, f->type_words, f->arena) : st;
}
