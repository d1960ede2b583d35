#include "scan/worker.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/record.h"
#include "scan/allow.h"
#include "scan/ring.h"
#include "scan/seen.h"
#include "scan/talk.h"
#include "sys/pipe.h"

#define FLUSH_AT    (64 * 1024) /* bytes of results in one message */
#define RESULTS_CAP (1024 * 1024)
#define CALL_UP     4096 /* bytes of the next object */
#define SLOTS_KEPT  16   /* with more, a worker lets go of each after use */

struct worker {
	const struct worker_spec *spec;
	struct pipe *pipe;
	struct extractor *extractor;
	struct detect_scratch *scratch;
	struct seen *seen;
	struct buf out;  /* talk_result, then segments */
	struct buf text; /* talk_text, then a record */
	uint32_t done, complete;
	size_t segment; /* offset of the open segment's head, 0: none */
	uint64_t seq;
	/* the object at hand */
	uint32_t item, matches;
	struct span path;
	bool noteworthy;
	int fd;
	struct ring_in ring;
	const struct extract_window *window;
	/* of the first note */
	struct span note_place;
	char note_place_bytes[FINDING_PLACE_MAX];
	const char *note_parser;
	uint8_t reason;
	uint32_t notes;
	char place[EXTRACT_PLACE_MAX]; /* of a match */
	enum status failed;
};

static void
need(enum status st)
{
	if (st != ST_OK)
		_exit(1);
}

/* ---- results ---------------------------------------------------------------
 */

static void
begin_message(struct worker *w)
{
	struct talk_result head = {0};

	buf_clear(&w->out);
	need(buf_add(&w->out, &head, sizeof(head)));
	w->segment = 0;
	w->complete = 0;
}

static void
close_segment(struct worker *w)
{
	struct talk_segment s = {.item = w->item};

	if (w->segment == 0)
		return;
	s.len = (uint32_t)(w->out.len - w->segment - sizeof(s));
	memcpy(w->out.data + w->segment, &s, sizeof(s));
	w->segment = 0;
}

static void
open_segment(struct worker *w)
{
	struct talk_segment s = {0};

	if (w->segment != 0)
		return;
	w->segment = w->out.len;
	need(buf_add(&w->out, &s, sizeof(s)));
}

static void
flush(struct worker *w)
{
	struct talk_result head;

	close_segment(w);
	head = (struct talk_result){.done = w->done, .complete = w->complete};
	memcpy(w->out.data, &head, sizeof(head));
	need(pipe_say(w->pipe, TALK_RESULT, w->seq, buf_span(&w->out)));
	begin_message(w);
}

static void
put(struct worker *w, const struct record *r)
{
	open_segment(w);
	need(record_add(&w->out, r));
}

/* ---- one match -------------------------------------------------------------
 */

static struct span
clip(struct span s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && (s.ptr[max] & 0xc0) == 0x80)
		max--;
	return span_of(s.ptr, max);
}

/* With --reveal the clear text goes before its finding, as a bare span. */
static void
put_clear(struct worker *w, const struct match *m)
{
	struct span text = span_skip(w->window->text, (size_t)m->offset);
	struct record r = {.kind = RECORD_CURSOR};

	if (text.len > m->length)
		text.len = m->length;
	r.cursor = clip(text, WORKER_CLEAR);
	put(w, &r);
}

/* What an allow list lets pass is only told of: a finding without a type. */
static bool
let_pass(struct worker *w, const struct match *m)
{
	struct span raw = span_skip(w->window->text, (size_t)m->offset);
	struct record r = {.kind = RECORD_FINDING};

	if (w->spec->allow == NULL)
		return false;
	if (raw.len > m->length)
		raw.len = m->length;
	r.finding.offset = allow_line(w->spec->allow, m, raw, w->path);
	if (r.finding.offset == 0)
		return false;
	put(w, &r);
	if (w->out.len >= FLUSH_AT)
		flush(w);
	return true;
}

static void
on_match(void *arg, const struct match *m)
{
	struct worker *w = arg;
	const struct extract_window *win = w->window;
	struct record r = {.kind = RECORD_FINDING};
	uint64_t from = extract_origin(win, (size_t)m->offset);
	uint64_t end = extract_end(win, (size_t)m->offset + m->length);
	uint64_t offset;
	struct span place;

	if (win->again && seen_before(w->seen, m->type, from, end))
		return;
	if (w->matches >= w->spec->matches_max) {
		w->failed = ST_LIMIT;
		return;
	}
	seen_add(w->seen, m->type, from, end);
	w->matches++;
	w->noteworthy = true;
	if (let_pass(w, m))
		return;
	if (w->spec->reveal)
		put_clear(w, m);
	place = extract_place(win, (size_t)m->offset, w->place, &offset);
	r.finding = (struct finding){
	    .type = span_str(m->type),
	    .also = m->also,
	    .place = place,
	    .offset = offset,
	    .length = (uint32_t)(end - from),
	    .confidence = m->confidence,
	    .level = m->level,
	    .reasons = m->reasons,
	    .masked = clip(m->masked, FINDING_MASKED_MAX),
	};
	if (w->spec->details) {
		r.finding.context =
		    clip(detect_context(w->scratch), FINDING_CONTEXT_MAX);
		allow_digest(span_str(m->type), m->value, r.finding.digest);
	}
	put(w, &r);
	if (w->out.len >= FLUSH_AT)
		flush(w);
}

/* ---- one object ------------------------------------------------------------
 */

static void
keep_first(struct worker *w, const struct extract_note *n)
{
	struct span place = clip(n->place, sizeof(w->note_place_bytes));

	if (w->reason != COVER_OK)
		return;
	w->reason = (uint8_t)n->why;
	w->note_parser = n->parser;
	if (place.len > 0)
		memcpy(w->note_place_bytes, place.ptr, place.len);
	w->note_place = span_of(w->note_place_bytes, place.len);
}

/* The first one is the object's own; the ledger has all up to a limit. */
static void
on_note(void *arg, const struct extract_note *n)
{
	struct worker *w = arg;
	struct record r = {.kind = RECORD_NOTE};

	w->noteworthy = true;
	keep_first(w, n);
	if (w->notes++ >= NOTE_MAX)
		return;
	r.note = (struct note){
	    .place = clip(n->place, FINDING_PLACE_MAX),
	    .parser = span_str(n->parser),
	    .detail = clip(n->detail, NOTE_DETAIL_MAX),
	    .reason = (uint8_t)n->why,
	};
	put(w, &r);
	if (w->out.len >= FLUSH_AT)
		flush(w);
}

static void
on_enter(void *arg, struct span place, const char *parser)
{
	const struct worker *w = arg;
	struct worker_status *at = w->spec->status;

	at->place_len = 0; /* while it changes */
	memcpy(at->parser, parser, strnlen(parser, sizeof(at->parser) - 1) + 1);
	place = clip(place, sizeof(at->place));
	if (place.len > 0)
		memcpy(at->place, place.ptr, place.len);
	at->place_len = (uint32_t)place.len;
}

static void
tell_table(struct worker *w, const struct extract_window *win)
{
	if (win->made)
		detect_table(w->scratch, win->first);
	else if (win->from == 0 && !win->again)
		detect_table(w->scratch, win->text);
}

static enum status
on_window(void *arg, const struct extract_window *win)
{
	struct worker *w = arg;

	w->window = win;
	seen_place(w->seen, win->place);
	tell_table(w, win);
	detect_text(w->spec->detector, w->scratch, win->text, win->from,
		    win->to, on_match, w);
	if (!win->again)
		atomic_fetch_add_explicit(&w->spec->status->read,
					  win->to - win->from,
					  memory_order_relaxed);
	if (w->failed == ST_LIMIT)
		on_note(w, &(const struct extract_note){.place = win->place,
							.why = COVER_MATCHES,
							.parser = ""});
	return w->failed;
}

/* ---- texts instead of matches ----------------------------------------------
 */

static void
say_text(struct worker *w, const struct extract_window *win, size_t from,
	 struct span text)
{
	const struct talk_text head = {.item = w->item};
	struct record r = {.kind = RECORD_TEXT};

	r.text.place = extract_place(win, from, w->place, &r.text.offset);
	r.text.place = clip(r.text.place, FINDING_PLACE_MAX);
	r.text.bytes = text;
	r.text.again = win->again;
	buf_clear(&w->text);
	need(buf_add(&w->text, &head, sizeof(head)));
	need(record_add(&w->text, &r));
	need(pipe_say(w->pipe, TALK_TEXT, w->seq, buf_span(&w->text)));
}

static enum status
on_text(void *arg, const struct extract_window *win)
{
	struct worker *w = arg;
	size_t at = win->from;

	while (at < win->to) {
		size_t end = extract_place_end(win, at);
		struct span s =
		    clip(span_of(win->text.ptr + at, end - at), TEXT_PIECE);

		if (s.len == 0) /* no characters at all: cut anywhere */
			s = span_of(win->text.ptr + at, TEXT_PIECE);
		say_text(w, win, at, s);
		at += s.len;
	}
	return ST_OK;
}

/* ---- reading ---------------------------------------------------------------
 */

static enum status
file_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	const struct worker *w = arg;
	ssize_t r;

	do
		r = pread(w->fd, dst, n, (off_t)off);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return ST_IO;
	*got = (size_t)r;
	return ST_OK;
}

/* From another host: in order, and its end counts only when it is told. */
static enum status
piece_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct worker *w = arg;

	return ring_read(&w->ring, dst, n, got);
}

static enum status
file_extent(void *arg, uint64_t off, uint64_t *begin, uint64_t *end)
{
	const struct worker *w = arg;
	off_t data = lseek(w->fd, (off_t)off, SEEK_DATA), hole;

	if (data < 0)
		return ST_EOF;
	hole = lseek(w->fd, data, SEEK_HOLE);
	if (hole < 0)
		return ST_EOF;
	*begin = (uint64_t)data;
	*end = (uint64_t)hole;
	return ST_OK;
}

static struct extract_input
input_of(struct worker *w, const struct slot_head *h,
	 const struct slot_item *it)
{
	struct extract_input in = {.arg = w, .size = it->size, .name = w->path};

	if (it->fd == 0) {
		in.bytes = slot_span(h, it->data, it->data_len);
		return in;
	}
	if (it->flags & SLOT_STREAM)
		in.read = piece_read;
	else
		in.pread = file_pread;
	if (it->flags & SLOT_UNSIZED)
		in.size = UINT64_MAX;
	if (it->flags & SLOT_SPARSE)
		in.extent = file_extent;
	return in;
}

static void
put_object(struct worker *w, const struct extract_result *res)
{
	struct record r = {.kind = RECORD_OBJECT};
	bool cut = w->reason != COVER_OK && res->coverage == COVERAGE_FULL;

	r.object = (struct object){
	    .place = w->note_place,
	    .parser = span_str(w->note_parser),
	    .read = res->read,
	    .coverage = cut ? COVERAGE_PARTIAL : res->coverage,
	    .reason = w->reason,
	    .members = res->members,
	    .members_partial = res->partial,
	    .members_unread = res->unread,
	    .notes = w->notes,
	};
	put(w, &r);
}

static void
read_object(struct worker *w, const struct slot_head *h, uint32_t i)
{
	const struct extract_sink sink = {
	    w, w->spec->texts ? on_text : on_window, on_note, on_enter};
	struct extract_result res;
	struct extract_input in;

	w->item = i;
	w->ring = (struct ring_in){.slot = h, .fd = w->fd};
	w->path = slot_path(h, i);
	in = input_of(w, h, &h->items[i]);
	w->matches = 0;
	w->noteworthy = false;
	w->reason = COVER_OK;
	w->note_place = span_of(NULL, 0);
	w->note_parser = NULL;
	w->notes = 0;
	w->failed = ST_OK;
	seen_clear(w->seen);
	if (w->spec->before_object != NULL)
		w->spec->before_object(&in);
	need(extract_object(w->extractor, &in, &sink, &res));
	/* of a stream only who read it knows how long it is */
	if (w->noteworthy || res.members > 0 ||
	    (h->items[i].flags & SLOT_UNSIZED))
		put_object(w, &res);
	close_segment(w);
	w->done = i + 1;
	w->complete = (uint32_t)(w->out.len - sizeof(struct talk_result));
	if (w->out.len >= FLUSH_AT)
		flush(w);
}

/*
 * The reader wrote it on another processor: by the time it is looked at, its
 * beginning has come over.
 */
static void
call_up(const struct slot_head *h, uint32_t i)
{
	const struct slot_item *it = &h->items[i];
	const uint8_t *p = (const uint8_t *)h + it->data;
	size_t n = it->data_len < CALL_UP ? it->data_len : CALL_UP;

	for (size_t k = 0; k < n; k += 64)
		__builtin_prefetch(p + k);
}

/* ---- one batch -------------------------------------------------------------
 */

static void
do_work(struct worker *w, const struct pipe_message *m)
{
	struct worker_status *at = w->spec->status;
	const struct slot_head *h;
	struct talk_work job;

	if (m->kind != TALK_WORK || m->body.len != sizeof(job))
		_exit(1);
	memcpy(&job, m->body.ptr, sizeof(job));
	h = slot_check(w->spec->slots, job.slot);
	if (h == NULL || job.to > h->count)
		_exit(1);
	w->seq = m->tag;
	w->done = job.from;
	begin_message(w);
	atomic_store(&at->item, job.from);
	atomic_store(&at->seq, m->tag);
	for (uint32_t i = job.from; i < job.to; i++) {
		const struct slot_item *it = &h->items[i];
		size_t fd = (size_t)it->fd - job.first_fd - 1;

		atomic_store_explicit(&at->read, 0, memory_order_relaxed);
		atomic_store_explicit(&at->item, i, memory_order_release);
		if (i + 1 < job.to)
			call_up(h, i + 1);
		if (!slot_is_read(it))
			continue;
		if (it->fd != 0 && fd >= m->fd_count)
			_exit(1);
		w->fd = it->fd == 0 ? -1 : m->fds[fd];
		read_object(w, h, i);
	}
	w->done = job.to;
	flush(w);
	need(pipe_say(w->pipe, TALK_DONE, w->seq, span_of(NULL, 0)));
}

/* Touched pages of every slot would count as this worker's memory. */
static void
let_go(const struct worker *w)
{
	const struct slots *s = w->spec->slots;

	if (s->count > SLOTS_KEPT &&
	    madvise(s->base, s->count * SLOT_SIZE, MADV_DONTNEED) != 0)
		return; /* it only costs memory */
}

void
worker_main(const struct worker_spec *spec)
{
	struct worker w = {
	    .spec = spec, .extractor = spec->extractor, .fd = -1};
	struct pipe_message m;

	buf_init(&w.out, RESULTS_CAP);
	need(pipe_open(spec->fd, TALK_CAP, &w.pipe));
	w.seen = seen_new();
	need(w.seen == NULL ? ST_NOMEM : ST_OK);
	buf_init(&w.text, RECORD_HEAD + RECORD_MAX + sizeof(struct talk_text));
	if (!spec->texts)
		need(detect_scratch_open(spec->detector, &w.scratch));
	while (pipe_receive(w.pipe, &m) == ST_OK) {
		do_work(&w, &m);
		pipe_drop_fds(&m);
		let_go(&w);
	}
	_exit(0);
}
