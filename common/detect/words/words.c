#include "detect/words/words.h"

#include <stdlib.h>
#include <string.h>

/* A letter of ASCII, or a byte of a character beyond. */
static inline bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;
}

#define FIRST_SLOTS 1024

static size_t
slot_of(const struct word_table *t, uint64_t key)
{
	size_t i = (size_t)(key >> 20) & (t->slots - 1);

	while (t->key[i] != 0 && t->key[i] != key)
		i = (i + 1) & (t->slots - 1);
	return i;
}

bool
words_entry(const struct word_table *t, uint64_t key, uint16_t *id)
{
	size_t slot = slot_of(t, key);

	*id = t->id[slot];
	return t->key[slot] != 0;
}

/* The bit of a word: the upper half of its key, which the slots do not use. */
static void
mark(struct word_table *t, uint64_t key)
{
	unsigned bit = (unsigned)(key >> 48);

	t->known[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static enum status
table_make(struct word_table *t, size_t slots)
{
	uint64_t *key = calloc(slots, sizeof(*key));
	uint16_t *id = calloc(slots, sizeof(*id));

	if (key == NULL || id == NULL) {
		free(key);
		free(id);
		return ST_NOMEM;
	}
	t->key = key;
	t->id = id;
	t->slots = slots;
	return ST_OK;
}

enum status
words_init(struct word_table *t)
{
	*t = (struct word_table){0};
	return table_make(t, FIRST_SLOTS);
}

void
words_fini(struct word_table *t)
{
	free(t->key);
	free(t->id);
	free(t->heads);
	*t = (struct word_table){0};
}

static void *
moved(struct arena *a, const void *from, size_t count, size_t size)
{
	void *to = arena_array(a, count, size);

	if (to != NULL && count > 0)
		memcpy(to, from, count * size);
	return to;
}

enum status
words_keep(struct word_table *t, struct arena *a)
{
	struct word_table kept = *t;

	kept.key = moved(a, t->key, t->slots, sizeof(*t->key));
	kept.id = moved(a, t->id, t->slots, sizeof(*t->id));
	kept.heads = moved(a, t->heads, t->ids, sizeof(*t->heads));
	if (kept.key == NULL || kept.id == NULL || kept.heads == NULL)
		return ST_NOMEM;
	words_fini(t);
	*t = kept;
	t->kept = true;
	return ST_OK;
}

static enum status
table_grow(struct word_table *t)
{
	uint64_t *key = t->key;
	uint16_t *id = t->id;
	size_t slots = t->slots;
	enum status st = table_make(t, slots * 4);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < slots; i++) {
		size_t slot = key[i] == 0 ? 0 : slot_of(t, key[i]);

		if (key[i] == 0)
			continue;
		t->key[slot] = key[i];
		t->id[slot] = id[i];
	}
	free(key);
	free(id);
	return ST_OK;
}

static enum status
table_put(struct word_table *t, uint64_t key, size_t *slot)
{
	enum status st = ST_OK;

	*slot = slot_of(t, key);
	if (t->key[*slot] != 0)
		return ST_OK;
	if (t->count >= WORDS_MAX)
		return ST_LIMIT;
	if (t->count * 4 >= t->slots)
		st = table_grow(t);
	if (st != ST_OK)
		return st;
	*slot = slot_of(t, key);
	t->key[*slot] = key;
	t->id[*slot] = WORDS_NO_ID;
	t->count++;
	return ST_OK;
}

/* A new id, of a phrase whose words begin so. */
static enum status
id_add(struct word_table *t, struct words_heads heads, uint16_t *id)
{
	if (t->ids == t->heads_room) {
		size_t room = t->heads_room == 0 ? 1024 : t->heads_room * 2;
		struct words_heads *p = realloc(t->heads, room * sizeof(*p));

		if (p == NULL)
			return ST_NOMEM;
		t->heads = p;
		t->heads_room = room;
	}
	t->heads[t->ids] = heads;
	*id = (uint16_t)t->ids++;
	return ST_OK;
}

enum status
words_add(struct word_table *t, struct span phrase, uint16_t *id)
{
	uint64_t key = 0, word;
	struct words_heads heads = {0};
	size_t i = 0, slot = 0, words = 0;
	enum status st = ST_OK;

	while (st == ST_OK && i < phrase.len) {
		size_t n = 0;

		while (i + n < phrase.len && letter(phrase.ptr[i + n]) &&
		       (n == 0 || !border_apart(phrase, i + n)))
			n++;
		if (n == 0) {
			i++;
			continue;
		}
		if (words++ == WORDS_PHRASE)
			return ST_MALFORMED;
		word = words_key(phrase.ptr + i, n, phrase.len - i);
		key = words == 1 ? word : words_phrase(key, word);
		if (words == 1)
			heads.first =
			    words_head(phrase.ptr + i, n, phrase.len - i);
		if (words == 2)
			heads.second =
			    words_head(phrase.ptr + i, n, phrase.len - i);
		t->ideographs |= phrase.ptr[i] >= WORDS_IDEOGRAPH;
		mark(t, word);
		/* each beginning of a phrase has an entry as well */
		st = table_put(t, key, &slot);
		i += n;
	}
	if (st != ST_OK || words == 0)
		return st != ST_OK ? st : ST_MALFORMED;
	if (t->id[slot] == WORDS_NO_ID)
		st = id_add(t, heads, &t->id[slot]);
	*id = t->id[slot];
	return st;
}

/* ---- capitals beyond ASCII ------------------------------------------------
 *
 * A text is compared with one bit of every byte set: that is enough for ASCII
 * and most of Latin-1. Of other letters the capital is a word of its own.
 */

unsigned
words_capital(unsigned c)
{
	bool odd = (c >= 0x100 && c < 0x138) || (c >= 0x14a && c < 0x178) ||
		   (c >= 0x218 && c < 0x220) || (c >= 0x460 && c < 0x530);

	if (odd)
		return c & ~1U;
	if ((c >= 0x139 && c < 0x149) || (c >= 0x179 && c < 0x17f))
		return c - ((c & 1) == 0);
	if ((c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) ||
	    (c >= 0x430 && c < 0x450) || (c >= 0xe0 && c < 0xff && c != 0xf7))
		return c - 0x20;
	if (c >= 0x450 && c < 0x460)
		return c - 0x50;
	if (c >= 0x561 && c <= 0x586)
		return c - 0x30;
	if (c == 0x3ac)
		return 0x386;
	if (c >= 0x3ad && c <= 0x3af)
		return c - 0x25;
	if (c == 0x3cc)
		return 0x38c;
	return c == 0x3cd || c == 0x3ce ? c - 0x3f : c;
}

size_t
words_capitals(struct span word, bool all, uint8_t *out, size_t room)
{
	bool begin = true, other = false;
	size_t n = 0;

	if (word.len > room)
		return 0;
	for (size_t i = 0; i < word.len; i++) {
		uint8_t c = word.ptr[i];

		out[n++] = c;
		if (c < 0xc3 || c >= 0xe0 || i + 1 == word.len) {
			begin = false;
			continue;
		}
		out[n++] = word.ptr[++i];
		if (begin || all) {
			unsigned big = words_capital((c & 0x1fU) << 6 |
						     (word.ptr[i] & 0x3fU));

			out[n - 2] = (uint8_t)(0xc0 | big >> 6);
			out[n - 1] = (uint8_t)(0x80 | (big & 0x3f));
			other |=
			    ((out[n - 2] ^ c) | (out[n - 1] ^ word.ptr[i])) &
			    ~0x20;
		}
		begin = false;
	}
	return other ? n : 0;
}
