#ifndef DETECT_TILE_STARTS_BODY_H
#define DETECT_TILE_STARTS_BODY_H

#include <stdbool.h>
#include <string.h>

#include "detect/tile/starts_impl.h"
#include "detect/token/run.h"

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

/* Bits at which so many in a row begin. */
struct rows {
	struct far one, two, four, eight;
};

BODY struct rows
rows_of(struct far one)
{
	struct rows r = {.one = one};

	r.two = longer(r.one, 1, 2);
	r.four = longer(r.two, 2, 4);
	r.eight = longer(r.four, 4, 8);
	return r;
}

/* n of them, 1..16. */
BODY lanes
row(const struct rows *r, unsigned n)
{
	if (n >= 8)
		return n == 8 ? r->eight.own : longer(r->eight, 8, n).own;
	if (n >= 4)
		return n == 4 ? r->four.own : longer(r->four, 4, n).own;
	return n == 1   ? r->one.own
	       : n == 2 ? r->two.own
			: longer(r->two, 2, n).own;
}

/*
 * Bits that have a bit of `to` at most 7 (of 15 with eight) bytes ahead, and
 * nothing but bits of the rows before that.
 */
BODY struct far
leads(struct far to, const struct rows *over)
{
	to = either(to, both(ahead(to, 1), over->one));
	to = either(to, both(ahead(to, 2), over->two));
	return either(to, both(ahead(to, 4), over->four));
}

BODY bool
any(lanes bits)
{
	uint64_t word[LANES], all = 0;

	memcpy(word, &bits, sizeof(word));
	for (unsigned i = 0; i < LANES; i++)
		all |= word[i];
	return all != 0;
}

/* ---- digits -------------------------------------------------------------- */

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

/* These, and separators that stand between two of them. */
BODY lanes
joined(const struct tile_masks *m, const uint64_t *these, size_t w)
{
	const uint64_t *c = &these[w];

	return at(c) | (at(&m->sep[w]) & behind(c, 1) & soon(c, 1));
}

BODY struct rows
joined_rows(const struct tile_masks *m, const uint64_t *these, size_t w)
{
	return rows_of(
	    (struct far){joined(m, these, w), joined(m, these, w + 1)});
}

/* Groups that have a digit near them, and what may be told of those. */
struct groups {
	lanes starts, digit, lettered;
	struct rows digits;
};

/*
 * A digit is one of the first SHAPE_LEAD bytes. Those that begin with digits
 * are lettered when a letter follows within 15 bytes, with a separator or
 * without.
 */
BODY struct groups
groups_of(const struct tile_masks *m, size_t w)
{
	struct far digit = far_at(&m->digit[w]);
	struct rows between = joined_rows(m, m->word, w);
	struct far f = either(far_at(&m->upper[w]), far_at(&m->lower[w]));
	struct groups g = {
	    .starts = group_starts(m, w) & leads(digit, &between).own,
	    .digit = digit.own,
	    .digits = joined_rows(m, m->digit, w),
	};

	f = either(f, both(far_at(&m->sep[w]), ahead(f, 1)));
	f = leads(f, &g.digits);
	g.lettered = f.own | (ahead(f, 8).own & g.digits.eight.own);
	return g;
}

BODY lanes
ids(const struct groups *g, const struct start_sift *sift)
{
	lanes good = ~g->digit | row(&g->digits, sift->digit_run);

	if (sift->letters_behind)
		good |= g->lettered;
	return g->starts & good;
}

/* Digits and what may stand between those of one phone number. */
BODY lanes
dialled(const struct tile_masks *m, size_t w)
{
	return at(&m->digit[w]) | (at(&m->sep[w]) & ~at(&m->colon[w])) |
	       at(&m->open[w]) | at(&m->close[w]);
}

/* What no letter is before, and no other group that it goes on from. */
BODY lanes
locals(const struct tile_masks *m, size_t w)
{
	struct rows r = rows_of((struct far){dialled(m, w), dialled(m, w + 1)});
	lanes on = behind(&m->sep[w], 1) & ~behind(&m->colon[w], 1) &
		   behind(&m->digit[w], 2);

	return at(&m->digit[w]) & ~behind(&m->word[w], 1) & ~on &
	       row(&r, START_LOCAL_BYTES);
}

/* Where a group of one digit or of three may begin, or one with a zero. */
BODY lanes
short_groups(const struct tile_masks *m, size_t w)
{
	const uint64_t *d = &m->digit[w];

	return at(&m->zero[w]) | ~soon(d, 1) | (soon(d, 2) & ~soon(d, 3));
}

/* One to three digits, a dot and what begins so. */
BODY struct far
dotted(struct far digit, struct far dot, struct far next)
{
	struct far one = both(digit, both(ahead(dot, 1), ahead(next, 2)));
	struct far two = both(digit, ahead(one, 1));

	return either(either(one, two), both(digit, ahead(two, 1)));
}

BODY lanes
quads(const struct tile_masks *m, size_t w)
{
	struct far d = far_at(&m->digit[w]), dot = far_at(&m->dot[w]);
	struct far four = dotted(d, dot, dotted(d, dot, dotted(d, dot, d)));

	return four.own & ~behind(&m->digit[w], 1);
}

BODY lanes
ibans(const struct tile_masks *m, size_t w)
{
	lanes u = at(&m->upper[w]) & soon(&m->upper[w], 1);
	lanes l = at(&m->lower[w]) & soon(&m->lower[w], 1);

	l &= ~behind(&m->word[w], 1);
	return (u | l) & soon(&m->digit[w], 2) & soon(&m->digit[w], 3);
}

BODY lanes
phones(const struct tile_masks *m, size_t w)
{
	return at(&m->open[w]) & soon(&m->digit[w], 1);
}

/* ---- marks --------------------------------------------------------------- */

/* An @ beside another belongs to no address. */
BODY lanes
emails(const struct tile_masks *m, size_t w)
{
	return at(&m->at[w]) & ~behind(&m->at[w], 1) & ~soon(&m->at[w], 1);
}

/* A colon, up to four letters and digits, and what begins with the next. */
BODY struct far
hop(struct far colon, struct far word, struct far next)
{
	struct far f = both(word, ahead(next, 1));

	for (unsigned n = 1; n < 4; n++)
		f = both(word, ahead(either(f, next), 1));
	return both(colon, ahead(f, 1));
}

/* Two colons, or the first of four at least: times have fewer. */
BODY lanes
colons(const struct tile_masks *m, size_t w)
{
	struct far c = far_at(&m->colon[w]), word = far_at(&m->word[w]);
	struct far two = both(c, ahead(c, 1)), chain = c;

	for (unsigned n = 1; n < 4; n++)
		chain = either(two, hop(c, word, chain));
	return chain.own;
}

/* ---- long rows ----------------------------------------------------------- */

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
	for (unsigned n = 1; n < 16; n *= 2)
		good = longer(good, n, n * 2);
	if (!any(begin.own & good.own))
		return good.own & ~good.own;
	good = longer(good, 16, 32);
	return begin.own & longer(good, 32, SEED_BYTES).own;
}

/* Runs of RUN_LEAST letters and digits. */
BODY lanes
runs(const struct rows *r, lanes first)
{
	struct far rows = longer(r->eight, 8, 16);

	return longer(rows, 16, RUN_LEAST).own & first;
}

/* Six groups of two, each with one byte between. */
BODY lanes
pairs(const struct rows *r, lanes first)
{
	struct far gap = none(r->one), two = both(r->two, ahead(r->two, 3));

	two = both(two, both(ahead(gap, 2), ahead(gap, 5)));
	if (!any(two.own & first))
		return first & ~first;
	two = both(two, ahead(two, 6));
	two = both(two, both(ahead(r->two, 12), ahead(r->two, 15)));
	return two.own & ahead(gap, 14).own & first;
}

/* Three of four. */
BODY lanes
fours(const struct rows *r, lanes first)
{
	struct far gap = none(r->one), four = both(r->four, ahead(r->four, 5));

	four = both(four, both(ahead(gap, 4), ahead(gap, 9)));
	four = both(four, ahead(r->four, 10));
	return four.own & first;
}

/* ---- all of them --------------------------------------------------------- */

BODY lanes
put(struct tile_starts *out, enum start_kind kind, size_t w, lanes starts)
{
	memcpy(&out->of[kind][w], &starts, sizeof(starts));
	return starts;
}

BODY bool
wants(const struct start_plan *plan, enum start_kind kind)
{
	return (plan->kinds >> kind & 1) != 0;
}

BODY void
put_ids(const struct tile_masks *m, size_t w, const struct start_plan *plan,
	struct tile_starts *out)
{
	struct groups g = groups_of(m, w);

	put(out, START_ID, w, ids(&g, &plan->ids));
	put(out, START_STRONG, w, ids(&g, &plan->strong));
}

BODY void
put_locals(const struct tile_masks *m, size_t w, struct tile_starts *out)
{
	lanes local = locals(m, w);

	put(out, START_LOCAL, w, local);
	put(out, START_SHORT, w, local & short_groups(m, w));
}

/* Those that have a digit in them; gives the rare ones. */
BODY lanes
with_digits(const struct tile_masks *m, size_t w, const struct start_plan *plan,
	    struct tile_starts *out)
{
	lanes rare = {0};

	if (wants(plan, START_ID) || wants(plan, START_STRONG))
		put_ids(m, w, plan, out);
	if (wants(plan, START_LOCAL) || wants(plan, START_SHORT))
		put_locals(m, w, out);
	if (wants(plan, START_IBAN))
		rare |= put(out, START_IBAN, w, ibans(m, w));
	if (wants(plan, START_PHONE))
		rare |= put(out, START_PHONE, w, phones(m, w));
	if (wants(plan, START_QUAD))
		rare |= put(out, START_QUAD, w, quads(m, w));
	return rare;
}

BODY void
without_digits(size_t w, struct tile_starts *out)
{
	const lanes nothing = {0};

	for (unsigned k = 0; k <= START_QUAD; k++)
		put(out, (enum start_kind)k, w, nothing);
}

/* Of rows of letters and digits. */
BODY lanes
in_rows(const struct tile_masks *m, size_t w, const struct start_plan *plan,
	struct tile_starts *out)
{
	struct rows r = rows_of(far_at(&m->word[w]));
	lanes first = r.one.own & ~behind(&m->word[w], 1), nothing = {0};
	lanes rare = nothing;

	if (wants(plan, START_SEED))
		rare |= put(out, START_SEED, w, seeds(m, w, &r));
	if (wants(plan, START_PAIRS))
		rare |= put(out, START_PAIRS, w, pairs(&r, first));
	if (wants(plan, START_FOURS))
		rare |= put(out, START_FOURS, w, fours(&r, first));
	if (wants(plan, START_RUN))
		rare |=
		    put(out, START_RUN, w,
			any(r.eight.own & first) ? runs(&r, first) : nothing);
	return rare;
}

/* The others, which are rare all of them. */
BODY lanes
without(const struct tile_masks *m, size_t w, const struct start_plan *plan,
	struct tile_starts *out)
{
	lanes nothing = {0}, rare = nothing;

	if ((plan->kinds & START_ROWS) != 0)
		rare |= in_rows(m, w, plan, out);
	if (wants(plan, START_EMAIL))
		rare |= put(out, START_EMAIL, w,
			    any(at(&m->at[w])) ? emails(m, w) : nothing);
	if (wants(plan, START_COLON))
		rare |= put(out, START_COLON, w,
			    any(at(&m->colon[w])) ? colons(m, w) : nothing);
	return rare;
}

/* Of kinds that are not wanted anything may be written, or nothing. */
TARGET void
STARTS(const struct tile_masks *m, size_t words, const struct start_plan *plan,
       struct tile_starts *out)
{
	for (size_t w = 1; w <= words; w += LANES) {
		lanes rare = without(m, w, plan, out);

		if ((plan->kinds & START_DIGITS) != 0) {
			if (any(at(&m->digit[w]) | at(&m->digit[w + 1])))
				rare |= with_digits(m, w, plan, out);
			else
				without_digits(w, out);
		}
		memcpy(&out->rare[w], &rare, sizeof(rare));
	}
}

#endif
