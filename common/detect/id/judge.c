#include "detect/id/judge.h"

#include <string.h>

#include "detect/decide/payment.h"

#define SPEAKS_FOR                                                             \
	(REASON(REASON_WORD_NEAR) | REASON(REASON_COLUMN) | REASON(REASON_LIKE))
#define TAIL_MAX 3

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Digits of a group of three at most that a blank joins on and that ends it. */
static unsigned
short_tail(const struct detect_scratch *s, const struct reading *r)
{
	const uint8_t *p = s->text.ptr + r->start + r->len;
	size_t left = s->text.len - r->start - r->len, n = 1;

	if (r->sep != ' ' || left < 2 || *p != ' ')
		return 0;
	while (n < left && n <= TAIL_MAX + 1 && digit(p[n]))
		n++;
	if (n > TAIL_MAX + 1)
		return 0;
	/* no date, no amount, and no other group: "12/27", "12 27", "7.50" */
	return n + 1 < left && strchr(" /-.:,", p[n]) != NULL && digit(p[n + 1])
		   ? 0
		   : (unsigned)n - 1;
}

/* The type is written with n digits more, and as often if it is worth as much.
 */
static bool
longer_form(const struct id_list *l, const struct reading *r,
	    const struct id_entry *e, bool as_often)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->entries[i].type == e->type &&
		    reading_has_prefix(r, &l->entries[i].prefix) &&
		    (!as_often || l->entries[i].form->score >= e->form->score))
			return true;
	return false;
}

/*
 * The type is also written with the short group that follows: what stands here
 * is a number too long, and its check is wrong, or that reading would have won.
 * Three digits behind a card may be the code on its back: of a brand whose
 * cards seldom have so many, as their form says, they are.
 */
#define CODE_DIGITS 3

static bool
goes_on(const struct detect_scratch *s, const struct reading *r,
	const struct id_entry *e)
{
	unsigned n = e->luhn ? short_tail(s, r) : 0;
	const struct id_node *longer;

	if (n == 0)
		return false;
	longer = id_child(&s->d->ids, r->node, shape_sep(r->sep), n);
	for (size_t i = 0; longer != NULL && i < longer->lettered; i++)
		if (longer_form(&longer->variants[i].strong, r, e,
				n == CODE_DIGITS) ||
		    longer_form(&longer->variants[i].weak, r, e,
				n == CODE_DIGITS))
			return true;
	return false;
}

static void
judge_words(struct detect_scratch *s, const struct reading *r,
	    const struct id_entry *e, struct verdict *v)
{
	if (r->spoken)
		evidence_heard(s, e->type_index, v);
	else
		evidence_words(s, e->type, r->start, r->start + r->len, v);
}

/* Of a card: what is said of something else, and its date of expiry. */
static void
judge_payment(struct detect_scratch *s, const struct reading *r,
	      const struct id_entry *e, struct verdict *v)
{
	if ((v->reasons & REASON(REASON_NEGATIVE)) != 0 &&
	    payment_aside(s, e->type, r->start, r->start + r->len)) {
		v->score += POINTS_AGAINST;
		v->reasons &= ~REASON(REASON_NEGATIVE);
	}
	if (r->expires && (v->reasons & SPEAKS_FOR) == 0) {
		v->score += POINTS_KEY;
		v->reasons |= REASON(REASON_EXPIRY);
	}
}

/* Numbers of other uses that have the shape of ids, where no word speaks. */
static bool
by_chance(const struct detect_scratch *s, const struct reading *r,
	  const struct id_entry *e)
{
	struct span value = span_of(r->value, r->count);

	if (evidence_low_digits(value))
		return true;
	if (r->sep != 0)
		return false;
	return evidence_made_up(value) || evidence_stamp(value) ||
	       (e->luhn &&
		evidence_among_others(s->text, r->start, r->start + r->len));
}

static bool
places_fit(const struct detect_scratch *s, const struct reading *r,
	   const struct id_entry *e)
{
	const uint8_t *p = s->text.ptr + r->start;

	for (size_t i = 0; i < e->place_count; i++) {
		uint8_t c = p[e->places[i].at];

		/* a small letter came so far for a type without case */
		if (c >= 'a')
			c &= (uint8_t)~32U;
		if (!class_has(&e->places[i].set, c))
			return false;
	}
	return true;
}

/* Words of these places and kinds speak for a type, unless there are none. */
static bool
called(const struct hearing *h, const struct id_entry *e, unsigned places)
{
	return hear_has(h, e->type_index) &&
	       (places == 0 || ((h->heard[e->type_index] & places) != 0 &&
				e->type->countries[0] != '*'));
}

static bool
names_of(const struct detect_scratch *s, const struct reading *r,
	 const struct id_list *l, const struct id_entry *e, unsigned places)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->entries[i].type != e->type &&
		    called(&s->hearing, &l->entries[i], places) &&
		    reading_has_prefix(r, &l->entries[i].prefix) &&
		    places_fit(s, r, &l->entries[i]))
			return true;
	return false;
}

/*
 * Words call it a number of another type that is written so: it is that, or
 * one that was mistyped, and valid as this by chance. With places only words
 * there count, which that type does not share with all others.
 */
static bool
named_otherwise(struct detect_scratch *s, struct reading *r,
		const struct id_entry *e, unsigned places)
{
	if (!r->near || e->exclusive)
		return false;
	reading_listen(s, r);
	for (size_t i = 0; i < r->node->count; i++) {
		const struct id_variant *v = &r->node->variants[i];

		if (reading_fits(r, v) &&
		    (names_of(s, r, &v->strong, e, places) ||
		     names_of(s, r, &v->weak, e, places)))
			return true;
	}
	return false;
}

/*
 * What speaks for it is said of the numbers of many countries, and of another
 * type what only that has: "Czech VAT number" is none of Finland.
 */
static bool
outspoken(struct detect_scratch *s, struct reading *r, const struct id_entry *e,
	  const struct verdict *v)
{
	unsigned from = (v->reasons & REASON(REASON_COLUMN)) != 0
			    ? WORD_KEY
			    : WORD_KEY | WORD_CLOSE;

	return v->general && (v->reasons & REASON(REASON_LIKE)) == 0 &&
	       (v->reasons & REASON(REASON_CHECK_DIGIT)) != 0 &&
	       named_otherwise(s, r, e, from << HEARD_OWN);
}

/* A group of up to this many digits may be the first of a longer number. */
#define SHORT_GROUP 3
/* How far before a number the letters of its country may end. */
#define LAND_REACH 8

/*
 * One blank joins a short group on that nothing but a blank, or the end of a
 * field, stands before: "84 599 107 166" is a number of eleven digits.
 */
static bool
begins_before(const struct detect_scratch *s, const struct reading *r)
{
	const uint8_t *p = s->text.ptr;
	size_t i = r->start, n = 0;

	if (r->sep != ' ' || i < 2 || p[i - 1] != ' ')
		return false;
	while (n <= SHORT_GROUP && n < i - 1 && digit(p[i - 2 - n]))
		n++;
	i -= 1 + n;
	return n > 0 && n <= SHORT_GROUP &&
	       (i == 0 || strchr(" \t\n\r,;:|\"'", p[i - 1]) != NULL);
}

/* "143-953-479 75": a field ends with two digits that a blank joins on. */
static bool
ends_behind(const struct detect_scratch *s, const struct reading *r)
{
	struct span rest = span_skip(s->text, r->start + r->len);

	return r->sep == '-' && rest.len >= 3 && rest.ptr[0] == ' ' &&
	       digit(rest.ptr[1]) && digit(rest.ptr[2]) &&
	       (rest.len == 3 || strchr("\t\n\r,;|\"'<", rest.ptr[3]) != NULL);
}

/* It looks like a piece of a longer number, or words call it another. */
static bool
another(struct detect_scratch *s, struct reading *r, const struct id_entry *e)
{
	return !e->exclusive && (begins_before(s, r) || ends_behind(s, r) ||
				 named_otherwise(s, r, e, 0));
}

static bool
capital(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

/*
 * "FR 23 742 463 664", "LU 214 174 00": the letters of another country of the
 * VAT directive stand before it, perhaps with a short group between.
 */
static bool
foreign(const struct detect_scratch *s, const struct reading *r,
	const struct id_entry *e)
{
	static const char lands[] =
	    "AT BE BG CY CZ DE DK EE EL ES FI FR GB HR HU IE IT LT LU LV MT NL "
	    "PL PT RO SE SI SK XI";
	const uint8_t *p = s->text.ptr;
	size_t i = r->start, n = 0;
	char land[3] = {0};

	if (e->exclusive)
		return false;
	while (n < SHORT_GROUP && i > 2 && r->start - i < LAND_REACH &&
	       (p[i - 1] == ' ' || digit(p[i - 1])))
		n += digit(p[--i]);
	if (i == r->start || i < 2 || !capital(p[i - 1]) ||
	    !capital(p[i - 2]) || !evidence_free(s->text, i - 2, i))
		return false;
	land[0] = (char)p[i - 2];
	land[1] = (char)p[i - 1];
	return strstr(lands, land) != NULL &&
	       strstr(e->type->countries, land) == NULL;
}

/* "Diners Club-3624...": a dash joins it to the word that speaks for it. */
static bool
titled_by_dash(const struct detect_scratch *s, const struct reading *r)
{
	const uint8_t *p = s->text.ptr + r->start;

	return r->start >= 2 && p[-1] == '-' &&
	       (uint8_t)((p[-2] | 32) - 'a') < 26;
}

/* Score of one entry whose shape and prefix fit; false: none. */
static bool
judge(struct detect_scratch *s, struct reading *r, const struct id_entry *e,
      struct verdict *v)
{
	size_t end = r->start + r->len;
	struct span value = span_of(r->value, r->count);
	int least = (int)s->d->min_confidence;

	*v = (struct verdict){.score = e->form->score,
			      .reasons = e->type->stands};
	if (!evidence_chain(e->type->checks, e->type->check_count, value, v) ||
	    !evidence_chain(e->form->checks, e->form->check_count, value, v))
		return false;
	if (s->sample != NULL)
		return true; /* that asks no more */
	if (e->prefix.digits > 0)
		v->reasons |= REASON(REASON_ISSUER);
	reading_ends(s, r);
	v->score += r->around.score;
	v->reasons |= r->around.reasons;
	if (r->columned && e->exclusive)
		v->score += POINTS_ALONE;
	if (goes_on(s, r, e)) {
		v->score -= POINTS_LONGER;
		v->reasons |= REASON(REASON_INSIDE_ID);
	}
	if (v->score + (r->near ? POINTS_KEY : 0) >= least)
		judge_words(s, r, e, v);
	if (e->exclusive)
		judge_payment(s, r, e, v);
	if (e->exclusive && (v->reasons & SPEAKS_FOR) != 0 &&
	    titled_by_dash(s, r))
		v->score += POINTS_PATH;
	if (s->columns.table)
		columns_weigh(s, r->start, end, r->count, e->type_index, v);
	if (v->score < least && !explains(s))
		return true; /* whatever follows, it is no match */
	if (evidence_test(e->type, value))
		v->reasons |= REASON(REASON_TEST_DATA);
	else if ((v->reasons & SPEAKS_FOR) == 0 && by_chance(s, r, e))
		v->score -= POINTS_LOW;
	else if ((v->reasons & SPEAKS_FOR) == 0 && another(s, r, e))
		v->score -= POINTS_OTHER;
	else if (outspoken(s, r, e, v))
		v->score -= POINTS_KEY + POINTS_OTHER;
	if (v->score >= least && foreign(s, r, e))
		v->score -= POINTS_KEY + POINTS_OTHER;
	return true;
}

/* Why an entry did not. */
static void
explain_entry(struct detect_scratch *s, const struct reading *r,
	      const struct id_entry *e)
{
	const struct candidate at = {
	    .start = r->start, .end = r->start + r->len, .type = e->type_index};

	if (!places_fit(s, r, e))
		return; /* it is of another shape */
	if (!reading_has_prefix(r, &e->prefix))
		explain_refuse(s, &at, EXPLAIN_PREFIX);
	else
		explain_checks(s, &at, span_of(r->value, r->count), e->form);
}

/* Takes back what a type has claimed of this stretch. */
static void
disown(struct detect_scratch *s, const struct reading *r, uint16_t type)
{
	size_t k = s->count;

	while (k > 0 && s->cand[k - 1].start == r->start &&
	       s->cand[k - 1].type != type)
		k--;
	if (k == 0 || s->cand[k - 1].start != r->start ||
	    s->cand[k - 1].end != r->start + r->len)
		return;
	memmove(&s->cand[k - 1], &s->cand[k],
		(s->count - k) * sizeof(*s->cand));
	s->count--;
}

/*
 * Of an exclusive category the longest prefix comes first, unless words speak
 * for another and none for that, as when the brand of a card is named.
 */
static bool
outdone(struct detect_scratch *s, struct reading *r, const struct id_entry *e,
	const struct verdict *v)
{
	bool spoken = (v->reasons & SPEAKS_FOR) != 0;

	if (!e->exclusive || explains(s))
		return false;
	if (r->done == e->type->category) {
		if (s->sample != NULL || !spoken ||
		    (r->done_spoken && e->prefix.digits <= r->done_digits))
			return true;
		disown(s, r, r->done_type);
	}
	r->done = e->type->category;
	r->done_type = e->type_index;
	r->done_digits = e->prefix.digits;
	r->done_spoken = spoken;
	return false;
}

void
id_judge(struct detect_scratch *s, struct reading *r, const struct id_entry *e)
{
	struct verdict v;

	if (s->sample != NULL && e->unchecked) {
		sample_claim(s, r->start, r->start + r->len, e->type_index);
		return;
	}
	if (!reading_has_prefix(r, &e->prefix) || !places_fit(s, r, e) ||
	    !judge(s, r, e, &v)) {
		if (explains(s))
			explain_entry(s, r, e);
	} else if (!outdone(s, r, e, &v)) {
		work_claim(s, r->start, r->start + r->len, e->type_index, &v);
	}
}
