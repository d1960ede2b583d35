#include "proxy-agent/nfs/nfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/nfs/flow.h"
#include "proxy-agent/nfs/site.h"
#include "proxy-agent/source/version.h"
#include "proxy-agent/source/walk.h"

#define AHEAD    64 /* objects that are asked for before their turn */
#define TRIES    3  /* of a listing that changes under our hands */
#define SAID     256
#define LATER_MS 500 /* before a busy server is asked again */

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
	struct site site;
	struct walk walk;
	struct place *places; /* FOLDERS_DEPTH, of each level */
	bool tell_owner; /* a folder needed its owner: its first item says so */
	struct ring ring; /* of these: */
	struct ahead ahead[AHEAD];
	char said[SAID];
};

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
	return &s->places[s->walk.folders.depth - 1];
}

/* ---- folders ---------------------------------------------------------------
 */

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
	if (s->walk.folders.bytes < FOLDERS_BYTES / 2) {
		memcpy(bytes + n, a->handle.bytes, a->handle.len);
		n += a->handle.len;
	}
	st = folders_add(&s->walk.folders, one->name, &e);
	if (st == ST_OK)
		st = folders_keep(&s->walk.folders, span_of(bytes, n));
	return st == ST_OK ? FAULT_NONE : FAULT_LIMIT;
}

/* A level, which stays when anything could be listed. */
static enum fault
list_once(struct source *s, const struct place *p)
{
	enum fault f;

	if (folders_push(&s->walk.folders, s->walk.path.len) != ST_OK)
		return FAULT_DEPTH;
	*here(s) = *p;
	f = alive(s->site.share.dialect->list(&s->site.share, &p->handle,
					      p->who, on_entry, s));
	folders_sort(&s->walk.folders);
	here(s)->left = f;
	if (f == FAULT_AGAIN || f == FAULT_LATER ||
	    (f != FAULT_NONE && folders_here(&s->walk.folders)->count == 0))
		folders_pop(&s->walk.folders);
	return f;
}

static void
pause_ms(struct source *s, uint32_t ms)
{
	const uint64_t end = clock_mono_ms(clock_system()) + ms;
	uint64_t now;

	while ((now = clock_mono_ms(clock_system())) < end)
		if (!line_turn(&s->site.share.line, (uint32_t)(end - now)))
			_exit(1);
}

/* Whether it is worth another try, in another's name or later. */
static bool
once_more(struct source *s, struct place *p, enum fault f, uint32_t *tries)
{
	const struct who owner = {p->entry.uid, p->entry.gid};

	++*tries;
	if (is_refusal(f) && s->site.target.owner && !is_same(p->who, owner)) {
		p->who = owner;
		s->tell_owner = true;
		return true;
	}
	if (f == FAULT_AGAIN)
		return *tries < TRIES;
	if (f != FAULT_LATER || *tries * LATER_MS > s->site.patience.answer_ms)
		return false;
	pause_ms(s, LATER_MS);
	return true;
}

/* FAULT_NONE: the walk is inside the folder that the path names. */
static enum fault
enter(struct source *s, struct place *p)
{
	const size_t depth = s->walk.folders.depth;
	uint32_t tries = 0;
	enum fault f;

	do
		f = list_once(s, p);
	while (s->walk.folders.depth == depth && f != FAULT_NONE &&
	       once_more(s, p, f, &tries));
	if (s->walk.folders.depth > depth)
		return FAULT_NONE; /* what is missing is told behind it */
	s->tell_owner = false;
	return f;
}

/* ---- the walk --------------------------------------------------------------
 */

static struct ahead *
new_ahead(struct source *s, const struct folder_entry *e, enum fault f)
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

static void
begin_file(struct source *s, struct ahead *a, const struct handle *h)
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
	walk_need(a->flow == NULL ? ST_CLOSED : ST_OK);
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
		return alive(s->site.share.dialect->find(
		    &s->site.share, buf_span(&s->walk.path), s->site.target.who,
		    out));
	return alive(s->site.share.dialect->lookup(&s->site.share, &p->handle,
						   name, p->who, out));
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

	return !one->tail.mount || s->site.target.mounts ||
	       (s->site.has_top && p->has_fsid &&
		fsid_eq(p->fsid, s->site.top));
}

static enum fault
step_into(struct source *s, const struct seen *one)
{
	struct place p = *here(s);
	struct attr a;
	enum fault f;

	p.handle = one->handle;
	p.who = s->site.target.who;
	p.entry = one->entry;
	if (one->tail.mount || one->way_in) {
		f = alive(s->site.share.dialect->look(&s->site.share, &p.handle,
						      p.who, &a));
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

	if (!filter_enters(&s->walk.filter, walk_below(&s->walk)))
		return;
	if (f == FAULT_NONE && !s->walk.browse) {
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

	if (!filter_takes(&s->walk.filter, walk_below(&s->walk), e->size,
			  e->mtime))
		return;
	a = new_ahead(s, e, (enum fault)one->tail.fault);
	a->folder = p->handle;
	a->who = p->who;
	a->name = folders_here(&s->walk.folders)->path_len;
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

	s->walk.path.len = folders_here(&s->walk.folders)->path_len;
	folders_pop(&s->walk.folders);
	if (p.left != FAULT_NONE)
		new_ahead(s, &p.entry, p.left)->is_folder = true;
}

static void
fill(struct source *s)
{
	while (s->ring.count < AHEAD && s->walk.folders.depth > 0) {
		const struct folder_level *l = folders_here(&s->walk.folders);

		if (l->at == l->count)
			leave(s);
		else
			step(s);
	}
}

static void
drop_first(struct source *s)
{
	struct ahead *a = &s->ahead[s->ring.first];

	flow_end(a->flow);
	a->flow = NULL;
	ring_drop(&s->ring);
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
	f = alive(s->site.share.dialect->lookup(&s->site.share, &a->folder,
						name, a->who, &attr));
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
	const struct who me = s->site.target.who;
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
	else if (a->fault == FAULT_DENIED && !s->site.target.owner)
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

	if (s->ring.at_hand)
		drop_first(s);
	fill(s);
	if (s->ring.count == 0)
		return ST_EOF;
	s->ring.at_hand = true;
	a = &s->ahead[s->ring.first];
	settle(s, a);
	*item = (struct source_item){
	    .path = walk_show(&s->walk, &a->path),
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
	struct ahead *a = &s->ahead[s->ring.first];

	*got = 0;
	if (a->flow == NULL)
		return ST_OK;
	return alive(flow_read(a->flow, dst, n, got)) == FAULT_NONE ? ST_OK
								    : ST_IO;
}

static enum status
source_cursor(const struct source *s, struct buf *to)
{
	return walk_cursor(&s->walk, &s->ahead[s->ring.first].path, to);
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
static void
resume(struct source *s, struct span cursor)
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
	share_close(&s->site.share);
	walk_fini(&s->walk);
	free(s->places);
	exports_fini(&s->site.exports);
	free(s);
}

static enum fault
add_exports(struct source *s)
{
	const char *at = (const char *)s->site.exports.names.data;
	const struct tail tail = {0};
	struct span name;

	for (uint32_t i = 0; i < s->site.exports.count;
	     i++, at += strlen(at) + 1) {
		const struct folder_entry e = {0};
		enum status st;

		name = span_skip(span_str(at), 1);
		if (exports_above(&s->site.exports, span_str(at)))
			continue; /* met on the way down from that one */
		st = folders_add(&s->walk.folders, name, &e);
		if (st == ST_OK)
			st = folders_keep(&s->walk.folders,
					  span_of(&tail, sizeof(tail)));
		if (st != ST_OK)
			return FAULT_LIMIT;
	}
	folders_sort(&s->walk.folders);
	return FAULT_NONE;
}

/* The list of exports as the first folder, without a handle. */
static enum fault
enter_all(struct source *s)
{
	if (folders_push(&s->walk.folders, s->walk.path.len) != ST_OK)
		return FAULT_LIMIT;
	*here(s) = (struct place){.who = s->site.target.who};
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
	    .who = s->site.target.who,
	    .fsid = root->fsid,
	    .has_fsid = root->has_fsid,
	};
	struct folder_entry e = {0};
	struct ahead *a;
	enum fault f = FAULT_NONE;

	fill_entry(&e, root);
	p.entry = e;
	s->walk.base = s->walk.path.len;
	if (S_ISDIR(e.mode)) {
		f = root->handle.len == 0 ? enter_all(s) : enter(s, &p);
		if (f == FAULT_NONE) {
			resume(s, t->cursor);
			return;
		}
	}
	s->walk.single = true;
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
	enum status st = url_decode(s->site.target.url.path, &s->walk.path);

	while (s->walk.path.len > 0 &&
	       s->walk.path.data[s->walk.path.len - 1] == '/')
		s->walk.path.len--;
	if (st == ST_OK && s->walk.path.len == 0)
		st = buf_add_byte(&s->walk.path, '/');
	return st;
}

static enum status
prepare(struct source *s, const struct source_target *t)
{
	enum status st;

	s->site.patience = patience_of(&t->options);
	s->ring.room = AHEAD;
	exports_init(&s->site.exports);
	for (size_t i = 0; i < AHEAD; i++)
		buf_init(&s->ahead[i].path, WALK_PATH);
	st = walk_init(&s->walk, t);
	if (st != ST_OK)
		return st;
	s->places = calloc(FOLDERS_DEPTH, sizeof(*s->places));
	if (s->places == NULL)
		return ST_NOMEM;
	st = target_of(t, &s->site.target);
	if (st != ST_OK)
		return st;
	s->site.share.host = s->site.target.url.host;
	s->site.share.mount_port = s->site.target.mount_port;
	s->site.share.patience = &s->site.patience;
	s->site.share.why = t->why;
	st = walk_root(&s->walk, &s->site.target.url, "");
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
		st = site_find(&s->site, t, buf_span(&s->walk.path), &root);
	if (st != ST_OK) {
		source_close(s);
		return st;
	}
	s->site.share.why = NULL; /* it is over when open() returns */
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
