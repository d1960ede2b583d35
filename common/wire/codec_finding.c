#include "wire/codec_finding.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/codec.h"
#include "base/table.h"
#include "base/utf.h"
#include "model/match.h"
#include "model/order.h"
#include "wire/pb/finding.pb-c.h"
#include "wire/proto.h"

#define LEVEL        3 /* of zstd: smaller for little time */
#define ARENA_MAX    (96 * 1024 * 1024)
#define PATH_LEN_MAX 32768
#define TYPE_LEN_MAX 128
#define TEXT_LEN_MAX 1024 /* of why a task failed */

/* ---- bounds, the same in both directions ---- */

static bool
object_good(const struct object *o)
{
	return o->path.len > 0 && o->path.len <= PATH_LEN_MAX &&
	       o->place.len <= FINDING_PLACE_MAX && o->size <= INT64_MAX &&
	       o->read <= INT64_MAX && o->coverage >= COVERAGE_FULL &&
	       o->coverage <= COVERAGE_NONE;
}

static bool
finding_good(const struct finding *f)
{
	return f->type.len > 0 && f->type.len <= TYPE_LEN_MAX &&
	       f->place.len <= FINDING_PLACE_MAX && f->offset <= INT64_MAX &&
	       f->length > 0 && f->confidence <= 100 &&
	       f->level >= LEVEL_STRICT && f->level <= LEVEL_BROAD &&
	       f->masked.len <= FINDING_MASKED_MAX &&
	       f->context.len <= FINDING_CONTEXT_MAX && utf_valid(f->type) &&
	       utf_valid(f->masked) && utf_valid(f->context);
}

static bool
totals_good(const struct batch_totals *t)
{
	return t->objects <= INT64_MAX && t->bytes <= INT64_MAX &&
	       t->full <= INT64_MAX && t->partial <= INT64_MAX &&
	       t->unread <= INT64_MAX && t->findings <= INT64_MAX;
}

static bool
batch_good(const struct batch *b)
{
	uint32_t last = 0;

	if (b->task > INT64_MAX || b->scan > INT64_MAX ||
	    b->target > INT64_MAX || b->outcome > SCAN_FAILED ||
	    b->message.len > TEXT_LEN_MAX || !utf_valid(b->message) ||
	    !totals_good(&b->totals))
		return false;
	for (size_t i = 0; i < b->object_count; i++)
		if (!object_good(&b->objects[i]))
			return false;
	for (size_t i = 0; i < b->finding_count; i++) {
		if (b->findings[i].object < last ||
		    b->findings[i].object >= b->object_count ||
		    !finding_good(&b->findings[i].finding))
			return false;
		last = b->findings[i].object;
	}
	return true;
}

/* ---- encoding ---- */

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
	return ST_OK;
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
	ProtobufCBinaryData *at = table_find(d->known, word);

	if (at == NULL) {
		at = &d->words[(*d->count)++];
		*at = proto_bytes(word);
		*index = (uint32_t)(at - d->words);
		return table_put(d->known, word, at);
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
	st = table_open(cap, &types.known);
	if (st == ST_OK)
		st = table_open(cap, &places.known);
	if (st == ST_OK) /* entry 0 is the empty place */
		st = look_up(&places, span_of(NULL, 0), &empty);
	if (st == ST_OK)
		st = fill_rows(b, p, &types, &places);
	table_close(types.known);
	table_close(places.known);
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
}

static enum status
squeeze(struct span raw, struct buf *image)
{
	size_t room = ZSTD_compressBound(raw.len), n;
	enum status st;

	if (raw.len > BATCH_RAW_MAX)
		return ST_LIMIT;
	st = buf_reserve(image, room);
	if (st != ST_OK)
		return st;
	n = ZSTD_compress(image->data + image->len, room, raw.ptr, raw.len,
			  LEVEL);
	if (ZSTD_isError(n))
		return ST_NOMEM;
	if (n > BATCH_IMAGE_MAX)
		return ST_LIMIT;
	image->len += n;
	return ST_OK;
}

static enum status
encode_in(const struct batch *b, struct arena *a, struct buf *raw)
{
	Trawl__Batch p = TRAWL__BATCH__INIT;
	Trawl__Objects objects;
	Trawl__Findings findings;
	Trawl__Totals totals;
	Trawl__TaskEnd end = TRAWL__TASK_END__INIT;
	enum status st = fill_objects(b, &objects, a);

	if (st == ST_OK)
		st = fill_findings(b, &findings, a);
	if (st != ST_OK)
		return st;
	fill_totals(&b->totals, &totals);
	p.task = b->task;
	p.target = b->target;
	p.scan = b->scan;
	p.objects = &objects;
	p.findings = &findings;
	p.totals = &totals;
	if (b->outcome != 0) {
		end.outcome = b->outcome;
		end.message = proto_bytes(b->message);
		p.end = &end;
	}
	return proto_pack(&p.base, raw);
}

/* What core will be handed must fit too, or it would be refused for ever. */
static bool
packs(const struct batch *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->object_count; i++)
		n += 64 + b->objects[i].path.len + b->objects[i].place.len;
	for (size_t i = 0; i < b->finding_count; i++) {
		const struct finding *f = &b->findings[i].finding;

		n += 64 + f->type.len + f->place.len + f->masked.len +
		     f->context.len;
	}
	return n <= BATCH_PACKED_MAX - 4096;
}

enum status
batch_encode(const struct batch *b, struct buf *image)
{
	struct arena a;
	struct buf raw;
	enum status st;

	if (b->object_count > BATCH_OBJECTS_MAX ||
	    b->finding_count > BATCH_FINDINGS_MAX || !packs(b))
		return ST_LIMIT;
	if (!batch_good(b))
		return ST_MALFORMED;
	arena_init(&a, ARENA_MAX);
	buf_init(&raw, BATCH_RAW_MAX);
	st = encode_in(b, &a, &raw);
	if (st == ST_OK)
		st = squeeze(buf_span(&raw), image);
	buf_fini(&raw);
	arena_fini(&a);
	return st;
}

/* ---- decoding ---- */

/* One zstd frame, nothing behind it, of exactly the size that it states. */
static enum status
unsqueeze(struct span image, struct arena *a, struct span *raw)
{
	unsigned long long size;
	uint8_t *bytes;
	size_t n;

	if (image.len == 0 || image.len > BATCH_IMAGE_MAX)
		return ST_MALFORMED;
	size = ZSTD_getFrameContentSize(image.ptr, image.len);
	if (size == ZSTD_CONTENTSIZE_UNKNOWN ||
	    size == ZSTD_CONTENTSIZE_ERROR || size > BATCH_RAW_MAX)
		return ST_MALFORMED;
	n = ZSTD_findFrameCompressedSize(image.ptr, image.len);
	if (ZSTD_isError(n) || n != image.len)
		return ST_MALFORMED;
	bytes = arena_take(a, (size_t)size + 1);
	if (bytes == NULL)
		return ST_LIMIT;
	n = ZSTD_decompress(bytes, (size_t)size, image.ptr, image.len);
	if (ZSTD_isError(n) || n != size)
		return ST_MALFORMED;
	*raw = span_of(bytes, n);
	return ST_OK;
}

static bool
objects_even(const Trawl__Objects *p, size_t n)
{
	return n <= BATCH_OBJECTS_MAX && p->n_path_shared == n &&
	       p->n_size == n && p->n_read == n && p->n_mtime == n &&
	       p->n_mode == n && p->n_uid == n && p->n_gid == n &&
	       p->n_coverage == n && p->n_reason == n && p->n_members == n &&
	       p->n_place == n;
}

/* Head of the path before and the rest: a new path in the arena. */
static enum status
join_path(struct span last, uint32_t shared, struct span rest, struct arena *a,
	  struct span *path)
{
	uint8_t *bytes;

	if (shared > last.len || rest.len > PATH_LEN_MAX ||
	    shared + rest.len > PATH_LEN_MAX)
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
	return ST_OK;
}

static enum status
take_objects(const Trawl__Objects *p, struct arena *a, struct batch *b)
{
	struct span last = span_of(NULL, 0);
	uint64_t mtime = 0;
	enum status st = ST_OK;
	size_t n = p == NULL ? 0 : p->n_path_rest;

	if (p != NULL && !objects_even(p, n))
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
	       p->n_context == n && p->fingerprints.len == n * FINGERPRINT_LEN;
}

static enum status
take_finding(const Trawl__Findings *p, size_t i, struct batch_finding *row)
{
	struct finding *f = &row->finding;

	if (p->type[i] >= p->n_types || p->place[i] >= p->n_places ||
	    p->confidence[i] > UINT8_MAX || p->level[i] > UINT8_MAX)
		return ST_MALFORMED;
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
take_batch(const Trawl__Batch *p, struct arena *a, struct batch *b)
{
	enum status st;

	b->task = p->task;
	b->target = p->target;
	b->scan = p->scan;
	if (p->totals != NULL)
		b->totals = (struct batch_totals){
		    p->totals->objects, p->totals->bytes,  p->totals->full,
		    p->totals->partial, p->totals->unread, p->totals->findings,
		};
	if (p->end != NULL) {
		if (p->end->outcome == 0 || p->end->outcome > SCAN_FAILED)
			return ST_MALFORMED;
		b->outcome = (uint8_t)p->end->outcome;
		b->message = proto_span(p->end->message);
	}
	st = take_objects(p->objects, a, b);
	if (st == ST_OK)
		st = take_findings(p->findings, b);
	if (st == ST_OK && !batch_good(b))
		st = ST_MALFORMED;
	return st == ST_OK && !packs(b) ? ST_LIMIT : st;
}

enum status
batch_decode(struct span image, struct arena *a, struct batch *b)
{
	struct span raw;
	void *p;
	enum status st = unsqueeze(image, a, &raw);

	batch_init(b);
	if (st == ST_OK)
		st = proto_unpack(&trawl__batch__descriptor, raw, a, &p);
	if (st == ST_OK)
		st = take_batch(p, a, b);
	if (st != ST_OK)
		batch_fini(b);
	return st;
}

/* ---- parcels ---- */

/*
 * Written by hand, so that an image of up to 1 MiB is not copied twice: field 1
 * is a varint, field 2 is bytes.
 */
#define TAG_SEQ   0x08
#define TAG_IMAGE 0x12

enum status
parcel_encode(const struct parcel *p, struct buf *to)
{
	enum status st = buf_add_byte(to, TAG_SEQ);

	if (st == ST_OK)
		st = codec_put_varint(to, p->seq);
	if (st == ST_OK)
		st = buf_add_byte(to, TAG_IMAGE);
	return st == ST_OK ? codec_put_span(to, p->image) : st;
}

static bool
take_tag(struct span *s, uint8_t tag)
{
	if (s->len == 0 || s->ptr[0] != tag)
		return false;
	*s = span_skip(*s, 1);
	return true;
}

enum status
parcel_decode(struct span s, struct parcel *p)
{
	if (!take_tag(&s, TAG_SEQ) || codec_get_varint(&s, &p->seq) != ST_OK ||
	    !take_tag(&s, TAG_IMAGE) ||
	    codec_get_span(&s, BATCH_IMAGE_MAX, &p->image) != ST_OK ||
	    s.len != 0 || p->seq == 0 || p->seq > INT64_MAX)
		return ST_MALFORMED;
	return ST_OK;
}
