#include "detect/decide/evidence.h"
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

/* Words before it, as of "recovery phrase": a start at each costs too much. */
#define SEED_LATE 6
#define SEED_READ (SEED_MOST + SEED_LATE)

/* Where each word ends; gives how many there are in a row from `at` on. */
static size_t
read_words(struct span t, size_t at, size_t end[SEED_READ])
{
	size_t n = 0;

	while (n < SEED_READ) {
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

/*
 * Claims the words from `at` on that hold together, all of them or the first
 * ones; false: none do.
 */
static bool
claim(struct detect_scratch *s, size_t at, const size_t *end, size_t n,
      size_t least)
{
	const struct data_type *t = s->d->seed;

	for (size_t k = n - n % 3; k >= least; k -= 3) {
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
		return true;
	}
	return false;
}

/* Whether a word that a seed could have, too, ends right before. */
static bool
word_before(struct span t, size_t at)
{
	size_t n = 0;

	if (at < 2 || t.ptr[at - 1] != ' ')
		return false;
	while (n <= WORD_MOST && n + 1 < at && small(t, at - 2 - n))
		n++;
	return n >= WORD_LEAST && n <= WORD_MOST;
}

void
seed_at(struct detect_scratch *s, size_t at)
{
	size_t end[SEED_READ], n;

	if (word_before(s->text, at))
		return;
	n = read_words(s->text, at, end);
	if (claim(s, at, end, n < SEED_MOST ? n : SEED_MOST, SEED_LEAST))
		return;
	for (size_t i = 0; i < SEED_LATE && i + SEED_LEAST < n; i++) {
		size_t left = n - i - 1;

		if (left % 3 == 0 && left <= SEED_MOST)
			(void)claim(s, end[i] + 1, end + i + 1, left, left);
	}
}
