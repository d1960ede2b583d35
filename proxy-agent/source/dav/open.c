#include <stdlib.h>

#include "base/str.h"
#include "proxy-agent/session/href.h"
#include "proxy-agent/source/bucket/store.h"
#include "proxy-agent/source/dav/impl.h"
#include "proxy-agent/source/http_target.h"

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
	st = dav_folder_read(s, buf_span(&s->start), code);
	if (!is_elsewhere(*code) && !(st == ST_OK && s->list.is_folder))
		return st;
	if (s->start.data[s->start.len - 1] == '/')
		return st;
	/* so that what is shown can be given again, and what is below found */
	if (buf_add_byte(&s->start, '/') != ST_OK)
		return ST_NOMEM;
	return dav_folder_read(s, buf_span(&s->start), code);
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
		st = dav_push_folders(s);
	return st;
}

void
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

enum status
dav_open_plain(const struct source_target *t, struct source **out)
{
	return open_any(t, false, out);
}

enum status
dav_open_tls(const struct source_target *t, struct source **out)
{
	return open_any(t, true, out);
}
