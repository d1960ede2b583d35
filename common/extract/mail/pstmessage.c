#include "extract/mail/pstmessage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/made.h"
#include "extract/mail/chars.h"
#include "extract/mail/header.h"
#include "extract/ole/le.h"
#include "extract/ole/lzfu.h"
#include "extract/ole/mapi.h"
#include "extract/ole/oletext.h"
#include "extract/utf8.h"

#define CHUNK        4096
#define NAME_MAX_LEN 512
#define HEADER_MAX   (1 << 20) /* bytes of a header of the internet */
#define BINARY_LEAST 32        /* shorter ones are no files */
#define NAMED        0x8000    /* properties that programs name themselves */
#define PASSWORD     0x67ff
#define HEADERS      0x007d

enum type {
	TYPE_DOUBLE = 0x0005,
	TYPE_CURRENCY = 0x0006,
	TYPE_LONG = 0x0014,
};

/* Whose properties are read. */
struct owner {
	struct extractor *x;
	struct pst *s;
	struct pst_heap heap;
	struct pst_properties list;
	struct chars_page *page; /* of text that is not wide */
};

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	char name[MAPI_NAME_MAX];
	int n;

	(void)arg;
	(void)mapi_name(m->a, name);
	n = m->b == 0 ? snprintf(dst, room, "%s", name)
		      : snprintf(dst, room, "recipient %u %s", m->b, name);
	return (size_t)n < room ? (size_t)n : room - 1;
}

void
pst_note(struct pst *s)
{
	if (s->damage > s->said && !s->x->stop)
		job_note_words(s->x, COVER_MALFORMED,
			       "parts of it are not there");
	s->said = s->damage;
}

/* The page of text that is not wide. */
static struct chars_page *
page_of(const struct pst *s, const struct pst_properties *l)
{
	const struct pst_property *p =
	    pst_properties_find(l, MAPI_MESSAGE_CODEPAGE);

	if (p == NULL)
		p = pst_properties_find(l, MAPI_INTERNET_CODEPAGE);
	return p == NULL ? NULL : chars_codepage(chars_of(s->x), p->value);
}

static bool
owner_open(struct pst *s, const struct pst_node *n, struct owner *o)
{
	*o = (struct owner){.x = s->x, .s = s};
	if (!pst_heap_open(s, n, &o->heap))
		return false;
	if (o->heap.client != PST_CLIENT_PROPERTIES) {
		pst_heap_close(&o->heap);
		return false;
	}
	pst_properties_read(&o->heap, &o->list);
	o->page = page_of(s, &o->list);
	return true;
}

static void
owner_close(struct owner *o)
{
	pst_properties_free(&o->list);
	pst_heap_close(&o->heap);
}

/* ---- text ------------------------------------------------------------------
 */

static void
put_text(const struct owner *o, struct made *m, struct part *p, bool wide)
{
	uint8_t raw[CHUNK];
	uint64_t at = 0;
	size_t n;

	/* a subject may begin with a mark and the length of its prefix */
	if (p->size >= 4 && part_pread(p, raw, 4, 0) && raw[0] == 1)
		at = wide ? 4 : 2;
	for (; at < p->size && !o->x->stop; at += n) {
		n = p->size - at < CHUNK ? (size_t)(p->size - at) : CHUNK;
		if (!part_pread(p, raw, n, at)) {
			o->s->damage++;
			break;
		}
		if (wide)
			oletext_wide(m, span_of(raw, n));
		else
			oletext_bytes(m, o->page, span_of(raw, n));
	}
	made_byte(m, '\n');
}

/* Several texts: how many, where each begins, the texts; 2.3.3.4.2. */
static void
put_texts(const struct owner *o, struct made *m, struct part *p, bool wide)
{
	uint8_t raw[8];
	uint32_t count;

	if (!part_pread(p, raw, 4, 0))
		return;
	count = le32(raw);
	for (uint64_t i = 0; i < count && !o->x->stop; i++) {
		struct part_range range;
		struct part one;
		uint64_t from, to = p->size;

		if (!part_pread(p, raw, 4, 4 + 4 * i))
			break;
		from = le32(raw);
		if (i + 1 < count && part_pread(p, raw, 4, 8 + 4 * i))
			to = le32(raw);
		if (from > to || to > p->size || !job_in_time(o->x))
			break;
		part_range(p, from, to - from, &range, &one);
		put_text(o, m, &one, wide);
	}
}

static void
put_number(struct made *m, struct part *p, unsigned type)
{
	uint8_t raw[8];
	char dst[48];

	if (!part_pread(p, raw, sizeof(raw), 0))
		return;
	if (type == TYPE_DOUBLE)
		snprintf(dst, sizeof(dst), "%.17g\n", le_double(raw));
	else
		snprintf(dst, sizeof(dst), "%lld\n",
			 (long long)le64(raw) /
			     (type == TYPE_CURRENCY ? 10000 : 1));
	made_text(m, span_str(dst));
}

static bool
is_text(unsigned type)
{
	type &= ~(unsigned)MAPI_MANY;
	return type == MAPI_WIDE || type == MAPI_BYTES8;
}

static bool
is_number(const struct pst_property *p)
{
	return p->id >= NAMED &&
	       (p->type == TYPE_DOUBLE || p->type == TYPE_CURRENCY ||
		p->type == TYPE_LONG);
}

static void
put_property(struct owner *o, struct pst_heap *in, struct made *m,
	     const struct pst_property *p)
{
	bool wide = (p->type & ~(unsigned)MAPI_MANY) == MAPI_WIDE;
	struct pst_value v;

	if (!pst_value_open(in, p->value, &v))
		return;
	if (is_number(p))
		put_number(m, &v.part, p->type);
	else if (p->type & MAPI_MANY)
		put_texts(o, m, &v.part, wide);
	else
		put_text(o, m, &v.part, wide);
	pst_value_close(&v);
}

static void
put_properties(struct owner *o, struct made *m)
{
	for (size_t i = 0; i < o->list.count && !o->x->stop; i++) {
		const struct pst_property *p = &o->list.list[i];

		if (p->id == PASSWORD && p->value != 0) {
			made_mark(m, p->id, 0);
			made_text(m, span_str("a password is set, which "
					      "encrypts nothing\n"));
		}
		if (p->id == HEADERS || !(is_text(p->type) || is_number(p)) ||
		    !job_in_time(o->x))
			continue;
		made_mark(m, p->id, 0);
		put_property(o, &o->heap, m, p);
	}
}

/* A row for each, of which the texts are read. */
static void
put_recipients(struct owner *o, struct made *m, struct pst_table *t)
{
	for (uint32_t n = 0; !o->x->stop && pst_table_row(t, n); n++)
		for (unsigned i = 0; i < t->count && job_in_time(o->x); i++) {
			const struct pst_column *c = &t->columns[i];
			const struct pst_property p = {c->id, c->type,
						       pst_table_cell(t, i)};

			if (!is_text(c->type) || p.value == 0)
				continue;
			made_mark(m, c->id, n + 1);
			put_property(o, t->h, m, &p);
		}
}

static void
recipients(struct owner *o, struct made *m)
{
	struct pst_subs l = {.s = o->s, .bid = o->heap.subs};
	struct pst_table *t = calloc(1, sizeof(*t));
	struct pst_heap h;
	struct pst_node n;

	while (t != NULL && !o->x->stop && pst_subs_next(&l, &n)) {
		if (PST_NID_KIND(n.nid) != PST_RECIPIENTS ||
		    !pst_heap_open(o->s, &n, &h))
			continue;
		if (pst_table_open(&h, t)) {
			put_recipients(o, m, t);
			pst_table_close(t);
		}
		pst_heap_close(&h);
	}
	free(t);
}

static enum status
all_text(struct owner *o)
{
	struct made *m;
	enum status st = made_begin(o->x, &m, say, NULL);

	if (st != ST_OK)
		return st;
	put_properties(o, m);
	recipients(o, m);
	return made_end(m);
}

size_t
pst_short_text(struct pst_heap *h, const struct pst_properties *l, unsigned id,
	       uint8_t *dst, size_t room)
{
	const struct pst_property *p = pst_properties_find(l, id);
	struct chars_page *page = page_of(h->s, l);
	uint8_t raw[NAME_MAX_LEN];
	struct pst_value v;
	size_t n = 0, len;
	bool wide;

	if (p == NULL || !is_text(p->type) || (p->type & MAPI_MANY) ||
	    !pst_value_open(h, p->value, &v))
		return 0;
	wide = p->type == MAPI_WIDE;
	len = v.part.size < sizeof(raw) ? (size_t)v.part.size : sizeof(raw);
	if (!part_pread(&v.part, raw, len, 0))
		len = 0;
	pst_value_close(&v);
	if (!wide && page != NULL && chars_begin(page)) {
		struct span in = span_of(raw, len);

		n = chars_put(page, &in, true, dst, room);
		chars_end(page);
	} else {
		for (size_t i = 0; i + wide < len && n + UTF8_MAX < room;
		     i += 1u + wide)
			n += utf8_put(dst + n, wide ? le16(raw + i) : raw[i]);
	}
	while (n > 0 && dst[n - 1] == 0)
		n--;
	return n;
}

/* ---- header and bodies -----------------------------------------------------
 */

/* Fields as they came over the net, as those of mail: "header Subject". */
static enum status
header_fields(struct extractor *x, struct span s)
{
	struct lines_boundary *around = calloc(LINES_NEST, sizeof(*around));
	struct header *h = malloc(sizeof(*h));
	enum status st = ST_NOMEM;
	struct lines l;
	struct part p;

	part_memory(&p, s);
	l = (struct lines){.p = &p, .around = around, .blank = true};
	if (around != NULL && h != NULL)
		st = header_read(x, &l, span_of(NULL, 0), h);
	if (st == ST_OK && !x->stop && p.pos < p.size)
		st = job_rest(x, &p);
	free(h);
	free(around);
	return st;
}

static enum status
header(struct owner *o, const struct pst_property *p)
{
	enum status st = ST_OK;
	struct pst_value v;
	size_t n = 0, len;
	uint8_t *raw, *text;

	if (!is_text(p->type) || !pst_value_open(&o->heap, p->value, &v))
		return ST_OK;
	len = v.part.size < HEADER_MAX ? (size_t)v.part.size : HEADER_MAX;
	raw = malloc(len + 1);
	text = malloc(len * 2 + UTF8_MAX);
	if (raw == NULL || text == NULL) {
		st = ST_NOMEM;
	} else if (part_pread(&v.part, raw, len, 0)) {
		size_t step = p->type == MAPI_WIDE ? 2 : 1;

		for (size_t i = 0; i + step <= len; i += step)
			n += step == 2 ? utf8_put(text + n, le16(raw + i))
				       : (text[n] = raw[i], 1u);
		st = header_fields(o->x, span_of(text, n));
	}
	free(text);
	free(raw);
	pst_value_close(&v);
	return st;
}

/* Numbers of things, which name what is found elsewhere. */
static bool
is_identity(unsigned id)
{
	static const uint16_t ids[] = {
	    0x003b, 0x003f, 0x0041, 0x0043, 0x004c, 0x0051, 0x0052, 0x0053,
	    0x0071, 0x0c19, 0x0c1d, 0x0e09, 0x0fff, 0x0ff6, 0x0ff9, 0x300b,
	    0x3013, 0x3014, 0x35e0, 0x35e3, 0x35e7, 0x65e0, 0x65e2, 0x65e3,
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (ids[i] == id)
			return true;
	return false;
}

static enum status
binary(struct owner *o, const struct pst_property *p)
{
	char name[MAPI_NAME_MAX];
	enum status st = ST_OK;
	struct pst_value v;
	size_t n;

	if (is_identity(p->id) || !pst_value_open(&o->heap, p->value, &v))
		return ST_OK;
	n = mapi_name(p->id, name);
	if (p->id == MAPI_RTF)
		st = lzfu_member(o->x, &v.part, span_str("rtf body"));
	else if ((v.part.size >= BINARY_LEAST || p->id == MAPI_HTML) &&
		 job_count(o->x))
		st = job_member(o->x, &v.part, span_of(name, n));
	pst_value_close(&v);
	return st;
}

/* All but the content of an attachment, which has its own name. */
static enum status
binaries(struct owner *o)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < o->list.count && st == ST_OK && !o->x->stop;
	     i++) {
		const struct pst_property *p = &o->list.list[i];

		if (p->id == HEADERS)
			st = header(o, p);
		else if ((p->type & ~(unsigned)MAPI_MANY) == MAPI_BINARY &&
			 p->id != MAPI_DATA)
			st = binary(o, p);
	}
	return st;
}

/* ---- attachments -----------------------------------------------------------
 */

static enum status
inner_message(struct pst *s, const struct pst_node *n, struct span name)
{
	enum status st = ST_OK;
	struct job_outer o;

	if (!job_count(s->x))
		return ST_OK;
	job_begin_member(s->x, name, &o);
	if (s->x->depth >= s->x->budget.depth) {
		job_note(s->x, COVER_DEPTH);
		st = pst_properties(s, n);
	} else {
		st = pst_message(s, n);
	}
	job_end_member(s->x, &o);
	return st;
}

/* A node below the attachment holds a message, or an object of a program. */
static enum status
object(struct owner *o, const struct pst_property *p, struct span name)
{
	struct pst_heap h;
	struct pst_value v;
	struct pst_node n;
	uint8_t raw[4];
	bool there;

	if (!pst_value_open(&o->heap, p->value, &v))
		return ST_OK;
	there = part_pread(&v.part, raw, sizeof(raw), 0);
	pst_value_close(&v);
	if (!there || !pst_subs_find(o->s, o->heap.subs, le32(raw), &n)) {
		o->s->damage++;
		return ST_OK;
	}
	if (!pst_heap_open(o->s, &n, &h))
		return pst_bytes(o->s, &n, name);
	there = h.client == PST_CLIENT_PROPERTIES;
	pst_heap_close(&h);
	return there ? inner_message(o->s, &n, name)
		     : pst_bytes(o->s, &n, name);
}

static enum status
content(struct owner *o, struct span name)
{
	const struct pst_property *p = pst_properties_find(&o->list, MAPI_DATA);
	enum status st = ST_OK;
	struct pst_value v;

	if (p == NULL)
		return ST_OK;
	if (p->type == MAPI_OBJECT)
		return object(o, p, name);
	if (p->type != MAPI_BINARY || !pst_value_open(&o->heap, p->value, &v))
		return ST_OK;
	if (job_count(o->x))
		st = job_member(o->x, &v.part, name);
	pst_value_close(&v);
	return st;
}

static struct span
attachment_name(struct owner *o, uint8_t *dst, size_t room)
{
	static const unsigned ids[] = {MAPI_LONG_FILE_NAME, MAPI_FILE_NAME,
				       MAPI_DISPLAY_NAME};
	size_t n = 0;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]) && n == 0; i++)
		n = pst_short_text(&o->heap, &o->list, ids[i], dst, room);
	return n > 0 ? span_of(dst, n) : span_str("attachment");
}

static enum status
attachment(struct pst *s, const struct pst_node *n)
{
	uint8_t dst[NAME_MAX_LEN * 2];
	enum status st = ST_OK;
	struct span name;
	struct owner o;
	size_t place;

	if (!owner_open(s, n, &o))
		return pst_bytes(s, n, span_str("attachment"));
	name = attachment_name(&o, dst, sizeof(dst));
	st = content(&o, name);
	if (st == ST_OK && !s->x->stop) {
		place = job_enter(s->x, name);
		st = all_text(&o);
		if (st == ST_OK && !s->x->stop)
			st = binaries(&o);
		job_leave(s->x, place);
	}
	owner_close(&o);
	return st;
}

/* Is a node below the value of one of the properties? */
static bool
is_value(const struct owner *o, uint32_t nid)
{
	for (size_t i = 0; i < o->list.count; i++)
		if (o->list.list[i].value == nid)
			return true;
	return false;
}

static enum status
below(struct owner *o)
{
	struct pst_subs l = {.s = o->s, .bid = o->heap.subs};
	enum status st = ST_OK;
	struct pst_node n;
	char name[32];

	while (st == ST_OK && !o->x->stop && job_in_time(o->x) &&
	       pst_subs_next(&l, &n)) {
		unsigned kind = PST_NID_KIND(n.nid);

		if (kind == PST_ATTACHMENT) {
			st = attachment(o->s, &n);
		} else if (kind != PST_ATTACHMENTS && kind != PST_RECIPIENTS &&
			   !is_value(o, n.nid)) {
			snprintf(name, sizeof(name), "node %x", n.nid);
			st = pst_bytes(o->s, &n, span_str(name));
		}
	}
	return st;
}

/* ---- the whole of it -------------------------------------------------------
 */

enum status
pst_bytes(struct pst *s, const struct pst_node *n, struct span name)
{
	enum status st = ST_OK;
	struct pst_data d;
	struct part p;

	if (!pst_data_open(s, n->data, &d))
		return ST_OK;
	pst_data_part(&d, &p);
	if (job_count(s->x))
		st = job_member(s->x, &p, name);
	pst_data_close(&d);
	return st;
}

static enum status
read_owner(struct pst *s, const struct pst_node *n, bool with_nodes)
{
	enum status st;
	struct owner o;

	if (!owner_open(s, n, &o))
		st = pst_bytes(s, n, span_str("data"));
	else {
		st = all_text(&o);
		if (st == ST_OK && !s->x->stop)
			st = binaries(&o);
		if (st == ST_OK && !s->x->stop && with_nodes)
			st = below(&o);
		owner_close(&o);
	}
	if (st == ST_OK)
		pst_note(s);
	return st;
}

enum status
pst_message(struct pst *s, const struct pst_node *n)
{
	return read_owner(s, n, true);
}

enum status
pst_properties(struct pst *s, const struct pst_node *n)
{
	return read_owner(s, n, false);
}
