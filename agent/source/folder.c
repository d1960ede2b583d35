#include "agent/source/folder.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK     (64 * 1024)
#define NAMES_MAX UINT32_MAX /* bytes of names in one folder */

static bool
grow(void **data, size_t *room, size_t need, size_t unit)
{
	size_t more = *room > 0 ? *room : 128;
	void *p;

	while (more < need)
		more *= 2;
	if (more == *room)
		return true;
	p = reallocarray(*data, more, unit);
	if (p == NULL)
		return false;
	*data = p;
	*room = more;
	return true;
}

static bool
is_self(const char *name)
{
	return name[0] == '.' &&
	       (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

static enum status
add(struct folder *f, const struct dirent64 *d)
{
	size_t len = strlen(d->d_name) + 1;
	void *names = f->names, *entries = f->entries;
	bool ok;

	if (is_self(d->d_name))
		return ST_OK;
	if (len > NAMES_MAX - f->names_len)
		return ST_LIMIT;
	ok = grow(&names, &f->names_room, f->names_len + len, 1);
	f->names = names;
	ok = ok && grow(&entries, &f->room, f->count + 1,
			sizeof(struct folder_entry));
	f->entries = entries;
	if (!ok)
		return ST_NOMEM;
	f->entries[f->count++] = (struct folder_entry){
	    .name = (uint32_t)f->names_len, .type = d->d_type};
	memcpy(f->names + f->names_len, d->d_name, len);
	f->names_len += len;
	return ST_OK;
}

/* Bytes that all names begin with. */
static size_t
shared_prefix(const struct folder *f)
{
	const char *first = folder_name(f, 0);
	size_t n = strlen(first);

	for (size_t i = 1; i < f->count && n > 0; i++) {
		const char *name = folder_name(f, i);
		size_t k = 0;

		while (k < n && name[k] == first[k])
			k++;
		n = k;
	}
	return n;
}

static uint64_t
key_of(const char *s)
{
	uint64_t key = 0;

	for (unsigned i = 0; i < 8; i++) {
		key = key << 8 | (uint8_t)*s;
		s += *s != 0;
	}
	return key;
}

static inline bool
precedes(const struct folder *f, struct folder_entry a, struct folder_entry b)
{
	if (a.key != b.key)
		return a.key < b.key;
	return strcmp(f->names + a.name, f->names + b.name) < 0;
}

#define RUN 12 /* entries that are put in order one by one */

static void
sort_run(const struct folder *f, struct folder_entry *e, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct folder_entry x = e[i];
		size_t k = i;

		for (; k > 0 && precedes(f, x, e[k - 1]); k--)
			e[k] = e[k - 1];
		e[k] = x;
	}
}

/* e[0, middle) and e[middle, n), both in order, to `to` as one. */
static void
merge(const struct folder *f, const struct folder_entry *e, size_t middle,
      size_t n, struct folder_entry *to)
{
	size_t l = 0, r = middle;

	for (size_t i = 0; i < n; i++) {
		bool right = l == middle || (r < n && precedes(f, e[r], e[l]));

		to[i] = e[right ? r : l];
		r += right;
		l += !right;
	}
}

/* By merging runs, from one half of the room to the other. */
static void
merge_sort(struct folder *f, struct folder_entry *other)
{
	struct folder_entry *from = f->entries, *to = other, *swap;
	size_t n = f->count;

	for (size_t i = 0; i < n; i += RUN)
		sort_run(f, from + i, n - i < RUN ? n - i : RUN);
	for (size_t width = RUN; width < n; width *= 2) {
		for (size_t i = 0; i < n; i += width * 2) {
			size_t len = n - i < width * 2 ? n - i : width * 2;

			merge(f, from + i, len < width ? len : width, len,
			      to + i);
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != f->entries)
		memcpy(f->entries, from, n * sizeof(*from));
}

static void
sort(struct folder *f)
{
	struct folder_entry *other;
	size_t skip;

	if (f->count < 2)
		return;
	skip = shared_prefix(f);
	for (size_t i = 0; i < f->count; i++)
		f->entries[i].key = key_of(folder_name(f, i) + skip);
	other = calloc(f->count, sizeof(*other));
	if (other == NULL) /* slow, but in order */
		sort_run(f, f->entries, f->count);
	else
		merge_sort(f, other);
	free(other);
}

enum status
folder_read(struct folder *f, int fd)
{
	_Alignas(struct dirent64) char block[BLOCK];
	enum status st = ST_OK;
	ssize_t n = 1;

	while (st == ST_OK && n > 0) {
		n = getdents64(fd, block, sizeof(block));
		if (n < 0)
			st = ST_IO;
		for (ssize_t at = 0; st == ST_OK && at < n;) {
			const void *p = block + at;
			const struct dirent64 *d = p;

			st = add(f, d);
			at += d->d_reclen;
		}
	}
	sort(f);
	return st;
}

void
folder_fini(struct folder *f)
{
	free(f->names);
	free(f->entries);
	*f = (struct folder){0};
}

size_t
folder_find(const struct folder *f, const char *name)
{
	size_t low = 0, high = f->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(folder_name(f, mid), name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
