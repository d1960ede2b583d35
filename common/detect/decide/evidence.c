#include "detect/decide/evidence.h"

#include <string.h>

#include "base/str.h"
#include "detect/check/digits.h"

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
alnum(uint8_t c)
{
	return digit(c) || (uint8_t)((c | 32) - 'a') < 26;
}

static bool
word_byte(uint8_t c)
{
	return alnum(c) || c == '_';
}

/* Byte before i, 0 at the beginning. */
static uint8_t
before(struct span t, size_t i)
{
	return i == 0 ? 0 : t.ptr[i - 1];
}

static uint8_t
at(struct span t, size_t i)
{
	return i < t.len ? t.ptr[i] : 0;
}

/* "?31" of MT940: what stands right behind is a field of a bank statement. */
static bool
opens_subfield(struct span t, size_t i)
{
	return i >= 3 && t.ptr[i - 3] == '?' && digit(t.ptr[i - 2]) &&
	       digit(t.ptr[i - 1]) && !digit(at(t, i));
}

bool
evidence_free(struct span text, size_t start, size_t end)
{
	uint8_t b = before(text, start);

	if (word_byte(at(text, end)))
		return false;
	if (!word_byte(b))
		return true;
	if (start < 2)
		return false;
	/* an escaped end of line or tab, or the start of a magnetic track */
	return (text.ptr[start - 2] == '\\' &&
		(b == 'n' || b == 'r' || b == 't')) ||
	       (text.ptr[start - 2] == '%' && b == 'B') ||
	       opens_subfield(text, start);
}

bool
evidence_whole(struct span text, size_t start, size_t end)
{
	if (before(text, start) == '.' && start > 1 &&
	    digit(text.ptr[start - 2]))
		return false;
	return at(text, end) != '.' || !digit(at(text, end + 1));
}

bool
evidence_low_digits(struct span digits)
{
	for (size_t i = 0; i < digits.len; i++)
		if (digits.ptr[i] > '5')
			return false;
	return digits.len >= 12;
}

bool
evidence_made_up(struct span digits)
{
	size_t same = 1, up = 1, down = 1;

	for (size_t i = 1; i < digits.len; i++) {
		int step = digits.ptr[i] - digits.ptr[i - 1];

		same = step == 0 ? same + 1 : 1;
		up = step == 1 ? up + 1 : 1;
		down = step == -1 ? down + 1 : 1;
		if (same == MADE_UP_SAME || up == MADE_UP_STEPS ||
		    down == MADE_UP_STEPS)
			return true;
	}
	return false;
}

static unsigned
two(const uint8_t *p)
{
	return (p[0] - '0') * 10U + p[1] - '0';
}

bool
evidence_stamp(struct span digits)
{
	const uint8_t *p = digits.ptr;
	unsigned year;

	if (digits.len != 12 && digits.len != 14)
		return false;
	for (size_t i = 0; i < digits.len; i++)
		if (!digit(p[i]))
			return false;
	year = two(p) * 100 + two(p + 2);
	return year >= 1970 && year < 2050 && two(p + 4) - 1 < 12 &&
	       two(p + 6) - 1 < 31 && two(p + 8) < 24 && two(p + 10) < 60 &&
	       (digits.len == 12 || two(p + 12) < 60);
}

/* Digits at t[i, i + n), none behind, that do not pass as a card. */
static bool
other_number(struct span t, size_t i, size_t n)
{
	if (t.len < i || t.len - i < n || word_byte(at(t, i + n)))
		return false;
	for (size_t k = 0; k < n; k++)
		if (!digit(t.ptr[i + k]))
			return false;
	return !check_luhn(span_of(t.ptr + i, n), NULL);
}

#define COLUMN_GAP 4 /* blanks between two numbers */

bool
evidence_among_others(struct span text, size_t start, size_t end)
{
	size_t n = end - start, gap = 0;

	while (gap < COLUMN_GAP && at(text, end + gap) == ' ')
		gap++;
	if (gap > 0 && other_number(text, end + gap, n))
		return true;
	gap = 0;
	while (gap < COLUMN_GAP && gap < start &&
	       text.ptr[start - gap - 1] == ' ')
		gap++;
	return gap > 0 && start >= gap + n &&
	       !word_byte(before(text, start - gap - n)) &&
	       other_number(text, start - gap - n, n);
}

static bool
opens_field(uint8_t c)
{
	return c == 0 || c == '\n' || c == '\r' || c == ',' || c == ';' ||
	       c == '\t' || c == '|' || c == '"' || c == '\'' || c == '>';
}

static bool
closes_field(uint8_t c)
{
	return opens_field(c) ? c != '>' : c == '<';
}

/* "/12/27", as who writes down a card goes on. */
static bool
month_and_year(struct span t, size_t i)
{
	return at(t, i) == '/' && (at(t, i + 1) | 1) == '1' &&
	       digit(at(t, i + 2)) &&
	       (at(t, i + 3) == '/' || at(t, i + 3) == '-') &&
	       digit(at(t, i + 4)) && digit(at(t, i + 5));
}

/* A field ends at i, the sentence, or what a card's date follows. */
static bool
ends_alone(struct span t, size_t i)
{
	uint8_t after = at(t, i + 1);

	return closes_field(at(t, i)) || month_and_year(t, i) ||
	       (at(t, i) == '.' &&
		(after == 0 || after == ' ' || after == '\r' || after == '\n'));
}

/* "- 3050..." and "  * 3050...": a line of a list. */
static bool
item(struct span t, size_t i)
{
	if (before(t, i) != '-' && before(t, i) != '*')
		return false;
	do
		i--;
	while (before(t, i) == ' ');
	return before(t, i) == 0 || before(t, i) == '\n';
}

#define GUTTER "   "

bool
evidence_columned(struct span t, size_t start, size_t end)
{
	size_t n = sizeof(GUTTER) - 1;

	return start >= n && t.len - end >= n &&
	       memcmp(t.ptr + start - n, GUTTER, n) == 0 &&
	       memcmp(t.ptr + end, GUTTER, n) == 0;
}

static bool
bracketed(struct span t, size_t start, size_t end)
{
	return (before(t, start) == '(' && at(t, end) == ')') ||
	       (before(t, start) == '[' && at(t, end) == ']');
}

bool
evidence_alone(struct span text, size_t start, size_t end)
{
	bool listed = false;

	if (bracketed(text, start, end)) {
		start--;
		end++;
	}
	if (before(text, start) == ' ')
		listed = item(text, --start);
	if (at(text, end) == ' ')
		end++;
	return (listed || opens_field(before(text, start))) &&
	       ends_alone(text, end);
}

static void
take(struct verdict *v, int points)
{
	v->score -= points;
	v->reasons |= REASON(REASON_INSIDE_ID);
}

/* Digits of the group that ends before i. */
static size_t
group_before(struct span t, size_t i)
{
	size_t n = 0;

	while (n < 20 && n < i && digit(t.ptr[i - n - 1]))
		n++;
	return n;
}

static size_t
group_after(struct span t, size_t i)
{
	size_t n = 0;

	while (n < 20 && digit(at(t, i + n)))
		n++;
	return n;
}

/* A sign at i joins its group to digits beyond: a date, or other groups. */
static bool
joins_other(struct span t, size_t i, size_t beyond)
{
	return at(t, i) != 0 && strchr("-/.:", t.ptr[i]) != NULL &&
	       digit(at(t, beyond));
}

/* The same digits, if they are a group by themselves; 0: they are not. */
static size_t
alone_before(struct span t, size_t i)
{
	size_t n = group_before(t, i);

	return i > n + 1 && joins_other(t, i - n - 1, i - n - 2) ? 0 : n;
}

static size_t
alone_after(struct span t, size_t i)
{
	size_t n = group_after(t, i);

	return joins_other(t, i + n, i + n + 1) ? 0 : n;
}

static bool
hex_digit(uint8_t c)
{
	return digit(c) || (uint8_t)((c | 32) - 'a') < 6;
}

/* Four hexadecimal digits with a letter among them, in t[i, i + 4). */
static bool
hex_group(struct span t, size_t i)
{
	bool any_digit = false, any_letter = false;

	for (size_t k = 0; k < 4; k++) {
		if (!hex_digit(at(t, i + k)))
			return false;
		any_digit |= digit(at(t, i + k));
		any_letter |= !digit(at(t, i + k));
	}
	return any_digit && any_letter;
}

/*
 * A group that is joined on by the separator of the stretch itself: one of four
 * digits makes it a dump of numbers, a short one may be a count beside it, a
 * long one is a number by itself.
 */
#define ITS_OWN 12

static void
joined(size_t digits, struct verdict *v)
{
	if (digits == 4)
		take(v, POINTS_INSIDE);
	else if (digits > 4 && digits < ITS_OWN)
		take(v, POINTS_PATH);
}

/* What a dash at either end costs that joins a letter or digit on. */
static int
dashed(struct span t, size_t start, size_t end, uint8_t sep)
{
	if (sep != '-')
		return POINTS_PATH;
	return (before(t, start) == '-' && digit(before(t, start - 1))) ||
		       (at(t, end) == '-' && digit(at(t, end + 1)))
		   ? POINTS_LONGER
		   : POINTS_INSIDE;
}

/*
 * "====7012==" and "-----7012": what a MIME part or a form begins with, RFC
 * 2046 5.1.1. Two signs may be an operator or decoration, so four are asked.
 */
static bool
boundary(struct span t, size_t start)
{
	uint8_t sign = before(t, start);

	return (sign == '=' || sign == '-') && start >= 4 &&
	       t.ptr[start - 2] == sign && t.ptr[start - 3] == sign &&
	       t.ptr[start - 4] == sign;
}

/* A line of codes of four, as tables of characters are, ends before i. */
static bool
codes_before(struct span t, size_t i)
{
	return before(t, i) == '\n' && i >= 6 && hex_group(t, i - 5) &&
	       (t.ptr[i - 6] == ' ' || t.ptr[i - 6] == '\n');
}

static bool
codes_after(struct span t, size_t i)
{
	return at(t, i) == '\n' && hex_group(t, i + 1) &&
	       (at(t, i + 5) == ' ' || at(t, i + 5) == '\n');
}

/* Three groups of four: with a fourth behind them they begin a card. */
#define THREE_FOURS 14

void
evidence_edges(struct span text, size_t start, size_t end, uint8_t sep,
	       struct verdict *v)
{
	uint8_t b = before(text, start), e = at(text, end);

	if ((b == '-' && alnum(before(text, start - 1))) ||
	    (e == '-' && alnum(at(text, end + 1))))
		take(v, dashed(text, start, end, sep));
	if (boundary(text, start))
		take(v, POINTS_INSIDE);
	if (sep == '-' && e == ' ' && end - start == THREE_FOURS &&
	    group_after(text, end + 1) == 4)
		take(v, POINTS_PATH);
	if (sep == ' ' && b == ' ')
		joined(alone_before(text, start - 1), v);
	if (sep == ' ' && e == ' ')
		joined(alone_after(text, end + 1), v);
	if (sep == ' ' &&
	    ((b == ' ' && start >= 5 && hex_group(text, start - 5)) ||
	     (e == ' ' && hex_group(text, end + 1)) ||
	     codes_before(text, start) || codes_after(text, end)))
		take(v, POINTS_INSIDE);
	if (sep == '.' && b == '.' && !alnum(before(text, start - 1)))
		take(v, POINTS_INSIDE);
	if (b == '/' || b == '+' || b == '#' || b == '$' || b == '&' ||
	    (b == '\\' && before(text, start - 1) != '\\'))
		take(v, POINTS_PATH);
	if (e == '@' || (e == '/' && !month_and_year(text, end)))
		take(v, POINTS_PATH);
}

/* ---- words --------------------------------------------------------------- */

void
evidence_nearby(struct detect_scratch *s, size_t start, size_t end)
{
	if (s->nearby_known)
		return;
	s->nearby_known = true;
	nearby_find(&s->d->cat->words, &s->stream, s->text, start, end,
		    &s->nearby);
	if (s->columns.word_count > 0)
		columns_words(s, start, &s->nearby);
}

static unsigned
places_for(const struct nearby *n, const struct data_type *t)
{
	return nearby_in(n, t->words_for) |
	       (nearby_in(n, t->words_columns) & WORD_KEY);
}

/* Whether all words for it are those that others of its kind have as well. */
static bool
only_general(const struct nearby *n, const struct data_type *t)
{
	if (t->words_general == NULL)
		return false;
	return (nearby_besides(n, t->words_for, t->words_general) |
		(nearby_besides(n, t->words_columns, t->words_general) &
		 WORD_KEY)) == 0;
}

/* By the places of words for it and against it. */
static void
weigh(unsigned places, bool general, unsigned against, struct verdict *v)
{
	bool checked = (v->reasons & REASON(REASON_CHECK_DIGIT)) != 0;

	if (v->score < (checked ? POINTS_WEAK_CHECKED : POINTS_WEAK))
		places &= ~(unsigned)WORD_ABOVE;
	if ((places & WORD_KEY) != 0) {
		v->score += POINTS_KEY;
		v->reasons |= REASON(REASON_COLUMN);
	} else if (places != 0) {
		v->score += POINTS_WORD;
		v->reasons |= REASON(REASON_WORD_NEAR);
	}
	v->general = places != 0 && general;
	if ((against & (WORD_KEY | WORD_CLOSE)) != 0) {
		v->score -= POINTS_AGAINST;
		v->reasons |= REASON(REASON_NEGATIVE);
	}
}

void
evidence_words(struct detect_scratch *s, const struct data_type *t,
	       size_t start, size_t end, struct verdict *v)
{
	if (t->words_for == NULL && t->words_against == NULL &&
	    t->words_columns == NULL)
		return;
	evidence_nearby(s, start, end);
	weigh(places_for(&s->nearby, t), only_general(&s->nearby, t),
	      nearby_against(&s->nearby, t->words_against, t->words_for,
			     t->token == TOKEN_ID),
	      v);
}

void
evidence_heard(struct detect_scratch *s, uint16_t type, struct verdict *v)
{
	const struct data_type *t = s->d->cat->types[type];
	unsigned from = 0;

	if (hear_has(&s->hearing, type))
		from = s->hearing.heard[type];
	weigh(from & HEARD_ALL,
	      t->words_general != NULL && from >> HEARD_OWN == 0,
	      hear_against(s, t), v);
}

/* ---- checks -------------------------------------------------------------- */

bool
evidence_checks(const struct data_type *t, struct span value, struct verdict *v)
{
	return evidence_chain(t->checks, t->check_count, value, v);
}

bool
evidence_chain(const struct check *checks, size_t count, struct span value,
	       struct verdict *v)
{
	for (size_t i = 0; i < count; i++) {
		const struct check *c = &checks[i];
		bool good = check_run(value, c);

		if (!good && c->bonus == 0)
			return false;
		if (good) {
			v->score += c->bonus;
			v->reasons |= c->reason;
		}
	}
	return true;
}

bool
evidence_test(const struct data_type *t, struct span value)
{
	for (size_t i = 0; i < t->test_count; i++)
		if (t->test_values[i].len == value.len && value.len > 0 &&
		    t->test_values[i].ptr[value.len - 1] ==
			value.ptr[value.len - 1] &&
		    span_eq(t->test_values[i], value))
			return true;
	return false;
}
