#include "extract/mail/tnef.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/made.h"
#include "extract/ole/le.h"
#include "extract/ole/lzfu.h"
#include "extract/ole/mapi.h"
#include "extract/ole/oletext.h"
#include "extract/utf8.h"

#define ATTACHMENTS_MAX 65536
#define CHUNK           4096
#define NAME_MAX_LEN    512

/* Attributes: their kind and number in one. */
enum attribute {
	ATT_FROM = 0x00008000,
	ATT_SUBJECT = 0x00018004,
	ATT_BODY = 0x0002800c,
	ATT_ATTACH_DATA = 0x0006800f,
	ATT_ATTACH_TITLE = 0x00018010,
	ATT_ATTACH_BEGIN = 0x00069002,
	ATT_PROPERTIES = 0x00069003,
	ATT_RECIPIENTS = 0x00069004,
	ATT_ATTACH_PROPERTIES = 0x00069005,
	ATT_CODEPAGE = 0x00069007,
};

struct stretch {
	uint64_t at, len;
};

struct attachment {
	struct stretch data, title, properties;
};

struct tnef {
	struct extractor *x;
	struct part *p;
	struct chars_page *page;
	struct attachment *attachments;
	size_t count;
	struct stretch properties; /* of the message */
	uint64_t end;              /* of what could be read */
	bool cut;
};

struct value {
	unsigned id, type;
	struct stretch in;
};

/* Where one is in a list of properties. */
struct list {
	const struct tnef *t;
	uint64_t at, end;
	uint32_t left;   /* properties */
	uint32_t values; /* of the one at hand */
	unsigned id, type;
	bool many;
};

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	char name[MAPI_NAME_MAX];
	int n;

	(void)arg;
	(void)mapi_name(m->a, name);
	n = snprintf(dst, room, "%s", name);
	return (size_t)n < room ? (size_t)n : room - 1;
}

/* ---- properties ------------------------------------------------------------
 */

static bool
number(struct list *l, uint32_t *v)
{
	uint8_t raw[4];

	if (l->end - l->at < 4 || !part_pread(l->t->p, raw, 4, l->at))
		return false;
	*v = le32(raw);
	l->at += 4;
	return true;
}

static bool
skip(struct list *l, uint64_t n)
{
	n += (4 - n % 4) % 4;
	if (n > l->end - l->at) {
		l->at = l->end;
		return false;
	}
	l->at += n;
	return true;
}

/* Bytes of a value of a fixed size; 0: its length is said. */
static uint32_t
fixed_size(unsigned type)
{
	switch (type) {
	case 0x0002: /* numbers of up to 32 bits fill four bytes */
	case 0x0003:
	case 0x0004:
	case 0x000a:
	case 0x000b:
		return 4;
	case 0x0005:
	case 0x0006:
	case 0x0007:
	case 0x0014:
	case 0x0040:
		return 8;
	case 0x0048:
		return 16;
	default:
		return 0;
	}
}

/* Head of the next property: type, number, its name when it has one. */
static bool
next_property(struct list *l)
{
	uint32_t tag, kind, len;

	if (l->left == 0 || !number(l, &tag))
		return false;
	l->left--;
	l->type = tag & 0xffff;
	l->id = tag >> 16;
	l->many = (l->type & MAPI_MANY) != 0;
	l->type &= ~(unsigned)MAPI_MANY;
	l->values = 1;
	if (l->id >= 0x8000) {
		if (!skip(l, 16) || !number(l, &kind) || !number(l, &len))
			return false;
		if (kind == 1 && !skip(l, len))
			return false;
	}
	return (!l->many && fixed_size(l->type) > 0) || number(l, &l->values);
}

/* The next value whose length is said; others are passed. */
static bool
next_value(struct list *l, struct value *v)
{
	uint32_t size, len;

	for (;;) {
		while (l->values == 0)
			if (!next_property(l))
				return false;
		l->values--;
		size = fixed_size(l->type);
		if (size > 0) {
			if (!skip(l, size))
				return false;
			continue;
		}
		if (!number(l, &len))
			return false;
		*v = (struct value){l->id, l->type, {l->at, len}};
		return skip(l, len);
	}
}

static struct list
list_of(const struct tnef *t, struct stretch s)
{
	struct list l = {.t = t, .at = s.at, .end = s.at + s.len};

	if (s.len == 0 || !number(&l, &l.left))
		l.left = 0;
	return l;
}

static bool
is_text(const struct value *v)
{
	return v->type == MAPI_BYTES8 || v->type == MAPI_WIDE;
}

static void
put_stretch(const struct tnef *t, struct made *m, struct stretch s, bool wide)
{
	uint8_t raw[CHUNK];

	while (s.len > 0 && !t->x->stop) {
		size_t n = s.len < CHUNK ? (size_t)s.len : CHUNK;

		if (!part_pread(t->p, raw, n, s.at))
			break;
		if (wide)
			oletext_wide(m, span_of(raw, n));
		else
			oletext_bytes(m, t->page, span_of(raw, n));
		s.at += n;
		s.len -= n;
	}
	made_byte(m, '\n');
}

static void
put_properties(const struct tnef *t, struct made *m, struct stretch s)
{
	struct list l = list_of(t, s);
	struct value v;

	while (!t->x->stop && next_value(&l, &v))
		if (is_text(&v)) {
			made_mark(m, v.id, 0);
			put_stretch(t, m, v.in, v.type == MAPI_WIDE);
		}
}

static enum status
member(const struct tnef *t, struct stretch s, struct span name)
{
	struct part_range range;
	struct part inner;

	if (!job_count(t->x))
		return ST_OK;
	part_range(t->p, s.at, s.len, &range, &inner);
	return job_member(t->x, &inner, name);
}

/* Values that are no text: rich text, HTML, files, what we do not know. */
static enum status
members(const struct tnef *t, struct stretch s, struct span name)
{
	struct list l = list_of(t, s);
	enum status st = ST_OK;
	struct part_range range;
	struct part packed;
	struct value v;
	char other[MAPI_NAME_MAX];

	while (st == ST_OK && !t->x->stop && next_value(&l, &v)) {
		if (is_text(&v) || v.in.len == 0)
			continue;
		if (v.id == MAPI_RTF) {
			part_range(t->p, v.in.at, v.in.len, &range, &packed);
			st = lzfu_member(t->x, &packed, span_str("rtf body"));
		} else if (v.id == MAPI_DATA && v.type == MAPI_OBJECT &&
			   v.in.len > 16) {
			/* behind the name of its interface */
			v.in.at += 16;
			v.in.len -= 16;
			st = member(t, v.in, name);
		} else {
			size_t n = mapi_name(v.id, other);

			st = member(t, v.in,
				    v.id == MAPI_DATA ? name
						      : span_of(other, n));
		}
	}
	return st;
}

/* ---- attachments -----------------------------------------------------------
 */

/* A stretch of text as UTF-8, cut to room. */
static size_t
short_text(const struct tnef *t, struct stretch s, bool wide, uint8_t *dst,
	   size_t room)
{
	uint8_t raw[NAME_MAX_LEN];
	size_t len = s.len < sizeof(raw) ? (size_t)s.len : sizeof(raw), n = 0;
	struct span in = span_of(raw, len);

	if (!part_pread(t->p, raw, len, s.at))
		return 0;
	if (!wide && t->page != NULL && chars_begin(t->page)) {
		n = chars_put(t->page, &in, true, dst, room);
		chars_end(t->page);
	} else {
		for (size_t i = 0; i + wide < len && n + UTF8_MAX < room;
		     i += 1u + wide)
			n += utf8_put(dst + n, wide ? le16(raw + i) : raw[i]);
	}
	while (n > 0 && dst[n - 1] == 0)
		n--;
	return n;
}

static struct span
attachment_name(const struct tnef *t, const struct attachment *a, uint8_t *dst,
		size_t room)
{
	struct list l = list_of(t, a->properties);
	struct value v;
	size_t n = 0;

	while (n == 0 && next_value(&l, &v))
		if (v.id == MAPI_LONG_FILE_NAME && is_text(&v))
			n = short_text(t, v.in, v.type == MAPI_WIDE, dst, room);
	if (n == 0)
		n = short_text(t, a->title, false, dst, room);
	return n > 0 ? span_of(dst, n) : span_str("attachment");
}

static enum status
attachment(const struct tnef *t, const struct attachment *a)
{
	uint8_t dst[NAME_MAX_LEN * 2];
	struct span name = attachment_name(t, a, dst, sizeof(dst));
	enum status st = ST_OK;
	struct made *m;
	size_t place;

	if (a->data.len > 0)
		st = member(t, a->data, name);
	if (st == ST_OK && !t->x->stop)
		st = members(t, a->properties, name);
	if (st != ST_OK || t->x->stop)
		return st;
	place = job_enter(t->x, name);
	st = made_begin(t->x, &m, say, NULL);
	if (st == ST_OK) {
		made_mark(m, MAPI_FILE_NAME, 0);
		put_stretch(t, m, a->title, false);
		put_properties(t, m, a->properties);
		st = made_end(m);
	}
	job_leave(t->x, place);
	return st;
}

/* ---- attributes ------------------------------------------------------------
 */

static struct attachment *
last_attachment(struct tnef *t)
{
	return t->count > 0 ? &t->attachments[t->count - 1] : NULL;
}

static void
begin_attachment(struct tnef *t)
{
	if (t->attachments == NULL)
		t->attachments =
		    calloc(ATTACHMENTS_MAX, sizeof(*t->attachments));
	if (t->attachments != NULL && t->count < ATTACHMENTS_MAX)
		t->count++;
}

static void
put_attribute(struct tnef *t, struct made *m, uint32_t id, struct stretch s)
{
	struct attachment *a = last_attachment(t);
	uint8_t raw[4];

	if (id == ATT_CODEPAGE && s.len >= 4 &&
	    part_pread(t->p, raw, sizeof(raw), s.at))
		t->page = chars_codepage(chars_of(t->x), le32(raw));
	else if (id == ATT_ATTACH_BEGIN)
		begin_attachment(t);
	else if (id == ATT_ATTACH_DATA && a != NULL)
		a->data = s;
	else if (id == ATT_ATTACH_TITLE && a != NULL)
		a->title = s;
	else if (id == ATT_ATTACH_PROPERTIES && a != NULL)
		a->properties = s;
	else if (id == ATT_PROPERTIES)
		t->properties = s;
	if (id == ATT_PROPERTIES) {
		put_properties(t, m, s);
	} else if (id == ATT_SUBJECT || id == ATT_BODY) {
		made_mark(m, id == ATT_SUBJECT ? MAPI_SUBJECT : MAPI_BODY, 0);
		put_stretch(t, m, s, false);
	} else if (id != ATT_ATTACH_DATA && id != ATT_ATTACH_TITLE &&
		   id != ATT_ATTACH_PROPERTIES) {
		made_mark(m, id & 0xffff, 0);
		put_stretch(t, m, s, false);
	}
}

/* Level, number, length, bytes, a sum of two bytes that nobody needs. */
static enum status
attributes(struct tnef *t)
{
	struct made *m;
	enum status st = made_begin(t->x, &m, say, NULL);
	uint8_t head[9];
	uint64_t at = 6;

	if (st != ST_OK)
		return st;
	while (!t->x->stop && part_pread(t->p, head, sizeof(head), at) &&
	       (head[0] == 1 || head[0] == 2)) {
		struct stretch s = {at + 9, le32(head + 5)};

		if (s.len > t->p->size - s.at) {
			t->cut = true;
			s.len = t->p->size - s.at;
		}
		put_attribute(t, m, le32(head + 1), s);
		at = s.at + s.len + 2;
		if (!job_in_time(t->x))
			break;
	}
	t->end = at < t->p->size ? at : t->p->size;
	return made_end(m);
}

/* Mail leaves a line end behind what it carries. */
static bool
ends_there(const struct tnef *t)
{
	uint8_t rest[16];
	uint64_t n = t->p->size - t->end;

	if (n > sizeof(rest) || !part_pread(t->p, rest, (size_t)n, t->end))
		return false;
	for (size_t i = 0; i < n; i++)
		if (rest[i] != 0 && rest[i] != '\r' && rest[i] != '\n')
			return false;
	return true;
}

enum status
tnef_part(struct extractor *x, struct part *p)
{
	struct tnef t = {.x = x, .p = p};
	enum status st = attributes(&t);

	if (st == ST_OK && !x->stop)
		st = members(&t, t.properties, span_str("attachment"));
	for (size_t i = 0; i < t.count && st == ST_OK && !x->stop; i++)
		st = attachment(&t, &t.attachments[i]);
	free(t.attachments);
	if (st == ST_OK && !x->stop && t.cut)
		job_note(x, COVER_TRUNCATED);
	if (st != ST_OK || x->stop || t.end >= p->size || ends_there(&t))
		return st;
	job_note_words(x, COVER_MALFORMED, "no attribute at byte %llu",
		       (unsigned long long)t.end);
	part_seek(p, t.end);
	return job_rest(x, p);
}
