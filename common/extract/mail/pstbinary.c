#include <stdlib.h>

#include "extract/mail/header.h"
#include "extract/mail/pstmessage_impl.h"
#include "extract/ole/le.h"
#include "extract/ole/lzfu.h"
#include "extract/ole/mapi.h"
#include "extract/utf8.h"

#define HEADER_MAX   (1 << 20) /* bytes of a header of the internet */
#define BINARY_LEAST 32        /* shorter ones are no files */

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

	if (!pst_is_text(p->type) || !pst_value_open(&o->heap, p->value, &v))
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

enum status
pst_binaries(struct owner *o)
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
