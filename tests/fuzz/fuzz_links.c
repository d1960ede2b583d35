/*
 * Properties: references found in a page are the same whether it comes at once
 * or in two pieces, and none is longer than the limit; what robots.txt says of
 * a path does not hang on what stands in it but on its rules, and robots.txt
 * itself may always be read.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "proxy-agent/source/web/links.h"
#include "proxy-agent/source/web/robots.h"

static void
on_link(void *arg, struct span ref)
{
	if (ref.len > LINKS_VALUE || buf_add(arg, ref.ptr, ref.len) != ST_OK ||
	    buf_add_byte(arg, '\n') != ST_OK)
		abort();
}

static void
read_page(struct span s, size_t cut, struct buf *to)
{
	const struct links_hear hear = {
	    .link = on_link, .base = on_link, .arg = to};
	struct links l;

	links_init(&l, &hear);
	links_feed(&l, span_of(s.ptr, cut));
	links_feed(&l, span_skip(s, cut));
	links_fini(&l);
}

static void
read_robots(struct span s)
{
	struct robots r;

	robots_init(&r);
	if (robots_parse(&r, s, "trawl") != ST_OK ||
	    !robots_allows(&r, span_str("/robots.txt")) ||
	    (r.rule_count == 0 && !robots_allows(&r, span_str("/x"))))
		abort();
	robots_fini(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span s = span_of(data, size);
	struct buf whole, parts;

	if (size == 0 || size > 65536)
		return 0;
	buf_init(&whole, 1u << 24);
	buf_init(&parts, 1u << 24);
	read_page(s, 0, &whole);
	read_page(s, data[size - 1] % size, &parts);
	if (!span_eq(buf_span(&whole), buf_span(&parts)))
		abort();
	read_robots(s);
	buf_fini(&whole);
	buf_fini(&parts);
	return 0;
}
