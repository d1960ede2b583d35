#include "proxy-agent/source/dav.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/bucket.h"
#include "proxy-agent/source/dav_list.h"
#include "proxy-agent/source/http_target.h"
#include "proxy-agent/source/store.h"

#define PATH_MAX_ 8192
#define DEPTH_MAX 64   /* folders within each other */
#define TURN      5000 /* entries given to the bucket at a time */

static const char question[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><propfind xmlns=\"DAV:\"><prop>"
    "<resourcetype/><getcontentlength/><getlastmodified/><getetag/></prop>"
    "</propfind>";

/* A folder that waits for its turn. */
struct folder {
	struct folder *next;
	unsigned depth;
	size_t len;
	char path[]; /* from the root of the server, decoded, "/" behind */
};

struct source {
	struct http *http;
	struct bucket bucket;
	struct folder *folders; /* the next one first */
	struct dav_list list;   /* of the folder at hand */
	size_t at;              /* of its entries */
	unsigned depth;
	struct buf site;  /* https://host:port */
	struct buf shown; /* davs://user@host:port */
	struct buf start; /* path of the target, decoded */
	struct buf after; /* go on behind this path */
	bool browse, begun;
};

/* ---- folders ---- */

static enum status
push(struct source *s, struct span path, unsigned depth)
{
	struct folder *f = calloc(1, sizeof(*f) + path.len + 1);

	if (f == NULL)
		return ST_NOMEM;
	f->depth = depth;
	f->len = path.len;
	memcpy(f->path, path.ptr, path.len);
	f->next = s->folders;
	s->folders = f;
	return ST_OK;
}

/* How a path stands to where the scan goes on: all behind it is still to do. */
static bool
is_done(const struct source *s, const struct dav_entry *e)
{
	struct span after = buf_span(&s->after), path = e->path, dir;
	const uint8_t *slash;
	size_t n;

	if (after.len == 0)
		return false;
	slash = memrchr(after.ptr, '/', after.len);
	n = slash == NULL ? 0 : (size_t)(slash - after.ptr) + 1;
	dir = span_of(after.ptr, n);
	if (!e->folder) {
		/* files of a folder come before its folders */
		slash = memrchr(path.ptr, '/', path.len);
		n = slash == NULL ? 0 : (size_t)(slash - path.ptr) + 1;
		if (n < dir.len && memcmp(path.ptr, dir.ptr, n) == 0)
			return true;
		if (n == dir.len && memcmp(path.ptr, dir.ptr, n) == 0)
			return str_order(path, after) <= 0;
		return false;
	}
	if (path.len <= dir.len && memcmp(path.ptr, dir.ptr, path.len) == 0)
		/* on the way to it, or itself told of */
		return path.len == dir.len && str_ends(after, "/\n");
	/* beside the way: done when it stands before */
	slash = memrchr(path.ptr, '/', path.len - 1);
	n = slash == NULL ? 0 : (size_t)(slash - path.ptr) + 1;
	if (n >= dir.len || memcmp(path.ptr, dir.ptr, n) != 0)
		return false;
	return str_order(path, dir) < 0;
}

/* Its folders wait, the first one on top. */
static enum status
push_folders(struct source *s)
{
	enum status st = ST_OK;

	for (size_t i = s->list.count; i > 0 && st == ST_OK; i--) {
		const struct dav_entry *e = &s->list.entries[i - 1];

		if (e->folder && e->reason == COVER_OK && !is_done(s, e))
			st = push(s, e->path, s->depth + 1);
	}
	return st;
}

/* ---- entries ---- */

static struct span
below(const struct source *s, struct span path)
{
	const uint8_t *slash = memrchr(s->start.data, '/', s->start.len);

	return span_skip(
	    path, slash == NULL ? 0 : (size_t)(slash - s->start.data) + 1);
}

static enum status
give(struct source *s, struct bucket *b, const struct dav_entry *e)
{
	struct bucket_entry to = {
	    .below = below(s, e->path),
	    .size = e->size,
	    .mtime = e->mtime,
	    .reason = e->reason,
	    .detail = e->detail,
	    .folder = e->folder,
	    .unsure = !e->sized,
	};
	const struct store_path p = {.root = buf_span(&s->shown),
				     .key = e->path};
	struct buf path, url, cursor;
	enum status st;

	buf_init(&path, 4 * PATH_MAX_);
	buf_init(&url, 4 * PATH_MAX_);
	buf_init(&cursor, PATH_MAX_);
	st = store_path(&p, &path);
	if (st == ST_OK)
		st = buf_add(&cursor, e->path.ptr, e->path.len);
	if (st == ST_OK && e->folder)
		st = buf_add_byte(&cursor, '\n'); /* it is not entered again */
	to.cursor = buf_span(&cursor);
	if (st == ST_OK)
		st = buf_add(&url, s->site.data, s->site.len);
	if (st == ST_OK)
		st = href_escape(e->path, "/", &url);
	to.path = buf_span(&path);
	to.url = buf_span(&url);
	if (st == ST_OK)
		st = bucket_add(b, &to);
	buf_fini(&path);
	buf_fini(&url);
	buf_fini(&cursor);
	return st;
}

/* A folder that was not read, as an item of its own. */
static enum status
give_trouble(struct source *s, struct bucket *b, struct span path,
	     uint8_t reason, const char *detail)
{
	const struct dav_entry e = {.path = path,
				    .folder = true,
				    .reason = reason,
				    .detail = span_str(detail)};

	return give(s, b, &e);
}

static enum status
give_some(struct source *s, struct bucket *b)
{
	enum status st = ST_OK;

	for (size_t n = 0; n < TURN && s->at < s->list.count && st == ST_OK;
	     s->at++) {
		const struct dav_entry *e = &s->list.entries[s->at];

		if (e->folder && e->reason == COVER_OK && !s->browse)
			continue;
		if (is_done(s, e))
			continue;
		st = give(s, b, e);
		n++;
	}
	return st;
}

/* ---- one folder ---- */

static enum status
read_answer(struct source *s, struct http_call *c)
{
	uint8_t piece[16 * 1024];
	size_t got = 1;
	enum status st = ST_OK;

	while (st == ST_OK && got > 0) {
		st = http_read(c, piece, sizeof(piece), &got);
		if (st == ST_OK)
			st = dav_list_feed(&s->list, span_of(piece, got),
					   got == 0);
	}
	return st;
}

/* code: the answer's, 0 when there was none. */
static enum status
read_list(struct source *s, struct span url, struct span path, unsigned *code)
{
	const struct http_request q = {
	    .method = "PROPFIND",
	    .url = url,
	    .body = span_of(question, sizeof(question) - 1),
	    .type = "application/xml",
	    .depth = "1",
	};
	const struct http_reply *reply;
	struct http_call *c = NULL;
	enum status st = dav_list_begin(&s->list, path);

	if (st == ST_OK)
		st = http_start(s->http, &q, &c);
	if (st == ST_OK)
		st = http_head(c, &reply);
	if (st == ST_OK) {
		*code = reply->code;
		st = http_code(*code);
		if (st == ST_OK && *code != 207)
			st = ST_MALFORMED;
	}
	if (st == ST_OK)
		st = read_answer(s, c);
	http_stop(c);
	return dav_list_end(&s->list, st);
}

static enum status
read_folder(struct source *s, struct span path, unsigned *code)
{
	struct buf url;
	enum status st;

	buf_init(&url, 4 * PATH_MAX_);
	s->at = 0;
	*code = 0;
	st = buf_add(&url, s->site.data, s->site.len);
	if (st == ST_OK)
		st = href_escape(path, "/", &url);
	if (st == ST_OK)
		st = read_list(s, buf_span(&url), path, code);
	buf_fini(&url);
	return st;
}

static const char *
why_not(const struct source *s, unsigned code)
{
	static const struct {
		unsigned code;
		const char *why;
	} rows[] = {
	    {401, "the server wants another user or password for it"},
	    {403, "the server does not let this user list it"},
	    {404, "the folder was there and is gone"},
	    {423, "it is locked"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == code)
			return rows[i].why;
	return http_why(s->http)[0] != 0 ? http_why(s->http)
					 : "its list could not be read";
}

static enum status
next_folder(struct source *s, struct bucket *b)
{
	struct folder *f = s->folders;
	struct span path = span_of(f->path, f->len);
	struct span name = below(s, span_of(f->path, f->len - 1));
	unsigned code = 0;
	enum status st;

	s->folders = f->next;
	s->depth = f->depth;
	s->list.count = s->at = 0;
	if (f->depth > DEPTH_MAX) {
		st = give_trouble(s, b, path, COVER_DEPTH,
				  "folders lie too deep within each other");
	} else if (b->filtered && !filter_enters(&b->filter, name)) {
		st = ST_OK;
	} else {
		st = read_folder(s, path, &code);
		if (st == ST_NOMEM)
			return st;
		st = st == ST_OK
			 ? push_folders(s)
			 : give_trouble(s, b, path,
					st == ST_DENIED     ? COVER_DENIED
					: st == ST_NOTFOUND ? COVER_VANISHED
							    : COVER_IO,
					why_not(s, code));
	}
	free(f);
	return st;
}

static enum status
dav_fill(void *arg, struct bucket *b)
{
	struct source *s = arg;
	enum status st = ST_OK;

	if (s->at >= s->list.count && s->folders == NULL)
		return ST_EOF;
	if (s->at >= s->list.count)
		st = next_folder(s, b);
	return st == ST_OK ? give_some(s, b) : st;
}

/* ---- beginning ---- */

static enum status
read_target(struct source *s, const struct source_target *t, bool tls)
{
	struct buf at;
	struct url u;
	enum status st = url_parse(t->path, &u);

	if (st != ST_OK || u.host.len == 0) {
		target_why(t, st == ST_DENIED
				  ? "a password does not belong into the "
				    "target: it goes into the credential"
				  : "the target is not written as "
				    "dav://HOST[:PORT]/PATH");
		return st == ST_DENIED ? st : ST_USAGE;
	}
	buf_init(&at, HREF_MAX);
	st = url_root(&u, &s->shown);
	u.user = span_of(NULL, 0);
	if (st == ST_OK)
		st = url_root(&u, &at);
	if (st == ST_OK)
		st = buf_addf(&s->site, "%s%.*s", tls ? "https" : "http",
			      (int)(at.len - u.scheme.len),
			      (const char *)at.data + u.scheme.len);
	if (st == ST_OK)
		st = url_decode(u.path, &s->start);
	if (st == ST_OK && s->start.len == 0)
		st = buf_add_byte(&s->start, '/');
	buf_fini(&at);
	return st;
}

static enum status
connect_to(struct source *s, const struct source_target *t)
{
	struct http_target_use use = {.site = buf_span(&s->site)};
	struct buf user;
	struct url u;
	enum status st = url_parse(t->path, &u);

	buf_init(&user, URL_HOST_MAX);
	if (st == ST_OK)
		st = url_decode(u.user, &user);
	use.user = buf_span(&user);
	/* digest tells nobody the password */
	if (st == ST_OK && source_access(t, "password").len > 0 &&
	    !str_is(source_option(t, "auth"), "digest"))
		st = store_in_clear(t, use.site,
				    "the password (unless the "
				    "option auth=digest is given)");
	if (st == ST_OK && source_access(t, "token").len > 0)
		st = store_in_clear(t, use.site, "the token");
	if (st == ST_OK)
		st = http_target_open(t, &use, &s->http);
	buf_fini(&user);
	return st;
}

static bool
is_elsewhere(unsigned code)
{
	return code == 301 || code == 302 || code == 307 || code == 308;
}

/* The target itself: a folder, whose name may lack its slash, or one file. */
static enum status
first_folder(struct source *s, unsigned *code)
{
	enum status st;

	s->depth = 0;
	st = read_folder(s, buf_span(&s->start), code);
	if (!is_elsewhere(*code) && !(st == ST_OK && s->list.is_folder))
		return st;
	if (s->start.data[s->start.len - 1] == '/')
		return st;
	/* so that what is shown can be given again, and what is below found */
	if (buf_add_byte(&s->start, '/') != ST_OK)
		return ST_NOMEM;
	return read_folder(s, buf_span(&s->start), code);
}

static void
say_why(const struct source *s, const struct source_target *t, unsigned code)
{
	static const struct {
		unsigned code;
		const char *why;
	} rows[] = {
	    {401, "the server refused this user or password"},
	    {403, "the server does not let this user list the folder"},
	    {404, "the server has no such folder"},
	    {405, "what answers there does not speak WebDAV"},
	    {501, "what answers there does not speak WebDAV"},
	    {301, "the folder is at another address"},
	    {200, "what answers there does not speak WebDAV"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == code) {
			target_why(t, "%s",
				   code == 401 &&
					   source_access(t, "password").len == 0
				       ? "the server asks for a user and a "
					 "password"
				       : rows[i].why);
			return;
		}
	target_why(t, "%s",
		   http_why(s->http)[0] != 0
		       ? http_why(s->http)
		       : "what answers there does not speak WebDAV");
}

static enum status
begin(struct source *s, const struct source_target *t)
{
	struct bucket_ops ops = {.list = dav_fill, .arg = s};
	unsigned code = 0;
	enum status st = store_bucket(t, s->http, &ops, &s->bucket);

	if (st != ST_OK)
		return st;
	st = first_folder(s, &code);
	if (st != ST_OK)
		say_why(s, t, code);
	if (st == ST_OK && !s->browse)
		st = push_folders(s);
	return st;
}

static void
dav_close(struct source *s)
{
	struct folder *f, *next;

	if (s == NULL)
		return;
	bucket_close(&s->bucket);
	http_close(s->http);
	for (f = s->folders; f != NULL; f = next) {
		next = f->next;
		free(f);
	}
	dav_list_fini(&s->list);
	buf_fini(&s->site);
	buf_fini(&s->shown);
	buf_fini(&s->start);
	buf_fini(&s->after);
	free(s);
}

static enum status
open_any(const struct source_target *t, bool tls, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	buf_init(&s->site, HREF_MAX);
	buf_init(&s->shown, HREF_MAX);
	buf_init(&s->start, PATH_MAX_);
	buf_init(&s->after, PATH_MAX_);
	dav_list_init(&s->list);
	s->browse = t->browse;
	st = read_target(s, t, tls);
	if (st == ST_OK)
		st = store_set(&s->after, t->cursor);
	if (st == ST_OK)
		st = connect_to(s, t);
	if (st == ST_OK)
		st = begin(s, t);
	if (st != ST_OK)
		dav_close(s);
	else
		*out = s;
	return st;
}

static enum status
dav_open(const struct source_target *t, struct source **out)
{
	return open_any(t, false, out);
}

static enum status
davs_open(const struct source_target *t, struct source **out)
{
	return open_any(t, true, out);
}

static enum status
dav_next(struct source *s, struct source_item *item)
{
	return bucket_next(&s->bucket, buf_span(&s->shown), item);
}

static enum status
dav_read(struct source *s, void *dst, size_t n, size_t *got)
{
	return bucket_read(&s->bucket, dst, n, got);
}

static enum status
dav_cursor(const struct source *s, struct buf *to)
{
	return bucket_cursor(&s->bucket, to);
}

const struct source_ops dav_source = {
    .scheme = "dav",
    .open = dav_open,
    .next = dav_next,
    .read = dav_read,
    .cursor = dav_cursor,
    .close = dav_close,
};

const struct source_ops davs_source = {
    .scheme = "davs",
    .open = davs_open,
    .next = dav_next,
    .read = dav_read,
    .cursor = dav_cursor,
    .close = dav_close,
};
