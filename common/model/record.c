#include "model/record.h"

#include <string.h>

#include "base/codec.h"
#include "base/must.h"

/*
 * Bodies are a row of numbers (varints) and spans. A put or get after a
 * failure does nothing, so that a body reads as the list of its fields.
 */
struct out {
	struct buf *buf;
	enum status st;
};

/* Most numbers are small: a byte. */
static inline void
put_n(struct out *o, uint64_t v)
{
	struct buf *b = o->buf;

	if (o->st != ST_OK)
		return;
	if (v < 0x80 && b->len < b->room)
		b->data[b->len++] = (uint8_t)v;
	else
		o->st = codec_put_varint(b, v);
}

static inline void
put_bytes(struct out *o, const void *p, size_t n)
{
	if (o->st == ST_OK && n > 0)
		o->st = buf_add(o->buf, p, n);
}

static inline void
put_s(struct out *o, struct span s)
{
	put_n(o, s.len);
	put_bytes(o, s.ptr, s.len);
}

/* Times before 1970 stay short, too. */
static uint64_t
zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0);
}

static int64_t
unzigzag(uint64_t v)
{
	uint64_t half = v >> 1;

	return (v & 1) != 0 ? -(int64_t)half - 1 : (int64_t)half;
}

static void
put_finding(struct out *o, const struct finding *f)
{
	put_s(o, f->type);
	put_s(o, f->also);
	put_s(o, f->place);
	put_n(o, f->offset);
	put_n(o, f->length);
	put_n(o, f->confidence);
	put_n(o, f->level);
	put_n(o, f->reasons);
	put_s(o, f->masked);
	put_s(o, f->context);
	put_bytes(o, f->digest, sizeof(f->digest));
}

static void
put_object(struct out *o, const struct object *b)
{
	put_s(o, b->path);
	put_s(o, b->place);
	put_s(o, b->parser);
	put_n(o, b->size);
	put_n(o, b->read);
	put_n(o, zigzag(b->mtime));
	put_n(o, b->mode);
	put_n(o, b->uid);
	put_n(o, b->gid);
	put_n(o, b->coverage);
	put_n(o, b->reason);
	put_n(o, b->members);
	put_n(o, b->members_partial);
	put_n(o, b->members_unread);
	put_n(o, b->notes);
}

static void
put_note(struct out *o, const struct note *n)
{
	put_s(o, n->place);
	put_s(o, n->parser);
	put_s(o, n->detail);
	put_n(o, n->reason);
}

static void
put_text(struct out *o, const struct text *t)
{
	put_s(o, t->place);
	put_s(o, t->bytes);
	put_n(o, t->offset);
	put_n(o, t->again);
}

static void
put_progress(struct out *o, const struct scan_progress *p)
{
	put_n(o, p->done_objects);
	put_n(o, p->done_bytes);
	put_n(o, p->total_objects);
	put_n(o, p->total_bytes);
	put_n(o, p->total_exact);
	put_n(o, p->findings);
	put_n(o, p->partial);
	put_n(o, p->unread);
	put_n(o, p->skipped_dirs);
	put_n(o, p->members);
	put_n(o, p->members_partial);
	put_n(o, p->members_unread);
	put_n(o, p->unread_bytes);
	put_n(o, p->unchanged);
	put_n(o, p->rested_ms);
	put_n(o, p->signs);
	put_s(o, p->current);
}

static void
put_order(struct out *o, const struct scan_order *r)
{
	put_n(o, r->path_count);
	for (size_t i = 0; i < r->path_count; i++)
		put_s(o, r->paths[i]);
	put_n(o, r->type_count);
	for (size_t i = 0; i < r->type_count; i++)
		put_s(o, r->types[i]);
	put_n(o, r->min_confidence);
	put_n(o, r->jobs);
	put_n(o, r->want_totals);
	put_n(o, r->bytes_per_second);
	put_s(o, r->cursor);
	put_s(o, r->limits);
	put_s(o, r->ocr);
	put_s(o, r->options);
	put_s(o, r->credential);
	put_n(o, r->skip_unchanged);
}

static void
put_body(struct out *o, const struct record *r)
{
	switch (r->kind) {
	case RECORD_FINDING:
		put_finding(o, &r->finding);
		break;
	case RECORD_OBJECT:
		put_object(o, &r->object);
		break;
	case RECORD_NOTE:
		put_note(o, &r->note);
		break;
	case RECORD_TEXT:
		put_text(o, &r->text);
		break;
	case RECORD_CURSOR:
		put_s(o, r->cursor);
		break;
	case RECORD_PROGRESS:
		put_progress(o, &r->progress);
		break;
	case RECORD_END:
		put_n(o, r->end.outcome);
		put_s(o, r->end.message);
		break;
	case RECORD_ORDER:
		put_order(o, r->order);
		break;
	case RECORD_ROOM:
		put_n(o, r->room);
		break;
	case RECORD_ASK:
	case RECORD_ANSWER:
		put_s(o, r->words);
		break;
	case RECORD_PAUSE:
	case RECORD_RESUME:
	case RECORD_STOP:
		break;
	}
}

enum status
record_add(struct buf *to, const struct record *r)
{
	size_t start = to->len, body;
	struct out o = {to, ST_OK};
	uint8_t head[RECORD_HEAD] = {(uint8_t)r->kind};

	must(r->kind != RECORD_ORDER ||
	     (r->order->path_count <= ORDER_PATHS_MAX &&
	      r->order->type_count <= ORDER_TYPES_MAX));
	put_bytes(&o, head, sizeof(head));
	put_body(&o, r);
	if (o.st == ST_OK && to->len - start - RECORD_HEAD > RECORD_MAX)
		o.st = ST_LIMIT;
	if (o.st != ST_OK) {
		to->len = start;
		return o.st;
	}
	body = to->len - start - RECORD_HEAD;
	codec_put32(to->data + start + 1, (uint32_t)body);
	return ST_OK;
}

/* ---- decoding ---- */

struct in {
	struct span rest;
	enum status st;
};

static inline uint64_t
get_n(struct in *i, uint64_t max)
{
	uint64_t v = 0;

	if (i->st != ST_OK)
		return 0;
	if (i->rest.len > 0 && i->rest.ptr[0] < 0x80) {
		v = i->rest.ptr[0];
		i->rest = span_skip(i->rest, 1);
	} else {
		i->st = codec_get_varint(&i->rest, &v);
	}
	if (i->st == ST_OK && v > max)
		i->st = ST_MALFORMED;
	return i->st == ST_OK ? v : 0;
}

static inline struct span
get_s(struct in *i, size_t max)
{
	size_t n = (size_t)get_n(i, max);
	struct span s = {0};

	if (i->st == ST_OK && n > i->rest.len)
		i->st = ST_MALFORMED;
	if (i->st != ST_OK)
		return s;
	s = span_of(i->rest.ptr, n);
	i->rest = span_skip(i->rest, n);
	return s;
}

static void
get_bytes(struct in *i, void *dst, size_t n)
{
	if (i->st == ST_OK && i->rest.len < n)
		i->st = ST_MALFORMED;
	if (i->st != ST_OK)
		return;
	memcpy(dst, i->rest.ptr, n);
	i->rest = span_skip(i->rest, n);
}

static void
get_finding(struct in *i, struct finding *f)
{
	f->type = get_s(i, RECORD_MAX);
	f->also = get_s(i, MATCH_ALSO_MAX);
	f->place = get_s(i, FINDING_PLACE_MAX);
	f->offset = get_n(i, UINT64_MAX);
	f->length = (uint32_t)get_n(i, UINT32_MAX);
	f->confidence = (uint8_t)get_n(i, 100);
	f->level = (uint8_t)get_n(i, UINT8_MAX);
	f->reasons = get_n(i, UINT64_MAX);
	f->masked = get_s(i, FINDING_MASKED_MAX);
	f->context = get_s(i, FINDING_CONTEXT_MAX);
	get_bytes(i, f->digest, sizeof(f->digest));
}

static void
get_object(struct in *i, struct object *b)
{
	b->path = get_s(i, RECORD_MAX);
	b->place = get_s(i, RECORD_MAX);
	b->parser = get_s(i, NOTE_PARSER_MAX);
	b->size = get_n(i, UINT64_MAX);
	b->read = get_n(i, UINT64_MAX);
	b->mtime = unzigzag(get_n(i, UINT64_MAX));
	b->mode = (uint32_t)get_n(i, UINT32_MAX);
	b->uid = (uint32_t)get_n(i, UINT32_MAX);
	b->gid = (uint32_t)get_n(i, UINT32_MAX);
	b->coverage = (uint8_t)get_n(i, COVERAGE_NONE);
	b->reason = (uint8_t)get_n(i, COVER__COUNT - 1);
	b->members = (uint32_t)get_n(i, UINT32_MAX);
	b->members_partial = (uint32_t)get_n(i, UINT32_MAX);
	b->members_unread = (uint32_t)get_n(i, UINT32_MAX);
	b->notes = (uint32_t)get_n(i, UINT32_MAX);
}

static void
get_note(struct in *i, struct note *n)
{
	n->place = get_s(i, FINDING_PLACE_MAX);
	n->parser = get_s(i, NOTE_PARSER_MAX);
	n->detail = get_s(i, NOTE_DETAIL_MAX);
	n->reason = (uint8_t)get_n(i, COVER__COUNT - 1);
}

static void
get_text(struct in *i, struct text *t)
{
	t->place = get_s(i, FINDING_PLACE_MAX);
	t->bytes = get_s(i, TEXT_PIECE);
	t->offset = get_n(i, UINT64_MAX);
	t->again = (uint8_t)get_n(i, 1);
}

static void
get_progress(struct in *i, struct scan_progress *p)
{
	p->done_objects = get_n(i, UINT64_MAX);
	p->done_bytes = get_n(i, UINT64_MAX);
	p->total_objects = get_n(i, UINT64_MAX);
	p->total_bytes = get_n(i, UINT64_MAX);
	p->total_exact = (uint8_t)get_n(i, 1);
	p->findings = get_n(i, UINT64_MAX);
	p->partial = get_n(i, UINT64_MAX);
	p->unread = get_n(i, UINT64_MAX);
	p->skipped_dirs = get_n(i, UINT64_MAX);
	p->members = get_n(i, UINT64_MAX);
	p->members_partial = get_n(i, UINT64_MAX);
	p->members_unread = get_n(i, UINT64_MAX);
	p->unread_bytes = get_n(i, UINT64_MAX);
	p->unchanged = get_n(i, UINT64_MAX);
	p->rested_ms = get_n(i, UINT64_MAX);
	p->signs = get_n(i, UINT64_MAX);
	p->current = get_s(i, RECORD_MAX);
}

static void
get_order(struct in *i, struct scan_order *r)
{
	if (r == NULL) { /* nobody expects one */
		i->st = ST_MALFORMED;
		return;
	}
	*r = (struct scan_order){0};
	r->path_count = get_n(i, ORDER_PATHS_MAX);
	for (size_t k = 0; k < r->path_count; k++)
		r->paths[k] = get_s(i, RECORD_MAX);
	r->type_count = get_n(i, ORDER_TYPES_MAX);
	for (size_t k = 0; k < r->type_count; k++)
		r->types[k] = get_s(i, RECORD_MAX);
	r->min_confidence = (uint8_t)get_n(i, 100);
	r->jobs = (uint8_t)get_n(i, UINT8_MAX);
	r->want_totals = (uint8_t)get_n(i, 1);
	r->bytes_per_second = get_n(i, UINT64_MAX);
	r->cursor = get_s(i, ORDER_CURSOR_MAX);
	r->limits = get_s(i, ORDER_LIMITS_MAX);
	r->ocr = get_s(i, ORDER_OCR_MAX);
	r->options = get_s(i, ORDER_OPTIONS_MAX);
	r->credential = get_s(i, CREDENTIAL_NAME_MAX);
	r->skip_unchanged = (uint8_t)get_n(i, 1);
}

static void
get_body(struct in *i, uint8_t kind, struct scan_order *order, struct record *r)
{
	switch (kind) {
	case RECORD_FINDING:
		get_finding(i, &r->finding);
		break;
	case RECORD_OBJECT:
		get_object(i, &r->object);
		break;
	case RECORD_NOTE:
		get_note(i, &r->note);
		break;
	case RECORD_TEXT:
		get_text(i, &r->text);
		break;
	case RECORD_CURSOR:
		r->cursor = get_s(i, ORDER_CURSOR_MAX);
		break;
	case RECORD_PROGRESS:
		get_progress(i, &r->progress);
		break;
	case RECORD_END:
		r->end.outcome = (uint8_t)get_n(i, SCAN_UNREACHED);
		r->end.message = get_s(i, RECORD_MAX);
		break;
	case RECORD_ORDER:
		get_order(i, order);
		r->order = order;
		break;
	case RECORD_ROOM:
		r->room = get_n(i, UINT64_MAX);
		break;
	case RECORD_ASK:
	case RECORD_ANSWER:
		r->words = get_s(i, RECORD_MAX);
		break;
	case RECORD_PAUSE:
	case RECORD_RESUME:
	case RECORD_STOP:
		break;
	default:
		i->st = ST_MALFORMED;
	}
}

enum status
record_next_order(struct span s, struct scan_order *order, struct record *r,
		  size_t *used)
{
	struct in i = {.st = ST_OK};
	size_t length;

	if (s.len == 0)
		return ST_EOF;
	if (s.len < RECORD_HEAD)
		return ST_AGAIN;
	length = codec_get32(s.ptr + 1);
	if (length > RECORD_MAX)
		return ST_MALFORMED;
	if (s.len - RECORD_HEAD < length)
		return ST_AGAIN;
	i.rest = span_of(s.ptr + RECORD_HEAD, length);
	memset(r, 0, sizeof(*r));
	r->kind = (enum record_kind)s.ptr[0];
	get_body(&i, s.ptr[0], order, r);
	if (i.st != ST_OK || i.rest.len > 0)
		return ST_MALFORMED;
	*used = RECORD_HEAD + length;
	return ST_OK;
}

enum status
record_next(struct span s, struct record *r, size_t *used)
{
	return record_next_order(s, NULL, r, used);
}
