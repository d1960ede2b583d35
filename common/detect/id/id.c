#include "detect/id/judge.h"

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The first four bytes, which are digits where a list has heads. */
static unsigned
head_of(const uint8_t *p)
{
	return (p[0] - '0') * 1000U + (p[1] - '0') * 100U + (p[2] - '0') * 10U +
	       (p[3] - '0');
}

/* Whether any entry of a list may be: before anything that costs. */
static bool
may_be(const struct detect_scratch *s, const struct id_list *l,
       struct reading *r)
{
	if (explains(s))
		return l->count > 0; /* let each say why not */
	if (l->count == 0 || (l->heads != NULL &&
			      !id_head_ok(l, head_of(s->text.ptr + r->start))))
		return false;
	return (!l->luhn || reading_luhn(s, r)) &&
	       !reading_hopeless(s, r, l->most);
}

static void
try_entry(struct detect_scratch *s, struct reading *r, const struct id_entry *e)
{
	if (!explains(s) && (!reading_has_prefix(r, &e->prefix) ||
			     reading_hopeless(s, r, e->most) ||
			     (e->luhn && !reading_luhn(s, r))))
		return;
	id_judge(s, r, e);
}

static void
claim_strong(struct detect_scratch *s, const struct id_list *l,
	     struct reading *r)
{
	if (!may_be(s, l, r))
		return;
	reading_value(s, r);
	for (size_t i = 0; i < l->count; i++)
		try_entry(s, r, &l->entries[i]);
}

static void
claim_weak(struct detect_scratch *s, const struct id_variant *v,
	   struct reading *r)
{
	const struct id_list *l = &v->weak;

	if (!r->near || l->count == 0 || reading_hopeless(s, r, l->most))
		return;
	reading_listen(s, r);
	if ((!r->expires && !hear_any(&s->hearing, v->weak_types)) ||
	    !may_be(s, l, r))
		return;
	reading_value(s, r);
	for (size_t i = 0; i < l->count; i++)
		if (hear_has(&s->hearing, l->entries[i].type_index) ||
		    (r->expires && l->entries[i].exclusive))
			try_entry(s, r, &l->entries[i]);
}

/* Of a sample each text is one value: nothing counts that is less than it. */
static inline bool
is_piece(const struct detect_scratch *s, const struct reading *r)
{
	return s->sample != NULL && r->len != s->text.len;
}

static void
try_node(struct detect_scratch *s, const struct id_node *n, struct reading *r)
{
	bool plain =
	    ((r->v.uppers | r->v.lowers) & ~(UINT64_MAX << (r->len & 63))) == 0;
	size_t i = plain ? 0 : n->mixed, to = plain ? n->lettered : n->count;

	if (is_piece(s, r))
		return;
	r->placed = r->spoken = r->luhn_known = r->around_known = false;
	r->expires = false;
	r->done = NULL;
	r->value = NULL;
	r->node = n;
	s->nearby_known = false;
	for (; i < to; i++) {
		const struct id_variant *v = &n->variants[i];

		if ((v->strong.count == 0 && !r->near) || !reading_fits(r, v))
			continue;
		if (!reading_stands(s, r))
			return;
		claim_strong(s, &v->strong, r);
		claim_weak(s, v, r);
	}
}

/*
 * A row of groups of one length, with another before them, all joined alike:
 * that is a dump of numbers, and what begins here lies in its midst, which no
 * word near it can save. So an endless run costs little more than reading it.
 * By the length of the groups: how many make a row, and their digits as bits,
 * first to last, each with its gap.
 */
#define ROW_GROUP_MAX 8

struct row {
	uint64_t digits;
	unsigned groups;
};

static const struct row rows[ROW_GROUP_MAX + 1] = {
    [2] = {UINT64_C(0x6db6db), 8},      [3] = {UINT64_C(0x77777777), 8},
    [4] = {UINT64_C(0xf7bdef), 5},      [5] = {UINT64_C(0x1f7df7df), 5},
    [6] = {UINT64_C(0x3f7efdfbf), 5},   [7] = {UINT64_C(0x7f7f7f7f7f), 5},
    [8] = {UINT64_C(0xff7fbfdfeff), 5},
};

static bool
amid_row(struct span t, size_t at, uint64_t ahead)
{
	unsigned len = id_length(ahead), step = len + 1;
	const uint8_t *p = t.ptr + at;
	const struct row *r;
	uint64_t bits;

	if (len < 2 || len > ROW_GROUP_MAX || at <= len)
		return false;
	r = &rows[len];
	bits = (UINT64_C(1) << (r->groups * step - 1)) - 1;
	if ((ahead & bits) != r->digits)
		return false;
	for (unsigned i = 2; i <= step; i++)
		if (!digit(t.ptr[at - i]))
			return false;
	for (unsigned i = 1; i < r->groups; i++)
		if (p[i * step - 1] != p[-1])
			return false;
	return true;
}

/*
 * The next node that shapes end at, behind n or n itself, whose group of len
 * bytes begins at *end; that is moved behind the group. NULL: there is none.
 */
static const struct id_node *
next_end(const struct detect_scratch *s, size_t at, struct id_view v,
	 const struct id_node *n, size_t *end)
{
	uint64_t word = v.digits | v.uppers | v.lowers;

	do {
		unsigned sep;

		/* a shape has at most SHAPE_BYTES, so the 64 are never left */
		if (*end >= SHAPE_BYTES || (word >> *end & 2) == 0)
			return NULL;
		sep = shape_sep(s->text.ptr[at + *end]);
		if (sep == 0)
			return NULL;
		n = id_child(&s->d->ids, n, sep, id_length(word >> ++*end));
		if (n == NULL || !id_wanted(n, v))
			return NULL;
		*end += id_length(word >> *end);
	} while (n->count == 0);
	return n;
}

void
id_at(struct detect_scratch *s, size_t at, const struct id_node *n,
      struct id_view v)
{
	size_t end = id_length(v.digits | v.uppers | v.lowers), first = end;
	struct reading r;

	if (n->count == 0)
		n = next_end(s, at, v, n, &end);
	if (n == NULL || amid_row(s->text, at, v.digits))
		return;
	/* try_node() sets what else is read of it */
	r.start = at;
	r.v = v;
	r.near = work_in_reach(s, at);
	for (; n != NULL; n = next_end(s, at, v, n, &end)) {
		r.sep = end > first ? s->text.ptr[at + first] : 0;
		r.len = end;
		try_node(s, n, &r);
	}
}
