#include <string.h>

#include "detect/work.h"

/*
 * Where tokens may begin, by the masks of a tile: each function below is for
 * one kind of token and one word of 64 bytes.
 */

__extension__ typedef unsigned __int128 two_words;

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

/* Bits that have a digit at them or within SHAPE_LEAD - 1 bytes behind. */
static uint64_t
before_digits(const uint64_t *digit, size_t w)
{
	two_words two = (two_words)digit[w + 1] << 64 | digit[w];

	two |= two >> 1;
	two |= two >> 2;
	return (uint64_t)(two | two >> 4);
}

/*
 * Where a group of letters and digits begins: behind neither, or a digit behind
 * the letter of an escaped end of line ("\\n4111").
 */
static uint64_t
group_starts(const struct tile_masks *m, size_t w)
{
	uint64_t word = m->word[w], last = m->word[w - 1];
	uint64_t escaped = m->escape[w] << 2 | m->escape[w - 1] >> 62;

	return (word & ~(word << 1 | last >> 63)) | (m->digit[w] & escaped);
}

/* Digits, and separators that stand between two of them. */
static uint64_t
joined(const struct tile_masks *m, size_t w)
{
	uint64_t d = m->digit[w];
	uint64_t left = d << 1 | m->digit[w - 1] >> 63;
	uint64_t right = d >> 1 | m->digit[w + 1] << 63;

	return d | (m->sep[w] & left & right);
}

/* Bits where n (1..16) joined bytes begin or go on. */
static uint64_t
joined_run(const struct tile_masks *m, size_t w, unsigned n)
{
	two_words a = (two_words)joined(m, w + 1) << 64 | joined(m, w);
	unsigned have = 1;

	for (; have * 2 <= n; have *= 2)
		a &= a >> have;
	return (uint64_t)(a & a >> (n - have));
}

/*
 * Digits, joined or not, up to 15 bytes before a letter that follows them, with
 * a separator or without.
 */
static uint64_t
before_letters(const struct tile_masks *m, size_t w)
{
	two_words d = (two_words)joined(m, w + 1) << 64 | joined(m, w);
	two_words up = (two_words)m->upper[w + 1] << 64 | m->upper[w];
	two_words low = (two_words)m->lower[w + 1] << 64 | m->lower[w];
	two_words sep = (two_words)m->sep[w + 1] << 64 | m->sep[w];
	two_words f = up | low | (sep & (up | low) >> 1);

	for (unsigned n = 1; n <= 8; n *= 2) {
		f |= f >> n & d;
		d &= d >> n;
	}
	return (uint64_t)f;
}

/*
 * Each group that has a digit near it is looked at by itself. Whatever the
 * text, that is one look a group and at most SHAPE_GROUPS groups a look. The
 * look has one branch: what groups are is anybody's guess.
 */
static void
scan_ids(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	const struct id_index *x = &s->d->ids;
	uint64_t near = before_digits(m->digit, w), starts;

	if (near == 0)
		return;
	starts = group_starts(m, w) & near;
	if (x->sift && starts != 0)
		starts &= ~m->digit[w] | joined_run(m, w, x->digit_run) |
			  (x->letters_behind ? before_letters(m, w) : 0);
	for (; starts != 0; starts &= starts - 1) {
		unsigned b = (unsigned)__builtin_ctzll(starts);
		uint64_t word = bits_from(&m->word[w], b);
		unsigned len = id_length(word);
		const struct id_root *r = &x->root[len];
		size_t at = s->tile + (w - 1) * 64 + b, behind = at + len;
		struct id_view v;

		v.digits = bits_from(&m->digit[w], b);
		v.lowers = bits_from(&m->lower[w], b);
		behind = behind < s->text.len ? behind : at;
		if (!id_begins(r, v.digits, v.lowers,
			       shape_sep(s->text.ptr[behind]),
			       id_length(word >> (len & 63) >> 1)))
			continue;
		v.uppers = bits_from(&m->upper[w], b);
		if (id_wanted(r->node, v))
			id_at(s, at, r->node, v);
	}
}

/* Bits at which n set bits in a row begin, n a power of two. */
static two_words
rows_of(two_words two, unsigned n)
{
	for (unsigned have = 1; have < n; have *= 2)
		two &= two >> have;
	return two;
}

static two_words
words_at(const struct tile_masks *m, size_t w)
{
	return m->word[w] | (two_words)m->word[w + 1] << 64;
}

/* Runs of RUN_LEAST letters and digits: none begins where sixteen do not. */
static void
scan_runs(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	two_words long_from = rows_of(words_at(m, w), 16);
	uint64_t starts;

	if ((uint64_t)long_from == 0)
		return;
	long_from &= long_from >> (RUN_LEAST - 16);
	starts =
	    (uint64_t)long_from & ~(m->word[w] << 1 | m->word[w - 1] >> 63);
	for (; starts != 0; starts &= starts - 1)
		run_at(s, s->tile + (w - 1) * 64 +
			      (unsigned)__builtin_ctzll(starts));
}

/* Digits behind none, and behind one to three of them a byte and a digit. */
static void
scan_quads(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	two_words d = m->digit[w] | (two_words)m->digit[w + 1] << 64;
	two_words ends = d & ~(d >> 1) & d >> 2;
	uint64_t starts;

	ends |= (d & ends >> 1) | (d & d >> 1 & ends >> 2);
	starts = (uint64_t)ends & ~(m->digit[w] << 1 | m->digit[w - 1] >> 63);
	for (; starts != 0; starts &= starts - 1) {
		size_t at =
		    s->tile + (w - 1) * 64 + (unsigned)__builtin_ctzll(starts);

		net_quads_at(s, at);
	}
}

static void
scan_colons(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	uint64_t behind = m->word[w] | m->colon[w];
	uint64_t next = m->word[w + 1] | m->colon[w + 1];
	uint64_t starts = m->colon[w] & (behind >> 1 | next << 63);

	for (; starts != 0; starts &= starts - 1)
		net_groups_at(s, s->tile + (w - 1) * 64 +
				     (unsigned)__builtin_ctzll(starts));
}

/* Six groups of two or three of four, each with one byte between. */
static void
scan_adapters(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	two_words word = words_at(m, w), two = rows_of(word, 2);
	two_words four = two & two >> 2, gap = ~word;
	uint64_t starts = ~(m->word[w] << 1 | m->word[w - 1] >> 63);
	uint64_t pairs, fours;

	four &= gap >> 4 & four >> 5;
	two &= two >> 3 & gap >> 2 & gap >> 5;
	if ((uint64_t)(two | four) == 0)
		return;
	pairs = (uint64_t)(two & two >> 6 & rows_of(word, 2) >> 12 &
			   rows_of(word, 2) >> 15) &
		starts;
	fours = (uint64_t)(four & gap >> 9 & rows_of(word, 4) >> 10) & starts;
	for (; pairs != 0; pairs &= pairs - 1)
		net_adapter_at(s,
			       s->tile + (w - 1) * 64 +
				   (unsigned)__builtin_ctzll(pairs),
			       2);
	for (; fours != 0; fours &= fours - 1)
		net_adapter_at(s,
			       s->tile + (w - 1) * 64 +
				   (unsigned)__builtin_ctzll(fours),
			       4);
}

static void
scan_ibans(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	uint64_t u = m->upper[w], l = m->lower[w];
	uint64_t d2 = m->digit[w] >> 2 | m->digit[w + 1] << 62;
	uint64_t d3 = m->digit[w] >> 3 | m->digit[w + 1] << 61;
	uint64_t starts = u & (u >> 1 | m->upper[w + 1] << 63);

	l &= ~(m->word[w] << 1 | m->word[w - 1] >> 63);
	starts |= l & (m->lower[w] >> 1 | m->lower[w + 1] << 63);
	starts &= d2 & d3;

	while (starts != 0) {
		iban_at(s, s->tile + (w - 1) * 64 +
			       (unsigned)__builtin_ctzll(starts));
		starts &= starts - 1;
	}
}

/* An @ beside another belongs to no address. */
static void
scan_emails(struct detect_scratch *s, size_t w)
{
	const uint64_t *m = s->masks.at;
	uint64_t at = m[w] & ~(m[w] << 1 | m[w - 1] >> 63) &
		      ~(m[w] >> 1 | m[w + 1] << 63);

	while (at != 0) {
		email_at(s, s->tile + (w - 1) * 64 +
				(unsigned)__builtin_ctzll(at));
		at &= at - 1;
	}
}

static void
scan_phones(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	uint64_t starts =
	    m->open[w] & (m->digit[w] >> 1 | m->digit[w + 1] << 63);

	while (starts != 0) {
		phone_at(s, s->tile + (w - 1) * 64 +
				(unsigned)__builtin_ctzll(starts));
		starts &= starts - 1;
	}
}

/*
 * Words of three to eight small letters with one byte between them, for at
 * least as long as twelve of them are: few texts have that.
 */
#define SEED_BYTES 47

static void
scan_seeds(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	two_words word = words_at(m, w);
	two_words lower = m->lower[w] | (two_words)m->lower[w + 1] << 64;
	two_words begin = word & ~(word << 1 | m->word[w - 1] >> 63);
	two_words good = lower | (~word & word << 1 & word >> 1);
	uint64_t starts;

	good &= ~(begin & ~(word >> 1 & word >> 2));
	good &= ~(rows_of(word, 8) & word >> 8);
	good = rows_of(good, 32);
	good &= good >> (SEED_BYTES - 32);
	starts = (uint64_t)(begin & good);
	for (; starts != 0; starts &= starts - 1)
		seed_at(s, s->tile + (w - 1) * 64 +
			       (unsigned)__builtin_ctzll(starts));
}

/* Seven bits at least: without an instruction for it, taking six is quicker. */
static bool
seven_bits(uint64_t bits)
{
	for (unsigned i = 0; i < 6; i++)
		bits &= bits - 1;
	return bits != 0;
}

/* National numbers: seven digits in twenty bytes, and no letter before them. */
static void
scan_locals(struct detect_scratch *s, size_t w)
{
	const struct tile_masks *m = &s->masks;
	uint64_t starts =
	    m->digit[w] & ~(m->word[w] << 1 | m->word[w - 1] >> 63);

	for (; starts != 0; starts &= starts - 1) {
		unsigned b = (unsigned)__builtin_ctzll(starts);
		uint64_t near = bits_from(&m->digit[w], b) & 0xfffff;

		if (seven_bits(near))
			phone_digits_at(s, s->tile + (w - 1) * 64 + b);
	}
}

/* Candidates of the tokens that begin in [at, end), end - at <= TILE_BYTES. */
void
look_tile(struct detect_scratch *s, size_t at, size_t end)
{
	size_t words = (end - at + 63) / 64;
	const struct detector *d = s->d;

	s->tile = at;
	tile_masks(d->level, s->text, at, words + 3, &s->masks);
	if (s->head_wanted || s->explain != NULL)
		memset(s->reach, 0xff, (words + 3) * sizeof(s->reach[0]));
	else
		reach_tile(d->reach, &d->cat->words, s->text, at, &s->masks,
			   words + 3, s->reach);
	for (size_t w = 1; w <= words; w++) {
		if (d->ids.count > 1)
			scan_ids(s, w);
		if (d->iban != NULL)
			scan_ibans(s, w);
		if (d->email != NULL && s->masks.at[w] != 0)
			scan_emails(s, w);
		if (d->phone != NULL && s->masks.open[w] != 0)
			scan_phones(s, w);
		if (d->phone != NULL && s->masks.digit[w] != 0)
			scan_locals(s, w);
		if (d->seed != NULL)
			scan_seeds(s, w);
		if (d->runs.heads != NULL)
			scan_runs(s, w);
		if (d->ip != NULL && s->masks.digit[w] != 0)
			scan_quads(s, w);
		if (d->ip != NULL && s->masks.colon[w] != 0)
			scan_colons(s, w);
		if (d->mac != NULL)
			scan_adapters(s, w);
	}
}
