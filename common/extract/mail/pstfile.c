#include "extract/mail/pstfile.h"

#include <stdlib.h>
#include <string.h>

#include "extract/mail/pstcrypt.h"
#include "extract/ole/le.h"

#define HEADER     564
#define LEVELS_MAX 16
#define LOOK_EVERY 256 /* nodes between looks at the clock */

enum page_kind { PAGE_BLOCKS = 0x80, PAGE_NODES = 0x81, PAGE_MAP = 0x84 };

struct pst_layout {
	unsigned number;   /* bytes of a block's number and of an offset */
	unsigned page;     /* bytes of a page */
	unsigned count_at; /* in a page: how many entries, how long, how deep */
	unsigned count;    /* bytes of that number */
	unsigned kind_at;  /* in a page */
	unsigned trailer;  /* bytes behind a block */
	unsigned align;    /* of blocks */
	unsigned block_max;
	unsigned nodes_at, blocks_at, crypt_at; /* in the header */
	uint64_t map_at;                        /* the first map of space */
	unsigned unit;                          /* bytes that its bits are */
};

static const struct pst_layout ansi = {4,    512, 496, 1,   500,    12, 64,
				       8192, 188, 196, 461, 0x4400, 64};
static const struct pst_layout wide = {8,    512, 488, 1,   496,    16, 64,
				       8192, 224, 240, 513, 0x4400, 64};
static const struct pst_layout large = {
    8, 4096, 4056, 2, 4072, 24, 512, 65536, 224, 240, 513, 0x22000, 512};

/* ---- header ----------------------------------------------------------------
 */

bool
pst_is(struct span head)
{
	const uint8_t *h = head.ptr;

	return head.len >= HEADER && memcmp(h, "!BDN", 4) == 0 &&
	       (memcmp(h + 8, "SM", 2) == 0 || memcmp(h + 8, "SO", 2) == 0 ||
		memcmp(h + 8, "AB", 2) == 0);
}

static const struct pst_layout *
layout_of(unsigned version)
{
	if (version < 16)
		return &ansi;
	return version < 36 ? &wide : &large;
}

bool
pst_begin(struct pst *s, struct extractor *x, struct part *p)
{
	uint8_t h[HEADER];

	s->x = x;
	s->p = p;
	if (!part_pread(p, h, sizeof(h), 0))
		return false;
	s->layout = layout_of(le16(h + 10));
	s->crypt = h[s->layout->crypt_at];
	s->nodes = pst_id(s, h + s->layout->nodes_at);
	s->blocks = pst_id(s, h + s->layout->blocks_at);
	pstcrypt_table(s->plain);
	return s->crypt <= PSTCRYPT_CYCLIC;
}

void
pst_end(struct pst *s)
{
	for (size_t i = 0; i < PST_BLOCKS; i++) {
		if (s->cached[i].bytes != NULL)
			explicit_bzero(s->cached[i].bytes, PST_BLOCK_MAX);
		free(s->cached[i].bytes);
	}
	if (s->inflater != NULL)
		inflater_free(s->inflater);
}

bool
pst_wide(const struct pst *s)
{
	return s->layout->number == 8;
}

bool
pst_large(const struct pst *s)
{
	return s->layout == &large;
}

unsigned
pst_number(const struct pst *s)
{
	return s->layout->number;
}

uint64_t
pst_id(const struct pst *s, const uint8_t *at)
{
	return s->layout->number == 8 ? le64(at) : le32(at);
}

/* ---- pages -----------------------------------------------------------------
 */

struct page {
	const uint8_t *bytes;
	unsigned count, size, level; /* of entries; level 0: a leaf */
};

static const uint8_t *
page_bytes(struct pst *s, uint64_t at)
{
	struct pst_page *c = &s->pages[at / s->layout->page % PST_PAGES];

	if (at == 0)
		return NULL;
	if (c->at == at)
		return c->bytes;
	c->at = 0;
	if (!part_pread(s->p, c->bytes, s->layout->page, at))
		return NULL;
	c->at = at;
	return c->bytes;
}

/* A page of a tree; false: there is none. Good until the next call. */
static bool
page_of(struct pst *s, uint64_t at, enum page_kind kind, struct page *g)
{
	const struct pst_layout *l = s->layout;
	const uint8_t *p = page_bytes(s, at), *q;
	unsigned least = 3 * l->number;

	if (p == NULL || p[l->kind_at] != kind || p[l->kind_at + 1] != kind)
		return false;
	q = p + l->count_at;
	g->bytes = p;
	g->count = l->count == 1 ? q[0] : le16(q);
	g->size = q[l->count * 2];
	g->level = q[l->count * 2 + 1];
	if (g->level == 0 && kind == PAGE_NODES)
		least = 3 * l->number + 4;
	else if (g->level == 0)
		least = 2 * l->number + 4;
	return g->size >= least && g->level <= LEVELS_MAX &&
	       g->count * g->size <= l->count_at;
}

static const uint8_t *
entry(const struct page *g, unsigned i)
{
	return g->bytes + (size_t)i * g->size;
}

/* Trees end where they are damaged; what hangs there is lost. */
static bool
tree_damaged(struct pst *s)
{
	s->damage++;
	s->deep = true;
	return false;
}

/* The leaf's entry for a key; NULL: there is none. */
static const uint8_t *
find(struct pst *s, uint64_t root, enum page_kind kind, uint64_t key)
{
	uint64_t mask = kind == PAGE_BLOCKS ? ~UINT64_C(1) : UINT32_MAX;
	unsigned level = LEVELS_MAX + 1;
	struct page g;

	for (uint64_t at = root;;) {
		unsigned low = 0, high;

		if (!page_of(s, at, kind, &g) || g.level >= level) {
			(void)tree_damaged(s);
			return NULL;
		}
		level = g.level;
		for (high = g.count; low < high;) {
			unsigned mid = (low + high) / 2;

			if ((pst_id(s, entry(&g, mid)) & mask) <= key)
				low = mid + 1;
			else
				high = mid;
		}
		if (low == 0)
			return NULL;
		if (level == 0)
			break;
		at = pst_id(s, entry(&g, low - 1) + 2 * s->layout->number);
	}
	for (unsigned i = 0; i < g.count; i++)
		if ((pst_id(s, entry(&g, i)) & mask) == key)
			return entry(&g, i);
	return NULL;
}

/* ---- nodes -----------------------------------------------------------------
 */

static struct pst_node
node_at(const struct pst *s, const uint8_t *e)
{
	unsigned n = s->layout->number;

	return (struct pst_node){
	    .nid = le32(e),
	    .data = pst_id(s, e + n),
	    .subs = pst_id(s, e + 2 * (size_t)n),
	    .parent = le32(e + 3 * (size_t)n),
	};
}

bool
pst_find_node(struct pst *s, uint32_t nid, struct pst_node *n)
{
	const uint8_t *e = find(s, s->nodes, PAGE_NODES, nid);

	if (e != NULL)
		*n = node_at(s, e);
	return e != NULL;
}

struct walk {
	struct pst *s;
	bool (*see)(void *arg, const struct pst_node *n);
	void *arg;
	uint64_t next;  /* the least number that was not seen */
	uint64_t pages; /* that may still be looked at */
	uint64_t nodes;
};

static bool
walk_leaf(struct walk *w, const struct page *g, unsigned i)
{
	struct pst_node n = node_at(w->s, entry(g, i));

	if (n.nid < w->next)
		return tree_damaged(w->s) || true;
	w->next = (uint64_t)n.nid + 1;
	if (++w->nodes % LOOK_EVERY == 0 && !job_in_time(w->s->x))
		return false;
	return w->see(w->arg, &n);
}

static bool walk_page(struct walk *w, uint64_t at, unsigned above);

/* A page is fetched again for each entry: others came between. */
static bool
walk_entry(struct walk *w, uint64_t at, unsigned i)
{
	size_t down = 2 * (size_t)w->s->layout->number;
	struct page g;

	if (!page_of(w->s, at, PAGE_NODES, &g) || i >= g.count)
		return true;
	if (g.level == 0)
		return walk_leaf(w, &g, i);
	return walk_page(w, pst_id(w->s, entry(&g, i) + down), g.level);
}

static bool
walk_page(struct walk *w, uint64_t at, unsigned above)
{
	struct page g;

	if (w->pages == 0)
		return tree_damaged(w->s);
	w->pages--;
	if (!page_of(w->s, at, PAGE_NODES, &g) || g.level >= above)
		return tree_damaged(w->s) || true;
	for (unsigned i = 0, n = g.count; i < n; i++)
		if (!walk_entry(w, at, i))
			return false;
	return true;
}

void
pst_each_node(struct pst *s, bool (*see)(void *arg, const struct pst_node *n),
	      void *arg)
{
	struct walk w = {.s = s,
			 .see = see,
			 .arg = arg,
			 .pages = s->p->size / s->layout->page + 1};

	(void)walk_page(&w, s->nodes, LEVELS_MAX + 1);
}

/* ---- blocks ----------------------------------------------------------------
 */

struct where {
	uint64_t at;
	uint32_t stored, size; /* the first is less when it is packed */
};

static bool
find_block(struct pst *s, uint64_t bid, struct where *w)
{
	const uint8_t *e =
	    bid == 0 ? NULL
		     : find(s, s->blocks, PAGE_BLOCKS, bid & ~UINT64_C(1));
	size_t n = s->layout->number;

	if (e == NULL)
		return false;
	w->at = pst_id(s, e + n);
	w->stored = w->size = le16(e + 2 * n);
	if (s->layout == &large)
		w->size = le16(e + 2 * n + 2);
	return w->size > 0 && w->size <= s->layout->block_max;
}

uint32_t
pst_block_size(struct pst *s, uint64_t bid)
{
	struct where w;

	return find_block(s, bid, &w) ? w.size : 0;
}

void
pst_decode(const struct pst *s, uint8_t *p, size_t n, uint32_t key)
{
	if (s->crypt == PSTCRYPT_PERMUTE)
		pstcrypt_permute(s->plain, p, n);
	else if (s->crypt == PSTCRYPT_CYCLIC)
		pstcrypt_cyclic(s->plain, p, n, key);
}

/* How much of it could be unpacked. */
static size_t
unpack(struct pst *s, const struct where *w, uint8_t *dst)
{
	size_t have = 0, got = 1;
	struct part p;

	if (s->inflater == NULL)
		s->inflater = inflater_new();
	if (s->inflater == NULL || w->stored < 2)
		return 0;
	part_memory(&p, span_of(s->stored + 2, w->stored - 2u));
	inflater_start(s->inflater, &p, UINT64_MAX);
	while (have < w->size && got > 0) {
		if (inflater_read(s->inflater, dst + have, w->size - have,
				  &got) != ST_OK)
			break;
		have += got;
	}
	return have;
}

/* Behind a block its length, a mark, a sum and its number stand again. */
static bool
trailer_fits(struct pst *s, const struct where *w, uint64_t bid)
{
	const struct pst_layout *l = s->layout;
	uint32_t whole =
	    (w->stored + l->trailer + l->align - 1) / l->align * l->align;
	uint8_t t[24];

	return part_pread(s->p, t, l->trailer, w->at + whole - l->trailer) &&
	       ((pst_id(s, t + (l->number == 8 ? 8 : 4)) ^ bid) &
		~UINT64_C(1)) == 0;
}

static size_t
read_block(struct pst *s, uint64_t bid, uint8_t *dst)
{
	bool plain = pst_is_internal(bid);
	struct where w;
	size_t n;

	if (!find_block(s, bid, &w) ||
	    !part_pread(s->p, s->stored, w.stored, w.at)) {
		s->damage++;
		return 0;
	}
	if (!trailer_fits(s, &w, bid))
		s->damage++;
	if (!plain)
		pst_decode(s, s->stored, w.stored, (uint32_t)bid);
	if (w.stored < w.size) {
		n = unpack(s, &w, dst);
		s->damage += n < w.size;
		return n;
	}
	memcpy(dst, s->stored, w.size);
	return w.size;
}

struct span
pst_block(struct pst *s, uint64_t bid)
{
	struct pst_block *c = &s->cached[bid / 4 % PST_BLOCKS];

	if (bid == 0)
		return span_of(NULL, 0);
	if (c->bytes == NULL)
		c->bytes = malloc(PST_BLOCK_MAX);
	if (c->bytes == NULL)
		return span_of(NULL, 0);
	if (c->bid != bid) {
		c->bid = 0;
		c->len = read_block(s, bid, c->bytes);
		c->bid = c->len > 0 ? bid : 0;
	}
	return span_of(c->bytes, c->len);
}

/* ---- unused space ----------------------------------------------------------
 */

/* The bits of the map at `at`; NULL: it is none. */
static const uint8_t *
map_of(struct pst *s, uint64_t at)
{
	const struct pst_layout *l = s->layout;
	const uint8_t *p = at < s->p->size ? page_bytes(s, at) : NULL;

	if (p == NULL || p[l->kind_at] != PAGE_MAP ||
	    p[l->kind_at + 1] != PAGE_MAP)
		return NULL;
	return p + (l == &ansi ? 4 : 0);
}

/* From unit `from` on, the first that is used, or is not; most: there is none.
 */
static uint64_t
unit_that_is(const uint8_t *map, uint64_t from, uint64_t most, bool used)
{
	uint8_t dull = used ? 0 : 0xff; /* a byte with none of them */

	while (from < most) {
		if (from % 8 == 0 && map[from / 8] == dull)
			from += 8;
		else if (((map[from / 8] & 0x80u >> from % 8) != 0) == used)
			return from;
		else
			from++;
	}
	return most;
}

bool
pst_unused(struct pst *s, uint64_t *at, uint64_t *end)
{
	const struct pst_layout *l = s->layout;
	uint64_t units = (l == &large ? 4072u : 496u) * 8, from, to;

	if (*at < l->map_at)
		*at = l->map_at;
	while (*at < s->p->size && job_in_time(s->x)) {
		uint64_t off = (*at - l->map_at) % (units * l->unit);
		uint64_t start = *at - off;
		const uint8_t *map = map_of(s, start);

		from = map == NULL
			   ? units
			   : unit_that_is(map, off / l->unit, units, false);
		if (from == units) {
			*at = start + units * l->unit;
			continue;
		}
		to = unit_that_is(map, from, units, true);
		*at = start + from * l->unit;
		*end = start + to * l->unit;
		if (*end > s->p->size)
			*end = s->p->size;
		return *at < *end;
	}
	return false;
}
