#include <string.h>

#include "detect/check_digits.h"
#include "detect/evidence.h"
#include "detect/explain_work.h"
#include "detect/work.h"

#define SPEAKS_FOR                                                             \
	(REASON(REASON_WORD_NEAR) | REASON(REASON_COLUMN) | REASON(REASON_LIKE))
#define PREFIX_DIGITS 9
#define TAIL_MAX      2 /* three behind a card are the code on its back */

/* One way to read the text as groups: the stretch [start, start + len). */
struct reading {
	size_t start, len;
	uint8_t sep; /* between its first groups; 0 when there is one */
	bool near;   /* a word may be near what begins here */
	bool placed; /* it stands free and whole */
	bool spoken; /* s->hearing is of it */
	bool luhn, luhn_known;
	/* an exclusive category that has a type, which, and if words speak */
	const char *done;
	uint16_t done_type;
	uint8_t done_digits; /* of its prefix */
	bool done_spoken;
	const struct id_node *node; /* of its groups, all of them */
	bool around_known;
	struct verdict around; /* what stands at its ends, for all types */
	int least; /* what a type must reach by itself to be a match there */
	struct id_view v;     /* of the 64 bytes from start */
	const uint8_t *value; /* NULL until it is asked for */
	size_t count;
	/* its first 0 to `leads` digits as numbers */
	uint32_t lead[PREFIX_DIGITS + 1];
	unsigned leads;
	uint8_t room[SHAPE_CHARS];
};

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

size_t
id_value(struct span raw, uint8_t *out, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < raw.len && n < room; i++) {
		uint8_t c = raw.ptr[i], up = c & (uint8_t)~32U;

		if (digit(c))
			out[n++] = c;
		else if (up >= 'A' && up <= 'Z')
			out[n++] = up;
	}
	return n;
}

/* The value, once a stretch: digits of one group are it as they stand. */
static void
read_value(const struct detect_scratch *s, struct reading *r)
{
	struct span raw = span_of(s->text.ptr + r->start, r->len);
	unsigned n = 0;

	if (r->value != NULL)
		return;
	r->value = raw.ptr;
	r->count = raw.len;
	if (id_length(r->v.digits) < r->len) {
		r->value = r->room;
		r->count = id_value(raw, r->room, sizeof(r->room));
	}
	for (r->lead[0] = 0; n < PREFIX_DIGITS && n < r->count; n++) {
		if (!digit(r->value[n]))
			break;
		r->lead[n + 1] = r->lead[n] * 10 + r->value[n] - '0';
	}
	r->leads = n;
}

static bool
has_prefix(const struct reading *r, const struct prefix *p)
{
	return p->digits <= r->leads && r->lead[p->digits] >= p->from &&
	       r->lead[p->digits] <= p->to;
}

/* What its ends are worth, once a stretch. */
static void
read_ends(const struct detect_scratch *s, struct reading *r)
{
	size_t end = r->start + r->len;

	if (r->around_known)
		return;
	r->around_known = true;
	r->around = (struct verdict){.score = 0};
	if (r->sep != 0) {
		r->around.score += POINTS_GROUPED;
		r->around.reasons |= REASON(REASON_SEPARATORS);
	}
	if (evidence_alone(s->text, r->start, end))
		r->around.score += POINTS_ALONE;
	evidence_edges(s->text, r->start, end, r->sep, &r->around);
	r->least = (int)s->d->min_confidence - r->around.score -
		   (r->near ? POINTS_KEY : 0) -
		   (s->columns.full ? POINTS_LIKE : 0);
}

/*
 * Whatever words and columns say, what reaches `most` by itself is no match
 * here: most numbers are told so before any check.
 */
static bool
hopeless(const struct detect_scratch *s, struct reading *r, unsigned most)
{
	if (s->sample != NULL || explains(s))
		return false;
	read_ends(s, r);
	return (int)most < r->least;
}

/* Digits of a group of one or two that a blank joins on and that ends it. */
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

static bool
list_has(const struct id_list *l, const struct reading *r,
	 const struct id_entry *e)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->entries[i].type == e->type &&
		    has_prefix(r, &l->entries[i].prefix))
			return true;
	return false;
}

/*
 * The type is also written with the short group that follows: what stands here
 * is a number too long, and its check is wrong, or that reading would have won.
 */
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
		if (list_has(&longer->variants[i].strong, r, e) ||
		    list_has(&longer->variants[i].weak, r, e))
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
fits(const struct reading *r, const struct id_variant *v)
{
	uint64_t upper = v->caseless ? r->v.uppers | r->v.lowers : r->v.uppers;

	return ((v->digits & ~r->v.digits) | (v->uppers & ~upper) |
		(v->either & ~(r->v.digits | upper))) == 0;
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

/* Which types the words near the stretch, or its column, speak for. */
static void
listen(struct detect_scratch *s, struct reading *r)
{
	if (!r->spoken && s->sample == NULL) /* that says which are tried */
		hear(s, r->start, r->start + r->len);
	r->spoken = true;
}

static bool
names_of(const struct detect_scratch *s, const struct reading *r,
	 const struct id_list *l, const struct id_entry *e)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->entries[i].type != e->type &&
		    hear_has(&s->hearing, l->entries[i].type_index) &&
		    has_prefix(r, &l->entries[i].prefix) &&
		    places_fit(s, r, &l->entries[i]))
			return true;
	return false;
}

/*
 * Words call it a number of another type that is written so: it is that, or
 * one that was mistyped, and valid as this by chance.
 */
static bool
named_otherwise(struct detect_scratch *s, struct reading *r,
		const struct id_entry *e)
{
	if (!r->near || id_exclusive(e->type))
		return false;
	listen(s, r);
	for (size_t i = 0; i < r->node->count; i++) {
		const struct id_variant *v = &r->node->variants[i];

		if (fits(r, v) && (names_of(s, r, &v->strong, e) ||
				   names_of(s, r, &v->weak, e)))
			return true;
	}
	return false;
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
	if (e->prefix.digits > 0)
		v->reasons |= REASON(REASON_ISSUER);
	read_ends(s, r);
	v->score += r->around.score;
	v->reasons |= r->around.reasons;
	if (goes_on(s, r, e)) {
		v->score -= POINTS_LONGER;
		v->reasons |= REASON(REASON_INSIDE_ID);
	}
	if (s->sample != NULL)
		return true;
	if (v->score + (r->near ? POINTS_KEY : 0) >= least)
		judge_words(s, r, e, v);
	if (s->columns.table)
		columns_weigh(s, r->start, end, r->count, e->type_index, v);
	if (v->score < least && !explains(s))
		return true; /* whatever follows, it is no match */
	if (evidence_test(e->type, value))
		v->reasons |= REASON(REASON_TEST_DATA);
	else if ((v->reasons & SPEAKS_FOR) == 0 && by_chance(s, r, e))
		v->score -= POINTS_LOW;
	else if ((v->reasons & SPEAKS_FOR) == 0 && named_otherwise(s, r, e))
		v->score -= POINTS_OTHER;
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
	if (!has_prefix(r, &e->prefix))
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

	if (!id_exclusive(e->type) || explains(s))
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

static void
claim(struct detect_scratch *s, struct reading *r, const struct id_entry *e)
{
	struct verdict v;

	if (!has_prefix(r, &e->prefix) || !places_fit(s, r, e) ||
	    !judge(s, r, e, &v)) {
		if (explains(s))
			explain_entry(s, r, e);
	} else if (!outdone(s, r, e, &v)) {
		work_claim(s, r->start, r->start + r->len, e->type_index, &v);
	}
}

static bool
luhn_of(const struct detect_scratch *s, struct reading *r)
{
	if (!r->luhn_known) {
		read_value(s, r);
		r->luhn = check_luhn(span_of(r->value, r->count), NULL);
	}
	r->luhn_known = true;
	return r->luhn;
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
	return (!l->luhn || luhn_of(s, r)) && !hopeless(s, r, l->most);
}

static void
try_entry(struct detect_scratch *s, struct reading *r, const struct id_entry *e)
{
	if (!explains(s) &&
	    (!has_prefix(r, &e->prefix) || hopeless(s, r, e->most) ||
	     (e->luhn && !luhn_of(s, r))))
		return;
	claim(s, r, e);
}

static void
claim_strong(struct detect_scratch *s, const struct id_list *l,
	     struct reading *r)
{
	if (!may_be(s, l, r))
		return;
	read_value(s, r);
	for (size_t i = 0; i < l->count; i++)
		try_entry(s, r, &l->entries[i]);
}

static void
claim_weak(struct detect_scratch *s, const struct id_variant *v,
	   struct reading *r)
{
	const struct id_list *l = &v->weak;

	if (!r->near || l->count == 0 || hopeless(s, r, l->most))
		return;
	listen(s, r);
	if (!hear_any(&s->hearing, v->weak_types) || !may_be(s, l, r))
		return;
	read_value(s, r);
	for (size_t i = 0; i < l->count; i++)
		if (hear_has(&s->hearing, l->entries[i].type_index))
			try_entry(s, r, &l->entries[i]);
}

/* Why it cannot stand where it stands. */
static void
explain_place(struct detect_scratch *s, const struct reading *r)
{
	const struct candidate at = {
	    .start = r->start, .end = r->start + r->len, .type = EXPLAIN_ANY};

	explain_refuse(s, &at,
		       evidence_free(s->text, at.start, at.end)
			   ? EXPLAIN_FRACTION
			   : EXPLAIN_TOUCHED);
}

/* Whether it stands by itself, and nothing of it is a fraction. */
static bool
place(struct detect_scratch *s, struct reading *r)
{
	size_t end = r->start + r->len;

	if (r->placed)
		return true;
	r->placed = evidence_free(s->text, r->start, end) &&
		    evidence_whole(s->text, r->start, end);
	if (!r->placed && explains(s))
		explain_place(s, r);
	return r->placed;
}

static void
try_node(struct detect_scratch *s, const struct id_node *n, struct reading *r)
{
	bool plain =
	    ((r->v.uppers | r->v.lowers) & ~(UINT64_MAX << (r->len & 63))) == 0;
	size_t i = plain ? 0 : n->mixed, to = plain ? n->lettered : n->count;

	r->placed = r->spoken = r->luhn_known = r->around_known = false;
	r->done = NULL;
	r->value = NULL;
	r->node = n;
	s->nearby_known = false;
	for (; i < to; i++) {
		const struct id_variant *v = &n->variants[i];

		if ((v->strong.count == 0 && !r->near) || !fits(r, v))
			continue;
		if (!place(s, r))
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
	r = (struct reading){.start = at, .v = v};
	r.near = work_in_reach(s, at);
	for (; n != NULL; n = next_end(s, at, v, n, &end)) {
		r.sep = end > first ? s->text.ptr[at + first] : 0;
		r.len = end;
		try_node(s, n, &r);
	}
}
