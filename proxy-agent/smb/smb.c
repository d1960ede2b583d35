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
#include "proxy-agent/smb/smb_impl.h"

/* ---- a server that is gone -------------------------------------------------
 */

/* A server that restarts needs time until it may be asked again. */
enum status
smb_await(const struct source *s, unsigned tries, struct buf *why)
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
void
smb_give_up(const struct source *s)
{
	(void)!smb_await(s, RESTS, NULL);
	_exit(1);
}

/* Nothing more can be asked for; who is started again needs the server. */
static enum status
leave(struct source *s)
{
	s->lost = true;
	(void)!smb_await(s, RESTS, NULL);
	return ST_AGAIN;
}

/* What it means for one object; a lost connection is no such thing. */
static enum status
trouble(struct source *s, int error)
{
	const struct cifs_trouble *t = cifs_trouble(error);

	return t->lost ? leave(s) : t->st;
}

/* ---- what is asked for ahead ------------------------------------------------
 */

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
		s->lost =
		    crew_begin(s->crew, buf_span(&a->path), &a->job) != ST_OK;
		if (s->lost)
			return;
	}
}

static void
fill(struct source *s)
{
	while (!s->lost && s->ring.count + s->streams < AHEAD &&
	       s->walk.folders.depth > 0) {
		struct folder_level *l = folders_here(&s->walk.folders);

		if (l->at == l->count)
			folders_pop(&s->walk.folders);
		else
			smb_step(s);
		if (s->crew != NULL && !s->lost)
			begin(s);
	}
	if (s->crew != NULL && !s->lost)
		begin(s);
}

static void
drop_first(struct source *s)
{
	struct ahead *a = &s->ahead[s->ring.first];

	if (a->job != 0 && crew_end(s->crew, a->job) != ST_OK)
		s->lost = true;
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
	if (!is_unclear(error) && cifs_trouble(error)->lost)
		smb_give_up(s);
	a->alone = true;
	return cifs_stat(s->cifs, buf_span(&a->path), &e) != ST_NOTFOUND;
}

/* ST_EOF: none is left; ST_AGAIN: none can be had. */
static enum status
advance(struct source *s)
{
	struct ahead *a;

	do {
		if (s->ring.at_hand)
			drop_first(s);
		fill(s);
		if (s->ring.count == 0)
			return s->lost ? leave(s) : ST_EOF;
		s->ring.at_hand = true;
		a = &s->ahead[s->ring.first];
	} while (a->stream && !is_there(s, a));
	return ST_OK;
}

/* Once, since it concerns all: the coverage is that of what can be seen. */
static struct span
detail_of(struct source *s, const struct ahead *a)
{
	if (a->detail != NULL || s->unlisted || s->walk.browse || a->stream ||
	    a->reason != COVER_OK || !S_ISREG(a->attr.mode))
		return span_str(a->detail);
	s->unlisted = true;
	return span_str(s->streams == 0
			    ? "alternate data streams cannot be listed: those "
			      "of this file, and of others behind it, were not "
			      "read (the option streams names some)"
			    : "alternate data streams cannot be listed: of "
			      "this file, and of others behind it, those were "
			      "read that the option streams names");
}

static enum status
source_next(struct source *s, struct source_item *item)
{
	const struct ahead *a;
	enum status st = advance(s);

	if (st != ST_OK)
		return st;
	a = &s->ahead[s->ring.first];
	*item = (struct source_item){
	    .path = walk_show(&s->walk, &a->path),
	    .size = a->attr.size,
	    .mtime = a->attr.mtime,
	    .mode = a->attr.mode,
	    .reason = a->reason,
	    .folder = a->folder,
	    .trickle = true,
	    .detail = detail_of(s, a),
	    .version = span_str(a->version),
	};
	return ST_OK;
}

static enum status
begin_self(struct source *s, struct ahead *a)
{
	if (s->piece == NULL)
		s->piece = malloc(READING_PIECE);
	if (s->piece == NULL)
		return ST_NOMEM;
	if (cifs_file(s->cifs, buf_span(&a->path)) != ST_OK)
		return trouble(s, cifs_error(s->cifs));
	reading_begin(&s->reading, s->cifs, buf_span(&a->path));
	s->rest = span_of(NULL, 0);
	a->own = true;
	return ST_OK;
}

/*
 * By the session of the walk, which is inside: what that says, counts. So is
 * read what a hand could not open for want of a session, or for no clear
 * reason; and a target that is one file, for which no other need sign in.
 */
static enum status
read_self(struct source *s, struct ahead *a, void *dst, size_t n, size_t *got)
{
	enum status st = a->own ? ST_OK : begin_self(s, a);
	size_t came = 0;

	if (st != ST_OK)
		return st;
	if (s->rest.len == 0 && !s->reading.end) {
		if (reading_next(&s->reading, s->piece, &came) != ST_OK)
			return trouble(s, s->reading.error);
		s->rest = span_of(s->piece, came);
	}
	*got = s->rest.len < n ? s->rest.len : n;
	if (*got > 0)
		memcpy(dst, s->rest.ptr, *got);
	s->rest = span_skip(s->rest, *got);
	return ST_OK;
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
	if (a->job == 0 && s->lost)
		return leave(s); /* nobody began it */
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
		return trouble(s, error);
	return read_self(s, a, dst, n, got);
}

static enum status
source_cursor(const struct source *s, struct buf *to)
{
	return walk_cursor(&s->walk, &s->ahead[s->ring.first].path, to);
}

const struct source_ops smb_source = {
    .scheme = "smb",
    .open = smb_open,
    .next = source_next,
    .read = source_read,
    .cursor = source_cursor,
    .close = smb_close,
    .paced = true,
};
