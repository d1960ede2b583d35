#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "proxy-agent/nfs/nfs_impl.h"

/* An object as its folder tells of it, or as it was asked itself. */
struct seen {
	struct folder_entry entry;
	struct handle handle;
	struct tail tail;
	bool way_in; /* of version 3: an export, by its own way in */
};

struct ahead *
nfs_ahead(struct source *s, const struct folder_entry *e, enum fault f)
{
	struct ahead *a = &s->ahead[ring_add(&s->ring)];
	struct buf path = a->path;

	*a = (struct ahead){.path = path,
			    .entry = *e,
			    .fault = (uint8_t)f,
			    .reason = fault_reason(f)};
	buf_clear(&a->path);
	walk_need(buf_add(&a->path, s->walk.path.data, s->walk.path.len));
	return a;
}

void
nfs_begin(struct source *s, struct ahead *a, const struct handle *h)
{
	const struct flow_spec spec = {
	    .share = &s->site.share,
	    .handle = *h,
	    .who = s->site.target.who,
	    .owner = {a->entry.uid, a->entry.gid},
	    .may_owner = s->site.target.owner && a->has_owner,
	    .size = a->entry.size,
	};

	version_of(s->walk.known, &a->entry, a->version);
	if (s->walk.browse || a->entry.size == 0 ||
	    version_known(s->walk.known, &s->walk.root, &a->path, a->version))
		return;
	a->flow = flow_begin(&spec);
	if (a->flow == NULL)
		a->fault = (uint8_t)nfs_alive(s, FAULT_LOST);
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
	const struct place *p = nfs_here(s);

	if (way_in)
		return nfs_alive(s, s->site.share.dialect->find(
					&s->site.share, buf_span(&s->walk.path),
					s->site.target.who, out));
	return nfs_alive(s, s->site.share.dialect->lookup(
				&s->site.share, &p->handle, name, p->who, out));
}

/* What its folder did not tell. */
static void
complete(struct source *s, struct seen *one, struct span name)
{
	const uint32_t mode = one->entry.mode;
	const bool reads = S_ISREG(mode) || S_ISDIR(mode) || mode == 0;
	struct attr a;
	enum fault f;

	one->way_in = s->site.all &&
		      exports_has(&s->site.exports, buf_span(&s->walk.path));
	if (one->tail.fault != FAULT_NONE ||
	    (!one->way_in && mode != 0 && (!reads || one->handle.len > 0)))
		return;
	f = ask(s, one->way_in, name, &a);
	one->tail.fault = (uint8_t)f;
	if (f != FAULT_NONE)
		return;
	nfs_fill_entry(&one->entry, &a);
	one->handle = a.handle;
	one->tail.owner = a.has_owner;
	one->tail.mount = !one->way_in && nfs_is_other(nfs_here(s), &a);
}

/*
 * Another file system is another target, unless the way leads from the root of
 * version 4, which only shows what is exported, or all is wanted.
 */
static bool
follows(const struct source *s, const struct seen *one)
{
	const struct place *p = nfs_here(s);

	return !one->tail.mount || s->site.target.mounts ||
	       (s->site.has_top && p->has_fsid &&
		fsid_eq(p->fsid, s->site.top));
}

static enum fault
step_into(struct source *s, const struct seen *one)
{
	struct place p = *nfs_here(s);
	struct attr a;
	enum fault f;

	p.handle = one->handle;
	p.who = s->site.target.who;
	p.entry = one->entry;
	if (one->tail.mount || one->way_in) {
		f = nfs_alive(s, s->site.share.dialect->look(
				     &s->site.share, &p.handle, p.who, &a));
		if (f != FAULT_NONE)
			return f;
		p.fsid = a.fsid;
		p.has_fsid = a.has_fsid;
	}
	return nfs_enter(s, &p);
}

static void
step_folder(struct source *s, const struct seen *one)
{
	enum fault f = (enum fault)one->tail.fault;
	bool mount = false;
	struct ahead *a;

	if (!filter_enters(&s->walk.filter, walk_below(&s->walk)))
		return;
	if (f == FAULT_NONE && !s->walk.browse) {
		mount = !follows(s, one);
		if (!mount) {
			f = step_into(s, one);
			if (f == FAULT_NONE || s->lost)
				return;
		}
	}
	a = nfs_ahead(s, &one->entry, f);
	a->is_folder = true;
	a->has_owner = one->tail.owner;
	if (mount)
		a->reason = COVER_MOUNT;
}

static void
step_file(struct source *s, const struct seen *one)
{
	const struct folder_entry *e = &one->entry;
	const struct place *p = nfs_here(s);
	struct ahead *a;

	if (!filter_takes(&s->walk.filter, walk_below(&s->walk), e->size,
			  e->mtime))
		return;
	a = nfs_ahead(s, e, (enum fault)one->tail.fault);
	a->folder = p->handle;
	a->who = p->who;
	a->name = folders_here(&s->walk.folders)->path_len;
	a->has_owner = one->tail.owner;
	a->by_owner = s->tell_owner;
	s->tell_owner = false;
	if (a->reason != COVER_OK)
		return;
	if (S_ISREG(e->mode))
		nfs_begin(s, a, &one->handle);
	else
		a->reason = S_ISLNK(e->mode) ? COVER_LINK : COVER_SPECIAL;
}

static void
step(struct source *s)
{
	struct folder_level *l = folders_here(&s->walk.folders);
	size_t i = l->at++;
	struct span name = folders_name(l, i);
	struct seen one;

	/* listed while it changed, a server may name one twice */
	if (i > 0 && span_eq(name, folders_name(l, i - 1)))
		return;
	one = seen_at(l, i);
	walk_to(&s->walk, l->path_len, name);
	complete(s, &one, name);
	if (s->lost)
		return;
	if (S_ISDIR(one.entry.mode))
		step_folder(s, &one);
	else
		step_file(s, &one);
}

/* All that was listed of it is over; the rest has a line of its own. */
static void
leave(struct source *s)
{
	const struct place p = *nfs_here(s);

	s->walk.path.len = folders_here(&s->walk.folders)->path_len;
	folders_pop(&s->walk.folders);
	if (p.left != FAULT_NONE)
		nfs_ahead(s, &p.entry, p.left)->is_folder = true;
}

void
nfs_fill(struct source *s)
{
	while (!s->lost && s->ring.count < AHEAD && s->walk.folders.depth > 0) {
		const struct folder_level *l = folders_here(&s->walk.folders);

		if (l->at == l->count)
			leave(s);
		else
			step(s);
	}
}

/* The length of the level's entry that a position begins with; 0: none. */
static size_t
find_name(struct source *s, struct span cursor)
{
	struct folder_level *l = folders_here(&s->walk.folders);
	size_t n = str_find(cursor, '/');

	/* an export's name has slashes of its own */
	while (s->site.all && s->walk.folders.depth == 1 && n < cursor.len) {
		l->at = folders_find(&s->walk.folders, span_of(cursor.ptr, n));
		if (l->at < l->count &&
		    span_eq(folders_name(l, l->at), span_of(cursor.ptr, n)))
			return n;
		n += 1 + str_find(span_skip(cursor, n + 1), '/');
	}
	l->at = folders_find(&s->walk.folders, span_of(cursor.ptr, n));
	return n;
}

/* Go down to where an earlier walk was; stop where it no longer matches. */
void
nfs_resume(struct source *s, struct span cursor)
{
	while (cursor.len > 0) {
		struct folder_level *l = folders_here(&s->walk.folders);
		size_t n = find_name(s, cursor);
		struct span name = span_of(cursor.ptr, n);
		struct seen one;

		if (l->at == l->count || !span_eq(folders_name(l, l->at), name))
			return;
		walk_to(&s->walk, l->path_len, name);
		cursor = span_skip(cursor, n + 1);
		one = seen_at(l, l->at);
		complete(s, &one, name);
		if (cursor.len > 0 && (one.tail.fault != FAULT_NONE ||
				       step_into(s, &one) != FAULT_NONE))
			return; /* next() says why */
		l->at++;
	}
}
