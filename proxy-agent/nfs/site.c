#include "proxy-agent/nfs/site.h"

#include <poll.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "proxy-agent/session/net.h"

#define SAID    1024 /* bytes of what a version said */
#define SOON_MS 500  /* between two knocks at a server that went away */

/* Some servers hide from, or refuse, what begins elsewhere. */
static const char *
port_words(const struct site *s)
{
	return s->share.line.low
		   ? ""
		   : "; a server may also want a port below 1024, which only "
		     "root may take";
}

/* Why the target cannot be read, in one sentence. */
static enum status
refuse(const struct site *s, const struct source_target *t, enum fault f)
{
	const struct url *u = &s->target.url;
	const int n = (int)u->host.len;
	const char *host = (const char *)u->host.ptr;
	const int len = s->path.len > 200 ? 200 : (int)s->path.len;
	const char *path = (const char *)s->path.ptr;

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
find_all(struct site *s, struct attr *root)
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
find_root(struct site *s, struct attr *root)
{
	const struct dialect *d = s->share.dialect;
	const bool whole = s->path.len <= 1;
	enum fault f;

	if (d->version == 3)
		return whole ? find_all(s, root)
			     : d->find(&s->share, s->path, s->target.who, root);
	f = d->find(&s->share, span_of(NULL, 0), s->target.who, root);
	s->has_top = f == FAULT_NONE && root->has_fsid;
	if (s->has_top)
		s->top = root->fsid;
	if (f == FAULT_NONE && !whole)
		f = d->find(&s->share, s->path, s->target.who, root);
	return f;
}

/* ST_OK: the server answered, *f says what. */
static enum status
try_version(struct site *s, const struct dialect *d, struct attr *root,
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
		return st == ST_CLOSED; /* no such port */
	return f == FAULT_GONE || f == FAULT_VERSION || f == FAULT_REFUSED ||
	       f == FAULT_SECURITY || f == FAULT_UNSUPPORTED;
}

static enum status
find_target(struct site *s, const struct source_target *t, struct attr *root)
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
	buf_init(&first, SAID);
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

static enum status
find_patiently(struct site *s, const struct source_target *t, struct attr *root)
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

enum status
site_find(struct site *s, const struct source_target *t, struct span path,
	  struct attr *root)
{
	enum status st;

	s->path = path;
	st = find_patiently(s, t, root);
	s->path = span_of(NULL, 0); /* it was the caller's */
	return st;
}
