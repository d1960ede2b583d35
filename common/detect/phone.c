#include <string.h>

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

/* Area and exchange begin with 2-9; N11 is no area. */
static bool
american(const uint8_t *d)
{
	return d[0] >= '2' && d[3] >= '2' && !(d[1] == '1' && d[2] == '1');
}

/*
 * "+" and digits, without the zero of +44 (0)20; a national "(212) 555-0123"
 * is taken as American. Other national numbers stay as they are dialled.
 */
size_t
phone_value(struct span raw, uint8_t *out, size_t room)
{
	size_t n = 2;

	out[0] = '+';
	out[1] = '1';
	for (size_t i = 0; i < raw.len && n < room; i++)
		if (digit(raw.ptr[i]) && !trunk_zero(raw, i))
			out[n++] = raw.ptr[i];
	if (raw.len > 0 && raw.ptr[0] == '(' && n == 12 && american(out + 2))
		return n;
	n -= 2;
	if (raw.len > 0 && raw.ptr[0] == '+') {
		memmove(out + 1, out + 2, n);
		return n + 1;
	}
	memmove(out, out + 2, n);
	return n;
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

/* ---- national forms ------------------------------------------------------ */

/*
 * What a national number is worth by itself: three groups as in America, a
 * trunk zero with groups behind it, or any digits, which are nothing without a
 * word.
 */
#define AMERICAN     45
#define AMERICAN_GAP 35
#define PAIRS        45
#define TRUNK        35
#define ABROAD       40
#define ANY_DIGITS   20
#define LOCAL_LEAST  7
#define LOCAL_MOST   13
#define LOCAL_GROUPS 6

struct local {
	uint8_t digit[LOCAL_MOST + 1];
	uint8_t size[LOCAL_GROUPS];
	size_t count, groups, end;
	uint8_t sep;
	bool whole; /* nothing goes on behind it */
};

/* What joins two groups at p: its bytes, 0 when none. */
static size_t
gap_at(struct span t, size_t p)
{
	size_t n = 0;

	while (n < 3 && joins(at(t, p + n)) && at(t, p + n) != '(')
		n++;
	if (n > 1 && at(t, p) != ')' && at(t, p) != ' ')
		return 0;
	return digit(at(t, p + n)) ? n : 0;
}

static void
read_local(struct span t, size_t p, struct local *l)
{
	*l = (struct local){.whole = true};
	for (;;) {
		size_t n = 0, gap;

		while (digit(at(t, p + n)) && l->count <= LOCAL_MOST) {
			l->digit[l->count < LOCAL_MOST ? l->count : 0] =
			    t.ptr[p + n];
			l->count++;
			n++;
		}
		p += n;
		l->size[l->groups++] = (uint8_t)n;
		l->end = p;
		gap = gap_at(t, p);
		if (l->count > LOCAL_MOST || gap == 0)
			break;
		if (l->groups == LOCAL_GROUPS) {
			l->whole = false;
			break;
		}
		l->sep = l->sep == 0 ? t.ptr[p] : l->sep;
		p += gap;
	}
	l->whole &= l->count <= LOCAL_MOST && ends_here(t, l->end);
}

/* 2024-05-06, 06.05.2024, 123-45-6789: other things with groups. */
static bool
dated(const struct local *l)
{
	const uint8_t *z = l->size;

	return l->groups == 3 && ((z[0] == 4 && z[1] <= 2 && z[2] <= 2) ||
				  (z[0] <= 2 && z[1] <= 2 && z[2] == 4) ||
				  (z[0] == 3 && z[1] == 2 && z[2] == 4));
}

/* 2016-2020, and 20240506 written without groups. */
static bool
of_years(const struct local *l)
{
	const uint8_t *d = l->digit;
	unsigned head = (d[0] - '0') * 10U + (d[1] - '0');
	unsigned month = (d[4] - '0') * 10U + (d[5] - '0');
	unsigned day = (d[6] - '0') * 10U + (d[7] - '0');

	if (l->count != 8 || (head != 19 && head != 20))
		return false;
	if (l->groups == 1)
		return month >= 1 && month <= 12 && day >= 1 && day <= 31;
	return l->size[0] == 4 && (month == 19 || month == 20);
}

/* One group, or groups of two and more behind one of any size. */
static bool
cut_well(const struct local *l)
{
	for (size_t i = 1; i < l->groups; i++)
		if (l->size[i] < 2 || l->size[i] > 8)
			return false;
	return l->groups == 1 || l->size[0] <= 5;
}

static int
american_score(const struct local *l)
{
	size_t k = l->groups == 4 && l->size[0] == 1 && l->digit[0] == '1';

	if (l->groups != 3 + k || l->size[k] != 3 || l->size[k + 1] != 3 ||
	    l->size[k + 2] != 4 || !american(l->digit + k))
		return 0;
	return l->sep == ' ' ? AMERICAN_GAP : AMERICAN;
}

/* 01 23 45 67 89 */
static bool
in_pairs(const struct local *l)
{
	for (size_t i = 0; i < l->groups; i++)
		if (l->size[i] != 2)
			return false;
	return l->groups == 5;
}

static int
local_score(const struct detect_scratch *s, const struct local *l)
{
	int score = american_score(l);

	if (score > 0)
		return score;
	if (l->digit[0] != '0')
		return ANY_DIGITS;
	if (l->digit[1] == '0')
		return l->count > 9 && registered(s->d->phones, l->digit + 2,
						  l->count - 2)
			   ? ABROAD
			   : 0;
	if (l->groups == 1 || l->count < 9 || l->count > 12)
		return ANY_DIGITS;
	return in_pairs(l) ? PAIRS : TRUNK;
}

/* Digits from `first` on, of a stretch that begins at start. */
static void
local_at(struct detect_scratch *s, size_t start, size_t first)
{
	struct local l;
	struct verdict v = {.reasons = REASON(REASON_STRUCTURE)};

	read_local(s->text, first, &l);
	if (!l.whole || l.count < LOCAL_LEAST || dated(&l) || of_years(&l) ||
	    !cut_well(&l))
		return;
	v.score = local_score(s, &l);
	if (v.score == 0)
		return;
	if (evidence_alone(s->text, start, l.end) && v.score > ANY_DIGITS)
		v.score += POINTS_ALONE;
	s->nearby_known = false;
	evidence_words(s, s->d->phone, start, l.end, &v);
	work_claim(s, start, l.end, s->d->phone_index, &v);
}

void
phone_digits_at(struct detect_scratch *s, size_t start)
{
	struct span t = s->text;
	uint8_t b = start == 0 ? 0 : t.ptr[start - 1];

	/* it goes on from digits before it, or is part of something else */
	if (b == '(' || b == '+' || b == '_' || b == '$' || b == '#' ||
	    b == '&' || b == '.' || (b == '-' && start > 1) ||
	    (joins(b) && start > 1 && digit(t.ptr[start - 2])))
		return;
	local_at(s, start, start);
}

void
phone_at(struct detect_scratch *s, size_t start)
{
	uint8_t b = start == 0 ? 0 : s->text.ptr[start - 1];

	if (digit(b) || b == '+' || (uint8_t)((b | 32) - 'a') < 26)
		return;
	if (s->text.ptr[start] == '+')
		international(s, start);
	else {
		national(s, start);
		local_at(s, start, start + 1);
	}
}
