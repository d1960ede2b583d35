#include "detect/words.h"

#include <string.h>

#define FNV_BASE  UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

enum status
words_init(struct word_table *t, struct arena *a)
{
	*t = (struct word_table){.slots = (size_t)WORDS_MAX * 2};
	t->hash = arena_array(a, t->slots, sizeof(*t->hash));
	t->id = arena_array(a, t->slots, sizeof(*t->id));
	return t->hash == NULL || t->id == NULL ? ST_NOMEM : ST_OK;
}

static bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;
}

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_upper(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static uint64_t
step(uint64_t h, uint8_t c)
{
	return (h ^ (is_upper(c) ? (uint8_t)(c + 32) : c)) * FNV_PRIME;
}

/*
 * Hashes of the word read now and of it with one and two words before; a gap
 * of more than two bytes between words starts anew.
 */
struct grams {
	uint64_t now[3]; /* running */
	uint64_t last[2];
	size_t start[3]; /* where the phrase of 1, 2, 3 words begins */
	unsigned words;  /* that may be joined: 0..2 */
};

static void
grams_begin(struct grams *g, size_t at, bool joined)
{
	if (!joined)
		g->words = 0;
	g->start[2] = g->start[1];
	g->start[1] = g->start[0];
	g->start[0] = at;
	g->now[0] = FNV_BASE;
	g->now[1] = step(g->last[0], ' ');
	g->now[2] = step(g->last[1], ' ');
}

static void
grams_end(struct grams *g)
{
	g->last[0] = g->now[0];
	g->last[1] = g->now[1];
	if (g->words < 2)
		g->words++;
}

static size_t
slot_of(const struct word_table *t, uint64_t h)
{
	size_t i = (size_t)(h ^ h >> 32) & (t->slots - 1);

	h |= 1; /* 0 marks a free slot */
	while (t->hash[i] != 0 && t->hash[i] != h)
		i = (i + 1) & (t->slots - 1);
	return i;
}

enum status
words_add(struct word_table *t, struct span phrase, uint16_t *id)
{
	uint64_t h = FNV_BASE;
	bool any = false, gap = false;
	size_t slot;

	for (size_t i = 0; i < phrase.len; i++) {
		if (!letter(phrase.ptr[i])) {
			gap = any;
			continue;
		}
		if (gap)
			h = step(h, ' ');
		h = step(h, phrase.ptr[i]);
		any = true;
		gap = false;
	}
	if (!any)
		return ST_MALFORMED;
	slot = slot_of(t, h);
	if (t->hash[slot] == 0) {
		if (t->count == WORDS_MAX)
			return ST_LIMIT;
		t->hash[slot] = h | 1;
		t->id[slot] = (uint16_t)t->count++;
	}
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

static void
look_up(const struct word_table *t, struct span text, const struct grams *g,
	size_t end, const struct sight *s, struct nearby *out)
{
	if (piece_of_code(text, g->start[0], end))
		return;
	for (unsigned k = 0; k <= g->words && k < 3; k++) {
		size_t slot = slot_of(t, g->now[k]);
		uint8_t place = s->base;

		if (t->hash[slot] == 0)
			continue;
		if (g->start[k] >= s->close)
			place |= WORD_CLOSE;
		if (g->start[k] >= s->key && end <= s->key_end)
			place |= WORD_KEY;
		keep(out, t->id[slot], place);
	}
}

static void
walk(const struct word_table *t, struct span text, size_t from, size_t to,
     const struct sight *s, struct nearby *out)
{
	struct grams g = {0};
	size_t i = from, last_end = 0;

	while (i < to) {
		if (!letter(text.ptr[i])) {
			i++;
			continue;
		}
		grams_begin(&g, i, i - last_end <= 2);
		do {
			for (unsigned k = 0; k < 3; k++)
				g.now[k] = step(g.now[k], text.ptr[i]);
			i++;
		} while (i < to && letter(text.ptr[i]) &&
			 (!is_upper(text.ptr[i]) || is_upper(text.ptr[i - 1])));
		look_up(t, text, &g, i, s, out);
		grams_end(&g);
		last_end = i;
	}
}

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '"' || c == '\'' || c == '`';
}

static bool
key_byte(uint8_t c)
{
	return letter(c) || digit(c) || c == '_' || c == '-' || c == '.' ||
	       c == ' ';
}

/*
 * The key of "key": "value", key=value, <key>value: [s->key, s->key_end).
 * Empty when the stretch is no value. Looks back no further than `low`.
 */
static void
find_key(struct span text, size_t low, size_t start, struct sight *s)
{
	size_t i = start;

	while (i > low && blank(text.ptr[i - 1]))
		i--;
	if (i > low && text.ptr[i - 1] == '>' && i > low + 1 &&
	    text.ptr[i - 2] == '=')
		i--;
	if (i == low || (text.ptr[i - 1] != ':' && text.ptr[i - 1] != '=' &&
			 text.ptr[i - 1] != '>'))
		return;
	i--;
	while (i > low && blank(text.ptr[i - 1]))
		i--;
	s->key_end = i;
	while (i > low && key_byte(text.ptr[i - 1]))
		i--;
	s->key = i;
}

void
words_nearby(const struct word_table *t, struct span text, size_t start,
	     size_t end, struct nearby *out)
{
	size_t low = start < WORDS_BEFORE ? 0 : start - WORDS_BEFORE;
	size_t high =
	    text.len - end < WORDS_AFTER ? text.len : end + WORDS_AFTER;
	struct sight s = {.key = 1, .base = WORD_NEAR};
	size_t line = start, stop = end;

	out->count = 0;
	while (line > low && text.ptr[line - 1] != '\n')
		line--;
	while (stop < high && text.ptr[stop] != '\n' && text.ptr[stop] != '\r')
		stop++;
	s.close = start < WORDS_CLOSE ? 0 : start - WORDS_CLOSE;
	if (s.close < line)
		s.close = line;
	find_key(text, line, start, &s);
	/* a word that the window cuts is not read by half */
	if (low > 0)
		while (low < start && letter(text.ptr[low - 1]) &&
		       letter(text.ptr[low]))
			low++;
	walk(t, text, low, start, &s, out);
	s = (struct sight){.close = end, .key = 1, .base = WORD_NEAR};
	walk(t, text, end, stop, &s, out);
}

void
words_of_key(const struct word_table *t, struct span key, struct nearby *out)
{
	struct sight s = {.key_end = key.len, .base = WORD_NEAR};

	walk(t, key, 0, key.len, &s, out);
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
