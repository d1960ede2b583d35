#include <string.h>

#include "detect/work.h"

/*
 * What begins where the masks of a tile say that it may.
 */

/*
 * At least 57 bits from bit b of the two words at mask on, more than a shape
 * has bytes; zeros behind.
 */
static inline uint64_t
bits_from(const uint64_t *mask, unsigned b)
{
	uint64_t bits;

	memcpy(&bits, (const uint8_t *)mask + b / 8, sizeof(bits));
	return bits >> (b % 8);
}

/*
 * Each group that has a digit near it is looked at by itself. Whatever the
 * text, that is one look a group and at most SHAPE_GROUPS groups a look. The
 * look has one branch: what groups are is anybody's guess.
 */
static void
scan_ids(struct detect_scratch *s, size_t w, uint64_t starts,
	 const struct id_door *door)
{
	const struct tile_masks *m = &s->masks;

	for (; starts != 0; starts &= starts - 1) {
		unsigned b = (unsigned)__builtin_ctzll(starts);
		uint64_t word = bits_from(&m->word[w], b);
		unsigned len = id_length(word);
		const struct id_root *r = &door->root[len];
		size_t at = s->tile + (w - 1) * 64 + b, behind = at + len;
		const struct id_node *n = r->node;
		enum id_begin begin;
		struct id_group g;

		g.v.digits = bits_from(&m->digit[w], b);
		g.v.lowers = bits_from(&m->lower[w], b);
		behind = behind < s->text.len ? behind : at;
		g.sep = shape_sep(s->text.ptr[behind]);
		g.next = id_length(word >> (len & 63) >> 1);
		begin = id_begins(r, &g);
		if (begin == ID_NONE)
			continue;
		g.v.uppers = bits_from(&m->upper[w], b);
		if (begin == ID_MORE)
			n = id_child(&s->d->ids, n, g.sep, g.next);
		if (id_wanted(n, g.v))
			id_at(s, at, r->node, g.v);
	}
}

/* Seven bits at least: without an instruction for it, taking six is quicker. */
static bool
seven_bits(uint64_t bits)
{
	for (unsigned i = 0; i < 6; i++)
		bits &= bits - 1;
	return bits != 0;
}

/*
 * National numbers: seven digits in twenty bytes. Out of reach of any word they
 * begin with a zero or with a short group.
 */
static void
scan_locals(struct detect_scratch *s, size_t w, uint64_t reach)
{
	const uint64_t *digit = &s->masks.digit[w];
	uint64_t starts = (s->starts.of[START_LOCAL][w] & reach) |
			  s->starts.of[START_SHORT][w];

	for (; starts != 0; starts &= starts - 1) {
		unsigned b = (unsigned)__builtin_ctzll(starts);

		if (seven_bits(bits_from(digit, b) & 0xfffff))
			phone_digits_at(s, s->tile + (w - 1) * 64 + b);
	}
}

static void
pairs_at(struct detect_scratch *s, size_t at)
{
	net_adapter_at(s, at, 2);
}

static void
fours_at(struct detect_scratch *s, size_t at)
{
	net_adapter_at(s, at, 4);
}

typedef void look_fn(struct detect_scratch *s, size_t at);

static void
scan(struct detect_scratch *s, size_t w, enum start_kind kind, look_fn *look)
{
	uint64_t starts = s->starts.of[kind][w];

	for (; starts != 0; starts &= starts - 1)
		look(s, s->tile + (w - 1) * 64 +
			    (unsigned)__builtin_ctzll(starts));
}

static void
scan_rare(struct detect_scratch *s, size_t w)
{
	scan(s, w, START_IBAN, iban_at);
	scan(s, w, START_EMAIL, email_at);
	scan(s, w, START_PHONE, phone_at);
	scan(s, w, START_SEED, seed_at);
	scan(s, w, START_RUN, run_at);
	scan(s, w, START_QUAD, net_quads_at);
	scan(s, w, START_COLON, net_groups_at);
	scan(s, w, START_PAIRS, pairs_at);
	scan(s, w, START_FOURS, fours_at);
}

void
look_plan(const struct detector *d, struct start_plan *out)
{
	const bool wanted[START_KINDS] = {
	    [START_ID] = d->ids.all.any,
	    [START_STRONG] = d->ids.strong.any,
	    [START_IBAN] = d->iban != NULL,
	    [START_EMAIL] = d->email != NULL,
	    [START_PHONE] = d->phone != NULL,
	    [START_LOCAL] = d->phone != NULL,
	    [START_SHORT] = d->phone != NULL,
	    [START_SEED] = d->seed != NULL,
	    [START_RUN] = d->runs.heads != NULL,
	    [START_QUAD] = d->ip != NULL,
	    [START_COLON] = d->ip != NULL,
	    [START_PAIRS] = d->mac != NULL,
	    [START_FOURS] = d->mac != NULL,
	};

	*out = (struct start_plan){.ids = d->ids.all.sift,
				   .strong = d->ids.strong.sift};
	for (unsigned k = 0; k < START_KINDS; k++)
		out->kinds |= (unsigned)wanted[k] << k;
}

/* Where words may stand near what wants them. */
static void
reach(struct detect_scratch *s, size_t words)
{
	const uint64_t *ids = s->starts.of[START_ID];
	const uint64_t *locals = s->starts.of[START_LOCAL];
	const uint64_t *phones = s->starts.of[START_PHONE];
	uint64_t asks[TILE_WORDS] = {0};

	if (s->columns.wanted || s->explain != NULL ||
	    s->d->min_confidence <= PHONE_ANY) {
		memset(s->reach, 0xff, (words + 3) * sizeof(s->reach[0]));
		return;
	}
	for (size_t w = 1; w <= words; w++)
		asks[w] = ids[w] | locals[w] | phones[w];
	reach_tile(s->d->reach, &s->d->cat->words, s->text, s->tile, &s->masks,
		   asks, words + 3, s->reach);
}

/* Candidates of the tokens that begin in [at, end), end - at <= TILE_BYTES. */
void
look_tile(struct detect_scratch *s, size_t at, size_t end)
{
	size_t words = (end - at + 63) / 64;
	enum tile_level level = s->d->level;

	s->tile = at;
	tile_masks(level, s->text, at, words + 3, &s->masks);
	tile_starts(level, &s->masks, words, &s->d->starts, &s->starts);
	reach(s, words);
	for (size_t w = 1; w <= words; w++) {
		const struct id_index *x = &s->d->ids;
		uint64_t reach = s->reach[w];

		scan_ids(s, w, s->starts.of[START_ID][w] & reach, &x->all);
		scan_ids(s, w, s->starts.of[START_STRONG][w] & ~reach,
			 &x->strong);
		scan_locals(s, w, reach);
		if (s->starts.rare[w] != 0)
			scan_rare(s, w);
	}
}

void
look_ids(struct detect_scratch *s, size_t at, size_t end)
{
	size_t words = (end - at + 63) / 64;

	s->tile = at;
	tile_masks(s->d->level, s->text, at, words + 3, &s->masks);
	tile_starts(s->d->level, &s->masks, words, &s->d->starts, &s->starts);
	memset(s->reach, 0xff, (words + 3) * sizeof(s->reach[0]));
	for (size_t w = 1; w <= words; w++)
		scan_ids(s, w, s->starts.of[START_ID][w], &s->d->ids.all);
}
