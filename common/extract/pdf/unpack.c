#include "extract/pdf/unpack.h"

#include "extract/pdf/filter.h"

static unsigned
number_at(struct pdf_file *f, struct pdf_value dict, const char *key,
	  unsigned otherwise)
{
	uint64_t n;

	if (!pdf_whole(pdf_at(f, dict, key).raw, &n) || n > INT32_MAX)
		return otherwise;
	return (unsigned)n;
}

static void
predict_of(struct pdf_file *f, struct pdf_value parms, struct pdf_predict *p)
{
	*p = (struct pdf_predict){
	    .kind = number_at(f, parms, "Predictor", 1),
	    .colors = number_at(f, parms, "Colors", 1),
	    .bits = number_at(f, parms, "BitsPerComponent", 8),
	    .columns = number_at(f, parms, "Columns", 1),
	    .late = number_at(f, parms, "EarlyChange", 1) == 0,
	};
}

/* The n-th of an array, or the one that is there when n is 0. */
static struct pdf_value
nth(struct pdf_file *f, struct pdf_value v, unsigned n)
{
	struct span in = pdf_inside(v.raw), item;

	if (pdf_kind(v.raw) != PDF_ARRAY)
		return n == 0 ? v : (struct pdf_value){span_of(NULL, 0), NULL};
	do
		if (pdf_item(&in, &item) == PDF_END)
			break;
	while (n-- > 0);
	return pdf_follow(f, item, v.in);
}

static struct pdf_value
either(struct pdf_file *f, struct pdf_value v, const char *key,
       const char *brief)
{
	struct pdf_value found = pdf_at(f, v, key);

	return found.raw.len > 0 ? found : pdf_at(f, v, brief);
}

/* A stream of cross references and, if so said, metadata are not encrypted. */
static bool
sealed(struct pdf_file *f, const struct pdf_object *o)
{
	struct span type;

	if (f->crypt.streams == PDF_PLAIN || o->packed)
		return false;
	type = pdf_get(o->raw, "Type");
	return !pdf_is(type, "XRef") &&
	       (f->crypt.metadata || !pdf_is(type, "Metadata"));
}

static void
settle(enum pdf_filtered r, struct span name, struct pdf_unpacked *u)
{
	u->damaged |= r == PDF_FILTER_DAMAGED;
	u->full |= r == PDF_FILTER_FULL;
	if (r == PDF_FILTER_UNKNOWN)
		u->left = name;
}

static void
filters(struct pdf_file *f, struct pdf_object *o, struct buf *to,
	struct pdf_unpacked *u)
{
	struct pdf_value v = {o->raw, o};
	struct pdf_value names = either(f, v, "Filter", "F");
	struct pdf_value parms = either(f, v, "DecodeParms", "DP");

	for (unsigned n = 0; n < PDF_CHAIN_MAX && !u->full; n++) {
		struct span name = nth(f, names, n).raw;
		struct pdf_predict how;
		struct buf next;

		if (pdf_kind(name) != PDF_NAME)
			break;
		predict_of(f, nth(f, parms, n), &how);
		buf_init(&next, to->cap);
		settle(pdf_filter(f->x, name, &how, buf_span(to), &next), name,
		       u);
		if (u->left.len > 0) {
			u->parms = nth(f, parms, n);
			buf_fini(&next);
			break;
		}
		buf_fini(to);
		*to = next;
	}
}

/* The first filter reads where the stream stands, when it can. */
static bool
straight(struct pdf_file *f, struct pdf_object *o, struct buf *to,
	 struct pdf_unpacked *u)
{
	struct pdf_value v = {o->raw, o};
	struct pdf_value name = either(f, v, "Filter", "F");
	struct pdf_predict how;

	if (pdf_kind(name.raw) == PDF_ARRAY) {
		if (nth(f, name, 1).raw.len > 0)
			return false;
		name = nth(f, name, 0);
	}
	if (sealed(f, o) || pdf_kind(name.raw) != PDF_NAME)
		return false;
	predict_of(f, nth(f, either(f, v, "DecodeParms", "DP"), 0), &how);
	settle(pdf_filter(f->x, name.raw, &how, o->body, to), name.raw, u);
	return u->left.len == 0;
}

void
pdf_unpack(struct pdf_file *f, struct pdf_object *o, struct buf *to,
	   struct pdf_unpacked *u)
{
	enum pdf_cipher how = sealed(f, o) ? f->crypt.streams : PDF_PLAIN;

	*u = (struct pdf_unpacked){0};
	if (o->body.ptr == NULL || straight(f, o, to, u))
		return;
	u->left = span_of(NULL, 0);
	if (pdf_decrypt(&f->crypt, how, o->num, o->gen, o->body, to) != ST_OK)
		u->full = true;
	filters(f, o, to, u);
}
