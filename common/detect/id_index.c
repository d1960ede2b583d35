#include "detect/id_index.h"

#include <stdlib.h>
#include <string.h>

#include "detect/evidence.h"

#define HEADS      10000 /* numbers of four digits */
#define HEAD_WORDS (HEADS / 64 + 1)

/* ---- building: the tree with lists for what is not yet counted ------------
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
	struct grown_variant *variants;
	size_t count;
};

struct building {
	struct grown_node *nodes; /* ID_NODES of them; [0] is the root */
	size_t count;
};

static const struct grown_node *
kid_of(const struct building *b, const struct grown_node *n)
{
	return n->kid == 0 ? NULL : &b->nodes[n->kid];
}

static const struct grown_node *
next_of(const struct building *b, const struct grown_node *n)
{
	return n->next == 0 ? NULL : &b->nodes[n->next];
}

static enum status
kid_add(struct building *b, struct grown_node *n, uint8_t sep, uint8_t len,
	size_t *at)
{
	if (b->count == ID_NODES)
		return ST_LIMIT;
	b->nodes[b->count] =
	    (struct grown_node){.next = n->kid, .sep = sep, .len = len};
	n->kid = (uint16_t)b->count;
	*at = b->count++;
	return ST_OK;
}

/* 0: there is none. */
static size_t
kid_find(const struct building *b, size_t at, unsigned sep, unsigned len)
{
	size_t kid = b->nodes[at].kid;

	while (kid != 0 &&
	       (b->nodes[kid].sep != sep || b->nodes[kid].len != len))
		kid = b->nodes[kid].next;
	return kid;
}

static enum status
node_of(struct building *b, const struct shape *s, size_t *out)
{
	enum status st = ST_OK;
	size_t at = 0;

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

static enum status
add_shape(struct building *b, const struct shape *s, struct id_entry *e)
{
	static const struct prefix any = {0, 0, 0};
	const struct form *f = e->form;
	size_t count = f->prefix_count == 0 ? 1 : f->prefix_count;
	struct grown_variant *v;
	enum status st;
	size_t node;

	st = node_of(b, s, &node);
	if (st != ST_OK)
		return st;
	v = variant_of(&b->nodes[node], s, e->type->pattern.caseless);
	if (v == NULL)
		return ST_NOMEM;
	e->places = s->places;
	e->place_count = (uint8_t)s->place_count;
	for (size_t i = 0; st == ST_OK && i < count; i++) {
		e->prefix = f->prefix_count == 0 ? any : f->prefixes[i];
		st = entry_add(v, e);
	}
	return st;
}

static enum status
add_form(struct building *b, struct id_entry *e)
{
	enum status st = ST_OK;

	e->luhn = chain_wants_luhn(e->type->checks, e->type->check_count) ||
		  chain_wants_luhn(e->form->checks, e->form->check_count);
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

/* ---- finishing: into arrays of their exact size ---------------------------
 */

struct head_table {
	struct head_table *next;
	uint64_t heads[HEAD_WORDS];
};

struct finishing {
	struct arena *arena;
	unsigned min_confidence;
	struct head_table *tables; /* all that differ */
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

static unsigned
best_alone(const struct id_entry *e, bool grouped)
{
	unsigned best = e->form->score + POINTS_ALONE;

	best += grouped ? POINTS_GROUPED : 0;
	for (size_t i = 0; i < e->type->check_count; i++)
		best += e->type->checks[i].bonus;
	for (size_t i = 0; i < e->form->check_count; i++)
		best += e->form->checks[i].bonus;
	return best;
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

		if (best_alone(&x, grouped) < min_confidence)
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

static enum status
finish_list(struct finishing *f, const struct id_entry *e, size_t n,
	    bool digits, struct id_list *out)
{
	uint64_t heads[HEAD_WORDS] = {0};
	bool any = !digits || n == 0;

	*out = (struct id_list){.entries = e, .count = n, .luhn = n > 0};
	for (size_t i = 0; i < n; i++) {
		out->luhn &= e[i].luhn;
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

static enum status
finish_variant(struct finishing *f, const struct grown_variant *g,
	       size_t type_words, struct id_variant *v)
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
	return st == ST_OK ? finish_types(v, type_words, f->arena) : st;
}

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

/* Every way in which digits may stand at the head of a shape. */
static void
lead_mark(uint64_t *set, const struct shape *s)
{
	unsigned n = s->group[0] > ID_LEAD_MAX ? ID_LEAD_MAX : s->group[0];
	uint64_t group = (UINT64_C(1) << n) - 1;
	uint64_t must = s->digits & group;
	uint64_t may = group & ~s->uppers & ~must, some = 0;

	do {
		uint64_t p = must | some;

		set[p / 64] |= UINT64_C(1) << (p % 64);
		some = (some - may) & may;
	} while (some != 0);
}

#define LEAD_WORDS ((1U << ID_LEAD_MAX) / 64)

static enum status
root_make(struct id_root *r, unsigned len, struct arena *a, uint64_t **capital,
	  uint64_t **small)
{
	*capital = arena_array(a, LEAD_WORDS, sizeof(uint64_t));
	*small = arena_array(a, LEAD_WORDS, sizeof(uint64_t));
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
		r->second[sep] =
		    n->count > 0 ? UINT64_MAX : n->edge[sep] & lengths;
}

static void
finish_sift(const struct building *b, struct start_sift *out)
{
	out->digit_run = 16;
	for (size_t i = 0; i < b->count; i++) {
		for (size_t k = 0; k < b->nodes[i].count; k++) {
			const struct shape *s = &b->nodes[i].variants[k].shape;

			out->letters_behind |= s->digits != s->either;
			if (s->uppers == 0 && s->bytes < out->digit_run)
				out->digit_run = s->bytes;
		}
	}
}

static enum status
finish_roots(const struct building *b, const struct id_node *nodes,
	     struct arena *a, struct id_index *out)
{
	uint64_t *capital[65], *small[65];
	enum status st = ST_OK;

	for (unsigned len = 0; st == ST_OK && len <= 64; len++) {
		struct id_root *r = &out->root[len];
		size_t kid = kid_find(b, 0, 0, len);

		st = root_make(r, len, a, &capital[len], &small[len]);
		if (st == ST_OK && kid != 0)
			root_second(r, &nodes[kid]);
	}
	for (size_t i = 0; st == ST_OK && i < b->count; i++) {
		for (size_t k = 0; k < b->nodes[i].count; k++) {
			const struct grown_variant *v =
			    &b->nodes[i].variants[k];

			lead_mark(capital[v->shape.group[0]], &v->shape);
			if (v->caseless)
				lead_mark(small[v->shape.group[0]], &v->shape);
		}
	}
	return st;
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
	struct finishing f = {.arena = a, .min_confidence = min_confidence};
	size_t used = 0;

	for (size_t i = 0; st == ST_OK && i < b->count; i++) {
		const struct grown_node *g = &b->nodes[i];
		struct id_variant *v;

		used = finish_edges(b, g, &nodes[i], kids, used);
		if (g->count == 0)
			continue;
		v = arena_array(a, g->count, sizeof(*v));
		if (v == NULL)
			return ST_NOMEM;
		for (size_t k = 0; st == ST_OK && k < g->count; k++)
			st = finish_variant(&f, &g->variants[k],
					    out->type_words, &v[k]);
		finish_order(v, g->count, &nodes[i]);
	}
	for (size_t i = b->count; st == ST_OK && i-- > 0;)
		finish_wants(b, nodes, i);
	if (st == ST_OK)
		st = finish_roots(b, nodes, a, out);
	finish_sift(b, &out->sift);
	out->nodes = nodes;
	out->kids = kids;
	out->count = b->count;
	return st;
}

static void
building_free(struct building *b)
{
	for (size_t i = 0; i < b->count; i++) {
		for (size_t k = 0; k < b->nodes[i].count; k++)
			free(b->nodes[i].variants[k].entries);
		free(b->nodes[i].variants);
	}
	free(b->nodes);
}

/* ---- words ----------------------------------------------------------------
 */

typedef void word_fn(void *arg, size_t word, size_t type);

static void
each_bit(const uint64_t *set, const uint64_t *but, size_t words, size_t type,
	 word_fn *take, void *arg)
{
	for (size_t i = 0; set != NULL && i < words; i++) {
		uint64_t w = set[i] & (but == NULL ? UINT64_MAX : ~but[i]);

		for (; w != 0; w &= w - 1)
			take(arg, i * 64 + (size_t)__builtin_ctzll(w), type);
	}
}

static void
each_word(const struct catalogue *c, word_fn *take, void *arg)
{
	size_t words = c->words.ids / 64 + 1;

	for (size_t i = 0; i < c->count; i++) {
		const struct data_type *t = c->types[i];

		if (!t->active || t->token != TOKEN_ID)
			continue;
		each_bit(t->words_for, NULL, words, i, take, arg);
		each_bit(t->words_columns, t->words_for, words, i, take, arg);
	}
}

static void
count_word(void *arg, size_t word, size_t type)
{
	uint32_t *first = arg;

	(void)type;
	first[word + 1]++;
}

struct filling {
	const uint32_t *first;
	uint32_t *done;
	uint16_t *type;
};

static void
fill_word(void *arg, size_t word, size_t type)
{
	struct filling *f = arg;

	f->type[f->first[word] + f->done[word]++] = (uint16_t)type;
}

static enum status
build_words(const struct catalogue *c, struct arena *a, struct id_index *out)
{
	size_t n = c->words.ids;
	uint32_t *first = arena_array(a, n + 1, sizeof(*first));
	struct filling f = {.first = first};

	if (first == NULL)
		return ST_NOMEM;
	each_word(c, count_word, first);
	for (size_t w = 0; w < n; w++)
		first[w + 1] += first[w];
	f.done = calloc(n + 1, sizeof(*f.done));
	f.type = arena_array(a, first[n] + 1U, sizeof(*f.type));
	if (f.done == NULL || f.type == NULL) {
		free(f.done);
		return ST_NOMEM;
	}
	each_word(c, fill_word, &f);
	free(f.done);
	out->word_first = first;
	out->word_type = f.type;
	return ST_OK;
}

enum status
id_index_build(const struct catalogue *c, unsigned min_confidence,
	       struct arena *a, struct id_index *out)
{
	struct building b = {.count = 1};
	enum status st;

	*out = (struct id_index){.type_words = c->count / 64 + 1};
	b.nodes = calloc(ID_NODES, sizeof(*b.nodes));
	if (b.nodes == NULL)
		return ST_NOMEM;
	st = add_types(&b, c);
	if (st == ST_OK)
		st = finish(&b, min_confidence, a, out);
	if (st == ST_OK)
		st = build_words(c, a, out);
	building_free(&b);
	return st;
}
