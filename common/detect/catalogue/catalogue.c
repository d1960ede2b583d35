#include "detect/catalogue/catalogue.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "detect/catalogue/profile_folder.h"
#include "detect/catalogue/rule.h"
#include "detect/words/general.h"

#ifndef TRAWL_SHARE
#define TRAWL_SHARE "/usr/share/trawl"
#endif

/* Where the catalogue of a build tree lies, seen from the program's folder. */
static const char *const beside_program[] = {
    "../schema/catalogue",         "../../schema/catalogue",
    "../../../schema/catalogue",   "../share/trawl/catalogue",
    "../../share/trawl/catalogue", NULL};

struct loading {
	struct catalogue *cat;
	struct rule *rules; /* CATALOGUE_TYPES of them */
	size_t count;
	bool own, replace; /* what is loaded now is of one's own */
	struct buf *why;
};

static int
by_id(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	int order = strcmp(x->type->id, y->type->id);

	return order != 0 ? order : x->type->own - y->type->own;
}

static enum status
load_file(struct loading *l, const char *path)
{
	struct span bytes;
	char *name;
	enum status st;

	if (l->count == CATALOGUE_TYPES) {
		st = buf_addf(l->why, "%s: more than %d types", path,
			      CATALOGUE_TYPES);
		return st == ST_OK ? ST_LIMIT : st;
	}
	name = arena_str(&l->cat->arena, span_str(path));
	if (name == NULL)
		return ST_NOMEM;
	arena_clear(l->cat->scratch);
	st = rule_file(l->cat->scratch, path, YML_BYTES, &bytes, l->why);
	if (st == ST_OK)
		st =
		    rule_read(l->cat, name, bytes, &l->rules[l->count], l->why);
	if (st != ST_OK)
		return st;
	l->rules[l->count].type->own = l->own;
	l->rules[l->count].type->file = name;
	l->count++;
	return ST_OK;
}

static int
only_yaml(const struct dirent *e)
{
	return e->d_name[0] != '.' && str_ends(span_str(e->d_name), ".yaml");
}

static int
only_plain(const struct dirent *e)
{
	return e->d_name[0] != '.' && strcmp(e->d_name, PROFILE_FOLDER) != 0;
}

static void
free_names(struct dirent **names, int n)
{
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

static enum status
load_group(struct loading *l, const char *dir, const char *group)
{
	char path[PATH_MAX];
	struct dirent **names;
	enum status st = ST_OK;
	int n, len;

	len = snprintf(path, sizeof(path), "%s/%s", dir, group);
	if (len < 0 || (size_t)len >= sizeof(path))
		return ST_LIMIT;
	n = scandir(path, &names, only_yaml, alphasort);
	if (n < 0 && (errno == ENOTDIR || errno == ENOENT))
		return ST_OK; /* a file beside the groups, or gone meanwhile */
	if (n < 0) {
		st = status_of_errno(errno);
		(void)!buf_addf(l->why, "%s: a group of the catalogue: %s",
				path, status_text(st));
		return st;
	}
	for (int i = 0; st == ST_OK && i < n; i++) {
		len = snprintf(path, sizeof(path), "%s/%s/%s", dir, group,
			       names[i]->d_name);
		st = len < 0 || (size_t)len >= sizeof(path)
			 ? ST_LIMIT
			 : load_file(l, path);
	}
	free_names(names, n);
	return st;
}

static enum status
load_folder(struct loading *l, const char *dir)
{
	size_t before = l->count;
	struct dirent **names;
	enum status st = ST_OK;
	int n = scandir(dir, &names, only_plain, alphasort);

	if (n < 0) {
		st = status_of_errno(errno);
		(void)!buf_addf(l->why, "%s: the catalogue's folder: %s", dir,
				status_text(st));
		return st;
	}
	for (int i = 0; st == ST_OK && i < n; i++)
		st = load_group(l, dir, names[i]->d_name);
	free_names(names, n);
	if (st == ST_OK && l->count == before) {
		(void)!buf_addf(l->why, "%s: no catalogue file in it", dir);
		st = ST_NOTFOUND;
	}
	return st;
}

/* A file, or a folder with files, or with groups of them. */
static enum status
load_own(struct loading *l, const char *path)
{
	size_t before = l->count;
	struct stat sb;
	enum status st;

	l->own = true;
	if (stat(path, &sb) == 0 && !S_ISDIR(sb.st_mode))
		return load_file(l, path);
	st = load_group(l, path, ".");
	if (st == ST_OK)
		st = load_folder(l, path);
	if (st == ST_NOTFOUND && l->count > before) {
		buf_clear(l->why);
		st = ST_OK;
	}
	return st;
}

static enum status
bits_of(struct catalogue *c, const uint16_t *ids, size_t count,
	const uint64_t **out)
{
	uint64_t *bits;

	if (count == 0)
		return ST_OK;
	bits = arena_array(&c->arena, c->words.ids / 64 + 1, sizeof(*bits));
	if (bits == NULL)
		return ST_NOMEM;
	for (size_t i = 0; i < count; i++)
		bits[ids[i] / 64] |= UINT64_C(1) << (ids[i] % 64);
	*out = bits;
	return ST_OK;
}

/* No id twice; one's own may stand for that of the catalogue. */
static enum status
unite(struct loading *l)
{
	size_t n = 0;

	qsort(l->rules, l->count, sizeof(*l->rules), by_id);
	for (size_t i = 0; i < l->count; i++) {
		const struct data_type *t = l->rules[i].type, *last;

		last = n > 0 ? l->rules[n - 1].type : NULL;
		if (last != NULL && strcmp(last->id, t->id) == 0) {
			if (!l->replace || last->own || !t->own) {
				(void)!buf_addf(l->why,
						"%s: field 'id' '%s' is taken "
						"by %s",
						t->file, t->id, last->file);
				return ST_MALFORMED;
			}
			n--;
		}
		l->rules[n++] = l->rules[i];
	}
	l->count = n;
	return ST_OK;
}

static enum status
load_all(struct loading *l, const char *dir, const struct catalogue_own *own)
{
	struct arena scratch;
	enum status st;

	arena_init(&scratch, CATALOGUE_BYTES);
	l->cat->scratch = &scratch;
	st = load_folder(l, dir);
	for (size_t i = 0; st == ST_OK && i < own->count; i++)
		st = load_own(l, own->paths[i]);
	l->cat->scratch = NULL;
	arena_fini(&scratch);
	return st;
}

/* Once all words are known: word sets; types in order. */
static enum status
settle(struct loading *l)
{
	struct catalogue *c = l->cat;
	enum status st = unite(l);

	if (st != ST_OK)
		return st;
	c->types = arena_array(&c->arena, l->count, sizeof(struct data_type *));
	if (c->types == NULL)
		return ST_NOMEM;
	for (size_t i = 0; st == ST_OK && i < l->count; i++) {
		struct rule *r = &l->rules[i];

		c->types[i] = r->type;
		st =
		    bits_of(c, r->words_for, r->for_count, &r->type->words_for);
		if (st == ST_OK)
			st = bits_of(c, r->words_against, r->against_count,
				     &r->type->words_against);
		if (st == ST_OK)
			st = bits_of(c, r->words_columns, r->column_count,
				     &r->type->words_columns);
		if (st == ST_OK)
			st = bits_of(c, r->words_general, r->general_count,
				     &r->type->words_general);
	}
	c->count = l->count;
	return st == ST_OK ? general_words(c) : st;
}

static enum status
load(struct loading *l, const char *dir, const struct catalogue_own *own)
{
	struct catalogue *c = l->cat;
	enum status st = words_init(&c->words);

	c->dir = arena_str(&c->arena, span_str(dir));
	if (st == ST_OK && c->dir == NULL)
		st = ST_NOMEM;
	if (own->count > 0)
		c->own = own->paths;
	c->own_count = own->count;
	if (st == ST_OK)
		st = load_all(l, dir, own);
	if (st == ST_OK)
		st = settle(l);
	if (st == ST_OK)
		st = words_keep(&c->words, &c->arena);
	c->word_files = NULL;
	return st;
}

/* The struct lies in the arena that it has. */
static struct catalogue *
begin(void *memory, size_t room)
{
	struct catalogue *c;
	struct arena a;

	if (memory == NULL)
		arena_init(&a, CATALOGUE_BYTES);
	else
		arena_lend(&a, memory, room);
	c = arena_take(&a, sizeof(*c));
	if (c != NULL)
		c->arena = a;
	return c;
}

enum status
catalogue_open(const char *dir, struct catalogue **out, struct buf *why)
{
	const struct catalogue_own none = {.count = 0};

	return catalogue_open_with(dir, &none, out, why);
}

enum status
catalogue_open_with(const char *dir, const struct catalogue_own *own,
		    struct catalogue **out, struct buf *why)
{
	return catalogue_open_in(dir, own, NULL, 0, out, why);
}

enum status
catalogue_open_in(const char *dir, const struct catalogue_own *own,
		  void *memory, size_t room, struct catalogue **out,
		  struct buf *why)
{
	struct loading l = {.why = why, .replace = own->replace};
	enum status st = ST_NOMEM;

	l.cat = begin(memory, room);
	if (l.cat == NULL)
		return ST_NOMEM;
	l.rules = calloc(CATALOGUE_TYPES, sizeof(*l.rules));
	if (l.rules != NULL)
		st = load(&l, dir, own);
	free(l.rules);
	if (st == ST_OK)
		*out = l.cat;
	else
		catalogue_close(l.cat);
	return st;
}

#define LINKED_PIECE ((size_t)32 * 1024)

void *
catalogue_linked(struct catalogue *c, size_t count, size_t size)
{
	const size_t step = alignof(max_align_t);
	size_t n;
	void *p;

	if (__builtin_mul_overflow(count, size, &n) || n > LINKED_PIECE - step)
		return arena_array(&c->arena, count, size);
	n = (n + step - 1) / step * step;
	if (n > c->linked_left) {
		c->linked_left = 0;
		c->linked = arena_take(&c->arena, LINKED_PIECE);
		if (c->linked == NULL)
			return NULL;
		c->linked_left = LINKED_PIECE;
	}
	p = c->linked;
	c->linked += n;
	c->linked_left -= n;
	return p;
}

enum status
catalogue_link(struct catalogue *c, const void *field)
{
	return c->arena.lent ? image_link(&c->links, field) : ST_OK;
}

void
catalogue_close(struct catalogue *c)
{
	struct arena a;

	if (c == NULL)
		return;
	if (!c->words.kept)
		words_fini(&c->words);
	if (c->links.at != NULL)
		image_links_fini(&c->links);
	a = c->arena; /* c lies in it, perhaps where nothing can be written */
	arena_fini(&a);
}

static bool
is_folder(const char *path)
{
	struct stat sb;

	return stat(path, &sb) == 0 && S_ISDIR(sb.st_mode);
}

/* dir becomes <folder of the program>/<tail>; false when that is none. */
static bool
beside(const char *tail, char *dir, size_t room)
{
	char exe[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	int len;

	if (n <= 0)
		return false;
	exe[n] = 0;
	slash = strrchr(exe, '/');
	if (slash == NULL)
		return false;
	*slash = 0;
	len = snprintf(dir, room, "%s/%s", exe, tail);
	return len > 0 && (size_t)len < room && is_folder(dir);
}

enum status
catalogue_folder(char *dir, size_t room, struct buf *why)
{
	const char *named = getenv("TRAWL_CATALOGUE"); /* NOLINT: at start */
	enum status st;
	int len;

	/*
	 * A program in a build folder takes the catalogue of its own tree, an
	 * installed one that of its own prefix, so that one of another
	 * installation does not mix in.
	 */
	for (size_t i = 0; named == NULL && beside_program[i] != NULL; i++)
		if (beside(beside_program[i], dir, room))
			return ST_OK;
	len = snprintf(dir, room, "%s",
		       named != NULL ? named : TRAWL_SHARE "/catalogue");
	if (len > 0 && (size_t)len < room && is_folder(dir))
		return ST_OK;
	st = buf_addf(why,
		      "no catalogue of data types in %s; install it or set "
		      "TRAWL_CATALOGUE to its folder",
		      dir);
	return st == ST_OK ? ST_NOTFOUND : st;
}
