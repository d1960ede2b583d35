#include "detect/profile.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/glob.h"
#include "base/str.h"
#include "detect/field.h"

/* The loader of its fields; what is read goes to the one that is open. */
struct loader {
	struct field_loader l; /* first: the readers are handed this */
	struct profile *p;
	struct selector *s;
};

static struct loader *
loader_of(struct field_loader *l)
{
	return (struct loader *)l;
}

/* ---- selectors ----------------------------------------------------------- */

static bool
is_pattern(struct span s)
{
	return str_find(s, '*') < s.len || str_find(s, '?') < s.len ||
	       str_find(s, '[') < s.len;
}

static bool
is_known(const struct catalogue *c, struct span id)
{
	for (size_t i = 0; i < c->count; i++)
		if (str_is(id, c->types[i]->id))
			return true;
	return false;
}

/* One value of a list that is not allowed, and where to read what is. */
static enum status
wrong_value(struct field_loader *l, const struct yml_node *n, const char *field,
	    struct span value, const char *what)
{
	enum status st =
	    buf_addf(l->why, "%s:%u: field '%s' '%.*s' %s", l->file, n->line,
		     field, (int)(value.len > 80 ? 80 : value.len),
		     (const char *)value.ptr, what);

	return st == ST_OK ? ST_MALFORMED : st;
}

static enum status
read_types(struct field_loader *l, const struct yml_node *n)
{
	struct selector *s = loader_of(l)->s;
	enum status st = field_spans(l, n, "types", &s->types, &s->type_count);

	for (size_t i = 0; st == ST_OK && i < s->type_count; i++)
		if (!is_pattern(s->types[i]) && !is_known(l->cat, s->types[i]))
			st = wrong_value(l, n, "types", s->types[i],
					 "is no data type; see trawl types");
	return st;
}

/* A list of words that are all in a table. */
static enum status
read_known(struct field_loader *l, const struct yml_node *n,
	   const char *const *allowed, const struct span **out, size_t *count)
{
	enum status st = field_spans(l, n, n->key, out, count);

	for (size_t i = 0; st == ST_OK && i < *count; i++) {
		size_t k = 0;

		while (allowed[k] != NULL && !str_is((*out)[i], allowed[k]))
			k++;
		if (allowed[k] != NULL)
			continue;
		st = wrong_value(l, n, n->key, (*out)[i],
				 "is not known; allowed:");
		for (k = 0; st == ST_MALFORMED && allowed[k] != NULL; k++)
			if (buf_addf(l->why, " %s", allowed[k]) != ST_OK)
				st = ST_NOMEM;
	}
	return st;
}

static enum status
read_categories(struct field_loader *l, const struct yml_node *n)
{
	struct selector *s = loader_of(l)->s;

	return read_known(l, n, rule_categories, &s->categories,
			  &s->category_count);
}

static enum status
read_risks(struct field_loader *l, const struct yml_node *n)
{
	struct selector *s = loader_of(l)->s;

	return read_known(l, n, rule_risks, &s->risks, &s->risk_count);
}

static enum status
read_countries(struct field_loader *l, const struct yml_node *n)
{
	struct selector *s = loader_of(l)->s;
	enum status st =
	    field_spans(l, n, "countries", &s->countries, &s->country_count);

	for (size_t i = 0; st == ST_OK && i < s->country_count; i++)
		if (!rule_is_country(s->countries[i]))
			st =
			    wrong_value(l, n, "countries", s->countries[i],
					"must be two capital letters or \"*\"");
	return st;
}

static enum status
read_default(struct field_loader *l, const struct yml_node *n)
{
	return field_bool(l, n, "default", &loader_of(l)->s->by_default);
}

static const struct field selector_fields[] = {
    {"types", read_types, false},
    {"categories", read_categories, false},
    {"countries", read_countries, false},
    {"risks", read_risks, false},
    {"default", read_default, false},
    {NULL, NULL, false},
};

static enum status
read_selectors(struct field_loader *l, const struct yml_node *n,
	       const struct selector **out, size_t *count)
{
	enum status st = field_kind(l, n, n->key, YML_LIST);
	struct selector *list;

	if (st != ST_OK)
		return st;
	if (n->count == 0 || n->count > PROFILE_SELECTORS)
		return field_wrong(l, n, n->key, "must be a list of 1 to 64");
	list = arena_array(&l->cat->arena, n->count, sizeof(*list));
	if (list == NULL)
		return ST_NOMEM;
	*out = list;
	for (const struct yml_node *c = n->first; st == ST_OK && c != NULL;
	     c = c->next) {
		loader_of(l)->s = &list[(*count)++];
		st = field_map(l, c, n->key, selector_fields);
		if (st == ST_OK && c->count == 0)
			st = field_wrong(l, c, n->key,
					 "has a selector that says nothing");
	}
	return st;
}

/* ---- the file ------------------------------------------------------------ */

static enum status
read_id(struct field_loader *l, const struct yml_node *n)
{
	struct profile *p = loader_of(l)->p;
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
	return field_text(l, n, "name", &loader_of(l)->p->name);
}

static enum status
read_about(struct field_loader *l, const struct yml_node *n)
{
	return field_text(l, n, "about", &loader_of(l)->p->about);
}

static enum status
read_version(struct field_loader *l, const struct yml_node *n)
{
	uint64_t v = 0;
	enum status st = field_number(l, n, "version", 1000000, &v);

	if (st == ST_OK && v == 0)
		return field_wrong(l, n, "version", "begins at 1");
	loader_of(l)->p->version = (unsigned)v;
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
	loader_of(l)->p->date = d;
	return ST_OK;
}

static enum status
read_include(struct field_loader *l, const struct yml_node *n)
{
	struct profile *p = loader_of(l)->p;

	return read_selectors(l, n, &p->include, &p->include_count);
}

static enum status
read_exclude(struct field_loader *l, const struct yml_node *n)
{
	struct profile *p = loader_of(l)->p;

	return read_selectors(l, n, &p->exclude, &p->exclude_count);
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

/* ---- the folders --------------------------------------------------------- */

/* Folder i: those of one's own rules, then that of the catalogue. */
static const char *
folder(const struct catalogue *c, size_t i)
{
	if (i < c->own_count)
		return c->own[i];
	return i == c->own_count ? c->dir : NULL;
}

static enum status
load(struct catalogue *c, const char *path, struct profile **out,
     struct buf *why)
{
	char *file = arena_str(&c->arena, span_str(path));
	struct span bytes;
	enum status st;

	if (file == NULL)
		return ST_NOMEM;
	st = rule_file(&c->arena, file, YML_BYTES, &bytes, why);
	return st == ST_OK ? profile_read(c, file, bytes, out, why) : st;
}

static int
only_yaml(const struct dirent *e)
{
	return e->d_name[0] != '.' && str_ends(span_str(e->d_name), ".yaml");
}

static bool
has_name(struct profile *const *list, size_t n, const char *file)
{
	size_t len = strlen(file) - strlen(".yaml");

	for (size_t i = 0; i < n; i++)
		if (str_is(span_of(file, len), list[i]->id))
			return true;
	return false;
}

/* The profiles of one folder that have no name twice. */
static enum status
load_folder(struct catalogue *c, const char *dir, struct profile **out,
	    size_t room, size_t *count, struct buf *why)
{
	char path[PATH_MAX];
	struct dirent **names;
	enum status st = ST_OK;
	int n = snprintf(path, sizeof(path), "%s/" PROFILE_FOLDER, dir);

	if (n < 0 || (size_t)n >= sizeof(path))
		return ST_LIMIT;
	n = scandir(path, &names, only_yaml, alphasort);
	if (n < 0)
		return errno == ENOMEM ? ST_NOMEM : ST_OK; /* it has none */
	for (int i = 0; i < n; i++) {
		int len =
		    snprintf(path, sizeof(path), "%s/" PROFILE_FOLDER "/%s",
			     dir, names[i]->d_name);

		if (st != ST_OK || has_name(out, *count, names[i]->d_name))
			continue;
		if (len < 0 || (size_t)len >= sizeof(path) || *count == room)
			st = ST_LIMIT;
		else
			st = load(c, path, &out[*count], why);
		*count += st == ST_OK;
	}
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return st;
}

static int
by_id(const void *a, const void *b)
{
	const struct profile *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

enum status
profile_all(struct catalogue *c, struct profile **out, size_t room,
	    size_t *count, struct buf *why)
{
	enum status st = ST_OK;
	const char *dir;

	*count = 0;
	for (size_t i = 0; st == ST_OK && (dir = folder(c, i)) != NULL; i++)
		st = load_folder(c, dir, out, room, count, why);
	if (st == ST_OK)
		qsort(out, *count, sizeof(struct profile *), by_id);
	return st;
}

static enum status
not_there(struct catalogue *c, struct span name, struct buf *why)
{
	struct profile *all[PROFILES_MAX];
	size_t count;
	enum status st = profile_all(c, all, PROFILES_MAX, &count, why);

	if (st != ST_OK)
		return st;
	st = buf_addf(why, "no profile is called '%.*s'; there are:",
		      (int)(name.len > 80 ? 80 : name.len),
		      (const char *)name.ptr);
	for (size_t i = 0; st == ST_OK && i < count; i++)
		st = buf_addf(why, " %s", all[i]->id);
	return st == ST_OK ? ST_NOTFOUND : st;
}

/* The first file of that name; false when there is none. */
static bool
locate(const struct catalogue *c, struct span name, char path[PATH_MAX])
{
	const char *dir;

	for (size_t i = 0; i < name.len; i++) /* it is no path */
		if (name.ptr[i] == '/' || name.ptr[i] == '.' ||
		    name.ptr[i] == 0)
			return false;
	for (size_t i = 0; (dir = folder(c, i)) != NULL; i++) {
		int n =
		    snprintf(path, PATH_MAX, "%s/" PROFILE_FOLDER "/%.*s.yaml",
			     dir, (int)(name.len > 80 ? 80 : name.len),
			     (const char *)name.ptr);

		if (n > 0 && n < PATH_MAX && access(path, F_OK) == 0)
			return true;
	}
	return false;
}

bool
profile_is_there(const struct catalogue *c, struct span name)
{
	char path[PATH_MAX];

	return locate(c, name, path);
}

enum status
profile_find(struct catalogue *c, struct span name, struct profile **out,
	     struct buf *why)
{
	char path[PATH_MAX];

	return locate(c, name, path) ? load(c, path, out, why)
				     : not_there(c, name, why);
}

/* ---- choosing ------------------------------------------------------------ */

static bool
says(const struct span *list, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(list[i], word))
			return true;
	return n == 0;
}

static bool
in_countries(const struct selector *s, const char *countries)
{
	struct span rest = span_str(countries), one;

	while (str_next(&rest, ',', &one))
		for (size_t i = 0; i < s->country_count; i++)
			if (span_eq(s->countries[i], one))
				return true;
	return s->country_count == 0;
}

static bool
takes(const struct selector *s, const struct data_type *t)
{
	bool named = s->type_count == 0;

	for (size_t i = 0; !named && i < s->type_count; i++)
		named = glob_id(s->types[i], span_str(t->id));
	return named && says(s->categories, s->category_count, t->category) &&
	       says(s->risks, s->risk_count, t->risk) &&
	       in_countries(s, t->countries) &&
	       (!s->by_default || t->by_default);
}

static bool
any_takes(const struct selector *s, size_t n, const struct data_type *t)
{
	for (size_t i = 0; i < n; i++)
		if (takes(&s[i], t))
			return true;
	return false;
}

bool
profile_has(const struct profile *p, const struct data_type *t)
{
	return any_takes(p->include, p->include_count, t) &&
	       !any_takes(p->exclude, p->exclude_count, t);
}
