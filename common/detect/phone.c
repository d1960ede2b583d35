#include "detect/evidence.h"
#include "detect/explain_work.h"
#include "detect/work.h"

/* ITU-T E.164: at most 15 digits, the calling code among them. */
#define E164_MAX 15

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static uint8_t
at(struct span t, size_t i)
{
	return i < t.len ? t.ptr[i] : 0;
}

/* +44 (0)20: a zero that is dialled only within the country. */
static bool
trunk_zero(struct span t, size_t i)
{
	return i > 0 && t.ptr[i - 1] == '(' && at(t, i) == '0' &&
	       at(t, i + 1) == ')' &&
	       (digit(at(t, i + 2)) || at(t, i + 2) == ' ');
}

/*
 * "+" and digits, without the zero of +44 (0)20; a national "(212) 555-0123"
 * is taken as American.
 */
size_t
phone_value(struct span raw, uint8_t *out, size_t room)
{
	size_t n = 0;

	out[n++] = '+';
	if (raw.len > 0 && raw.ptr[0] == '(')
		out[n++] = '1';
	for (size_t i = 0; i < raw.len && n < room; i++)
		if (digit(raw.ptr[i]) && !trunk_zero(raw, i))
			out[n++] = raw.ptr[i];
	return n;
}

/* Area and exchange begin with 2-9; N11 is no area. */
static bool
american(const uint8_t *d)
{
	return d[0] >= '2' && d[3] >= '2' && !(d[1] == '1' && d[2] == '1');
}

/* Whether n digits are a calling code and a number as long as it wants. */
static bool
registered(const struct phone_list *l, const uint8_t *d, size_t n)
{
	unsigned code = 0;

	for (size_t k = 1; k <= 3 && k < n; k++) {
		const struct phone_code *c;

		code = code * 10 + d[k - 1] - '0';
		c = &l->code[code];
		if (c->max == 0 || d[0] == '0')
			continue;
		if (n - k < c->min || n - k > c->max)
			return false;
		return code != 1 || american(d + 1);
	}
	return false;
}

static bool
joins(uint8_t c)
{
	return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' ||
	       c == '/';
}

/* No letter, digit, _ or decimals go on at i. */
static bool
ends_here(struct span t, size_t i)
{
	uint8_t c = at(t, i);

	if (digit(c) || c == '_' || (uint8_t)((c | 32) - 'a') < 26)
		return false;
	return c != '.' || !digit(at(t, i + 1));
}

struct dialled {
	uint8_t digit[E164_MAX + 1];
	size_t count;
	size_t end; /* behind the last group that made a number */
	bool grouped;
	bool found;
};

/* Groups of digits from p on; the longest reading that is registered wins. */
static void
dial(const struct detect_scratch *s, size_t p, struct dialled *d)
{
	struct span t = s->text;
	bool groups = false;

	for (;;) {
		size_t gap = 0;

		while (digit(at(t, p))) {
			if (d->count == E164_MAX)
				return;
			d->digit[d->count++] = t.ptr[p++];
		}
		if (registered(s->d->phones, d->digit, d->count) &&
		    ends_here(t, p)) {
			d->end = p;
			d->found = true;
			d->grouped = groups;
		}
		while (gap < 2 && joins(at(t, p + gap)))
			gap++;
		if (trunk_zero(t, p + gap))
			gap += at(t, p + gap + 2) == ' ' ? 3 : 2;
		if (gap == 0 || !digit(at(t, p + gap)))
			return;
		groups = true;
		p += gap;
	}
}

static void
claim(struct detect_scratch *s, size_t start, size_t end, bool grouped,
      struct verdict *v)
{
	const struct data_type *t = s->d->phone;

	if (grouped) {
		v->score += POINTS_GROUPED;
		v->reasons |= REASON(REASON_SEPARATORS);
	}
	s->nearby_known = false;
	evidence_words(s, t, start, end, v);
	work_claim(s, start, end, s->d->phone_index, v);
}

static void
international(struct detect_scratch *s, size_t start)
{
	struct dialled d = {.count = 0};
	struct verdict v = {.score = s->d->phone->base,
			    .reasons = REASON(REASON_COUNTRY)};

	dial(s, start + 1, &d);
	if (d.found)
		claim(s, start, d.end, d.grouped, &v);
	else
		explain_refuse(s,
			       &(struct candidate){.start = start,
						   .end = start + 1 + d.count,
						   .type = s->d->phone_index},
			       EXPLAIN_STRUCTURE);
}

/* (ddd) ddd-dddd */
static void
national(struct detect_scratch *s, size_t start)
{
	struct span t = s->text;
	struct verdict v = {.score = s->d->phone->base,
			    .reasons = REASON(REASON_STRUCTURE)};
	uint8_t d[10];
	size_t p = start + 1, n = 0;

	while (n < 10) {
		if (n == 3 && p == start + 4) {
			if (at(t, p++) != ')')
				return;
			if (at(t, p) == ' ')
				p++;
		}
		if (n == 6 &&
		    (at(t, p) == '-' || at(t, p) == ' ' || at(t, p) == '.'))
			p++;
		if (!digit(at(t, p)))
			return;
		d[n++] = t.ptr[p++];
	}
	if (american(d) && ends_here(t, p))
		claim(s, start, p, true, &v);
}

void
phone_at(struct detect_scratch *s, size_t start)
{
	uint8_t b = start == 0 ? 0 : s->text.ptr[start - 1];

	if (digit(b) || b == '+' || (uint8_t)((b | 32) - 'a') < 26)
		return;
	if (s->text.ptr[start] == '+')
		international(s, start);
	else
		national(s, start);
}
