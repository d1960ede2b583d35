#include "detect/region/lead.h"

#include <string.h>

#define STEPS_MAX 60000
#define DEPTH_MAX 600
#define NEED_SET  30 /* more kinds of bytes stand everywhere */
#define ENOUGH    8  /* certain bytes: what follows is not told apart */
#define FEW       3

/* What is still to be read: a node, those behind it, and what follows them. */
struct todo {
	uint16_t node;
	bool chain; /* the nodes behind it as well */
	bool again; /* it is a repeat that is under way */
	uint32_t min, max;
	const struct todo *next;
};

/* Where the reader stands on one way through the expression. */
struct place {
	struct lead lead;
	uint32_t from, to; /* bytes from the beginning of the match */
	unsigned certain;  /* bytes of the lead */
	bool begun;        /* the lead */
	bool capital;      /* its second byte must be a small letter */
	bool free;         /* no letter stands before the next byte */
};

struct maker {
	const struct expr *e;
	struct lead_list *out;
	size_t first; /* of the expression's */
	unsigned steps, depth;
};

static bool walk(struct maker *m, const struct todo *t, const struct place *at);

/* ---- sets ---------------------------------------------------------------- */

static bool
letter(unsigned c)
{
	return (c | 32) - 'a' < 26;
}

static unsigned
set_count(const struct class_set *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < 4; i++)
		n += (unsigned)__builtin_popcountll(s->bits[i]);
	return n;
}

static unsigned
set_first(const struct class_set *s)
{
	for (unsigned i = 0; i < 4; i++)
		if (s->bits[i] != 0)
			return i * 64 + (unsigned)__builtin_ctzll(s->bits[i]);
	return 255;
}

/* Of the second 64 bytes: A to Z and a to z. */
#define CAPITALS UINT64_C(0x0000000007fffffe)
#define SMALL    UINT64_C(0x07fffffe00000000)

static bool
has_letters(const struct class_set *s)
{
	return (s->bits[1] & (CAPITALS | SMALL)) != 0;
}

/* A bit for the lower five bits of each byte. */
static uint32_t
set_fold(const struct class_set *s)
{
	uint64_t all = s->bits[0] | s->bits[1] | s->bits[2] | s->bits[3];

	return (uint32_t)(all | all >> 32);
}

/* One byte, or one letter in both cases. */
static bool
is_certain(const struct class_set *s)
{
	unsigned c = set_first(s);
	struct class_set rest = *s;

	rest.bits[c >> 6] &= ~(UINT64_C(1) << (c & 63));
	if (c - 'A' < 26)
		rest.bits[1] &= ~(UINT64_C(1) << ((c | 32) & 63));
	return (rest.bits[0] | rest.bits[1] | rest.bits[2] | rest.bits[3]) == 0;
}

static bool
all_small(const struct class_set *s)
{
	return (s->bits[0] | (s->bits[1] & ~SMALL) | s->bits[2] | s->bits[3]) ==
	       0;
}

static void
set_join(struct class_set *to, const struct class_set *from)
{
	for (unsigned i = 0; i < 4; i++)
		to->bits[i] |= from->bits[i];
}

/* ---- what must stand behind a lead --------------------------------------- */

/* Bytes that what the node matches may begin with. */
static void
set_begin(const struct expr *e, uint16_t n, struct class_set *out)
{
	const struct expr_node *node = &e->node[n];

	if (node->kind == EXPR_SET)
		set_join(out, &node->set);
	if (node->kind == EXPR_REPEAT && node->max > 0)
		set_begin(e, node->child, out);
	if (node->kind == EXPR_CHOICE)
		for (uint16_t c = node->child; c != 0; c = e->node[c].next)
			set_begin(e, c, out);
	if (node->kind != EXPR_SEQUENCE)
		return;
	for (uint16_t c = node->child; c != 0; c = e->node[c].next) {
		set_begin(e, c, out);
		if (e->node[c].least > 0)
			break;
	}
}

/* How many bytes the node at hand matches. */
static void
width_of(const struct expr *e, const struct todo *t, uint16_t n, bool first,
	 uint64_t *least, uint64_t *most)
{
	const struct expr_node *node = &e->node[n];

	*least = node->least;
	*most = node->most;
	if (first && t->again) {
		*least = (uint64_t)e->node[node->child].least * t->min;
		*most = (uint64_t)e->node[node->child].most * t->max;
	}
}

/* A match has one of the set's bytes, `least` to `most` behind a lead's first.
 */
static void
add_need(const struct class_set *set, uint64_t least, uint64_t most,
	 struct lead *l)
{
	if (l->needs < LEAD_NEEDS && most < LEAD_REACH &&
	    set_count(set) <= NEED_SET)
		l->need[l->needs++] = (struct lead_need){*set, (uint8_t)least,
							 (uint8_t)(most + 1)};
}

/*
 * The width of all that is to come; on the way, the bytes that cannot be
 * missing and do not stand everywhere.
 */
static uint64_t
behind(const struct expr *e, const struct todo *t, struct lead *l)
{
	uint64_t from = l->len, to = from, least, most;

	l->ends = t != NULL && e->node[t->node].kind == EXPR_BOUNDARY;
	for (; t != NULL; t = t->next) {
		bool first = true;

		for (uint16_t n = t->node; n != 0;
		     n = t->chain ? e->node[n].next : 0, first = false) {
			width_of(e, t, n, first, &least, &most);
			if (least > 0) {
				struct class_set s = {{0}};

				set_begin(e, n, &s);
				add_need(&s, from, to, l);
			}
			from += least;
			to += most;
		}
	}
	return to;
}

/* ---- the ways through an expression -------------------------------------- */

/* The same but for where the match begins and ends. */
static bool
same_lead(const struct lead *a, const struct lead *b)
{
	if (a->len != b->len || a->needs != b->needs || a->ends != b->ends ||
	    memcmp(a->byte, b->byte, a->len) != 0 ||
	    memcmp(a->mask, b->mask, a->len) != 0 ||
	    memcmp(a->fold, b->fold, sizeof(a->fold)) != 0)
		return false;
	for (unsigned i = 0; i < a->needs; i++)
		if (a->need[i].from != b->need[i].from ||
		    a->need[i].to != b->need[i].to ||
		    memcmp(&a->need[i].set, &b->need[i].set,
			   sizeof(a->need[i].set)) != 0)
			return false;
	return true;
}

/* Leads of this expression that are alike are one, with the wider reach. */
static bool
add_lead(struct maker *m, const struct lead *l)
{
	struct lead_list *out = m->out;

	for (size_t i = m->first; i < out->count; i++) {
		struct lead *old = &out->lead[i];

		if (!same_lead(old, l))
			continue;
		if (l->before > old->before)
			old->before = l->before;
		if (l->after > old->after)
			old->after = l->after;
		return true;
	}
	if (out->count == LEADS_MAX)
		return false;
	out->lead[out->count++] = *l;
	return true;
}

static bool
finish(struct maker *m, const struct todo *t, const struct place *at)
{
	struct lead l = at->lead;

	if (!at->begun || at->certain < 2 || (at->capital && l.len < 2))
		return false;
	l.before = at->to;
	l.after = (uint32_t)behind(m->e, t, &l);
	if (at->certain < FEW && l.needs == 0 && !l.ends)
		return false;
	for (unsigned i = l.len; i < LEAD_MIN; i++)
		l.fold[i] = UINT32_MAX;
	return add_lead(m, &l);
}

/* Adds a byte of the set to the lead. */
static void
take(struct place *at, const struct class_set *s)
{
	struct lead *l = &at->lead;
	unsigned c = set_first(s);

	if (is_certain(s)) {
		bool both = set_count(s) == 2;

		l->byte[l->len] = (uint8_t)c;
		l->mask[l->len] = both ? 0xdf : 0xff;
		at->certain++;
	} else {
		add_need(s, l->len, l->len, l);
	}
	if (l->len < LEAD_MIN)
		l->fold[l->len] = set_fold(s);
	l->len++;
}

static bool
go_on(struct maker *m, const struct todo *t, const struct todo *next,
      const struct place *at)
{
	const struct class_set *s = &m->e->node[t->node].set;
	struct place p = *at;

	if (p.lead.len == LEAD_BYTES)
		return finish(m, t, at);
	if (p.capital && p.lead.len == 1 && !all_small(s))
		return false;
	if (p.certain >= FEW && p.lead.len >= LEAD_MIN && set_count(s) > 6)
		return finish(m, t, at);
	take(&p, s);
	return walk(m, next, &p);
}

static bool
walk_set(struct maker *m, const struct todo *t, const struct todo *next,
	 const struct place *at)
{
	const struct class_set *s = &m->e->node[t->node].set;
	size_t count = m->out->count;
	unsigned c = set_first(s);
	struct place p = *at;

	if (at->begun)
		return go_on(m, t, next, at);
	if (is_certain(s) && letter(c) &&
	    (at->free || (set_count(s) == 1 && (c & 32) == 0))) {
		p.begun = true;
		p.capital = !at->free;
		take(&p, s);
		if (walk(m, next, &p))
			return true;
		m->out->count = count;
		p = *at;
	}
	p.from++;
	p.to++;
	p.free = !has_letters(s);
	return walk(m, next, &p);
}

/* A repeat of a set, before there is a lead. */
static bool
pass_repeat(struct maker *m, const struct todo *t, const struct todo *next,
	    const struct place *at)
{
	const struct expr_node *n = &m->e->node[t->node];
	bool none = !has_letters(&m->e->node[n->child].set);
	struct place p = *at;

	p.from += n->min;
	p.to += n->max;
	p.free = (n->min > 0 || at->free) && none;
	return p.to < EXPR_ENDLESS && walk(m, next, &p);
}

/* One more, and then as many more as there may be. */
static bool
take_one(struct maker *m, const struct todo *t, const struct todo *next,
	 const struct place *at)
{
	struct todo again = {.node = t->node,
			     .again = true,
			     .min = t->min > 0 ? t->min - 1 : 0,
			     .max = t->max - 1,
			     .next = next};
	struct todo child = {.node = m->e->node[t->node].child,
			     .next = t->max > 1 ? &again : next};

	return walk(m, &child, at);
}

static bool
walk_repeat(struct maker *m, const struct todo *t, const struct todo *next,
	    const struct place *at)
{
	const struct expr_node *n = &m->e->node[t->node];
	const struct expr_node *child = &m->e->node[n->child];
	struct todo now = *t;

	if (!at->begun && child->kind == EXPR_SET &&
	    !(n->max == 1 && is_certain(&child->set)))
		return pass_repeat(m, t, next, at);
	if (!t->again) {
		now.min = n->min;
		now.max = n->max;
	}
	if (at->begun && now.min != now.max &&
	    (at->certain >= ENOUGH ||
	     (child->kind == EXPR_SET && at->certain >= FEW &&
	      at->lead.len >= LEAD_MIN &&
	      (now.max > 1 || at->certain > LEAD_MIN))))
		return finish(m, t, at);
	if (now.min == 0 && !walk(m, next, at))
		return false;
	return now.max == 0 || take_one(m, &now, next, at);
}

static bool
walk_choice(struct maker *m, const struct todo *t, const struct todo *next,
	    const struct place *at)
{
	const struct expr_node *node = m->e->node;

	if (at->begun && at->certain >= ENOUGH)
		return finish(m, t, at);
	for (uint16_t c = node[t->node].child; c != 0; c = node[c].next) {
		struct todo one = {.node = c, .next = next};

		if (!walk(m, &one, at))
			return false;
	}
	return true;
}

static bool
walk_node(struct maker *m, const struct todo *t, const struct place *at)
{
	const struct expr_node *n;
	struct todo rest, child;
	const struct todo *next;
	struct place p;

	n = &m->e->node[t->node];
	rest = (struct todo){.node = n->next, .chain = true, .next = t->next};
	next = t->chain && n->next != 0 ? &rest : t->next;
	switch (n->kind) {
	case EXPR_SET:
		return walk_set(m, t, next, at);
	case EXPR_REPEAT:
		return walk_repeat(m, t, next, at);
	case EXPR_CHOICE:
		return walk_choice(m, t, next, at);
	case EXPR_SEQUENCE:
		child = (struct todo){
		    .node = n->child, .chain = true, .next = next};
		return walk(m, n->child == 0 ? next : &child, at);
	case EXPR_BOUNDARY:
	default:
		if (at->begun && at->certain > 1)
			return finish(m, t, at);
		p = *at;
		p.free = true; /* there is none before a letter here */
		return walk(m, next, &p);
	}
}

/* False: on some way from here to the end no lead is found. */
static bool
walk(struct maker *m, const struct todo *t, const struct place *at)
{
	bool ok;

	if (t == NULL)
		return finish(m, NULL, at);
	if (++m->steps > STEPS_MAX || m->depth == DEPTH_MAX)
		return false;
	m->depth++;
	ok = walk_node(m, t, at);
	m->depth--;
	return ok;
}

bool
lead_find(const struct expr *e, uint16_t node, bool free, struct lead_list *out)
{
	struct maker m = {.e = e, .out = out, .first = out->count};
	struct todo all = {.node = node};
	struct place at = {.free = free};
	size_t count = out->count;

	if (walk(&m, &all, &at))
		return true;
	out->count = count;
	return false;
}

/* ---- in a text ----------------------------------------------------------- */

static bool
word_byte(uint8_t c)
{
	return letter(c) || (uint8_t)(c - '0') < 10 || c == '_';
}

static bool
has_need(const struct lead_need *need, struct span text)
{
	size_t to = need->to < text.len ? need->to : text.len;

	for (size_t i = need->from; i < to; i++)
		if (class_has(&need->set, text.ptr[i]))
			return true;
	return false;
}

static bool
has_bytes(const struct lead *l, struct span text, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if ((text.ptr[i] & l->mask[i]) != l->byte[i])
			return false;
	return true;
}

bool
lead_goes_on(const struct lead *l, struct span text)
{
	if (l->len > text.len || !has_bytes(l, text, LEAD_HEAD, l->len))
		return false;
	if (l->ends && l->len < text.len && word_byte(text.ptr[l->len]) &&
	    word_byte(text.ptr[l->len - 1]))
		return false;
	for (unsigned i = 0; i < l->needs; i++)
		if (!has_need(&l->need[i], text))
			return false;
	return true;
}

bool
lead_stands(const struct lead *l, struct span text)
{
	size_t n = l->len < LEAD_HEAD ? l->len : LEAD_HEAD;

	return n <= text.len && has_bytes(l, text, 0, n) &&
	       lead_goes_on(l, text);
}
