#include "detect/id/reading.h"

#include "detect/decide/payment.h"

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
void
reading_value(const struct detect_scratch *s, struct reading *r)
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

/* What its ends are worth, once a stretch. */
void
reading_ends(const struct detect_scratch *s, struct reading *r)
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
	r->columned = evidence_columned(s->text, r->start, end);
	r->expires = payment_expiry(s->text, end);
	r->least = (int)s->d->min_confidence - r->around.score -
		   (r->columned ? POINTS_ALONE : 0) -
		   (r->near || r->expires ? POINTS_KEY : 0) -
		   (s->columns.full ? POINTS_LIKE : 0);
}

bool
reading_luhn(const struct detect_scratch *s, struct reading *r)
{
	if (!r->luhn_known) {
		reading_value(s, r);
		r->luhn = check_luhn(span_of(r->value, r->count), NULL);
	}
	r->luhn_known = true;
	return r->luhn;
}

/* Which types the words near the stretch, or its column, speak for. */
void
reading_listen(struct detect_scratch *s, struct reading *r)
{
	if (!r->spoken && s->sample == NULL) /* that says which are tried */
		hear(s, r->start, r->start + r->len);
	r->spoken = true;
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
bool
reading_stands(struct detect_scratch *s, struct reading *r)
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
