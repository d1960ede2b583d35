#include <string.h>

#include "detect/assign/assign.h"
#include "detect/decide/evidence.h"
#include "detect/decide/explain_work.h"
#include "detect/id/apart.h"
#include "detect/region/sieve.h"
#include "detect/work.h"

/* How far on the two texts of `until` may stand. */
#define UNTIL_MAX   ((size_t)15000)
#define THROUGH_MAX ((size_t)128)

static const struct pattern *
rule_pattern(const struct detect_scratch *s, unsigned rule)
{
	return &s->d->cat->types[s->d->rule_type[rule]]->pattern;
}

static bool
on_hit(void *arg, unsigned rule, size_t from, size_t to)
{
	struct detect_scratch *s = arg;
	struct hit *last;

	from += s->hit_base;
	to += s->hit_base;
	if (s->hit_count > 0) {
		last = &s->hits[s->hit_count - 1];
		/* a longer end of the same: code behind finds the true one */
		if (last->rule == rule && last->from == from &&
		    !rule_pattern(s, rule)->has_value)
			return true;
	}
	if (s->hit_count == WORK_HITS)
		return false;
	s->hits[s->hit_count++] = (struct hit){from, to, rule};
	return true;
}

/* Behind the first `text` in t[at, limit), 0 when it is not there. */
static size_t
behind(struct span t, size_t at, size_t limit, const char *text)
{
	const uint8_t *hit = memmem(t.ptr + at, limit - at, text, strlen(text));

	return hit == NULL ? 0 : (size_t)(hit - t.ptr) + strlen(text);
}

static size_t
at_most(struct span t, size_t at, size_t n)
{
	return t.len - at < n ? t.len : at + n;
}

/* Where the end of a match goes on to; 0: its rest is not there. */
static size_t
end_of(struct span t, const struct pattern *p, size_t end)
{
	size_t n;

	if (p->has_more) {
		n = class_forward(&p->more.set, t, end, p->more.max);
		if (n < p->more.min)
			return 0;
		end += n;
	}
	if (p->until == NULL)
		return end;
	end = behind(t, end, at_most(t, end, UNTIL_MAX), p->until);
	return end == 0
		   ? 0
		   : behind(t, end, at_most(t, end, THROUGH_MAX), p->through);
}

/* Where the scheme of the URL in t[start, end) begins; end when it has none. */
static size_t
scheme_of(struct span t, size_t start, size_t end)
{
	size_t i = behind(t, start, end, "://");

	if (i == 0)
		return end;
	for (i -= 3; i > start && ((uint8_t)((t.ptr[i - 1] | 32) - 'a') < 26 ||
				   t.ptr[i - 1] == '+');
	     i--)
		;
	return i;
}

/* What is given to the name that a match is of. */
static bool
given(struct span t, const struct hit *h, size_t *start, size_t *end)
{
	struct assigned a;

	if (!assign_find(t, h->from, &a))
		return false;
	*start = a.start;
	*end = a.end;
	return true;
}

/* The stretch that counts of a match; false: its value is cut or missing. */
static bool
stretch(struct span t, const struct pattern *p, const struct hit *h,
	size_t *start, size_t *end)
{
	size_t back, forward;

	if (p->assigned)
		return given(t, h, start, end);
	*start = h->from;
	*end = end_of(t, p, h->to);
	if (*end == 0)
		return false;
	if (!p->has_value)
		return true;
	back = class_backward(&p->value.set, t, *end, ENGINE_WIDTH);
	forward = class_forward(&p->value.set, t, *end, p->value.max);
	if (back == 0 || back == ENGINE_WIDTH ||
	    back + forward < p->value.min || back + forward > p->value.max)
		return false;
	*start = *end - back;
	*end += forward;
	while (*start + 1 < *end &&
	       (t.ptr[*start] == ' ' ||
		(t.ptr[*start] == '.' && t.ptr[*start + 1] == ' ')))
		(*start)++;
	while (*start < *end && t.ptr[*end - 1] == ' ')
		(*end)--;
	if (p->url)
		*start = scheme_of(t, *start, *end);
	return *start < *end;
}

/* Bytes of the pattern's edge class stand neither before nor behind. */
static bool
edges_free(struct span t, const struct class_set *edge, size_t start,
	   size_t end)
{
	if (end < t.len && class_has(edge, t.ptr[end]))
		return false;
	if (start == 0 || !class_has(edge, t.ptr[start - 1]))
		return true;
	return start > 1 && t.ptr[start - 2] == '\\' &&
	       strchr("nrt", t.ptr[start - 1]) != NULL;
}

static bool
seems_example(struct span v)
{
	static const char word[] = "EXAMPLE";

	for (size_t i = 0; i + sizeof(word) - 1 <= v.len; i++) {
		size_t k = 0;

		while (word[k] != 0 && (v.ptr[i + k] & ~32) == word[k])
			k++;
		if (word[k] == 0)
			return true;
	}
	return false;
}

/*
 * A run as the sieve tells one lies in the match, or goes on a little into what
 * follows it: a key need not have a digit among its first bytes.
 */
static bool
has_run(const struct detect_scratch *s, const struct pattern *p,
	const struct hit *h, size_t start, size_t end)
{
	size_t to = h->to;

	if (p->has_more)
		to = end < to + SIEVE_NARROW ? end : to + SIEVE_NARROW;
	return to > start &&
	       sieve_run(span_of(s->text.ptr + start, to - start));
}

static void
judge(struct detect_scratch *s, const struct hit *h)
{
	uint16_t index = s->d->rule_type[h->rule];
	const struct data_type *t = s->d->cat->types[index];
	struct verdict v = {.score = t->base, .reasons = t->stands};
	struct candidate at;
	size_t start, end;
	struct span value;

	if (t->pattern.card) {
		if (h->to > s->hit_lo && h->to <= s->hit_hi)
			apart_at(s, h->to - 1, index);
		return;
	}
	if (!stretch(s->text, &t->pattern, h, &start, &end) ||
	    start < s->hit_lo || start >= s->hit_hi)
		return;
	at = (struct candidate){.start = start, .end = end, .type = index};
	if (!t->pattern.assigned &&
	    !edges_free(s->text, &t->pattern.edge, start, end)) {
		explain_refuse(s, &at, EXPLAIN_TOUCHED);
		return;
	}
	if (engine_wants_run(s->d->engine, h->rule) &&
	    !has_run(s, &t->pattern, h, start, end))
		return;
	value = span_of(s->text.ptr + start, end - start);
	if (!evidence_checks(t, value, &v)) {
		explain_checks(s, &at, value, NULL);
		return;
	}
	s->nearby_known = false;
	evidence_words(s, t, start, end, &v);
	if (evidence_test(t, value) || seems_example(value))
		v.reasons |= REASON(REASON_TEST_DATA);
	work_claim(s, start, end, index, &v);
}

/*
 * The engine sees its width more on both sides, so that every match that starts
 * in the piece is found with its true beginning. When there are too many, the
 * piece is halved.
 */
void
pattern_piece(struct detect_scratch *s, size_t lo, size_t hi)
{
	size_t end = hi;

	if (s->d->rule_count == 0 || lo >= hi)
		return;
	s->hit_base = lo < ENGINE_WIDTH ? 0 : lo - ENGINE_WIDTH;
	end = s->text.len - hi < 2 * ENGINE_WIDTH ? s->text.len
						  : hi + 2 * ENGINE_WIDTH;
	s->hit_count = 0;
	s->hit_lo = lo;
	s->hit_hi = hi;
	if (!engine_scan(s->d->engine, s->engine,
			 span_of(s->text.ptr + s->hit_base, end - s->hit_base),
			 on_hit, s) &&
	    hi - lo > ENGINE_WIDTH) {
		size_t mid = lo + (hi - lo) / 2;

		pattern_piece(s, lo, mid);
		pattern_piece(s, mid, hi);
		return;
	}
	for (size_t i = 0; i < s->hit_count; i++)
		judge(s, &s->hits[i]);
}
