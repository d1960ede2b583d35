#include "detect/words/general.h"

#include <stdlib.h>
#include <string.h>

/* Of how many countries the types are that have a word. */
struct tally {
	const char *last; /* counted last: types come in order of countries */
	unsigned count;
	bool world;
};

static uint64_t
has(const struct data_type *t, size_t i)
{
	return (t->words_for == NULL ? 0 : t->words_for[i]) |
	       (t->words_columns == NULL ? 0 : t->words_columns[i]);
}

static void
count_word(struct tally *w, const char *country)
{
	if (country[0] == '*') {
		w->world = true;
	} else if (w->last == NULL || strncmp(w->last, country, 2) != 0) {
		w->last = country;
		w->count++;
	}
}

static void
count_type(const struct data_type *t, size_t words, struct tally *tally)
{
	for (size_t i = 0; i < words; i++)
		for (uint64_t b = has(t, i); b != 0; b &= b - 1)
			count_word(
			    &tally[i * 64 + (unsigned)__builtin_ctzll(b)],
			    t->countries);
}

static void
choose(const struct tally *tally, size_t ids, uint64_t *set)
{
	for (size_t i = 0; i < ids; i++)
		if (!tally[i].world && tally[i].count >= GENERAL_COUNTRIES)
			set[i / 64] |= UINT64_C(1) << (i % 64);
}

/* Beside what a list of the type says, if it has one. */
static bool
share(struct catalogue *c, struct data_type *t, const uint64_t *set,
      size_t words)
{
	uint64_t *both;

	if (t->words_general == NULL) {
		t->words_general = set;
		return true;
	}
	both = arena_array(&c->arena, words, sizeof(*both));
	for (size_t i = 0; both != NULL && i < words; i++)
		both[i] = t->words_general[i] | set[i];
	t->words_general = both;
	return both != NULL;
}

enum status
general_words(struct catalogue *c)
{
	size_t words = c->words.ids / 64 + 1;
	struct tally *tally = calloc(words * 64, sizeof(*tally));
	uint64_t *set = arena_array(&c->arena, words, sizeof(*set));

	if (tally == NULL || set == NULL) {
		free(tally);
		return ST_NOMEM;
	}
	for (size_t i = 0; i < c->count; i++)
		count_type(c->types[i], words, tally);
	choose(tally, words * 64, set);
	free(tally);
	for (size_t i = 0; i < c->count; i++)
		if (c->types[i]->token == TOKEN_ID &&
		    !share(c, c->types[i], set, words))
			return ST_NOMEM;
	return ST_OK;
}
