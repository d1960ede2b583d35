#include "scan/director.h"

#include <string.h>
#include <unistd.h>

#include "base/must.h"
#include "model/record.h"
#include "scan/talk.h"

struct batch *
batch_find(struct scan *s, uint64_t seq)
{
	for (size_t i = 0; i < s->slots.count; i++)
		if (s->batches[i].state != BATCH_NONE &&
		    s->batches[i].seq == seq)
			return &s->batches[i];
	return NULL;
}

struct batch *
batch_waiting(struct scan *s)
{
	struct batch *first = NULL;

	for (size_t i = 0; i < s->slots.count; i++) {
		struct batch *b = &s->batches[i];

		if (b->state == BATCH_WAITING &&
		    (first == NULL || b->seq < first->seq))
			first = b;
	}
	return first;
}

bool
batch_streams(const struct batch *b)
{
	return b->head->count == 1 && (b->head->items[0].flags & SLOT_STREAM);
}

bool
batch_flows(const struct batch *b)
{
	return b->state != BATCH_NONE && batch_streams(b) && !b->lost &&
	       b->head->stream == STREAM_OPEN;
}

void
batch_clear(struct batch *b)
{
	for (size_t i = 0; i < b->fd_count; i++)
		close(b->fds[i]);
	results_clear(&b->results);
	buf_fini(&b->before);
	memset(b, 0, sizeof(*b));
}

/*
 * The next stretch for a worker: up to the first object that is suspected of
 * having killed one, or that object alone.
 */
bool
batch_range(struct batch *b)
{
	uint32_t n = b->head->count;

	while (b->next < n && !slot_is_read(&b->head->items[b->next]))
		b->next++;
	b->until = b->next;
	if (b->next == n)
		return false;
	if (b->tries[b->next] > 0) {
		b->until++;
		return true;
	}
	while (b->until < n && b->tries[b->until] == 0)
		b->until++;
	return true;
}

/*
 * Whole segments of items that were asked for, one of which ends where the
 * complete ones do; nothing of it is trusted.
 */
static bool
sound(const struct batch *b, struct span s, size_t complete)
{
	const size_t all = s.len;
	bool met = complete == 0;
	struct talk_segment seg;

	while (s.len > 0) {
		if (s.len < sizeof(seg))
			return false;
		memcpy(&seg, s.ptr, sizeof(seg));
		s = span_skip(s, sizeof(seg));
		if (seg.len > s.len || seg.item >= b->until ||
		    seg.item < b->next)
			return false;
		s = span_skip(s, seg.len);
		met = met || all - s.len == complete;
	}
	return met;
}

enum status
batch_result(struct batch *b, struct span body)
{
	struct talk_result r;
	size_t before = b->results.len;
	enum status st;

	if (body.len < sizeof(r))
		return ST_MALFORMED;
	memcpy(&r, body.ptr, sizeof(r));
	body = span_skip(body, sizeof(r));
	if (r.done < b->next || r.done > b->until ||
	    !sound(b, body, r.complete))
		return ST_MALFORMED;
	st = results_add(&b->results, body);
	if (st != ST_OK)
		return st;
	if (r.complete > 0)
		b->complete = before + r.complete;
	b->next = r.done;
	/* an object that is finished was in no segment of this message */
	if (body.len == r.complete)
		b->complete = b->results.len;
	return ST_OK;
}

void
batch_died(struct batch *b, uint32_t item, unsigned weight,
	   const struct batch_last *last)
{
	results_cut(&b->results, b->complete);
	b->state = BATCH_WAITING;
	if (item < b->next || item >= b->until)
		return; /* it died between two objects */
	if (b->tries[item] + weight >= TRIES_MAX)
		batch_give_up(b, item, COVER_CRASHED, last);
	else
		b->tries[item] = (uint8_t)(b->tries[item] + weight);
}

/* A segment as a worker would have said it. */
static enum status
say_why(struct buf *to, uint32_t item, enum cover_reason why,
	const struct batch_last *last)
{
	struct record r = {.kind = RECORD_OBJECT}, n = {.kind = RECORD_NOTE};
	struct talk_segment seg = {.item = item};
	enum status st = buf_add(to, &seg, sizeof(seg));

	r.object.coverage = COVERAGE_NONE;
	r.object.reason = (uint8_t)why;
	r.object.notes = 1;
	r.object.place = n.note.place = last->place;
	r.object.parser = n.note.parser = last->parser;
	n.note.reason = (uint8_t)why;
	if (st == ST_OK)
		st = record_add(to, &n);
	if (st == ST_OK)
		st = record_add(to, &r);
	if (st != ST_OK)
		return st;
	seg.len = (uint32_t)(to->len - sizeof(seg));
	memcpy(to->data, &seg, sizeof(seg));
	return ST_OK;
}

void
batch_give_up(struct batch *b, uint32_t item, enum cover_reason why,
	      const struct batch_last *last)
{
	struct buf segment;

	/* what lies between is done first, in order: come back to it */
	results_cut(&b->results, b->complete);
	b->state = BATCH_WAITING;
	if (item != b->next) {
		b->tries[item] = TRY_CRASH;
		return;
	}
	buf_init(&segment, 2 * RECORD_MAX);
	if (say_why(&segment, item, why, last) == ST_OK &&
	    results_add(&b->results, buf_span(&segment)) == ST_OK) {
		b->complete = b->results.len;
		b->next++;
	}
	buf_fini(&segment);
}
