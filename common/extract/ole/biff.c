#include "extract/ole/biff.h"

#include <math.h>
#include <stdio.h>

#include "extract/ole/le.h"

bool
biff_next(struct biff *b)
{
	struct span s = span_skip(b->stream, b->at);
	size_t n;

	if (s.len < 4)
		return false;
	n = le16(s.ptr + 2);
	if (n > s.len - 4)
		return false;
	b->begin = b->at;
	b->type = le16(s.ptr);
	b->body = span_of(s.ptr + 4, n);
	b->at += 4 + n;
	return true;
}

struct biff_at
biff_body(const struct biff *b, size_t skip)
{
	size_t end = b->begin + 4 + b->body.len;

	return (struct biff_at){
	    .stream = b->stream,
	    .at = skip < b->body.len ? b->begin + 4 + skip : end,
	    .end = end,
	};
}

/* Into the record behind, when it continues this one. */
static bool
next_piece(struct biff_at *p)
{
	struct biff b = {.stream = p->stream, .at = p->end};

	if (!biff_next(&b) || b.type != BIFF_CONTINUE)
		return false;
	p->at = b.begin + 4;
	p->end = b.at;
	return true;
}

bool
biff_more(struct biff_at *p)
{
	while (p->at == p->end)
		if (!next_piece(p))
			return false;
	return true;
}

bool
biff_skip(struct biff_at *p, uint64_t n)
{
	while (n > p->end - p->at) {
		n -= p->end - p->at;
		if (!next_piece(p))
			return false;
	}
	p->at += (size_t)n;
	return true;
}

static bool
take(struct biff_at *p, uint8_t *dst, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		while (p->at == p->end)
			if (!next_piece(p))
				return false;
		dst[i] = p->stream.ptr[p->at++];
	}
	return true;
}

bool
biff_chars(struct biff_at *p, uint32_t n, bool wide, struct made *m)
{
	while (n > 0) {
		size_t unit = wide ? 2 : 1, step;
		struct span s;

		if (p->end - p->at < unit) {
			if (!next_piece(p) || p->at == p->end)
				return false;
			wide = (p->stream.ptr[p->at++] & 1) != 0;
			continue;
		}
		step = (p->end - p->at) / unit;
		step = step < n ? step : n;
		s = span_of(p->stream.ptr + p->at, step * unit);
		if (m != NULL && wide)
			oletext_wide(m, s);
		else if (m != NULL)
			oletext_bytes(m, NULL, s);
		p->at += step * unit;
		n -= (uint32_t)step;
	}
	return true;
}

bool
biff_shared(struct biff_at *p, struct made *m)
{
	uint32_t runs = 0, more = 0, n;
	uint8_t head[3], number[4];

	if (!take(p, head, 3))
		return false;
	n = le16(head);
	if ((head[2] & 8) != 0) {
		if (!take(p, number, 2))
			return false;
		runs = le16(number);
	}
	if ((head[2] & 4) != 0) {
		if (!take(p, number, 4))
			return false;
		more = le32(number);
	}
	return biff_chars(p, n, (head[2] & 1) != 0, m) &&
	       biff_skip(p, (uint64_t)runs * 4 + more);
}

double
biff_rk(uint32_t rk)
{
	uint8_t raw[8] = {0};
	double v;

	if ((rk & 2) != 0) {
		v = (double)((int32_t)rk >> 2);
	} else {
		for (size_t i = 0; i < 4; i++)
			raw[4 + i] = (uint8_t)((rk & ~3u) >> (8 * i));
		v = le_double(raw);
	}
	return (rk & 1) != 0 ? v / 100 : v;
}

void
biff_number(struct made *m, double v)
{
	char text[48];
	int n;

	if (!isfinite(v))
		return;
	n = fabs(v) < 1e18 && floor(v) == v
		? snprintf(text, sizeof(text), "%.0f", v)
		: snprintf(text, sizeof(text), "%.15g", v);
	made_text(m, span_of(text, (size_t)n));
}
