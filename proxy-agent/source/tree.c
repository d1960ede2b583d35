#include "proxy-agent/source/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "source/url.h"

#define PATH_CAP   16384
#define NEXT_CAP   (16 * 1024)
#define ID_CAP     2048
#define CURSOR_CAP 8192

struct tree_folder {
	struct tree_folder *next;
	unsigned kind;
	bool whole;
	size_t names; /* of the target's path that it fits */
	struct span id, name;
};

/* ---- the target ------------------------------------------------------------
 */

static struct span
want_at(const struct tree *t, size_t n)
{
	struct span rest = buf_span(&t->want), one = {0};

	for (size_t i = 0; i <= n && i < t->want_count; i++)
		if (!str_next(&rest, 0, &one))
			break;
	return n < t->want_count ? one : span_of(NULL, 0);
}

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

/* A name as it stands in a path: slashes of its own are escaped. */
static enum status
add_name(struct buf *to, struct span name, bool whole)
{
	struct span part;
	bool first = true;
	enum status st = buf_add_byte(to, '/');

	while (st == ST_OK && str_next(&name, '/', &part)) {
		if (!first)
			st = buf_add_str(to, whole ? "/" : "%2F");
		first = false;
		if (st == ST_OK)
			st = url_encode(part, to);
	}
	return st;
}

/* ---- cursors ---------------------------------------------------------------
 */

static bool
fits_line(struct span s)
{
	return memchr(s.ptr, '\n', s.len) == NULL;
}

/* "PART INDEX\nID\nid of level 1\n..." */
static enum status
add_cursor(const struct tree *t, struct span id, struct buf *to)
{
	const struct tree_level *l = &t->levels[t->depth - 1];
	enum status st =
	    buf_addf(to, "%u %llu\n", l->part, (unsigned long long)l->index);

	if (st == ST_OK)
		st = buf_add(to, id.ptr, id.len);
	for (size_t i = 1; st == ST_OK && i < t->depth; i++) {
		st = buf_add_byte(to, '\n');
		if (st == ST_OK)
			st = buf_add(to, t->levels[i].id.data,
				     t->levels[i].id.len);
	}
	return st;
}

static enum status
read_cursor(struct tree *t, struct span s)
{
	struct span line, part;
	uint64_t n;
	enum status st = buf_add(&t->cursor, s.ptr, s.len);

	if (st != ST_OK || s.len == 0)
		return st;
	s = buf_span(&t->cursor);
	if (!str_next(&s, '\n', &line) || !str_next(&line, ' ', &part) ||
	    str_to_u64(part, 0, 1000, &n) != ST_OK ||
	    str_to_u64(line, 0, UINT64_MAX, &t->skip_index) != ST_OK ||
	    !str_next(&s, '\n', &line))
		return ST_MALFORMED;
	t->skip_part = (unsigned)n;
	t->skipping = true;
	t->resume_at = t->cursor.len - s.len;
	return buf_add(&t->skip_id, line.ptr, line.len);
}

/* The id of the container to go on in, of the next level; false: this one. */
static bool
resume_next(const struct tree *t, struct span *id)
{
	struct span rest = span_skip(buf_span(&t->cursor), t->resume_at);

	return t->skipping && str_next(&rest, '\n', id);
}

/* ---- levels ----------------------------------------------------------------
 */

static enum status
push(struct tree *t, unsigned kind, struct span id, size_t path, size_t names)
{
	struct tree_level *l = &t->levels[t->depth];
	struct span deeper;

	if (t->depth == TREE_DEPTH)
		return ST_LIMIT;
	*l = (struct tree_level){.kind = kind, .path = path, .names = names};
	buf_init(&l->id, ID_CAP);
	buf_init(&l->next, NEXT_CAP);
	arena_init(&l->memory, TREE_BYTES);
	t->depth++;
	l->mute = resume_next(t, &deeper);
	if (names == t->want_count && t->below == 0)
		t->below = t->path.len;
	return buf_add(&l->id, id.ptr, id.len);
}

static void
pop(struct tree *t)
{
	struct tree_level *l = &t->levels[--t->depth];

	t->path.len = l->path;
	if (t->depth > 0 && t->levels[t->depth - 1].names < t->want_count)
		t->below = 0;
	buf_fini(&l->id);
	buf_fini(&l->next);
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

	if (!l->mute || !resume_next(t, &id))
		return;
	l->mute = false;
	while (l->at < l->count && str_order(l->order[l->at]->id, id) < 0)
		l->at++;
	if (l->at < l->count && span_eq(l->order[l->at]->id, id))
		t->resume_at += id.len + 1;
	else
		t->skipping = false;
}

/* Into the next container of the innermost level, or out of it. */
static enum status
descend(struct tree *t)
{
	struct tree_level *l = &t->levels[t->depth - 1];
	const struct tree_folder *f;
	size_t path = t->path.len;
	enum status st = l->sorted ? ST_OK : sort(l);

	if (st != ST_OK)
		return st;
	resume_level(t, l);
	if (l->at == l->count || (t->browse && l->names == t->want_count)) {
		pop(t);
		return ST_OK;
	}
	f = l->order[l->at++];
	st = add_name(&t->path, f->name, f->whole);
	if (st == ST_OK)
		st = push(t, f->kind, f->id, path, f->names);
	if (st != ST_OK)
		t->path.len = path;
	return st;
}

/* ---- entries ---------------------------------------------------------------
 */

static enum status
add_folder(struct tree_level *l, const struct tree_entry *e, size_t names)
{
	struct tree_folder *f = arena_take(&l->memory, sizeof(*f));
	char *id = arena_str(&l->memory, e->id);
	char *name = arena_str(&l->memory, e->name);

	if (f == NULL || id == NULL || name == NULL)
		return ST_LIMIT;
	*f = (struct tree_folder){.next = l->folders,
				  .kind = e->kind,
				  .whole = e->whole,
				  .names = names,
				  .id = span_of(id, e->id.len),
				  .name = span_of(name, e->name.len)};
	l->folders = f;
	l->count++;
	return ST_OK;
}

static enum status
give(struct tree *t, const struct tree_entry *e)
{
	struct bucket_entry b = {
	    .url = e->url,
	    .post = e->post,
	    .size = e->size,
	    .mtime = e->mtime,
	    .etag = e->version,
	    .reason = e->reason,
	    .detail = span_str(e->detail),
	    .folder = e->kind != TREE_FILE,
	    .unsure = e->unsized,
	};
	struct buf path, cursor;
	enum status st;

	buf_init(&path, 2 * PATH_CAP);
	buf_init(&cursor, CURSOR_CAP);
	st = buf_add(&path, t->root.data, t->root.len);
	if (st == ST_OK)
		st = buf_add(&path, t->path.data, t->path.len);
	if (st == ST_OK)
		st = add_name(&path, e->name, e->whole);
	if (st == ST_OK && e->alike) {
		st = buf_add_str(&path, "?id=");
		if (st == ST_OK)
			st = url_encode(e->id, &path);
	}
	/* without a cursor it is read again, which is better than a loss */
	if (st == ST_OK && add_cursor(t, e->id, &cursor) != ST_OK)
		buf_clear(&cursor);
	b.path = buf_span(&path);
	b.cursor = buf_span(&cursor);
	if (st == ST_OK)
		st = bucket_add(t->bucket, &b);
	buf_fini(&path);
	buf_fini(&cursor);
	return st;
}

/* Whether the cursor stands at it or behind it. */
static bool
was_given(struct tree *t, const struct tree_level *l, struct span id)
{
	if (l->mute)
		return true;
	if (!t->skipping)
		return false;
	if (l->part != t->skip_part)
		return l->part < t->skip_part;
	if (t->by_index) {
		/* the one that is gone is not among them */
		t->skipping = l->index < t->skip_index;
		return t->skipping;
	}
	if (span_eq(id, buf_span(&t->skip_id)))
		t->skipping = false;
	return true;
}

/* The path below the target, for filters. */
static struct span
below(struct tree *t, struct span name, struct buf *to)
{
	struct span at = span_skip(buf_span(&t->path), t->below);

	if (at.len > 0 && at.ptr[0] == '/')
		at = span_skip(at, 1);
	if (url_decode(at, to) != ST_OK ||
	    (to->len > 0 && buf_add_byte(to, '/') != ST_OK) ||
	    buf_add(to, name.ptr, name.len) != ST_OK)
		buf_clear(to);
	return buf_span(to);
}

static bool
is_taken(struct tree *t, const struct tree_entry *e)
{
	struct buf path;
	bool is;

	buf_init(&path, PATH_CAP);
	is = e->kind == TREE_FILE
		 ? filter_takes(&t->filter, below(t, e->name, &path), e->size,
				e->mtime)
		 : filter_enters(&t->filter, below(t, e->name, &path));
	buf_fini(&path);
	return is;
}

/* Of the names of the target, how many are matched with this one; or not. */
static bool
fits_target(struct tree *t, const struct tree_level *l,
	    const struct tree_entry *e, size_t *names)
{
	struct span want = want_at(t, l->names);
	bool last = l->names + 1 == t->want_count;

	*names = l->names;
	if (l->names == t->want_count)
		return is_taken(t, e);
	if (!span_eq(want, e->name) || (e->kind == TREE_FILE && !last))
		return false;
	if (last && t->want_id.len > 0 &&
	    !span_eq(buf_span(&t->want_id), e->id))
		return false;
	++*names;
	t->matched = t->matched || last;
	return true;
}

void
tree_add(struct tree *t, const struct tree_entry *e)
{
	struct tree_level *l = &t->levels[t->depth - 1];
	bool listed = t->browse && l->names == t->want_count;
	size_t names;

	if (t->st != ST_OK || !fits_line(e->id) ||
	    !fits_target(t, l, e, &names))
		return;
	if (e->kind != TREE_FILE && !listed && e->reason == COVER_OK) {
		t->st = add_folder(l, e, names);
		return;
	}
	l->index++;
	if (!was_given(t, l, e->id))
		t->st = give(t, e);
}

enum status
tree_turn(struct tree *t, struct span next)
{
	struct tree_level *l = &t->levels[t->depth - 1];

	buf_clear(&l->next);
	return buf_add(&l->next, next.ptr, next.len);
}

/* ---- pages -----------------------------------------------------------------
 */

static enum status
tell_unread(struct tree *t, enum status st)
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

static enum status
one_page(struct tree *t)
{
	struct tree_level *l = &t->levels[t->depth - 1];
	struct buf now;
	struct tree_place p = {
	    .kind = l->kind,
	    .id = buf_span(&l->id),
	    .part = l->part,
	    .want = want_at(t, l->names),
	    .browse = t->browse,
	};
	enum status st;

	buf_init(&now, NEXT_CAP);
	st = buf_add(&now, l->next.data, l->next.len);
	p.next = buf_span(&now);
	buf_clear(&l->next);
	t->st = ST_OK;
	if (st == ST_OK)
		st = t->ops.page(t->ops.arg, &p);
	if (st == ST_OK)
		st = t->st;
	buf_fini(&now);
	if (st != ST_OK && (!t->begun || !is_of_one_list(st)))
		return st;
	t->begun = true;
	if (st != ST_OK) {
		buf_clear(&l->next);
		st = tell_unread(t, st);
	}
	if (l->next.len > 0 || starts_again(t, l))
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
		st = descend(t);
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
	return st == ST_OK ? read_cursor(t, target->cursor) : st;
}

enum status
tree_begin(struct tree *t, unsigned kind, struct span id)
{
	return push(t, kind, id, 0, 0);
}

void
tree_close(struct tree *t)
{
	while (t->depth > 0)
		pop(t);
	buf_fini(&t->path);
	buf_fini(&t->root);
	buf_fini(&t->want);
	buf_fini(&t->want_id);
	buf_fini(&t->cursor);
	buf_fini(&t->skip_id);
}
