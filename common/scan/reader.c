#include "scan/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/must.h"
#include "base/str.h"
#include "scan/ring.h"
#include "scan/talk.h"
#include "sys/pipe.h"
#include "sys/priv.h"
#include "sys/sandbox.h"
#include "sys/throttle.h"

#define RATE_MAX     1000000 /* objects a second */
#define WHY_MAX      SLOT_DETAIL
#define SLOT_OLD_MS  2000  /* of one that is filled slowly */
#define CENSUS_EVERY 20000 /* objects between two looks at the clock */
#define CENSUS_MS    200
#define CENSUS_NICE  10

struct reader {
	struct reader_spec *spec;
	struct pipe *pipe;
	struct slot_head *slot; /* being filled; NULL: none yet */
	uint64_t taken_ms;      /* when that began */
	size_t slot_at;
	uint64_t seq;
	uint32_t root;
	const struct source_ops *ops;
	struct source *source;
	int fds[SLOT_FDS];
	uint64_t fat; /* bytes behind those descriptors */
	struct buf cursor;
	struct source_known known; /* for the source, with spec->known */
	struct throttle throttle;  /* of bytes */
	struct throttle pace;      /* of objects, of a source that is paced */
	size_t small; /* bytes of an object that may lie in a slot */
	/* of a remote target: */
	struct buf before; /* the position before the item at hand */
	uint8_t *piece;    /* small + 1 bytes on their way */
	size_t piece_len;  /* of an object that has to be streamed */
	bool piece_last;   /* nothing comes behind it: its source failed */
};

/* The other side is gone or broken: there is nobody to work for. */
static void
need(enum status st)
{
	if (st != ST_OK)
		_exit(1);
}

/*
 * From here on it reads, without a trace, and that is all: what CAP_FOWNER is
 * feared for (modes, owners, times, flags) its sandbox has no call for. All of
 * the file tree: what an order names may be replaced while the scan goes on,
 * and is then another folder.
 */
static void
lose_rights(void)
{
	static const char *const all[] = {"/"};
	const struct sandbox_paths paths = {.read = all, .read_count = 1};

	need(priv_drop(NULL, PRIV_READ_ALL | PRIV_NO_TRACE));
	need(sandbox_enter(SANDBOX_READER, &paths, NULL));
}

static void
take_slot(struct reader *r)
{
	struct pipe_message m;

	if (r->slot != NULL)
		return;
	need(pipe_receive(r->pipe, &m));
	must(m.kind == TALK_SLOT && m.tag < r->spec->slots->count);
	r->slot_at = (size_t)m.tag;
	r->slot = slot_write(r->spec->slots, r->slot_at);
	memset(r->slot, 0, offsetof(struct slot_head, items));
	r->slot->used = sizeof(*r->slot);
	r->fat = 0;
	r->taken_ms = clock_mono_ms(clock_system());
}

static void
put_position(struct reader *r, struct span at)
{
	struct slot_head *h = r->slot;

	h->root = at.len == 0 ? r->root + 1 : r->root;
	h->cursor = h->used;
	h->cursor_len = (uint32_t)at.len;
	if (at.len > 0)
		memcpy((uint8_t *)h + h->used, at.ptr, at.len);
}

/* The position behind the last item of the slot. */
static void
put_cursor(struct reader *r)
{
	buf_clear(&r->cursor);
	need(r->ops->cursor(r->source, &r->cursor));
	put_position(r, buf_span(&r->cursor));
}

static void
send_slot(struct reader *r)
{
	struct talk_batch body = {.slot = (uint32_t)r->slot_at};
	struct pipe_message m = {
	    .kind = TALK_BATCH,
	    .tag = r->seq++,
	    .body = span_of(&body, sizeof(body)),
	    .fd_count = r->slot->fds,
	};

	memcpy(m.fds, r->fds, r->slot->fds * sizeof(int));
	need(pipe_send(r->pipe, &m));
	for (size_t i = 0; i < r->slot->fds; i++)
		close(r->fds[i]);
	r->slot = NULL;
}

static bool
is_full(const struct reader *r)
{
	const struct slot_head *h = r->slot;

	/* twice the path: the cursor stands behind the last item */
	return h->count == SLOT_ITEMS || h->fds == SLOT_FDS ||
	       r->fat >= SLOT_FAT ||
	       h->used > SLOT_SIZE - r->small - 1 - SLOT_DETAIL - 2 * SLOT_PATH;
}

/* Words for people on why it is not read. */
static void
add_detail(struct reader *r, struct slot_item *it, struct span words)
{
	struct slot_head *h = r->slot;
	size_t len = words.len < SLOT_DETAIL ? words.len : SLOT_DETAIL;

	it->detail = h->used;
	it->detail_len = (uint32_t)len;
	memcpy((uint8_t *)h + h->used, words.ptr, len);
	h->used += (uint32_t)len;
}

static struct slot_item *
add_item(struct reader *r, const struct source_item *item)
{
	struct slot_head *h = r->slot;
	struct slot_item *it = &h->items[h->count++];
	size_t len = item->path.len;

	*it = (struct slot_item){
	    .size = item->size,
	    .mtime = item->mtime,
	    .mode = item->mode,
	    .uid = item->uid,
	    .gid = item->gid,
	    .reason = item->reason,
	    .flags = item->folder ? SLOT_FOLDER : 0,
	    .path = h->used,
	};
	if (len > SLOT_PATH) {
		len = SLOT_PATH;
		it->reason = COVER_NAME;
	}
	it->path_len = (uint32_t)len;
	memcpy((uint8_t *)h + h->used, item->path.ptr, len);
	h->used += (uint32_t)len;
	if (item->detail.len > 0)
		add_detail(r, it, item->detail);
	return it;
}

/* Who waits, on purpose or for a server, lets nobody wait for what is there. */
static bool
is_old(const struct reader *r)
{
	return clock_mono_ms(clock_system()) - r->taken_ms >= SLOT_OLD_MS;
}

/* Too large for the slot: its descriptor goes along. */
static void
add_descriptor(struct reader *r, struct slot_item *it, struct source_item *item)
{
	int fd = -1;
	enum status st = r->ops->take(r->source, item, &fd);

	it->size = item->size;
	it->mtime = item->mtime;
	it->mode = item->mode;
	it->uid = item->uid;
	it->gid = item->gid;
	if (st != ST_OK) {
		it->reason = st == ST_IO ? COVER_IO : COVER_SPECIAL;
		return;
	}
	if (item->sparse)
		it->flags |= SLOT_SPARSE;
	if (item->size == 0)
		it->flags |=
		    SLOT_UNSIZED; /* /proc: it has bytes all the same */
	r->fds[r->slot->fds++] = fd;
	it->fd = (uint16_t)r->slot->fds;
	r->fat += item->size;
	r->slot->bytes += item->size;
}

static uint8_t
reason_of(enum status st)
{
	static const struct {
		enum status st;
		uint8_t reason;
	} map[] = {
	    {ST_DENIED, COVER_DENIED},
	    {ST_NOTFOUND, COVER_VANISHED},
	    {ST_UNSUPPORTED, COVER_UNSUPPORTED},
	    {ST_TIMEOUT, COVER_TIME},
	    {ST_NOMEM, COVER_MEMORY},
	};

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (map[i].st == st)
			return map[i].reason;
	return COVER_IO;
}

static void
add_content(struct reader *r, struct slot_item *it, struct source_item *item)
{
	uint8_t *dst = (uint8_t *)r->slot + r->slot->used;
	size_t have = 0, got = 0;
	enum status st;

	do {
		got = 0;
		st = r->ops->read(r->source, dst + have, r->small + 1 - have,
				  &got);
		have += got;
	} while (st == ST_OK && got > 0 && have <= r->small && item->trickle);
	if (st != ST_OK && have == 0) {
		it->reason = reason_of(st);
		return;
	}
	/* what came of one that broke off is a stream that is cut */
	if ((st != ST_OK || have > r->small) && r->spec->remote) {
		memcpy(r->piece, dst, have);
		r->piece_len = have;
		r->piece_last = st != ST_OK;
		return;
	}
	if (have > r->small) {
		add_descriptor(r, it, item);
		return;
	}
	it->data = r->slot->used;
	it->data_len = (uint32_t)have;
	it->size = have;
	r->slot->used += (uint32_t)have;
	r->slot->bytes += have;
}

/* Whether it had to wait. */
static bool
slow_down(struct throttle *throttle, uint64_t n)
{
	struct timespec t;
	uint64_t ms;

	if (throttle->rate == 0)
		return false;
	ms = throttle_take(throttle, n);
	t.tv_sec = (time_t)(ms / 1000);
	t.tv_nsec = (long)(ms % 1000) * 1000000;
	if (ms > 0 && nanosleep(&t, NULL) != 0)
		return true; /* a signal: go on a little early */
	return ms > 0;
}

/* ---- streams ---------------------------------------------------------------
 */

/* What has come, then the rest straight to where its worker reads it. */
static void
pump(struct reader *r, struct ring_out *out)
{
	size_t got = r->piece_len;
	bool wanted = ring_copy(out, span_of(r->piece, got)) == ST_OK;
	enum status st = ST_OK;

	while (wanted && st == ST_OK && got > 0) {
		slow_down(&r->throttle, got);
		st = r->piece_last ? ST_IO
				   : r->ops->read(r->source, ring_room(out),
						  RING_PIECE, &got);
		if (st == ST_OK && got > 0)
			wanted = ring_push(out, (uint32_t)got) == ST_OK;
	}
	ring_end(out, st == ST_OK ? STREAM_WHOLE : STREAM_CUT);
}

/* Alone in a slot: its worker begins while the rest is still on its way. */
static void
send_stream(struct reader *r, const struct source_item *item)
{
	struct slot_head *h = r->slot;
	struct ring_out out;
	struct slot_item *it;

	h->used = h->items[--h->count].path;
	if (h->count > 0) {
		put_position(r, buf_span(&r->before));
		send_slot(r);
		take_slot(r);
	}
	h = r->slot;
	it = add_item(r, item);
	it->flags |= SLOT_STREAM | (item->size == 0 ? SLOT_UNSIZED : 0);
	it->fd = 1;
	h->bytes = item->size;
	put_cursor(r);
	need(ring_open(h, &out, &r->fds[h->fds++]));
	send_slot(r);
	pump(r, &out);
	r->piece_len = 0;
	r->piece_last = false;
	take_slot(r);
}

/* A slot that ends before a stream needs the position before it. */
static void
remember(struct reader *r)
{
	if (!r->spec->remote || r->slot->count == 0)
		return;
	buf_clear(&r->before);
	need(r->ops->cursor(r->source, &r->before));
}

static bool
is_known(const void *arg, struct span path, struct span version)
{
	uint8_t digest[CLEAN_SIZE];

	clean_digest(arg, path, version, digest);
	return clean_has(arg, digest);
}

static void
put_version(struct reader *r, struct slot_item *it, struct span version)
{
	if (r->spec->known == NULL || version.len == 0 ||
	    it->reason != COVER_OK || (it->flags & SLOT_FOLDER))
		return;
	clean_digest(r->spec->known, slot_span(r->slot, it->path, it->path_len),
		     version, it->version);
	if (clean_has(r->spec->known, it->version))
		it->flags |= SLOT_SAME;
}

static void
walk(struct reader *r)
{
	struct source_item item;
	struct slot_item *it;
	uint64_t before;
	bool waits;

	take_slot(r);
	while (r->ops->next(r->source, &item) == ST_OK) {
		before = r->slot->bytes;
		it = add_item(r, &item);
		put_version(r, it, item.version);
		if (slot_is_read(it) && !r->spec->browse)
			add_content(r, it, &item);
		if (r->piece_len > 0)
			send_stream(r, &item);
		else
			slow_down(&r->throttle, r->slot->bytes - before);
		remember(r);
		waits = slow_down(&r->pace, 1) || r->spec->remote;
		if ((waits && is_old(r)) || is_full(r)) {
			put_cursor(r);
			send_slot(r);
			take_slot(r);
		}
	}
	/* a cursor is of this source: the slot may not outlive it */
	if (r->slot->count > 0) {
		r->slot->root = r->root + 1;
		send_slot(r);
	}
}

/* A target that cannot be read at all. */
static void
no_source(struct reader *r, struct span path, uint8_t reason, struct span why)
{
	struct source_item item = {
	    .path = path, .reason = reason, .detail = why};

	take_slot(r);
	add_item(r, &item);
	r->slot->root = r->root + 1;
	send_slot(r);
}

/* Objects a second, as its options have it, where nobody else sees to that. */
static enum status
set_pace(struct reader *r, const struct source_target *t)
{
	struct span v = source_option(t, "rate");
	uint64_t rate = 0;

	if (r->ops->paced && v.ptr != NULL &&
	    str_to_u64(v, 0, RATE_MAX, &rate) != ST_OK)
		return buf_add_str(t->why, "the option rate is a number of "
					   "objects a second") == ST_OK
			   ? ST_USAGE
			   : ST_NOMEM;
	throttle_init(&r->pace, clock_system(), rate, rate / 4 + 1);
	return ST_OK;
}

static void
walk_root(struct reader *r, struct span cursor)
{
	struct reader_spec *spec = r->spec;
	struct source_target t = {
	    .path = spec->order->paths[r->root],
	    .cursor = cursor,
	    .browse = spec->browse,
	    .options = spec->options,
	    .known = spec->known != NULL ? &r->known : NULL,
	};
	struct buf why;
	enum status st;

	r->ops = source_find(spec->sources, t.path);
	if (r->ops == NULL) {
		no_source(r, t.path,
			  spec->forsaken == NULL ? COVER_UNSUPPORTED
						 : spec->forsaken_reason,
			  span_str(spec->forsaken));
		return;
	}
	buf_init(&why, WHY_MAX);
	t.why = &why;
	if (spec->access != NULL)
		t.access.bytes = vault_span(spec->access);
	st = set_pace(r, &t);
	if (st == ST_OK)
		st = r->ops->open(&t, &r->source);
	if (spec->access != NULL)
		vault_close(spec->access);
	if (st == ST_OK) {
		walk(r);
		r->ops->close(r->source);
	} else {
		no_source(r, t.path, reason_of(st), buf_span(&why));
	}
	buf_fini(&why);
}

void
reader_main(struct reader_spec *spec)
{
	struct pipe *pipe;

	need(slots_writable(spec->slots));
	need(pipe_open(spec->fd, TALK_CAP, &pipe));
	lose_rights();
	reader_serve(spec, pipe);
}

void
reader_serve(struct reader_spec *spec, struct pipe *pipe)
{
	struct reader r = {
	    .spec = spec,
	    .pipe = pipe,
	    .seq = spec->seq,
	    .root = spec->root,
	    .small = spec->remote ? SLOT_REMOTE : SLOT_SMALL,
	    .known = {is_known, spec->known},
	};
	struct pipe_message end = {.kind = TALK_WALKED};

	buf_init(&r.cursor, SLOT_PATH);
	buf_init(&r.before, SLOT_PATH);
	r.piece = spec->remote ? malloc(r.small + 1) : NULL;
	need(spec->remote && r.piece == NULL ? ST_NOMEM : ST_OK);
	throttle_init(&r.throttle, clock_system(),
		      spec->order->bytes_per_second, 0);
	for (; r.root < spec->order->path_count; r.root++)
		walk_root(&r, r.root == spec->root ? spec->cursor
						   : span_of(NULL, 0));
	end.tag = r.root;
	need(pipe_send(r.pipe, &end));
	/* the director ends us; until then it may still write */
	while (pipe_receive(r.pipe, &end) == ST_OK)
		;
	_exit(0);
}

/* ---- census ----------------------------------------------------------------
 */

struct census {
	struct pipe *pipe;
	struct talk_census sum;
	uint64_t told; /* ms */
};

static void
tell(struct census *c, bool exact)
{
	c->sum.exact = exact;
	need(pipe_say(c->pipe, TALK_CENSUS, 0,
		      span_of(&c->sum, sizeof(c->sum))));
	c->told = clock_mono_ms(clock_system());
}

/* False: it was not counted to its end. */
static bool
count_root(struct census *c, const struct reader_spec *spec, size_t i)
{
	struct source_target t = {.path = spec->order->paths[i], .count = true};
	const struct source_ops *ops = source_find(spec->sources, t.path);
	struct source_item item;
	struct source *s;

	if (ops == NULL || ops->open(&t, &s) != ST_OK)
		return false;
	while (ops->next(s, &item) == ST_OK) {
		if (item.folder || item.reason == COVER_LINK ||
		    item.reason == COVER_MOUNT)
			continue;
		c->sum.objects++;
		c->sum.bytes += item.reason == COVER_OK ? item.size : 0;
		if (c->sum.objects % CENSUS_EVERY == 0 &&
		    clock_mono_ms(clock_system()) - c->told >= CENSUS_MS)
			tell(c, false);
	}
	ops->close(s);
	return true;
}

void
census_main(const struct reader_spec *spec)
{
	struct census c = {0};
	bool exact = true;

	if (setpriority(PRIO_PROCESS, 0, CENSUS_NICE) != 0)
		c.told = 0; /* as quick as the scan then */
	need(pipe_open(spec->fd, TALK_CAP, &c.pipe));
	lose_rights();
	for (size_t i = 0; i < spec->order->path_count; i++)
		exact = count_root(&c, spec, i) && exact;
	tell(&c, exact);
	_exit(0);
}
