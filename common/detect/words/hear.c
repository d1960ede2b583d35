#include "detect/words/hear.h"

#include "detect/decide/evidence.h"
#include "detect/id/words.h"
#include "detect/work.h"

static bool
has(const uint64_t *set, unsigned word)
{
	return set != NULL && (set[word / 64] >> (word % 64) & 1) != 0;
}

static void
forget(struct hearing *h)
{
	for (uint64_t w = h->any; w != 0; w &= w - 1)
		h->types[__builtin_ctzll(w)] = 0;
	h->any = 0;
	h->against = 0;
}

/* What one word, at these places, says to all types that it is of. */
static void
hear_word(struct hearing *h, const struct id_index *x, unsigned word,
	  uint8_t places)
{
	uint16_t key = places & WORD_KEY;
	const heard from[4] = {
	    [0] = (heard)(places | places << HEARD_OWN),
	    [ID_WORD_KEY / ID_WORD_KEY] = (heard)(key | key << HEARD_OWN),
	    [ID_WORD_GENERAL / ID_WORD_KEY] = places,
	    [(ID_WORD_KEY | ID_WORD_GENERAL) / ID_WORD_KEY] = key,
	};
	uint32_t to = x->word_first[word + 1];

	for (uint32_t k = x->word_first[word]; k < to; k++) {
		unsigned entry = x->word_type[k];

		hear_speak(h, entry & ID_WORD_TYPE, from[entry / ID_WORD_KEY]);
	}
}

/* Places of the i-th word near, 0 when it has been heard before. */
static uint8_t
all_places(const struct nearby *n, size_t i)
{
	uint8_t places = 0;

	for (size_t k = 0; k < n->count; k++) {
		if (n->id[k] != n->id[i])
			continue;
		if (k < i)
			return 0;
		places |= n->place[k];
	}
	return places;
}

void
hear(struct detect_scratch *s, size_t start, size_t end)
{
	const struct id_index *x = &s->d->ids;
	const struct nearby *n = &s->nearby;
	struct hearing *h = &s->hearing;

	forget(h);
	evidence_nearby(s, start, end);
	for (size_t i = 0; i < n->count; i++) {
		unsigned word = n->id[i];
		uint8_t places;

		if (has(x->word_against, word))
			h->against |= UINT64_C(1) << i;
		if (x->word_first[word] == x->word_first[word + 1])
			continue;
		places = all_places(n, i);
		if (places != 0)
			hear_word(h, x, word, places);
	}
	if (s->columns.like_count > 0)
		columns_likes(s, start, end);
}

bool
hear_any(const struct hearing *h, const uint64_t *types)
{
	for (uint64_t w = h->any; w != 0; w &= w - 1) {
		unsigned i = (unsigned)__builtin_ctzll(w);

		if ((h->types[i] & types[i]) != 0)
			return true;
	}
	return false;
}

unsigned
hear_against(const struct detect_scratch *s, const struct data_type *t)
{
	unsigned places = 0;

	for (uint64_t w = s->hearing.against; w != 0; w &= w - 1) {
		unsigned i = (unsigned)__builtin_ctzll(w);

		if (has(t->words_against, s->nearby.id[i]) &&
		    !nearby_outspoken(&s->nearby, i, t->words_for) &&
		    !nearby_titled(&s->nearby, i, t->words_for))
			places |= s->nearby.place[i];
	}
	return places;
}
