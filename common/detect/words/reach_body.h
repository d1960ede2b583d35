#ifndef DETECT_WORDS_REACH_BODY_H
#define DETECT_WORDS_REACH_BODY_H

#include <string.h>

#include "detect/words/reach_impl.h"

/*
 * reach_body: the words of a tile, group by group, the same for all levels. Who
 * includes it says TARGET (what the processor has), REACH (the name of the
 * function that is made), and has two functions:
 *
 * put: adds the first and last letters of words that begin or end in a mask.
 * kinds: what the words of a group are; eight bytes can be read of each, and
 * of those up to STEP of them.
 */
#define BODY TARGET static inline __attribute__((always_inline))

BODY void put(struct reach_list *ws, uint64_t firsts, uint64_t lasts,
	      size_t base);
BODY void kinds(const struct reach_look *l, const struct reach_words *ws,
		struct reach_kinds *out);

/* Letters of a mask, and those of them that begin a word. */
struct begins {
	uint64_t letters, starts;
};

/*
 * A large letter begins a word behind a small one, and behind large ones when
 * two small ones follow: ukNHSNumber, but VINs.
 */
BODY uint64_t
humps_at(const struct reach_look *l, size_t w)
{
	uint64_t low = l->m->lower[w], up = l->m->upper[w], next = 0;
	uint64_t small = w == 0 ? 0 : l->m->lower[w - 1] >> 63;
	uint64_t large = w == 0 ? 0 : l->m->upper[w - 1] >> 63;
	uint64_t more = up & (up << 1 | large);

	if (more == 0) /* most often: it is not looked further */
		return up & (low << 1 | small);
	if (w + 1 < l->words)
		next = l->m->lower[w + 1];
	more &= (low >> 1 | next << 63) & (low >> 2 | next << 62);
	return more | (up & (low << 1 | small));
}

/* Where scripts meet: a look at the text, but where none is beyond ASCII. */
BODY uint64_t
borders_at(const struct reach_look *l, size_t w)
{
	uint64_t high = l->m->high[w];

	if (high == 0 && (w == 0 || l->m->high[w - 1] >> 63 == 0))
		return 0;
	return border_masks(l->text, l->at + w * 64 - 64,
			    l->m->lower[w] | l->m->upper[w], high);
}

/* None of the same word is before: no letter, a hump, or another script. */
BODY struct begins
begins_at(const struct reach_look *l, size_t w, uint64_t last_letters)
{
	uint64_t letters = l->m->lower[w] | l->m->upper[w] | l->m->high[w];

	return (struct begins){letters,
			       letters & (~(letters << 1 | last_letters >> 63) |
					  humps_at(l, w) | borders_at(l, w))};
}

/* Of the last words of a text some stand too near to its end. */
TARGET static void
end_kinds(const struct reach_look *l, const struct reach_words *all,
	  struct reach_kinds *out)
{
	struct reach_words ws = *all;

	ws.count -= ws.count % STEP;
	while (ws.count > 0 && !reach_has_room(l, &ws, ws.count))
		ws.count -= STEP;
	*out = (struct reach_kinds){.alone = 0};
	if (ws.count > 0)
		kinds(l, &ws, out);
	out->close &= (UINT64_C(1) << ws.count) - 1;
	reach_slow_kinds(l, all, ws.count, out);
}

TARGET static void
take_group(struct reach_look *l, const struct reach_list *all, size_t from)
{
	struct reach_words ws = {.first = all->first + from,
				 .last = all->last + from,
				 .count = all->lasts - from};
	struct reach_kinds k;

	if (ws.count > REACH_GROUP)
		ws.count = REACH_GROUP;
	if (reach_has_room(l, &ws, ws.count))
		kinds(l, &ws, &k);
	else
		end_kinds(l, &ws, &k);
	reach_take(l, &ws, &k);
}

/*
 * All words whose ends are known; the last of them, and one whose end is not,
 * go to the front. Vectors read some more, which are the last again.
 */
TARGET static void
take_all(struct reach_look *l, struct reach_list *ws)
{
	size_t n = ws->lasts, more = ws->firsts - n;
	uint16_t open = ws->first[n + more];

	for (size_t i = n + 1; i < n + 8; i++) {
		ws->first[i] = ws->first[n];
		ws->last[i] = ws->last[n];
	}
	for (size_t from = 0; from < n; from += REACH_GROUP)
		take_group(l, ws, from);
	ws->first[0] = ws->first[n];
	ws->last[0] = ws->last[n];
	ws->first[more] = open;
	ws->firsts = more;
	ws->lasts = 0;
}

/* The last letter of a word that goes on into the masks' word w. */
TARGET static size_t
last_from(const struct reach_look *l, size_t w, struct begins now)
{
	for (; w < l->words; w++) {
		uint64_t stops = ~now.letters | now.starts;

		if (stops != 0)
			return w * 64 + (unsigned)__builtin_ctzll(stops) - 1;
		if (w + 1 < l->words)
			now = begins_at(l, w + 1, now.letters);
	}
	return l->words * 64 - 1;
}

TARGET void
REACH(struct reach_look *l, const bool *near)
{
	struct reach_list ws;
	struct begins now = begins_at(l, 0, 0), next = {0, 0};

	ws.firsts = ws.lasts = 0;
	ws.first[0] = ws.last[0] = 0;
	for (size_t w = 0; w < l->words; w++, now = next) {
		uint64_t lasts, stop = UINT64_C(1) << 63;

		if (w + 1 < l->words) {
			next = begins_at(l, w + 1, now.letters);
			stop = (~next.letters | next.starts) << 63;
		}
		if (!near[w]) {
			/* a word that goes on ends here or further on */
			if (ws.firsts > ws.lasts)
				ws.last[++ws.lasts] =
				    (uint16_t)last_from(l, w, now);
			continue;
		}
		lasts = now.letters & ((~now.letters | now.starts) >> 1 | stop);
		/* of a word whose first letter was not taken */
		if (ws.firsts == ws.lasts &&
		    (lasts & -lasts) - 1 < (now.starts & -now.starts) - 1)
			lasts &= lasts - 1;
		put(&ws, now.starts, lasts, w * 64);
		if (ws.lasts >= REACH_BATCH)
			take_all(l, &ws);
	}
	take_all(l, &ws);
}

#endif
