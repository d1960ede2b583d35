#include "detect/check_digits.h"
#include "detect/evidence.h"
#include "detect/work.h"

#define WORDS_FOR (REASON(REASON_WORD_NEAR) | REASON(REASON_COLUMN))

/* One way to read the text as groups of digits: [start, start + len). */
struct reading {
	size_t start, len;
	uint8_t sep; /* between its groups; 0 when there is one group */
	uint8_t digits[SHAPE_DIGITS + 1];
	size_t count;
};

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

size_t
number_value(struct span raw, uint8_t *out, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < raw.len && n < room; i++)
		if (digit(raw.ptr[i]))
			out[n++] = raw.ptr[i];
	return n;
}

static bool
has_prefix(const struct reading *r, const struct prefix *p)
{
	uint32_t v = 0;

	if (p->digits > r->count)
		return false;
	for (unsigned i = 0; i < p->digits; i++)
		v = v * 10 + r->digits[i] - '0';
	return v >= p->from && v <= p->to;
}

static bool
fits(const struct reading *r, const struct number_entry *e)
{
	if ((r->sep == ' ' && !e->space) || (r->sep == '-' && !e->dash))
		return false;
	return has_prefix(r, &e->prefix);
}

/* Score of one entry whose prefix and separators fit; false: none. */
static bool
judge(struct detect_scratch *s, const struct reading *r,
      const struct number_entry *e, struct verdict *v)
{
	size_t end = r->start + r->len;
	struct span value = span_of(r->digits, r->count);

	*v = (struct verdict){.score = e->score, .reasons = e->type->stands};
	if (!evidence_checks(e->type, value, v))
		return false;
	if (e->prefix.digits > 0)
		v->reasons |= REASON(REASON_ISSUER);
	if (r->sep != 0) {
		v->score += POINTS_GROUPED;
		v->reasons |= REASON(REASON_SEPARATORS);
	}
	if (evidence_alone(s->text, r->start, end))
		v->score += POINTS_ALONE;
	evidence_edges(s->text, r->start, end, r->sep, v);
	if (v->score + POINTS_KEY >= (int)s->d->min_confidence)
		evidence_words(s, e->type, r->start, end, v);
	if (evidence_test(e->type, value))
		v->reasons |= REASON(REASON_TEST_DATA);
	else if ((v->reasons & WORDS_FOR) == 0 && evidence_low_digits(value))
		v->score -= POINTS_LOW;
	return true;
}

/* The best entry of each category is a candidate. */
static void
claim(struct detect_scratch *s, const struct number_node *n,
      const struct reading *r)
{
	const char *done = NULL;
	struct verdict v;

	s->nearby_scope = NEARBY_NONE;
	for (size_t i = 0; i < n->count; i++) {
		const struct number_entry *e = &n->entries[i];

		if (e->type->category == done || !fits(r, e) ||
		    !judge(s, r, e, &v))
			continue;
		done = e->type->category;
		work_claim(s, r->start, r->start + r->len, e->type_index, &v);
	}
}

static void
try_node(struct detect_scratch *s, const struct number_node *n, size_t at,
	 size_t len, uint8_t sep)
{
	struct reading r = {.start = at, .len = len, .sep = sep};
	unsigned head;

	if (!evidence_free(s->text, at, at + len) ||
	    !evidence_whole(s->text, at, at + len))
		return;
	r.count = number_value(span_of(s->text.ptr + at, len), r.digits,
			       sizeof(r.digits));
	head = (r.digits[0] - '0') * 1000U + (r.digits[1] - '0') * 100U +
	       (r.digits[2] - '0') * 10U + (r.digits[3] - '0');
	if (!number_head_ok(n, head) ||
	    (n->luhn && !check_luhn(span_of(r.digits, r.count), NULL)))
		return;
	claim(s, n, &r);
}

/*
 * The first of five groups of four at least, with another before them, all
 * joined alike: that is a dump of numbers, and what begins here lies in its
 * midst, which no word near it can save. So an endless run costs little more
 * than reading it.
 */
#define FOUR_GROUPS_OF_FIVE 0x0f7bdefU /* 01111 five times, last bit first */
#define BITS_OF_FIVE        0x1ffffffU

static bool
amid_fours(struct span t, size_t at, uint64_t ahead)
{
	const uint8_t *p = t.ptr + at;

	if ((ahead & BITS_OF_FIVE) != FOUR_GROUPS_OF_FIVE || at < 5)
		return false;
	for (unsigned i = 2; i <= 5; i++)
		if (!digit(t.ptr[at - i]))
			return false;
	return p[-1] == p[4] && p[4] == p[9] && p[9] == p[14] && p[14] == p[19];
}

void
number_at(struct detect_scratch *s, size_t at, uint64_t ahead)
{
	const struct number_index *x = &s->d->numbers;
	const struct number_node *n = &x->nodes[0];
	size_t p = 0;
	uint8_t sep = 0;

	if (amid_fours(s->text, at, ahead))
		return;
	for (;;) {
		uint64_t rest = ~(ahead >> p);
		unsigned len = rest == 0 ? 64 : (unsigned)__builtin_ctzll(rest);
		uint8_t c;

		if (len > SHAPE_DIGITS || n->child[len] == 0)
			return;
		n = &x->nodes[n->child[len]];
		p += len;
		if (n->count > 0)
			try_node(s, n, at, p, sep);
		if (n->groups == SHAPE_GROUPS || (ahead >> p & 2) == 0)
			return;
		c = s->text.ptr[at + p];
		if ((c != ' ' && c != '-') || (sep != 0 && c != sep))
			return;
		sep = c;
		p++;
	}
}
