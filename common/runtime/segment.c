#include "runtime/segment.h"

#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/must.h"

/* First bytes of an entry: "TSP1" read as a little-endian number. */
#define MAGIC UINT32_C(0x31505354)

/* Where things stand in the head; all numbers are little endian. */
enum head_at {
	AT_MAGIC = 0,
	AT_HEAD_CRC = 4, /* over what follows it in the head */
	AT_CURSOR = 8,
	AT_PAYLOAD = 12,
	AT_KIND = 16,
	AT_FLAGS = 17, /* two bytes behind it are zero */
	AT_STREAM = 20,
	AT_SEQ = 24,
	AT_COUNT = 32,
	AT_TASK = 40,
	AT_INCARNATION = 48,
	AT_TOTALS = 64,
	AT_BODY_CRC = 112,
	AT_MORE = 116, /* bytes of more totals behind the cursor, or 0 */
};

#define STRIDE (64 * 1024) /* bytes looked at together behind damage */

static void
put(uint8_t *to, uint64_t n, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		to[i] = (uint8_t)(n >> (8 * i));
}

static uint64_t
get(const uint8_t *from, size_t bytes)
{
	uint64_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n |= (uint64_t)from[i] << (8 * i);
	return n;
}

static uint32_t
head_crc(const uint8_t *head)
{
	return codec_crc32c(
	    0, span_of(head + AT_CURSOR, SEGMENT_HEAD - AT_CURSOR));
}

size_t
segment_size(const struct segment_entry *e)
{
	return SEGMENT_HEAD + e->cursor.len + SEGMENT_MORE + e->payload.len;
}

/* Totals that came after the head had its shape, the youngest last. */
static void
put_more(const struct batch_totals *t, uint8_t *to)
{
	const uint64_t more[] = {t->folders,         t->members,
				 t->members_partial, t->members_unread,
				 t->unread_bytes,    t->unchanged,
				 t->rested_ms};

	must(sizeof(more) == SEGMENT_MORE);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		put(to + 8 * i, more[i], 8);
}

static void
get_more(const uint8_t *from, size_t len, struct batch_totals *t)
{
	uint64_t *const more[] = {&t->folders,         &t->members,
				  &t->members_partial, &t->members_unread,
				  &t->unread_bytes,    &t->unchanged,
				  &t->rested_ms};

	must(sizeof(more) / sizeof(more[0]) * 8 == SEGMENT_MORE);
	for (size_t i = 0; i < len / 8; i++)
		*more[i] = get(from + 8 * i, 8);
}

static void
put_head(const struct segment_entry *e, uint8_t *head)
{
	const uint64_t totals[] = {e->totals.objects, e->totals.bytes,
				   e->totals.full,    e->totals.partial,
				   e->totals.unread,  e->totals.findings};

	put(head + AT_MAGIC, MAGIC, 4);
	put(head + AT_CURSOR, e->cursor.len, 4);
	put(head + AT_PAYLOAD, e->payload.len, 4);
	head[AT_KIND] = e->kind;
	head[AT_FLAGS] = e->flags;
	put(head + AT_STREAM, e->stream, 4);
	put(head + AT_SEQ, e->seq, 8);
	put(head + AT_COUNT, e->count, 8);
	put(head + AT_TASK, e->task, 8);
	memcpy(head + AT_INCARNATION, e->incarnation, INCARNATION_LEN);
	for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
		put(head + AT_TOTALS + 8 * i, totals[i], 8);
	put(head + AT_MORE, SEGMENT_MORE, 4);
}

enum status
segment_encode(const struct segment_entry *e, struct buf *to)
{
	uint8_t head[SEGMENT_HEAD] = {0}, more[SEGMENT_MORE];
	uint8_t *at;
	enum status st;

	if (e->cursor.len > ORDER_CURSOR_MAX ||
	    e->payload.len > SEGMENT_PAYLOAD_MAX)
		return ST_LIMIT;
	st = buf_reserve(to, segment_size(e));
	if (st != ST_OK)
		return st;
	put_head(e, head);
	put_more(&e->totals, more);
	at = to->data + to->len;
	st = buf_add(to, head, sizeof(head));
	if (st == ST_OK)
		st = buf_add(to, e->cursor.ptr, e->cursor.len);
	if (st == ST_OK)
		st = buf_add(to, more, sizeof(more));
	if (st == ST_OK)
		st = buf_add(to, e->payload.ptr, e->payload.len);
	must(st == ST_OK); /* the room was reserved */
	put(at + AT_BODY_CRC,
	    codec_crc32c(
		0, span_of(at + SEGMENT_HEAD, segment_size(e) - SEGMENT_HEAD)),
	    4);
	put(at + AT_HEAD_CRC, head_crc(at), 4);
	return ST_OK;
}

static void
get_head(const uint8_t *head, struct segment_entry *e)
{
	uint64_t *const totals[] = {&e->totals.objects, &e->totals.bytes,
				    &e->totals.full,    &e->totals.partial,
				    &e->totals.unread,  &e->totals.findings};

	e->kind = head[AT_KIND];
	e->flags = head[AT_FLAGS];
	e->stream = (uint32_t)get(head + AT_STREAM, 4);
	e->seq = get(head + AT_SEQ, 8);
	e->count = get(head + AT_COUNT, 8);
	e->task = get(head + AT_TASK, 8);
	memcpy(e->incarnation, head + AT_INCARNATION, INCARNATION_LEN);
	for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
		*totals[i] = get(head + AT_TOTALS + 8 * i, 8);
}

/* Bytes of the entry that a head promises, 0 when it is no head. */
static size_t
promised(const uint8_t *head)
{
	uint64_t cursor = get(head + AT_CURSOR, 4);
	uint64_t payload = get(head + AT_PAYLOAD, 4);
	uint64_t more = get(head + AT_MORE, 4);

	if (get(head + AT_MAGIC, 4) != MAGIC ||
	    get(head + AT_HEAD_CRC, 4) != head_crc(head))
		return 0;
	if (cursor > ORDER_CURSOR_MAX || payload > SEGMENT_PAYLOAD_MAX ||
	    head[AT_KIND] < SEGMENT_BATCH || head[AT_KIND] > SEGMENT_HOLE ||
	    more > SEGMENT_MORE || more % 8 != 0) /* of an older program */
		return 0;
	return (size_t)(SEGMENT_HEAD + cursor + more + payload);
}

enum status
segment_decode(struct span s, struct segment_entry *out, size_t *used)
{
	struct segment_entry e = {0};
	size_t size, cursor, more;

	if (s.len < SEGMENT_HEAD)
		return ST_AGAIN;
	size = promised(s.ptr);
	if (size == 0)
		return ST_MALFORMED;
	if (s.len < size)
		return ST_AGAIN;
	if (get(s.ptr + AT_BODY_CRC, 4) !=
	    codec_crc32c(0, span_of(s.ptr + SEGMENT_HEAD, size - SEGMENT_HEAD)))
		return ST_MALFORMED;
	get_head(s.ptr, &e);
	if (e.count == 0 || e.seq == 0 || e.seq + e.count < e.seq)
		return ST_MALFORMED;
	cursor = (size_t)get(s.ptr + AT_CURSOR, 4);
	e.cursor = span_of(s.ptr + SEGMENT_HEAD, cursor);
	more = (size_t)get(s.ptr + AT_MORE, 4);
	get_more(s.ptr + SEGMENT_HEAD + cursor, more, &e.totals);
	e.payload = span_of(s.ptr + SEGMENT_HEAD + cursor + more,
			    size - SEGMENT_HEAD - cursor - more);
	*out = e;
	*used = size;
	return ST_OK;
}

void
segment_open(struct segment_reader *r, int fd, uint64_t at, uint64_t size)
{
	*r = (struct segment_reader){.fd = fd, .at = at, .size = size};
	buf_init(&r->bytes, SEGMENT_ENTRY_MAX);
}

void
segment_close(struct segment_reader *r)
{
	buf_fini(&r->bytes);
}

/* Up to n bytes at an offset into r->bytes; a sector that fails ends them. */
static enum status
load(struct segment_reader *r, uint64_t at, size_t n)
{
	enum status st;

	buf_clear(&r->bytes);
	if (n > r->size - at)
		n = (size_t)(r->size - at);
	st = buf_reserve(&r->bytes, n);
	while (st == ST_OK && r->bytes.len < n) {
		ssize_t got =
		    pread(r->fd, r->bytes.data + r->bytes.len, n - r->bytes.len,
			  (off_t)(at + r->bytes.len));

		if (got <= 0)
			break;
		r->bytes.len += (size_t)got;
	}
	return st;
}

/* The entry that stands at an offset, if one does. */
static enum status
entry_at(struct segment_reader *r, uint64_t at, struct segment_entry *out,
	 size_t *used)
{
	size_t size;
	enum status st = load(r, at, SEGMENT_HEAD);

	if (st != ST_OK)
		return st;
	if (r->bytes.len < SEGMENT_HEAD)
		return ST_MALFORMED;
	size = promised(r->bytes.data);
	if (size == 0 || size > r->size - at)
		return ST_MALFORMED;
	st = load(r, at, size);
	if (st == ST_OK)
		st = segment_decode(buf_span(&r->bytes), out, used);
	return st == ST_AGAIN ? ST_MALFORMED : st;
}

/* A good head without its body still tells which number was given. */
static void
note_lost(struct segment_reader *r, uint64_t at)
{
	uint64_t seq;

	if (load(r, at, SEGMENT_HEAD) != ST_OK || r->bytes.len < SEGMENT_HEAD)
		return;
	if (promised(r->bytes.data) == 0 ||
	    r->bytes.data[AT_KIND] != SEGMENT_BATCH)
		return;
	seq = get(r->bytes.data + AT_SEQ, 8);
	if (seq > r->lost)
		r->lost = seq;
}

/* Offset of the next magic from an offset on; r->size when there is none. */
static enum status
next_magic(struct segment_reader *r, uint64_t from, uint64_t *found)
{
	static const uint8_t magic[4] = {'T', 'S', 'P', '1'};

	for (uint64_t at = from; at < r->size; at += STRIDE) {
		enum status st = load(r, at, STRIDE + SEGMENT_HEAD);
		const uint8_t *hit;

		if (st != ST_OK)
			return st;
		if (r->bytes.len == 0)
			continue;
		hit = memmem(r->bytes.data, r->bytes.len, magic, 4);
		if (hit == NULL)
			continue;
		*found = at + (uint64_t)(hit - r->bytes.data);
		return ST_OK;
	}
	*found = r->size;
	return ST_OK;
}

enum status
segment_next(struct segment_reader *r, struct segment_entry *out)
{
	uint64_t at = r->at;
	size_t used = 0;
	enum status st;

	r->skipped = r->lost = 0;
	while (at < r->size) {
		st = entry_at(r, at, out, &used);
		if (st == ST_OK) {
			r->skipped = at - r->at;
			r->at = at + used;
			return ST_OK;
		}
		if (st != ST_MALFORMED)
			return st;
		note_lost(r, at);
		st = next_magic(r, at + 1, &at);
		if (st != ST_OK)
			return st;
	}
	r->skipped = r->size - r->at;
	return ST_EOF;
}
