#include "model/batch.h"

#include <stdlib.h>
#include <string.h>

#include "model/pack.h"

void
batch_init(struct batch *b)
{
	memset(b, 0, sizeof(*b));
}

void
batch_fini(struct batch *b)
{
	free(b->objects);
	free(b->findings);
	free(b->notes);
	batch_init(b);
}

static void
put_object(struct packer *p, const struct object *o)
{
	pack_span(p, o->path);
	pack_span(p, o->place);
	pack_num(p, o->size);
	pack_num(p, o->read);
	pack_int(p, o->mtime);
	pack_num(p, o->mode);
	pack_num(p, o->uid);
	pack_num(p, o->gid);
	pack_num(p, o->coverage);
	pack_num(p, o->reason);
	pack_num(p, o->members);
	pack_num(p, o->members_partial);
	pack_num(p, o->members_unread);
	pack_num(p, o->notes);
	pack_span(p, o->parser);
}

static void
get_object(struct unpacker *u, struct object *o)
{
	o->path = unpack_span(u);
	o->place = unpack_span(u);
	o->size = unpack_num(u);
	o->read = unpack_num(u);
	o->mtime = unpack_int(u);
	o->mode = (uint32_t)unpack_upto(u, UINT32_MAX);
	o->uid = (uint32_t)unpack_upto(u, UINT32_MAX);
	o->gid = (uint32_t)unpack_upto(u, UINT32_MAX);
	o->coverage = (uint8_t)unpack_upto(u, UINT8_MAX);
	o->reason = (uint8_t)unpack_upto(u, UINT8_MAX);
	o->members = (uint32_t)unpack_upto(u, UINT32_MAX);
	o->members_partial = (uint32_t)unpack_upto(u, UINT32_MAX);
	o->members_unread = (uint32_t)unpack_upto(u, UINT32_MAX);
	o->notes = (uint32_t)unpack_upto(u, UINT32_MAX);
	o->parser = unpack_span(u);
}

static void
put_finding(struct packer *p, const struct batch_finding *f)
{
	pack_num(p, f->object);
	pack_bytes(p, f->fingerprint, sizeof(f->fingerprint));
	pack_span(p, f->finding.type);
	pack_span(p, f->finding.also);
	pack_span(p, f->finding.place);
	pack_num(p, f->finding.offset);
	pack_num(p, f->finding.length);
	pack_num(p, f->finding.confidence);
	pack_num(p, f->finding.level);
	pack_num(p, f->finding.reasons);
	pack_span(p, f->finding.masked);
	pack_span(p, f->finding.context);
}

static void
get_finding(struct unpacker *u, struct batch_finding *f, size_t objects)
{
	f->object = (uint32_t)unpack_upto(u, UINT32_MAX);
	unpack_bytes(u, f->fingerprint, sizeof(f->fingerprint));
	f->finding.type = unpack_span(u);
	f->finding.also = unpack_span(u);
	f->finding.place = unpack_span(u);
	f->finding.offset = unpack_num(u);
	f->finding.length = (uint32_t)unpack_upto(u, UINT32_MAX);
	f->finding.confidence = (uint8_t)unpack_upto(u, UINT8_MAX);
	f->finding.level = (uint8_t)unpack_upto(u, UINT8_MAX);
	f->finding.reasons = unpack_num(u);
	f->finding.masked = unpack_span(u);
	f->finding.context = unpack_span(u);
	if (f->object >= objects && u->st == ST_OK)
		u->st = ST_MALFORMED;
}

static void
put_note(struct packer *p, const struct batch_note *n)
{
	pack_num(p, n->object);
	pack_num(p, n->number);
	pack_num(p, n->note.reason);
	pack_span(p, n->note.place);
	pack_span(p, n->note.parser);
	pack_span(p, n->note.detail);
}

static void
get_note(struct unpacker *u, struct batch_note *n, size_t objects)
{
	n->object = (uint32_t)unpack_upto(u, UINT32_MAX);
	n->number = (uint16_t)unpack_upto(u, UINT16_MAX);
	n->note.reason = (uint8_t)unpack_upto(u, UINT8_MAX);
	n->note.place = unpack_span(u);
	n->note.parser = unpack_span(u);
	n->note.detail = unpack_span(u);
	if (n->object >= objects && u->st == ST_OK)
		u->st = ST_MALFORMED;
}

static void
put_totals(struct packer *p, const struct batch_totals *t)
{
	pack_num(p, t->objects);
	pack_num(p, t->bytes);
	pack_num(p, t->full);
	pack_num(p, t->partial);
	pack_num(p, t->unread);
	pack_num(p, t->findings);
	pack_num(p, t->folders);
	pack_num(p, t->members);
	pack_num(p, t->members_partial);
	pack_num(p, t->members_unread);
	pack_num(p, t->unread_bytes);
	pack_num(p, t->unchanged);
	pack_num(p, t->rested_ms);
}

static void
get_totals(struct unpacker *u, struct batch_totals *t)
{
	t->objects = unpack_num(u);
	t->bytes = unpack_num(u);
	t->full = unpack_num(u);
	t->partial = unpack_num(u);
	t->unread = unpack_num(u);
	t->findings = unpack_num(u);
	t->folders = unpack_num(u);
	t->members = unpack_num(u);
	t->members_partial = unpack_num(u);
	t->members_unread = unpack_num(u);
	t->unread_bytes = unpack_num(u);
	t->unchanged = unpack_num(u);
	t->rested_ms = unpack_num(u);
}

enum status
batch_pack(const struct batch *b, struct buf *to)
{
	struct packer p = packer_to(to);
	size_t before = to->len;

	if (b->object_count > BATCH_OBJECTS_MAX ||
	    b->finding_count > BATCH_FINDINGS_MAX ||
	    b->note_count > BATCH_NOTES_MAX)
		return ST_LIMIT;
	pack_num(&p, b->task);
	pack_num(&p, b->target);
	pack_num(&p, b->scan);
	put_totals(&p, &b->totals);
	pack_num(&p, b->outcome);
	pack_span(&p, b->message);
	pack_num(&p, b->object_count);
	for (size_t i = 0; i < b->object_count; i++)
		put_object(&p, &b->objects[i]);
	pack_num(&p, b->finding_count);
	for (size_t i = 0; i < b->finding_count; i++)
		put_finding(&p, &b->findings[i]);
	pack_num(&p, b->note_count);
	for (size_t i = 0; i < b->note_count; i++)
		put_note(&p, &b->notes[i]);
	if (p.st == ST_OK && to->len - before > BATCH_PACKED_MAX)
		return ST_LIMIT;
	return p.st;
}

static enum status
get_objects(struct unpacker *u, struct batch *b)
{
	size_t n = (size_t)unpack_upto(u, BATCH_OBJECTS_MAX);

	if (n == 0)
		return u->st;
	b->objects = calloc(n, sizeof(*b->objects));
	if (b->objects == NULL)
		return ST_NOMEM;
	b->object_count = n;
	for (size_t i = 0; i < n && u->st == ST_OK; i++)
		get_object(u, &b->objects[i]);
	return u->st;
}

static enum status
get_findings(struct unpacker *u, struct batch *b)
{
	size_t n = (size_t)unpack_upto(u, BATCH_FINDINGS_MAX);

	if (n == 0)
		return u->st;
	b->findings = calloc(n, sizeof(*b->findings));
	if (b->findings == NULL)
		return ST_NOMEM;
	b->finding_count = n;
	for (size_t i = 0; i < n && u->st == ST_OK; i++)
		get_finding(u, &b->findings[i], b->object_count);
	return u->st;
}

static enum status
get_notes(struct unpacker *u, struct batch *b)
{
	size_t n = (size_t)unpack_upto(u, BATCH_NOTES_MAX);

	if (n == 0)
		return u->st;
	b->notes = calloc(n, sizeof(*b->notes));
	if (b->notes == NULL)
		return ST_NOMEM;
	b->note_count = n;
	for (size_t i = 0; i < n && u->st == ST_OK; i++)
		get_note(u, &b->notes[i], b->object_count);
	return u->st;
}

enum status
batch_unpack(struct span s, struct batch *b)
{
	struct unpacker u = unpacker_of(s);
	enum status st;

	batch_init(b);
	b->task = unpack_num(&u);
	b->target = unpack_num(&u);
	b->scan = unpack_num(&u);
	get_totals(&u, &b->totals);
	b->outcome = (uint8_t)unpack_upto(&u, UINT8_MAX);
	b->message = unpack_span(&u);
	st = get_objects(&u, b);
	if (st == ST_OK)
		st = get_findings(&u, b);
	if (st == ST_OK)
		st = get_notes(&u, b);
	if (st == ST_OK)
		st = unpack_end(&u);
	if (st != ST_OK)
		batch_fini(b);
	return st;
}
