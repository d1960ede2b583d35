/*
 * Property: the same list of S3 says the same again, a list that is refused
 * when it is looked through gives nothing, and no more comes of it than keys
 * within their limit.
 */
#include <stdlib.h>

#include "proxy-agent/source/s3/list.h"

static enum status
take(void *arg, const struct s3_entry *e)
{
	if (e->key.len > S3_KEY_MAX || e->version.len > S3_KEY_MAX ||
	    (e->folder && e->deleted))
		abort();
	return buf_addf(arg, "%.*s %.*s %llu %lld %d%d%d\n", (int)e->key.len,
			(const char *)e->key.ptr, (int)e->version.len,
			(const char *)e->version.ptr,
			(unsigned long long)e->size, (long long)e->mtime,
			e->folder, e->deleted, e->archived);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum status one, two, through;
	struct buf first, second;
	struct s3_page p;

	buf_init(&first, 1u << 24);
	buf_init(&second, 1u << 24);
	s3_page_init(&p);
	one = s3_page_read(&p, span_of(data, size), take, &first);
	two = s3_page_read(&p, span_of(data, size), take, &second);
	if (one != two || !span_eq(buf_span(&first), buf_span(&second)))
		abort();
	through = s3_page_error(&p, span_of(data, size));
	if (through == ST_OK && p.next_key.len > S3_KEY_MAX)
		abort();
	if (one == ST_OK && through != ST_OK)
		abort();
	s3_page_fini(&p);
	buf_fini(&first);
	buf_fini(&second);
	return 0;
}
