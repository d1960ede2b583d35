#include "detect/words/reach_impl.h"

#include <string.h>

#include "detect/id/shape.h"
#include "detect/words/nearby.h"

/* A stretch that begins so far before a word may end near it. */
#define REACH_AHEAD (NEARBY_AFTER + SHAPE_BYTES)
/* Words of 64 bytes that this is, and that NEARBY_BEFORE is. */
#define ASKS_AROUND 2

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

/* The level whose function there is, and runs. */
static enum tile_level
level_of(enum tile_level level)
{
#if defined(__x86_64__)
	if (level == TILE_AVX512 && !reach_avx512_runs())
		return TILE_AVX2;
	return level;
#else
	(void)level;
	return TILE_SCALAR;
#endif
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
	r->level = level_of(level);
	*out = r;
	return ST_OK;
}

bool
reach_wants(const struct reach *r, uint16_t word)
{
	return (r->wanted[word / 64] >> (word % 64) & 1) != 0;
}

/* ---- reading a tile ------------------------------------------------------ */

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
	i++;
	while (i < t.len && letter(t.ptr[i]) && !words_hump(t, i))
		i++;
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
		if (!words_known(l->table, key) ||
		    !words_entry(l->table, phrase, &id))
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

static bool
has_bit(const uint64_t *mask, size_t bit)
{
	return (mask[bit / 64] >> (bit % 64) & 1) != 0;
}

/* Two or three letters with digits on them are a piece of a code. */
static bool
piece_of_code(const struct reach_look *l, size_t first, size_t last)
{
	const uint64_t *d = l->m->digit;

	return last - first < 3 &&
	       ((first > 0 && has_bit(d, first - 1)) ||
		(last + 1 < l->words * 64 && has_bit(d, last + 1)));
}

/* What begins with word i of the group. */
static void
take_word(const struct reach_look *l, const struct reach_words *ws, size_t i)
{
	size_t first = ws->first[i], last = ws->last[i];

	if (!piece_of_code(l, first, last) &&
	    wanted_at(l, l->at + first - 64, l->at + last - 63))
		mark_word(l, first);
}

/*
 * Words by themselves, and those before the second ones of phrases. Most that
 * stand in phrases do so by chance.
 */
void
reach_take(struct reach_look *l, const struct reach_words *ws,
	   const struct reach_kinds *k)
{
	size_t n = ws->count;
	uint64_t in = n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;
	uint64_t second = k->second & k->close & in;
	uint64_t follow = second & (k->first << 1 | (uint64_t)l->begun);
	uint64_t alone = (k->alone | follow >> 1) & in;

	if ((follow & 1) != 0)
		take_word(l, ws, 0);
	for (; alone != 0; alone &= alone - 1)
		take_word(l, ws, 1 + (unsigned)__builtin_ctzll(alone));
	l->begun = (k->first >> (n - 1) & 1) != 0;
}

void
reach_slow_kinds(const struct reach_look *l, const struct reach_words *ws,
		 size_t from, struct reach_kinds *out)
{
	for (size_t i = from; i < ws->count; i++) {
		size_t first = ws->first[i + 1], last = ws->last[i + 1];
		size_t at = l->at + first - 64;
		uint64_t kinds = reach_kinds(
		    l->reach, words_head(l->text.ptr + at, last - first + 1,
					 l->text.len - at));

		out->alone |= (kinds & REACH_ALONE) << i;
		out->first |= ((kinds & REACH_FIRST) / REACH_FIRST) << i;
		out->second |= ((kinds & REACH_SECOND) / REACH_SECOND) << i;
		out->close |= (uint64_t)(first - ws->last[i] <= WORDS_GAP + 1)
			      << i;
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

static void
mark_ideographs(const struct reach_look *l, const bool *near)
{
	for (size_t w = 0; w < l->words; w++)
		if (near[w] && l->m->high[w] != 0 && has_ideograph(l, w)) {
			mark_word(l, w * 64);
			mark_word(l, w * 64 + 63);
		}
}

/* Which of the masks' words are near one that is asked of; whether any is. */
static bool
asked_near(const uint64_t *asks, size_t words, bool *near)
{
	uint64_t padded[TILE_WORDS + 2 * ASKS_AROUND], all = 0;

	for (size_t i = 0; i < ASKS_AROUND; i++)
		padded[i] = padded[words + ASKS_AROUND + i] = 0;
	memcpy(padded + ASKS_AROUND, asks, words * sizeof(*asks));
	for (size_t w = 0; w < words; w++) {
		const uint64_t *p = padded + w;
		uint64_t any = p[0] | p[1] | p[2] | p[3] | p[4];

		near[w] = any != 0;
		all |= any;
	}
	return all != 0;
}

static reach_fn *
function_of(const struct reach *r)
{
#if defined(__x86_64__)
	if (r->level == TILE_AVX512)
		return reach_avx512;
	if (r->level == TILE_AVX2)
		return reach_avx2;
#else
	(void)r;
#endif
	return reach_scalar;
}

void
reach_tile(const struct reach *r, const struct word_table *t,
	   const struct reach_tile *tile, uint64_t *out)
{
	struct reach_look l = {.reach = r,
			       .table = t,
			       .text = tile->text,
			       .at = tile->at,
			       .m = tile->masks,
			       .words = tile->words,
			       .out = out};
	bool near[TILE_WORDS];

	memset(out, 0, tile->words * sizeof(*out));
	if (!asked_near(tile->asks, tile->words, near))
		return;
	if (r->ideographs)
		mark_ideographs(&l, near);
	function_of(r)(&l, near);
}
