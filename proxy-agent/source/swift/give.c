#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/swift/impl.h"

static bool
is_segment(struct source *s, struct span name)
{
	struct buf whole;
	bool is;

	buf_init(&whole, 2 * KEY_MAX);
	is = buf_add(&whole, s->container.data, s->container.len) == ST_OK &&
	     buf_add_byte(&whole, '/') == ST_OK &&
	     buf_add(&whole, name.ptr, name.len) == ST_OK &&
	     swift_parts_has(&s->parts, buf_span(&whole));
	buf_fini(&whole);
	return is;
}

static enum status
add_path(const struct source *s, struct span name, struct buf *to)
{
	struct store_path p = {.key = name, .query = buf_span(&s->query)};
	struct buf root;
	enum status st;

	buf_init(&root, KEY_MAX);
	st = buf_add_str(&root, "swift://");
	if (st == ST_OK)
		st = url_encode(buf_span(&s->container), &root);
	if (st == ST_OK)
		st = buf_add_byte(&root, '/');
	p.root = buf_span(&root);
	if (st == ST_OK)
		st = store_path(&p, to);
	buf_fini(&root);
	return st;
}

static enum status
add_cursor(const struct source *s, struct span name, struct buf *to)
{
	enum status st = buf_add(to, s->container.data, s->container.len);

	if (st == ST_OK)
		st = buf_add_byte(to, '\n');
	return st == ST_OK ? buf_add(to, name.ptr, name.len) : st;
}

enum status
swift_give(struct source *s, struct bucket_entry *e, struct span name)
{
	struct buf path, url, cursor;
	enum status st;

	buf_init(&path, 4 * KEY_MAX);
	buf_init(&url, 4 * KEY_MAX);
	buf_init(&cursor, 2 * KEY_MAX);
	st = add_path(s, name, &path);
	if (st == ST_OK)
		st = swift_add_place(s, name, &url);
	if (st == ST_OK)
		st = add_cursor(s, name, &cursor);
	e->path = buf_span(&path);
	e->url = buf_span(&url);
	e->cursor = buf_span(&cursor);
	if (st == ST_OK)
		st = bucket_add(&s->bucket, e);
	buf_fini(&path);
	buf_fini(&url);
	buf_fini(&cursor);
	return st;
}

enum status
swift_give_object(void *arg, const struct swift_entry *o)
{
	struct source *s = arg;
	struct span prefix = buf_span(&s->prefix);
	/* what is empty may stand for segments, and tells no version */
	struct bucket_entry e = {
	    .size = o->size,
	    .mtime = o->size > 0 ? o->mtime : 0,
	    .etag = o->size > 0 ? o->hash : span_of(NULL, 0),
	    .folder = o->folder,
	    .unsure = true,
	    .below = store_below(buf_span(&s->prefix), o->name)};

	if (o->marks || s->single || is_segment(s, o->name))
		return ST_OK;
	/* a prefix that is an object means that object alone */
	s->single = prefix.len > 0 && !o->folder && span_eq(o->name, prefix);
	return swift_give(s, &e, o->name);
}

enum status
swift_give_trouble(struct source *s, const char *why, enum status st)
{
	struct bucket_entry e = {
	    .folder = true,
	    .reason = why != NULL         ? COVER_MALFORMED
		      : st == ST_DENIED   ? COVER_DENIED
		      : st == ST_NOTFOUND ? COVER_VANISHED
					  : COVER_IO,
	    .detail = span_str(why != NULL ? why
					   : "its list could not be read to "
					     "its end"),
	};

	return swift_give(s, &e, span_of(NULL, 0));
}

enum status
swift_tell_bad(struct source *s)
{
	if (s->page.bad == 0 || s->told)
		return ST_OK;
	s->told = true;
	return swift_give_trouble(s, s->page.why, ST_MALFORMED);
}
