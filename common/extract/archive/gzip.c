#include "extract/archive/gzip.h"

#include <string.h>

#include "extract/archive/inflate.h"
#include "extract/archive/streamname.h"
#include "extract/text.h"

#define HEAD_LEN     10
#define TAIL_LEN     8
#define NAME_MAX_LEN JOB_NAME_MAX

enum gzip_flag { FHCRC = 2, FEXTRA = 4, FNAME = 8, FCOMMENT = 16 };

/* The members of one gzip stream, unpacked one behind the other. */
struct gzip {
	struct extractor *x;
	struct part *from;
	struct inflater *f;
	bool inside;      /* a member is being unpacked */
	unsigned members; /* since the clock was asked */
	uint8_t name[NAME_MAX_LEN];
	size_t name_len;
};

static uint32_t
le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

/* Skip up to and with the next zero byte, keeping some of it in dst. */
static bool
skip_string(struct part *p, uint8_t *dst, size_t room, size_t *len)
{
	uint8_t c;

	*len = 0;
	while (part_read(p, &c, 1) == 1) {
		if (c == 0)
			return true;
		if (*len < room)
			dst[(*len)++] = c;
	}
	return false;
}

static bool
skip(struct part *p, size_t n)
{
	while (n > 0) {
		struct span s = part_ahead(p);
		size_t step = s.len < n ? s.len : n;

		if (step == 0)
			return false;
		part_consume(p, step);
		n -= step;
	}
	return true;
}

/* ST_OK inside a member; ST_EOF no member begins here; else it is cut. */
static enum status
read_header(struct gzip *g, uint8_t *name, size_t *name_len)
{
	struct span s = part_peek(g->from, HEAD_LEN);
	uint8_t len[2], flags, dull[1];
	size_t n;

	*name_len = 0;
	if (s.len < HEAD_LEN || memcmp(s.ptr, "\x1f\x8b\x08", 3) != 0)
		return ST_EOF;
	flags = s.ptr[3];
	part_consume(g->from, HEAD_LEN);
	if (flags & FEXTRA && (part_read(g->from, len, 2) != 2 ||
			       !skip(g->from, (size_t)(len[0] | len[1] << 8))))
		return ST_CLOSED;
	if (flags & FNAME &&
	    !skip_string(g->from, name, NAME_MAX_LEN, name_len))
		return ST_CLOSED;
	if (flags & FCOMMENT && !skip_string(g->from, dull, 0, &n))
		return ST_CLOSED;
	if (flags & FHCRC && !skip(g->from, 2))
		return ST_CLOSED;
	inflater_start(g->f, g->from, UINT64_MAX);
	g->inside = true;
	if (++g->members % 1024 == 0 && !job_in_time(g->x))
		return ST_LIMIT;
	return ST_OK;
}

static enum status
read_trailer(struct gzip *g)
{
	struct span s = part_peek(g->from, TAIL_LEN);
	bool sound;

	g->inside = false;
	if (s.len < TAIL_LEN)
		return ST_CLOSED;
	sound = le32(s.ptr) == inflater_crc(g->f) &&
		le32(s.ptr + 4) == (uint32_t)inflater_out(g->f);
	part_consume(g->from, TAIL_LEN);
	if (!sound)
		job_note(g->x, COVER_MALFORMED);
	return ST_OK;
}

static enum status
gzip_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct gzip *g = arg;
	uint8_t dull[NAME_MAX_LEN];
	size_t dull_len;
	enum status st = ST_OK;

	*got = 0;
	while (st == ST_OK && *got == 0 && g->inside) {
		st = inflater_read(g->f, dst, n, got);
		if (!job_spend(g->x, *got))
			return ST_LIMIT;
		if (st == ST_OK && *got == 0)
			st = read_trailer(g);
		if (st == ST_OK && *got == 0)
			st = read_header(g, dull, &dull_len);
	}
	return st;
}

/* Zeros behind the last member are padding of tapes and blocks. */
static enum status
read_rest(struct extractor *x, struct part *p)
{
	struct span s;

	for (;;) {
		size_t zeros = 0;

		s = part_ahead(p);
		while (zeros < s.len && s.ptr[zeros] == 0)
			zeros++;
		if (zeros == 0)
			break;
		part_consume(p, zeros);
	}
	if (s.len == 0)
		return ST_OK;
	return text_bytes(x, p, UINT64_MAX);
}

enum status
gzip_part(struct extractor *x, struct part *p)
{
	struct gzip g = {.x = x, .from = p, .f = job_inflater(x)};
	struct part inner = {.arg = &g, .read = gzip_read, .size = UINT64_MAX};
	enum status st = ST_OK;

	if (g.f == NULL)
		return ST_NOMEM;
	st = read_header(&g, g.name, &g.name_len);
	if (st != ST_OK) {
		job_note(x, COVER_TRUNCATED);
		return ST_OK;
	}
	if (!job_count(x))
		return ST_OK;
	if (g.name_len == 0)
		g.name_len = stream_name(p->name, "gzip", g.name);
	st = job_member(x, &inner, span_of(g.name, g.name_len));
	if (st != ST_OK || x->stop || inner.failed != ST_OK || g.inside)
		return st;
	return read_rest(x, p);
}
