#include "scan/worker.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scan/talk.h"
#include "scan/worker_impl.h"

#define RESULTS_CAP (1024 * 1024)
#define CALL_UP     4096 /* bytes of the next object */
#define SLOTS_KEPT  16   /* with more, a worker lets go of each after use */

/* ---- notes -----------------------------------------------------------------
 */

static void
keep_first(struct worker *w, const struct extract_note *n)
{
	struct span place = worker_clip(n->place, sizeof(w->note_place_bytes));

	if (w->reason != COVER_OK)
		return;
	w->reason = (uint8_t)n->why;
	w->note_parser = n->parser;
	if (place.len > 0)
		memcpy(w->note_place_bytes, place.ptr, place.len);
	w->note_place = span_of(w->note_place_bytes, place.len);
}

void
worker_note(void *arg, const struct extract_note *n)
{
	struct worker *w = arg;
	struct record r = {.kind = RECORD_NOTE};

	w->noteworthy = true;
	keep_first(w, n);
	if (w->notes++ >= NOTE_MAX)
		return;
	r.note = (struct note){
	    .place = worker_clip(n->place, FINDING_PLACE_MAX),
	    .parser = span_str(n->parser),
	    .detail = worker_clip(n->detail, NOTE_DETAIL_MAX),
	    .reason = (uint8_t)n->why,
	};
	worker_put(w, &r);
	if (w->out.len >= FLUSH_AT)
		worker_flush(w);
}

static void
on_enter(void *arg, struct span place, const char *parser)
{
	const struct worker *w = arg;
	struct worker_status *at = w->spec->status;

	at->place_len = 0; /* while it changes */
	memcpy(at->parser, parser, strnlen(parser, sizeof(at->parser) - 1) + 1);
	place = worker_clip(place, sizeof(at->place));
	if (place.len > 0)
		memcpy(at->place, place.ptr, place.len);
	at->place_len = (uint32_t)place.len;
}

/* ---- one object ------------------------------------------------------------
 */

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
	worker_put(w, &r);
}

static void
read_object(struct worker *w, const struct slot_head *h, uint32_t i)
{
	const struct extract_sink sink = {
	    w, w->spec->texts ? worker_text : worker_window, worker_note,
	    on_enter};
	struct extract_result res;
	struct extract_input in;

	w->item = i;
	w->ring = (struct ring_in){.slot = h, .fd = w->fd};
	w->path = slot_path(h, i);
	in = worker_input(w, h, &h->items[i]);
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
	worker_need(extract_object(w->extractor, &in, &sink, &res));
	/* of a stream only who read it knows how long it is */
	if (w->noteworthy || res.members > 0 ||
	    (h->items[i].flags & SLOT_UNSIZED))
		put_object(w, &res);
	worker_close(w);
	w->done = i + 1;
	w->complete = (uint32_t)(w->out.len - sizeof(struct talk_result));
	if (w->out.len >= FLUSH_AT)
		worker_flush(w);
}

/*
 * The reader wrote it on another processor: by the time it is looked at, its
 * beginning has come over. In line, always: of a function that does nothing
 * else compilers drop the calls.
 */
static inline __attribute__((always_inline)) void
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
	worker_begin(w);
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
	worker_flush(w);
	worker_need(pipe_say(w->pipe, TALK_DONE, w->seq, span_of(NULL, 0)));
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
	worker_need(pipe_open(spec->fd, TALK_CAP, &w.pipe));
	w.seen = seen_new();
	worker_need(w.seen == NULL ? ST_NOMEM : ST_OK);
	buf_init(&w.text, RECORD_HEAD + RECORD_MAX + sizeof(struct talk_text));
	if (!spec->texts)
		worker_need(detect_scratch_open(spec->detector, &w.scratch));
	while (pipe_receive(w.pipe, &m) == ST_OK) {
		do_work(&w, &m);
		pipe_drop_fds(&m);
		let_go(&w);
	}
	_exit(0);
}
