#include "extract/data/stretches.h"

#include <stdlib.h>

bool
stretches_add(struct stretches *v, uint64_t from, uint64_t to)
{
	uint64_t before = v->count == 0 ? 0 : v->list[v->count - 1].end;

	if (to <= from)
		return true;
	if (v->count == v->room) {
		size_t room = v->room == 0 ? 64 : v->room * 2;
		struct stretch *p =
		    v->count >= STRETCHES_MAX
			? NULL
			: realloc(v->list, room * sizeof(*v->list));

		if (p == NULL)
			return false;
		v->list = p;
		v->room = room;
	}
	v->list[v->count++] = (struct stretch){from, before + (to - from)};
	return true;
}

static size_t
stretch_of(const struct stretches *v, uint64_t off)
{
	size_t low = 0, high = v->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (v->list[mid].end <= off)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static enum status
stretches_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	const struct stretches *v = arg;
	size_t i = stretch_of(v, off);
	uint64_t begin;

	*got = 0;
	if (i == v->count)
		return ST_OK;
	begin = i == 0 ? 0 : v->list[i - 1].end;
	if (n > v->list[i].end - off)
		n = (size_t)(v->list[i].end - off);
	if (!v->read(v->arg, dst, n, v->list[i].at + (off - begin)))
		return ST_IO;
	*got = n;
	return ST_OK;
}

static enum status
put(struct stretches *v, struct span name)
{
	struct part p = {.arg = v,
			 .pread = stretches_pread,
			 .size = v->list[v->count - 1].end};
	enum status st = ST_NOMEM;
	struct job_outer o;

	if (!job_count(v->x))
		return ST_OK;
	job_begin_member(v->x, name, &o);
	p.buf = job_buf(v->x);
	if (p.buf != NULL)
		st = job_rest(v->x, &p);
	if (st == ST_OK && !v->x->stop)
		job_note_failure(v->x, &p);
	job_end_member(v->x, &o);
	return st;
}

enum status
stretches_put(struct stretches *v, struct span name)
{
	enum status st = v->count > 0 && !v->x->stop ? put(v, name) : ST_OK;

	free(v->list);
	v->list = NULL;
	v->count = v->room = 0;
	return st;
}
