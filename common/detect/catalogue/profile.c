#include "detect/catalogue/profile.h"

#include <string.h>

#include "detect/catalogue/field.h"

/* The loader of its fields; what is read goes to the one that is open. */
struct loader {
	struct field_loader l; /* first: the readers are handed this */
	struct profile *p;
};

static struct profile *
open_one(struct field_loader *l)
{
	return ((struct loader *)l)->p;
}

static enum status
read_id(struct field_loader *l, const struct yml_node *n)
{
	struct profile *p = open_one(l);
	enum status st = field_text(l, n, "id", &p->id);
	const char *base = strrchr(l->file, '/');
	size_t len;

	if (st != ST_OK)
		return st;
	len = strlen(p->id);
	base = base == NULL ? l->file : base + 1;
	if (strspn(p->id, "abcdefghijklmnopqrstuvwxyz0123456789_") != len ||
	    len > PROFILE_ID_MAX)
		return field_wrong(l, n, "id",
				   "may have a-z 0-9 _ and 48 bytes");
	if (strncmp(base, p->id, len) != 0 || strcmp(base + len, ".yaml") != 0)
		return field_wrong(l, n, "id", "must be the name of the file");
	return ST_OK;
}

static enum status
read_name(struct field_loader *l, const struct yml_node *n)
{
	return field_text(l, n, "name", &open_one(l)->name);
}

static enum status
read_about(struct field_loader *l, const struct yml_node *n)
{
	return field_text(l, n, "about", &open_one(l)->about);
}

static enum status
read_version(struct field_loader *l, const struct yml_node *n)
{
	uint64_t v = 0;
	enum status st = field_number(l, n, "version", 1000000, &v);

	if (st == ST_OK && v == 0)
		return field_wrong(l, n, "version", "begins at 1");
	open_one(l)->version = (unsigned)v;
	return st;
}

static enum status
read_date(struct field_loader *l, const struct yml_node *n)
{
	static const char like[] = "0000-00-00";
	const char *d = NULL;
	enum status st = field_text(l, n, "date", &d);

	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < sizeof(like); i++)
		if (like[i] == '0' ? d[i] < '0' || d[i] > '9' : d[i] != like[i])
			return field_wrong(l, n, "date",
					   "must be a day, \"2026-11-22\"");
	open_one(l)->date = d;
	return ST_OK;
}

static enum status
read_include(struct field_loader *l, const struct yml_node *n)
{
	struct profile *p = open_one(l);

	return selectors_read(l, n, &p->include, &p->include_count);
}

static enum status
read_exclude(struct field_loader *l, const struct yml_node *n)
{
	struct profile *p = open_one(l);

	return selectors_read(l, n, &p->exclude, &p->exclude_count);
}

static const struct field profile_fields[] = {
    {"id", read_id, true},
    {"name", read_name, true},
    {"about", read_about, true},
    {"version", read_version, true},
    {"date", read_date, true},
    {"include", read_include, true},
    {"exclude", read_exclude, false},
    {NULL, NULL, false},
};

enum status
profile_read(struct catalogue *c, const char *file, struct span bytes,
	     struct profile **out, struct buf *why)
{
	struct loader l = {.l = {.cat = c, .file = file, .why = why}};
	struct yml_node *root;
	enum status st;

	l.p = arena_take(&c->arena, sizeof(*l.p));
	if (l.p == NULL)
		return ST_NOMEM;
	st = buf_add_str(why, file);
	if (st == ST_OK)
		st = yml_parse(bytes, &c->arena, &root, why);
	if (st != ST_OK)
		return st;
	buf_clear(why);
	st = field_map(&l.l, root, "file", profile_fields);
	if (st == ST_OK)
		*out = l.p;
	return st;
}

bool
profile_has(const struct profile *p, const struct data_type *t)
{
	return selectors_take(p->include, p->include_count, t) &&
	       !selectors_take(p->exclude, p->exclude_count, t);
}
