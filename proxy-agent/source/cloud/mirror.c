#include "proxy-agent/source/cloud/mirror.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/pack.h"

#define DEPTH 400 /* of elements within elements */

enum state { UNKNOWN = 0, REACHED, LOST };

struct item {
	struct span key, parent, text;
	uint64_t at;      /* when it was said */
	uint64_t emptied; /* when what was in it went; 0: never */
	uint64_t floor;   /* the latest of these up to the root */
	bool gone;
	enum state state;
};

struct mirror {
	struct arena memory;
	struct item *items;
	size_t count, room, cap;
	uint64_t said;
	struct span root;
};

enum status
mirror_open(size_t cap, struct mirror **out)
{
	struct mirror *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return ST_NOMEM;
	arena_init(&m->memory, cap);
	m->cap = cap / sizeof(struct item);
	*out = m;
	return ST_OK;
}

void
mirror_close(struct mirror *m)
{
	if (m == NULL)
		return;
	arena_fini(&m->memory);
	free(m->items);
	free(m);
}

/* ---- changes --------------------------------------------------------------
 */

static enum status
grow(struct mirror *m)
{
	size_t room = m->room == 0 ? 256 : 2 * m->room;
	struct item *more;

	if (m->count < m->room)
		return ST_OK;
	if (m->count >= m->cap)
		return ST_LIMIT;
	more = realloc(m->items, room * sizeof(*more));
	if (more == NULL)
		return ST_NOMEM;
	m->items = more;
	m->room = room;
	return ST_OK;
}

static enum status
put(struct mirror *m, const struct item *it)
{
	enum status st = grow(m);

	if (st == ST_OK)
		m->items[m->count++] = *it;
	return st;
}

static bool
copy(struct mirror *m, struct span *s)
{
	const char *own = arena_str(&m->memory, *s);

	*s = span_of(own, s->len);
	return own != NULL;
}

enum status
mirror_add(struct mirror *m, const struct mirror_change *c)
{
	struct item it = {.key = c->key,
			  .parent = c->parent,
			  .text = c->text,
			  .at = ++m->said,
			  .emptied = c->clears ? m->said : 0,
			  .gone = c->gone};

	if (!copy(m, &it.key) || !copy(m, &it.parent) || !copy(m, &it.text))
		return ST_LIMIT;
	return put(m, &it);
}

/* ---- settling -------------------------------------------------------------
 */

static int
by_key(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = str_order(x->key, y->key);

	return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static int
by_parent(const void *a, const void *b)
{
	const struct item *x = a, *y = b;
	int order = str_order(x->parent, y->parent);

	return order != 0 ? order : str_order(x->key, y->key);
}

/* The last word on each, in order of keys. */
static void
take_last(struct mirror *m)
{
	size_t n = 0;

	if (m->count > 1)
		qsort(m->items, m->count, sizeof(*m->items), by_key);
	for (size_t i = 0; i < m->count; i++) {
		struct item it = m->items[i];

		if (n > 0 && span_eq(m->items[n - 1].key, it.key)) {
			n--;
			if (it.emptied == 0)
				it.emptied = m->items[n].emptied;
		}
		m->items[n++] = it;
	}
	m->count = n;
}

static struct item *
find(const struct mirror *m, struct span key)
{
	size_t low = 0, high = m->count;

	while (low < high) {
		size_t at = low + (high - low) / 2;
		int order = str_order(m->items[at].key, key);

		if (order == 0)
			return &m->items[at];
		if (order < 0)
			low = at + 1;
		else
			high = at;
	}
	return NULL;
}

static bool
is_root(const struct item *it)
{
	return it->parent.len == 0 && !it->gone;
}

/* Within one that is there, or went, or never was. */
static bool
place(struct item *it, const struct item *in)
{
	it->floor = in->floor > it->emptied ? in->floor : it->emptied;
	it->state = in->floor > it->at ? LOST : REACHED;
	/* said of one that went before, and did not come back */
	return it->state == LOST || in->state == REACHED;
}

/* False: it is within itself, or in something that nobody spoke of, or that
 * went without it. */
static bool
reach(const struct mirror *m, struct item *it)
{
	struct item *way[DEPTH], *up = it;
	size_t n = 0;

	while (up->state == UNKNOWN && !is_root(up) && !up->gone) {
		if (n == DEPTH)
			return false;
		way[n++] = up;
		up = find(m, up->parent);
		if (up == NULL)
			return false;
	}
	if (up->state == UNKNOWN) {
		up->state = up->gone ? LOST : REACHED;
		up->floor = up->emptied;
	}
	for (; n > 0; up = way[n])
		if (!place(way[--n], up))
			return false;
	return true;
}

enum status
mirror_settle(struct mirror *m)
{
	size_t n = 0, roots = 0;

	take_last(m);
	for (size_t i = 0; i < m->count; i++) {
		if (!reach(m, &m->items[i]))
			return ST_MALFORMED;
		roots += is_root(&m->items[i]);
	}
	if (roots != 1)
		return ST_MALFORMED;
	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].state == REACHED)
			m->items[n++] = m->items[i];
	m->count = n;
	qsort(m->items, m->count, sizeof(*m->items), by_parent);
	m->root = m->items[0].key; /* nothing else is in nothing */
	return ST_OK;
}

/* ---- what is there --------------------------------------------------------
 */

bool
mirror_child(const struct mirror *m, struct span parent, size_t n,
	     struct span *text)
{
	size_t low = 0, high = m->count;

	if (parent.len == 0)
		parent = m->root;
	while (low < high) {
		size_t at = low + (high - low) / 2;

		if (str_order(m->items[at].parent, parent) < 0)
			low = at + 1;
		else
			high = at;
	}
	if (n >= m->count - low || !span_eq(m->items[low + n].parent, parent))
		return false;
	*text = m->items[low + n].text;
	return true;
}

size_t
mirror_count(const struct mirror *m)
{
	return m->count;
}

enum status
mirror_write(const struct mirror *m, struct buf *to)
{
	struct packer p = packer_to(to);

	for (size_t i = 0; p.st == ST_OK && i < m->count; i++) {
		pack_span(&p, m->items[i].key);
		pack_span(&p, m->items[i].parent);
		pack_span(&p, m->items[i].text);
	}
	return p.st;
}

enum status
mirror_read(struct mirror *m, struct span bytes)
{
	struct unpacker u = unpacker_of(bytes);
	enum status st = ST_OK;

	while (st == ST_OK && u.st == ST_OK && u.rest.len > 0) {
		struct item it = {.at = ++m->said};

		it.key = unpack_span(&u);
		it.parent = unpack_span(&u);
		it.text = unpack_span(&u);
		if (u.st == ST_OK)
			st = put(m, &it);
	}
	return st == ST_OK ? u.st : st;
}
