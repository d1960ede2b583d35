#include "proxy-agent/source/files/walk.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/must.h"
#include "proxy-agent/session/net.h"

void
walk_need(enum status st)
{
	if (st != ST_OK)
		_exit(1);
}

enum status
walk_init(struct walk *w, const struct source_target *t)
{
	struct span bad;

	*w = (struct walk){.browse = t->browse, .known = t->known};
	buf_init(&w->root, WALK_PATH);
	buf_init(&w->path, WALK_PATH);
	buf_init(&w->shown, 4 * (size_t)WALK_PATH);
	w->filter = filter_of(t->options, clock_wall_s(clock_system()), &bad);
	if (bad.len == 0)
		return ST_OK;
	net_say(t->why, "the value of the option %.*s is not understood",
		(int)bad.len, (const char *)bad.ptr);
	return ST_UNSUPPORTED;
}

void
walk_fini(struct walk *w)
{
	folders_fini(&w->folders);
	buf_fini(&w->root);
	buf_fini(&w->path);
	buf_fini(&w->shown);
}

enum status
walk_root(struct walk *w, const struct url *u, const char *tail)
{
	enum status st = url_root(u, &w->root);

	if (st == ST_OK)
		st = buf_add_str(&w->root, tail);
	return st == ST_OK ? buf_add(&w->shown, w->root.data, w->root.len) : st;
}

void
walk_to(struct walk *w, size_t len, struct span name)
{
	w->path.len = len;
	if (len > 0 && w->path.data[len - 1] != '/')
		walk_need(buf_add_byte(&w->path, '/'));
	walk_need(buf_add(&w->path, name.ptr, name.len));
}

static struct span
below(const struct walk *w, const struct buf *path)
{
	struct span rest = span_skip(buf_span(path), w->base);

	return rest.len > 0 && rest.ptr[0] == '/' ? span_skip(rest, 1) : rest;
}

struct span
walk_below(const struct walk *w)
{
	return below(w, &w->path);
}

struct span
walk_show(struct walk *w, const struct buf *path)
{
	w->shown.len = w->root.len;
	walk_need(url_encode(buf_span(path), &w->shown));
	return buf_span(&w->shown);
}

enum status
walk_cursor(const struct walk *w, const struct buf *path, struct buf *to)
{
	struct span rest = below(w, path);

	if (w->single || rest.len == 0)
		return ST_OK;
	return buf_add(to, rest.ptr, rest.len);
}

size_t
ring_add(struct ring *r)
{
	must(r->count < r->room);
	return ring_at(r, r->count++);
}

void
ring_drop(struct ring *r)
{
	must(r->count > 0);
	r->first = ring_at(r, 1);
	r->count--;
	r->at_hand = false;
}
