#include "proxy-agent/data/roster.h"

#include <stdlib.h>

#include "base/codec.h"
#include "base/must.h"
#include "base/str.h"

#define HEAD 4 /* bytes of a length */

void
roster_init(struct roster *r, size_t cap)
{
	*r = (struct roster){.parts = 1, .cap = cap};
	buf_init(&r->bytes, cap);
}

void
roster_fini(struct roster *r)
{
	buf_fini(&r->bytes);
	free(r->at);
	r->at = NULL;
	r->count = r->room = 0;
}

void
roster_begin(struct roster *r, uint32_t part, uint32_t parts)
{
	must(part < parts && parts <= ROSTER_PARTS);
	r->part = part;
	r->parts = parts;
	r->count = 0;
	buf_clear(&r->bytes);
}

/* Which part a name belongs to stays so for good: cursors rely on it. */
static uint32_t
hash_of(struct span s)
{
	return codec_crc32c(0, s);
}

static enum status
make_room(struct roster *r)
{
	size_t room = r->room == 0 ? 256 : r->room * 2;
	uint32_t *more;

	if (r->count < r->room)
		return ST_OK;
	more = reallocarray(r->at, room, sizeof(*more));
	if (more == NULL)
		return ST_NOMEM;
	r->at = more;
	r->room = room;
	return ST_OK;
}

enum status
roster_add(struct roster *r, struct span name)
{
	uint32_t at = (uint32_t)r->bytes.len;
	uint8_t head[HEAD];
	enum status st;

	if (hash_of(name) % r->parts != r->part)
		return ST_OK;
	if (name.len > r->cap || r->bytes.len + r->count * sizeof(*r->at) >
				     r->cap - name.len - HEAD - sizeof(*r->at))
		return ST_LIMIT;
	st = make_room(r);
	codec_put32(head, (uint32_t)name.len);
	if (st == ST_OK)
		st = buf_add(&r->bytes, head, HEAD);
	if (st == ST_OK)
		st = buf_add(&r->bytes, name.ptr, name.len);
	if (st == ST_OK)
		r->at[r->count++] = at;
	return st;
}

static struct span
name_at(const struct roster *r, uint32_t at)
{
	return span_of(r->bytes.data + at + HEAD,
		       codec_get32(r->bytes.data + at));
}

static int
compare(const void *a, const void *b, void *arg)
{
	return str_order(name_at(arg, *(const uint32_t *)a),
			 name_at(arg, *(const uint32_t *)b));
}

void
roster_sort(struct roster *r)
{
	size_t kept = 0;

	if (r->count > 0)
		qsort_r(r->at, r->count, sizeof(*r->at), compare, r);
	for (size_t i = 0; i < r->count; i++)
		if (kept == 0 ||
		    !span_eq(name_at(r, r->at[i]), name_at(r, r->at[kept - 1])))
			r->at[kept++] = r->at[i];
	r->count = kept;
}

struct span
roster_name(const struct roster *r, size_t i)
{
	must(i < r->count);
	return name_at(r, r->at[i]);
}

size_t
roster_behind(const struct roster *r, struct span name)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_order(roster_name(r, mid), name) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}
