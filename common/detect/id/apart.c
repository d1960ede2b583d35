#include "detect/id/apart.h"

#include <string.h>

#include "detect/check/digits.h"
#include "detect/decide/evidence.h"

#define LEAST 13
#define MOST  19
/* Who breaks a number in two lines has not written all of it in the first. */
#define WHOLE 16
/* Bytes between two groups: "  ", " - ", a line's end and what indents. */
#define GAP_MOST 6

/* A number as it is read: its groups, and what joins them. */
struct apart {
	uint8_t digit[MOST];
	uint8_t group[MOST];
	size_t count, groups;
	size_t end;   /* behind the last group */
	uint8_t sign; /* of all gaps; 0 while only ends of lines joined */
	bool plain;   /* one blank, dash or dot in each gap: shapes have that */
};

static uint8_t
at(struct span t, size_t i)
{
	return i < t.len ? t.ptr[i] : 0;
}

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26;
}

/* What joins groups: at most one sign and one end of a line, and blanks. */
struct gap {
	size_t len; /* 0: no digit follows */
	uint8_t sign;
	bool line;
};

static struct gap
gap_at(struct span t, size_t i)
{
	struct gap g = {0, 0, false};
	size_t n = 0;

	for (; n < GAP_MOST; n++) {
		uint8_t c = at(t, i + n);

		if (c == ' ' || c == '\t' || c == '\r')
			continue;
		if (c == '\n' && !g.line)
			g.line = true;
		else if (c != 0 && strchr("-./:+_,*|", c) != NULL &&
			 g.sign == 0)
			g.sign = c;
		else
			break;
	}
	if (n == 0 || !digit(at(t, i + n)))
		return g;
	g.len = n;
	if (g.sign == 0 && !g.line)
		g.sign = ' ';
	return g;
}

/* One group more; false: it makes the number too long, or is joined otherwise.
 */
static bool
next_group(struct span t, struct apart *a)
{
	struct gap g = {0, 0, false};
	size_t i = a->end, n = 0;

	if (a->groups > 0) {
		g = gap_at(t, i);
		if (g.len == 0 || (g.line && a->count >= WHOLE) ||
		    (g.sign != 0 && a->sign != 0 && g.sign != a->sign))
			return false;
		a->sign = a->sign != 0 ? a->sign : g.sign;
		a->plain =
		    a->plain && g.len == 1 && strchr(" -.", at(t, i)) != NULL;
	}
	for (i += g.len; digit(at(t, i)); i++, n++) {
		if (a->count == MOST)
			return false;
		a->digit[a->count++] = t.ptr[i];
	}
	a->group[a->groups++] = (uint8_t)n;
	a->end = i;
	return true;
}

/* Groups of `size` each, the last of them not longer. */
static bool
even(const struct apart *a, unsigned size)
{
	for (size_t i = 0; i + 1 < a->groups; i++)
		if (a->group[i] != size)
			return false;
	return a->groups > 1 && a->group[a->groups - 1] <= size;
}

/* Grouped as cards are, or in boxes for one digit; pairs are dumps of bytes. */
static bool
like_card(const struct apart *a)
{
	if (even(a, 4) || even(a, 1) || a->groups == 1)
		return true;
	if (a->count == 16 && even(a, 8))
		return true;
	return a->groups == 3 && a->group[0] == 4 && a->group[1] == 6;
}

/* "exp", "cvv", "USD" right behind it; of a hash there would be more digits. */
static bool
word_behind(struct span t, size_t i)
{
	bool beyond_hex = false;

	for (size_t k = 0; k < 3; k++) {
		if (!letter(at(t, i + k)))
			return false;
		beyond_hex |= (at(t, i + k) | 32) > 'f';
	}
	return beyond_hex;
}

/* Shapes have that: plainly joined, dots between fours only, and free. */
static bool
is_plain(struct span t, size_t start, const struct apart *a)
{
	if (!a->plain || (a->groups > 1 && a->group[0] < 4) ||
	    (a->sign == '.' && a->group[1] != 4))
		return false;
	return evidence_free(t, start, a->end);
}

/* Another group as long is joined on: it is a dump of numbers. */
static bool
goes_on(struct span t, const struct apart *a)
{
	struct gap g = gap_at(t, a->end);
	size_t n = 0;

	if (a->groups == 1 || g.len == 0 || g.sign != a->sign)
		return false;
	while (digit(at(t, a->end + g.len + n)) && n <= a->group[0])
		n++;
	return n == a->group[0];
}

/* Nothing goes on behind it. */
static bool
ends(struct span t, const struct apart *a)
{
	uint8_t c = at(t, a->end);

	if (letter(c))
		return word_behind(t, a->end);
	return (c != '.' || !digit(at(t, a->end + 1))) && !goes_on(t, a);
}

static bool
has_prefix(const struct apart *a, const struct prefix *p)
{
	uint32_t n = 0;

	for (size_t i = 0; i < p->digits && i < a->count; i++)
		n = n * 10 + a->digit[i] - '0';
	return n >= p->from && n <= p->to;
}

/* The longer prefix that fits, of a list of a shape of so many digits. */
static const struct id_entry *
longer_of(const struct id_list *l, const struct apart *a,
	  const struct id_entry *best)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct id_entry *e = &l->entries[i];

		if (e->exclusive && e->prefix.digits > 0 &&
		    (best == NULL || e->prefix.digits > best->prefix.digits) &&
		    has_prefix(a, &e->prefix))
			best = e;
	}
	return best;
}

/* The brand that has numbers of so many digits that begin so. */
static const struct id_entry *
brand_of(const struct detect_scratch *s, const struct apart *a)
{
	const struct id_node *n = s->d->ids.all.root[a->count].node;
	const struct id_entry *best = NULL;

	for (size_t i = 0; n != NULL && i < n->lettered; i++) {
		best = longer_of(&n->variants[i].strong, a, best);
		best = longer_of(&n->variants[i].weak, a, best);
	}
	return best;
}

/* Claims the number up to here, if it is that of a card. */
static bool
claim(struct detect_scratch *s, size_t start, const struct apart *a,
      uint16_t how)
{
	struct span value = span_of(a->digit, a->count);
	struct verdict v = {.score = s->d->cat->types[how]->base,
			    .reasons = s->d->cat->types[how]->stands |
				       REASON(REASON_ISSUER)};
	const struct id_entry *e;

	if (a->count < LEAST || !like_card(a) || is_plain(s->text, start, a) ||
	    !ends(s->text, a) || !check_luhn(value, NULL))
		return false;
	e = brand_of(s, a);
	if (e == NULL ||
	    !evidence_chain(e->type->checks, e->type->check_count, value, &v) ||
	    !evidence_chain(e->form->checks, e->form->check_count, value, &v))
		return false;
	s->nearby_known = false;
	evidence_words(s, e->type, start, a->end, &v);
	if (evidence_test(e->type, value))
		v.reasons |= REASON(REASON_TEST_DATA);
	work_claim(s, start, a->end, e->type_index, &v);
	v.score--; /* the brand comes first */
	work_claim(s, start, a->end, how, &v);
	return true;
}

void
apart_at(struct detect_scratch *s, size_t start, uint16_t how)
{
	struct apart a = {.end = start, .plain = true};

	while (next_group(s->text, &a))
		if (claim(s, start, &a, how))
			return;
}
