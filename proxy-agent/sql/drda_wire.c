#include "proxy-agent/sql/drda_wire.h"

#include <string.h>

#include "proxy-agent/sql/drda_text.h"

#define HEAD      6     /* bytes in front of a DSS */
#define LONGEST   32767 /* of a segment, with its head */
#define MAGIC     0xd0
#define CHAINED   0x40
#define SAME      0x10 /* the next has the same number */
#define MORE      0x8000
#define OUT_CAP   ((size_t)18 << 20)
#define KEPT      ((size_t)1 << 20) /* room for what comes next */
#define EXTENSION 4 /* bytes of a length that needs more than 15 bits */

static uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void
set16(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
set32(uint8_t *p, size_t v)
{
	set16(p, v >> 16);
	set16(p + 2, v);
}

/* ---- what is said ---- */

void
drda_out_init(struct drda_out *o)
{
	*o = (struct drda_out){.st = ST_OK};
	buf_init(&o->bytes, OUT_CAP);
	buf_init(&o->object, OUT_CAP);
}

void
drda_out_fini(struct drda_out *o)
{
	buf_fini(&o->bytes);
	buf_fini(&o->object);
}

void
drda_out_clear(struct drda_out *o)
{
	buf_clear(&o->bytes);
	buf_clear(&o->object);
	o->any = false;
	o->number = 0;
	o->st = ST_OK;
}

void
drda_put(struct drda_out *o, struct span bytes)
{
	if (o->st == ST_OK && bytes.len > 0)
		o->st = buf_add(&o->object, bytes.ptr, bytes.len);
}

size_t
drda_begin(struct drda_out *o, uint16_t point)
{
	size_t at = o->object.len;
	uint8_t head[4] = {0};

	set16(head + 2, point);
	drda_put(o, span_of(head, sizeof(head)));
	return at;
}

/* A long one has its length behind the head, which says how long that is. */
static void
extend(struct drda_out *o, size_t at, size_t len)
{
	uint8_t *head;

	o->st = buf_reserve(&o->object, EXTENSION);
	if (o->st != ST_OK)
		return;
	head = o->object.data + at;
	memmove(head + 4 + EXTENSION, head + 4, len - 4);
	o->object.len += EXTENSION;
	set16(head, MORE | (4 + EXTENSION));
	set32(head + 4, len - 4);
}

void
drda_end(struct drda_out *o, size_t begun)
{
	size_t len;

	if (o->st != ST_OK)
		return;
	len = o->object.len - begun;
	if (len > LONGEST)
		extend(o, begun, len);
	else
		set16(o->object.data + begun, len);
}

void
drda_bytes(struct drda_out *o, uint16_t point, struct span bytes)
{
	size_t at = drda_begin(o, point);

	drda_put(o, bytes);
	drda_end(o, at);
}

void
drda_u8(struct drda_out *o, uint16_t point, uint8_t value)
{
	drda_bytes(o, point, span_of(&value, 1));
}

void
drda_u16(struct drda_out *o, uint16_t point, uint16_t value)
{
	uint8_t bytes[2];

	set16(bytes, value);
	drda_bytes(o, point, span_of(bytes, sizeof(bytes)));
}

void
drda_u32(struct drda_out *o, uint16_t point, uint32_t value)
{
	uint8_t bytes[4];

	set32(bytes, value);
	drda_bytes(o, point, span_of(bytes, sizeof(bytes)));
}

void
drda_letters(struct drda_out *o, const char *name, size_t least)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len || i < least; i++) {
		uint8_t c = i < len ? (uint8_t)name[i] : ' ';

		if (!o->utf8 && !drda_text_ebcdic(c, &c) && o->st == ST_OK)
			o->st = ST_UNSUPPORTED;
		drda_put(o, span_of(&c, 1));
	}
}

void
drda_name(struct drda_out *o, uint16_t point, const char *name, size_t least)
{
	size_t at = drda_begin(o, point);

	drda_letters(o, name, least);
	drda_end(o, at);
}

/* Data has the number of the request before it. */
static void
chain(struct drda_out *o, uint8_t kind)
{
	uint8_t *before = o->bytes.data + o->last;

	if (o->any)
		before[3] = (uint8_t)(before[3] | CHAINED |
				      (kind == DRDA_OBJECT ? SAME : 0));
	if (kind != DRDA_OBJECT)
		o->number++;
	o->any = true;
	o->last = o->bytes.len;
}

void
drda_dss(struct drda_out *o, uint8_t kind)
{
	struct span rest = buf_span(&o->object);
	size_t head = HEAD;

	if (o->st == ST_OK)
		chain(o, kind);
	do {
		bool more = rest.len > LONGEST - head;
		size_t n = more ? LONGEST - head : rest.len;
		uint8_t bytes[HEAD] = {0, 0, MAGIC, kind};

		set16(bytes, (n + head) | (more ? MORE : 0));
		set16(bytes + 4, o->number);
		if (o->st == ST_OK)
			o->st = buf_add(&o->bytes, bytes, head);
		if (o->st == ST_OK)
			o->st = buf_add(&o->bytes, rest.ptr, n);
		rest = span_skip(rest, n);
		head = 2;
	} while (rest.len > 0 && o->st == ST_OK);
	buf_clear(&o->object);
}

enum status
drda_said(const struct drda_out *o)
{
	return o->st;
}

/* ---- what is heard ---- */

void
drda_frame_init(struct drda_frame *f)
{
	*f = (struct drda_frame){.step = DRDA_HEAD};
	buf_init(&f->body, DRDA_BODY_MAX);
}

void
drda_frame_fini(struct drda_frame *f)
{
	buf_fini(&f->body);
}

void
drda_frame_clear(struct drda_frame *f)
{
	if (f->body.room > KEPT) {
		buf_fini(&f->body);
		buf_init(&f->body, DRDA_BODY_MAX);
	}
	f->body.len = 0; /* not wiped: for each block of rows */
	f->step = DRDA_HEAD;
}

size_t
drda_frame_wants(const struct drda_frame *f)
{
	switch (f->step) {
	case DRDA_HEAD:
		return HEAD;
	case DRDA_SEGMENT:
		return 2;
	case DRDA_BODY:
		return f->left;
	case DRDA_WHOLE:
		break;
	}
	return 0;
}

/* A length of a segment, which counts its own head. */
static enum status
begin_segment(struct drda_frame *f, uint16_t length, size_t head)
{
	size_t n = length & ~MORE & 0xffff;

	if (n < head || (n == head && (length & MORE) != 0))
		return ST_MALFORMED;
	f->left = n - head;
	f->continued = (length & MORE) != 0;
	f->step = f->left > 0 ? DRDA_BODY : DRDA_WHOLE;
	return ST_OK;
}

static enum status
take_head(struct drda_frame *f, const uint8_t *p)
{
	if (p[2] != MAGIC)
		return ST_MALFORMED;
	f->kind = p[3] & 0x0f;
	f->chained = (p[3] & CHAINED) != 0;
	f->number = get16(p + 4);
	return begin_segment(f, get16(p), HEAD);
}

enum status
drda_frame_give(struct drda_frame *f, struct span bytes)
{
	enum status st;

	if (bytes.len == 0 || bytes.len > drda_frame_wants(f) ||
	    (f->step != DRDA_BODY && bytes.len != drda_frame_wants(f)))
		return ST_MALFORMED;
	if (f->step == DRDA_HEAD)
		return take_head(f, bytes.ptr);
	if (f->step == DRDA_SEGMENT)
		return begin_segment(f, get16(bytes.ptr), 2);
	st = buf_add(&f->body, bytes.ptr, bytes.len);
	if (st != ST_OK)
		return st;
	f->left -= bytes.len;
	if (f->left == 0)
		f->step = f->continued ? DRDA_SEGMENT : DRDA_WHOLE;
	return ST_OK;
}

/*
 * The bytes that say how long a long object is: 4, 6 or 8, or none, when it
 * goes to the end of its DSS.
 */
static enum status
long_length(struct span *rest, size_t bytes, size_t *out)
{
	uint64_t n = 0;

	if (bytes == 0) {
		*out = rest->len;
		return ST_OK;
	}
	if ((bytes != 4 && bytes != 6 && bytes != 8) || rest->len < bytes)
		return ST_MALFORMED;
	for (size_t i = 0; i < bytes; i++)
		n = n << 8 | rest->ptr[i];
	*rest = span_skip(*rest, bytes);
	if (n > rest->len)
		return ST_MALFORMED;
	*out = (size_t)n;
	return ST_OK;
}

bool
drda_frame_begun(const struct drda_frame *f, struct drda_object *o)
{
	struct span s = buf_span(&f->body);
	size_t n;

	if (s.len < 4 + 8)
		return false;
	n = get16(s.ptr) & ~(size_t)MORE;
	if ((get16(s.ptr) & MORE) == 0 || n < 4 || n > 4 + 8)
		return false;
	o->point = get16(s.ptr + 2);
	o->data = span_skip(s, n);
	return true;
}

enum status
drda_next(struct span *rest, struct drda_object *o)
{
	size_t n, length;
	struct span s = *rest;

	if (s.len == 0)
		return ST_EOF;
	if (s.len < 4)
		return ST_MALFORMED;
	length = get16(s.ptr);
	o->point = get16(s.ptr + 2);
	n = (length & ~(size_t)MORE);
	if (n < 4)
		return ST_MALFORMED;
	n -= 4;
	s = span_skip(s, 4);
	if ((length & MORE) != 0 && long_length(&s, n, &n) != ST_OK)
		return ST_MALFORMED;
	if (n > s.len)
		return ST_MALFORMED;
	o->data = span_of(s.ptr, n);
	*rest = span_skip(s, n);
	return ST_OK;
}

bool
drda_find(struct span data, uint16_t point, struct span *out)
{
	struct drda_object o;

	while (drda_next(&data, &o) == ST_OK)
		if (o.point == point) {
			*out = o.data;
			return true;
		}
	return false;
}

uint64_t
drda_number(struct span data, uint16_t point, uint64_t none)
{
	struct span s;
	uint64_t n = 0;

	if (!drda_find(data, point, &s) || s.len == 0 || s.len > 8)
		return none;
	for (size_t i = 0; i < s.len; i++)
		n = n << 8 | s.ptr[i];
	return n;
}
