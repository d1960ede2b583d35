#include "scan/browse.h"

#include <string.h>

#include "scan/director.h"
#include "scan/errand.h"
#include "scan/talk.h"

struct look {
	struct slots slots;
	pid_t pid;
	struct pipe *pipe;
	browse_fn *each;
	void *arg;
	struct buf *why;
};

static struct source_item
item_of(const struct slot_head *h, size_t i)
{
	const struct slot_item *it = &h->items[i];

	return (struct source_item){
	    .path = slot_path(h, i),
	    .size = it->size,
	    .mtime = it->mtime,
	    .mode = it->mode,
	    .uid = it->uid,
	    .gid = it->gid,
	    .reason = it->reason,
	    .folder = (it->flags & SLOT_FOLDER) != 0,
	    .detail = slot_span(h, it->detail, it->detail_len),
	};
}

/* ST_EOF: no more is wanted. */
static enum status
give(struct look *l, const struct pipe_message *m, struct span target)
{
	struct talk_batch b;
	const struct slot_head *h;

	if (m->body.len != sizeof(b))
		return ST_MALFORMED;
	memcpy(&b, m->body.ptr, sizeof(b));
	h = slot_check(&l->slots, b.slot);
	if (h == NULL)
		return ST_MALFORMED;
	for (size_t i = 0; i < h->count; i++) {
		struct source_item item = item_of(h, i);

		if (item.reason != COVER_OK && item.detail.len > 0 &&
		    span_eq(item.path, target)) {
			buf_clear(l->why);
			return buf_add(l->why, item.detail.ptr,
				       item.detail.len) == ST_OK
				   ? ST_DENIED
				   : ST_NOMEM;
		}
		if (!l->each(l->arg, &item))
			return ST_EOF;
	}
	return pipe_say(l->pipe, TALK_SLOT, 0, span_of(NULL, 0));
}

static enum status
listen_to(struct look *l, struct span target)
{
	struct pipe_message m;
	enum status st = pipe_say(l->pipe, TALK_SLOT, 0, span_of(NULL, 0));

	while (st == ST_OK && (st = pipe_receive(l->pipe, &m)) == ST_OK) {
		if (m.kind == TALK_WALKED)
			return ST_OK;
		st = m.kind == TALK_BATCH ? give(l, &m, target) : ST_MALFORMED;
		pipe_drop_fds(&m);
	}
	return st == ST_EOF ? ST_OK : st;
}

enum status
browse(const struct scan_remote *how, struct span target, browse_fn *each,
       void *arg, struct buf *why)
{
	struct look l = {
	    .slots = {.fd = -1}, .each = each, .arg = arg, .why = why};
	struct errand e = {.slots = 1, .browse = true, .path = target};
	int fd = -1;
	enum status st = slots_open(1, &l.slots);

	if (st == ST_OK)
		st = remote_spawn(how, target, l.slots.fd, &l.pid, &fd);
	if (st == ST_OK)
		st = pipe_open(fd, TALK_CAP, &l.pipe);
	if (st == ST_OK)
		st = remote_tell(how, l.pipe, &e);
	if (st == ST_OK)
		st = listen_to(&l, target);
	if (st != ST_OK && why->len == 0 &&
	    buf_add_str(why, "the process that reads it ended before it could "
			     "say why") != ST_OK)
		st = ST_NOMEM;
	pipe_close(l.pipe);
	child_end(&l.pid);
	slots_close(&l.slots);
	return st;
}
