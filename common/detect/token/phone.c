#include <string.h>

#include "detect/decide/evidence.h"
#include "detect/decide/explain_work.h"
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

#define JOINS 1 /* stands between groups of digits */
#define BARS  2 /* digits behind it are no national number */

static const uint8_t marks[256] = {
    [' '] = JOINS,        ['/'] = JOINS,        [')'] = JOINS,
    ['('] = JOINS | BARS, ['-'] = JOINS | BARS, ['.'] = JOINS | BARS,
    ['+'] = BARS,         ['_'] = BARS,         ['$'] = BARS,
    ['#'] = BARS,         ['&'] = BARS,
};

static bool
joins(uint8_t c)
{
	return (marks[c] & JOINS) != 0;
}

/* "x123": an extension of two to six digits, as Americans write it. */
static bool
extension(struct span t, size_t i)
{
	size_t n = 0;

	if ((at(t, i) | 32) != 'x')
		return false;
	while (n < 7 && digit(at(t, i + 1 + n)))
		n++;
	i += 1 + n;
	return n >= 2 && n <= 6 && at(t, i) != '_' &&
	       (uint8_t)((at(t, i) | 32) - 'a') >= 26;
}

/* No letter, digit, _ or decimals go on at i. */
static bool
ends_here(struct span t, size_t i)
{
	uint8_t c = at(t, i);

	if (extension(t, i))
		return true;
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
	if (grouped) {
		v->score += POINTS_GROUPED;
		v->reasons |= REASON(REASON_SEPARATORS);
	}
	s->nearby_known = false;
	evidence_words(s, s->d->phone, start, end, v);
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
#define LOCAL_LEAST  7
#define LOCAL_MOST   13
#define ABROAD_MOST  15 /* with the two zeros before it */
#define LOCAL_GROUPS 6

/* Groups of digits with what may join them. */
struct local {
	size_t from[LOCAL_GROUPS]; /* where each begins */
	unsigned sizes;            /* four bits each, the last lowest */
	unsigned count, groups;
	size_t end;
};

/* The n bytes at p join two groups; as well "8 (912) 345-67-89". */
static bool
gap_ok(const struct local *l, const uint8_t *p, unsigned n)
{
	if (n == 2 && l->sizes == 1 && p[0] == ' ' && p[1] == '(')
		return true;
	if (n > 3 || (n > 1 && *p != ')' && *p != ' '))
		return false;
	for (unsigned i = 0; i < n; i++)
		if (!joins(p[i]) || p[i] == '(')
			return false;
	return true;
}

/* One group, or groups of two to nine behind one of six at most. */
static bool
size_ok(const struct local *l, unsigned n)
{
	if (l->groups == 0)
		return true;
	return n >= 2 && n <= 9 && (l->groups > 1 || l->sizes <= 6);
}

/*
 * As the masks have them: what is too short or too long, is cut otherwise or
 * goes on is refused before a digit is read.
 */
static bool
read_local(const struct detect_scratch *s, size_t p, struct local *l)
{
	uint64_t digits = work_bits(s, s->masks.digit, p);
	const uint8_t *text = s->text.ptr;
	unsigned most = text[p] == '0' && at(s->text, p + 1) == '0'
			    ? ABROAD_MOST
			    : LOCAL_MOST;

	l->sizes = l->count = l->groups = 0;
	for (;;) {
		unsigned n = id_length(digits);

		if (l->count + n > most || !size_ok(l, n))
			return false;
		l->from[l->groups++] = p;
		l->sizes = l->sizes << 4 | n;
		l->count += n;
		p += n;
		digits >>= n;
		n = (unsigned)__builtin_ctzll(digits | UINT64_C(1) << 63);
		if (!gap_ok(l, text + p, n))
			break;
		if (l->groups == LOCAL_GROUPS)
			return false;
		p += n;
		digits >>= n;
	}
	l->end = p;
	return l->count >= LOCAL_LEAST && ends_here(s->text, p);
}

/* 2024-05-06, 06.05.2024, 123-45-6789: other things with groups. */
static bool
dated(const struct local *l)
{
	return l->sizes == 0x422 || l->sizes == 0x124 || l->sizes == 0x224 ||
	       l->sizes == 0x324;
}

static unsigned
two_digits(const uint8_t *p)
{
	return (p[0] - '0') * 10U + (p[1] - '0');
}

static bool
century(unsigned n)
{
	return n == 19 || n == 20;
}

/* 1400-1600: from one year to a later one; few numbers begin with a one. */
static bool
years(const uint8_t *from, const uint8_t *to)
{
	unsigned first = two_digits(from), last = two_digits(to);

	if (century(first) && century(last))
		return true;
	return first >= 10 && last <= 20 && memcmp(from, to, 4) < 0;
}

/* 2016-2020, and 20240506 written without groups. */
static bool
of_years(const uint8_t *text, const struct local *l)
{
	const uint8_t *p = text + l->from[0];
	unsigned month, day;

	if (l->sizes == 0x44)
		return years(p, text + l->from[1]);
	if (l->sizes != 0x8 || !century(two_digits(p)))
		return false;
	month = two_digits(p + 4);
	day = two_digits(p + 6);
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static int
american_score(const uint8_t *text, const struct local *l)
{
	unsigned k = l->sizes == 0x1334 && text[l->from[0]] == '1';
	uint8_t d[4];

	if (k == 0 && l->sizes != 0x334)
		return 0;
	memcpy(d, text + l->from[k], 3);
	d[3] = text[l->from[k + 1]];
	if (!american(d))
		return 0;
	return text[l->from[0] + (k == 0 ? 3 : 1)] == ' ' ? AMERICAN_GAP
							  : AMERICAN;
}

/* 00 and a number with its calling code. */
static bool
abroad(const struct detect_scratch *s, const struct local *l)
{
	uint8_t d[ABROAD_MOST] = {0};
	unsigned n = 0;

	if (l->count <= 9)
		return false;
	for (size_t p = l->from[0]; p < l->end; p++)
		if (digit(s->text.ptr[p]))
			d[n++] = s->text.ptr[p];
	return registered(s->d->phones, d + 2, n - 2);
}

/* 0301234567: in a line of its own a word above it is its title. */
static bool
trunk(const uint8_t *text, const struct local *l)
{
	return l->groups == 1 && l->count >= 9 && text[l->from[0]] == '0';
}

/* 01 23 45 67 89 */
#define IN_PAIRS 0x22222U

static int
local_score(const struct detect_scratch *s, const struct local *l)
{
	const uint8_t *text = s->text.ptr;
	int score = american_score(text, l);
	bool one = l->groups > 1 && l->sizes >> 4 * (l->groups - 1) == 1;

	if (score > 0)
		return score;
	if (l->groups > 1 && l->sizes >> 4 * (l->groups - 1) == 6 &&
	    (text[l->from[0]] != '0' || text[l->from[0] + 1] == '0'))
		return 0; /* an area of six digits begins with one zero */
	if (text[l->from[0]] != '0')
		return PHONE_ANY;
	if (text[one ? l->from[1] : l->from[0] + 1] == '0')
		return abroad(s, l) ? ABROAD : 0;
	if (l->groups == 1 || l->count < 9 || l->count > 12)
		return PHONE_ANY;
	return l->sizes == IN_PAIRS ? PAIRS : TRUNK;
}

/* Whether digits from p on are grouped as a number is, and no date. */
static bool
grouped_at(const struct detect_scratch *s, size_t p, struct local *l)
{
	return read_local(s, p, l) && !dated(l) && !of_years(s->text.ptr, l);
}

/* Digits from `first` on, of a stretch that begins at start. */
static void
local_at(struct detect_scratch *s, size_t start, size_t first)
{
	struct local l;
	struct verdict v = {.reasons = REASON(REASON_STRUCTURE)};

	if (!grouped_at(s, first, &l))
		return;
	if (l.groups == 1)
		start = first; /* what brackets enclose is no area */
	v.score = local_score(s, &l);
	if (v.score == 0 ||
	    (!work_in_reach(s, start) &&
	     v.score + POINTS_ALONE < (int)s->d->min_confidence))
		return;
	if ((v.score > PHONE_ANY || trunk(s->text.ptr, &l)) &&
	    evidence_alone(s->text, start, l.end))
		v.score = v.score > PHONE_ANY ? v.score + POINTS_ALONE : TRUNK;
	s->nearby_known = false;
	evidence_words(s, s->d->phone, start, l.end, &v);
	work_claim(s, start, l.end, s->d->phone_index, &v);
}

/* It goes on from digits before it, or is part of something else. */
static bool
goes_on(struct span t, size_t start)
{
	uint8_t b = start == 0 ? 0 : t.ptr[start - 1];

	if ((marks[b] & BARS) != 0 && b != '-')
		return true;
	return marks[b] != 0 && start > 1 &&
	       ((marks[b] & BARS) != 0 || digit(t.ptr[start - 2]));
}

bool
phone_digits_may(const struct detect_scratch *s, size_t start)
{
	struct local l;

	return !goes_on(s->text, start) && grouped_at(s, start, &l);
}

void
phone_digits_at(struct detect_scratch *s, size_t start)
{
	if (!goes_on(s->text, start))
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
