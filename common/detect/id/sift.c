#include "detect/id/sift.h"

#define BYTES 8

/* A byte, as bits of a set. */
enum { OTHER = 1, JOIN = 2, LETTER = 4, DIGIT = 8 };
#define ANY  (OTHER | JOIN | LETTER | DIGIT)
#define OPEN (OTHER | JOIN)

/* What the first bytes of a shape may be, and the one behind it. */
struct heads {
	uint8_t may[BYTES];
	unsigned len; /* of the shape, BYTES at most */
	bool caseless;
};

/* Separators are space - . / : + from 1 on. */
static unsigned
of_sep(unsigned sep)
{
	return sep == 3 || sep == 5 ? OTHER : JOIN;
}

static void
read_heads(const struct grown_variant *v, struct heads *h)
{
	const struct shape *s = &v->shape;
	unsigned at = 0, group = 0, left = s->group[0];

	h->caseless = v->caseless;
	h->len = s->bytes < BYTES ? s->bytes : BYTES;
	for (unsigned i = 0; i < BYTES; i++)
		h->may[i] = i == s->bytes ? OPEN : ANY;
	for (; at < h->len; at++) {
		if (left == 0) {
			h->may[at] = (uint8_t)of_sep(s->sep[++group]);
			left = s->group[group];
			continue;
		}
		left--;
		h->may[at] = s->digits >> at & 1   ? DIGIT
			     : s->uppers >> at & 1 ? LETTER
						   : DIGIT | LETTER;
	}
}

/* The state with one byte more. */
static unsigned
with(unsigned state, unsigned at, unsigned byte)
{
	state |= (unsigned)(byte == LETTER || byte == DIGIT) << at;
	return state | (unsigned)(byte == JOIN || byte == DIGIT) << (at + 8);
}

/* Small letters do in a shape without case, and behind any. */
static void
mark(const struct heads *h, unsigned state, uint8_t flag, uint8_t *table)
{
	unsigned letters = state & ~(state >> 8) & ((1U << h->len) - 1);

	table[state] |= flag;
	if (h->caseless || letters == 0)
		table[state] |= (uint8_t)(flag << ID_SIFT_SMALL);
}

/* The least of the set that is more than `last`; false: there is none. */
static bool
next_of_set(unsigned set, unsigned *last)
{
	unsigned more = *last == 0 ? set : set & ~(*last | (*last - 1));

	*last = more & (0 - more);
	return more != 0;
}

/* All states, by counting in each place through what it may be. */
static void
mark_all(const struct heads *h, uint8_t flag, uint8_t *table)
{
	unsigned state[BYTES + 1] = {0}, now[BYTES] = {0}, at = 0;

	for (;;) {
		if (next_of_set(h->may[at], &now[at])) {
			state[at + 1] = with(state[at], at, now[at]);
			if (at + 1 < BYTES)
				now[++at] = 0;
			else
				mark(h, state[BYTES], flag, table);
		} else if (at-- == 0) {
			return;
		}
	}
}

enum status
id_sift_build(const struct building *b, struct arena *a, const uint8_t **out)
{
	uint8_t *table = arena_array(a, ID_SIFT_STATES, sizeof(*table));
	struct heads h;

	if (table == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < b->count; i++) {
		const struct grown_node *n = &b->nodes[i];

		for (size_t k = 0; k < n->count; k++) {
			read_heads(&n->variants[k], &h);
			mark_all(&h,
				 n->root == GROWN_STRONG ? ID_SIFT_STRONG
							 : ID_SIFT_ALL,
				 table);
		}
	}
	*out = table;
	return ST_OK;
}
