#include "extract/ole/cfb.h"

#include <stdlib.h>
#include <string.h>

#include "extract/ole/cfb_impl.h"
#include "extract/ole/le.h"
#include "extract/utf8.h"

#define HEADER     512
#define ENTRY      128
#define SECTOR_MAX 4096
#define DIFAT_HEAD 109

static bool
claim(uint8_t *used, uint32_t n)
{
	uint8_t bit = (uint8_t)(1u << (n & 7));

	if (used[n >> 3] & bit)
		return false;
	used[n >> 3] |= bit;
	return true;
}

/* Bytes of a chain, of at most `most` sectors, each of them claimed. */
static uint64_t
claim_chain(struct cfb *c, uint32_t n, uint64_t most)
{
	uint64_t have = 0, size = c->p->size;

	for (; most > 0 && n < c->fat_count && cfb_sector_at(c, n) < size &&
	       claim(c->used, n);
	     most--, n = cfb_next(c, n)) {
		uint64_t left = size - cfb_sector_at(c, n);

		if (left < cfb_sector_size(c))
			return have + left; /* the file ends within it */
		have += cfb_sector_size(c);
	}
	return have;
}

/* The same of small sectors, as far as the root's stream has them. */
static uint64_t
claim_mini(struct cfb *c, uint32_t n, uint64_t most)
{
	uint64_t have = 0, step = 1u << c->mini_shift;
	uint64_t size = c->entries[0].size;

	for (; most > 0 && n < c->mini_count &&
	       (uint64_t)n << c->mini_shift < size && claim(c->mini_used, n);
	     most--, n = cfb_next_mini(c, n)) {
		uint64_t left = size - ((uint64_t)n << c->mini_shift);

		if (left < step)
			return have + left;
		have += step;
	}
	return have;
}

/* ---- tables ----------------------------------------------------------------
 */

/* A sector; what the file does not have of it is `rest`. */
static void
load_sector(struct cfb *c, uint32_t n, uint8_t *dst, int rest)
{
	uint64_t at = cfb_sector_at(c, n);
	size_t size = cfb_sector_size(c), have = size;

	if (at >= c->p->size)
		have = 0;
	else if (have > c->p->size - at)
		have = (size_t)(c->p->size - at);
	memset(dst + have, rest, size - have);
	if (have == 0 || !part_pread(c->p, dst, have, at))
		memset(dst, rest, have);
	else if (have == size)
		return;
	c->broken = true;
}

/* One sector of the table, behind what is there. */
static void
add_table(struct cfb *c, uint32_t sector, size_t room)
{
	uint8_t raw[SECTOR_MAX];
	size_t per = cfb_sector_size(c) / 4;

	if (room - c->fat_count < per)
		return;
	load_sector(c, sector, raw, 0xff);
	for (size_t i = 0; i < per; i++)
		c->fat[c->fat_count++] = le32(raw + 4 * i);
}

/* Where the sectors of the table are: in the header, then in a chain. */
static void
load_fat(struct cfb *c, const uint8_t *head, size_t room)
{
	uint32_t next = le32(head + 0x44), left = le32(head + 0x48);
	uint8_t raw[SECTOR_MAX];
	size_t per = cfb_sector_size(c) / 4;

	if (left > room / per + 1)
		left = (uint32_t)(room / per + 1);
	for (size_t i = 0; i < DIFAT_HEAD; i++)
		if (le32(head + 0x4c + 4 * i) < 0xfffffffa)
			add_table(c, le32(head + 0x4c + 4 * i), room);
	for (; left > 0 && next < 0xfffffffa && c->fat_count < room; left--) {
		load_sector(c, next, raw, 0xff);
		for (size_t i = 0; i + 1 < per; i++)
			if (le32(raw + 4 * i) < 0xfffffffa)
				add_table(c, le32(raw + 4 * i), room);
		next = le32(raw + 4 * (per - 1));
	}
}

/* Sectors of the table itself hold no content. */
static void
claim_tables(struct cfb *c)
{
	for (size_t i = 0; i < c->fat_count; i++)
		if (c->fat[i] == 0xfffffffd || c->fat[i] == 0xfffffffc)
			(void)claim(c->used, (uint32_t)i);
}

/* All of a chain's bytes; NULL: none, or no memory. */
static uint8_t *
load_chain(struct cfb *c, uint32_t start, uint64_t most, size_t *len)
{
	uint64_t have =
	    (claim_chain(c, start, most) + cfb_sector_size(c) - 1) >> c->shift;
	uint8_t *mem = have == 0 ? NULL : calloc(have, cfb_sector_size(c));

	*len = 0;
	for (uint64_t i = 0; mem != NULL && i < have; i++) {
		load_sector(c, start, mem + *len, 0);
		*len += cfb_sector_size(c);
		start = cfb_next(c, start);
	}
	return mem;
}

static void
load_minifat(struct cfb *c, const uint8_t *head)
{
	size_t len;
	uint8_t *raw =
	    load_chain(c, le32(head + 0x3c), CFB_SECTORS / 128, &len);

	c->minifat = raw == NULL ? NULL : malloc(len);
	c->mini_used = raw == NULL ? NULL : calloc(1, len / 32 + 1);
	if (c->minifat != NULL && c->mini_used != NULL) {
		c->mini_count = len / 4;
		for (size_t i = 0; i < len / 4; i++)
			c->minifat[i] = le32(raw + 4 * i);
	}
	free(raw);
}

/* ---- entries ---------------------------------------------------------------
 */

static void
entry_name(struct cfb_entry *e, const uint8_t *raw)
{
	size_t n = 0;

	for (size_t i = 0; i < 32; i++) {
		uint16_t u = le16(raw + 2 * i);

		if (u == 0)
			break;
		if (u >= ' ' && n + 4 < sizeof(e->name))
			n += utf8_put((uint8_t *)e->name + n, u);
	}
	e->name[n] = 0;
}

static void
entry_load(const struct cfb *c, struct cfb_entry *e, const uint8_t *raw)
{
	entry_name(e, raw);
	e->kind = raw[0x42];
	e->left = le32(raw + 0x44);
	e->right = le32(raw + 0x48);
	e->child = le32(raw + 0x4c);
	e->start = le32(raw + 0x74);
	e->want = c->shift == 9 ? le32(raw + 0x78) : le64(raw + 0x78);
	e->mini = e->kind == CFB_STREAM && e->want < c->mini_below;
}

static bool
load_entries(struct cfb *c, uint32_t start)
{
	size_t len;
	uint8_t *raw = load_chain(c, start, CFB_ENTRIES / 4, &len);

	c->count = len / ENTRY;
	c->entries =
	    c->count == 0 ? NULL : calloc(c->count, sizeof(*c->entries));
	for (size_t i = 0; c->entries != NULL && i < c->count; i++)
		entry_load(c, &c->entries[i], raw + i * ENTRY);
	free(raw);
	return c->entries != NULL;
}

/* How much each chain really holds; the root's holds the small sectors. */
static void
measure(struct cfb *c, struct cfb_entry *e)
{
	unsigned shift = e->mini ? c->mini_shift : c->shift;
	uint64_t most = (e->want >> shift) + (e->want % (1u << shift) != 0);
	uint64_t have;

	if (e->kind != CFB_STREAM && e->kind != CFB_ROOT)
		return;
	have = e->mini ? claim_mini(c, e->start, most)
		       : claim_chain(c, e->start, most);
	e->size = have < e->want ? have : e->want;
}

/* Give all entries of a tree their parent; todo has room for all of them. */
static void
adopt(struct cfb *c, uint32_t storage, uint32_t *todo)
{
	size_t n = 0;

	todo[n++] = c->entries[storage].child;
	while (n > 0) {
		uint32_t i = todo[--n];
		struct cfb_entry *e;

		if (i >= c->count || c->entries[i].reached || i == 0)
			continue;
		e = &c->entries[i];
		e->reached = true;
		e->parent = storage;
		todo[n++] = e->right;
		todo[n++] = e->left;
	}
}

/* Storages are met before what is in them, whatever their order. */
static void
grow_tree(struct cfb *c)
{
	uint32_t *todo = calloc(c->count * 2 + 2, sizeof(*todo));

	if (todo == NULL)
		return;
	for (uint32_t i = 0; i < c->count; i++)
		if (c->entries[i].kind == CFB_STORAGE ||
		    c->entries[i].kind == CFB_ROOT)
			adopt(c, i, todo);
	free(todo);
	for (size_t i = 0; i < c->count; i++)
		c->entries[i].first = c->entries[i].next = CFB_NONE;
	for (size_t i = c->count; i-- > 1;) {
		struct cfb_entry *e = &c->entries[i];

		if (e->kind != CFB_STREAM && e->kind != CFB_STORAGE)
			continue;
		e->next = c->entries[e->parent].first;
		c->entries[e->parent].first = (uint32_t)i;
	}
}

/* The sectors that the root's stream lies in, which was measured before. */
static void
list_small(struct cfb *c)
{
	uint64_t n = (c->entries[0].size + cfb_sector_size(c) - 1) >> c->shift;
	uint32_t sector = c->entries[0].start;

	c->small = n == 0 ? NULL : malloc(n * sizeof(*c->small));
	if (c->small == NULL)
		return;
	for (; c->small_count < n; c->small_count++) {
		c->small[c->small_count] = sector;
		sector = cfb_next(c, sector);
	}
}

enum status
cfb_open(struct part *p, struct cfb *c)
{
	uint8_t head[HEADER];
	size_t room;

	*c = (struct cfb){.p = p};
	if (!part_pread(p, head, sizeof(head), 0))
		return ST_MALFORMED;
	c->shift = le16(head + 0x1e);
	c->mini_shift = le16(head + 0x20);
	c->mini_below = le32(head + 0x38);
	if ((c->shift != 9 && c->shift != 12) || c->mini_shift < 4 ||
	    c->mini_shift >= c->shift)
		return ST_MALFORMED;
	room = (size_t)(p->size >> c->shift) + 1 + cfb_sector_size(c) / 4;
	room = room < CFB_SECTORS ? room : CFB_SECTORS;
	c->fat = malloc(room * sizeof(*c->fat));
	c->used = calloc(1, room / 8 + 1);
	if (c->fat == NULL || c->used == NULL)
		return ST_NOMEM;
	load_fat(c, head, room);
	claim_tables(c);
	if (!load_entries(c, le32(head + 0x30)))
		return ST_MALFORMED;
	load_minifat(c, head);
	grow_tree(c);
	for (size_t i = 0; i < c->count; i++)
		measure(c, &c->entries[i]);
	list_small(c);
	return ST_OK;
}

void
cfb_close(struct cfb *c)
{
	free(c->fat);
	free(c->minifat);
	free(c->entries);
	free(c->used);
	free(c->mini_used);
	free(c->small);
	*c = (struct cfb){0};
}

uint32_t
cfb_find(const struct cfb *c, uint32_t in, const char *name)
{
	uint32_t i = c->entries[in].first;

	while (i != CFB_NONE && strcmp(c->entries[i].name, name) != 0)
		i = c->entries[i].next;
	return i;
}

size_t
cfb_path(const struct cfb *c, uint32_t entry, uint32_t under,
	 char dst[CFB_PATH_MAX])
{
	uint32_t way[8];
	size_t depth = 0, n = 0;

	while (entry != under && entry != 0 && depth < 8) {
		way[depth++] = entry;
		entry = c->entries[entry].parent;
	}
	while (depth-- > 0) {
		const char *name = c->entries[way[depth]].name;

		if (n > 0)
			dst[n++] = '/';
		while (*name != 0) /* 8 of 127 bytes and a slash */
			dst[n++] = *name++;
	}
	return n;
}
