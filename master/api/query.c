#include "master/api/query.h"

#include "base/codec.h"
#include "base/str.h"
#include "base/utf.h"

/* The byte at *at, which moves on; -1 when it is not well formed. */
static int
decode_one(struct span raw, bool form, size_t *at)
{
	uint8_t c = raw.ptr[(*at)++];
	int high, low;

	if (c == '+' && form)
		return ' ';
	if (c != '%')
		return c == 0 ? -1 : c;
	if (raw.len - *at < 2)
		return -1;
	high = codec_digit(raw.ptr[*at]);
	low = codec_digit(raw.ptr[*at + 1]);
	*at += 2;
	if (high < 0 || low < 0 || (high == 0 && low == 0))
		return -1;
	return high * 16 + low;
}

enum status
query_decode(struct span raw, bool form, struct arena *a, struct span *out)
{
	uint8_t *to = arena_take(a, raw.len + 1);
	size_t at = 0, n = 0;

	if (to == NULL)
		return ST_LIMIT;
	while (at < raw.len) {
		int c = decode_one(raw, form, &at);

		if (c < 0)
			return ST_MALFORMED;
		to[n++] = (uint8_t)c;
	}
	if (!utf_valid(span_of(to, n)))
		return ST_MALFORMED;
	*out = span_of(to, n);
	return ST_OK;
}

static enum status
parse_pair(struct span part, struct arena *a, struct query_pair *pair)
{
	size_t cut = str_find(part, '=');
	enum status st =
	    query_decode(span_of(part.ptr, cut), true, a, &pair->name);

	if (st != ST_OK)
		return st;
	return query_decode(span_skip(part, cut + 1), true, a, &pair->value);
}

enum status
query_parse(struct span raw, struct arena *a, struct query *out)
{
	struct span part;

	out->count = 0;
	while (str_next(&raw, '&', &part)) {
		enum status st;

		if (part.len == 0)
			continue;
		if (out->count == QUERY_MAX)
			return ST_LIMIT;
		st = parse_pair(part, a, &out->pairs[out->count]);
		if (st != ST_OK)
			return st;
		out->count++;
	}
	return ST_OK;
}

const struct query_pair *
query_find(const struct query *q, const char *name)
{
	for (size_t i = 0; i < q->count; i++)
		if (str_is(q->pairs[i].name, name))
			return &q->pairs[i];
	return NULL;
}

size_t
query_count(const struct query *q, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < q->count; i++)
		n += str_is(q->pairs[i].name, name);
	return n;
}
