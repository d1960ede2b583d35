#include <string.h>

#include "base/str.h"
#include "proxy-agent/source/cloud/tree_impl.h"
#include "source/url.h"

/* ---- the target ------------------------------------------------------------
 */

static enum status
read_path(struct tree *t, struct span path, size_t joined)
{
	struct span part;
	enum status st = ST_OK;

	while (st == ST_OK && str_next(&path, '/', &part)) {
		bool join = t->want_count == 1 && joined > 1 && t->want.len > 0;

		if (part.len == 0)
			continue;
		if (join) {
			t->want.data[t->want.len - 1] = '/';
			joined--;
		} else {
			t->want_count++;
		}
		st = url_decode(part, &t->want);
		if (st == ST_OK)
			st = buf_add_byte(&t->want, 0);
	}
	return st;
}

enum status
tree_turn(struct tree *t, struct span next)
{
	struct tree_level *l = &t->levels[t->depth - 1];
	enum status st = turns_take(&l->turns, t->seen, next);

	buf_clear(&l->next);
	return st == ST_OK ? buf_add(&l->next, next.ptr, next.len) : st;
}

/* ---- pages -----------------------------------------------------------------
 */

enum status
tree_tell_unread(struct tree *t, enum status st)
{
	static const struct {
		enum status st;
		uint8_t reason;
		const char *detail;
	} rows[] = {
	    {ST_DENIED, COVER_DENIED, "the server does not let us list it"},
	    {ST_NOTFOUND, COVER_VANISHED, "it is not there any more"},
	    {ST_MALFORMED, COVER_MALFORMED,
	     "what the server said of its content cannot be read"},
	    {ST_LIMIT, COVER_MEMORY, "it holds more than can be listed"},
	    {ST_EXISTS, COVER_LOOP, "it is said to lie within itself"},
	};
	struct tree_level *l = &t->levels[t->depth - 1];
	struct bucket_entry b = {.folder = true, .reason = COVER_IO};
	struct buf path;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].st == st) {
			b.reason = rows[i].reason;
			b.detail = span_str(rows[i].detail);
		}
	if (l->mute)
		return ST_OK;
	buf_init(&path, 2 * PATH_CAP);
	st = buf_add(&path, t->root.data, t->root.len);
	if (st == ST_OK)
		st = buf_add(&path, t->path.data, t->path.len);
	b.path = buf_span(&path);
	if (st == ST_OK)
		st = bucket_add(t->bucket, &b);
	buf_fini(&path);
	return st;
}

/* The object of the cursor is gone: its place is found by counting. */
static bool
starts_again(struct tree *t, struct tree_level *l)
{
	if (!t->skipping || l->mute || l->part != t->skip_part || t->by_index ||
	    l->next.len > 0 || l->index == 0)
		return false;
	t->by_index = true;
	arena_clear(&l->memory);
	l->folders = NULL;
	l->count = l->part = 0;
	l->index = 0;
	return true;
}

static bool
is_of_one_list(enum status st)
{
	return st == ST_DENIED || st == ST_NOTFOUND || st == ST_MALFORMED ||
	       st == ST_LIMIT;
}

/* An element that is odd does not make the service another one. */
static bool
has_begun(const struct tree *t, const struct tree_level *l)
{
	return t->begun || l->count > 0 || l->index > 0 || l->next.len > 0;
}

/* What is wrong with a list is told once. */
static enum status
end_page(struct tree *t, struct tree_level *l, enum status st)
{
	bool more = st == ST_MALFORMED && l->next.len > 0;

	t->begun = true;
	if (st == ST_OK)
		return ST_OK;
	if (!more)
		buf_clear(&l->next);
	if (l->told && st == ST_MALFORMED)
		return ST_OK;
	l->told = true;
	return tree_tell_unread(t, st);
}

static enum status
one_page(struct tree *t)
{
	struct tree_level *l = &t->levels[t->depth - 1];
	struct buf now;
	struct tree_place p = {
	    .kind = l->kind,
	    .id = buf_span(&l->id),
	    .part = l->part,
	    .want = tree_want(t, l->names),
	    .browse = t->browse,
	};
	enum status st;

	buf_init(&now, NEXT_CAP);
	st = buf_add(&now, l->next.data, l->next.len);
	p.next = buf_span(&now);
	buf_clear(&l->next);
	t->st = ST_OK;
	t->torn = false;
	t->seen = 0;
	if (st == ST_OK)
		st = t->ops.page(t->ops.arg, &p);
	if (st == ST_OK)
		st = t->st;
	if (st == ST_OK && t->torn)
		st = ST_MALFORMED;
	buf_fini(&now);
	if (st != ST_OK && (!has_begun(t, l) || !is_of_one_list(st)))
		return st;
	st = end_page(t, l, st);
	if (l->next.len > 0)
		return st;
	turns_begin(&l->turns);
	l->told = false;
	if (starts_again(t, l))
		return st;
	l->part++;
	l->index = 0;
	return st;
}

enum status
tree_list(struct tree *t, struct bucket *b)
{
	enum status st = ST_OK;

	t->bucket = b;
	while (st == ST_OK && t->depth > 0) {
		struct tree_level *l = &t->levels[t->depth - 1];

		if (l->part < t->ops.parts(t->ops.arg, l->kind))
			return one_page(t);
		/* all of what the cursor stood in was given */
		if (!l->mute)
			t->skipping = false;
		st = tree_descend(t);
	}
	return st == ST_OK ? ST_EOF : st;
}

bool
tree_missed(const struct tree *t)
{
	return t->want_count > 0 && !t->matched && t->depth == 0;
}

/* ---- beginning and end -----------------------------------------------------
 */

enum status
tree_open(struct tree *t, const struct tree_ops *ops,
	  const struct tree_target *target)
{
	enum status st;

	memset(t, 0, sizeof(*t));
	t->ops = *ops;
	t->filter = target->filter;
	t->browse = target->browse;
	buf_init(&t->path, PATH_CAP);
	buf_init(&t->root, ID_CAP);
	buf_init(&t->want, PATH_CAP);
	buf_init(&t->want_id, ID_CAP);
	buf_init(&t->cursor, CURSOR_CAP);
	buf_init(&t->skip_id, ID_CAP);
	st = buf_add(&t->root, target->root.ptr, target->root.len);
	if (st == ST_OK)
		st = read_path(t, target->path, target->joined);
	if (st == ST_OK)
		st = url_decode(target->id, &t->want_id);
	return st == ST_OK ? tree_cursor_read(t, target->cursor) : st;
}

enum status
tree_begin(struct tree *t, unsigned kind, struct span id)
{
	return tree_push(t, kind, id, 0, 0);
}

void
tree_close(struct tree *t)
{
	while (t->depth > 0)
		tree_pop(t);
	buf_fini(&t->path);
	buf_fini(&t->root);
	buf_fini(&t->want);
	buf_fini(&t->want_id);
	buf_fini(&t->cursor);
	buf_fini(&t->skip_id);
}
