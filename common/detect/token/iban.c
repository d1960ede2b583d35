#include <strings.h>

#include "detect/check/digits.h"
#include "detect/decide/evidence.h"
#include "detect/decide/explain_work.h"
#include "detect/work.h"

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

/* A capital for a small letter. */
static uint8_t
raised(uint8_t c)
{
	return c >= 'a' && c <= 'z' ? (uint8_t)(c - 32) : c;
}

size_t
iban_value(struct span raw, uint8_t *out, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < raw.len && n < room; i++)
		if (digit(raw.ptr[i]) || upper(raised(raw.ptr[i])))
			out[n++] = raised(raw.ptr[i]);
	return n;
}

static bool
of_class(char class, uint8_t c)
{
	if (class == 'n')
		return digit(c);
	return upper(c) || (class == 'c' && digit(c));
}

/* What joins groups, all of them alike. */
static bool
joins(uint8_t c, uint8_t sep)
{
	return sep == 0 ? c == ' ' || c == '-' || c == '.' : c == sep;
}

/*
 * The characters of a number of that country, compact or in groups: of four as
 * on paper, or of two and more as banks cut them. Gives bytes read, 0 when it
 * is none.
 */
static size_t
gather(struct span t, size_t at, const struct iban_country *c, uint8_t *out,
       bool *grouped)
{
	size_t p = at + 2, n = 2, group = 2;
	uint8_t sep = 0;

	out[0] = raised(t.ptr[at]);
	out[1] = raised(t.ptr[at + 1]);
	while (n < c->length && p < t.len) {
		if (of_class(c->structure[n], raised(t.ptr[p]))) {
			out[n++] = raised(t.ptr[p++]);
			group++;
		} else if (n >= 4 && group >= 2 && joins(t.ptr[p], sep)) {
			sep = t.ptr[p++];
			*grouped = true;
			group = 0;
		} else {
			return 0;
		}
	}
	return n == c->length ? p - at : 0;
}

static uint8_t
byte(struct span t, size_t i)
{
	return i < t.len ? t.ptr[i] : 0;
}

/* "100 EUR", "100 euros": three capitals, or euro in small letters. */
static bool
currency(struct span t, size_t i)
{
	return (upper(byte(t, i)) && upper(byte(t, i + 1)) &&
		upper(byte(t, i + 2)) && !upper(byte(t, i + 3))) ||
	       (t.len >= i + 3 &&
		strncasecmp((const char *)t.ptr + i, "eur", 3) == 0);
}

/* A field, clause or sentence ends at i, or it goes on without an amount. */
static bool
closes(struct span t, size_t i)
{
	uint8_t c = byte(t, i), after = byte(t, i + 1);

	switch (c) {
	case '.':
	case ',':
	case ':':
	case '/':
	case '-':
		return !digit(after);
	case ' ':
		return raised(after) != after && !currency(t, i + 1);
	default:
		return c < 0x80 && !digit(c) && !upper(raised(c)) && c != '_' &&
		       c != '%' && c != '$';
	}
}

/*
 * Printed in whole fours with a group of one to three digits more: that is a
 * number too long, whose first characters passed by chance or were all of it
 * before somebody typed on. An amount or a date behind a number is none of it.
 */
static bool
goes_on(struct span t, size_t at, size_t len)
{
	size_t n = 0;

	if (len % 5 != 4 || byte(t, at + len) != ' ')
		return false; /* nothing follows, or it behind a short group */
	for (size_t i = 4; i < len; i += 5)
		if (t.ptr[at + i] != ' ')
			return false;
	while (n < 4 && digit(byte(t, at + len + 1 + n)))
		n++;
	return n > 0 && n < 4 && closes(t, at + len + 1 + n);
}

void
iban_at(struct detect_scratch *s, size_t at)
{
	const struct data_type *t = s->d->iban;
	uint8_t country[2] = {raised(s->text.ptr[at]),
			      raised(s->text.ptr[at + 1])};
	const struct iban_country *c = iban_list_find(s->d->ibans, country);
	uint8_t value[IBAN_MAX];
	struct candidate where;
	bool grouped = false;
	struct verdict v;
	size_t len;

	if (c == NULL)
		return;
	len = gather(s->text, at, c, value, &grouped);
	where = (struct candidate){.start = at,
				   .end = at + (len > 0 ? len : 4),
				   .type = s->d->iban_index};
	if (len == 0 || !evidence_free(s->text, at, at + len) ||
	    goes_on(s->text, at, len)) {
		explain_refuse(s, &where,
			       len == 0 ? EXPLAIN_STRUCTURE : EXPLAIN_TOUCHED);
		return;
	}
	v = (struct verdict){.score = t->base,
			     .reasons = t->stands | REASON(REASON_COUNTRY) |
					REASON(REASON_STRUCTURE)};
	if (!evidence_checks(t, span_of(value, c->length), &v)) {
		explain_checks(s, &where, span_of(value, c->length), NULL);
		return;
	}
	if (grouped) {
		v.score += POINTS_GROUPED;
		v.reasons |= REASON(REASON_SEPARATORS);
	}
	s->nearby_known = false;
	evidence_words(s, t, at, at + len, &v);
	if (evidence_test(t, span_of(value, c->length)))
		v.reasons |= REASON(REASON_TEST_DATA);
	work_claim(s, at, at + len, s->d->iban_index, &v);
}
