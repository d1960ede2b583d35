#include "extract/part.h"

#include <string.h>

#include "base/must.h"

void
part_memory(struct part *p, struct span whole)
{
	*p = (struct part){.whole = whole, .size = whole.len};
	if (p->whole.ptr == NULL)
		p->whole.ptr = (const uint8_t *)"";
}

static enum status
range_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	const struct part_range *r = arg;

	*got = 0;
	if (off >= r->size)
		return ST_OK;
	if (n > r->size - off)
		n = (size_t)(r->size - off);
	return r->of->pread(r->of->arg, dst, n, r->from + off, got);
}

void
part_range(struct part *of, uint64_t from, uint64_t n, struct part_range *r,
	   struct part *out)
{
	must(part_seekable(of));
	if (of->whole.ptr != NULL) {
		struct span s =
		    span_skip(of->whole, from < of->whole.len ? (size_t)from
							      : of->whole.len);

		part_memory(out, span_of(s.ptr, n < s.len ? (size_t)n : s.len));
		return;
	}
	*r = (struct part_range){.of = of, .from = from, .size = n};
	*out = (struct part){.arg = r, .pread = range_pread, .size = n};
}

/* One read from below, at the place behind what is buffered. */
static size_t
fetch(struct part *p, uint8_t *dst, size_t n)
{
	uint64_t off = p->pos + (p->len - p->at);
	size_t got = 0;
	enum status st;

	if (p->failed != ST_OK)
		return 0;
	if (p->pread != NULL)
		st = p->pread(p->arg, dst, n, off, &got);
	else
		st = p->read(p->arg, dst, n, &got);
	if (st != ST_OK && st != ST_EOF)
		p->failed = st;
	p->fetched += got;
	return got;
}

static struct span
rest_in_memory(const struct part *p)
{
	if (p->pos >= p->whole.len)
		return span_of(p->whole.ptr, 0);
	return span_of(p->whole.ptr + p->pos, p->whole.len - (size_t)p->pos);
}

/* Move what is not consumed to the front, some history before it. */
static void
compact(struct part *p)
{
	size_t back = p->at < PART_BACK ? p->at : PART_BACK;
	size_t from = p->at - back;

	if (from == 0)
		return;
	memmove(p->buf, p->buf + from, p->len - from);
	p->len -= from;
	p->at = back;
}

static struct span
buffered(const struct part *p)
{
	return span_of(p->buf + p->at, p->len - p->at);
}

struct span
part_peek(struct part *p, size_t want)
{
	size_t got = 1;

	must(want <= PART_BUF - PART_BACK);
	if (p->whole.ptr != NULL)
		return rest_in_memory(p);
	if (p->len - p->at < want)
		compact(p);
	while (p->len - p->at < want && got > 0) {
		got = fetch(p, p->buf + p->len, want - (p->len - p->at));
		p->len += got;
	}
	return buffered(p);
}

struct span
part_ahead(struct part *p)
{
	if (p->whole.ptr != NULL)
		return rest_in_memory(p);
	if (p->len == p->at) {
		compact(p);
		p->len += fetch(p, p->buf + p->len, PART_BUF - p->len);
	}
	return buffered(p);
}

void
part_unread(struct part *p, size_t n)
{
	must(n <= PART_BACK && n <= p->pos);
	p->pos -= n;
	if (p->whole.ptr != NULL)
		return;
	must(n <= p->at);
	p->at -= n;
}

void
part_consume(struct part *p, size_t n)
{
	p->pos += n;
	if (p->whole.ptr != NULL) {
		if (p->fetched < p->pos)
			p->fetched = p->pos;
		return;
	}
	must(n <= p->len - p->at);
	p->at += n;
}

static size_t
take_buffered(struct part *p, uint8_t *dst, size_t n)
{
	struct span s = p->whole.ptr != NULL ? rest_in_memory(p) : buffered(p);

	if (n > s.len)
		n = s.len;
	if (n > 0)
		memcpy(dst, s.ptr, n);
	part_consume(p, n);
	return n;
}

size_t
part_read(struct part *p, void *dst, size_t n)
{
	uint8_t *to = dst;
	size_t have = 0, got;

	if (p->whole.ptr != NULL || p->len > p->at)
		have = take_buffered(p, to, n);
	while (p->whole.ptr == NULL && have < n) {
		got = fetch(p, to + have, n - have);
		if (got == 0)
			break;
		p->pos += got;
		have += got;
	}
	return have;
}

bool
part_pread(struct part *p, void *dst, size_t n, uint64_t off)
{
	uint8_t *to = dst;
	size_t have = 0, got = 1;

	if (p->whole.ptr != NULL) {
		if (off > p->whole.len || n > p->whole.len - off)
			return false;
		memcpy(dst, p->whole.ptr + off, n);
		return true;
	}
	while (have < n && got > 0)
		if (p->pread(p->arg, to + have, n - have, off + have, &got) !=
		    ST_OK)
			return false;
		else
			have += got;
	return have == n;
}

void
part_seek(struct part *p, uint64_t off)
{
	must(part_seekable(p));
	if (off >= p->pos && off - p->pos <= p->len - p->at) {
		p->at += (size_t)(off - p->pos);
	} else {
		p->at = p->len = 0;
	}
	p->pos = off;
}
