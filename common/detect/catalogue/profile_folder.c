#include "detect/catalogue/profile_folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "detect/catalogue/rule.h"
#include "detect/catalogue/yml.h"

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
