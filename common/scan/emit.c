#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "model/record.h"
#include "scan/director.h"
#include "scan/talk.h"

/* Some are left out by design, not for want of rights. */
static bool
is_failure(const struct object *o)
{
	return cover_counts(o->reason) && o->reason != COVER_MOUNT;
}

static void
add_up(struct scan *s, const struct object *o, bool folder)
{
	if (folder) {
		s->sum.skipped_dirs += cover_counts(o->reason);
		return;
	}
	if (o->coverage == COVERAGE_NONE && !is_failure(o))
		return;
	s->sum.done_objects++;
	s->sum.done_bytes += o->size;
	s->sum.unread_bytes += object_unread(o);
	s->sum.members += o->members;
	s->sum.members_partial += o->members_partial;
	s->sum.members_unread += o->members_unread;
	if (o->coverage == COVERAGE_PARTIAL)
		s->sum.partial++;
	else if (o->coverage == COVERAGE_NONE)
		s->sum.unread++;
}

/* Small files were read without asking for their metadata. */
static void
look_up(struct scan *s, const struct slot_item *it, struct object *o)
{
	const struct source_ops *ops;
	struct source_item found = {0};

	if (it->mode != 0 || o->reason == COVER_VANISHED ||
	    (!s->options.metadata && o->coverage == COVERAGE_FULL))
		return;
	ops = source_find(s->options.sources, o->path);
	if (ops == NULL || ops->look(o->path, &found) != ST_OK)
		return;
	o->mtime = found.mtime;
	o->mode = found.mode;
	o->uid = found.uid;
	o->gid = found.gid;
	if (it->reason != COVER_OK && !(it->flags & SLOT_FOLDER))
		o->size = found.size;
}

/* Something was found in it or is to be said, or it was not fully read. */
static bool
is_noteworthy(const struct scan *s, const struct slot_item *it,
	      const struct object *said)
{
	return it->reason != COVER_OK || it->detail_len > 0 ||
	       (said != NULL &&
		(said->coverage != COVERAGE_FULL || s->emit.matches > 0));
}

/* What its source says about it, as a line below its own. */
static void
give_detail(struct scan *s, const struct slot_head *h,
	    const struct slot_item *it)
{
	const struct note n = {
	    .reason = it->reason,
	    .detail = slot_span(h, it->detail, it->detail_len),
	};

	if (s->sink.note != NULL)
		s->sink.note(s->sink.arg, slot_span(h, it->path, it->path_len),
			     &n);
}

/* Nothing in it, not even what a list lets pass; unchanged or just read. */
static void
remember_clean(struct scan *s, const struct slot_item *it,
	       const struct object *o)
{
	static const uint8_t none[SLOT_VERSION];

	if (it->flags & SLOT_SAME)
		s->sum.unchanged++;
	if (s->clean != NULL && o->coverage == COVERAGE_FULL &&
	    s->emit.matches == 0 && s->emit.passed == 0 &&
	    memcmp(it->version, none, sizeof(none)) != 0)
		clean_add(s->clean, it->version);
}

/* One object is over: count it, name it if there is something to say. */
static void
give_object(struct scan *s, struct batch *b, uint32_t i,
	    const struct object *said)
{
	const struct slot_item *it = &b->head->items[i];
	bool noteworthy = is_noteworthy(s, it, said);
	struct object o = {
	    .coverage = COVERAGE_FULL, .reason = COVER_OK, .read = it->size};

	if (said != NULL)
		o = *said;
	if (it->reason != COVER_OK) {
		o.coverage = COVERAGE_NONE;
		o.reason = it->reason;
		o.read = 0;
	}
	o.path = slot_path(b->head, i);
	o.size = it->size;
	if ((it->flags & SLOT_UNSIZED) && o.size < o.read)
		o.size = o.read;
	o.mtime = it->mtime;
	o.mode = it->mode;
	o.uid = it->uid;
	o.gid = it->gid;
	if (noteworthy || s->options.every_object)
		look_up(s, it, &o);
	if (it->detail_len > 0)
		give_detail(s, b->head, it);
	s->unreached += (it->flags & SLOT_UNREACHED) != 0;
	add_up(s, &o, it->flags & SLOT_FOLDER);
	remember_clean(s, it, &o);
	s->sum.findings += s->emit.matches;
	s->emit.matches = s->emit.passed = 0;
	if (noteworthy || s->options.every_object)
		s->sink.object(s->sink.arg, &o);
}

static void
give_record(struct scan *s, struct batch *b, const struct record *r)
{
	struct scan_found found = {.clear = s->emit.clear};

	if (s->emit.item < b->head->count)
		found.path = slot_path(b->head, s->emit.item);
	s->emit.clear = span_of(NULL, 0);
	switch ((int)r->kind) {
	case RECORD_CURSOR: /* the clear text of the next finding */
		s->emit.clear = r->cursor;
		break;
	case RECORD_FINDING:
		if (r->finding.type.len == 0) {
			s->emit.passed++;
			if (s->sink.allowed != NULL)
				s->sink.allowed(s->sink.arg,
						(unsigned)r->finding.offset);
			break;
		}
		s->emit.matches++;
		found.finding = &r->finding;
		s->sink.finding(s->sink.arg, &found);
		break;
	case RECORD_NOTE:
		if (s->sink.note != NULL)
			s->sink.note(s->sink.arg, found.path, &r->note);
		break;
	case RECORD_OBJECT:
		if (s->emit.item < b->head->count)
			give_object(s, b, s->emit.item++, &r->object);
		break;
	default:
		break;
	}
}

/* Objects of which nothing was said, up to `item`. */
static void
give_silent(struct scan *s, struct batch *b, uint32_t item)
{
	while (s->emit.item < item && !s->held)
		give_object(s, b, s->emit.item++, NULL);
}

/* The next step through the results; false at their end. */
static bool
give_next(struct scan *s, struct batch *b)
{
	struct span rest = results_from(&b->results, &s->emit.at, b->complete);
	struct talk_segment seg;
	struct record r;
	size_t used;

	if (s->emit.left == 0) {
		if (rest.len == 0)
			return false;
		memcpy(&seg, rest.ptr, sizeof(seg));
		give_silent(s, b, seg.item);
		if (s->held)
			return true;
		results_skip(&s->emit.at, sizeof(seg));
		s->emit.left = seg.len;
		return true;
	}
	if (record_next(span_of(rest.ptr, s->emit.left), &r, &used) != ST_OK) {
		results_skip(&s->emit.at,
			     s->emit.left); /* a worker gone wrong */
		s->emit.left = 0;
		return true;
	}
	results_skip(&s->emit.at, used);
	s->emit.left -= used;
	give_record(s, b, &r);
	return true;
}

static void
give_cursor(struct scan *s, const struct batch *b)
{
	const struct slot_head *h = b->head;
	uint64_t now = clock_mono_ms(clock_system());
	struct buf text;

	s->cursor_bytes += b->results.len;
	if (s->cursor_bytes < SCAN_CURSOR_BYTES &&
	    now - s->cursor_ms < s->options.cursor_ms)
		return;
	buf_init(&text, ORDER_CURSOR_MAX);
	/* a position that is too long is left out: the next one will do */
	if (cursor_pack(h->root, slot_span(h, h->cursor, h->cursor_len),
			&text) == ST_OK) {
		s->sink.cursor(s->sink.arg, buf_span(&text), &s->sum);
		s->cursor_bytes = 0;
		s->cursor_ms = now;
	}
	buf_fini(&text);
}

/* Batches of small files are over before anybody asks which is being read. */
static void
remember_last(struct scan *s, const struct batch *b)
{
	struct span path;

	if (b->head->count == 0)
		return;
	path = slot_path(b->head, b->head->count - 1);
	buf_clear(&s->last);
	if (buf_add(&s->last, path.ptr, path.len) != ST_OK)
		return; /* then there is none to show */
}

static void
free_slot(struct scan *s, struct batch *b)
{
	size_t slot = (size_t)(b - s->batches);

	remember_last(s, b);
	batch_clear(b);
	s->emit = (struct emit){0};
	s->emit_seq++;
	/* when it is gone, its successor is told of all free slots */
	if (s->reader != NULL &&
	    pipe_say(s->reader, TALK_SLOT, slot, span_of(NULL, 0)) != ST_OK)
		return;
}

void
emit_ready(struct scan *s)
{
	struct batch *b = batch_find(s, s->emit_seq);

	/* a worker may be through with a stream before it has its end */
	while (b != NULL && b->state == BATCH_DONE && !batch_flows(b) &&
	       !s->held) {
		while (!s->held && give_next(s, b))
			;
		give_silent(s, b, b->head->count);
		if (s->held)
			return;
		give_cursor(s, b);
		free_slot(s, b);
		b = batch_find(s, s->emit_seq);
	}
}

/* What was found stands; what was not reached is named as such. */
void
emit_unfinished(struct scan *s)
{
	static const struct object stopped = {.coverage = COVERAGE_NONE,
					      .reason = COVER_STOPPED};
	struct batch *b;

	while ((b = batch_find(s, s->emit_seq)) != NULL) {
		while (give_next(s, b))
			;
		s->emit.matches = s->emit.passed = 0;
		while (s->emit.item < b->next)
			give_object(s, b, s->emit.item++, NULL);
		while (s->emit.item < b->head->count)
			give_object(s, b, s->emit.item++, &stopped);
		free_slot(s, b);
	}
}

/* Bytes and objects of the batch that comes next, as far as it has got. */
static void
add_running(const struct scan *s, const struct batch *b,
	    struct scan_progress *p)
{
	const struct worker_status *st = NULL;
	uint32_t at = b->next;

	for (size_t i = 0; i < s->worker_count; i++)
		if (s->workers[i].batch == b) {
			const void *page = s->status + i * WORKER_STATUS_PAGE;

			st = page;
		}
	if (st != NULL && st->seq != b->seq)
		st = NULL; /* it has not begun yet */
	if (st != NULL && st->item >= b->next && st->item < b->until)
		at = st->item;
	for (uint32_t i = s->emit.item; i < at; i++) {
		p->done_objects++;
		p->done_bytes += b->head->items[i].size;
	}
	if (at < b->head->count) {
		uint64_t size = b->head->items[at].size;

		p->current = slot_path(b->head, at);
		if (st != NULL)
			p->done_bytes += st->read < size ? st->read : size;
	}
}

void
emit_progress(struct scan *s)
{
	struct scan_progress p = s->sum;
	const struct batch *b = batch_find(s, s->emit_seq);

	p.current = buf_span(&s->last);
	p.signs =
	    atomic_load_explicit(slots_signs(&s->slots), memory_order_relaxed);
	if (b != NULL)
		add_running(s, b, &p);
	if (s->sink.progress != NULL)
		s->sink.progress(s->sink.arg, &p);
}
