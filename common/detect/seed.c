#include "detect/evidence.h"
#include "detect/work.h"

/*
 * seed: words of three to eight small letters with one space between them, as
 * many as a wallet's seed has. That they are of its list and that their last
 * bits are right is for the check.
 */
#define SEED_LEAST 12
#define SEED_MOST  24
#define WORD_LEAST 3
#define WORD_MOST  8

static bool
small(struct span t, size_t i)
{
	return i < t.len && t.ptr[i] >= 'a' && t.ptr[i] <= 'z';
}

/* Where each word ends; gives how many there are in a row from `at` on. */
static size_t
read_words(struct span t, size_t at, size_t end[SEED_MOST])
{
	size_t n = 0;

	while (n < SEED_MOST) {
		size_t len = 0;

		while (len <= WORD_MOST && small(t, at + len))
			len++;
		if (len < WORD_LEAST || len > WORD_MOST)
			return n;
		at += len;
		end[n++] = at;
		if (at >= t.len || t.ptr[at] != ' ')
			return n;
		at++;
	}
	return n;
}

void
seed_at(struct detect_scratch *s, size_t at)
{
	const struct data_type *t = s->d->seed;
	size_t end[SEED_MOST], n;

	/* words before it: a start at each would cost too much */
	if (at > 1 && s->text.ptr[at - 1] == ' ' && small(s->text, at - 2))
		return;
	n = read_words(s->text, at, end);
	for (size_t k = n - n % 3; k >= SEED_LEAST; k -= 3) {
		struct span v = span_of(s->text.ptr + at, end[k - 1] - at);
		struct verdict w = {.score = t->base, .reasons = t->stands};

		if (!evidence_free(s->text, at, end[k - 1]) ||
		    !evidence_checks(t, v, &w))
			continue;
		s->nearby_known = false;
		evidence_words(s, t, at, end[k - 1], &w);
		if (evidence_test(t, v))
			w.reasons |= REASON(REASON_TEST_DATA);
		work_claim(s, at, end[k - 1], s->d->seed_index, &w);
		return;
	}
}
