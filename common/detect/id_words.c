#include "detect/id_words.h"

#include <stdlib.h>

typedef void word_fn(void *arg, size_t word, size_t type);

static void
each_bit(const uint64_t *set, const uint64_t *but, size_t words, size_t type,
	 word_fn *take, void *arg)
{
	for (size_t i = 0; set != NULL && i < words; i++) {
		uint64_t w = set[i] & (but == NULL ? UINT64_MAX : ~but[i]);

		for (; w != 0; w &= w - 1)
			take(arg, i * 64 + (size_t)__builtin_ctzll(w), type);
	}
}

static void
each_word(const struct catalogue *c, word_fn *take, void *arg)
{
	size_t words = c->words.ids / 64 + 1;

	for (size_t i = 0; i < c->count; i++) {
		const struct data_type *t = c->types[i];

		if (!t->active || t->token != TOKEN_ID)
			continue;
		each_bit(t->words_for, NULL, words, i, take, arg);
		each_bit(t->words_columns, t->words_for, words, i, take, arg);
	}
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

	if (first == NULL)
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
