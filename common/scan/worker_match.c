#include "scan/allow.h"
#include "scan/worker_impl.h"

/* With --reveal the clear text goes before its finding, as a bare span. */
static void
put_clear(struct worker *w, const struct match *m)
{
	struct span text = span_skip(w->window->text, (size_t)m->offset);
	struct record r = {.kind = RECORD_CURSOR};

	if (text.len > m->length)
		text.len = m->length;
	r.cursor = worker_clip(text, WORKER_CLEAR);
	worker_put(w, &r);
}

/* What an allow list lets pass is only told of: a finding without a type. */
static bool
let_pass(struct worker *w, const struct match *m)
{
	struct span raw = span_skip(w->window->text, (size_t)m->offset);
	struct record r = {.kind = RECORD_FINDING};

	if (raw.len > m->length)
		raw.len = m->length;
	r.finding.offset = allow_line(w->spec->allow, m, raw, w->path);
	if (r.finding.offset == 0)
		return false;
	worker_put(w, &r);
	if (w->out.len >= FLUSH_AT)
		worker_flush(w);
	return true;
}

static void
fill(struct finding *f, struct worker *w, const struct match *m)
{
	f->type = span_str(m->type);
	f->also = m->also;
	f->place =
	    extract_place(w->window, (size_t)m->offset, w->place, &f->offset);
	f->confidence = m->confidence;
	f->level = m->level;
	f->reasons = m->reasons;
	f->masked = worker_clip(m->masked, FINDING_MASKED_MAX);
	if (!w->spec->details)
		return;
	f->context =
	    worker_clip(detect_context(w->scratch), FINDING_CONTEXT_MAX);
	allow_digest(f->type, m->value, f->digest);
}

static void
on_match(void *arg, const struct match *m)
{
	struct worker *w = arg;
	const struct extract_window *win = w->window;
	struct record r = {.kind = RECORD_FINDING};
	uint64_t from = extract_origin(win, (size_t)m->offset);
	uint64_t end = extract_end(win, (size_t)m->offset + m->length);

	if (win->again && seen_before(w->seen, m->type, from, end))
		return;
	if (w->matches >= w->spec->matches_max) {
		w->failed = ST_LIMIT;
		return;
	}
	seen_add(w->seen, m->type, from, end);
	w->matches++;
	w->noteworthy = true;
	if (w->spec->allow != NULL && let_pass(w, m))
		return;
	if (w->spec->reveal)
		put_clear(w, m);
	r.finding.length = (uint32_t)(end - from);
	fill(&r.finding, w, m);
	worker_put(w, &r);
	if (w->out.len >= FLUSH_AT)
		worker_flush(w);
}

static void
tell_table(struct worker *w, const struct extract_window *win)
{
	if (win->made)
		detect_table(w->scratch, win->first);
	else if (win->from == 0 && !win->again)
		detect_table(w->scratch, win->text);
}

static enum holds
holds_at(void *arg, size_t off)
{
	const struct worker *w = arg;

	return extract_holds(w->window, off);
}

enum status
worker_window(void *arg, const struct extract_window *win)
{
	struct worker *w = arg;

	w->window = win;
	seen_place(w->seen, win->place);
	tell_table(w, win);
	detect_holds(w->scratch, win->made ? holds_at : NULL, w);
	detect_text(w->spec->detector, w->scratch, win->text, win->from,
		    win->to, on_match, w);
	if (!win->again)
		atomic_fetch_add_explicit(&w->spec->status->read,
					  win->to - win->from,
					  memory_order_relaxed);
	if (w->failed == ST_LIMIT)
		worker_note(w,
			    &(const struct extract_note){.place = win->place,
							 .why = COVER_MATCHES,
							 .parser = ""});
	return w->failed;
}
