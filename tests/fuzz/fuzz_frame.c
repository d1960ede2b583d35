#include <stdlib.h>
#include <string.h>

#include "wire/frame.h"
#include "wire/kinds.h"

/*
 * Property: what is read as frames, one behind the other, is written back as
 * the very same bytes, and no body leaves its cap.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of(data, size);
	struct frame f;
	struct buf back;
	size_t used, cap = size % 2 == 0 ? FRAME_MAX : FRAME_MAX_EARLY;

	buf_init(&back, size + 1);
	while (frame_next(rest, cap, &f, &used) == ST_OK) {
		if (f.body.len > cap || used != FRAME_HEAD + f.body.len)
			abort();
		(void)kinds_find(f.kind);
		if (frame_add(&back, &f) != ST_OK)
			abort();
		rest = span_skip(rest, used);
	}
	if (back.len != size - rest.len ||
	    (back.len > 0 && memcmp(back.data, data, back.len) != 0))
		abort();
	buf_fini(&back);
	return 0;
}
