#include "detect/id/words.h"

#include <stdlib.h>

_Static_assert(CATALOGUE_TYPES <= ID_WORD_TYPE + 1, "a type has bits to spare");

/* type with the ID_WORD_ bits that are so of the word */
typedef void word_fn(void *arg, size_t word, size_t type);

static uint64_t
word_of(const uint64_t *set, size_t i)
{
	return set == NULL ? 0 : set[i];
}

static void
each_bit(size_t base, uint64_t bits, size_t type, word_fn *take, void *arg)
{
	for (; bits != 0; bits &= bits - 1)
		take(arg, base + (size_t)__builtin_ctzll(bits), type);
}

static void
words_of_type(const struct data_type *t, size_t words, size_t type,
	      word_fn *take, void *arg)
{
	for (size_t i = 0; i < words; i++) {
		uint64_t all = word_of(t->words_general, i);
		uint64_t near = word_of(t->words_for, i);
		uint64_t key = word_of(t->words_columns, i) & ~near;

		each_bit(i * 64, near & ~all, type, take, arg);
		each_bit(i * 64, near & all, type | ID_WORD_GENERAL, take, arg);
		each_bit(i * 64, key & ~all, type | ID_WORD_KEY, take, arg);
		each_bit(i * 64, key & all,
			 type | ID_WORD_KEY | ID_WORD_GENERAL, take, arg);
	}
}

static void
each_word(const struct catalogue *c, word_fn *take, void *arg)
{
	size_t words = c->words.ids / 64 + 1;

	for (size_t i = 0; i < c->count; i++) {
		const struct data_type *t = c->types[i];

		if (t->active && t->token == TOKEN_ID)
			words_of_type(t, words, i, take, arg);
	}
}

/* Words that are against any of them. */
static const uint64_t *
all_against(const struct catalogue *c, struct arena *a)
{
	size_t words = c->words.ids / 64 + 1;
	uint64_t *set = arena_array(a, words, sizeof(*set));

	for (size_t i = 0; set != NULL && i < c->count; i++) {
		const struct data_type *t = c->types[i];

		if (!t->active || t->token != TOKEN_ID)
			continue;
		for (size_t k = 0; k < words; k++)
			set[k] |= word_of(t->words_against, k);
	}
	return set;
}

static void
count_word(void *arg, size_t word, size_t type)
{
	uint32_t *first = arg;

	(void)type;
	first[word + 1]++;
}

struct filling {
	const uint32_t *first;
	uint32_t *done;
	uint16_t *type;
};

static void
fill_word(void *arg, size_t word, size_t type)
{
	struct filling *f = arg;

	f->type[f->first[word] + f->done[word]++] = (uint16_t)type;
}

enum status
id_words_build(const struct catalogue *c, struct arena *a, struct id_index *out)
{
	size_t n = c->words.ids;
	uint32_t *first = arena_array(a, n + 1, sizeof(*first));
	struct filling f = {.first = first};

	out->word_against = all_against(c, a);
	if (first == NULL || out->word_against == NULL)
		return ST_NOMEM;
	each_word(c, count_word, first);
	for (size_t w = 0; w < n; w++)
		first[w + 1] += first[w];
	f.done = calloc(n + 1, sizeof(*f.done));
	f.type = arena_array(a, first[n] + 1U, sizeof(*f.type));
	if (f.done == NULL || f.type == NULL) {
		free(f.done);
		return ST_NOMEM;
	}
	each_word(c, fill_word, &f);
	free(f.done);
	out->word_first = first;
	out->word_type = f.type;
	return ST_OK;
}
