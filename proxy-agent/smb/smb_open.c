#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/str.h"
#include "model/object.h"
#include "proxy-agent/session/net.h"
#include "proxy-agent/smb/smb_impl.h"

void
smb_close(struct source *s)
{
	if (s == NULL)
		return;
	crew_close(s->crew);
	cifs_close(s->cifs);
	free(s->piece);
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
	struct smb_hurdle h = {COVER_OK, NULL};
	struct folder_entry e;
	struct cifs_entry found;
	struct ahead *item;
	enum status st = look(s, &found);

	if (st == ST_OK && (found.attrs & CIFS_FOLDER)) {
		h = smb_enter(s, 0);
		if (h.reason == COVER_OK) {
			smb_resume(s, t->cursor);
			return ST_OK;
		}
	} else if (st != ST_OK) {
		bad = cifs_trouble(cifs_error(s->cifs));
		h = (struct smb_hurdle){bad->reason, bad->words};
	}
	if (h.reason != COVER_OK) {
		if (t->cursor.len > 0 &&
		    cifs_trouble(cifs_error(s->cifs))->lost)
			smb_give_up(s); /* it was well before */
		st = explain(s, t->why);
		if (st != ST_OK)
			return st;
	}
	e = (struct folder_entry){.mode = smb_mode(&found),
				  .mtime = found.mtime,
				  .size = found.size,
				  .flags = found.attrs};
	s->walk.single = true;
	item = smb_ahead(s, &e);
	item->folder = S_ISDIR(e.mode);
	item->reason = h.reason;
	item->detail = h.detail;
	if (h.reason == COVER_OK)
		smb_note_file(s, item);
	return ST_OK;
}

enum status
smb_open(const struct source_target *t, struct source **out)
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
		st = smb_await(s, t->cursor.len > 0 ? RESTS : 1, t->why);
	if (st == ST_OK)
		st = cifs_open(&s->login, t->why, &s->cifs);
	if (st == ST_OK)
		st = open_root(s, t);
	if (st == ST_OK && !s->walk.browse && !s->walk.single)
		st = crew_open(t, s->login.sessions, &s->crew);
	if (st != ST_OK) {
		smb_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}
