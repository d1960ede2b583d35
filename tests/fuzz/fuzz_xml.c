/*
 * Property: a list means the same whether it comes at once or in two pieces,
 * and only what stands in it is told.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "proxy-agent/session/xml.h"

static void
on_close(void *arg, const char *in, const char *name, struct span text)
{
	if (text.len > XML_TEXT ||
	    buf_addf(arg, "%s/%s=%.*s\n", in, name, (int)text.len,
		     (const char *)text.ptr) != ST_OK)
		abort();
}

static enum status
hear(struct span s, size_t cut, struct buf *to)
{
	const struct xml_hear h = {.close = on_close, .arg = to};
	struct xml *x;
	enum status st;

	if (xml_open(&h, &x) != ST_OK)
		abort();
	st = xml_feed(x, span_of(s.ptr, cut), false);
	if (st == ST_OK)
		st = xml_feed(x, span_skip(s, cut), true);
	xml_close(x);
	return st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, parts;

	if (size == 0 || size > 65536)
		return 0;
	buf_init(&whole, 1u << 28);
	buf_init(&parts, 1u << 28);
	if (hear(span_of(data, size), 0, &whole) ==
		hear(span_of(data, size), data[size - 1] % size, &parts) &&
	    !span_eq(buf_span(&whole), buf_span(&parts)))
		abort();
	buf_fini(&whole);
	buf_fini(&parts);
	return 0;
}
