#include <string.h>

#include "base/codec.h"
#include "extract/data/rows_impl.h"

void
rows_settle(struct rows_reader *r)
{
	part_consume(r->p, r->held - r->in.len);
	r->held = r->in.len;
}

/* A pipe is asked for much at once: a call for each cell costs more than it. */
static bool
refill(struct rows_reader *r)
{
	if (r->in.len > 0)
		return true;
	rows_settle(r);
	r->in = part_ahead(r->p);
	r->held = r->in.len;
	return r->in.len > 0;
}

size_t
rows_take_some(struct rows_reader *r, void *dst, size_t n)
{
	if (!refill(r))
		return 0;
	if (n > r->in.len)
		n = r->in.len;
	memcpy(dst, r->in.ptr, n);
	r->in = span_skip(r->in, n);
	return n;
}

bool
rows_take(struct rows_reader *r, void *dst, size_t n)
{
	uint8_t *to = dst;
	size_t got = 1;

	for (; n > 0 && got > 0; n -= got, to += got)
		got = rows_take_some(r, to, n);
	r->broken |= n > 0;
	return n == 0;
}

bool
rows_take32(struct rows_reader *r, uint32_t *n)
{
	uint8_t raw[4] = {0};
	bool whole = rows_take(r, raw, sizeof(raw));

	*n = codec_get32(raw);
	return whole;
}

bool
rows_take_why(struct rows_reader *r, enum cover_reason *why,
	      char words[ROWS_WORDS + 1])
{
	uint8_t reason = COVER_OK;
	uint32_t n = 0;

	if (!rows_take(r, &reason, 1) || !rows_take32(r, &n) ||
	    n > ROWS_WORDS || !rows_take(r, words, n) || reason == COVER_OK ||
	    reason >= COVER__COUNT) {
		r->broken = true;
		return false;
	}
	words[n] = 0;
	for (char *c = words; *c != 0; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	*why = (enum cover_reason)reason;
	return true;
}
