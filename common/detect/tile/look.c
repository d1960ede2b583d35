#include <string.h>

#include "detect/id/sift.h"
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
 * Whether what begins at bit b can be of a shape behind the door, as far as its
 * first groups tell; the node of its first group, or NULL. The look has one
 * branch: what groups are is anybody's guess.
 */
static inline const struct id_node *
id_leads(const struct detect_scratch *s, size_t w, unsigned b,
	 const struct id_door *door, struct id_view *v)
{
	const struct tile_masks *m = &s->masks;
	uint64_t word = bits_from(&m->word[w], b);
	unsigned len = id_length(word);
	const struct id_root *r = &door->root[len];
	size_t behind = s->tile + (w - 1) * 64 + b + len;
	const struct id_node *n = r->node;
	enum id_begin begin;
	struct id_group g;

	g.v.digits = bits_from(&m->digit[w], b);
	g.v.lowers = bits_from(&m->lower[w], b);
	behind = behind < s->text.len ? behind : behind - len;
	g.sep = shape_sep(s->text.ptr[behind]);
	g.next = id_length(word >> (len & 63) >> 1);
	begin = id_begins(r, &g);
	if (begin == ID_NONE)
		return NULL;
	g.v.uppers = bits_from(&m->upper[w], b);
	if (begin == ID_MORE)
		n = id_child(&s->d->ids, n, g.sep, g.next);
	*v = g.v;
	return id_wanted(n, g.v) ? r->node : NULL;
}

/* What is left of the starts of a tile when more than masks has been asked. */
struct passed {
	uint64_t ids[TILE_WORDS], strong[TILE_WORDS], locals[TILE_WORDS];
	uint64_t phones[TILE_WORDS]; /* those that may be helped by words */
};

static inline uint64_t
wants_words(const struct passed *p, size_t w)
{
	return p->ids[w] | p->locals[w] | p->phones[w];
}

/* Digits, and of what joins groups all but dots and colons. */
static inline uint64_t
sift_digits(const struct tile_masks *m, size_t w)
{
	return m->digit[w] | (m->sep[w] & ~m->dot[w] & ~m->colon[w]);
}

/*
 * Those of the starts with which a shape of any type may begin, and of these
 * those of the types that need no word: by the first bytes, which tell most in
 * dumps, dates and the like.
 */
static void
sift_ids(const struct detect_scratch *s, size_t w, const uint64_t *digits,
	 struct passed *p)
{
	const struct tile_masks *m = &s->masks;
	const uint8_t *table = s->d->ids.sift;
	uint64_t starts = s->starts.of[START_ID][w], ids = 0, strong = 0;

	for (; starts != 0; starts &= starts - 1) {
		unsigned b = (unsigned)__builtin_ctzll(starts), flags;
		uint64_t word = bits_from(&m->word[w], b);
		uint64_t digit = bits_from(&digits[w], b);
		uint64_t letter = word & ~digit;
		uint64_t small = bits_from(&m->lower[w], b);

		small &= letter & (0 - letter);
		flags = table[id_sift_state(word, digit)];
		flags >>= small != 0 ? ID_SIFT_SMALL : 0;
		ids |= (uint64_t)(flags & ID_SIFT_ALL) << b;
		strong |= (uint64_t)(flags / ID_SIFT_STRONG & 1) << b;
	}
	p->ids[w] = ids;
	p->strong[w] = strong & s->starts.of[START_STRONG][w];
}

/*
 * Each group is looked at by itself. Whatever the text, that is one look a
 * group and at most SHAPE_GROUPS groups a look.
 */
static void
scan_ids(struct detect_scratch *s, size_t w, uint64_t starts,
	 const struct id_door *door)
{
	for (; starts != 0; starts &= starts - 1) {
		unsigned b = (unsigned)__builtin_ctzll(starts);
		const struct id_node *n;
		struct id_view v;

		n = id_leads(s, w, b, door, &v);
		if (n != NULL)
			id_at(s, s->tile + (w - 1) * 64 + b, n, v);
	}
}

/* Those of the starts that lead to a node of the tree of all types. */
static uint64_t
pass_leads(const struct detect_scratch *s, size_t w, uint64_t starts)
{
	uint64_t pass = 0;
	struct id_view v;

	for (; starts != 0; starts &= starts - 1)
		if (id_leads(s, w, (unsigned)__builtin_ctzll(starts),
			     &s->d->ids.all, &v) != NULL)
			pass |= starts & -starts;
	return pass;
}

/* Seven bits at least: without an instruction for it, taking six is quicker. */
static bool
seven_bits(uint64_t bits)
{
	for (unsigned i = 0; i < 6; i++)
		bits &= bits - 1;
	return bits != 0;
}

/* National numbers are looked for where these have seven. */
#define LOCAL_SPAN 20
/* Those with + or ( have seven within these, whatever joins them. */
#define PHONE_SPAN 48

/* Seven digits in so many bytes. */
static bool
many_digits(const struct detect_scratch *s, size_t w, unsigned b,
	    unsigned bytes)
{
	return seven_bits(bits_from(&s->masks.digit[w], b) &
			  ((UINT64_C(1) << bytes) - 1));
}

static uint64_t
pass_digits(const struct detect_scratch *s, size_t w, uint64_t starts,
	    unsigned bytes)
{
	uint64_t pass = 0;

	for (; starts != 0; starts &= starts - 1)
		if (many_digits(s, w, (unsigned)__builtin_ctzll(starts), bytes))
			pass |= starts & -starts;
	return pass;
}

/* Those of which the groups are as those of a national number. */
static uint64_t
pass_grouped(const struct detect_scratch *s, size_t w, uint64_t starts)
{
	uint64_t pass = 0;

	for (; starts != 0; starts &= starts - 1)
		if (phone_digits_may(s, s->tile + (w - 1) * 64 +
					    (unsigned)__builtin_ctzll(starts)))
			pass |= starts & -starts;
	return pass;
}

/*
 * National numbers. Out of reach of any word they begin with a zero or with a
 * short group.
 */
static void
scan_locals(struct detect_scratch *s, size_t w, uint64_t starts)
{
	starts &= s->reach[w] | s->starts.of[START_SHORT][w];
	for (; starts != 0; starts &= starts - 1) {
		unsigned b = (unsigned)__builtin_ctzll(starts);

		if (many_digits(s, w, b, LOCAL_SPAN))
			phone_digits_at(s, s->tile + (w - 1) * 64 + b);
	}
}

/* Most groups of two are joined by spaces: dumps. */
static void
pairs_at(struct detect_scratch *s, size_t at)
{
	uint8_t sep = s->text.ptr[at + 2];

	if (sep == ':' || sep == '-')
		net_adapter_at(s, at, 2);
}

static void
fours_at(struct detect_scratch *s, size_t at)
{
	if (s->text.ptr[at + 4] == '.')
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

/*
 * Words need to be read only near what passes. A closer look costs as much as
 * they do, so it is taken where it leaves few: the first words of a tile tell.
 * The others are taken as they are, and the same is found.
 */
#define PASS_SAMPLE 16

/* Words of the sample with something, and what is left of them. */
struct pass_sample {
	unsigned all, some, few;
};

static void
pass_some(const struct detect_scratch *s, size_t w, struct passed *p)
{
	p->locals[w] = pass_digits(s, w, p->locals[w], LOCAL_SPAN);
}

static void
pass_few(const struct detect_scratch *s, size_t w, struct passed *p)
{
	p->ids[w] = pass_leads(s, w, p->ids[w]);
	p->strong[w] &= p->ids[w];
	p->locals[w] = pass_grouped(s, w, p->locals[w]);
	p->phones[w] = pass_digits(s, w, p->phones[w], PHONE_SPAN);
}

static void
pass_first(const struct detect_scratch *s, size_t w, struct passed *p,
	   struct pass_sample *of)
{
	of->all += wants_words(p, w) != 0;
	pass_some(s, w, p);
	of->some += (p->ids[w] | p->locals[w]) != 0;
	pass_few(s, w, p);
	of->few += wants_words(p, w) != 0;
}

static void
pass(const struct detect_scratch *s, size_t words, struct passed *p)
{
	struct pass_sample of = {0, 0, 0};
	uint64_t digits[TILE_WORDS];

	for (size_t w = 1; w <= words + 1; w++)
		digits[w] = sift_digits(&s->masks, w);
	for (size_t w = 1; w <= words; w++) {
		sift_ids(s, w, digits, p);
		p->locals[w] = s->starts.of[START_LOCAL][w];
		p->phones[w] = s->starts.of[START_PHONE][w];
		if (w <= PASS_SAMPLE) {
			pass_first(s, w, p, &of);
			continue;
		}
		if (of.some * 2 <= PASS_SAMPLE)
			pass_some(s, w, p);
		if (of.few * 2 <= of.all)
			pass_few(s, w, p);
	}
}

/* Where words may stand near what wants them. */
static void
reach(struct detect_scratch *s, const struct passed *p, size_t words)
{
	uint64_t asks[TILE_WORDS];

	if (s->columns.wanted || s->explain != NULL ||
	    s->d->min_confidence <= PHONE_ANY) {
		memset(s->reach, 0xff, (words + 3) * sizeof(s->reach[0]));
		return;
	}
	asks[0] = asks[words + 1] = asks[words + 2] = 0;
	for (size_t w = 1; w <= words; w++)
		asks[w] = wants_words(p, w);
	reach_tile(s->d->reach, &s->d->cat->words,
		   &(struct reach_tile){.text = s->text,
					.at = s->tile,
					.masks = &s->masks,
					.asks = asks,
					.words = words + 3},
		   s->reach);
}

/* Candidates of the tokens that begin in [at, end), end - at <= TILE_BYTES. */
void
look_tile(struct detect_scratch *s, size_t at, size_t end)
{
	const struct id_index *x = &s->d->ids;
	size_t words = (end - at + 63) / 64;
	enum tile_level level = s->d->level;
	struct passed p;

	if (s->d->starts.kinds == 0)
		return; /* nothing of a token is wanted */
	s->tile = at;
	tile_masks(level, s->text, at, words + 3, &s->masks);
	tile_starts(level, &s->masks, words, &s->d->starts, &s->starts);
	pass(s, words, &p);
	reach(s, &p, words);
	for (size_t w = 1; w <= words; w++) {
		scan_ids(s, w, p.ids[w] & s->reach[w], &x->all);
		scan_ids(s, w, p.strong[w] & ~s->reach[w], &x->strong);
		scan_locals(s, w, p.locals[w]);
		if (s->starts.rare[w] != 0)
			scan_rare(s, w);
	}
}

void
look_value(struct detect_scratch *s)
{
	const struct start_plan plan = {.kinds = 1U << START_ID,
					.ids = s->d->starts.ids,
					.strong = s->d->starts.strong};

	s->tile = 0;
	tile_masks(s->d->level, s->text, 0, 4, &s->masks);
	tile_starts(s->d->level, &s->masks, 1, &plan, &s->starts);
	memset(s->reach, 0xff, 4 * sizeof(s->reach[0]));
	scan_ids(s, 1, s->starts.of[START_ID][1] & 1, &s->d->ids.all);
}
