#include "base/str.h"
#include "proxy-agent/source/cloud/tree_impl.h"
#include "source/url.h"

enum status
tree_add_name(struct buf *to, struct span name, bool whole)
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

/* ---- what is wanted ---- */

struct span
tree_want(const struct tree *t, size_t n)
{
	struct span rest = buf_span(&t->want), one = {0};

	for (size_t i = 0; i <= n && i < t->want_count; i++)
		if (!str_next(&rest, 0, &one))
			break;
	return n < t->want_count ? one : span_of(NULL, 0);
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
	struct span want = tree_want(t, l->names);
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

/* ---- what was given before ---- */

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

/* ---- entries ---- */

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

/* Of a query: an & would end it. */
static enum status
add_value(struct buf *to, struct span s)
{
	size_t n = str_find(s, '&');
	enum status st = url_encode(span_of(s.ptr, n), to);

	while (st == ST_OK && n < s.len) {
		s = span_skip(s, n + 1);
		n = str_find(s, '&');
		st = buf_add_str(to, "%26");
		if (st == ST_OK)
			st = url_encode(span_of(s.ptr, n), to);
	}
	return st;
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
		st = tree_add_name(&path, e->name, e->whole);
	if (st == ST_OK && e->alike) {
		st = buf_add_str(&path, "?id=");
		if (st == ST_OK)
			st = add_value(&path, e->id);
	}
	/* without a cursor it is read again, which is better than a loss */
	if (st == ST_OK && tree_cursor_add(t, e->id, &cursor) != ST_OK)
		buf_clear(&cursor);
	b.path = buf_span(&path);
	b.cursor = buf_span(&cursor);
	if (st == ST_OK)
		st = bucket_add(t->bucket, &b);
	buf_fini(&path);
	buf_fini(&cursor);
	return st;
}

void
tree_add(struct tree *t, const struct tree_entry *e)
{
	struct tree_level *l = &t->levels[t->depth - 1];
	bool listed = t->browse && l->names == t->want_count;
	size_t names;

	t->seen++;
	t->torn = t->torn || !tree_cursor_fits(e->id);
	if (t->st != ST_OK || !tree_cursor_fits(e->id) ||
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
