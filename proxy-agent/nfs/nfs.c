#include "proxy-agent/nfs/nfs.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/nfs/exports.h"
#include "proxy-agent/nfs/flow.h"
#include "proxy-agent/nfs/share.h"
#include "proxy-agent/nfs/target.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/source/folders.h"
#include "proxy-agent/source/version.h"
#include "source/filter.h"

#define AHEAD 64 /* objects that are asked for before their turn */
#define PATH_CAP                                                               \
	(80 * 1024) /* bytes of a path: FOLDERS_DEPTH names and more           \
		     */
#define TRIES    3  /* of a listing that changes under our hands */
#define SAID     256
#define LATER_MS 500 /* before a busy server is asked again */
#define SOON_MS  500 /* between two knocks at a server that went away */

/* A folder on the way down. */
struct place {
	struct handle handle;
	struct who who; /* in whose name it could be listed */
	struct fsid fsid;
	bool has_fsid;
	enum fault left; /* why not all of it was listed */
	struct folder_entry entry;
};

/* What is kept behind a name, before its handle. */
struct tail {
	uint8_t fault; /* enum fault: it tells nothing of itself */
	bool mount;    /* another file system begins here */
	bool owner;    /* uid is known */
};

/* An object as its folder tells of it, or as it was asked itself. */
struct seen {
	struct folder_entry entry;
	struct handle handle;
	struct tail tail;
	bool way_in; /* of version 3: an export, by its own way in */
};

/* One object of the walk, begun before its turn. */
struct ahead {
	struct buf path; /* on the server */
	struct folder_entry entry;
	struct handle folder; /* where it was listed, to look once more */
	struct who who;       /* who could list that */
	size_t name;          /* in the path: where its name begins */
	bool has_owner;
	bool is_folder;
	bool by_owner; /* the first of a folder that only its owner may list */
	uint8_t fault; /* enum fault */
	uint8_t reason;
	struct flow *flow; /* NULL: nothing to be read */
	char version[VERSION_MAX];
};

struct source {
	struct patience patience;
	const struct source_known *known; /* versions are wanted; or NULL */
	struct share share;
	struct target target;
	struct folders folders;
	struct place *places; /* FOLDERS_DEPTH, of each level */
	struct filter filter;
	struct buf root; /* nfs://host:port */
	struct buf path; /* of the walk, on the server */
	struct exports exports;
	bool all;        /* of version 3: its first level are the exports */
	struct fsid top; /* of version 4: the file system of its root */
	bool has_top;
	size_t base; /* length of the target's own path */
	bool single; /* the target is one object */
	bool browse;
	bool tell_owner; /* a folder needed its owner: its first item says so */
	struct ahead ahead[AHEAD];
	size_t first, count; /* of that ring; the first is the item at hand */
	bool at_hand;
	struct buf shown; /* the item's path as people see it */
	char said[SAID];
};

/* Without its server there is nothing to go on with: it is started again. */
static void
need(enum status st)
{
	if (st != ST_OK)
		_exit(1);
}

static enum fault
alive(enum fault f)
{
	if (f == FAULT_LOST)
		_exit(1);
	return f;
}

static bool
is_same(struct who a, struct who b)
{
	return a.uid == b.uid && a.gid == b.gid;
}

static bool
is_refusal(enum fault f)
{
	return f == FAULT_DENIED || f == FAULT_PERM;
}

static struct place *
here(const struct source *s)
{
	return &s->places[s->folders.depth - 1];
}

/* ---- folders ---------------------------------------------------------------
 */

/* The path becomes its first `len` bytes, a slash and the name. */
static void
set_path(struct source *s, size_t len, struct span name)
{
	s->path.len = len;
	if (len == 0 || s->path.data[len - 1] != '/')
		need(buf_add_byte(&s->path, '/'));
	need(buf_add(&s->path, name.ptr, name.len));
}

static bool
is_other_system(const struct place *p, const struct attr *a)
{
	return p->has_fsid && a->has_fsid && !fsid_eq(p->fsid, a->fsid);
}

static void
fill_entry(struct folder_entry *e, const struct attr *a)
{
	e->mode = a->mode;
	e->uid = a->uid;
	e->gid = a->gid;
	e->mtime = a->mtime;
	e->size = a->size;
}

static enum fault
on_entry(void *arg, const struct entry *one)
{
	const struct attr *a = &one->attr;
	struct source *s = arg;
	const struct tail tail = {
	    .fault = a->error == 0 ? FAULT_NONE : (uint8_t)fault_of(a->error),
	    .mount = is_other_system(here(s), a),
	    .owner = a->has_owner,
	};
	uint8_t bytes[sizeof(tail) + HANDLE_MAX];
	struct folder_entry e = {0};
	size_t n = sizeof(tail);
	enum status st;

	if (one->name.len == 0 || one->name.len >= SHARE_NAME ||
	    memchr(one->name.ptr, '/', one->name.len) != NULL)
		return FAULT_NONE; /* no name, whatever the server means */
	fill_entry(&e, a);
	memcpy(bytes, &tail, sizeof(tail));
	/* a very large folder: handles are asked for when they are needed */
	if (s->folders.bytes < FOLDERS_BYTES / 2) {
		memcpy(bytes + n, a->handle.bytes, a->handle.len);
		n += a->handle.len;
	}
	st = folders_add(&s->folders, one->name, &e);
	if (st == ST_OK)
		st = folders_keep(&s->folders, span_of(bytes, n));
	return st == ST_OK ? FAULT_NONE : FAULT_LIMIT;
}

/* A level, which stays when anything could be listed. */
static enum fault
list_once(struct source *s, const struct place *p)
{
	enum fault f;

	if (folders_push(&s->folders, s->path.len) != ST_OK)
		return FAULT_DEPTH;
	*here(s) = *p;
	f = alive(
	    s->share.dialect->list(&s->share, &p->handle, p->who, on_entry, s));
	folders_sort(&s->folders);
	here(s)->left = f;
	if (f == FAULT_AGAIN || f == FAULT_LATER ||
	    (f != FAULT_NONE && folders_here(&s->folders)->count == 0))
		folders_pop(&s->folders);
	return f;
}

static void
pause_ms(struct source *s, uint32_t ms)
{
	const uint64_t end = clock_mono_ms(clock_system()) + ms;
	uint64_t now;

	while ((now = clock_mono_ms(clock_system())) < end)
		if (!line_turn(&s->share.line, (uint32_t)(end - now)))
			_exit(1);
}

/* Whether it is worth another try, in another's name or later. */
static bool
once_more(struct source *s, struct place *p, enum fault f, uint32_t *tries)
{
	const struct who owner = {p->entry.uid, p->entry.gid};

	++*tries;
	if (is_refusal(f) && s->target.owner && !is_same(p->who, owner)) {
		p->who = owner;
		s->tell_owner = true;
		return true;
	}
	if (f == FAULT_AGAIN)
		return *tries < TRIES;
	if (f != FAULT_LATER || *tries * LATER_MS > s->patience.answer_ms)
		return false;
	pause_ms(s, LATER_MS);
	return true;
}

/* FAULT_NONE: the walk is inside the folder that the path names. */
static enum fault
enter(struct source *s, struct place *p)
{
	const size_t depth = s->folders.depth;
	uint32_t tries = 0;
	enum fault f;

	do
		f = list_once(s, p);
	while (s->folders.depth == depth && f != FAULT_NONE &&
	       once_more(s, p, f, &tries));
	if (s->folders.depth > depth)
		return FAULT_NONE; /* what is missing is told behind it */
	s->tell_owner = false;
	return f;
}

/* ---- the walk --------------------------------------------------------------
 */

/* The walk's path below the target. */
static struct span
below(const struct source *s)
{
	struct span path = span_skip(buf_span(&s->path), s->base);

	return path.len > 0 && path.ptr[0] == '/' ? span_skip(path, 1) : path;
}

static struct ahead *
new_ahead(struct source *s, const struct folder_entry *e, enum fault f)
{
	struct ahead *a = &s->ahead[(s->first + s->count++) % AHEAD];
	struct buf path = a->path;

	*a = (struct ahead){.path = path,
			    .entry = *e,
			    .fault = (uint8_t)f,
			    .reason = fault_reason(f)};
	buf_clear(&a->path);
	need(buf_add(&a->path, s->path.data, s->path.len));
	return a;
}

static void
begin_file(struct source *s, struct ahead *a, const struct handle *h)
{
	const struct flow_spec spec = {
	    .share = &s->share,
	    .handle = *h,
	    .who = s->target.who,
	    .owner = {a->entry.uid, a->entry.gid},
	    .may_owner = s->target.owner && a->has_owner,
	    .size = a->entry.size,
	};

	version_of(s->known, &a->entry, a->version);
	if (s->browse || a->entry.size == 0 ||
	    version_known(s->known, &s->root, &a->path, a->version))
		return;
	a->flow = flow_begin(&spec);
	need(a->flow == NULL ? ST_CLOSED : ST_OK);
}

static struct seen
seen_at(const struct folder_level *l, size_t i)
{
	struct span tail = folders_tail(l, i);
	struct seen one = {.entry = l->entries[i]};

	memcpy(&one.tail, tail.ptr, sizeof(one.tail));
	tail = span_skip(tail, sizeof(one.tail));
	one.handle.len = (uint32_t)tail.len;
	if (tail.len > 0)
		memcpy(one.handle.bytes, tail.ptr, tail.len);
	return one;
}

/* By an export's own way in, or by its name in the folder. */
static enum fault
ask(struct source *s, bool way_in, struct span name, struct attr *out)
{
	const struct place *p = here(s);

	if (way_in)
		return alive(s->share.dialect->find(
		    &s->share, buf_span(&s->path), s->target.who, out));
	return alive(
	    s->share.dialect->lookup(&s->share, &p->handle, name, p->who, out));
}

/* What its folder did not tell. */
static void
complete(struct source *s, struct seen *one, struct span name)
{
	const uint32_t mode = one->entry.mode;
	const bool reads = S_ISREG(mode) || S_ISDIR(mode) || mode == 0;
	struct attr a;
	enum fault f;

	one->way_in = s->all && exports_has(&s->exports, buf_span(&s->path));
	if (one->tail.fault != FAULT_NONE ||
	    (!one->way_in && mode != 0 && (!reads || one->handle.len > 0)))
		return;
	f = ask(s, one->way_in, name, &a);
	one->tail.fault = (uint8_t)f;
	if (f != FAULT_NONE)
		return;
	fill_entry(&one->entry, &a);
	one->handle = a.handle;
	one->tail.owner = a.has_owner;
	one->tail.mount = !one->way_in && is_other_system(here(s), &a);
}

/*
 * Another file system is another target, unless the way leads from the root of
 * version 4, which only shows what is exported, or all is wanted.
 */
static bool
follows(const struct source *s, const struct seen *one)
{
	const struct place *p = here(s);

	return !one->tail.mount || s->target.mounts ||
	       (s->has_top && p->has_fsid && fsid_eq(p->fsid, s->top));
}

static enum fault
step_into(struct source *s, const struct seen *one)
{
	struct place p = *here(s);
	struct attr a;
	enum fault f;

	p.handle = one->handle;
	p.who = s->target.who;
	p.entry = one->entry;
	if (one->tail.mount || one->way_in) {
		f = alive(
		    s->share.dialect->look(&s->share, &p.handle, p.who, &a));
		if (f != FAULT_NONE)
			return f;
		p.fsid = a.fsid;
		p.has_fsid = a.has_fsid;
	}
	return enter(s, &p);
}

static void
step_folder(struct source *s, const struct seen *one)
{
	enum fault f = (enum fault)one->tail.fault;
	bool mount = false;
	struct ahead *a;

	if (!filter_enters(&s->filter, below(s)))
		return;
	if (f == FAULT_NONE && !s->browse) {
		mount = !follows(s, one);
		if (!mount) {
			f = step_into(s, one);
			if (f == FAULT_NONE)
				return;
		}
	}
	a = new_ahead(s, &one->entry, f);
	a->is_folder = true;
	a->has_owner = one->tail.owner;
	if (mount)
		a->reason = COVER_MOUNT;
}

static void
step_file(struct source *s, const struct seen *one)
{
	const struct folder_entry *e = &one->entry;
	const struct place *p = here(s);
	struct ahead *a;

	if (!filter_takes(&s->filter, below(s), e->size, e->mtime))
		return;
	a = new_ahead(s, e, (enum fault)one->tail.fault);
	a->folder = p->handle;
	a->who = p->who;
	a->name = folders_here(&s->folders)->path_len;
	a->has_owner = one->tail.owner;
	a->by_owner = s->tell_owner;
	s->tell_owner = false;
	if (a->reason != COVER_OK)
		return;
	if (S_ISREG(e->mode))
		begin_file(s, a, &one->handle);
	else
		a->reason = S_ISLNK(e->mode) ? COVER_LINK : COVER_SPECIAL;
}

static void
step(struct source *s)
{
	struct folder_level *l = folders_here(&s->folders);
	size_t i = l->at++;
	struct span name = folders_name(l, i);
	struct seen one;

	/* listed while it changed, a server may name one twice */
	if (i > 0 && span_eq(name, folders_name(l, i - 1)))
		return;
	one = seen_at(l, i);
	set_path(s, l->path_len, name);
	complete(s, &one, name);
	if (S_ISDIR(one.entry.mode))
		step_folder(s, &one);
	else
		step_file(s, &one);
}

/* All that was listed of it is over; the rest has a line of its own. */
static void
leave(struct source *s)
{
	const struct place p = *here(s);

	s->path.len = folders_here(&s->folders)->path_len;
	folders_pop(&s->folders);
	if (p.left != FAULT_NONE)
		new_ahead(s, &p.entry, p.left)->is_folder = true;
}

static void
fill(struct source *s)
{
	while (s->count < AHEAD && s->folders.depth > 0) {
		const struct folder_level *l = folders_here(&s->folders);

		if (l->at == l->count)
			leave(s);
		else
			step(s);
	}
}

static void
drop_first(struct source *s)
{
	struct ahead *a = &s->ahead[s->first];

	flow_end(a->flow);
	a->flow = NULL;
	s->first = (s->first + 1) % AHEAD;
	s->count--;
	s->at_hand = false;
}

/* A handle that went stale: the name may stand for a new file by now. */
static enum fault
begin_again(struct source *s, struct ahead *a)
{
	struct span name = span_skip(buf_span(&a->path), a->name);
	struct attr attr;
	enum fault f;

	while (name.len > 0 && name.ptr[0] == '/')
		name = span_skip(name, 1);
	flow_end(a->flow);
	a->flow = NULL;
	f = alive(s->share.dialect->lookup(&s->share, &a->folder, name, a->who,
					   &attr));
	if (f != FAULT_NONE)
		return f;
	if (!S_ISREG(attr.mode))
		return FAULT_KIND;
	fill_entry(&a->entry, &attr);
	a->has_owner = attr.has_owner;
	begin_file(s, a, &attr.handle);
	return a->flow == NULL ? FAULT_NONE : alive(flow_first(a->flow));
}

static void
settle(struct source *s, struct ahead *a)
{
	enum fault f;

	if (a->flow == NULL)
		return;
	f = alive(flow_first(a->flow));
	if (f == FAULT_STALE && a->folder.len > 0)
		f = begin_again(s, a);
	a->fault = (uint8_t)f;
	a->reason = fault_reason(f);
}

static struct span
detail_of(struct source *s, const struct ahead *a)
{
	const struct who me = s->target.who;
	const uint32_t owner = a->entry.uid;

	s->said[0] = '\0';
	if (a->flow != NULL && flow_as_owner(a->flow))
		snprintf(s->said, sizeof(s->said),
			 "read in the name of its owner, uid %u: refused to "
			 "uid %u",
			 owner, me.uid);
	else if (a->by_owner)
		snprintf(s->said, sizeof(s->said),
			 "its folder was listed in the name of that folder's "
			 "owner, uid %u: refused to uid %u",
			 a->who.uid, me.uid);
	else if (a->reason == COVER_MOUNT)
		return span_str("another file system is mounted here: make it "
				"a target of its own, or say mounts=yes");
	else if (a->fault == FAULT_DENIED && !s->target.owner)
		snprintf(s->said, sizeof(s->said), "refused to uid %u", me.uid);
	else if (a->fault == FAULT_DENIED && !a->has_owner)
		snprintf(s->said, sizeof(s->said),
			 "refused to uid %u; whose it is the server tells by a "
			 "name, not by a number",
			 me.uid);
	else if (a->fault == FAULT_DENIED)
		snprintf(s->said, sizeof(s->said),
			 "refused to uid %u and to its owner, uid %u", me.uid,
			 owner);
	else
		return span_str(fault_text((enum fault)a->fault));
	return span_str(s->said);
}

static enum status
source_next(struct source *s, struct source_item *item)
{
	struct ahead *a;

	if (s->at_hand)
		drop_first(s);
	fill(s);
	if (s->count == 0)
		return ST_EOF;
	s->at_hand = true;
	a = &s->ahead[s->first];
	settle(s, a);
	s->shown.len = s->root.len;
	need(url_encode(buf_span(&a->path), &s->shown));
	*item = (struct source_item){
	    .path = buf_span(&s->shown),
	    .size = a->entry.size,
	    .mtime = a->entry.mtime,
	    .mode = a->entry.mode,
	    .uid = a->entry.uid,
	    .gid = a->entry.gid,
	    .reason = a->reason,
	    .folder = a->is_folder,
	    .trickle = true,
	    .detail = detail_of(s, a),
	    .version = span_str(a->version),
	};
	return ST_OK;
}

static enum status
source_read(struct source *s, void *dst, size_t n, size_t *got)
{
	struct ahead *a = &s->ahead[s->first];

	*got = 0;
	if (a->flow == NULL)
		return ST_OK;
	return alive(flow_read(a->flow, dst, n, got)) == FAULT_NONE ? ST_OK
								    : ST_IO;
}

/* The path below the target, as it is on the server. */
static enum status
source_cursor(const struct source *s, struct buf *to)
{
	const struct buf *path = &s->ahead[s->first].path;
	size_t from = s->base;

	if (s->single || path->len <= from)
		return ST_OK;
	if (path->data[from] == '/')
		from++;
	return buf_add(to, path->data + from, path->len - from);
}

/* The length of the level's entry that a position begins with; 0: none. */
static size_t
find_name(struct source *s, struct span cursor)
{
	struct folder_level *l = folders_here(&s->folders);
	size_t n = str_find(cursor, '/');

	/* an export's name has slashes of its own */
	while (s->all && s->folders.depth == 1 && n < cursor.len) {
		l->at = folders_find(&s->folders, span_of(cursor.ptr, n));
		if (l->at < l->count &&
		    span_eq(folders_name(l, l->at), span_of(cursor.ptr, n)))
			return n;
		n += 1 + str_find(span_skip(cursor, n + 1), '/');
	}
	l->at = folders_find(&s->folders, span_of(cursor.ptr, n));
	return n;
}

/* Go down to where an earlier walk was; stop where it no longer matches. */
static void
resume(struct source *s, struct span cursor)
{
	while (cursor.len > 0) {
		struct folder_level *l = folders_here(&s->folders);
		size_t n = find_name(s, cursor);
		struct span name = span_of(cursor.ptr, n);
		struct seen one;

		if (l->at == l->count || !span_eq(folders_name(l, l->at), name))
			return;
		set_path(s, l->path_len, name);
		cursor = span_skip(cursor, n + 1);
		one = seen_at(l, l->at);
		complete(s, &one, name);
		if (cursor.len > 0 && (one.tail.fault != FAULT_NONE ||
				       step_into(s, &one) != FAULT_NONE))
			return; /* next() says why */
		l->at++;
	}
}

/* ---- beginning and end -----------------------------------------------------
 */

static void
source_close(struct source *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < AHEAD; i++) {
		flow_end(s->ahead[i].flow);
		buf_fini(&s->ahead[i].path);
	}
	share_close(&s->share);
	folders_fini(&s->folders);
	free(s->places);
	exports_fini(&s->exports);
	buf_fini(&s->root);
	buf_fini(&s->path);
	buf_fini(&s->shown);
	free(s);
}

/* Some servers hide from, or refuse, what begins elsewhere. */
static const char *
port_words(const struct source *s)
{
	return s->share.line.low
		   ? ""
		   : "; a server may also want a port below 1024, which only "
		     "root may take";
}

/* Why the target cannot be read, in one sentence. */
static enum status
refuse(const struct source *s, const struct source_target *t, enum fault f)
{
	const struct url *u = &s->target.url;
	const int n = (int)u->host.len;
	const char *host = (const char *)u->host.ptr;
	const int len = s->path.len > 200 ? 200 : (int)s->path.len;
	const char *path = (const char *)s->path.data;

	switch ((int)f) {
	case FAULT_LOST:
		if (t->why == NULL || t->why->len == 0)
			net_say(t->why,
				"%.*s took the connection but answers nothing "
				"that is NFS, or not in time",
				n, host);
		return ST_TIMEOUT;
	case FAULT_GONE:
		net_say(t->why,
			"%.*s has nothing at %.*s for us: is it exported under "
			"this name? Look at nfs://%.*s/%s",
			n, host, len, path, n, host, port_words(s));
		return ST_NOTFOUND;
	case FAULT_DENIED:
		net_say(t->why,
			"%.*s refuses %.*s: it is not exported under this "
			"name, or not to this host or to uid %u. Look at "
			"nfs://%.*s/%s",
			n, host, len, path, s->target.who.uid, n, host,
			port_words(s));
		return ST_DENIED;
	case FAULT_KIND:
		net_say(t->why,
			"the way to %.*s on %.*s leads through a link or a "
			"file: name the folder itself",
			len, path, n, host);
		return ST_NOTFOUND;
	case FAULT_VERSION:
		net_say(t->why,
			"%.*s speaks no version of NFS that was asked for "
			"(version=%s)",
			n, host,
			s->target.version == 3   ? "3"
			: s->target.version == 4 ? "4"
						 : "auto");
		return ST_UNSUPPORTED;
	default:
		net_say(t->why, "%.*s, %.*s: %s", n, host, len, path,
			fault_text(f)[0] != '\0'
			    ? fault_text(f)
			    : "the server failed to look it up");
		return fault_reason(f) == COVER_DENIED ? ST_DENIED : ST_IO;
	}
}

/* Version 3 begins at exports: one, or all of them. */
static enum fault
find_all(struct source *s, struct attr *root)
{
	const struct span slash = span_str("/");
	enum fault f = exports_list(&s->share, &s->exports);

	if (f != FAULT_NONE)
		return f;
	s->all = true;
	if (exports_has(&s->exports, slash))
		return s->share.dialect->find(&s->share, slash, s->target.who,
					      root);
	*root = (struct attr){.mode = S_IFDIR | 0755};
	return FAULT_NONE;
}

static enum fault
find_root(struct source *s, struct attr *root)
{
	const struct dialect *d = s->share.dialect;
	const bool whole = s->path.len <= 1;
	enum fault f;

	if (d->version == 3)
		return whole ? find_all(s, root)
			     : d->find(&s->share, buf_span(&s->path),
				       s->target.who, root);
	f = d->find(&s->share, span_of(NULL, 0), s->target.who, root);
	s->has_top = f == FAULT_NONE && root->has_fsid;
	if (s->has_top)
		s->top = root->fsid;
	if (f == FAULT_NONE && !whole)
		f = d->find(&s->share, buf_span(&s->path), s->target.who, root);
	return f;
}

/* ST_OK: the server answered, *f says what. */
static enum status
try_version(struct source *s, const struct dialect *d, struct attr *root,
	    enum fault *f)
{
	enum status st = share_open(&s->share, d, s->target.port);

	if (st != ST_OK)
		return st;
	*f = find_root(s, root);
	if (*f != FAULT_NONE)
		share_close(&s->share);
	return ST_OK;
}

/* Whether another version may know better. */
static bool
may_differ(enum status st, enum fault f)
{
	if (st != ST_OK)
		return st == ST_DENIED; /* no such port */
	return f == FAULT_GONE || f == FAULT_VERSION || f == FAULT_REFUSED ||
	       f == FAULT_SECURITY || f == FAULT_UNSUPPORTED;
}

static enum status
find_target(struct source *s, const struct source_target *t, struct attr *root)
{
	const uint32_t v = s->target.version;
	enum fault f = FAULT_NONE, other = FAULT_NONE;
	struct buf first;
	enum status st;

	if (v != 0) {
		st = try_version(s, v == 3 ? &dialect_3 : &dialect_4, root, &f);
		return st != ST_OK || f == FAULT_NONE ? st : refuse(s, t, f);
	}
	st = try_version(s, &dialect_4, root, &f);
	if (st == ST_OK && f == FAULT_NONE)
		return ST_OK;
	if (!may_differ(st, f))
		return st != ST_OK ? st : refuse(s, t, f);
	buf_init(&first, SAID * 4);
	if (t->why != NULL &&
	    buf_add(&first, t->why->data, t->why->len) != ST_OK)
		buf_clear(&first);
	if (try_version(s, &dialect_3, root, &other) == ST_OK &&
	    other == FAULT_NONE)
		st = ST_OK;
	else if (st == ST_OK)
		st = refuse(s, t, f); /* what version 4 said */
	else
		net_say(t->why, "%.*s", (int)first.len,
			(const char *)first.data);
	buf_fini(&first);
	return st;
}

/* A server that went away under a walk may be about to come back. */
static enum status
find_patiently(struct source *s, const struct source_target *t,
	       struct attr *root)
{
	const uint64_t end =
	    clock_mono_ms(clock_system()) + s->patience.connect_ms;
	enum status st;

	for (;;) {
		st = find_target(s, t, root);
		if (st == ST_OK || st == ST_UNSUPPORTED || t->cursor.len == 0 ||
		    clock_mono_ms(clock_system()) >= end)
			return st;
		poll(NULL, 0, SOON_MS);
	}
}

static enum fault
add_exports(struct source *s)
{
	const char *at = (const char *)s->exports.names.data;
	const struct tail tail = {0};
	struct span name;

	for (uint32_t i = 0; i < s->exports.count; i++, at += strlen(at) + 1) {
		const struct folder_entry e = {0};
		enum status st;

		name = span_skip(span_str(at), 1);
		if (exports_above(&s->exports, span_str(at)))
			continue; /* met on the way down from that one */
		st = folders_add(&s->folders, name, &e);
		if (st == ST_OK)
			st = folders_keep(&s->folders,
					  span_of(&tail, sizeof(tail)));
		if (st != ST_OK)
			return FAULT_LIMIT;
	}
	folders_sort(&s->folders);
	return FAULT_NONE;
}

/* The list of exports as the first folder, without a handle. */
static enum fault
enter_all(struct source *s)
{
	if (folders_push(&s->folders, s->path.len) != ST_OK)
		return FAULT_LIMIT;
	*here(s) = (struct place){.who = s->target.who};
	return add_exports(s);
}

static void
open_root(struct source *s, const struct source_target *t,
	  const struct attr *root)
{
	const struct seen one = {
	    .handle = root->handle,
	    .tail = {.owner = root->has_owner},
	};
	struct place p = {
	    .handle = root->handle,
	    .who = s->target.who,
	    .fsid = root->fsid,
	    .has_fsid = root->has_fsid,
	};
	struct folder_entry e = {0};
	struct ahead *a;
	enum fault f = FAULT_NONE;

	fill_entry(&e, root);
	p.entry = e;
	s->base = s->path.len;
	if (S_ISDIR(e.mode)) {
		f = root->handle.len == 0 ? enter_all(s) : enter(s, &p);
		if (f == FAULT_NONE) {
			resume(s, t->cursor);
			return;
		}
	}
	s->single = true;
	a = new_ahead(s, &e, f);
	a->is_folder = S_ISDIR(e.mode);
	a->has_owner = root->has_owner;
	if (S_ISREG(e.mode))
		begin_file(s, a, &one.handle);
	else if (f == FAULT_NONE)
		a->reason = S_ISLNK(e.mode) ? COVER_LINK : COVER_SPECIAL;
}

/* The path of the target as the server has it, without a slash behind. */
static enum status
take_path(struct source *s)
{
	enum status st = url_decode(s->target.url.path, &s->path);

	while (s->path.len > 0 && s->path.data[s->path.len - 1] == '/')
		s->path.len--;
	if (st == ST_OK && s->path.len == 0)
		st = buf_add_byte(&s->path, '/');
	return st;
}

static enum status
prepare(struct source *s, const struct source_target *t)
{
	struct span bad;
	enum status st;

	s->patience = patience_of(&t->options);
	s->browse = t->browse;
	s->known = t->known;
	buf_init(&s->root, PATH_CAP);
	buf_init(&s->path, PATH_CAP);
	buf_init(&s->shown, 4 * PATH_CAP);
	exports_init(&s->exports);
	for (size_t i = 0; i < AHEAD; i++)
		buf_init(&s->ahead[i].path, PATH_CAP);
	s->places = calloc(FOLDERS_DEPTH, sizeof(*s->places));
	if (s->places == NULL)
		return ST_NOMEM;
	st = target_of(t, &s->target);
	if (st != ST_OK)
		return st;
	s->filter = filter_of(t->options, clock_wall_s(clock_system()), &bad);
	if (bad.len > 0) {
		net_say(t->why,
			"the value of the option %.*s is not understood",
			(int)bad.len, (const char *)bad.ptr);
		return ST_UNSUPPORTED;
	}
	s->share.host = s->target.url.host;
	s->share.mount_port = s->target.mount_port;
	s->share.patience = &s->patience;
	s->share.why = t->why;
	st = url_root(&s->target.url, &s->root);
	if (st == ST_OK)
		st = buf_add(&s->shown, s->root.data, s->root.len);
	return st == ST_OK ? take_path(s) : st;
}

static enum status
source_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	struct attr root = {0};
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	st = prepare(s, t);
	if (st == ST_OK)
		st = find_patiently(s, t, &root);
	if (st != ST_OK) {
		source_close(s);
		return st;
	}
	s->share.why = NULL; /* it is over when open() returns */
	open_root(s, t, &root);
	*out = s;
	return ST_OK;
}

const struct source_ops nfs_source = {
    .scheme = "nfs",
    .open = source_open,
    .next = source_next,
    .read = source_read,
    .cursor = source_cursor,
    .close = source_close,
    .paced = true,
};
