#include "wire/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "model/order.h"
#include "wire/pb/finding.pb-c.h"
#include "wire/proto.h"

static bool
objects_even(const Trawl__Objects *p, size_t n)
{
	return n <= BATCH_OBJECTS_MAX && p->n_path_shared == n &&
	       p->n_size == n && p->n_read == n && p->n_mtime == n &&
	       p->n_mode == n && p->n_uid == n && p->n_gid == n &&
	       p->n_coverage == n && p->n_reason == n && p->n_members == n &&
	       p->n_place == n;
}

static bool
all_or_none(size_t rows, size_t n)
{
	return rows == 0 || rows == n;
}

/* Columns that older agents do not have. */
static bool
counts_even(const Trawl__Objects *p, size_t n)
{
	return all_or_none(p->n_parser, n) &&
	       all_or_none(p->n_members_partial, n) &&
	       all_or_none(p->n_members_unread, n) &&
	       all_or_none(p->n_notes, n);
}

static void
take_counts(const Trawl__Objects *p, size_t i, struct object *o)
{
	if (p->n_parser > 0)
		o->parser = proto_span(p->parser[i]);
	if (p->n_members_partial > 0)
		o->members_partial = p->members_partial[i];
	if (p->n_members_unread > 0)
		o->members_unread = p->members_unread[i];
	if (p->n_notes > 0)
		o->notes = p->notes[i];
}

/* Head of the path before and the rest: a new path in the arena. */
static enum status
join_path(struct span last, uint32_t shared, struct span rest, struct arena *a,
	  struct span *path)
{
	uint8_t *bytes;

	if (shared > last.len || rest.len > COLUMNS_PATH_MAX ||
	    shared + rest.len > COLUMNS_PATH_MAX)
		return ST_MALFORMED;
	if (shared == 0) {
		*path = rest;
		return ST_OK;
	}
	bytes = arena_take(a, shared + rest.len);
	if (bytes == NULL)
		return ST_LIMIT;
	memcpy(bytes, last.ptr, shared);
	if (rest.len > 0)
		memcpy(bytes + shared, rest.ptr, rest.len);
	*path = span_of(bytes, shared + rest.len);
	return ST_OK;
}

static enum status
take_object(const Trawl__Objects *p, size_t i, struct object *o)
{
	if (p->coverage[i] > UINT8_MAX || p->reason[i] > UINT8_MAX)
		return ST_MALFORMED;
	o->place = proto_span(p->place[i]);
	o->size = p->size[i];
	o->read = p->read[i];
	o->mode = p->mode[i];
	o->uid = p->uid[i];
	o->gid = p->gid[i];
	o->coverage = (uint8_t)p->coverage[i];
	o->reason = (uint8_t)p->reason[i];
	o->members = p->members[i];
	take_counts(p, i, o);
	return ST_OK;
}

static enum status
take_objects(const Trawl__Objects *p, struct arena *a, struct batch *b)
{
	struct span last = span_of(NULL, 0);
	uint64_t mtime = 0;
	enum status st = ST_OK;
	size_t n = p == NULL ? 0 : p->n_path_rest;

	if (p != NULL && (!objects_even(p, n) || !counts_even(p, n)))
		return ST_MALFORMED;
	if (n == 0)
		return ST_OK;
	b->objects = calloc(n, sizeof(*b->objects));
	if (b->objects == NULL)
		return ST_NOMEM;
	b->object_count = n;
	for (size_t i = 0; st == ST_OK && i < n; i++) {
		struct object *o = &b->objects[i];

		mtime += (uint64_t)p->mtime[i];
		o->mtime = (int64_t)mtime;
		st = join_path(last, p->path_shared[i],
			       proto_span(p->path_rest[i]), a, &o->path);
		if (st == ST_OK)
			st = take_object(p, i, o);
		last = o->path;
	}
	return st;
}

static bool
findings_even(const Trawl__Findings *p, size_t n)
{
	return n <= BATCH_FINDINGS_MAX && p->n_type == n && p->n_place == n &&
	       p->n_offset == n && p->n_length == n && p->n_confidence == n &&
	       p->n_level == n && p->n_reasons == n && p->n_masked == n &&
	       p->n_context == n && (p->n_also == n || p->n_also == 0) &&
	       p->fingerprints.len == n * FINGERPRINT_LEN;
}

static enum status
take_finding(const Trawl__Findings *p, size_t i, struct batch_finding *row)
{
	struct finding *f = &row->finding;

	if (p->type[i] >= p->n_types || p->place[i] >= p->n_places ||
	    p->confidence[i] > UINT8_MAX || p->level[i] > UINT8_MAX ||
	    (p->n_also > 0 && p->also[i] >= p->n_alsos))
		return ST_MALFORMED;
	if (p->n_also > 0)
		f->also = proto_span(p->alsos[p->also[i]]);
	f->type = proto_span(p->types[p->type[i]]);
	f->place = proto_span(p->places[p->place[i]]);
	f->length = p->length[i];
	f->confidence = (uint8_t)p->confidence[i];
	f->level = (uint8_t)p->level[i];
	f->reasons = p->reasons[i];
	f->masked = proto_span(p->masked[i]);
	f->context = proto_span(p->context[i]);
	memcpy(row->fingerprint, p->fingerprints.data + i * FINGERPRINT_LEN,
	       FINGERPRINT_LEN);
	return ST_OK;
}

static enum status
take_findings(const Trawl__Findings *p, struct batch *b)
{
	uint64_t offset = 0, object = 0;
	enum status st = ST_OK;
	size_t n = p == NULL ? 0 : p->n_object;

	if (p != NULL && !findings_even(p, n))
		return ST_MALFORMED;
	if (n == 0)
		return ST_OK;
	b->findings = calloc(n, sizeof(*b->findings));
	if (b->findings == NULL)
		return ST_NOMEM;
	b->finding_count = n;
	for (size_t i = 0; st == ST_OK && i < n; i++) {
		object += p->object[i];
		offset += (uint64_t)p->offset[i];
		if (object >= b->object_count)
			return ST_MALFORMED;
		b->findings[i].object = (uint32_t)object;
		b->findings[i].finding.offset = offset;
		st = take_finding(p, i, &b->findings[i]);
	}
	return st;
}

static enum status
take_note(const Trawl__Notes *p, size_t i, struct batch_note *row)
{
	if (p->number[i] > UINT16_MAX || p->reason[i] > UINT8_MAX ||
	    p->parser[i] >= p->n_parsers)
		return ST_MALFORMED;
	row->number = (uint16_t)p->number[i];
	row->note.reason = (uint8_t)p->reason[i];
	row->note.place = proto_span(p->place[i]);
	row->note.parser = proto_span(p->parsers[p->parser[i]]);
	row->note.detail = proto_span(p->detail[i]);
	return ST_OK;
}

static enum status
take_notes(const Trawl__Notes *p, struct batch *b)
{
	uint64_t object = 0;
	enum status st = ST_OK;
	size_t n = p == NULL ? 0 : p->n_object;

	if (p != NULL &&
	    (n > BATCH_NOTES_MAX || p->n_number != n || p->n_reason != n ||
	     p->n_place != n || p->n_parser != n || p->n_detail != n))
		return ST_MALFORMED;
	if (n == 0)
		return ST_OK;
	b->notes = calloc(n, sizeof(*b->notes));
	if (b->notes == NULL)
		return ST_NOMEM;
	b->note_count = n;
	for (size_t i = 0; st == ST_OK && i < n; i++) {
		object += p->object[i];
		if (object >= b->object_count)
			return ST_MALFORMED;
		b->notes[i].object = (uint32_t)object;
		st = take_note(p, i, &b->notes[i]);
	}
	return st;
}

static struct batch_totals
totals_of(const Trawl__Totals *p)
{
	return (struct batch_totals){
	    .objects = p->objects,
	    .bytes = p->bytes,
	    .full = p->full,
	    .partial = p->partial,
	    .unread = p->unread,
	    .findings = p->findings,
	    .folders = p->folders,
	    .members = p->members,
	    .members_partial = p->members_partial,
	    .members_unread = p->members_unread,
	    .unread_bytes = p->unread_bytes,
	    .unchanged = p->unchanged,
	    .rested_ms = p->rested_ms,
	};
}

static enum status
take_batch(const Trawl__Batch *p, struct arena *a, struct batch *b)
{
	enum status st;

	b->task = p->task;
	b->target = p->target;
	b->scan = p->scan;
	if (p->totals != NULL)
		b->totals = totals_of(p->totals);
	if (p->end != NULL) {
		if (p->end->outcome == 0 || p->end->outcome > SCAN_FAILED ||
		    p->end->unreached > 1)
			return ST_MALFORMED;
		b->outcome = p->end->outcome == SCAN_FAILED && p->end->unreached
				 ? SCAN_UNREACHED
				 : (uint8_t)p->end->outcome;
		b->message = proto_span(p->end->message);
	}
	st = take_objects(p->objects, a, b);
	if (st == ST_OK)
		st = take_findings(p->findings, b);
	if (st == ST_OK)
		st = take_notes(p->notes, b);
	return st;
}

enum status
columns_unpack(struct span raw, struct arena *a, struct batch *b)
{
	void *p;
	enum status st = proto_unpack(&trawl__batch__descriptor, raw, a, &p);

	return st == ST_OK ? take_batch(p, a, b) : st;
}
