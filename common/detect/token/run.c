#include "detect/token/run.h"

#include "base/str.h"
#include "detect/decide/evidence.h"
#include "detect/work.h"

static bool
wants_runs(const struct data_type *t)
{
	return t->active && t->token == TOKEN_RUN;
}

/* How many heads begin with a byte, in the place behind that of the byte. */
static void
count_heads(const struct catalogue *c, uint16_t first[257])
{
	for (size_t i = 0; i < c->count; i++) {
		const struct data_type *t = c->types[i];

		for (size_t k = 0; wants_runs(t) && k < t->head_count; k++)
			first[t->heads[k].ptr[0] + 1]++;
	}
	for (unsigned b = 0; b < 256; b++)
		first[b + 1] = (uint16_t)(first[b + 1] + first[b]);
}

static void
take_heads(const struct catalogue *c, const uint16_t first[257],
	   struct run_head *out)
{
	uint16_t done[256] = {0};

	for (size_t i = 0; i < c->count; i++) {
		const struct data_type *t = c->types[i];

		for (size_t k = 0; wants_runs(t) && k < t->head_count; k++) {
			uint8_t b = t->heads[k].ptr[0];

			out[first[b] + done[b]++] =
			    (struct run_head){t->heads[k], t, (uint16_t)i};
		}
	}
}

enum status
run_index_build(const struct catalogue *c, struct arena *a,
		struct run_index *out)
{
	struct run_head *heads;

	*out = (struct run_index){.heads = NULL};
	count_heads(c, out->first);
	if (out->first[256] == 0)
		return ST_OK;
	heads = arena_array(a, out->first[256], sizeof(*heads));
	if (heads == NULL)
		return ST_NOMEM;
	take_heads(c, out->first, heads);
	out->heads = heads;
	return ST_OK;
}

static bool
alnum(uint8_t c)
{
	return (c >= '0' && c <= '9') || (uint8_t)((c | 32) - 'a') < 26;
}

static void
judge(struct detect_scratch *s, size_t at, struct span v,
      const struct run_head *h)
{
	const struct class_run *run = &h->type->pattern.value;
	struct verdict w = {.score = h->type->base, .reasons = h->type->stands};

	if (v.len < run->min || v.len > run->max ||
	    !span_eq(span_of(v.ptr, h->text.len), h->text) ||
	    class_forward(&run->set, s->text, at, v.len) != v.len ||
	    !evidence_checks(h->type, v, &w))
		return;
	if (evidence_alone(s->text, at, at + v.len))
		w.score += POINTS_ALONE;
	evidence_words(s, h->type, at, at + v.len, &w);
	if (evidence_test(h->type, v))
		w.reasons |= REASON(REASON_TEST_DATA);
	work_claim(s, at, at + v.len, h->type_index, &w);
}

#define MASKED 57 /* bytes that the masks tell for certain */

void
run_at(struct detect_scratch *s, size_t at)
{
	const struct run_index *x = &s->d->runs;
	struct span t = s->text;
	size_t n;

	if (x->first[t.ptr[at]] == x->first[t.ptr[at] + 1])
		return;
	n = id_length(work_bits(s, s->masks.word, at));
	while (n >= MASKED && n <= RUN_MOST && at + n < t.len &&
	       alnum(t.ptr[at + n]))
		n++;
	if (n < RUN_LEAST || n > RUN_MOST || !evidence_free(t, at, at + n))
		return;
	s->nearby_known = false;
	for (size_t i = x->first[t.ptr[at]]; i < x->first[t.ptr[at] + 1]; i++)
		judge(s, at, span_of(t.ptr + at, n), &x->heads[i]);
}
