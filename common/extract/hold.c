#include "extract/hold.h"

#include <stdlib.h>
#include <string.h>

static enum status
held_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct hold *h = arg;

	if (h->at == h->len) {
		h->past = true;
		*got = part_read(h->rest, dst, n);
		return *got == 0 ? h->rest->failed : ST_OK;
	}
	if (n > h->len - h->at)
		n = h->len - h->at;
	memcpy(dst, h->mem + h->at, n);
	h->at += n;
	*got = n;
	return ST_OK;
}

/* Fill up to room bytes; true when that is all of the part. */
static bool
fill(struct part *p, size_t room, struct hold *h)
{
	size_t size = 0, step = PART_BUF;

	while (h->len == size && size < room) {
		uint8_t *more;

		step = step > room - size ? room - size : step;
		more = realloc(h->mem, size + step);
		if (more == NULL)
			return false;
		h->mem = more;
		size += step;
		h->len += part_read(p, h->mem + h->len, size - h->len);
		step = size;
	}
	return h->len < size;
}

static bool
hold(struct extractor *x, struct part *p, uint64_t room, struct hold *h)
{
	bool all;

	*h = (struct hold){.rest = p};
	if (p->size < room)
		room = p->size + 1; /* one more shows that it ends */
	all = fill(p, (size_t)room, h);
	x->kept += h->len;
	if (all) {
		part_memory(&h->part, span_of(h->mem, h->len));
		h->part.name = p->name;
		return true;
	}
	h->buf = malloc(PART_BUF);
	h->part = (struct part){
	    .arg = h,
	    .read = held_read,
	    .size = p->size,
	    .name = p->name,
	    .buf = h->buf,
	    .failed = h->buf == NULL ? ST_NOMEM : ST_OK,
	};
	return false;
}

static uint64_t
room_left(const struct extractor *x)
{
	return x->kept < x->budget.memory ? x->budget.memory - x->kept : 0;
}

bool
hold_part(struct extractor *x, struct part *p, struct hold *h)
{
	return hold(x, p, room_left(x), h);
}

bool
hold_begin(struct extractor *x, struct part *p, size_t n, struct hold *h)
{
	uint64_t room = room_left(x);

	return hold(x, p, n < room ? n : room, h);
}

bool
hold_again(struct hold *h)
{
	if (h->past)
		return false;
	h->at = 0;
	h->part.pos = h->part.at = h->part.len = 0;
	return true;
}

void
hold_end(struct extractor *x, struct hold *h)
{
	x->kept -= h->len;
	if (h->mem != NULL)
		explicit_bzero(h->mem, h->len);
	if (h->buf != NULL)
		explicit_bzero(h->buf, PART_BUF);
	free(h->mem);
	free(h->buf);
}
