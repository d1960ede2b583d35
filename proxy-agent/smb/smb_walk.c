#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "model/object.h"
#include "proxy-agent/smb/smb_impl.h"

uint32_t
smb_mode(const struct cifs_entry *e)
{
	if (e->attrs & CIFS_FOLDER)
		return S_IFDIR | 0755;
	if (e->attrs & CIFS_DEVICE)
		return S_IFCHR | 0644;
	return S_IFREG | (e->attrs & CIFS_READONLY ? 0444 : 0644);
}

static enum status
on_entry(void *arg, struct span name, const struct cifs_entry *e)
{
	struct source *s = arg;
	const struct folder_entry entry = {
	    .mode = smb_mode(e),
	    .mtime = e->mtime,
	    .size = e->attrs & CIFS_FOLDER ? 0 : e->size,
	    .id = e->id,
	    .flags = e->attrs,
	};

	if (memchr(name.ptr, '/', name.len) != NULL)
		return ST_OK; /* no name, whatever the server means by it */
	return folders_add(&s->walk.folders, name, &entry);
}

static struct smb_hurdle
list(struct source *s, uint64_t *self)
{
	const struct cifs_trouble *t;
	enum status st;

	if (s->walk.path.len == 0)
		st = cifs_shares(s->cifs, on_entry, s);
	else
		st = cifs_list(s->cifs, buf_span(&s->walk.path), on_entry, s,
			       self);
	folders_sort(&s->walk.folders);
	if (st == ST_OK)
		return (struct smb_hurdle){COVER_OK, NULL};
	if (cifs_error(s->cifs) == 0)
		return (struct smb_hurdle){COVER_MEMORY,
					   "it holds too many names"};
	t = cifs_trouble(cifs_error(s->cifs));
	return (struct smb_hurdle){t->reason, t->words};
}

struct smb_hurdle
smb_enter(struct source *s, uint64_t id)
{
	struct smb_hurdle h;
	uint64_t self = 0;

	for (size_t i = 0; i < s->walk.folders.depth; i++)
		if (id != 0 && s->chain[i] == id)
			return (struct smb_hurdle){
			    COVER_LOOP, "a folder that holds it, by a link"};
	if (!visited_add(&s->visited, id))
		return (struct smb_hurdle){
		    COVER_LINK, "another name of a folder that was met before"};
	if (folders_push(&s->walk.folders, s->walk.path.len) != ST_OK)
		return (struct smb_hurdle){COVER_DEPTH, NULL};
	h = list(s, &self);
	if (h.reason != COVER_OK) {
		folders_pop(&s->walk.folders);
		return h;
	}
	if (id == 0 &&
	    visited_add(&s->visited, self)) /* the target has no parent */
		id = self;
	s->chain[s->walk.folders.depth - 1] = id;
	return h;
}

struct ahead *
smb_ahead(struct source *s, const struct folder_entry *e)
{
	struct ahead *a = &s->ahead[ring_add(&s->ring)];

	buf_clear(&a->path);
	walk_need(buf_add(&a->path, s->walk.path.data, s->walk.path.len));
	a->attr = *e;
	a->reason = COVER_OK;
	a->folder = false;
	a->wanted = false;
	a->stream = a->some = a->alone = a->own = false;
	a->job = 0;
	a->detail = NULL;
	a->version[0] = 0;
	return a;
}

void
smb_note_file(struct source *s, struct ahead *a)
{
	if (!S_ISREG(a->attr.mode)) {
		a->reason = COVER_SPECIAL;
	} else if ((a->attr.flags & CIFS_OFFLINE) && !s->login.recall) {
		a->reason = COVER_MOUNT;
		a->detail = "its bytes lie on slow storage; the option "
			    "offline=yes fetches them back";
	} else {
		version_of(s->walk.known, &a->attr, a->version);
		a->wanted = !s->walk.browse &&
			    !version_known(s->walk.known, &s->walk.root,
					   &a->path, a->version);
	}
}

/*
 * The streams of the file that the path names, from the n-th on: what it has is
 * seen when they are opened, in their turn. They have no version: a stream may
 * change while the time of its file stays.
 */
static void
add_streams(struct source *s, const struct folder_entry *e, size_t n)
{
	const size_t len = s->walk.path.len;
	struct ahead *a;

	for (; n < s->streams && !s->walk.browse && S_ISREG(e->mode); n++) {
		struct span name = login_stream(&s->login, n);

		walk_need(buf_add_byte(&s->walk.path, ':'));
		walk_need(buf_add(&s->walk.path, name.ptr, name.len));
		a = smb_ahead(s, e);
		a->attr.size = 0; /* not known */
		a->stream = a->wanted = true;
		s->walk.path.len = len;
	}
}

/* Folders that are named and not entered. */
static struct smb_hurdle
stay_out(const struct source *s, const struct folder_entry *e)
{
	struct span name = buf_span(&s->walk.path);

	if ((e->flags & CIFS_REPARSE) && !s->login.follow)
		return (struct smb_hurdle){
		    COVER_MOUNT, "a DFS link or a junction, which leads "
				 "elsewhere; the option links=yes follows it"};
	if (s->walk.base == 0 && s->walk.folders.depth == 1 &&
	    str_ends(name, "$"))
		return (struct smb_hurdle){
		    COVER_MOUNT,
		    "a hidden share; it is read when the target names it"};
	return (struct smb_hurdle){COVER_OK, NULL};
}

static void
step_folder(struct source *s, const struct folder_entry *e)
{
	struct smb_hurdle h = stay_out(s, e);
	struct ahead *a;

	if (!s->walk.browse && h.reason == COVER_OK) {
		h = smb_enter(s, e->id);
		if (h.reason == COVER_OK)
			return;
		s->lost = cifs_trouble(cifs_error(s->cifs))->lost;
		if (s->lost)
			return;
	}
	a = smb_ahead(s, e);
	a->folder = true;
	a->reason = s->walk.browse ? COVER_OK : h.reason;
	a->detail = h.detail;
}

void
smb_step(struct source *s)
{
	struct folder_level *l = folders_here(&s->walk.folders);
	size_t i = l->at++;
	const struct folder_entry e = l->entries[i];

	walk_to(&s->walk, l->path_len, folders_name(l, i));
	if (S_ISDIR(e.mode)) {
		if (filter_enters(&s->walk.filter, walk_below(&s->walk)))
			step_folder(s, &e);
	} else if (filter_takes(&s->walk.filter, walk_below(&s->walk), e.size,
				e.mtime)) {
		smb_note_file(s, smb_ahead(s, &e));
		add_streams(s, &e, 0);
	}
}

/* A position behind a stream: others of its file may follow. */
static void
resume_stream(struct source *s, struct span name)
{
	struct folder_level *l = folders_here(&s->walk.folders);
	const size_t behind = l->at;
	struct span file, stream;

	for (size_t n = 0; n < s->streams; n++) {
		stream = login_stream(&s->login, n);
		if (name.len < stream.len + 2 ||
		    name.ptr[name.len - stream.len - 1] != ':' ||
		    !span_eq(span_skip(name, name.len - stream.len), stream))
			continue;
		file = span_of(name.ptr, name.len - stream.len - 1);
		l->at = folders_find(&s->walk.folders, file);
		if (l->at < l->count && span_eq(folders_name(l, l->at), file)) {
			walk_to(&s->walk, l->path_len, file);
			add_streams(s, &l->entries[l->at++], n + 1);
			return;
		}
	}
	l->at = behind;
}

/* Go down to where an earlier walk was; stop where it no longer matches. */
void
smb_resume(struct source *s, struct span cursor)
{
	while (cursor.len > 0) {
		struct folder_level *l = folders_here(&s->walk.folders);
		size_t n = str_find(cursor, '/');
		struct span name = span_of(cursor.ptr, n);

		l->at = folders_find(&s->walk.folders, name);
		if (l->at == l->count ||
		    !span_eq(folders_name(l, l->at), name)) {
			if (n == cursor.len)
				resume_stream(s, name);
			return;
		}
		walk_to(&s->walk, l->path_len, name);
		cursor = span_skip(cursor, n + 1);
		if (cursor.len == 0)
			add_streams(s, &l->entries[l->at], 0);
		if (cursor.len > 0 &&
		    smb_enter(s, l->entries[l->at].id).reason != COVER_OK)
			return; /* next() says why */
		l->at++;
	}
}
