#include "scan/results.h"

#include <stdlib.h>
#include <string.h>

#include "base/must.h"

struct results_piece {
	struct results_piece *next;
	size_t len, room;
	uint8_t bytes[];
};

static struct results_piece *
piece_get(struct results_shelf *shelf, size_t least)
{
	size_t room = least > RESULTS_PIECE ? least : RESULTS_PIECE;
	struct results_piece *p = shelf != NULL ? shelf->first : NULL;

	if (p != NULL && room == RESULTS_PIECE) {
		shelf->first = p->next;
		shelf->count--;
	} else {
		p = malloc(sizeof(*p) + room);
	}
	if (p == NULL)
		return NULL;
	p->next = NULL;
	p->len = 0;
	p->room = room;
	return p;
}

static void
piece_put(struct results_shelf *shelf, struct results_piece *p)
{
	explicit_bzero(p->bytes, p->len);
	if (shelf == NULL || shelf->count == RESULTS_KEPT ||
	    p->room != RESULTS_PIECE) {
		free(p);
		return;
	}
	p->next = shelf->first;
	shelf->first = p;
	shelf->count++;
}

void
results_shelf_fini(struct results_shelf *s)
{
	while (s->first != NULL) {
		struct results_piece *p = s->first;

		s->first = p->next;
		free(p);
	}
	s->count = 0;
}

static enum status
begin_piece(struct results *r, size_t least)
{
	struct results_piece *p = piece_get(r->shelf, least);

	if (p == NULL)
		return ST_NOMEM;
	if (r->last == NULL)
		r->first = p;
	else
		r->last->next = p;
	r->last = p;
	return ST_OK;
}

enum status
results_add(struct results *r, struct span s)
{
	enum status st = ST_OK;

	if (s.len == 0)
		return ST_OK;
	if (s.len > RESULTS_MAX - r->len)
		return ST_LIMIT;
	if (r->last == NULL || s.len > r->last->room - r->last->len)
		st = begin_piece(r, s.len);
	if (st != ST_OK)
		return st;
	memcpy(r->last->bytes + r->last->len, s.ptr, s.len);
	r->last->len += s.len;
	r->len += s.len;
	return ST_OK;
}

static void
put_all(struct results_shelf *shelf, struct results_piece *p)
{
	while (p != NULL) {
		struct results_piece *next = p->next;

		piece_put(shelf, p);
		p = next;
	}
}

void
results_cut(struct results *r, size_t len)
{
	struct results_piece *p = r->first;
	size_t before = 0;

	must(len <= r->len);
	if (len == 0) {
		results_clear(r);
		return;
	}
	while (len - before > p->len) {
		before += p->len;
		p = p->next;
	}
	put_all(r->shelf, p->next);
	p->next = NULL;
	explicit_bzero(p->bytes + (len - before), p->len - (len - before));
	p->len = len - before;
	r->last = p;
	r->len = len;
}

void
results_clear(struct results *r)
{
	put_all(r->shelf, r->first);
	r->first = r->last = NULL;
	r->len = 0;
}

struct span
results_from(const struct results *r, struct results_at *at, size_t end)
{
	size_t n;

	must(end <= r->len && at->done <= end);
	if (at->done == end)
		return span_of(NULL, 0);
	if (at->piece == NULL)
		at->piece = r->first;
	while (at->off == at->piece->len) {
		at->piece = at->piece->next;
		at->off = 0;
	}
	n = at->piece->len - at->off;
	if (n > end - at->done)
		n = end - at->done;
	return span_of(at->piece->bytes + at->off, n);
}

void
results_skip(struct results_at *at, size_t n)
{
	at->off += n;
	at->done += n;
}
