/* Property: what decodes is written back as the very same bytes. */
#include <stdlib.h>

#include "model/record.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(data, size);
	struct scan_order order;
	struct record r;
	size_t used;

	while (record_next_order(s, &order, &r, &used) == ST_OK) {
		struct buf again;

		if (used > s.len)
			abort();
		buf_init(&again, 2 * RECORD_MAX);
		if (record_add(&again, &r) != ST_OK ||
		    !span_eq(buf_span(&again), span_of(s.ptr, used)))
			abort();
		buf_fini(&again);
		s = span_skip(s, used);
	}
	return 0;
}
