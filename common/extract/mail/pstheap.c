#include "extract/mail/pstheap.h"

#include <stdlib.h>
#include <string.h>

#include "extract/ole/le.h"

#define HEAP_MARK  0xec
#define TREE_MARK  0xb5
#define LEVELS_MAX 8
#define ITEM_SHIFT 5 /* bits of an item's number that say that it is one */

/* ---- items -----------------------------------------------------------------
 */

bool
pst_heap_open(struct pst *s, const struct pst_node *n, struct pst_heap *h)
{
	struct span head;

	*h = (struct pst_heap){.s = s, .subs = n->subs};
	if (!pst_data_open(s, n->data, &h->data))
		return false;
	head = pst_data_piece(&h->data, 0);
	if (head.len < 12 || head.ptr[2] != HEAP_MARK) {
		pst_data_close(&h->data);
		return false;
	}
	h->client = head.ptr[3];
	h->root = le32(head.ptr + 4);
	return true;
}

void
pst_heap_close(struct pst_heap *h)
{
	pst_data_close(&h->data);
}

/* An item's bytes, good until the next block is read; empty: there is none. */
static struct span
item(const struct pst_heap *h, uint32_t hid)
{
	unsigned bits = pst_large(h->s) ? 14 : 11;
	size_t i = hid >> ITEM_SHIFT & ((1u << bits) - 1);
	struct span s = pst_data_piece(&h->data, hid >> (ITEM_SHIFT + bits));
	size_t map, from, to;

	if (PST_NID_KIND(hid) != PST_HEAP || i == 0 || s.len < 4)
		return span_of(NULL, 0);
	map = le16(s.ptr);
	if (map + 4 > s.len || i > le16(s.ptr + map) ||
	    map + 4 + (i + 1) * 2 > s.len)
		return span_of(NULL, 0);
	from = le16(s.ptr + map + 4 + (i - 1) * 2);
	to = le16(s.ptr + map + 4 + i * 2);
	return from < to && to <= s.len ? span_of(s.ptr + from, to - from)
					: span_of(NULL, 0);
}

/* ---- properties ------------------------------------------------------------
 */

static bool
add_property(struct pst_properties *l, const uint8_t *e)
{
	if (l->count == l->room) {
		size_t room = l->room == 0 ? 64 : l->room * 2;
		struct pst_property *p =
		    l->count >= PST_PROPERTIES_MAX
			? NULL
			: realloc(l->list, room * sizeof(*l->list));

		if (p == NULL)
			return false;
		l->list = p;
		l->room = room;
	}
	l->list[l->count++] =
	    (struct pst_property){le16(e), le16(e + 2), le32(e + 4)};
	return true;
}

static void
read_tree(struct pst_heap *h, uint32_t hid, unsigned level,
	  struct pst_properties *l)
{
	size_t size = level == 0 ? 8 : 6; /* key, then value or item */
	struct span s = item(h, hid);

	if (s.len == 0 && hid != 0)
		h->s->damage++;
	for (size_t i = 0; (i + 1) * size <= s.len; i++) {
		if (level == 0) {
			if (!add_property(l, s.ptr + i * size))
				return;
			continue;
		}
		if (!job_in_time(h->s->x) || l->count >= PST_PROPERTIES_MAX)
			return;
		read_tree(h, le32(s.ptr + i * size + 2), level - 1, l);
		s = item(h, hid);
	}
}

void
pst_properties_read(struct pst_heap *h, struct pst_properties *l)
{
	struct span s = item(h, h->root);

	*l = (struct pst_properties){0};
	if (h->client != PST_CLIENT_PROPERTIES || s.len < 8 ||
	    s.ptr[0] != TREE_MARK || s.ptr[1] != 2 || s.ptr[2] != 6 ||
	    s.ptr[3] > LEVELS_MAX) {
		h->s->damage++;
		return;
	}
	read_tree(h, le32(s.ptr + 4), s.ptr[3], l);
}

void
pst_properties_free(struct pst_properties *l)
{
	free(l->list);
	*l = (struct pst_properties){0};
}

const struct pst_property *
pst_properties_find(const struct pst_properties *l, unsigned id)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->list[i].id == id)
			return &l->list[i];
	return NULL;
}

/* ---- values ----------------------------------------------------------------
 */

bool
pst_value_open(struct pst_heap *h, uint32_t at, struct pst_value *v)
{
	struct pst_node n;
	struct span s;

	*v = (struct pst_value){0};
	if (at == 0)
		return false;
	if (PST_NID_KIND(at) != PST_HEAP) {
		if (!pst_subs_find(h->s, h->subs, at, &n) ||
		    !pst_data_open(h->s, n.data, &v->data)) {
			h->s->damage++;
			return false;
		}
		pst_data_part(&v->data, &v->part);
		return true;
	}
	s = item(h, at);
	v->mem = s.len > 0 ? malloc(s.len) : NULL;
	if (v->mem == NULL)
		return false;
	memcpy(v->mem, s.ptr, s.len);
	part_memory(&v->part, span_of(v->mem, s.len));
	return true;
}

void
pst_value_close(struct pst_value *v)
{
	pst_data_close(&v->data);
	free(v->mem);
	*v = (struct pst_value){0};
}

/* ---- tables ----------------------------------------------------------------
 */

/* Section 2.3.4.1. */
bool
pst_table_open(struct pst_heap *h, struct pst_table *t)
{
	struct span s = item(h, h->root);
	uint32_t rows;

	if (h->client != PST_CLIENT_TABLE || s.len < 22 ||
	    s.ptr[0] != PST_CLIENT_TABLE || 22u + s.ptr[1] * 8u > s.len)
		return false;
	t->h = h;
	t->count = s.ptr[1];
	t->bits_at = le16(s.ptr + 6);
	t->row_size = le16(s.ptr + 8);
	rows = le32(s.ptr + 14);
	for (unsigned i = 0; i < t->count; i++) {
		const uint8_t *c = s.ptr + 22 + (size_t)i * 8;

		t->columns[i] = (struct pst_column){
		    .type = le16(c),
		    .id = le16(c + 2),
		    .at = le16(c + 4),
		    .size = c[6],
		    .bit = c[7],
		};
	}
	return t->row_size > 4 &&
	       t->bits_at + (t->count + 7) / 8 <= t->row_size &&
	       pst_value_open(h, rows, &t->rows);
}

void
pst_table_close(struct pst_table *t)
{
	pst_value_close(&t->rows);
}

/* Rows do not go beyond the end of a block. */
bool
pst_table_row(struct pst_table *t, uint64_t n)
{
	const struct pst_data *d = &t->rows.data;
	uint64_t begin = 0;

	for (size_t i = 0; i < d->count; i++) {
		uint64_t rows = (d->pieces[i].end - begin) / t->row_size;

		if (n < rows)
			return part_pread(&t->rows.part, t->row, t->row_size,
					  begin + n * t->row_size);
		n -= rows;
		begin = d->pieces[i].end;
	}
	return d->count == 0 &&
	       part_pread(&t->rows.part, t->row, t->row_size, n * t->row_size);
}

uint32_t
pst_table_cell(const struct pst_table *t, unsigned column)
{
	const struct pst_column *c = &t->columns[column];

	if (c->size != 4 || c->at + 4u > t->row_size ||
	    t->bits_at + c->bit / 8u >= t->row_size ||
	    !(t->row[t->bits_at + c->bit / 8u] & 0x80u >> c->bit % 8))
		return 0;
	return le32(t->row + c->at);
}
