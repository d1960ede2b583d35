#include "detect/check_digits.h"
#include "detect/evidence.h"
#include "detect/explain_work.h"
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
	if (len == 0 || !evidence_free(s->text, at, at + len)) {
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
