/*
 * Properties: what an answer of Exchange tells has an id, a glance at any part
 * of it ends, and an object inside an answer is the same however it is cut.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "proxy-agent/session/inner.h"
#include "proxy-agent/session/soap.h"

static void
tell(void *arg, const struct soap_element *e)
{
	(void)arg;
	if (e->id.len == 0 || e->id.len > SOAP_ID || e->name.len > SOAP_TEXT)
		abort();
}

static enum status
decode(struct span s, size_t cut, struct buf *to)
{
	static const struct inner_form form = {"Mime", '>', '<'};
	uint8_t *out = malloc(s.len + 1);
	struct inner i;
	size_t got;
	enum status st;

	if (out == NULL)
		abort();
	inner_init(&i, &form);
	st = inner_feed(&i, span_of(s.ptr, cut), out, &got);
	if (got > cut || buf_add(to, out, got) != ST_OK)
		abort();
	if (st == ST_OK) {
		st = inner_feed(&i, span_skip(s, cut), out, &got);
		if (got > s.len - cut || buf_add(to, out, got) != ST_OK)
			abort();
	}
	free(out);
	return st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, parts;
	struct soap_answer a;

	if (size == 0 || size > 65536)
		return 0;
	if (soap_read(span_of(data, size), tell, NULL, &a) == ST_OK &&
	    a.st == ST_OK && a.code[0] == 0)
		abort();
	soap_glance(span_of(data, size), &a);
	if (memchr(a.code, 0, sizeof(a.code)) == NULL ||
	    memchr(a.text, 0, sizeof(a.text)) == NULL)
		abort();
	buf_init(&whole, 1u << 20);
	buf_init(&parts, 1u << 20);
	if (decode(span_of(data, size), 0, &whole) !=
		decode(span_of(data, size), data[size - 1] % size, &parts) ||
	    !span_eq(buf_span(&whole), buf_span(&parts)))
		abort();
	buf_fini(&whole);
	buf_fini(&parts);
	return 0;
}
