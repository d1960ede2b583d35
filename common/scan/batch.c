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
	buf_fini(&b->results);
	buf_fini(&b->before);
	memset(b, 0, sizeof(*b));
}

/* Room that is new is zeroed by the kernel page by page: dearer than a copy. */
void
batch_spare(struct scan *s, struct batch *b)
{
	if (s->spare_count == SPARES || b->results.room < SPARE_LEAST ||
	    b->results.room > SPARE_MOST)
		return;
	buf_clear(&b->results);
	s->spares[s->spare_count++] = b->results;
	b->results = (struct buf){0};
}

void
batch_room(struct scan *s, struct batch *b)
{
	if (b->results.cap == 0 && s->spare_count > 0)
		b->results = s->spares[--s->spare_count];
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

/* Whole segments of items that were asked for; nothing of it is trusted. */
static bool
sound(const struct batch *b, struct span s)
{
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
	}
	return true;
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
	if (r.complete > body.len || r.done < b->next || r.done > b->until ||
	    !sound(b, body))
		return ST_MALFORMED;
	if (b->results.cap == 0)
		buf_init(&b->results, RESULTS_MAX);
	st = buf_add(&b->results, body.ptr, body.len);
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
	b->results.len = b->complete;
	b->state = BATCH_WAITING;
	if (item < b->next || item >= b->until)
		return; /* it died between two objects */
	if (b->tries[item] + weight >= TRIES_MAX)
		batch_give_up(b, item, COVER_CRASHED, last);
	else
		b->tries[item] = (uint8_t)(b->tries[item] + weight);
}

void
batch_give_up(struct batch *b, uint32_t item, enum cover_reason why,
	      const struct batch_last *last)
{
	struct record r = {.kind = RECORD_OBJECT}, n = {.kind = RECORD_NOTE};
	struct talk_segment seg = {.item = item};
	size_t at = b->complete;

	/* what lies between is done first, in order: come back to it */
	b->results.len = b->complete;
	b->state = BATCH_WAITING;
	if (item != b->next) {
		b->tries[item] = TRY_CRASH;
		return;
	}
	if (b->results.cap == 0)
		buf_init(&b->results, RESULTS_MAX);
	r.object.coverage = COVERAGE_NONE;
	r.object.reason = (uint8_t)why;
	r.object.notes = 1;
	r.object.place = n.note.place = last->place;
	r.object.parser = n.note.parser = last->parser;
	n.note.reason = (uint8_t)why;
	if (buf_add(&b->results, &seg, sizeof(seg)) != ST_OK ||
	    record_add(&b->results, &n) != ST_OK ||
	    record_add(&b->results, &r) != ST_OK) {
		b->results.len = at;
		return;
	}
	seg.len = (uint32_t)(b->results.len - at - sizeof(seg));
	memcpy(b->results.data + at, &seg, sizeof(seg));
	b->complete = b->results.len;
	b->next++;
}
