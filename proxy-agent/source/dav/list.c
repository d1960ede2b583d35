#include "proxy-agent/source/dav/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/object.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/session/xml.h"
#include "proxy-agent/source/stamp.h"

#define PATH_MAX_   8192
#define ENTRIES_MAX (1u << 20)
#define ETAG_MAX    256

/* One <response> while it is read. */
struct dav_reader {
	struct dav_list *l;
	struct xml *xml;
	struct span asked; /* path of the folder */
	struct buf href, path, etag;
	uint64_t size;
	int64_t mtime;
	bool sized, folder, refused, any;
	enum status st;
};

/* ---- one answer within the list ---- */

/* The path of a reference, which may name a host (by another name, even). */
static enum status
path_of(struct span href, struct buf *to)
{
	struct href u;
	enum status st;

	href_split(str_trim(href), &u);
	buf_clear(to);
	st = href_unescape(u.path, to);
	if (st == ST_OK && (to->len == 0 || to->data[0] != '/'))
		return ST_MALFORMED;
	return st;
}

/* Without the slash that folders have. */
static struct span
bare(struct span s)
{
	return s.len > 0 && s.ptr[s.len - 1] == '/' ? span_of(s.ptr, s.len - 1)
						    : s;
}

/* Directly within the folder, by its name. */
static bool
is_within(const struct dav_reader *r, struct span path)
{
	struct span dir = bare(r->asked), name;

	path = bare(path);
	if (path.len <= dir.len + 1 ||
	    memcmp(path.ptr, dir.ptr, dir.len) != 0 || path.ptr[dir.len] != '/')
		return false;
	name = span_skip(path, dir.len + 1);
	return str_find(name, '/') == name.len && str_find(name, 0) == name.len;
}

static enum status
add(struct dav_reader *r, struct span path)
{
	struct dav_list *l = r->l;
	struct dav_entry *more, *e;
	char *kept, *etag;

	if (l->count == l->room) {
		size_t room = l->room == 0 ? 64 : l->room * 2;

		if (room > ENTRIES_MAX)
			return ST_LIMIT;
		more = reallocarray(l->entries, room, sizeof(*more));
		if (more == NULL)
			return ST_NOMEM;
		l->entries = more;
		l->room = room;
	}
	kept = arena_str(&l->names, path);
	if (kept == NULL)
		return ST_LIMIT;
	etag = arena_str(&l->names, buf_span(&r->etag));
	if (etag == NULL)
		return ST_LIMIT;
	e = &l->entries[l->count++];
	*e = (struct dav_entry){.path = span_of(kept, path.len),
				.size = r->size,
				.mtime = r->mtime,
				.etag = span_of(etag, r->etag.len),
				.folder = r->folder,
				.sized = r->sized || r->folder};
	if (r->refused) {
		e->reason = COVER_DENIED;
		e->detail = span_str("the server lists it and tells nothing "
				     "of it");
	}
	return ST_OK;
}

static enum status
end_response(struct dav_reader *r)
{
	enum status st = path_of(buf_span(&r->href), &r->path);
	struct span path = buf_span(&r->path);

	if (st != ST_OK)
		return st;
	if (span_eq(bare(path), bare(r->asked))) {
		r->any = true;
		r->l->is_folder = r->folder;
		/* one file alone: it is named as it was asked for */
		return r->folder ? ST_OK : add(r, r->asked);
	}
	if (!is_within(r, path))
		return ST_OK;
	if (r->folder && path.ptr[path.len - 1] != '/') {
		st = buf_add_byte(&r->path, '/');
		path = buf_span(&r->path);
	} else if (!r->folder) {
		path = bare(path);
	}
	return st == ST_OK ? add(r, path) : st;
}

static void
on_open(void *arg, const char *name)
{
	struct dav_reader *r = arg;

	if (strcmp(name, "response") != 0)
		return;
	buf_clear(&r->href);
	buf_clear(&r->etag);
	r->size = 0;
	r->mtime = 0;
	r->sized = r->folder = r->refused = false;
}

static void
on_close(void *arg, const char *in, const char *name, struct span text)
{
	struct dav_reader *r = arg;

	if (r->st != ST_OK)
		return;
	text = str_trim(text);
	if (strcmp(name, "href") == 0 && strcmp(in, "response") == 0) {
		buf_clear(&r->href);
		r->st = buf_add(&r->href, text.ptr, text.len);
	} else if (strcmp(name, "collection") == 0) {
		r->folder = true;
	} else if (strcmp(name, "getcontentlength") == 0) {
		r->sized = str_to_u64(text, 0, INT64_MAX, &r->size) == ST_OK;
	} else if (strcmp(name, "getlastmodified") == 0) {
		r->mtime = stamp_parse(text);
	} else if (strcmp(name, "getetag") == 0) {
		/* weak: the same meaning, perhaps not the same bytes */
		buf_clear(&r->etag);
		if (!str_starts(text, "W/") && text.len <= ETAG_MAX)
			r->st = buf_add(&r->etag, text.ptr, text.len);
	} else if (strcmp(name, "status") == 0 && strcmp(in, "response") == 0) {
		r->refused = memmem(text.ptr, text.len, " 2", 2) == NULL;
	} else if (strcmp(name, "response") == 0) {
		r->st = end_response(r);
	}
}

/* ---- the whole list ---- */

static void
drop_reader(struct dav_list *l)
{
	struct dav_reader *r = l->reader;

	if (r == NULL)
		return;
	xml_close(r->xml);
	buf_fini(&r->href);
	buf_fini(&r->etag);
	buf_fini(&r->path);
	free(r);
	l->reader = NULL;
}

void
dav_list_init(struct dav_list *l)
{
	memset(l, 0, sizeof(*l));
	arena_init(&l->names, DAV_BYTES);
}

void
dav_list_fini(struct dav_list *l)
{
	drop_reader(l);
	arena_fini(&l->names);
	free(l->entries);
	memset(l, 0, sizeof(*l));
}

enum status
dav_list_begin(struct dav_list *l, struct span path)
{
	struct dav_reader *r = calloc(1, sizeof(*r));
	const struct xml_hear hear = {
	    .open = on_open, .close = on_close, .arg = r};

	drop_reader(l);
	l->reader = r;
	l->count = 0;
	l->is_folder = false;
	arena_clear(&l->names);
	if (r == NULL)
		return ST_NOMEM;
	r->l = l;
	r->asked = path;
	buf_init(&r->href, PATH_MAX_);
	buf_init(&r->etag, ETAG_MAX);
	buf_init(&r->path, PATH_MAX_);
	return xml_open(&hear, &r->xml);
}

enum status
dav_list_feed(struct dav_list *l, struct span xml, bool last)
{
	enum status st = xml_feed(l->reader->xml, xml, last);

	return st == ST_OK ? l->reader->st : st;
}

/* Files first, so that a folder's own files come before those below it. */
static int
by_kind(const void *a, const void *b)
{
	const struct dav_entry *one = a, *two = b;

	if (one->folder != two->folder)
		return one->folder ? 1 : -1;
	return str_order(one->path, two->path);
}

enum status
dav_list_end(struct dav_list *l, enum status st)
{
	if (st == ST_OK && !l->reader->any)
		st = ST_MALFORMED;
	if (st != ST_OK)
		l->count = 0;
	if (l->count > 1)
		qsort(l->entries, l->count, sizeof(l->entries[0]), by_kind);
	drop_reader(l);
	return st;
}
