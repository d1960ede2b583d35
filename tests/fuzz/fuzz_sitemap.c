/*
 * Properties: a file of a sitemap names the same addresses whether it comes at
 * once, in two pieces or byte by byte at its beginning, and none is empty or
 * has a line end.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "proxy-agent/source/web/sitemap_text.h"

static void
note(struct buf *to, char kind, struct span url)
{
	if (url.len == 0 || buf_add_byte(to, (uint8_t)kind) != ST_OK ||
	    buf_add(to, url.ptr, url.len) != ST_OK ||
	    buf_add_byte(to, '\n') != ST_OK)
		abort();
}

static void
on_page(void *arg, struct span url)
{
	note(arg, 'p', url);
}

static void
on_file(void *arg, struct span url)
{
	note(arg, 'f', url);
}

static enum status
hear(struct span s, size_t cut, struct buf *to)
{
	const struct sitemap_hear h = {
	    .page = on_page, .file = on_file, .arg = to};
	struct sitemap_text *t;
	enum status st;

	if (sitemap_text_open(&h, &t) != ST_OK)
		abort();
	st = sitemap_text_feed(t, span_of(s.ptr, cut), false);
	if (st == ST_OK)
		st = sitemap_text_feed(t, span_skip(s, cut), true);
	sitemap_text_close(t);
	return st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(data, size);
	struct buf whole, parts;
	size_t cuts[2];

	if (size < 2 || size > 8192)
		return 0;
	cuts[0] = 1;
	cuts[1] = data[size - 1] % size;
	for (size_t i = 0; i < 2; i++) {
		buf_init(&whole, 1u << 28);
		buf_init(&parts, 1u << 28);
		if (hear(s, 0, &whole) == ST_OK &&
		    (hear(s, cuts[i], &parts) != ST_OK ||
		     !span_eq(buf_span(&whole), buf_span(&parts))))
			abort();
		buf_fini(&whole);
		buf_fini(&parts);
	}
	return 0;
}
