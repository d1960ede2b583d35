/*
 * Property: what is listed has a name, and the same list says the same again;
 * a marker of the next page comes from a list that is whole.
 */
#include <stdlib.h>

#include "proxy-agent/source/azure/blobs.h"

static enum status
take(void *arg, const struct azure_blob *e)
{
	struct buf *to = arg;

	if (e->name.len == 0)
		abort();
	return buf_addf(to, "%.*s %llu %lld %d%d%d\n", (int)e->name.len,
			(const char *)e->name.ptr, (unsigned long long)e->size,
			(long long)e->mtime, e->folder, e->archived,
			e->current);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf first, second;
	struct azure_page p;
	enum status one, two;

	buf_init(&first, 1u << 24);
	buf_init(&second, 1u << 24);
	azure_page_init(&p);
	one = azure_page_read(&p, span_of(data, size), take, &first);
	two = azure_page_read(&p, span_of(data, size), take, &second);
	if (one != two || !span_eq(buf_span(&first), buf_span(&second)))
		abort();
	azure_page_fini(&p);
	buf_fini(&first);
	buf_fini(&second);
	return 0;
}
