#include "detect/number_index.h"

#include <stdlib.h>
#include <string.h>

#include "detect/check_digits.h"

#define HEADS 10000 /* numbers of four digits */

struct building {
	struct number_index *index;
	struct arena *arena;
	/* entries of each node while they are counted, then filled */
	size_t *room;
};

static enum status
node_of(struct building *b, const struct shape *s, size_t *out)
{
	struct number_index *x = b->index;
	size_t at = 0;

	for (unsigned g = 0; g < s->groups; g++) {
		size_t next = x->nodes[at].child[s->group[g]];

		if (next == 0) {
			if (x->count == NUMBER_NODES)
				return ST_LIMIT;
			next = x->count++;
			x->nodes[at].child[s->group[g]] = (uint16_t)next;
			x->nodes[next].digits =
			    (uint8_t)(x->nodes[at].digits + s->group[g]);
			x->nodes[next].groups = (uint8_t)(g + 1);
		}
		at = next;
	}
	if (s->digits + s->groups - 1U < x->min_run)
		x->min_run = s->digits + s->groups - 1U;
	*out = at;
	return ST_OK;
}

static bool
wants_luhn(const struct data_type *t)
{
	for (size_t i = 0; i < t->check_count; i++)
		if (t->checks[i].op->run == check_luhn &&
		    t->checks[i].bonus == 0)
			return true;
	return false;
}

static void
allow_heads(struct number_node *n, const struct prefix *p)
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
	for (uint32_t h = from; h <= to && h < HEADS; h++)
		n->heads[h / 64] |= UINT64_C(1) << (h % 64);
}

static void
fill(struct number_node *n, const struct data_type *t, size_t type_index,
     const struct form *f)
{
	static const struct prefix any = {0, 0, 0};
	size_t count = f->prefix_count == 0 ? 1 : f->prefix_count;

	for (size_t i = 0; i < count; i++) {
		const struct prefix *p =
		    f->prefix_count == 0 ? &any : &f->prefixes[i];

		n->entries[n->count++] = (struct number_entry){
		    t, (uint16_t)type_index, f->score, f->space, f->dash, *p};
		allow_heads(n, p);
	}
	n->luhn &= wants_luhn(t);
}

typedef enum status visit_fn(struct building *b, size_t node,
			     const struct data_type *t, size_t type_index,
			     const struct form *f);

static enum status
visit_count(struct building *b, size_t node, const struct data_type *t,
	    size_t type_index, const struct form *f)
{
	(void)t;
	(void)type_index;
	b->room[node] += f->prefix_count == 0 ? 1 : f->prefix_count;
	return ST_OK;
}

static enum status
visit_fill(struct building *b, size_t node, const struct data_type *t,
	   size_t type_index, const struct form *f)
{
	struct number_node *n = &b->index->nodes[node];

	if (n->entries == NULL) {
		n->entries =
		    arena_array(b->arena, b->room[node], sizeof(*n->entries));
		n->heads =
		    arena_array(b->arena, HEADS / 64 + 1, sizeof(*n->heads));
		if (n->entries == NULL || n->heads == NULL)
			return ST_NOMEM;
		n->luhn = true;
	}
	fill(n, t, type_index, f);
	return ST_OK;
}

static enum status
visit_type(struct building *b, const struct data_type *t, size_t type_index,
	   visit_fn *visit)
{
	enum status st = ST_OK;
	size_t node;

	for (size_t f = 0; f < t->form_count; f++) {
		const struct form *form = &t->forms[f];

		for (size_t s = 0; st == ST_OK && s < form->shape_count; s++) {
			st = node_of(b, &form->shapes[s], &node);
			if (st == ST_OK)
				st = visit(b, node, t, type_index, form);
		}
	}
	return st;
}

static enum status
visit_all(struct building *b, const struct catalogue *c, visit_fn *visit)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < c->count; i++)
		if (c->types[i]->active && c->types[i]->token == TOKEN_NUMBER)
			st = visit_type(b, c->types[i], i, visit);
	return st;
}

static int
by_rank(const void *a, const void *b)
{
	const struct number_entry *x = a, *y = b;
	int category = strcmp(x->type->category, y->type->category);

	if (category != 0)
		return category;
	if (x->prefix.digits != y->prefix.digits)
		return (int)y->prefix.digits - (int)x->prefix.digits;
	if (x->score != y->score)
		return (int)y->score - (int)x->score;
	if (x->type_index != y->type_index)
		return (int)x->type_index - (int)y->type_index;
	return x->prefix.from < y->prefix.from ? -1 : 1;
}

enum status
number_index_build(const struct catalogue *c, struct arena *a,
		   struct number_index *out)
{
	struct building b = {.index = out, .arena = a};
	enum status st;

	*out = (struct number_index){.count = 1, .min_run = 64};
	out->nodes = arena_array(a, NUMBER_NODES, sizeof(*out->nodes));
	b.room = calloc(NUMBER_NODES, sizeof(*b.room));
	st = out->nodes == NULL || b.room == NULL ? ST_NOMEM : ST_OK;
	if (st == ST_OK)
		st = visit_all(&b, c, visit_count);
	if (st == ST_OK)
		st = visit_all(&b, c, visit_fill);
	for (size_t i = 0; st == ST_OK && i < out->count; i++)
		if (out->nodes[i].count > 0)
			qsort(out->nodes[i].entries, out->nodes[i].count,
			      sizeof(struct number_entry), by_rank);
	free(b.room);
	return st;
}
