#include "proxy-agent/source/sql/list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static char *
copy(struct span s)
{
	if (s.ptr == NULL)
		s = span_str("");
	return str_find(s, 0) < s.len ? NULL
				      : strndup((const char *)s.ptr, s.len);
}

static void
release(struct sql_entry *e)
{
	free(e->database);
	free(e->schema);
	free(e->name);
	free(e->words);
}

static bool
make_room(struct sql_list *l)
{
	size_t room = l->room == 0 ? 64 : l->room * 2;
	struct sql_entry *more = reallocarray(l->entries, room, sizeof(*more));

	if (more == NULL)
		return false;
	l->entries = more;
	l->room = room;
	return true;
}

static enum status
append(struct sql_list *l, struct sql_entry *e)
{
	bool whole =
	    e->database != NULL && e->schema != NULL && e->name != NULL;

	if (!whole || (l->count == l->room && !make_room(l))) {
		release(e);
		return ST_NOMEM;
	}
	l->entries[l->count++] = *e;
	return ST_OK;
}

enum status
sql_list_add(struct sql_list *l, const char *database, struct span schema,
	     struct span name, char kind)
{
	struct sql_entry e = {
	    .database = strdup(database),
	    .schema = copy(schema),
	    .name = copy(name),
	    .kind = kind,
	};

	return append(l, &e);
}

enum status
sql_list_add_closed(struct sql_list *l, const char *database, enum status why,
		    struct span words)
{
	struct sql_entry e = {
	    .database = strdup(database),
	    .schema = strdup(""),
	    .name = strdup(""),
	    .st = why,
	    .words = copy(words),
	};

	return append(l, &e);
}

static int
order(const void *a, const void *b)
{
	const struct sql_entry *x = a, *y = b;
	int c = strcmp(x->database, y->database);

	if (c == 0)
		c = strcmp(x->schema, y->schema);
	return c != 0 ? c : strcmp(x->name, y->name);
}

void
sql_list_sort(struct sql_list *l)
{
	if (l->count > 1)
		qsort(l->entries, l->count, sizeof(*l->entries), order);
}

void
sql_list_fini(struct sql_list *l)
{
	for (size_t i = 0; i < l->count; i++)
		release(&l->entries[i]);
	free(l->entries);
	*l = (struct sql_list){0};
}

/* ---- positions ---- */

enum status
sql_entry_cursor(const struct sql_entry *e, struct buf *to)
{
	enum status st = buf_add(to, e->database, strlen(e->database) + 1);

	if (st == ST_OK)
		st = buf_add(to, e->schema, strlen(e->schema) + 1);
	return st == ST_OK ? buf_add_str(to, e->name) : st;
}

size_t
sql_list_behind(const struct sql_list *l, struct span cursor)
{
	struct span part[3] = {{0}};
	struct sql_entry at = {0};
	size_t i = 0;

	if (cursor.len == 0)
		return 0;
	for (unsigned p = 0; p < 3; p++) {
		size_t n = str_find(cursor, 0);

		part[p] = span_of(cursor.ptr, n);
		cursor = n < cursor.len ? span_skip(cursor, n + 1)
					: span_of(NULL, 0);
	}
	at.database = copy(part[0]);
	at.schema = copy(part[1]);
	at.name = copy(part[2]);
	if (at.database != NULL && at.schema != NULL && at.name != NULL)
		while (i < l->count && order(&l->entries[i], &at) <= 0)
			i++;
	release(&at);
	return i;
}
