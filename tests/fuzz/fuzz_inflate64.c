#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "extract/archive/inflate64.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OUT_MAX (1u << 20)

static uint64_t
unpack(const uint8_t *data, size_t size, size_t step, uint64_t *sum)
{
	static uint8_t some[4096];
	struct inflate64 *f = inflate64_new();
	enum status st = ST_OK;
	struct part p;
	size_t got = step;
	uint64_t out = 0;

	if (f == NULL)
		abort();
	*sum = 0;
	part_memory(&p, span_of(data, size));
	inflate64_start(f, &p, UINT64_MAX);
	while (st == ST_OK && got == step && out < OUT_MAX) {
		st = inflate64_read(f, some, step, &got);
		for (size_t i = 0; i < got; i++)
			*sum = *sum * 31 + some[i];
		out += got;
	}
	if (p.pos > size)
		abort();
	inflate64_free(f);
	return out;
}

/* The same comes out however it is asked for, and no input is made up. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t few, many, n = unpack(data, size, 64, &few);

	if (n < OUT_MAX &&
	    (unpack(data, size, 4096, &many) != n || many != few))
		abort();
	return 0;
}
