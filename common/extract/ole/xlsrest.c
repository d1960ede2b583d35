#include <string.h>

#include "extract/ole/xls_impl.h"

struct xls_rest {
	struct biff b;
	struct span left;
	bool out; /* the record that may be continued */
};

/* Told by its type alone: is it one of those that went out as text? */
static bool
went_out(const struct biff *b)
{
	static const uint16_t types[] = {
	    BIFF_SST,    BIFF_LABELSST, BIFF_LABEL, BIFF_RSTRING,
	    BIFF_NUMBER, BIFF_RK,       BIFF_MULRK, BIFF_TXO,
	    BIFF_STRING, BIFF_HEADER,   BIFF_FOOTER};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (b->type == types[i])
			return true;
	return false;
}

static enum status
rest_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct xls_rest *r = arg;

	*got = 0;
	while (r->left.len == 0) {
		if (!biff_next(&r->b))
			return ST_OK;
		if (r->b.type != BIFF_CONTINUE)
			r->out = went_out(&r->b);
		if (!r->out)
			r->left = r->b.body;
	}
	*got = n < r->left.len ? n : r->left.len;
	memcpy(dst, r->left.ptr, *got);
	r->left = span_skip(r->left, *got);
	return ST_OK;
}

enum status
xls_rest(struct xls *w, struct span name)
{
	struct xls_rest r = {.b = {.stream = w->stream}};
	struct part inner = {.arg = &r, .read = rest_read, .size = UINT64_MAX};
	enum status st = ST_NOMEM;
	struct job_outer o;

	job_begin_member(w->x, name, &o);
	inner.buf = job_buf(w->x);
	if (inner.buf != NULL)
		st = job_rest(w->x, &inner);
	if (st == ST_OK && !w->x->stop && r.b.at < w->stream.len) {
		struct part tail;

		part_memory(&tail, span_skip(w->stream, r.b.at));
		st = job_rest(w->x, &tail);
	}
	job_end_member(w->x, &o);
	return st;
}
