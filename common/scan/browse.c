#include "scan/browse.h"

#include <signal.h>
#include <string.h>

#include "scan/director.h"
#include "scan/errand.h"
#include "scan/talk.h"

struct look {
	struct slots slots;
	struct scan_reader reader;
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

/* Why a target itself is not read, for who decides what to do. */
static enum status
status_of_reason(uint8_t reason)
{
	static const struct {
		uint8_t reason;
		enum status st;
	} map[] = {
	    {COVER_DENIED, ST_DENIED},
	    {COVER_VANISHED, ST_NOTFOUND},
	    {COVER_UNSUPPORTED, ST_UNSUPPORTED},
	    {COVER_TIME, ST_TIMEOUT},
	};

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (map[i].reason == reason)
			return map[i].st;
	return ST_IO;
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
				   ? status_of_reason(item.reason)
				   : ST_NOMEM;
		}
		if (!l->each(l->arg, &item))
			return ST_EOF;
	}
	return pipe_say(l->pipe, TALK_SLOT, 0, span_of(NULL, 0));
}

static enum status
listen_to(struct look *l, const struct scan_remote *how, struct span target)
{
	struct pipe_message m;
	enum status st = pipe_say(l->pipe, TALK_SLOT, 0, span_of(NULL, 0));

	while (st == ST_OK && (st = pipe_receive(l->pipe, &m)) == ST_OK) {
		if (m.kind == TALK_WALKED)
			return ST_OK;
		if (m.kind == TALK_RENEWED)
			remote_renewed(how, l->pipe, m.body);
		else
			st = m.kind == TALK_BATCH ? give(l, &m, target)
						  : ST_MALFORMED;
		pipe_drop_fds(&m);
	}
	return st == ST_EOF ? ST_OK : st;
}

static enum status
begin(struct look *l, const struct scan_remote *how, struct span target)
{
	const struct scan_wanted w = {.target = target,
				      .credential = how->credential,
				      .options = how->options,
				      .slots = l->slots.fd};
	const struct remote_files none = {-1, -1};
	struct errand e = {.slots = 1, .browse = true, .path = target};
	enum status st = remote_spawn(how, &w, &l->reader, l->why);

	if (st == ST_OK)
		st = pipe_open(l->reader.fd, TALK_CAP, &l->pipe);
	e.given = l->reader.told;
	return st == ST_OK ? remote_tell(how, l->pipe, none, &e) : st;
}

enum status
browse(const struct scan_remote *how, struct span target, browse_fn *each,
       void *arg, struct buf *why)
{
	struct look l = {
	    .slots = {.fd = -1}, .each = each, .arg = arg, .why = why};
	enum status st = slots_open(1, &l.slots);

	if (st == ST_OK)
		st = begin(&l, how, target);
	if (st == ST_OK)
		st = listen_to(&l, how, target);
	if (st != ST_OK && why->len == 0 &&
	    buf_add_str(why, "the process that reads it ended before it could "
			     "say why") != ST_OK)
		st = ST_NOMEM;
	pipe_close(l.pipe);
	if (l.reader.pid > 0)
		remote_signal(how, l.reader.pid, SIGKILL);
	slots_close(&l.slots);
	return st;
}
