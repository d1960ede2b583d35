#include "detect/id/grow.h"

#include <stdlib.h>

#include "detect/decide/evidence.h"

static enum status
kid_add(struct building *b, struct grown_node *n, uint8_t sep, uint8_t len,
	size_t *at)
{
	if (b->count == ID_NODES)
		return ST_LIMIT;
	b->nodes[b->count] = (struct grown_node){
	    .next = n->kid, .sep = sep, .len = len, .root = n->root};
	n->kid = (uint16_t)b->count;
	*at = b->count++;
	return ST_OK;
}

static enum status
node_of(struct building *b, enum grown_root root, const struct shape *s,
	size_t *out)
{
	enum status st = ST_OK;
	size_t at = root;

	for (unsigned g = 0; st == ST_OK && g < s->groups; g++) {
		size_t next = kid_find(b, at, s->sep[g], s->group[g]);

		if (next == 0)
			st = kid_add(b, &b->nodes[at], s->sep[g], s->group[g],
				     &next);
		at = next;
	}
	*out = at;
	return st;
}

static struct grown_variant *
variant_of(struct grown_node *n, const struct shape *s, bool caseless)
{
	struct grown_variant *v;

	for (size_t i = 0; i < n->count; i++) {
		v = &n->variants[i];
		if (v->shape.digits == s->digits &&
		    v->shape.uppers == s->uppers && v->caseless == caseless)
			return v;
	}
	v = realloc(n->variants, (n->count + 1) * sizeof(*v));
	if (v == NULL)
		return NULL;
	n->variants = v;
	v = &v[n->count++];
	*v = (struct grown_variant){.shape = *s, .caseless = caseless};
	return v;
}

static enum status
entry_add(struct grown_variant *v, const struct id_entry *e)
{
	if (v->count == v->room) {
		size_t room = v->room == 0 ? 4 : v->room * 2;
		struct id_entry *p = realloc(v->entries, room * sizeof(*p));

		if (p == NULL)
			return ST_NOMEM;
		v->entries = p;
		v->room = room;
	}
	v->entries[v->count++] = *e;
	return ST_OK;
}

static bool
chain_wants_luhn(const struct check *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (check_is_luhn(&c[i]))
			return true;
	return false;
}

unsigned
grown_most(const struct id_entry *e)
{
	unsigned most = e->form->score;

	for (size_t i = 0; i < e->type->check_count; i++)
		most += e->type->checks[i].bonus;
	for (size_t i = 0; i < e->form->check_count; i++)
		most += e->form->checks[i].bonus;
	return most;
}

bool
grown_strong(const struct id_entry *e, bool grouped, unsigned min_confidence)
{
	return grown_most(e) + POINTS_ALONE + (grouped ? POINTS_GROUPED : 0) >=
	       min_confidence;
}

/* Those with a bonus only raise what holds. */
static bool
any_refuses(const struct check *c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c[i].bonus == 0)
			return true;
	return false;
}

static bool
is_unchecked(const struct id_entry *e)
{
	return !any_refuses(e->type->checks, e->type->check_count) &&
	       !any_refuses(e->form->checks, e->form->check_count) &&
	       e->prefix.digits == 0 && e->place_count == 0 && !e->exclusive;
}

static enum status
add_behind(struct building *b, enum grown_root root, const struct shape *s,
	   struct id_entry *e)
{
	static const struct prefix any = {0, 0, 0};
	const struct form *f = e->form;
	size_t count = f->prefix_count == 0 ? 1 : f->prefix_count;
	struct grown_variant *v;
	enum status st;
	size_t node;

	st = node_of(b, root, s, &node);
	if (st != ST_OK)
		return st;
	v = variant_of(&b->nodes[node], s, e->type->pattern.caseless);
	if (v == NULL)
		return ST_NOMEM;
	e->places = s->places;
	e->place_count = (uint8_t)s->place_count;
	for (size_t i = 0; st == ST_OK && i < count; i++) {
		e->prefix = f->prefix_count == 0 ? any : f->prefixes[i];
		e->unchecked = is_unchecked(e);
		st = entry_add(v, e);
	}
	return st;
}

static enum status
add_shape(struct building *b, const struct shape *s, struct id_entry *e)
{
	enum status st = add_behind(b, GROWN_ALL, s, e);

	if (st == ST_OK && grown_strong(e, s->groups > 1, b->min_confidence))
		st = add_behind(b, GROWN_STRONG, s, e);
	return st;
}

static enum status
add_form(struct building *b, struct id_entry *e)
{
	enum status st = ST_OK;

	e->luhn = chain_wants_luhn(e->type->checks, e->type->check_count) ||
		  chain_wants_luhn(e->form->checks, e->form->check_count);
	e->exclusive = id_exclusive(e->type);
	for (size_t i = 0; st == ST_OK && i < e->form->shape_count; i++) {
		const struct shape *s = &e->form->shapes[i];
		struct shape joined;

		if (!s->lengths || s->groups == 1) {
			st = add_shape(b, s, e);
			continue;
		}
		for (unsigned sep = 1; st == ST_OK && sep < SHAPE_SEPS; sep++) {
			if ((e->form->seps >> sep & 1) == 0)
				continue;
			shape_join(s, sep, &joined);
			st = add_shape(b, &joined, e);
		}
	}
	return st;
}

static enum status
add_types(struct building *b, const struct catalogue *c)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < c->count; i++) {
		const struct data_type *t = c->types[i];

		if (!t->active || t->token != TOKEN_ID)
			continue;
		for (size_t f = 0; st == ST_OK && f < t->form_count; f++)
			st = add_form(
			    b, &(struct id_entry){.type = t,
						  .form = &t->forms[f],
						  .type_index = (uint16_t)i});
	}
	return st;
}

enum status
grown_make(const struct catalogue *c, unsigned min_confidence,
	   struct building *out)
{
	*out = (struct building){.count = GROWN_ROOTS,
				 .min_confidence = min_confidence};
	out->nodes = calloc(ID_NODES, sizeof(*out->nodes));
	if (out->nodes == NULL)
		return ST_NOMEM;
	out->nodes[GROWN_STRONG].root = GROWN_STRONG;
	return add_types(out, c);
}

void
grown_free(struct building *b)
{
	for (size_t i = 0; b->nodes != NULL && i < b->count; i++) {
		for (size_t k = 0; k < b->nodes[i].count; k++)
			free(b->nodes[i].variants[k].entries);
		free(b->nodes[i].variants);
	}
	free(b->nodes);
}
