#include "proxy-agent/session/gunzip.h"

#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>

struct gunzip {
	struct inflate_state state;
	uint8_t out[64 * 1024];
};

enum status
gunzip_open(struct gunzip **out)
{
	struct gunzip *g = malloc(sizeof(*g));

	if (g == NULL)
		return ST_NOMEM;
	isal_inflate_init(&g->state);
	g->state.crc_flag = ISAL_GZIP;
	*out = g;
	return ST_OK;
}

void
gunzip_close(struct gunzip *g)
{
	free(g);
}

enum status
gunzip_feed(struct gunzip *g, struct span packed,
	    enum status (*take)(void *arg, struct span s), void *arg)
{
	enum status st = ST_OK;

	if (packed.len > UINT32_MAX)
		return ST_LIMIT;
	/* the codec does not write through its input pointer */
	memcpy(&g->state.next_in, &packed.ptr, sizeof(packed.ptr));
	g->state.avail_in = (uint32_t)packed.len;
	do {
		size_t n;

		g->state.next_out = g->out;
		g->state.avail_out = sizeof(g->out);
		if (isal_inflate(&g->state) != ISAL_DECOMP_OK)
			return ST_MALFORMED;
		n = sizeof(g->out) - g->state.avail_out;
		if (n > 0)
			st = take(arg, span_of(g->out, n));
	} while (st == ST_OK && g->state.avail_out == 0 &&
		 g->state.block_state != ISAL_BLOCK_FINISH);
	return st;
}
