#include "scan/reader.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/must.h"
#include "scan/talk.h"
#include "sys/pipe.h"
#include "sys/priv.h"
#include "sys/sandbox.h"
#include "sys/throttle.h"

#define ITEM_ROOM    (SLOT_PATH + SLOT_SMALL + 1)
#define CENSUS_EVERY 20000 /* objects between two looks at the clock */
#define CENSUS_MS    200
#define CENSUS_NICE  10

struct reader {
	const struct reader_spec *spec;
	struct pipe *pipe;
	struct slot_head *slot; /* being filled; NULL: none yet */
	size_t slot_at;
	uint64_t seq;
	uint32_t root;
	const struct source_ops *ops;
	struct source *source;
	int fds[SLOT_FDS];
	uint64_t fat; /* bytes behind those descriptors */
	struct buf cursor;
	struct throttle throttle;
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
}

/* The position behind the last item of the slot. */
static void
put_cursor(struct reader *r)
{
	struct slot_head *h = r->slot;

	buf_clear(&r->cursor);
	need(r->ops->cursor(r->source, &r->cursor));
	h->root = r->cursor.len == 0 ? r->root + 1 : r->root;
	h->cursor = h->used;
	h->cursor_len = (uint32_t)r->cursor.len;
	if (r->cursor.len > 0)
		memcpy((uint8_t *)h + h->used, r->cursor.data, r->cursor.len);
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
	       h->used > SLOT_SIZE - ITEM_ROOM - SLOT_PATH;
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
	return it;
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

static void
add_content(struct reader *r, struct slot_item *it, struct source_item *item)
{
	uint8_t *dst = (uint8_t *)r->slot + r->slot->used;
	size_t have = 0, got = 0;
	enum status st;

	do {
		got = 0;
		st = r->ops->read(r->source, dst + have, SLOT_SMALL + 1 - have,
				  &got);
		have += got;
	} while (st == ST_OK && got > 0 && have <= SLOT_SMALL && item->trickle);
	if (st != ST_OK && have == 0) {
		it->reason = st == ST_DENIED ? COVER_DENIED : COVER_IO;
		return;
	}
	if (have > SLOT_SMALL) {
		add_descriptor(r, it, item);
		return;
	}
	it->data = r->slot->used;
	it->data_len = (uint32_t)have;
	it->size = have;
	r->slot->used += (uint32_t)have;
	r->slot->bytes += have;
}

static void
slow_down(struct reader *r, uint64_t bytes)
{
	struct timespec t;
	uint64_t ms;

	if (r->spec->order->bytes_per_second == 0)
		return;
	ms = throttle_take(&r->throttle, bytes);
	t.tv_sec = (time_t)(ms / 1000);
	t.tv_nsec = (long)(ms % 1000) * 1000000;
	if (ms > 0 && nanosleep(&t, NULL) != 0)
		return; /* a signal: go on a little early */
}

static void
walk(struct reader *r)
{
	struct source_item item;
	struct slot_item *it;
	uint64_t before;

	take_slot(r);
	while (r->ops->next(r->source, &item) == ST_OK) {
		before = r->slot->bytes;
		it = add_item(r, &item);
		if (it->reason == COVER_OK)
			add_content(r, it, &item);
		slow_down(r, r->slot->bytes - before);
		if (is_full(r)) {
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

/* A target that no source of this program can read. */
static void
no_source(struct reader *r, struct span path, uint8_t reason)
{
	struct source_item item = {.path = path, .reason = reason};

	take_slot(r);
	add_item(r, &item);
	r->slot->root = r->root + 1;
	send_slot(r);
}

static void
walk_root(struct reader *r, struct span cursor)
{
	struct source_target t = {
	    .path = r->spec->order->paths[r->root],
	    .cursor = cursor,
	};
	enum status st;

	r->ops = source_find(r->spec->sources, t.path);
	if (r->ops == NULL) {
		no_source(r, t.path, COVER_UNSUPPORTED);
		return;
	}
	st = r->ops->open(&t, &r->source);
	if (st != ST_OK) {
		no_source(r, t.path, COVER_IO);
		return;
	}
	walk(r);
	r->ops->close(r->source);
}

void
reader_main(struct reader_spec *spec)
{
	struct reader r = {.spec = spec, .seq = spec->seq, .root = spec->root};
	struct pipe_message end = {.kind = TALK_WALKED};

	buf_init(&r.cursor, SLOT_PATH);
	need(slots_writable(spec->slots));
	need(pipe_open(spec->fd, TALK_CAP, &r.pipe));
	lose_rights();
	throttle_init(&r.throttle, clock_system(),
		      spec->order->bytes_per_second, 0);
	for (; r.root < spec->order->path_count; r.root++)
		walk_root(&r, r.root == spec->root ? spec->cursor
						   : span_of(NULL, 0));
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

static void
count_root(struct census *c, const struct reader_spec *spec, size_t i)
{
	struct source_target t = {.path = spec->order->paths[i], .count = true};
	const struct source_ops *ops = source_find(spec->sources, t.path);
	struct source_item item;
	struct source *s;

	if (ops == NULL || ops->open(&t, &s) != ST_OK)
		return;
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
}

void
census_main(const struct reader_spec *spec)
{
	struct census c = {0};

	if (setpriority(PRIO_PROCESS, 0, CENSUS_NICE) != 0)
		c.told = 0; /* as quick as the scan then */
	need(pipe_open(spec->fd, TALK_CAP, &c.pipe));
	lose_rights();
	for (size_t i = 0; i < spec->order->path_count; i++)
		count_root(&c, spec, i);
	tell(&c, true);
	_exit(0);
}
