#include "proxy-agent/smb/smb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "model/object.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/smb/cifs.h"
#include "proxy-agent/smb/crew.h"
#include "proxy-agent/smb/login.h"
#include "proxy-agent/smb/visited.h"
#include "proxy-agent/source/version.h"
#include "proxy-agent/source/walk.h"

#define AHEAD 64 /* objects that are asked for before their turn */
#define RESTS 5  /* waits for a server that is gone, 15 s in all */

/* One object of the walk, begun before its turn. */
struct ahead {
	struct buf path; /* "SHARE/FOLDER/NAME" */
	struct folder_entry attr;
	uint8_t reason;
	bool folder;
	bool wanted;  /* it is a file to be read */
	bool stream;  /* asked for by its name; there may be none of it */
	bool some;    /* bytes of it were given out */
	bool alone;   /* no hand can read it */
	bool own;     /* the session of the walk has it open */
	uint64_t job; /* of the crew; 0: not begun */
	const char *detail;
	char version[VERSION_MAX];
};

struct source {
	struct login login;
	struct cifs *cifs;
	struct crew *crew;
	struct walk walk;
	uint64_t chain[FOLDERS_DEPTH]; /* identities of those entered */
	struct visited visited;
	struct ring ring; /* of these: */
	struct ahead ahead[AHEAD];
	size_t begun;   /* of these have been handed to the crew */
	size_t streams; /* that are read beside each file */
	bool told; /* that the server lets in fewer sessions than we wanted */
};

/* ---- a server that is gone -------------------------------------------------
 */

/* A server that restarts needs time until it may be asked again. */
static enum status
await(const struct source *s, unsigned tries, struct buf *why)
{
	const struct account *a = &s->login.account;
	enum status st = ST_IO;
	int fd = -1;

	for (unsigned i = 0; st != ST_OK && i < tries; i++) {
		account_rest(i);
		st = net_connect(a->url.host, s->login.port, &a->patience, why,
				 &fd);
	}
	if (st == ST_OK)
		close(fd);
	return st;
}

/* Who is started again signs in once more. */
static void
give_up(const struct source *s)
{
	(void)!await(s, RESTS, NULL);
	_exit(1);
}

/* What it means for one object; a lost connection is no such thing. */
static const struct cifs_trouble *
trouble(const struct source *s, int error)
{
	const struct cifs_trouble *t = cifs_trouble(error);

	if (t->lost)
		give_up(s);
	return t;
}

/* ---- the walk --------------------------------------------------------------
 */

static uint32_t
mode_of(const struct cifs_entry *e)
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
	    .mode = mode_of(e),
	    .mtime = e->mtime,
	    .size = e->attrs & CIFS_FOLDER ? 0 : e->size,
	    .id = e->id,
	    .flags = e->attrs,
	};

	if (memchr(name.ptr, '/', name.len) != NULL)
		return ST_OK; /* no name, whatever the server means by it */
	return folders_add(&s->walk.folders, name, &entry);
}

/* Why the walk is not inside the folder that the path names. */
struct hurdle {
	uint8_t reason; /* COVER_OK: it is */
	const char *detail;
};

static struct hurdle
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
		return (struct hurdle){COVER_OK, NULL};
	if (cifs_error(s->cifs) == 0)
		return (struct hurdle){COVER_MEMORY, "it holds too many names"};
	t = cifs_trouble(cifs_error(s->cifs));
	return (struct hurdle){t->reason, t->words};
}

static struct hurdle
enter(struct source *s, uint64_t id)
{
	struct hurdle h;
	uint64_t self = 0;

	for (size_t i = 0; i < s->walk.folders.depth; i++)
		if (id != 0 && s->chain[i] == id)
			return (struct hurdle){
			    COVER_LOOP, "a folder that holds it, by a link"};
	if (!visited_add(&s->visited, id))
		return (struct hurdle){
		    COVER_LINK, "another name of a folder that was met before"};
	if (folders_push(&s->walk.folders, s->walk.path.len) != ST_OK)
		return (struct hurdle){COVER_DEPTH, NULL};
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

static struct ahead *
new_ahead(struct source *s, const struct folder_entry *e)
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

static void
note_file(struct source *s, struct ahead *a)
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
		a = new_ahead(s, e);
		a->attr.size = 0; /* not known */
		a->stream = a->wanted = true;
		s->walk.path.len = len;
	}
}

/* Folders that are named and not entered. */
static struct hurdle
stay_out(const struct source *s, const struct folder_entry *e)
{
	struct span name = buf_span(&s->walk.path);

	if ((e->flags & CIFS_REPARSE) && !s->login.follow)
		return (struct hurdle){
		    COVER_MOUNT, "a DFS link or a junction, which leads "
				 "elsewhere; the option links=yes follows it"};
	if (s->walk.base == 0 && s->walk.folders.depth == 1 &&
	    str_ends(name, "$"))
		return (struct hurdle){
		    COVER_MOUNT,
		    "a hidden share; it is read when the target names it"};
	return (struct hurdle){COVER_OK, NULL};
}

static void
step_folder(struct source *s, const struct folder_entry *e)
{
	struct hurdle h = stay_out(s, e);
	struct ahead *a;

	if (!s->walk.browse && h.reason == COVER_OK) {
		h = enter(s, e->id);
		if (h.reason == COVER_OK)
			return;
		if (cifs_trouble(cifs_error(s->cifs))->lost)
			give_up(s);
	}
	a = new_ahead(s, e);
	a->folder = true;
	a->reason = s->walk.browse ? COVER_OK : h.reason;
	a->detail = h.detail;
}

static void
step(struct source *s)
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
		note_file(s, new_ahead(s, &e));
		add_streams(s, &e, 0);
	}
}

/* The crew gets what it can take, in the order of the walk. */
static void
begin(struct source *s)
{
	for (; s->begun < s->ring.count; s->begun++) {
		struct ahead *a = &s->ahead[ring_at(&s->ring, s->begun)];

		if (!a->wanted)
			continue;
		if (!crew_free(s->crew))
			return;
		if (crew_begin(s->crew, buf_span(&a->path), &a->job) != ST_OK)
			give_up(s);
	}
}

static void
fill(struct source *s)
{
	while (s->ring.count + s->streams < AHEAD &&
	       s->walk.folders.depth > 0) {
		struct folder_level *l = folders_here(&s->walk.folders);

		if (l->at == l->count)
			folders_pop(&s->walk.folders);
		else
			step(s);
		if (s->crew != NULL)
			begin(s);
	}
	if (s->crew != NULL)
		begin(s);
}

static void
drop_first(struct source *s)
{
	struct ahead *a = &s->ahead[s->ring.first];

	if (a->job != 0 && crew_end(s->crew, a->job) != ST_OK)
		give_up(s);
	a->job = 0;
	if (a->own)
		cifs_file_end(s->cifs);
	ring_drop(&s->ring);
	if (s->begun > 0)
		s->begun--;
}

/* Whether it is for the session of the walk to find out. */
static bool
is_unclear(int error)
{
	return error == EUSERS || cifs_trouble(error)->error == 0;
}

/* Of a stream: most files have none of that name. */
static bool
is_there(struct source *s, struct ahead *a)
{
	struct cifs_entry e;
	enum status st = ST_IO;
	int error = EUSERS;
	size_t none;

	if (a->job != 0) {
		st = crew_read(s->crew, a->job, NULL, 0, &none);
		error = crew_error(s->crew);
	}
	if (st == ST_OK || st == ST_EOF) {
		a->some = true;
		a->wanted = st == ST_OK;
		return true;
	}
	if (cifs_trouble(error)->st == ST_NOTFOUND)
		return false;
	if (!is_unclear(error))
		(void)trouble(s, error);
	a->alone = true;
	return cifs_stat(s->cifs, buf_span(&a->path), &e) != ST_NOTFOUND;
}

/* ST_EOF: none is left. */
static enum status
advance(struct source *s)
{
	struct ahead *a;

	do {
		if (s->ring.at_hand)
			drop_first(s);
		fill(s);
		if (s->ring.count == 0)
			return ST_EOF;
		s->ring.at_hand = true;
		a = &s->ahead[s->ring.first];
	} while (a->stream && !is_there(s, a));
	return ST_OK;
}

static enum status
source_next(struct source *s, struct source_item *item)
{
	const struct ahead *a;

	if (advance(s) != ST_OK)
		return ST_EOF;
	a = &s->ahead[s->ring.first];
	*item = (struct source_item){
	    .path = walk_show(&s->walk, &a->path),
	    .size = a->attr.size,
	    .mtime = a->attr.mtime,
	    .mode = a->attr.mode,
	    .reason = a->reason,
	    .folder = a->folder,
	    .trickle = true,
	    .detail = span_str(a->detail),
	    .version = span_str(a->version),
	};
	return ST_OK;
}

/* What a hand could not open for want of a session, or for no clear reason, is
 * read by the session of the walk, which is inside: what that says, counts. */
static enum status
read_self(struct source *s, struct ahead *a, void *dst, size_t n, size_t *got)
{
	enum status st = ST_OK;

	if (!a->own) {
		st = cifs_file(s->cifs, buf_span(&a->path));
		a->own = st == ST_OK;
	}
	if (st == ST_OK)
		st = cifs_read(s->cifs, dst, n, got);
	return st == ST_OK ? st : trouble(s, cifs_error(s->cifs))->st;
}

static void
tell_few(struct source *s)
{
	const struct url *u = &s->login.account.url;

	if (s->told)
		return;
	s->told = true;
	log_warn("%.*s lets in fewer sessions than the %u that were asked for: "
		 "its files are read by those it let in (the option sessions "
		 "asks for fewer)",
		 (int)u->host.len, (const char *)u->host.ptr,
		 s->login.sessions + 1);
}

static enum status
source_read(struct source *s, void *dst, size_t n, size_t *got)
{
	struct ahead *a = &s->ahead[s->ring.first];
	enum status st;
	int error;

	*got = 0;
	if (!a->wanted)
		return ST_OK;
	if (a->job == 0 || a->alone || a->own)
		return read_self(s, a, dst, n, got);
	st = crew_read(s->crew, a->job, dst, n, got);
	if (st == ST_OK || st == ST_EOF) {
		a->some = true;
		return ST_OK;
	}
	error = crew_error(s->crew);
	if (error == EUSERS)
		tell_few(s);
	else if (a->some || !is_unclear(error))
		return trouble(s, error)->st;
	return read_self(s, a, dst, n, got);
}

static enum status
source_cursor(const struct source *s, struct buf *to)
{
	return walk_cursor(&s->walk, &s->ahead[s->ring.first].path, to);
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
static void
resume(struct source *s, struct span cursor)
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
		    enter(s, l->entries[l->at].id).reason != COVER_OK)
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
	crew_close(s->crew);
	cifs_close(s->cifs);
	walk_fini(&s->walk);
	visited_fini(&s->visited);
	for (size_t i = 0; i < AHEAD; i++)
		buf_fini(&s->ahead[i].path);
	login_fini(&s->login);
	free(s);
}

/* Says why nobody gets as far as the target; ST_OK: it is the target itself. */
static enum status
explain(const struct source *s, struct buf *why)
{
	const struct url *u = &s->login.account.url;
	const int error = cifs_error(s->cifs), n = (int)u->host.len;
	const char *host = (const char *)u->host.ptr,
		   *said = cifs_said(s->cifs);
	const struct cifs_trouble *t = cifs_trouble(error);

	if (said[0] != 0) {
		net_say(why,
			"%.*s refused the sign-in (%s): check user, password "
			"and domain",
			n, host, said);
		return ST_DENIED;
	}
	if (!cifs_stood(s->cifs) && (error == ECONNABORTED ||
				     error == ECONNRESET || error == ENOTSUP)) {
		net_say(why,
			"%.*s answers at port %u but not in SMB 2.1 to 3.1.1 "
			"as asked for: SMB 1 is refused unless the option "
			"smb1=yes allows it, and what is not signed unless "
			"signing=no does",
			n, host, s->login.port);
		return ST_UNSUPPORTED;
	}
	if (!t->lost)
		return ST_OK;
	net_say(why, "%.*s, port %u: %s", n, host, s->login.port, t->words);
	return t->st;
}

/* Without slashes at its ends. */
static enum status
find_path(struct source *s, struct span path)
{
	enum status st;
	size_t slashes = 0;

	st = url_decode(path, &s->walk.path);
	while (s->walk.path.len > 0 &&
	       s->walk.path.data[s->walk.path.len - 1] == '/')
		s->walk.path.len--;
	while (slashes < s->walk.path.len && s->walk.path.data[slashes] == '/')
		slashes++;
	buf_drop(&s->walk.path, slashes);
	s->walk.base = s->walk.path.len;
	return st;
}

/* A server and a share have no attributes of their own. */
static enum status
look(struct source *s, struct cifs_entry *e)
{
	*e = (struct cifs_entry){.attrs = CIFS_FOLDER};
	if (str_find(buf_span(&s->walk.path), '/') == s->walk.path.len)
		return ST_OK;
	return cifs_stat(s->cifs, buf_span(&s->walk.path), e);
}

/* A target that is not there, or cannot be listed, is an object that says so.
 */
static enum status
open_root(struct source *s, const struct source_target *t)
{
	const struct cifs_trouble *bad;
	struct hurdle h = {COVER_OK, NULL};
	struct folder_entry e;
	struct cifs_entry found;
	struct ahead *item;
	enum status st = look(s, &found);

	if (st == ST_OK && (found.attrs & CIFS_FOLDER)) {
		h = enter(s, 0);
		if (h.reason == COVER_OK) {
			resume(s, t->cursor);
			return ST_OK;
		}
	} else if (st != ST_OK) {
		bad = cifs_trouble(cifs_error(s->cifs));
		h = (struct hurdle){bad->reason, bad->words};
	}
	if (h.reason != COVER_OK) {
		if (t->cursor.len > 0) /* it was well before */
			(void)trouble(s, cifs_error(s->cifs));
		st = explain(s, t->why);
		if (st != ST_OK)
			return st;
	}
	e = (struct folder_entry){.mode = mode_of(&found),
				  .mtime = found.mtime,
				  .size = found.size,
				  .flags = found.attrs};
	s->walk.single = true;
	item = new_ahead(s, &e);
	item->folder = S_ISDIR(e.mode);
	item->reason = h.reason;
	item->detail = h.detail;
	if (h.reason == COVER_OK)
		note_file(s, item);
	return ST_OK;
}

static enum status
source_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->ring.room = AHEAD;
	for (size_t i = 0; i < AHEAD; i++)
		buf_init(&s->ahead[i].path, WALK_PATH);
	st = login_read(t, &s->login);
	if (st == ST_OK)
		st = walk_init(&s->walk, t);
	while (st == ST_OK && login_stream(&s->login, s->streams).len > 0)
		s->streams++;
	if (st == ST_OK)
		st = walk_root(&s->walk, &s->login.account.url, "/");
	if (st == ST_OK)
		st = find_path(s, s->login.account.url.path);
	if (st == ST_OK) /* said better than by libsmbclient */
		st = await(s, t->cursor.len > 0 ? RESTS : 1, t->why);
	if (st == ST_OK)
		st = cifs_open(&s->login, t->why, &s->cifs);
	if (st == ST_OK)
		st = open_root(s, t);
	if (st == ST_OK && !s->walk.browse)
		st = crew_open(t, s->login.sessions, &s->crew);
	if (st != ST_OK) {
		source_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

const struct source_ops smb_source = {
    .scheme = "smb",
    .open = source_open,
    .next = source_next,
    .read = source_read,
    .cursor = source_cursor,
    .close = source_close,
    .paced = true,
};
