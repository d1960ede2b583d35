#include "proxy-agent/source/files/host_impl.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/str.h"
#include "proxy-agent/session/net.h"

#define TABLE (2u << 20) /* bytes of what a host says is mounted */

void
host_close(struct source *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->ring.count; i++)
		door_end(&s->ahead[ring_at(&s->ring, i)].file);
	door_close(&s->door);
	ssh_close(s->ssh);
	walk_fini(&s->walk);
	buf_fini(&s->table);
	for (size_t i = 0; i < HOST_AHEAD; i++)
		buf_fini(&s->ahead[i].path);
	free(s);
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

	if (host_is_fatal(st))
		return st;
	s->walk.base = s->walk.path.len;
	if (st == ST_OK && S_ISDIR(a.mode)) {
		st = host_enter(s);
		if (st == ST_OK) {
			host_resume(s, t->cursor);
			return ST_OK;
		}
	}
	e = (struct folder_entry){.mode = a.mode,
				  .uid = a.uid,
				  .gid = a.gid,
				  .mtime = a.mtime,
				  .size = a.size};
	s->walk.single = true;
	item = host_ahead(s, &e);
	item->folder = S_ISDIR(a.mode);
	item->reason = host_reason(st);
	if (st == ST_OK)
		host_begin(s, item);
	return ST_OK;
}

enum status
host_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	struct url u;
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->patience = patience_of(&t->options);
	s->patience.pace = t->pace;
	s->ring.room = HOST_AHEAD;
	for (size_t i = 0; i < HOST_AHEAD; i++)
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
		st = host_read_mounts(s);
	if (st == ST_OK)
		st = find_path(s, u.path);
	if (st == ST_OK)
		st = open_root(s, t);
	if (st != ST_OK) {
		host_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}
