/*
 * A document of MongoDB becomes fields, or nothing that is told: what is put is
 * a record, then whole fields whose pieces are within their limits, and never
 * more bytes than a document can explain.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/codec.h"
#include "model/fields.h"
#include "proxy-agent/data/mongo_bson.h"

/* Over a length and its bytes; gives the length. */
static size_t
pass(struct span *s, size_t most)
{
	size_t n;

	if (s->len < 4)
		abort();
	n = codec_get32(s->ptr);
	if (n > most || n > s->len - 4)
		abort();
	*s = span_skip(*s, n + 4);
	return n;
}

static void
take_field(struct span *s)
{
	if (s->len == 0 || s->ptr[0] > (FIELDS_BINARY | FIELDS_LABEL))
		abort();
	*s = span_skip(*s, 1);
	(void)pass(s, FIELDS_NAME);
	while (pass(s, FIELDS_PIECE) > 0)
		;
}

static void
check(struct span s)
{
	bool record = false;

	while (s.len > 0) {
		uint8_t tag = s.ptr[0];

		s = span_skip(s, 1);
		if (tag == 'K' && !record) {
			(void)pass(&s, FIELDS_NAME);
			record = true;
		} else if (tag == 'F' && record) {
			take_field(&s);
		} else {
			abort();
		}
	}
	if (!record)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span document = span_of(data, size);
	struct span bytes;
	struct buf to;
	enum status st;

	buf_init(&to, (size_t)8 << 20);
	st = mongo_bson_put(&to, document);
	if (st == ST_OK)
		check(buf_span(&to));
	else if (st != ST_MALFORMED && st != ST_LIMIT)
		abort();
	if (mongo_bson_bytes(document, "data", &bytes) == ST_OK &&
	    bytes.len > 0 &&
	    (bytes.ptr < data || bytes.ptr + bytes.len > data + size))
		abort();
	buf_fini(&to);
	return 0;
}
