#include "proxy-agent/source/files/folders.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"

static void
fini_level(struct folder_level *l)
{
	buf_fini(&l->names);
	free(l->entries);
	*l = (struct folder_level){0};
}

void
folders_fini(struct folders *f)
{
	while (f->depth > 0)
		folders_pop(f);
	free(f->levels);
	*f = (struct folders){0};
}

enum status
folders_push(struct folders *f, size_t path_len)
{
	if (f->levels == NULL)
		f->levels = calloc(FOLDERS_DEPTH, sizeof(*f->levels));
	if (f->levels == NULL)
		return ST_NOMEM;
	if (f->depth == FOLDERS_DEPTH)
		return ST_LIMIT;
	f->levels[f->depth] = (struct folder_level){.path_len = path_len};
	buf_init(&f->levels[f->depth].names, FOLDERS_BYTES);
	f->depth++;
	return ST_OK;
}

void
folders_pop(struct folders *f)
{
	struct folder_level *l = folders_here(f);

	f->bytes -= l->names.len + l->count * sizeof(*l->entries);
	fini_level(l);
	f->depth--;
}

enum status
folders_add(struct folders *f, struct span name, const struct folder_entry *e)
{
	struct folder_level *l = folders_here(f);
	const size_t more = name.len + sizeof(*e);
	enum status st;

	if (more > FOLDERS_BYTES - f->bytes)
		return ST_LIMIT;
	if (l->count == l->room) {
		size_t room = l->room == 0 ? 64 : l->room * 2;
		void *p = reallocarray(l->entries, room, sizeof(*e));

		if (p == NULL)
			return ST_NOMEM;
		l->entries = p;
		l->room = room;
	}
	st = buf_add(&l->names, name.ptr, name.len);
	if (st != ST_OK)
		return st;
	l->entries[l->count] = *e;
	l->entries[l->count].name = (uint32_t)(l->names.len - name.len);
	l->entries[l->count].name_len = (uint32_t)name.len;
	l->entries[l->count].tail_len = 0;
	l->count++;
	f->bytes += more;
	return ST_OK;
}

enum status
folders_keep(struct folders *f, struct span tail)
{
	struct folder_level *l = folders_here(f);
	enum status st;

	must(l->count > 0 && l->entries[l->count - 1].tail_len == 0);
	if (tail.len > FOLDERS_BYTES - f->bytes)
		return ST_LIMIT;
	st = buf_add(&l->names, tail.ptr, tail.len);
	if (st != ST_OK)
		return st;
	l->entries[l->count - 1].tail_len = (uint32_t)tail.len;
	f->bytes += tail.len;
	return ST_OK;
}

static int
compare(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);

	if (c != 0)
		return c;
	return (a.len > b.len) - (a.len < b.len);
}

static int
by_name(const void *a, const void *b, void *names)
{
	const struct folder_entry *x = a, *y = b;
	const uint8_t *base = names;

	return compare(span_of(base + x->name, x->name_len),
		       span_of(base + y->name, y->name_len));
}

void
folders_sort(struct folders *f)
{
	struct folder_level *l = folders_here(f);

	if (l->count > 1)
		qsort_r(l->entries, l->count, sizeof(*l->entries), by_name,
			l->names.data);
}

size_t
folders_find(const struct folders *f, struct span name)
{
	const struct folder_level *l = folders_here(f);
	size_t low = 0, high = l->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(folders_name(l, mid), name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
