#include <stdio.h>

#include "extract/data/rows_impl.h"

struct large {
	struct rows_reader *r;
	uint32_t left; /* bytes of the piece at hand */
	bool ended;
};

/* To a piece with bytes, or the end. */
static void
next_piece(struct large *l)
{
	uint8_t tag = 0;

	while (l->left == 0 && !l->ended) {
		l->ended = !rows_take_tag(l->r, &tag) ||
			   !rows_take32(l->r, &l->left) || tag != 'M' ||
			   l->left == 0;
		l->r->broken |= tag != 'M';
	}
}

static enum status
read_large(void *arg, void *dst, size_t n, size_t *got)
{
	struct large *l = arg;

	*got = 0;
	next_piece(l);
	if (l->ended)
		return ST_OK;
	*got = rows_take_some(l->r, dst, n < l->left ? n : l->left);
	l->left -= (uint32_t)*got;
	l->r->broken |= *got == 0;
	return ST_OK;
}

static void
pass_large(struct large *l)
{
	uint8_t rest[4096];
	size_t got = 1;

	while (got > 0 && !l->r->broken)
		(void)!read_large(l, rest, sizeof(rest), &got);
}

enum status
rows_put_large(struct rows_reader *r)
{
	struct large l = {.r = r};
	struct part p = {.arg = &l, .read = read_large, .size = UINT64_MAX};
	char key[KEY_TEXT * 2], name[JOB_NAME_MAX];
	uint32_t column, n;
	enum status st = ST_OK;
	int len;

	if (!rows_take32(r, &column) || !rows_take32(r, &n) ||
	    n >= sizeof(key) || column >= r->count || !rows_take(r, key, n) ||
	    !rows_take32(r, &l.left)) {
		r->broken = true;
		return ST_OK;
	}
	if (!rows_key_said(span_of(key, n)))
		n = 0;
	len = snprintf(name, sizeof(name), "%s%s%.*s", r->columns[column].name,
		       n > 0 ? ", key " : "", (int)n, key);
	if (job_count(r->x))
		st = job_member(r->x, &p, span_of(name, (size_t)len));
	pass_large(&l);
	return st;
}
