#include "detect/reach_impl.h"

#include <string.h>

#include "detect/nearby.h"
#include "detect/shape.h"

/* A stretch that begins so far before a word may end near it. */
#define REACH_AHEAD (NEARBY_AFTER + SHAPE_BYTES)
/* Words of 64 bytes that this is, and that NEARBY_BEFORE is. */
#define ASKS_AHEAD  2
#define ASKS_BEHIND 2
/* Longer than any word that is known. */
#define LETTERS_MAX 64

/* ---- building ------------------------------------------------------------ */

static void
want(uint64_t *wanted, const uint64_t *set, size_t n)
{
	for (size_t i = 0; set != NULL && i < n; i++)
		wanted[i] |= set[i];
}

static void
slot_add(struct reach *r, uint64_t head, unsigned kind)
{
	uint8_t *e =
	    &r->slot[(size_t)(head >> REACH_SLOT_BIT) & (REACH_SLOTS - 1)];
	uint8_t tag = head >> REACH_TAG_BIT & REACH_TAG;

	if ((*e & REACH_KINDS) != 0 && (*e & REACH_TAG) != tag)
		tag = REACH_TAG;
	*e = (uint8_t)((*e & REACH_KINDS) | kind | tag);
}

static void
add_word(struct reach *r, const struct words_heads *h)
{
	if (h->second == 0) {
		slot_add(r, h->first, REACH_ALONE);
		return;
	}
	slot_add(r, h->first, REACH_FIRST);
	slot_add(r, h->second, REACH_SECOND);
}

enum status
reach_build(const struct catalogue *c, enum tile_level level, struct arena *a,
	    const struct reach **out)
{
	size_t n = c->words.ids / 64 + 1;
	struct reach *r = arena_take(a, sizeof(*r));
	uint64_t *wanted = arena_array(a, n, sizeof(*wanted));

	if (r == NULL || wanted == NULL)
		return ST_NOMEM;
	memset(r, 0, sizeof(*r));
	for (size_t i = 0; i < c->count; i++) {
		const struct data_type *t = c->types[i];

		if (!t->active ||
		    (t->token != TOKEN_ID && t->token != TOKEN_PHONE))
			continue;
		want(wanted, t->words_for, n);
		want(wanted, t->words_columns, n);
	}
	for (size_t w = 0; w < c->words.ids; w++)
		if ((wanted[w / 64] >> (w % 64) & 1) != 0)
			add_word(r, &c->words.heads[w]);
	r->wanted = wanted;
	r->ideographs = c->words.ideographs;
#if defined(__x86_64__)
	r->vectors = level == TILE_AVX512 && reach_avx512_runs();
#else
	(void)level;
#endif
	*out = r;
	return ST_OK;
}

bool
reach_wants(const struct reach *r, uint16_t word)
{
	return (r->wanted[word / 64] >> (word % 64) & 1) != 0;
}

/* ---- reading a tile ------------------------------------------------------ */

/* Bytes at which a word that has begun before is at an end. */
static uint64_t
stops_of(const struct reach_look *l, size_t w)
{
	const struct tile_masks *m = l->m;

	if (w >= l->words)
		return UINT64_MAX;
	return ~(m->lower[w] | m->upper[w] | m->high[w]) | reach_starts(m, w);
}

/* Bytes [low, high) of the masks are in reach. */
static void
mark(const struct reach_look *l, size_t low, size_t high)
{
	if (high > l->words * 64)
		high = l->words * 64;
	while (low < high) {
		uint64_t bits = UINT64_MAX << (low % 64);
		size_t next = (low | 63) + 1;

		if (next > high)
			bits &= UINT64_MAX >> (next - high);
		l->out[low / 64] |= bits;
		low = next;
	}
}

static void
mark_word(const struct reach_look *l, size_t i)
{
	mark(l, i < REACH_AHEAD ? 0 : i - REACH_AHEAD, i + NEARBY_BEFORE + 1);
}

static bool
letter(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || c >= 0x80;
}

/* Behind the word that begins at i. */
static size_t
word_end(struct span t, size_t i)
{
	for (i++; i < t.len && letter(t.ptr[i]); i++)
		if (t.ptr[i - 1] >= 'a' && t.ptr[i - 1] <= 'z' &&
		    t.ptr[i] >= 'A' && t.ptr[i] <= 'Z')
			break;
	return i;
}

/* Whether what begins with the word text[i, end) is wanted. */
static bool
wanted_at(const struct reach_look *l, size_t i, size_t end)
{
	struct span t = l->text;
	uint64_t phrase = 0;

	for (unsigned k = 0; k < WORDS_PHRASE; k++) {
		uint64_t key = words_key(t.ptr + i, end - i, t.len - i);
		size_t next = end;
		uint16_t id;

		phrase = k == 0 ? key : words_phrase(phrase, key);
		if (!words_entry(l->table, phrase, &id))
			return false;
		if (id != WORDS_NO_ID && reach_wants(l->reach, id))
			return true;
		while (next < t.len && next - end < WORDS_GAP &&
		       !letter(t.ptr[next]))
			next++;
		if (next == t.len || !letter(t.ptr[next]))
			return false;
		i = next;
		end = word_end(t, i);
	}
	return false;
}

/* Two or three letters with digits on them are a piece of a code. */
static bool
piece_of_code(const struct reach_look *l, size_t bit, size_t n)
{
	const uint64_t *d = l->m->digit;
	size_t before = bit - 1, behind = bit + n;

	return n <= 3 &&
	       ((bit > 0 && (d[before / 64] >> (before % 64) & 1) != 0) ||
		(behind / 64 < l->words &&
		 (d[behind / 64] >> (behind % 64) & 1) != 0));
}

void
reach_take(struct reach_look *l, size_t bit, size_t n, unsigned kinds)
{
	size_t base = l->at - 64, end = l->last.end;
	bool follows =
	    (kinds & REACH_SECOND) != 0 && end != 0 && bit - end <= WORDS_GAP;

	if (follows && wanted_at(l, base + l->last.bit, base + end))
		mark_word(l, l->last.bit);
	if (piece_of_code(l, bit, n))
		return;
	if ((kinds & REACH_ALONE) != 0 &&
	    wanted_at(l, base + bit, base + bit + n))
		mark_word(l, bit);
	if ((kinds & REACH_FIRST) != 0)
		l->last = (struct reach_begun){bit, bit + n};
}

/* The words that begin in the masks' word w. */
static void
look_words(struct reach_look *l, size_t w)
{
	uint64_t starts = reach_starts(l->m, w);
	uint64_t stops = stops_of(l, w), more = stops_of(l, w + 1);
	const uint8_t *p = l->text.ptr + (l->at + w * 64 - 64);
	size_t room = l->text.len - (l->at + w * 64 - 64);

	for (; starts != 0; starts &= starts - 1) {
		unsigned b = (unsigned)__builtin_ctzll(starts);
		uint64_t stop = stops >> b >> 1 | more << (63 - b);
		unsigned n = stop == 0 ? LETTERS_MAX
				       : (unsigned)__builtin_ctzll(stop) + 1;
		unsigned kinds =
		    reach_kinds(l->reach, words_head(p + b, n, room - b));

		if (kinds != 0)
			reach_take(l, w * 64 + b, n, kinds);
	}
}

/* A character of a script whose words are not told by their ends. */
static bool
has_ideograph(const struct reach_look *l, size_t w)
{
	for (uint64_t high = l->m->high[w]; high != 0; high &= high - 1) {
		unsigned b = (unsigned)__builtin_ctzll(high);

		if (l->text.ptr[l->at + w * 64 + b - 64] >= WORDS_IDEOGRAPH)
			return true;
	}
	return false;
}

static bool
asked_near(const uint64_t *asks, size_t words, size_t w)
{
	size_t from = w < ASKS_AHEAD ? 0 : w - ASKS_AHEAD;
	uint64_t any = 0;

	for (size_t i = from; i <= w + ASKS_BEHIND && i < words; i++)
		any |= asks[i];
	return any != 0;
}

void
reach_tile(const struct reach *r, const struct word_table *t,
	   const struct reach_tile *tile, uint64_t *out)
{
	const struct tile_masks *m = tile->masks;
	size_t words = tile->words;
	struct reach_look l = {.reach = r,
			       .table = t,
			       .text = tile->text,
			       .at = tile->at,
			       .m = m,
			       .words = words,
			       .out = out};
	bool near[TILE_WORDS];

	memset(out, 0, words * sizeof(*out));
	for (size_t w = 0; w < words; w++) {
		near[w] = asked_near(tile->asks, words, w);
		if (near[w] && !r->vectors)
			look_words(&l, w);
		if (near[w] && r->ideographs && m->high[w] != 0 &&
		    has_ideograph(&l, w)) {
			mark_word(&l, w * 64);
			mark_word(&l, w * 64 + 63);
		}
	}
#if defined(__x86_64__)
	if (r->vectors)
		reach_avx512(&l, near);
#endif
}
