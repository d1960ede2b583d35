#include "detect/words.h"

#include <stdlib.h>
#include <string.h>

#include "detect/tile.h"

/* A letter of ASCII, or a byte of a character beyond. */
static inline bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;
}

static inline bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

#define FIRST_SLOTS 1024
#define PHRASE_MAX  3
/* Marks an entry that is only the beginning of a phrase. */
#define NO_ID UINT16_MAX

static uint64_t
mix(uint64_t h)
{
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

/* Up to eight bytes; a capital and its small letter give the same. */
static uint64_t
load(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	memcpy(&v, p, n < 8 ? n : 8);
	return v | UINT64_C(0x2020202020202020);
}

/* Of a word: its length, its first and its last eight bytes, and the middle. */
static uint64_t
word_key(const uint8_t *p, size_t n)
{
	uint64_t h = mix(load(p, n) + n);

	if (n > 8)
		h = mix(h ^ load(p + n - 8, 8));
	for (size_t i = 8; i + 8 < n; i += 8)
		h = mix(h ^ load(p + i, 8));
	return h | 1;
}

static uint64_t
phrase_key(uint64_t head, uint64_t word)
{
	return mix(head ^ mix(word)) | 1;
}

static size_t
slot_of(const struct word_table *t, uint64_t key)
{
	size_t i = (size_t)(key >> 20) & (t->slots - 1);

	while (t->key[i] != 0 && t->key[i] != key)
		i = (i + 1) & (t->slots - 1);
	return i;
}

static unsigned
looks_of(const uint8_t *p, size_t n)
{
	return (p[0] & 31U) | (p[n - 1] & 31U) << 5 | (unsigned)(n & 7) << 10;
}

/* Whether any known word looks like this one: most are told apart here. */
static bool
maybe_known(const struct word_table *t, const uint8_t *p, size_t n)
{
	unsigned looks = looks_of(p, n);

	return (t->looks[looks / 64] >> (looks % 64) & 1) != 0;
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
	*t = (struct word_table){0};
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
	t->id[*slot] = NO_ID;
	t->count++;
	return ST_OK;
}

enum status
words_add(struct word_table *t, struct span phrase, uint16_t *id)
{
	uint64_t key = 0;
	size_t i = 0, slot = 0, words = 0;
	enum status st = ST_OK;
	unsigned looks;

	while (st == ST_OK && i < phrase.len) {
		size_t n = 0;

		while (i + n < phrase.len && letter(phrase.ptr[i + n]))
			n++;
		if (n == 0) {
			i++;
			continue;
		}
		if (words++ == PHRASE_MAX)
			return ST_MALFORMED;
		key = words == 1 ? word_key(phrase.ptr + i, n)
				 : phrase_key(key, word_key(phrase.ptr + i, n));
		looks = looks_of(phrase.ptr + i, n);
		t->looks[looks / 64] |= UINT64_C(1) << (looks % 64);
		/* each beginning of a phrase has an entry as well */
		st = table_put(t, key, &slot);
		i += n;
	}
	if (st != ST_OK || words == 0)
		return st != ST_OK ? st : ST_MALFORMED;
	if (t->id[slot] == NO_ID)
		t->id[slot] = (uint16_t)t->ids++;
	*id = t->id[slot];
	return ST_OK;
}

static void
keep(struct nearby *out, uint16_t id, uint8_t place)
{
	if (out->count == WORDS_NEARBY)
		return;
	out->id[out->count] = id;
	out->place[out->count++] = place;
}

/* Where the stretch of text [from, to) lies, seen from the match. */
struct sight {
	size_t line;  /* words before this are above */
	size_t close; /* words from here on are close */
	size_t key, key_end;
	uint8_t base;
};

/* Two or three letters with digits on them are a piece of a code: "cc71". */
static bool
piece_of_code(struct span text, size_t start, size_t end)
{
	if (end - start > 3)
		return false;
	return (start > 0 && digit(text.ptr[start - 1])) ||
	       (end < text.len && digit(text.ptr[end]));
}

/* One look at the words of a piece of text. */
struct look {
	const struct word_table *t;
	struct span text;
	const struct sight *s;
	struct nearby *out;
	/* phrases that the words so far begin: 0 when none of that length */
	uint64_t key[PHRASE_MAX];
	size_t start[PHRASE_MAX];
};

static void
note(struct look *l, size_t slot, size_t start, size_t end)
{
	uint8_t place = l->s->base;

	if (l->t->id[slot] == NO_ID)
		return;
	if (start < l->s->line)
		place = WORD_ABOVE;
	else if (start >= l->s->close)
		place |= WORD_CLOSE;
	if (start >= l->s->key && end <= l->s->key_end)
		place |= WORD_KEY;
	keep(l->out, l->t->id[slot], place);
}

/* The word text[start, end) by itself and at the end of what has begun. */
static void
look_up(struct look *l, size_t start, size_t end)
{
	uint64_t word = word_key(l->text.ptr + start, end - start);

	for (unsigned k = PHRASE_MAX; k-- > 0;) {
		uint64_t key = word;
		size_t begin = start, slot;

		if (k > 0 && l->key[k - 1] == 0) {
			l->key[k] = 0;
			continue;
		}
		if (k > 0) {
			key = phrase_key(l->key[k - 1], word);
			begin = l->start[k - 1];
		}
		slot = slot_of(l->t, key);
		l->key[k] = l->t->key[slot];
		l->start[k] = begin;
		if (l->t->key[slot] != 0)
			note(l, slot, begin, end);
	}
}

/*
 * The words of the 64 bytes at text[from], of which w tells the letters: so a
 * word costs a few steps, and not one a byte.
 */
static void
walk(struct look *l, size_t from, const struct tile_words *w)
{
	size_t last_end = from;
	/* a word begins behind no letter, and where a small meets a large */
	uint64_t starts =
	    w->letters & (~(w->letters << 1) | (w->upper & w->small << 1));

	while (starts != 0) {
		unsigned b = (unsigned)__builtin_ctzll(starts);
		uint64_t stop;
		size_t start = from + b, end;

		starts &= starts - 1;
		stop = (~w->letters | starts) & ~((UINT64_C(2) << b) - 1);
		end = stop == 0 ? from + 64
				: from + (unsigned)__builtin_ctzll(stop);
		if (!maybe_known(l->t, l->text.ptr + start, end - start)) {
			l->key[0] = l->key[1] = 0;
			continue;
		}
		if (start - last_end > 2)
			l->key[0] = l->key[1] = 0;
		last_end = end;
		if (!piece_of_code(l->text, start, end))
			look_up(l, start, end);
	}
}

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == '`';
}

/* Bits of the first n bytes, n <= 64. */
static uint64_t
low_bits(size_t n)
{
	return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

/*
 * The key of "key": "value", key=value, <key>value: [s->key, s->key_end).
 * Empty when the stretch is no value. Looks back no further than `low`; w is of
 * the bytes from text[base] on.
 */
static void
find_key(struct span text, size_t low, size_t start, size_t base,
	 const struct tile_words *w, struct sight *s)
{
	size_t i = start;
	uint64_t others;

	while (i > low && blank(text.ptr[i - 1]))
		i--;
	if (i > low + 1 && text.ptr[i - 1] == '>' && text.ptr[i - 2] == '=')
		i--;
	if (i == low || (text.ptr[i - 1] != ':' && text.ptr[i - 1] != '=' &&
			 text.ptr[i - 1] != '>'))
		return;
	i--;
	while (i > low && blank(text.ptr[i - 1]))
		i--;
	s->key_end = i;
	others = ~(w->letters | w->joins) & low_bits(i - base);
	s->key =
	    others == 0 ? base : base + 64 - (unsigned)__builtin_clzll(others);
	if (s->key < low)
		s->key = low;
}

static void
words_before(const struct word_table *t, struct span text, size_t start,
	     struct nearby *out)
{
	size_t n = start < WORDS_BEFORE ? start : WORDS_BEFORE;
	size_t low = start - n, line = low;
	struct sight s = {.key = 1, .base = WORD_NEAR};
	struct tile_words w;

	tile_words(text.ptr + low, n, text.len - low, &w);
	if (w.lines != 0)
		line = low + 64 - (unsigned)__builtin_clzll(w.lines);
	s.close = start < WORDS_CLOSE ? 0 : start - WORDS_CLOSE;
	if (s.close < line)
		s.close = line;
	s.line = line;
	find_key(text, line, start, low, &w, &s);
	/* a word that the window cuts is not read by half */
	if (low > 0 && letter(text.ptr[low - 1]))
		w.letters &= w.letters + 1;
	walk(&(struct look){.t = t, .text = text, .s = &s, .out = out}, low,
	     &w);
}

static void
words_behind(const struct word_table *t, struct span text, size_t end,
	     struct nearby *out)
{
	size_t n = text.len - end < WORDS_AFTER ? text.len - end : WORDS_AFTER;
	struct sight s = {.close = end, .key = 1, .base = WORD_NEAR};
	struct tile_words w;

	tile_words(text.ptr + end, n, text.len - end, &w);
	if (w.lines != 0)
		w.letters &= low_bits((unsigned)__builtin_ctzll(w.lines));
	walk(&(struct look){.t = t, .text = text, .s = &s, .out = out}, end,
	     &w);
}

void
words_nearby(const struct word_table *t, struct span text, size_t start,
	     size_t end, struct nearby *out)
{
	out->count = 0;
	words_before(t, text, start, out);
	words_behind(t, text, end, out);
}

void
words_of_key(const struct word_table *t, struct span key, struct nearby *out)
{
	struct sight s = {.key_end = key.len, .base = WORD_NEAR};
	struct tile_words w;

	tile_words(key.ptr, key.len < 64 ? key.len : 64, key.len, &w);
	walk(&(struct look){.t = t, .text = key, .s = &s, .out = out}, 0, &w);
}

unsigned
words_in(const struct nearby *n, const uint64_t *set)
{
	unsigned places = 0;

	if (set == NULL)
		return 0;
	for (size_t i = 0; i < n->count; i++)
		if (set[n->id[i] / 64] >> (n->id[i] % 64) & 1)
			places |= n->place[i];
	return places;
}
