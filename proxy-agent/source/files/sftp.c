#include "proxy-agent/source/files/sftp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/session/sftp.h"
#include "proxy-agent/source/files/door.h"
#include "proxy-agent/source/files/version.h"
#include "proxy-agent/source/files/walk.h"
#include "source/mounts.h"
#include "source/own.h"

#define AHEAD 32         /* objects that are asked for before their turn */
#define TABLE (2u << 20) /* bytes of what a host says is mounted */

/* One object of the walk, begun before its turn. */
struct ahead {
	struct buf path; /* on the server */
	struct folder_entry attr;
	uint8_t reason;
	enum mounts_kind left_out; /* of reason COVER_MOUNT, if known */
	bool folder;
	struct door_file file; /* none: nothing to be read */
	char version[VERSION_MAX];
};

struct source {
	struct patience patience;
	struct ssh *ssh;
	struct door door;
	struct walk walk;
	bool skips_pseudo;         /* the target lies in none */
	bool mounts;               /* enter what is mounted, too */
	enum mounts_kind left_out; /* why enter() said ST_UNSUPPORTED */
	struct buf table;          /* what is mounted where; empty: not known */
	struct mounts_line own;    /* the target's, in there */
	struct ring ring;          /* of these: */
	struct ahead ahead[AHEAD];
};

static bool
is_fatal(enum status st)
{
	return st == ST_CLOSED || st == ST_TIMEOUT || st == ST_MALFORMED ||
	       st == ST_NOMEM;
}

static uint8_t
reason_of(enum status st)
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

/* File systems that a kernel makes up, by the places where they stand. */
static bool
is_pseudo(struct span path)
{
	static const char *const places[] = {"/proc", "/sys", "/dev"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (str_is(path, places[i]))
			return true;
	return false;
}

/* ---- the walk --------------------------------------------------------------
 */

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

/* Where the walk is, as far as the host tells. What shows the target's own file
 * system in another place is no other. */
static enum mounts_kind
kind_here(struct source *s)
{
	const struct span table = buf_span(&s->table);
	const struct span path = buf_span(&s->walk.path);
	struct mounts_line m;
	bool pseudo = false;

	if (table.len > 0 && s->walk.folders.depth > 1)
		return mounts_find(table, path, &m) &&
			       !span_eq(m.device, s->own.device)
			   ? m.kind
			   : MOUNTS_DISK;
	if (mounts_above(table, path, &s->own))
		return s->own.kind;
	walk_need(door_pseudo(&s->door, path, &pseudo));
	return pseudo ? MOUNTS_KERNEL : MOUNTS_DISK;
}

/* The target itself is read wherever it lies. */
static bool
is_left_out(struct source *s)
{
	s->left_out = kind_here(s);
	if (s->walk.folders.depth == 1) {
		s->skips_pseudo = s->left_out != MOUNTS_KERNEL;
		return false;
	}
	if (s->left_out == MOUNTS_KERNEL)
		return s->skips_pseudo;
	return s->left_out != MOUNTS_DISK && !s->mounts;
}

/* ST_OK: the walk is inside the folder that the path names. */
static enum status
enter(struct source *s)
{
	enum status st = folders_push(&s->walk.folders, s->walk.path.len);

	if (st != ST_OK)
		return st;
	if (is_left_out(s)) {
		folders_pop(&s->walk.folders);
		return ST_UNSUPPORTED;
	}
	st = door_list(&s->door, buf_span(&s->walk.path), on_entry, s);
	if (is_fatal(st))
		walk_need(st);
	folders_sort(&s->walk.folders);
	if (st != ST_OK && folders_here(&s->walk.folders)->count == 0) {
		folders_pop(&s->walk.folders);
		return st;
	}
	return ST_OK;
}

static struct ahead *
new_ahead(struct source *s, const struct folder_entry *e)
{
	struct ahead *a = &s->ahead[ring_add(&s->ring)];

	buf_clear(&a->path);
	walk_need(buf_add(&a->path, s->walk.path.data, s->walk.path.len));
	a->attr = *e;
	a->reason = COVER_OK;
	a->left_out = MOUNTS_KERNEL;
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
	if (is_fatal(st))
		walk_need(st);
	if (st != ST_OK)
		return;
	e->mode = a.mode;
	e->size = a.size;
	e->mtime = a.mtime;
	e->uid = a.uid;
	e->gid = a.gid;
}

static void
begin_file(struct source *s, struct ahead *a)
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
	struct ahead *a = new_ahead(s, e);

	if (is_own(s, false))
		a->reason = COVER_OWN;
	else
		begin_file(s, a);
}

static void
step(struct source *s)
{
	struct folder_level *l = folders_here(&s->walk.folders);
	size_t i = l->at++;
	struct folder_entry e = l->entries[i];
	struct ahead *a;
	enum status st;

	walk_to(&s->walk, l->path_len, folders_name(l, i));
	complete(s, &e);
	if (!S_ISDIR(e.mode)) {
		if (filter_takes(&s->walk.filter, walk_below(&s->walk), e.size,
				 e.mtime))
			add_file(s, &e);
		return;
	}
	if (!filter_enters(&s->walk.filter, walk_below(&s->walk)))
		return;
	if (is_own(s, true)) {
		a = new_ahead(s, &e);
		a->folder = true;
		a->reason = COVER_OWN;
		return;
	}
	if (!s->walk.browse && !is_pseudo(buf_span(&s->walk.path))) {
		st = enter(s);
		if (st == ST_OK)
			return;
	} else {
		st = ST_OK;
	}
	a = new_ahead(s, &e);
	a->folder = true;
	if (st == ST_UNSUPPORTED)
		a->left_out = s->left_out;
	a->reason = s->walk.browse
			? COVER_OK
			: (st == ST_OK ? COVER_MOUNT : reason_of(st));
}

static void
fill(struct source *s)
{
	while (s->ring.count < AHEAD && s->walk.folders.depth > 0) {
		struct folder_level *l = folders_here(&s->walk.folders);

		if (l->at == l->count)
			folders_pop(&s->walk.folders);
		else
			step(s);
	}
}

static void
drop_first(struct source *s)
{
	struct ahead *a = &s->ahead[s->ring.first];

	door_end(&a->file);
	ring_drop(&s->ring);
}

static struct span
detail_of(const struct ahead *a)
{
	if (a->reason == COVER_OWN)
		return span_str(OWN_PLACE_WORDS);
	return mounts_why(a->reason == COVER_MOUNT ? a->left_out : MOUNTS_DISK);
}

static enum status
source_next(struct source *s, struct source_item *item)
{
	const struct ahead *a;

	if (s->ring.at_hand)
		drop_first(s);
	fill(s);
	if (s->ring.count == 0)
		return ST_EOF;
	s->ring.at_hand = true;
	a = &s->ahead[s->ring.first];
	*item = (struct source_item){
	    .path = walk_show(&s->walk, &a->path),
	    .size = a->attr.size,
	    .mtime = a->attr.mtime,
	    .mode = a->attr.mode,
	    .uid = a->attr.uid,
	    .gid = a->attr.gid,
	    .reason = a->reason,
	    .folder = a->folder,
	    .trickle = true,
	    .detail = detail_of(a),
	    .version = span_str(a->version),
	};
	return ST_OK;
}

static enum status
source_read(struct source *s, void *dst, size_t n, size_t *got)
{
	struct ahead *a = &s->ahead[s->ring.first];
	enum status st;

	*got = 0;
	if (!door_began(&a->file))
		return ST_OK;
	st = door_read(&a->file, dst, n, got);
	return is_fatal(st) ? ST_AGAIN : st;
}

static enum status
source_cursor(const struct source *s, struct buf *to)
{
	return walk_cursor(&s->walk, &s->ahead[s->ring.first].path, to);
}

/* Go down to where an earlier walk was; stop where it no longer matches. */
static void
resume(struct source *s, struct span cursor)
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
		if (cursor.len > 0 && enter(s) != ST_OK)
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
	for (size_t i = 0; i < s->ring.count; i++)
		door_end(&s->ahead[ring_at(&s->ring, i)].file);
	door_close(&s->door);
	ssh_close(s->ssh);
	walk_fini(&s->walk);
	buf_fini(&s->table);
	for (size_t i = 0; i < AHEAD; i++)
		buf_fini(&s->ahead[i].path);
	free(s);
}

/*
 * What is mounted on a host, by its own account, once: that costs no question
 * for each folder. A server that has no such file, or not all of it, is asked
 * for each folder whether its file system has blocks.
 */
static enum status
read_table(struct source *s)
{
	struct door_file f = {0};
	size_t got = 1;
	enum status st = door_begin(&s->door, span_str("/proc/self/mountinfo"),
				    UINT64_MAX, &f);

	while (st == ST_OK && got > 0) {
		st = buf_reserve(&s->table, SFTP_PIECE);
		if (st == ST_OK)
			st = door_read(&f, s->table.data + s->table.len,
				       SFTP_PIECE, &got);
		s->table.len += st == ST_OK ? got : 0;
	}
	door_end(&f);
	if (st != ST_OK)
		buf_clear(&s->table);
	return is_fatal(st) ? st : ST_OK;
}

static enum status
connect_to(struct source *s, const struct source_target *t, const struct url *u)
{
	struct buf user;
	struct ssh_spec spec = {
	    .host = u->host,
	    .port = u->port,
	    .access = t->access,
	    .options = t->options,
	    .patience = &s->patience,
	    .why = t->why,
	};
	enum status st;

	buf_init(&user, 256);
	st = url_decode(u->user, &user);
	spec.user = buf_span(&user);
	if (st == ST_OK)
		st = ssh_open(&spec, &s->ssh);
	buf_fini(&user);
	if (st != ST_OK)
		return st;
	return door_open(&s->door, s->ssh, t, u);
}

/* "/~/x" is below the folder of the user, as other programs have it. */
static enum status
find_path(struct source *s, struct span path)
{
	struct buf name;
	enum status st;

	buf_init(&name, WALK_PATH);
	st = url_decode(path, &name);
	if (st == ST_OK && (name.len == 0 || str_is(buf_span(&name), "/~")))
		path = span_str(".");
	else if (str_starts(buf_span(&name), "/~/"))
		path = name.len > 3 ? span_skip(buf_span(&name), 3)
				    : span_str(".");
	else
		path = buf_span(&name);
	if (st == ST_OK)
		st = door_real(&s->door, path, &s->walk.path);
	buf_fini(&name);
	while (s->walk.path.len > 1 &&
	       s->walk.path.data[s->walk.path.len - 1] == '/')
		s->walk.path.len--;
	return st;
}

/* A target that is not there, or cannot be listed, is an object that says so.
 */
static enum status
open_root(struct source *s, const struct source_target *t)
{
	struct sftp_attr a = {0};
	struct folder_entry e;
	struct ahead *item;
	enum status st = door_stat(&s->door, buf_span(&s->walk.path), true, &a);

	if (is_fatal(st))
		return st;
	s->walk.base = s->walk.path.len;
	if (st == ST_OK && S_ISDIR(a.mode)) {
		st = enter(s);
		if (st == ST_OK) {
			resume(s, t->cursor);
			return ST_OK;
		}
	}
	e = (struct folder_entry){.mode = a.mode,
				  .uid = a.uid,
				  .gid = a.gid,
				  .mtime = a.mtime,
				  .size = a.size};
	s->walk.single = true;
	item = new_ahead(s, &e);
	item->folder = S_ISDIR(a.mode);
	item->reason = reason_of(st);
	if (st == ST_OK)
		begin_file(s, item);
	return ST_OK;
}

static enum status
source_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	struct url u;
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->patience = patience_of(&t->options);
	s->patience.pace = t->pace;
	s->ring.room = AHEAD;
	for (size_t i = 0; i < AHEAD; i++)
		buf_init(&s->ahead[i].path, WALK_PATH);
	buf_init(&s->table, TABLE);
	st = walk_init(&s->walk, t);
	if (st == ST_OK && source_option(t, "mounts").ptr != NULL &&
	    str_to_bool(source_option(t, "mounts"), &s->mounts) != ST_OK) {
		net_say(t->why, "the value of the option mounts is not "
				"understood");
		st = ST_UNSUPPORTED;
	}
	if (st == ST_OK && url_parse(t->path, &u) != ST_OK) {
		net_say(t->why, "the target is not of the form "
				"sftp://USER@HOST:PORT/PATH");
		st = ST_MALFORMED;
	}
	if (st == ST_OK)
		st = walk_root(&s->walk, &u, "");
	if (st == ST_OK)
		st = connect_to(s, t, &u);
	if (st == ST_OK && str_is(u.scheme, "ssh"))
		st = read_table(s);
	if (st == ST_OK)
		st = find_path(s, u.path);
	if (st == ST_OK)
		st = open_root(s, t);
	if (st != ST_OK) {
		source_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

const struct source_ops ssh_source = {
    .scheme = "ssh",
    .open = source_open,
    .next = source_next,
    .read = source_read,
    .cursor = source_cursor,
    .close = source_close,
    .paced = true,
};

const struct source_ops sftp_source = {
    .scheme = "sftp",
    .open = source_open,
    .next = source_next,
    .read = source_read,
    .cursor = source_cursor,
    .close = source_close,
    .paced = true,
};
