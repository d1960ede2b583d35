#include "wire/columns.h"

#include <string.h>

#include "base/arena.h"
#include "base/table.h"
#include "model/order.h"
#include "wire/pb/finding.pb-c.h"
#include "wire/proto.h"

#define COLUMN(a, n, type) arena_array((a), (n), sizeof(type))

static size_t
shared_head(struct span a, struct span b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.ptr[n] == b.ptr[n])
		n++;
	return n;
}

static bool
objects_room(Trawl__Objects *p, size_t n, struct arena *a)
{
	p->n_path_shared = p->n_path_rest = p->n_size = p->n_read = n;
	p->n_mtime = p->n_mode = p->n_uid = p->n_gid = n;
	p->n_coverage = p->n_reason = p->n_members = p->n_place = n;
	return (p->path_shared = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->path_rest = COLUMN(a, n, ProtobufCBinaryData)) != NULL &&
	       (p->size = COLUMN(a, n, uint64_t)) != NULL &&
	       (p->read = COLUMN(a, n, uint64_t)) != NULL &&
	       (p->mtime = COLUMN(a, n, int64_t)) != NULL &&
	       (p->mode = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->uid = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->gid = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->coverage = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->reason = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->members = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->place = COLUMN(a, n, ProtobufCBinaryData)) != NULL;
}

static bool
any_count(const struct batch *b)
{
	for (size_t i = 0; i < b->object_count; i++) {
		const struct object *o = &b->objects[i];

		if (o->members_partial != 0 || o->members_unread != 0 ||
		    o->notes != 0 || o->parser.len > 0)
			return true;
	}
	return false;
}

/* Columns that are left out when all of these objects were fully read. */
static enum status
fill_counts(const struct batch *b, Trawl__Objects *p, struct arena *a)
{
	size_t n = b->object_count;

	if (!any_count(b))
		return ST_OK;
	p->parser = COLUMN(a, n, ProtobufCBinaryData);
	p->members_partial = COLUMN(a, n, uint32_t);
	p->members_unread = COLUMN(a, n, uint32_t);
	p->notes = COLUMN(a, n, uint32_t);
	if (p->parser == NULL || p->members_partial == NULL ||
	    p->members_unread == NULL || p->notes == NULL)
		return ST_NOMEM;
	p->n_parser = p->n_members_partial = p->n_members_unread = n;
	p->n_notes = n;
	for (size_t i = 0; i < n; i++) {
		p->parser[i] = proto_bytes(b->objects[i].parser);
		p->members_partial[i] = b->objects[i].members_partial;
		p->members_unread[i] = b->objects[i].members_unread;
		p->notes[i] = b->objects[i].notes;
	}
	return ST_OK;
}

/* Differences wrap on purpose: adding them up wraps back. */
static enum status
fill_objects(const struct batch *b, Trawl__Objects *p, struct arena *a)
{
	struct span last = span_of(NULL, 0);
	uint64_t mtime = 0;

	trawl__objects__init(p);
	if (b->object_count == 0)
		return ST_OK;
	if (!objects_room(p, b->object_count, a))
		return ST_NOMEM;
	for (size_t i = 0; i < b->object_count; i++) {
		const struct object *o = &b->objects[i];
		size_t shared = shared_head(last, o->path);

		p->path_shared[i] = (uint32_t)shared;
		p->path_rest[i] = proto_bytes(span_skip(o->path, shared));
		p->size[i] = o->size;
		p->read[i] = o->read;
		p->mtime[i] = (int64_t)((uint64_t)o->mtime - mtime);
		p->mode[i] = o->mode;
		p->uid[i] = o->uid;
		p->gid[i] = o->gid;
		p->coverage[i] = o->coverage;
		p->reason[i] = o->reason;
		p->members[i] = o->members;
		p->place[i] = proto_bytes(o->place);
		last = o->path;
		mtime = (uint64_t)o->mtime;
	}
	return fill_counts(b, p, a);
}

static bool
findings_room(Trawl__Findings *p, size_t n, struct arena *a)
{
	p->n_object = p->n_type = p->n_place = p->n_offset = n;
	p->n_length = p->n_confidence = p->n_level = p->n_reasons = n;
	p->n_masked = p->n_context = n;
	p->fingerprints.len = n * FINGERPRINT_LEN;
	return (p->object = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->types = COLUMN(a, n, ProtobufCBinaryData)) != NULL &&
	       (p->type = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->places = COLUMN(a, n + 1, ProtobufCBinaryData)) != NULL &&
	       (p->place = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->offset = COLUMN(a, n, int64_t)) != NULL &&
	       (p->length = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->confidence = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->level = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->reasons = COLUMN(a, n, uint64_t)) != NULL &&
	       (p->masked = COLUMN(a, n, ProtobufCBinaryData)) != NULL &&
	       (p->context = COLUMN(a, n, ProtobufCBinaryData)) != NULL &&
	       (p->fingerprints.data = arena_take(a, p->fingerprints.len)) !=
		   NULL;
}

/* Entries of a dictionary in the order in which they were first seen. */
struct dictionary {
	struct table *known; /* word to its place in words, as a pointer */
	ProtobufCBinaryData *words;
	size_t *count;
};

static enum status
look_up(struct dictionary *d, struct span word, uint32_t *index)
{
	ProtobufCBinaryData *fresh = &d->words[*d->count];
	const ProtobufCBinaryData *at;
	void *there;
	enum status st = table_add(d->known, word, fresh, &there);

	if (st != ST_OK)
		return st;
	at = there;
	if (at == fresh) {
		*fresh = proto_bytes(word);
		(*d->count)++;
	}
	*index = (uint32_t)(at - d->words);
	return ST_OK;
}

static enum status
fill_rows(const struct batch *b, Trawl__Findings *p, struct dictionary *types,
	  struct dictionary *places)
{
	enum status st = ST_OK;
	uint64_t offset = 0;
	uint32_t object = 0;

	for (size_t i = 0; st == ST_OK && i < b->finding_count; i++) {
		const struct batch_finding *row = &b->findings[i];
		const struct finding *f = &row->finding;

		p->object[i] = row->object - object;
		p->offset[i] = (int64_t)(f->offset - offset);
		p->length[i] = f->length;
		p->confidence[i] = f->confidence;
		p->level[i] = f->level;
		p->reasons[i] = f->reasons;
		p->masked[i] = proto_bytes(f->masked);
		p->context[i] = proto_bytes(f->context);
		memcpy(p->fingerprints.data + i * FINGERPRINT_LEN,
		       row->fingerprint, FINGERPRINT_LEN);
		object = row->object;
		offset = f->offset;
		st = look_up(types, f->type, &p->type[i]);
		if (st == ST_OK)
			st = look_up(places, f->place, &p->place[i]);
	}
	return st;
}

static bool
any_also(const struct batch *b)
{
	for (size_t i = 0; i < b->finding_count; i++)
		if (b->findings[i].finding.also.len > 0)
			return true;
	return false;
}

/* Two columns that are left out when no value is valid as two types. */
static enum status
fill_also(const struct batch *b, Trawl__Findings *p, struct arena *a)
{
	struct dictionary alsos = {.count = &p->n_alsos};
	size_t n = b->finding_count;
	uint32_t empty;
	enum status st;

	if (!any_also(b))
		return ST_OK;
	p->alsos = COLUMN(a, n + 1, ProtobufCBinaryData);
	p->also = COLUMN(a, n, uint32_t);
	if (p->alsos == NULL || p->also == NULL)
		return ST_NOMEM;
	p->n_also = n;
	alsos.words = p->alsos;
	st = table_open_lent(n + 2, &alsos.known);
	if (st == ST_OK) /* entry 0 is the empty list */
		st = look_up(&alsos, span_of(NULL, 0), &empty);
	for (size_t i = 0; st == ST_OK && i < n; i++)
		st = look_up(&alsos, b->findings[i].finding.also, &p->also[i]);
	table_close(alsos.known);
	return st;
}

static enum status
fill_findings(const struct batch *b, Trawl__Findings *p, struct arena *a)
{
	struct dictionary types = {.count = &p->n_types};
	struct dictionary places = {.count = &p->n_places};
	size_t cap = b->finding_count + 2;
	uint32_t empty;
	enum status st;

	trawl__findings__init(p);
	if (b->finding_count == 0)
		return ST_OK;
	if (!findings_room(p, b->finding_count, a))
		return ST_NOMEM;
	types.words = p->types;
	places.words = p->places;
	st = table_open_lent(cap, &types.known);
	if (st == ST_OK)
		st = table_open_lent(cap, &places.known);
	if (st == ST_OK) /* entry 0 is the empty place */
		st = look_up(&places, span_of(NULL, 0), &empty);
	if (st == ST_OK)
		st = fill_rows(b, p, &types, &places);
	if (st == ST_OK)
		st = fill_also(b, p, a);
	table_close(types.known);
	table_close(places.known);
	return st;
}

static bool
notes_room(Trawl__Notes *p, size_t n, struct arena *a)
{
	p->n_object = p->n_number = p->n_reason = n;
	p->n_place = p->n_parser = p->n_detail = n;
	return (p->object = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->number = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->reason = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->place = COLUMN(a, n, ProtobufCBinaryData)) != NULL &&
	       (p->parsers = COLUMN(a, n, ProtobufCBinaryData)) != NULL &&
	       (p->parser = COLUMN(a, n, uint32_t)) != NULL &&
	       (p->detail = COLUMN(a, n, ProtobufCBinaryData)) != NULL;
}

static enum status
fill_notes(const struct batch *b, Trawl__Notes *p, struct arena *a)
{
	struct dictionary parsers = {.count = &p->n_parsers};
	size_t n = b->note_count;
	uint32_t object = 0;
	enum status st;

	trawl__notes__init(p);
	if (n == 0)
		return ST_OK;
	if (!notes_room(p, n, a))
		return ST_NOMEM;
	parsers.words = p->parsers;
	st = table_open_lent(n + 1, &parsers.known);
	for (size_t i = 0; st == ST_OK && i < n; i++) {
		const struct batch_note *row = &b->notes[i];

		p->object[i] = row->object - object;
		p->number[i] = row->number;
		p->reason[i] = row->note.reason;
		p->place[i] = proto_bytes(row->note.place);
		p->detail[i] = proto_bytes(row->note.detail);
		object = row->object;
		st = look_up(&parsers, row->note.parser, &p->parser[i]);
	}
	table_close(parsers.known);
	return st;
}

static void
fill_totals(const struct batch_totals *t, Trawl__Totals *p)
{
	trawl__totals__init(p);
	p->objects = t->objects;
	p->bytes = t->bytes;
	p->full = t->full;
	p->partial = t->partial;
	p->unread = t->unread;
	p->findings = t->findings;
	p->folders = t->folders;
	p->members = t->members;
	p->members_partial = t->members_partial;
	p->members_unread = t->members_unread;
	p->unread_bytes = t->unread_bytes;
	p->unchanged = t->unchanged;
	p->rested_ms = t->rested_ms;
}

enum status
columns_pack(const struct batch *b, struct arena *a, struct buf *raw)
{
	Trawl__Batch p = TRAWL__BATCH__INIT;
	Trawl__Objects objects;
	Trawl__Findings findings;
	Trawl__Notes notes;
	Trawl__Totals totals;
	Trawl__TaskEnd end = TRAWL__TASK_END__INIT;
	enum status st = fill_objects(b, &objects, a);

	if (st == ST_OK)
		st = fill_findings(b, &findings, a);
	if (st == ST_OK)
		st = fill_notes(b, &notes, a);
	if (st != ST_OK)
		return st;
	fill_totals(&b->totals, &totals);
	p.task = b->task;
	p.target = b->target;
	p.scan = b->scan;
	p.objects = &objects;
	p.findings = &findings;
	if (b->note_count > 0)
		p.notes = &notes;
	p.totals = &totals;
	if (b->outcome != 0) {
		end.unreached = b->outcome == SCAN_UNREACHED;
		end.outcome = end.unreached ? SCAN_FAILED : b->outcome;
		end.message = proto_bytes(b->message);
		p.end = &end;
	}
	return proto_pack(&p.base, raw);
}
