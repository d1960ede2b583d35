#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/source/cloud/tree_impl.h"

enum status
tree_push(struct tree *t, unsigned kind, struct span id, size_t path,
	  size_t names)
{
	struct tree_level *l = &t->levels[t->depth];
	struct span deeper;

	if (t->depth == TREE_DEPTH || id.len > ID_CAP)
		return ST_LIMIT;
	*l = (struct tree_level){.kind = kind, .path = path, .names = names};
	buf_init(&l->id, ID_CAP);
	buf_init(&l->next, NEXT_CAP);
	turns_init(&l->turns);
	arena_init(&l->memory, TREE_BYTES);
	t->depth++;
	l->mute = tree_cursor_next(t, &deeper);
	if (names == t->want_count && t->below == 0)
		t->below = t->path.len;
	return buf_add(&l->id, id.ptr, id.len);
}

void
tree_pop(struct tree *t)
{
	struct tree_level *l = &t->levels[--t->depth];

	t->path.len = l->path;
	if (t->depth > 0 && t->levels[t->depth - 1].names < t->want_count)
		t->below = 0;
	buf_fini(&l->id);
	buf_fini(&l->next);
	turns_fini(&l->turns);
	arena_fini(&l->memory);
	free(l->order);
	*l = (struct tree_level){0};
}

static int
by_id(const void *a, const void *b)
{
	const struct tree_folder *const *x = a, *const *y = b;

	return str_order((*x)->id, (*y)->id);
}

static enum status
sort(struct tree_level *l)
{
	size_t n = 0;

	l->order = calloc(l->count + 1, sizeof(struct tree_folder *));
	if (l->order == NULL)
		return ST_NOMEM;
	for (struct tree_folder *f = l->folders; f != NULL; f = f->next)
		l->order[n++] = f;
	qsort(l->order, n, sizeof(struct tree_folder *), by_id);
	l->sorted = true;
	return ST_OK;
}

/* To the container that the cursor was in; gone: to the next one. */
static void
resume_level(struct tree *t, struct tree_level *l)
{
	struct span id;

	if (!l->mute || !tree_cursor_next(t, &id))
		return;
	l->mute = false;
	while (l->at < l->count && str_order(l->order[l->at]->id, id) < 0)
		l->at++;
	if (l->at < l->count && span_eq(l->order[l->at]->id, id))
		t->resume_at += id.len + 1;
	else
		t->skipping = false;
}

static bool
is_within_itself(const struct tree *t, const struct tree_folder *f)
{
	for (size_t i = 0; i < t->depth; i++)
		if (t->levels[i].kind == f->kind &&
		    span_eq(buf_span(&t->levels[i].id), f->id))
			return true;
	return false;
}

enum status
tree_descend(struct tree *t)
{
	struct tree_level *l = &t->levels[t->depth - 1];
	const struct tree_folder *f;
	size_t path = t->path.len;
	enum status st = l->sorted ? ST_OK : sort(l);

	if (st != ST_OK)
		return st;
	resume_level(t, l);
	if (l->at == l->count || (t->browse && l->names == t->want_count)) {
		tree_pop(t);
		return ST_OK;
	}
	f = l->order[l->at++];
	st = tree_add_name(&t->path, f->name, f->whole);
	if (st == ST_OK)
		st = is_within_itself(t, f)
			 ? ST_EXISTS
			 : tree_push(t, f->kind, f->id, path, f->names);
	if (st == ST_OK)
		return st;
	if (st == ST_EXISTS || st == ST_LIMIT)
		st = tree_tell_unread(t, st);
	t->path.len = path;
	return st;
}
