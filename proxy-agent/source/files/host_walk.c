#include "proxy-agent/source/files/host_impl.h"

#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "proxy-agent/session/sftp.h"
#include "source/own.h"

uint8_t
host_reason(enum status st)
{
	switch ((int)st) {
	case ST_OK:
		return COVER_OK;
	case ST_DENIED:
		return COVER_DENIED;
	case ST_NOTFOUND:
		return COVER_VANISHED;
	case ST_LIMIT:
		return COVER_DEPTH;
	case ST_UNSUPPORTED:
		return COVER_MOUNT;
	default:
		return COVER_IO;
	}
}

static enum status
on_entry(void *arg, struct span name, const struct sftp_attr *a)
{
	struct source *s = arg;
	const struct folder_entry e = {
	    .mode = a->mode,
	    .uid = a->uid,
	    .gid = a->gid,
	    .mtime = a->mtime,
	    .size = a->size,
	};

	if (memchr(name.ptr, '/', name.len) != NULL)
		return ST_OK; /* no name, whatever the server means by it */
	return folders_add(&s->walk.folders, name, &e);
}

/* ST_OK: the walk is inside the folder that the path names. */
enum status
host_enter(struct source *s)
{
	enum status st = folders_push(&s->walk.folders, s->walk.path.len);

	if (st != ST_OK)
		return st;
	if (host_leaves_out(s)) {
		folders_pop(&s->walk.folders);
		return ST_UNSUPPORTED;
	}
	st = door_list(&s->door, buf_span(&s->walk.path), on_entry, s);
	if (host_is_fatal(st))
		walk_need(st);
	folders_sort(&s->walk.folders);
	if (st != ST_OK && folders_here(&s->walk.folders)->count == 0) {
		folders_pop(&s->walk.folders);
		return st;
	}
	return ST_OK;
}

struct ahead *
host_ahead(struct source *s, const struct folder_entry *e)
{
	struct ahead *a = &s->ahead[ring_add(&s->ring)];

	buf_clear(&a->path);
	walk_need(buf_add(&a->path, s->walk.path.data, s->walk.path.len));
	a->attr = *e;
	a->reason = COVER_OK;
	a->left_out = s->left_out;
	a->folder = false;
	a->file = (struct door_file){0};
	a->version[0] = 0;
	return a;
}

/* Some servers send entries without what kind they are. */
static void
complete(struct source *s, struct folder_entry *e)
{
	struct sftp_attr a;
	enum status st;

	if (e->mode != 0)
		return;
	st = door_stat(&s->door, buf_span(&s->walk.path), false, &a);
	if (host_is_fatal(st))
		walk_need(st);
	if (st != ST_OK)
		return;
	e->mode = a.mode;
	e->size = a.size;
	e->mtime = a.mtime;
	e->uid = a.uid;
	e->gid = a.gid;
}

void
host_begin(struct source *s, struct ahead *a)
{
	enum status st;

	if (!S_ISREG(a->attr.mode) && a->attr.mode != 0) {
		a->reason = S_ISLNK(a->attr.mode) ? COVER_LINK : COVER_SPECIAL;
		return;
	}
	version_of(s->walk.known, &a->attr, a->version);
	if (s->walk.browse ||
	    version_known(s->walk.known, &s->walk.root, &a->path, a->version))
		return;
	st = door_begin(&s->door, buf_span(&a->path), a->attr.size, &a->file);
	walk_need(st);
}

/* What Trawl keeps on that host is none of its content. */
static bool
is_own(const struct source *s, bool folder)
{
	return !s->walk.browse && own_place(buf_span(&s->walk.path), folder);
}

static void
add_file(struct source *s, const struct folder_entry *e)
{
	struct ahead *a = host_ahead(s, e);

	if (is_own(s, false))
		a->reason = COVER_OWN;
	else
		host_begin(s, a);
}

/* A folder that is not entered is an object that says why. */
static void
add_folder(struct source *s, const struct folder_entry *e, uint8_t reason)
{
	struct ahead *a = host_ahead(s, e);

	a->folder = true;
	a->reason = reason;
}

static void
step_into(struct source *s, const struct folder_entry *e)
{
	enum status st;

	if (s->walk.browse) {
		add_folder(s, e, COVER_OK);
		return;
	}
	if (is_own(s, true)) {
		add_folder(s, e, COVER_OWN);
		return;
	}
	s->left_out = MOUNTS_KERNEL;
	st = host_is_pseudo(buf_span(&s->walk.path)) ? ST_UNSUPPORTED
						     : host_enter(s);
	if (st != ST_OK)
		add_folder(s, e, host_reason(st));
}

static void
step(struct source *s)
{
	struct folder_level *l = folders_here(&s->walk.folders);
	size_t i = l->at++;
	struct folder_entry e = l->entries[i];
	struct span below;

	walk_to(&s->walk, l->path_len, folders_name(l, i));
	complete(s, &e);
	below = walk_below(&s->walk);
	if (S_ISDIR(e.mode)) {
		if (filter_enters(&s->walk.filter, below))
			step_into(s, &e);
	} else if (filter_takes(&s->walk.filter, below, e.size, e.mtime)) {
		add_file(s, &e);
	}
}

void
host_fill(struct source *s)
{
	while (s->ring.count < HOST_AHEAD && s->walk.folders.depth > 0) {
		struct folder_level *l = folders_here(&s->walk.folders);

		if (l->at == l->count)
			folders_pop(&s->walk.folders);
		else
			step(s);
	}
}

/* Go down to where an earlier walk was; stop where it no longer matches. */
void
host_resume(struct source *s, struct span cursor)
{
	while (cursor.len > 0) {
		struct folder_level *l = folders_here(&s->walk.folders);
		size_t n = str_find(cursor, '/');
		struct span name = span_of(cursor.ptr, n);

		l->at = folders_find(&s->walk.folders, name);
		if (l->at == l->count || !span_eq(folders_name(l, l->at), name))
			return;
		walk_to(&s->walk, l->path_len, name);
		cursor = span_skip(cursor, n + 1);
		if (cursor.len > 0 && host_enter(s) != ST_OK)
			return; /* next() says why */
		l->at++;
	}
}
