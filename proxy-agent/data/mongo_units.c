#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/data/mongo_impl.h"

static enum status
add_unit(struct source *s, const char *base, const char *name,
	 enum mongo_kind kind)
{
	struct unit u = {.kind = kind};

	if (s->count == s->room) {
		size_t room = s->room == 0 ? 64 : s->room * 2;
		struct unit *more = reallocarray(s->units, room, sizeof(*more));

		if (more == NULL)
			return ST_NOMEM;
		s->units = more;
		s->room = room;
	}
	u.base = strdup(base);
	u.name = strdup(name);
	if (u.base == NULL || u.name == NULL) {
		free(u.base);
		free(u.name);
		return ST_NOMEM;
	}
	s->units[s->count++] = u;
	return ST_OK;
}

static const char *
only(const struct source *s)
{
	return (const char *)s->only.data;
}

static enum status
see_collection(void *arg, const char *name, enum mongo_kind kind)
{
	struct source *s = arg;
	const struct sql_place place = {.database = s->listing,
					.name = span_str(name)};
	enum sql_wish wish = sql_choice_of(&s->choice, place);
	enum status st;

	if (only(s)[0] != 0 && strcmp(only(s), name) != 0)
		return ST_OK;
	if (only(s)[0] == 0 && (strncmp(name, "system.", 7) == 0 ||
				(kind == MONGO_VIEW && !s->views)))
		return ST_OK;
	if (wish == SQL_UNWANTED)
		return ST_OK;
	st = add_unit(s, s->listing, name, kind);
	if (st == ST_OK)
		s->units[s->count - 1].by_field = wish == SQL_BY_COLUMN;
	return st;
}

static enum status
see_base(void *arg, const char *name, enum mongo_kind kind)
{
	struct source *s = arg;

	(void)kind;
	if (strcmp(name, "local") == 0 || strcmp(name, "config") == 0 ||
	    !sql_choice_enters(&s->choice, name))
		return ST_OK;
	return add_unit(s, name, "", MONGO_COLLECTION);
}

static int
by_name(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;
	int c = strcmp(x->base, y->base);

	return c != 0 ? c : strcmp(x->name, y->name);
}

static bool
has_suffix(const char *name, const char *suffix, size_t *len)
{
	size_t n = strlen(name), m = strlen(suffix);

	*len = n < m ? 0 : n - m;
	return n > m && strcmp(name + n - m, suffix) == 0;
}

static bool
belong_together(const struct unit *files, const struct unit *pieces)
{
	size_t n, m;

	return has_suffix(files->name, ".files", &n) &&
	       has_suffix(pieces->name, ".chunks", &m) && n == m &&
	       strcmp(files->base, pieces->base) == 0 &&
	       strncmp(files->name, pieces->name, n) == 0;
}

static void
drop_unit(struct unit *u)
{
	free(u->base);
	free(u->name);
}

static bool
has_data(const struct source *s, const struct unit *pieces)
{
	struct mongo_choice c = mongo_choice_of(s, pieces);

	return !pieces->by_field ||
	       mongo_choice_ask(&c, span_str("data")) == MONGO_TAKE;
}

/* "fs.files" and "fs.chunks" are one: files, and what they hold. */
static void
pair_files(struct source *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->count; i++)
		for (size_t j = 0; j < s->count; j++)
			if (belong_together(&s->units[i], &s->units[j])) {
				s->units[i].files = has_data(s, &s->units[j]);
				s->units[j].pieces = true;
			}
	for (size_t i = 0; i < s->count; i++)
		if (s->units[i].pieces)
			drop_unit(&s->units[i]);
		else
			s->units[kept++] = s->units[i];
	s->count = kept;
}

static enum status
find_bases(struct source *s)
{
	if (s->base.data[0] == 0)
		return mongo_link_bases(s->link, see_base, s);
	return add_unit(s, (const char *)s->base.data, "", MONGO_COLLECTION);
}

/* The bases make room for what they hold. */
static enum status
open_bases(struct source *s)
{
	struct unit *bases = s->units;
	size_t count = s->count;
	enum status st = ST_OK;

	s->units = NULL;
	s->count = s->room = 0;
	for (size_t i = 0; i < count; i++) {
		s->listing = bases[i].base;
		if (st == ST_OK)
			st = mongo_link_collections(s->link, s->listing,
						    see_collection, s);
		drop_unit(&bases[i]);
	}
	s->listing = NULL;
	free(bases);
	return st;
}

enum status
mongo_find_units(struct source *s)
{
	enum status st = find_bases(s);

	if (st == ST_OK && !(s->browse && s->base.data[0] == 0))
		st = open_bases(s);
	if (st == ST_OK && s->count == 0 && only(s)[0] != 0)
		st = ST_NOTFOUND;
	if (st != ST_OK || s->count == 0)
		return st;
	qsort(s->units, s->count, sizeof(*s->units), by_name);
	pair_files(s);
	return ST_OK;
}

void
mongo_drop_units(struct source *s)
{
	for (size_t i = 0; i < s->count; i++)
		drop_unit(&s->units[i]);
	free(s->units);
	s->units = NULL;
	s->count = s->room = 0;
}

enum status
mongo_cursor_of(const struct source *s, struct buf *to)
{
	const struct unit *u;
	enum status st;

	if (s->at == 0 || s->at > s->count)
		return ST_OK;
	u = &s->units[s->at - 1];
	st = buf_add_str(to, u->base);
	if (st == ST_OK)
		st = buf_add_byte(to, 0);
	return st == ST_OK ? buf_add_str(to, u->name) : st;
}

void
mongo_go_behind(struct source *s, struct span cursor)
{
	size_t n = str_find(cursor, 0);
	char base[512], name[512];
	const struct unit was = {.base = base, .name = name};

	if (cursor.len == 0 ||
	    str_copy(base, sizeof(base), span_of(cursor.ptr, n)) != ST_OK ||
	    str_copy(name, sizeof(name), span_skip(cursor, n + 1)) != ST_OK)
		return;
	while (s->at < s->count && by_name(&s->units[s->at], &was) <= 0)
		s->at++;
}
