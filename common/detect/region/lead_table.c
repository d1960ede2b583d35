#include "detect/region/lead_table.h"

#include <string.h>

#include "base/must.h"
#include "detect/region/lead_impl.h"

/* ---- making it ----------------------------------------------------------- */

/* Each hash that the lead's first bytes may have; i: the bytes of `four`. */
static void
each_hash(struct lead_table *t, const struct lead *l, unsigned i, uint32_t four,
	  void (*tell)(struct lead_table *t, const struct lead *l, uint32_t h))
{
	if (i == LEAD_MIN) {
		tell(t, l, lead_hash(four));
		return;
	}
	for (uint32_t c = 0; c < 32; c++)
		if ((l->fold[i] >> c & 1) != 0)
			each_hash(t, l, i + 1, four | c << (8 * i), tell);
}

static void
set_bit(struct lead_table *t, const struct lead *l, uint32_t h)
{
	(void)l;
	t->bits[h / 64] |= UINT64_C(1) << (h % 64);
}

static void
count_one(struct lead_table *t, const struct lead *l, uint32_t h)
{
	(void)l;
	t->first[lead_rank(t, h)]++;
}

/* From the back: each list begins where the one before it ends. */
static void
put_one(struct lead_table *t, const struct lead *l, uint32_t h)
{
	t->order[--t->first[lead_rank(t, h)]] = (uint16_t)(l - t->lead);
}

static void
each_lead(struct lead_table *t,
	  void (*tell)(struct lead_table *t, const struct lead *l, uint32_t h))
{
	for (size_t i = 0; i < t->count; i++)
		each_hash(t, &t->lead[i], 0, 0, tell);
}

/* What the leads at order[from, to) have in common. */
static struct lead_head
common_of(const struct lead_table *t, uint32_t from, uint32_t to)
{
	struct lead_head c = {.mask = UINT64_MAX};

	for (uint32_t i = from; i < to; i++) {
		const struct lead_head *h = &t->head[t->order[i]];

		if (i == from)
			c.byte = h->byte;
		c.mask &= h->mask & ~(h->byte ^ c.byte);
	}
	c.byte &= c.mask;
	return c;
}

static enum status
make_common(struct lead_table *t, struct arena *arena, uint32_t all)
{
	t->common = arena_array(arena, (size_t)all + 1, sizeof(*t->common));
	if (t->common == NULL)
		return ST_NOMEM;
	for (uint32_t i = 0; i < all; i++)
		t->common[i] = common_of(t, t->first[i], t->first[i + 1]);
	return ST_OK;
}

static enum status
make_order(struct lead_table *t, struct arena *arena)
{
	uint32_t all = 0;

	each_lead(t, set_bit);
	for (size_t i = 0; i < LEAD_WORDS; i++) {
		t->below[i] = all;
		all += (uint32_t)__builtin_popcountll(t->bits[i]);
	}
	t->first = arena_array(arena, (size_t)all + 1, sizeof(*t->first));
	if (t->first == NULL)
		return ST_NOMEM;
	each_lead(t, count_one);
	for (uint32_t i = 0; i < all; i++)
		t->first[i + 1] += t->first[i];
	t->order =
	    arena_array(arena, (size_t)t->first[all] + 1, sizeof(*t->order));
	if (t->order == NULL)
		return ST_NOMEM;
	each_lead(t, put_one);
	return make_common(t, arena, all);
}

static bool
may_be(const struct lead *l, unsigned i, unsigned c)
{
	return i >= l->len ||
	       ((c & l->mask[i]) == l->byte[i] && (l->fold[i] >> (c % 32) & 1));
}

/* Which parts of the leads may begin with three such bytes. */
static unsigned
parts_of(const struct lead_table *t, const uint8_t c[LEAD_HALVED])
{
	unsigned parts = 255;

	for (unsigned i = 0; i < LEAD_HALVED; i++)
		parts &= t->low[i][c[i] & 15] & t->high[i][c[i] >> 4];
	return parts;
}

/* Of all words of three small letters fewer than one in eight pass. */
static bool
tells_much(const struct lead_table *t)
{
	unsigned pass = 0;

	for (unsigned i = 0; i < 26 * 26 * 26; i++) {
		uint8_t c[LEAD_HALVED] = {(uint8_t)('a' + i % 26),
					  (uint8_t)('a' + i / 26 % 26),
					  (uint8_t)('a' + i / 26 / 26)};

		pass += parts_of(t, c) != 0;
	}
	return pass < 26 * 26 * 26 / 8;
}

/* Leads of the same first letter are of one part. */
static void
make_halves(struct lead_table *t)
{
	for (size_t n = 0; n < t->count; n++) {
		const struct lead *l = &t->lead[n];
		uint8_t part = (uint8_t)(1U << (l->byte[0] % 8));

		for (unsigned i = 0; i < LEAD_HALVED; i++)
			for (unsigned c = 0; c < 256; c++)
				if (may_be(l, i, c)) {
					t->low[i][c & 15] |= part;
					t->high[i][c >> 4] |= part;
				}
	}
	t->halved = tells_much(t);
}

enum status
lead_table_open(const struct lead_list *leads, struct arena *arena,
		struct lead_table *out)
{
	*out = (struct lead_table){.count = leads->count};
	out->bits = arena_array(arena, LEAD_WORDS, sizeof(*out->bits));
	out->below = arena_array(arena, LEAD_WORDS, sizeof(*out->below));
	out->lead = arena_array(arena, leads->count + 1, sizeof(*out->lead));
	out->head = arena_array(arena, leads->count + 1, sizeof(*out->head));
	if (out->bits == NULL || out->below == NULL || out->lead == NULL ||
	    out->head == NULL)
		return ST_NOMEM;
	memcpy(out->lead, leads->lead, leads->count * sizeof(*out->lead));
	for (size_t i = 0; i < out->count; i++) {
		const struct lead *l = &out->lead[i];

		memcpy(&out->head[i].byte, l->byte, sizeof(uint64_t));
		memcpy(&out->head[i].mask, l->mask, sizeof(uint64_t));
		if (l->before + 1 > out->widest)
			out->widest = l->before + 1;
	}
	make_halves(out);
	return make_order(out, arena);
}

/* ---- in a text ----------------------------------------------------------- */

#if defined(__x86_64__)

/* A region that may still grow. */
struct region {
	const struct lead_table *table;
	struct span text;
	size_t from, to; /* to: 0 when there is none */
	size_t done;     /* so far it was told */
	lead_tell *tell;
	void *arg;
};

static bool
word_byte(uint8_t c)
{
	return (uint8_t)((c | 32) - 'a') < 26 || (uint8_t)(c - '0') < 10 ||
	       c == '_';
}

/*
 * The lead stands at `at`. No later one reaches back further than the widest,
 * so that a region is told when that is beyond its end.
 */
static bool
take_lead(struct region *r, const struct lead *l, size_t at)
{
	size_t from = at < l->before + 1 ? 0 : at - l->before - 1;
	size_t to =
	    r->text.len - at <= l->after ? r->text.len : at + l->after + 1;

	if (r->to > 0 && at > r->to + r->table->widest) {
		if (!r->tell(r->arg, r->from, r->to))
			return false;
		r->done = r->to;
		r->to = 0;
	}
	if (r->to == 0 || from < r->from) {
		while (from > r->done && word_byte(r->text.ptr[from]))
			from--;
		r->from = from;
	}
	if (to <= r->to)
		return true;
	while (to < r->text.len && word_byte(r->text.ptr[to - 1]))
		to++;
	r->to = to;
	return true;
}

/* The word at `at` begins as leads of that rank do. */
static bool
take_word(struct region *r, size_t at, uint32_t rank)
{
	const struct lead_table *t = r->table;
	struct span rest = span_skip(r->text, at);
	uint64_t head = 0;

	must(rest.ptr != NULL);
	if (rest.len >= sizeof(head))
		memcpy(&head, rest.ptr, sizeof(head));
	else
		memcpy(&head, rest.ptr, rest.len);
	for (uint32_t i = t->first[rank]; i < t->first[rank + 1]; i++) {
		const struct lead_head *h = &t->head[t->order[i]];
		const struct lead *l = &t->lead[t->order[i]];

		if ((head & h->mask) == h->byte && lead_goes_on(l, rest) &&
		    !take_lead(r, l, at))
			return false;
	}
	return true;
}

/* The chunk at `at`; its end is read from a copy, with zeros behind. */
static size_t
words_of(enum tile_level level, const struct region *r, size_t at,
	 struct lead_trail *trail, struct lead_words *out)
{
	uint8_t copy[LEAD_CHUNK + LEAD_AHEAD];
	const uint8_t *p = r->text.ptr + at;
	size_t n = r->text.len - at, blocks = LEAD_CHUNK / LEAD_BLOCK;

	if (n < sizeof(copy)) {
		if (n < LEAD_CHUNK)
			blocks = (n + LEAD_BLOCK - 1) / LEAD_BLOCK;
		memcpy(copy, p, n);
		memset(copy + n, 0, blocks * LEAD_BLOCK + LEAD_AHEAD - n);
		p = copy;
	}
	return level == TILE_AVX512
		   ? lead_words_avx512(r->table, p, blocks, trail, out)
		   : lead_words_avx2(r->table, p, blocks, trail, out);
}

bool
lead_regions(enum tile_level level, const struct lead_table *t,
	     struct span text, lead_tell *tell, void *arg)
{
	struct region r = {.table = t, .text = text, .tell = tell, .arg = arg};
	struct lead_trail trail = {0};
	struct lead_words words;

	if (level != TILE_AVX2 && level != TILE_AVX512)
		return text.len == 0 || tell(arg, 0, text.len);
	if (!lead_avx512_runs())
		level = TILE_AVX2;
	for (size_t at = 0; at < text.len; at += LEAD_CHUNK) {
		size_t n = words_of(level, &r, at, &trail, &words);

		for (size_t i = 0; i < n; i++)
			if (!take_word(&r, at + words.at[i], words.rank[i]))
				return false;
	}
	return r.to == 0 || tell(arg, r.from, r.to);
}

#else

bool
lead_regions(enum tile_level level, const struct lead_table *t,
	     struct span text, lead_tell *tell, void *arg)
{
	(void)level;
	(void)t;
	return text.len == 0 || tell(arg, 0, text.len);
}

#endif
