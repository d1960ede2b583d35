#include "extract/office/rels.h"

#include <stdlib.h>
#include <string.h>

#define MEMBER_MAX (4u * 1024)
#define NAMES_MAX  (16u << 20)

struct look {
	const struct xml_walk *walk;
	void *arg;
};

static enum status
look_at(void *arg, struct extractor *x, struct part *p)
{
	const struct look *l = arg;
	bool whole;

	return xml_read(x, p, l->walk, l->arg, &whole);
}

enum status
rels_look(struct zip_view *v, struct zip_entry *e, const struct xml_walk *walk,
	  void *arg)
{
	struct look l = {walk, arg};
	enum status st;

	if (e == NULL || v->x->stop)
		return ST_OK;
	st = zip_view_read(v, e, look_at, &l);
	if (st == ST_OK) {
		e->done = false;
		v->x->result->members--; /* it will be counted again */
	}
	return st == ST_EOF ? ST_OK : st;
}

static size_t
keep(struct rels *r, struct span s)
{
	size_t at = r->names.len;

	r->st = buf_add(&r->names, s.ptr, s.len);
	if (r->st == ST_OK)
		r->st = buf_add_byte(&r->names, 0);
	return at;
}

static void
add_rel(struct rels *r, const struct xml_tag *t)
{
	struct rel *more;

	if (r->count == RELS_MAX || r->names.len > NAMES_MAX / 2)
		return;
	if (r->count == r->room) {
		size_t room = r->room == 0 ? 16 : 2 * r->room;

		more = reallocarray(r->list, room, sizeof(*more));
		if (more == NULL)
			return;
		r->list = more;
		r->room = room;
	}
	more = &r->list[r->count];
	more->id = keep(r, xml_attr(t, "Id"));
	if (r->st == ST_OK)
		more->type = keep(r, xml_attr(t, "Type"));
	if (r->st == ST_OK)
		more->target = keep(r, xml_attr(t, "Target"));
	if (r->st == ST_OK)
		r->count++;
}

static unsigned
on_open(void *arg, const struct xml_tag *t)
{
	if (xml_is(t->name, "Relationship"))
		add_rel(arg, t);
	return 0;
}

/* Length of the folder that a part stands in, with its slash. */
static size_t
folder(struct span part)
{
	while (part.len > 0 && part.ptr[part.len - 1] != '/')
		part.len--;
	return part.len;
}

enum status
rels_read(struct zip_view *v, struct span part, struct rels *r)
{
	static const struct xml_walk walk = {.open = on_open};
	size_t n = folder(part);
	enum status st;
	struct buf name;

	*r = (struct rels){.st = ST_OK};
	buf_init(&r->names, NAMES_MAX);
	buf_init(&name, MEMBER_MAX + 64);
	if (part.len > MEMBER_MAX)
		part.len = n = 0;
	st = buf_addf(&name, "%.*s_rels/%.*s.rels", (int)n,
		      (const char *)part.ptr, (int)(part.len - n),
		      (const char *)part.ptr + n);
	if (st == ST_OK) /* the folder is the beginning of the names */
		st =
		    buf_addf(&r->names, "%.*s", (int)n, (const char *)part.ptr);
	if (st == ST_OK)
		st = buf_add_byte(&r->names, 0);
	if (st == ST_OK)
		st = rels_look(v, zip_view_find(v, buf_span(&name)), &walk, r);
	buf_fini(&name);
	return st;
}

void
rels_close(struct rels *r)
{
	free(r->list);
	r->list = NULL;
	r->count = 0;
	buf_fini(&r->names);
}

static const char *
string(const struct rels *r, size_t at)
{
	return (const char *)r->names.data + at;
}

const char *
rels_type(const struct rels *r, size_t i)
{
	const char *s = string(r, r->list[i].type);
	const char *slash = strrchr(s, '/');

	return slash != NULL ? slash + 1 : s;
}

const char *
rels_id(const struct rels *r, size_t i)
{
	return string(r, r->list[i].id);
}

/* "../a/b" from "x/y/" is "x/a/b". */
struct zip_entry *
rels_target(const struct rels *r, size_t i, const struct zip_view *v)
{
	const char *t = string(r, r->list[i].target);
	struct span dir = span_str(string(r, 0));
	struct zip_entry *e = NULL;
	struct buf name;

	if (*t == '/') {
		dir.len = 0;
		t++;
	}
	for (;;) {
		if (strncmp(t, "./", 2) == 0) {
			t += 2;
			continue;
		}
		if (strncmp(t, "../", 3) != 0)
			break;
		t += 3;
		if (dir.len > 0)
			dir.len--;
		dir.len = folder(dir);
	}
	buf_init(&name, 2 * MEMBER_MAX);
	if (buf_addf(&name, "%.*s%s", (int)dir.len, (const char *)dir.ptr, t) ==
	    ST_OK)
		e = zip_view_find(v, buf_span(&name));
	buf_fini(&name);
	return e;
}

struct zip_entry *
rels_find(const struct rels *r, struct span id, const struct zip_view *v)
{
	for (size_t i = 0; id.ptr != NULL && i < r->count; i++)
		if (span_eq(span_str(rels_id(r, i)), id))
			return rels_target(r, i, v);
	return NULL;
}
