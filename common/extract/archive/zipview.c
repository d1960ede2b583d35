#include "extract/archive/zipview.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_MAX (32u << 20) /* bytes of all names */

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool
same_name(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return true;
}

struct zip_entry *
zip_view_find(const struct zip_view *v, struct span name)
{
	for (size_t i = 0; i < v->count; i++)
		if (!v->entries[i].done && same_name(v->entries[i].name, name))
			return &v->entries[i];
	return NULL;
}

/* Names move while they are collected: until then they are offsets. */
static enum status
add(struct zip_view *v, const struct zip_member *m, uint64_t local)
{
	struct zip_entry *e;
	enum status st;

	if (v->count == ZIP_VIEW_MAX)
		return ST_LIMIT;
	if (v->count == v->room) {
		size_t room = v->room == 0 ? 64 : 2 * v->room;

		e = reallocarray(v->entries, room, sizeof(*e));
		if (e == NULL)
			return ST_NOMEM;
		v->entries = e;
		v->room = room;
	}
	e = &v->entries[v->count];
	*e = (struct zip_entry){.name.len = m->name_len,
				.local = local,
				.packed = m->packed,
				.size = m->size,
				.crc = m->crc,
				.method = m->method,
				.flags = m->flags};
	st = buf_add(&v->names, m->name, m->name_len);
	if (st == ST_OK)
		v->count++;
	return st;
}

static void
set_names(struct zip_view *v)
{
	size_t at = 0;

	for (size_t i = 0; i < v->count; i++) {
		struct span *name = &v->entries[i].name;

		name->ptr = name->len > 0 ? v->names.data + at : NULL;
		at += name->len;
	}
}

static enum status
from_directory(struct zip_view *v, const struct zip_directory *d)
{
	struct zip_directory at = *d;
	struct zip_member m = {0};
	enum status st = ST_OK;
	uint64_t local = 0;

	while (st == ST_OK && zip_directory_next(v->p, &at, &m, &local))
		st = add(v, &m, local + d->shift);
	return st;
}

static enum status
from_headers(struct zip_view *v)
{
	struct zip_member m = {0};
	enum status st = ST_OK;

	part_seek(v->p, 0);
	while (st == ST_OK && zip_next_header(v->p, UINT64_MAX)) {
		uint64_t local = v->p->pos;

		if (!zip_local(v->p, &m)) {
			part_consume(v->p, 1); /* not to find it again */
			continue;
		}
		st = add(v, &m, local);
		if (m.packed != ZIP_UNKNOWN && m.packed <= v->p->size - m.data)
			part_seek(v->p, m.data + m.packed);
	}
	return st;
}

enum status
zip_view_open(struct extractor *x, struct part *p,
	      const struct zip_directory *d, struct zip_view *v)
{
	enum status st;

	*v = (struct zip_view){.x = x, .p = p};
	buf_init(&v->names, NAMES_MAX);
	st = d != NULL ? from_directory(v, d) : from_headers(v);
	set_names(v);
	return st;
}

void
zip_view_close(struct zip_view *v)
{
	free(v->entries);
	buf_fini(&v->names);
	v->entries = NULL;
	v->count = 0;
}

void
zip_view_fill(const struct zip_entry *e, struct zip_member *m)
{
	m->flags = e->flags;
	m->method = e->method;
	m->crc = e->crc;
	m->packed = e->packed;
	m->size = e->size;
	m->name_len =
	    e->name.len < sizeof(m->name) ? e->name.len : sizeof(m->name);
	if (m->name_len > 0)
		memcpy(m->name, e->name.ptr, m->name_len);
}

/* At its content; false when that is noted and there is none. */
static bool
find_content(struct zip_view *v, const struct zip_entry *e,
	     struct zip_member *m)
{
	struct zip_member here = {0};

	zip_view_fill(e, m);
	if (e->local < v->p->size) {
		part_seek(v->p, e->local);
		if (zip_local(v->p, &here)) {
			/* the local header is a second opinion */
			m->flags |= here.flags & 1;
			m->local = here.local;
			m->data = here.data;
			return true;
		}
	}
	job_note_member(
	    v->x, e->name,
	    e->local < v->p->size ? COVER_MALFORMED : COVER_TRUNCATED, NULL);
	return false;
}

static enum status
read_entry(struct zip_view *v, struct zip_entry *e, struct span name,
	   struct zip_reader *reader)
{
	struct zip_member m = {0};
	enum status st;

	e->done = true;
	if (!job_count(v->x) || !find_content(v, e, &m))
		return ST_EOF;
	m.name_len = name.len < sizeof(m.name) ? name.len : sizeof(m.name);
	if (m.name_len > 0)
		memcpy(m.name, name.ptr, m.name_len);
	st = zip_content(v->x, v->p, &m, reader);
	return st == ST_OK && !reader->begun ? ST_EOF : st;
}

enum status
zip_view_read(struct zip_view *v, struct zip_entry *e, zip_view_reader *read,
	      void *arg)
{
	struct zip_reader r = {.read = read, .arg = arg};

	return read_entry(v, e, e->name, &r);
}

enum status
zip_view_member(struct zip_view *v, struct zip_entry *e, struct span name)
{
	struct zip_reader r = {.read = NULL};

	return read_entry(v, e, name, &r);
}
