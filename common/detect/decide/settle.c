#include "detect/decide/settle.h"

#include <string.h>

#include "base/must.h"
#include "base/str.h"
#include "detect/decide/excerpt.h"
#include "detect/decide/explain_work.h"
#include "detect/decide/holds.h"
#include "detect/decide/mask.h"

#define STRICT_SCORE 70

void
work_claim(struct detect_scratch *s, size_t start, size_t end, uint16_t type,
	   const struct verdict *v)
{
	int score = v->score > 100 ? 100 : v->score;

	if (s->sample != NULL) {
		sample_claim(s, start, end, type);
		return;
	}
	if (explains(s))
		explain_claim(s,
			      &(struct candidate){
				  .start = start, .end = end, .type = type},
			      v);
	if (score < (int)s->d->min_confidence || start < s->lo ||
	    start >= s->hi || s->count == WORK_CANDIDATES ||
	    holds_refuses(s, s->d->cat->types[type], start))
		return;
	s->cand[s->count++] = (struct candidate){
	    .start = start,
	    .end = end,
	    .reasons = v->reasons,
	    .type = type,
	    .score = (uint8_t)score,
	    .general = v->general,
	    .world = s->d->cat->types[type]->countries[0] == '*',
	};
}

/* A whole order, so that it does not matter who came first. */
static bool
precedes(const struct candidate *a, const struct candidate *b)
{
	if (a->start != b->start)
		return a->start < b->start;
	if (a->end != b->end)
		return a->end > b->end;
	if (a->type != b->type)
		return a->type < b->type;
	return a->score > b->score;
}

static void
sift(struct candidate *c, size_t root, size_t n)
{
	struct candidate x = c[root];
	size_t child;

	while ((child = root * 2 + 1) < n) {
		if (child + 1 < n && precedes(&c[child], &c[child + 1]))
			child++;
		if (!precedes(&x, &c[child]))
			break;
		c[root] = c[child];
		root = child;
	}
	c[root] = x;
}

/* Heap sort: in place, and never slower than n log n. */
static void
sort(struct candidate *c, size_t n)
{
	bool sorted = true;

	for (size_t i = 1; i < n && sorted; i++)
		sorted = !precedes(&c[i], &c[i - 1]);
	if (sorted)
		return;
	for (size_t i = n / 2; i-- > 0;)
		sift(c, i, n);
	for (size_t i = n; i-- > 1;) {
		struct candidate top = c[0];

		c[0] = c[i];
		c[i] = top;
		sift(c, 0, i);
	}
}

/*
 * "Passport" alone speaks for the passport of any country before that of one;
 * what a country calls it, for that country.
 */
#define GENERAL_YIELDS 15

static int
weight(const struct candidate *c)
{
	return c->score - (c->general ? GENERAL_YIELDS : 0);
}

static bool
better(const struct candidate *a, const struct candidate *b)
{
	if (weight(a) != weight(b))
		return weight(a) > weight(b);
	if (a->end - a->start != b->end - b->start)
		return a->end - a->start > b->end - b->start;
	if (a->start != b->start)
		return a->start < b->start;
	if (a->world != b->world)
		return b->world;
	return a->type < b->type;
}

static size_t
reach(const struct candidate *c)
{
	return c->end - c->start > WORK_REACH ? c->start + WORK_REACH : c->end;
}

/* Two claims of one type on the same bytes: the first stands. */
static bool
same(const struct candidate *a, const struct candidate *b)
{
	return a->start == b->start && a->end == b->end && a->type == b->type;
}

static bool
wins(const struct detect_scratch *s, size_t i)
{
	const struct candidate *c = &s->cand[i];

	for (size_t k = i; k-- > 0;) {
		const struct candidate *o = &s->cand[k];

		if (o->start + WORK_REACH <= c->start)
			break;
		if (reach(o) > c->start && (better(o, c) || same(o, c)))
			return false;
	}
	for (size_t k = i + 1; k < s->count; k++) {
		const struct candidate *o = &s->cand[k];

		if (o->start >= reach(c))
			break;
		if (better(o, c))
			return false;
	}
	return true;
}

/* Bytes of a normalised value; 0 when it is the text as it stands. */
static size_t
normalise(enum token_kind token, struct span raw, uint8_t *out, size_t room)
{
	switch (token) {
	case TOKEN_ID:
		return id_value(raw, out, room);
	case TOKEN_IBAN:
		return iban_value(raw, out, room);
	case TOKEN_EMAIL:
		return email_value(raw, out, room);
	case TOKEN_PHONE:
		return phone_value(raw, out, room);
	case TOKEN_PATTERN:
	case TOKEN_RUN:
	case TOKEN_IP:
	case TOKEN_MAC:
	case TOKEN_SEED:
	case TOKEN__COUNT:
	default:
		return 0;
	}
}

struct span
work_value(struct detect_scratch *s, const struct candidate *c)
{
	struct span raw = span_of(s->text.ptr + c->start, c->end - c->start);
	size_t n = normalise(s->d->cat->types[c->type]->token, raw, s->value,
			     sizeof(s->value));

	return n == 0 ? raw : span_of(s->value, n);
}

bool
detect_value(const struct detector *d, struct span type, struct span raw,
	     uint8_t *out, size_t room, size_t *len)
{
	size_t i = 0;

	while (i < d->cat->count && !str_is(type, d->cat->types[i]->id))
		i++;
	if (i == d->cat->count || raw.len > room)
		return false;
	*len = normalise(d->cat->types[i]->token, raw, out, room);
	if (*len == 0 && raw.len > 0) {
		memcpy(out, raw.ptr, raw.len);
		*len = raw.len;
	}
	return true;
}

/*
 * Of several brands of one card only the best counts; other types are shown,
 * and how it is written.
 */
static bool
outdoes(const struct data_type *won, const struct data_type *t)
{
	return id_exclusive(t) && won->category == t->category &&
	       !t->pattern.card;
}

static bool
is_also(const struct detect_scratch *s, const struct candidate *c,
	const struct candidate *o)
{
	const struct data_type *t = s->d->cat->types[o->type];

	return o->start == c->start && o->end == c->end && o->type != c->type &&
	       t->wanted && !outdoes(s->d->cat->types[c->type], t);
}

/* The other types of the stretch, each once. */
static struct span
also(struct detect_scratch *s, size_t index)
{
	const struct candidate *c = &s->cand[index], *last = NULL;
	size_t k = index, len = 0;

	while (k > 0 && s->cand[k - 1].start == c->start)
		k--;
	for (; k < s->count && s->cand[k].start == c->start; k++) {
		const struct candidate *o = &s->cand[k];
		const char *id = s->d->cat->types[o->type]->id;
		size_t n = strlen(id), glue = len > 0;

		if (!is_also(s, c, o) ||
		    (last != NULL && last->type == o->type) ||
		    len + glue + n > sizeof(s->also))
			continue;
		if (glue > 0)
			s->also[len] = ',';
		memcpy(s->also + len + glue, id, n);
		len += glue + n;
		last = o;
	}
	return span_of((const uint8_t *)s->also, len);
}

static void
send(struct detect_scratch *s, size_t first, size_t index, detect_sink *sink,
     void *arg)
{
	const struct candidate *c = &s->cand[index];
	const struct data_type *t = s->d->cat->types[c->type];
	struct span raw = span_of(s->text.ptr + c->start, c->end - c->start);
	struct match m = {
	    .type = t->id,
	    .offset = c->start,
	    .length = (uint32_t)raw.len,
	    .confidence = c->score,
	    .level = c->score >= STRICT_SCORE ? LEVEL_STRICT : LEVEL_BROAD,
	    .reasons = c->reasons,
	};

	m.masked = span_of(s->masked, mask_value(&t->mask, raw, s->masked));
	m.value = work_value(s, c);
	m.also = also(s, index);
	s->sent_first = first;
	s->sent = index;
	sink(arg, &m);
}

struct span
detect_context(struct detect_scratch *s)
{
	return excerpt(s, s->sent_first, s->sent);
}

/* Lets go of what starts more than WORK_REACH before limit. */
static void
forget(struct detect_scratch *s, size_t limit)
{
	size_t keep = 0;

	while (keep < s->count && s->cand[keep].start + WORK_REACH < limit)
		keep++;
	s->count -= keep;
	memmove(s->cand, s->cand + keep, s->count * sizeof(*s->cand));
}

void
settle(struct detect_scratch *s, size_t limit, detect_sink *sink, void *arg)
{
	size_t first = 0;

	sort(s->cand, s->count);
	for (size_t i = 0; i < s->count && s->cand[i].start < limit; i++) {
		struct candidate *c = &s->cand[i];

		while (s->cand[first].start + WORK_REACH < c->start)
			first++;
		if (c->sent || c->start < s->from || c->start >= s->to)
			continue;
		c->sent = true;
		if (s->d->cat->types[c->type]->wanted && wins(s, i))
			send(s, first, i, sink, arg);
	}
	forget(s, limit);
}
