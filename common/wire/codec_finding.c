#include "wire/codec_finding.h"

#include <stdlib.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf.h"
#include "model/match.h"
#include "model/order.h"
#include "wire/columns.h"

#define LEVEL        1 /* of zstd: 3 makes 3 % less for half the time more */
#define ARENA_MAX    (96 * 1024 * 1024)
#define TYPE_LEN_MAX 128
#define TEXT_LEN_MAX 1024 /* of why a task failed */

/* ---- bounds, the same in both directions ---- */

static bool
object_good(const struct object *o)
{
	return o->path.len > 0 && o->path.len <= COLUMNS_PATH_MAX &&
	       o->place.len <= FINDING_PLACE_MAX &&
	       o->parser.len <= NOTE_PARSER_MAX && o->size <= INT64_MAX &&
	       o->read <= INT64_MAX && o->coverage >= COVERAGE_FULL &&
	       o->coverage <= COVERAGE_NONE;
}

/* Ids with one comma between two, or nothing. */
static bool
also_good(struct span ids)
{
	struct span id;

	if (ids.len > MATCH_ALSO_MAX || !utf_valid(ids))
		return false;
	while (str_next(&ids, ',', &id))
		if (id.len == 0)
			return false;
	return true;
}

static bool
finding_good(const struct finding *f)
{
	return f->type.len > 0 && f->type.len <= TYPE_LEN_MAX &&
	       also_good(f->also) && f->place.len <= FINDING_PLACE_MAX &&
	       f->offset <= INT64_MAX && f->length > 0 &&
	       f->confidence <= 100 && f->level >= LEVEL_STRICT &&
	       f->level <= LEVEL_BROAD && f->masked.len <= FINDING_MASKED_MAX &&
	       f->context.len <= FINDING_CONTEXT_MAX && utf_valid(f->type) &&
	       utf_valid(f->masked) && utf_valid(f->context);
}

static bool
note_good(const struct note *n)
{
	return n->place.len <= FINDING_PLACE_MAX &&
	       n->parser.len <= NOTE_PARSER_MAX &&
	       n->detail.len <= NOTE_DETAIL_MAX;
}

static bool
totals_good(const struct batch_totals *t)
{
	return t->objects <= INT64_MAX && t->bytes <= INT64_MAX &&
	       t->full <= INT64_MAX && t->partial <= INT64_MAX &&
	       t->unread <= INT64_MAX && t->findings <= INT64_MAX &&
	       t->folders <= INT64_MAX && t->members <= INT64_MAX &&
	       t->members_partial <= INT64_MAX &&
	       t->members_unread <= INT64_MAX && t->unread_bytes <= INT64_MAX &&
	       t->unchanged <= INT64_MAX && t->rested_ms <= INT64_MAX;
}

/* In order of their objects, each of one that is there. */
static bool
notes_good(const struct batch *b)
{
	uint32_t last = 0;

	for (size_t i = 0; i < b->note_count; i++) {
		if (b->notes[i].object < last ||
		    b->notes[i].object >= b->object_count ||
		    !note_good(&b->notes[i].note))
			return false;
		last = b->notes[i].object;
	}
	return true;
}

static bool
batch_good(const struct batch *b)
{
	uint32_t last = 0;

	if (b->task > INT64_MAX || b->scan > INT64_MAX ||
	    b->target > INT64_MAX || b->outcome > SCAN_UNREACHED ||
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
	return notes_good(b);
}

/* What core will be handed must fit too, or it would be refused for ever. */
static bool
packs(const struct batch *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->object_count; i++)
		n += 96 + b->objects[i].path.len + b->objects[i].place.len +
		     b->objects[i].parser.len;
	for (size_t i = 0; i < b->note_count; i++)
		n += 32 + b->notes[i].note.place.len +
		     b->notes[i].note.parser.len + b->notes[i].note.detail.len;
	for (size_t i = 0; i < b->finding_count; i++) {
		const struct finding *f = &b->findings[i].finding;

		n += 64 + f->type.len + f->also.len + f->place.len +
		     f->masked.len + f->context.len;
	}
	return n <= BATCH_PACKED_MAX - 4096;
}

/* ---- encoding ---- */

struct batch_maker {
	struct arena arena; /* of columns */
	struct buf raw;     /* the message of them */
	ZSTD_CCtx *zstd;
};

static enum status
squeeze(ZSTD_CCtx *zstd, struct span raw, struct buf *image)
{
	size_t room = ZSTD_compressBound(raw.len), n;
	enum status st;

	if (raw.len > BATCH_RAW_MAX)
		return ST_LIMIT;
	st = buf_reserve(image, room);
	if (st != ST_OK)
		return st;
	n = ZSTD_compressCCtx(zstd, image->data + image->len, room, raw.ptr,
			      raw.len, LEVEL);
	if (ZSTD_isError(n))
		return ST_NOMEM;
	if (n > BATCH_IMAGE_MAX)
		return ST_LIMIT;
	image->len += n;
	return ST_OK;
}

enum status
batch_maker_open(struct batch_maker **out)
{
	struct batch_maker *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return ST_NOMEM;
	arena_init(&m->arena, ARENA_MAX);
	buf_init(&m->raw, BATCH_RAW_MAX);
	m->zstd = ZSTD_createCCtx();
	if (m->zstd == NULL) {
		batch_maker_close(m);
		return ST_NOMEM;
	}
	*out = m;
	return ST_OK;
}

void
batch_maker_close(struct batch_maker *m)
{
	if (m == NULL)
		return;
	arena_fini(&m->arena);
	buf_fini(&m->raw);
	ZSTD_freeCCtx(m->zstd);
	free(m);
}

enum status
batch_make(struct batch_maker *m, const struct batch *b, struct buf *image)
{
	enum status st;

	if (b->object_count > BATCH_OBJECTS_MAX ||
	    b->finding_count > BATCH_FINDINGS_MAX ||
	    b->note_count > BATCH_NOTES_MAX || !packs(b))
		return ST_LIMIT;
	if (!batch_good(b))
		return ST_MALFORMED;
	st = columns_pack(b, &m->arena, &m->raw);
	if (st == ST_OK)
		st = squeeze(m->zstd, buf_span(&m->raw), image);
	buf_clear(&m->raw);
	arena_clear(&m->arena);
	return st;
}

enum status
batch_encode(const struct batch *b, struct buf *image)
{
	struct batch_maker *m = NULL;
	enum status st = batch_maker_open(&m);

	if (st == ST_OK)
		st = batch_make(m, b, image);
	batch_maker_close(m);
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

enum status
batch_decode(struct span image, struct arena *a, struct batch *b)
{
	struct span raw;
	enum status st = unsqueeze(image, a, &raw);

	batch_init(b);
	if (st == ST_OK)
		st = columns_unpack(raw, a, b);
	if (st == ST_OK && !batch_good(b))
		st = ST_MALFORMED;
	if (st == ST_OK && !packs(b))
		st = ST_LIMIT;
	if (st != ST_OK)
		batch_fini(b);
	return st;
}
