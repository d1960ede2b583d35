#include <stdlib.h>
#include <string.h>

#include "proxy-agent/nfs/attr.h"

/*
 * Attributes of version 4: four bytes of each word of the bitmap, then values.
 * A handle has 1 to HANDLE_MAX bytes or is not there; what was understood is
 * understood alike when more stands behind it, and nothing is told of what the
 * bitmap does not name.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct attr a, b;
	uint32_t words[ATTR_WORDS];
	uint8_t *more;

	if (size < sizeof(words))
		return 0;
	memcpy(words, data, sizeof(words));
	data += sizeof(words);
	size -= sizeof(words);
	if (attr_decode(words, ATTR_WORDS, span_of(data, size), &a) != ST_OK)
		return 0;
	if (a.handle.len > HANDLE_MAX)
		abort();
	if ((a.handle.len > 0) != ((words[0] & 1u << 19) != 0))
		abort();
	if ((words[0] & 1u << 4) == 0 && a.size != 0)
		abort();
	if ((words[1] & 1u << 4) == 0 && a.has_owner)
		abort();
	more = malloc(size + 8);
	if (more == NULL)
		return 0;
	memcpy(more, data, size);
	memset(more + size, 0xff, 8);
	if (attr_decode(words, ATTR_WORDS, span_of(more, size + 8), &b) !=
		ST_OK ||
	    a.size != b.size || a.mode != b.mode || a.uid != b.uid)
		abort();
	free(more);
	return 0;
}
