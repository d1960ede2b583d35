#include "extract/pdf/file.h"

#include <stdlib.h>
#include <string.h>

#include "extract/pdf/index.h"
#include "extract/pdf/lock.h"

struct pdf_place { /* of an object in f->order */
	uint64_t key;
	uint32_t index;
};

static int
by_key(const void *a, const void *b)
{
	const struct pdf_place *p = a, *q = b;

	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return p->index < q->index ? -1 : p->index > q->index;
}

static enum status
put_in_order(struct pdf_file *f)
{
	free(f->order);
	f->order = calloc((size_t)f->count + 1, sizeof(*f->order));
	if (f->order == NULL)
		return ST_NOMEM;
	for (uint32_t i = 0; i < f->count; i++)
		f->order[i] = (struct pdf_place){
		    (uint64_t)f->objects[i].num << 32 | f->objects[i].seq, i};
	qsort(f->order, f->count, sizeof(*f->order), by_key);
	f->ordered = f->count;
	return ST_OK;
}

struct pdf_object *
pdf_object(struct pdf_file *f, uint32_t num)
{
	uint64_t beyond = ((uint64_t)num + 1) << 32;
	uint32_t low = 0, high = f->ordered;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (f->order[mid].key < beyond)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 || f->order[low - 1].key >> 32 != num)
		return NULL;
	return &f->objects[f->order[low - 1].index];
}

struct pdf_value
pdf_follow(struct pdf_file *f, struct span raw, struct pdf_object *in)
{
	struct pdf_value none = {span_of(NULL, 0), NULL};
	uint32_t num;

	for (int i = 0; i < PDF_CHAIN_MAX && pdf_ref(raw, &num); i++) {
		in = pdf_object(f, num);
		if (in == NULL)
			return none;
		raw = in->raw;
	}
	return pdf_kind(raw) == PDF_REF ? none : (struct pdf_value){raw, in};
}

struct pdf_value
pdf_at(struct pdf_file *f, struct pdf_value dict, const char *key)
{
	return pdf_follow(f, pdf_get(dict.raw, key), dict.in);
}

struct pdf_value
pdf_root(struct pdf_file *f, const char *key)
{
	return pdf_at(f, (struct pdf_value){f->trailer, NULL}, key);
}

enum status
pdf_bytes(struct pdf_file *f, struct pdf_value v, struct buf *to)
{
	struct buf sealed;
	enum status st;

	if (v.in == NULL || v.in->packed || f->crypt.strings == PDF_PLAIN)
		return pdf_string(v.raw, to);
	buf_init(&sealed, v.raw.len + 1);
	st = pdf_string(v.raw, &sealed);
	if (st == ST_OK)
		st = pdf_decrypt(&f->crypt, f->crypt.strings, v.in->num,
				 v.in->gen, buf_span(&sealed), to);
	buf_fini(&sealed);
	return st;
}

/* No other object is known to lie in the n bytes of a stream. */
static bool
alone(const struct pdf_file *f, uint32_t i, uint64_t n)
{
	const struct pdf_object *o = &f->objects[i];

	return i + 1 >= f->count || o[1].raw.ptr == NULL ||
	       (uint64_t)(o[1].raw.ptr - o->body.ptr) > n;
}

/* A length that stands elsewhere can be looked up only now. */
static void
right_lengths(struct pdf_file *f)
{
	for (uint32_t i = 0; i < f->count && job_in_time(f->x); i++) {
		struct pdf_object *o = &f->objects[i];
		struct span length;
		uint64_t n;

		if (o->body.ptr == NULL)
			continue;
		length = pdf_get(o->raw, "Length");
		if (pdf_kind(length) == PDF_REF &&
		    pdf_whole(pdf_follow(f, length, o).raw, &n) &&
		    alone(f, i, n) && pdf_body_ends(f, o->body.ptr, n))
			o->body.len = (size_t)n;
	}
}

enum status
pdf_open(struct extractor *x, struct span bytes, struct pdf_file *f)
{
	enum status st;

	*f = (struct pdf_file){.x = x, .bytes = bytes};
	st = pdf_index(f);
	if (st == ST_OK)
		st = put_in_order(f);
	if (st != ST_OK || x->stop)
		return st;
	right_lengths(f);
	pdf_lock_open(f);
	if (f->locked || x->stop)
		return ST_OK;
	st = pdf_index_packed(f);
	return st == ST_OK ? put_in_order(f) : st;
}

void
pdf_close(struct pdf_file *f)
{
	for (size_t i = 0; i < f->store_count; i++)
		buf_fini(&f->stores[i]);
	free(f->stores);
	free(f->objects);
	free(f->order);
	explicit_bzero(&f->crypt, sizeof(f->crypt));
}
