#include "extract/archive/zlib.h"

#include "base/utf.h"
#include "extract/archive/inflate.h"
#include "extract/archive/streamname.h"

#define HEAD_LEN  2
#define TAIL_LEN  4 /* Adler-32 */
#define LEAST_LEN 8
#define TRIED     4096 /* bytes of the head, and of what comes of it */

struct zlib {
	struct extractor *x;
	struct inflater *f;
	bool ended;
};

/* Deflate with a window of 32 KiB, no dictionary; no text begins so. */
bool
zlib_is(struct format_look *l)
{
	const uint8_t *p = l->head.ptr;

	if (l->head.len < LEAST_LEN || (p[0] << 8 | p[1]) % 31 != 0 ||
	    (p[1] & 0x20) != 0)
		return false;
	return l->seen.zeros || !utf_valid(span_of(p, LEAST_LEN));
}

/* Whether the head unpacks, as far as it goes. */
static bool
unpacks(struct inflater *f, struct part *p)
{
	struct span head = part_peek(p, PART_PEEK);
	uint8_t out[TRIED];
	struct part tried;
	size_t got = 0;
	enum status st;

	if (head.len > TRIED)
		head.len = TRIED;
	part_memory(&tried, span_skip(head, HEAD_LEN));
	inflater_start(f, &tried, UINT64_MAX);
	st = inflater_read(f, out, sizeof(out), &got);
	return got > 0 && (st == ST_OK || st == ST_CLOSED);
}

static enum status
zlib_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct zlib *z = arg;
	enum status st = inflater_read(z->f, dst, n, got);

	z->ended = st == ST_OK && *got == 0;
	return job_spend(z->x, *got) ? st : ST_LIMIT;
}

enum status
zlib_part(struct extractor *x, struct part *p)
{
	struct zlib z = {.x = x, .f = job_inflater(x)};
	struct part inner = {.arg = &z, .read = zlib_read, .size = UINT64_MAX};
	uint8_t name[JOB_NAME_MAX];
	enum status st;
	size_t n;

	if (z.f == NULL)
		return ST_NOMEM;
	if (!unpacks(z.f, p))
		return job_rest(x, p);
	if (!job_count(x))
		return ST_OK;
	part_consume(p, HEAD_LEN);
	inflater_start(z.f, p, UINT64_MAX);
	n = stream_name(p->name, "zlib", name);
	st = job_member(x, &inner, span_of(name, n));
	if (st != ST_OK || x->stop || !z.ended)
		return st;
	part_consume(p, part_peek(p, TAIL_LEN).len < TAIL_LEN ? 0 : TAIL_LEN);
	return job_rest(x, p);
}
