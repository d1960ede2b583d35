#include <stdio.h>
#include <stdlib.h>

#include "extract/made.h"
#include "extract/mail/pstmessage_impl.h"
#include "extract/ole/le.h"
#include "extract/ole/mapi.h"
#include "extract/ole/oletext.h"
#include "extract/utf8.h"

#define CHUNK    4096
#define NAMED    0x8000 /* properties that programs name themselves */
#define PASSWORD 0x67ff

enum type {
	TYPE_DOUBLE = 0x0005,
	TYPE_CURRENCY = 0x0006,
	TYPE_LONG = 0x0014,
};

/* ---- values ----------------------------------------------------------------
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

bool
pst_is_text(unsigned type)
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

/* ---- properties ------------------------------------------------------------
 */

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
		if (p->id == HEADERS ||
		    !(pst_is_text(p->type) || is_number(p)) ||
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

			if (!pst_is_text(c->type) || p.value == 0)
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

enum status
pst_text(struct owner *o)
{
	struct made *m;
	enum status st = made_begin(o->x, &m, say, NULL);

	if (st != ST_OK)
		return st;
	put_properties(o, m);
	recipients(o, m);
	return made_end(m);
}

/* ---- short ones ------------------------------------------------------------
 */

size_t
pst_short_text(struct pst_heap *h, const struct pst_properties *l, unsigned id,
	       uint8_t *dst, size_t room)
{
	const struct pst_property *p = pst_properties_find(l, id);
	struct chars_page *page = pst_page_of(h->s, l);
	uint8_t raw[NAME_MAX_LEN];
	struct pst_value v;
	size_t n = 0, len;
	bool wide;

	if (p == NULL || !pst_is_text(p->type) || (p->type & MAPI_MANY) ||
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
