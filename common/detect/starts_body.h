#ifndef DETECT_STARTS_BODY_H
#define DETECT_STARTS_BODY_H

#include <stdbool.h>
#include <string.h>

#include "detect/run.h"
#include "detect/starts_impl.h"

/*
 * starts_body: the same for all levels, over LANES words of 64 bytes at once.
 * Who includes it says LANES, TARGET (what the processor has) and STARTS (the
 * name of the function that is made).
 */
#if LANES == 1
typedef uint64_t lanes;
#else
typedef uint64_t lanes __attribute__((vector_size(LANES * 8)));
#endif

#define BODY TARGET static inline __attribute__((always_inline))

/* Of each word 128 bytes: its own and those of the next. */
struct far {
	lanes own, next;
};

BODY lanes
at(const uint64_t *mask)
{
	lanes out;

	memcpy(&out, mask, sizeof(out));
	return out;
}

BODY struct far
far_at(const uint64_t *mask)
{
	return (struct far){at(mask), at(mask + 1)};
}

BODY struct far
both(struct far a, struct far b)
{
	return (struct far){a.own & b.own, a.next & b.next};
}

BODY struct far
either(struct far a, struct far b)
{
	return (struct far){a.own | b.own, a.next | b.next};
}

BODY struct far
none(struct far a)
{
	return (struct far){~a.own, ~a.next};
}

/* What stands n bytes on, 1..63; nothing behind the next word. */
BODY struct far
ahead(struct far f, unsigned n)
{
	return (struct far){f.own >> n | f.next << (64 - n), f.next >> n};
}

/* What stood n bytes before. */
BODY lanes
behind(const uint64_t *mask, unsigned n)
{
	return at(mask) << n | at(mask - 1) >> (64 - n);
}

/* What stands n bytes on, of one word. */
BODY lanes
soon(const uint64_t *mask, unsigned n)
{
	return at(mask) >> n | at(mask + 1) << (64 - n);
}

BODY struct far
far_behind(const uint64_t *mask, unsigned n)
{
	return (struct far){behind(mask, n), behind(mask + 1, n)};
}

/* Bits at which n set bits in a row begin, of those where `have` do. */
BODY struct far
longer(struct far rows, unsigned have, unsigned n)
{
	return both(rows, ahead(rows, n - have));
}

/* Bits at which rows of letters and digits begin. */
struct rows {
	struct far one, two, four, eight;
};

BODY struct rows
rows_of(const struct tile_masks *m, size_t w)
{
	struct rows r;

	r.one = far_at(&m->word[w]);
	r.two = longer(r.one, 1, 2);
	r.four = longer(r.two, 2, 4);
	r.eight = longer(r.four, 4, 8);
	return r;
}

/* ---- ids ----------------------------------------------------------------- */

/* Letters, digits and what stands between two of them, of shapes. */
BODY lanes
of_shapes(const struct tile_masks *m, size_t w)
{
	const uint64_t *c = &m->word[w];

	return at(c) | (at(&m->sep[w]) & behind(c, 1) & soon(c, 1));
}

/*
 * Bits that have a digit at them, or within SHAPE_LEAD - 1 bytes behind, with
 * nothing between that no shape has.
 */
BODY lanes
before_digits(const struct tile_masks *m, size_t w)
{
	struct far f = far_at(&m->digit[w]);
	struct far between = {of_shapes(m, w), of_shapes(m, w + 1)};

	for (unsigned n = 1; n < SHAPE_LEAD; n *= 2) {
		f = either(f, both(ahead(f, n), between));
		between = longer(between, n, n * 2);
	}
	return f.own;
}

/*
 * Where a group of letters and digits begins: behind neither, or a digit behind
 * the letter of an escaped end of line ("\\n4111").
 */
BODY lanes
group_starts(const struct tile_masks *m, size_t w)
{
	return (at(&m->word[w]) & ~behind(&m->word[w], 1)) |
	       (at(&m->digit[w]) & behind(&m->escape[w], 2));
}

/* Digits, and separators that stand between two of them. */
BODY lanes
joined(const struct tile_masks *m, size_t w)
{
	const uint64_t *d = &m->digit[w];

	return at(d) | (at(&m->sep[w]) & behind(d, 1) & soon(d, 1));
}

/* Bits where n (1..16) joined bytes begin or go on. */
BODY lanes
joined_run(struct far a, unsigned n)
{
	unsigned have = 1;

	for (; have * 2 <= n; have *= 2)
		a = longer(a, have, have * 2);
	return n == have ? a.own : longer(a, have, n).own;
}

/*
 * Digits, joined or not, up to 15 bytes before a letter that follows them, with
 * a separator or without.
 */
BODY lanes
before_letters(const struct tile_masks *m, size_t w, struct far d)
{
	struct far f = either(far_at(&m->upper[w]), far_at(&m->lower[w]));

	f = either(f, both(far_at(&m->sep[w]), ahead(f, 1)));
	for (unsigned n = 1; n <= 8; n *= 2) {
		f = either(f, both(ahead(f, n), d));
		d = longer(d, n, n * 2);
	}
	return f.own;
}

/* Groups that have a digit near them, and what may be told of those. */
struct groups {
	lanes starts, digit, lettered;
	struct far joined;
};

BODY struct groups
groups_of(const struct tile_masks *m, size_t w)
{
	struct groups g = {
	    .starts = group_starts(m, w) & before_digits(m, w),
	    .digit = at(&m->digit[w]),
	    .joined = {joined(m, w), joined(m, w + 1)},
	};

	g.lettered = before_letters(m, w, g.joined);
	return g;
}

BODY lanes
ids(const struct groups *g, const struct start_sift *sift)
{
	lanes good = ~g->digit | joined_run(g->joined, sift->digit_run);

	if (sift->letters_behind)
		good |= g->lettered;
	return g->starts & good;
}

/* ---- the others ---------------------------------------------------------- */

BODY lanes
ibans(const struct tile_masks *m, size_t w)
{
	lanes u = at(&m->upper[w]) & soon(&m->upper[w], 1);
	lanes l = at(&m->lower[w]) & soon(&m->lower[w], 1);

	l &= ~behind(&m->word[w], 1);
	return (u | l) & soon(&m->digit[w], 2) & soon(&m->digit[w], 3);
}

/* An @ beside another belongs to no address. */
BODY lanes
emails(const struct tile_masks *m, size_t w)
{
	return at(&m->at[w]) & ~behind(&m->at[w], 1) & ~soon(&m->at[w], 1);
}

BODY lanes
phones(const struct tile_masks *m, size_t w)
{
	return at(&m->open[w]) & soon(&m->digit[w], 1);
}

/* No letter before them. */
BODY lanes
locals(const struct tile_masks *m, size_t w)
{
	return at(&m->digit[w]) & ~behind(&m->word[w], 1);
}

/*
 * Words of three to eight small letters with one byte between them, for at
 * least as long as twelve of them are: few texts have that.
 */
#define SEED_BYTES 47

BODY lanes
seeds(const struct tile_masks *m, size_t w, const struct rows *r)
{
	struct far before = far_behind(&m->word[w], 1);
	struct far begin = both(r->one, none(before));
	struct far gap = both(none(r->one), both(before, ahead(r->one, 1)));
	struct far good = either(far_at(&m->lower[w]), gap);
	struct far more = both(ahead(r->one, 1), ahead(r->one, 2));

	good = both(good, none(both(begin, none(more))));
	good = both(good, none(both(r->eight, ahead(r->one, 8))));
	for (unsigned n = 1; n < 32; n *= 2)
		good = longer(good, n, n * 2);
	return begin.own & longer(good, 32, SEED_BYTES).own;
}

/* Runs of RUN_LEAST letters and digits. */
BODY lanes
runs(const struct tile_masks *m, size_t w, const struct rows *r)
{
	struct far rows = longer(r->eight, 8, 16);

	return longer(rows, 16, RUN_LEAST).own & ~behind(&m->word[w], 1);
}

/* Digits behind none, and behind one to three of them a dot and a digit. */
BODY lanes
quads(const struct tile_masks *m, size_t w)
{
	struct far d = far_at(&m->digit[w]), d1 = ahead(d, 1);
	struct far ends =
	    both(d, both(ahead(far_at(&m->dot[w]), 1), ahead(d, 2)));
	lanes any = ends.own | (d.own & ahead(ends, 1).own) |
		    (d.own & d1.own & ahead(ends, 2).own);

	return any & ~behind(&m->digit[w], 1);
}

BODY lanes
colons(const struct tile_masks *m, size_t w)
{
	return at(&m->colon[w]) &
	       (soon(&m->word[w], 1) | soon(&m->colon[w], 1));
}

/* Six groups of two, each with one byte between. */
BODY lanes
pairs(const struct tile_masks *m, size_t w, const struct rows *r)
{
	struct far gap = none(r->one), two = both(r->two, ahead(r->two, 3));

	two = both(two, both(ahead(gap, 2), ahead(gap, 5)));
	two = both(two, ahead(two, 6));
	two = both(two, both(ahead(r->two, 12), ahead(r->two, 15)));
	two = both(two, ahead(gap, 14));
	return two.own & ~behind(&m->word[w], 1);
}

/* Three of four. */
BODY lanes
fours(const struct tile_masks *m, size_t w, const struct rows *r)
{
	struct far gap = none(r->one), four = both(r->four, ahead(r->four, 5));

	four = both(four, both(ahead(gap, 4), ahead(gap, 9)));
	four = both(four, ahead(r->four, 10));
	return four.own & ~behind(&m->word[w], 1);
}

/* What several kinds want. */
struct parts {
	struct rows rows;
	struct groups groups;
};

BODY lanes
starts_of(const struct tile_masks *m, size_t w, const struct start_plan *plan,
	  const struct parts *p, enum start_kind kind)
{
	const struct rows *r = &p->rows;

	switch (kind) {
	case START_ID:
		return ids(&p->groups, &plan->ids);
	case START_STRONG:
		return ids(&p->groups, &plan->strong);
	case START_IBAN:
		return ibans(m, w);
	case START_EMAIL:
		return emails(m, w);
	case START_PHONE:
		return phones(m, w);
	case START_LOCAL:
		return locals(m, w);
	case START_SEED:
		return seeds(m, w, r);
	case START_RUN:
		return runs(m, w, r);
	case START_QUAD:
		return quads(m, w);
	case START_COLON:
		return colons(m, w);
	case START_PAIRS:
		return pairs(m, w, r);
	case START_FOURS:
		return fours(m, w, r);
	case START_KINDS:
	default:
		return (lanes){0};
	}
}

TARGET void
STARTS(const struct tile_masks *m, size_t words, const struct start_plan *plan,
       struct tile_starts *out)
{
	for (size_t w = 1; w <= words; w += LANES) {
		struct parts p = {rows_of(m, w), groups_of(m, w)};
		lanes nothing = {0}, rare = nothing;

#pragma GCC unroll 16
		for (unsigned k = 0; k < START_KINDS; k++) {
			lanes starts = nothing;

			if ((plan->kinds >> k & 1) != 0)
				starts = starts_of(m, w, plan, &p,
						   (enum start_kind)k);
			memcpy(&out->of[k][w], &starts, sizeof(starts));
			if (k >= START_RARE)
				rare |= starts;
		}
		memcpy(&out->rare[w], &rare, sizeof(rare));
	}
}

#endif
