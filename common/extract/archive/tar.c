#include "extract/archive/tar.h"

#include <string.h>

#include "extract/archive/libarchive.h"
#include "extract/text.h"

/* Octal digits among blanks and zero bytes; false: something else. */
static bool
octal(const uint8_t *p, size_t n, uint32_t *out)
{
	bool seen = false, over = false;

	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] >= '0' && p[i] <= '7' && !over) {
			*out = *out << 3 | (uint32_t)(p[i] - '0');
			seen = true;
		} else if (p[i] == ' ' || p[i] == 0) {
			over = seen;
		} else {
			return false;
		}
	}
	return seen;
}

bool
tar_header(struct span block)
{
	const uint8_t *p = block.ptr;
	uint32_t want, sum = 8 * ' ';
	int32_t old = 8 * ' '; /* some once took bytes as signed */

	if (block.len < TAR_BLOCK || p[0] == 0 || !octal(p + 148, 8, &want))
		return false;
	for (size_t i = 0; i < TAR_BLOCK; i++) {
		if (i >= 148 && i < 156)
			continue;
		sum += p[i];
		old += (int8_t)p[i];
	}
	return sum == want || old == (int32_t)want;
}

/* What lies between two archives. */
struct gap {
	struct extractor *x;
	struct part *p;
	bool first; /* its first block is no header that we can read */
};

static bool
ends(const struct gap *g, struct span block)
{
	return block.len == 0 || (!g->first && tar_header(block));
}

static enum status
gap_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct gap *g = arg;
	struct span s = part_peek(g->p, TAR_BLOCK);

	*got = 0;
	while (*got < n && !ends(g, s)) {
		size_t step = s.len < TAR_BLOCK ? s.len : TAR_BLOCK;

		if (step > n - *got)
			break; /* never more than a block at a time is asked */
		memcpy((uint8_t *)dst + *got, s.ptr, step);
		part_consume(g->p, step);
		*got += step;
		g->first = false;
		s = part_peek(g->p, TAR_BLOCK);
	}
	return *got == 0 ? g->p->failed : ST_OK;
}

/* Zeros fill up the last record of a tape. */
static void
skip_zeros(struct extractor *x, struct part *p)
{
	static const uint8_t zeros[TAR_BLOCK];
	struct span s = part_peek(p, TAR_BLOCK);

	while (s.len >= TAR_BLOCK && memcmp(s.ptr, zeros, TAR_BLOCK) == 0) {
		part_consume(p, TAR_BLOCK);
		if (p->pos % (1u << 20) == 0 && !job_in_time(x))
			return;
		s = part_peek(p, TAR_BLOCK);
	}
	if (s.len > 0 && s.len < TAR_BLOCK && memcmp(s.ptr, zeros, s.len) == 0)
		part_consume(p, s.len);
}

static enum status
read_gap(struct extractor *x, struct part *p, bool broken)
{
	struct gap g = {.x = x, .p = p, .first = broken};
	struct part inner = {.arg = &g, .read = gap_read, .size = UINT64_MAX};
	enum status st = ST_NOMEM;

	skip_zeros(x, p);
	if (x->stop || ends(&g, part_peek(p, TAR_BLOCK)))
		return ST_OK;
	x->depth++; /* for a buffer of its own */
	inner.buf = job_buf(x);
	if (inner.buf != NULL)
		st = text_bytes(x, &inner, UINT64_MAX);
	x->depth--;
	return st;
}

enum status
tar_part(struct extractor *x, struct part *p)
{
	enum status st = ST_OK;

	while (st == ST_OK && !x->stop && part_peek(p, 1).len > 0) {
		uint64_t start = p->pos;
		bool broken = false;

		st = libarchive_tar(x, p, &broken);
		if (st == ST_OK && !x->stop)
			st = read_gap(x, p, broken || p->pos == start);
	}
	return st;
}
