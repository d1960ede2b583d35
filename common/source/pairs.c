#include "source/pairs.h"

#include <string.h>

#include "base/codec.h"
#include "base/str.h"

#define HEAD 5 /* NUL and length */

enum status
pairs_add(uint8_t *to, size_t room, size_t *len, struct span name,
	  struct span value)
{
	uint8_t *at = to + *len;

	if (name.len == 0 || name.len > PAIRS_NAME_MAX ||
	    memchr(name.ptr, 0, name.len) != NULL)
		return ST_MALFORMED;
	if (room > PAIRS_MAX)
		room = PAIRS_MAX;
	if (*len > room || name.len + HEAD > room - *len ||
	    value.len > room - *len - name.len - HEAD)
		return ST_LIMIT;
	memcpy(at, name.ptr, name.len);
	at[name.len] = 0;
	codec_put32(at + name.len + 1, (uint32_t)value.len);
	if (value.len > 0)
		memcpy(at + name.len + HEAD, value.ptr, value.len);
	*len += name.len + HEAD + value.len;
	return ST_OK;
}

bool
pairs_next(struct pairs *w, struct span *name, struct span *value)
{
	struct span rest = w->bytes;
	size_t n = str_find(rest, 0);
	uint32_t len;

	if (n == 0 || n > PAIRS_NAME_MAX || rest.len - n < HEAD)
		return false;
	len = codec_get32(rest.ptr + n + 1);
	*name = span_of(rest.ptr, n);
	rest = span_of(rest.ptr + n + HEAD, rest.len - n - HEAD);
	if (len > rest.len)
		return false;
	*value = span_of(rest.ptr, len);
	w->bytes = span_of(rest.ptr + len, rest.len - len);
	return true;
}

struct span
pairs_find(struct pairs w, const char *name)
{
	struct span have, value;

	while (pairs_next(&w, &have, &value))
		if (str_is(have, name))
			return value;
	return span_of(NULL, 0);
}

enum status
pairs_copy(struct pairs w, const char *name, char *dst, size_t room)
{
	struct span value = pairs_find(w, name);

	return value.ptr == NULL ? ST_NOTFOUND : str_copy(dst, room, value);
}

struct pairs
pairs_before_zeros(struct span bytes)
{
	struct pairs w = {bytes};
	struct span name, value;

	while (pairs_next(&w, &name, &value))
		;
	return (struct pairs){span_of(bytes.ptr, bytes.len - w.bytes.len)};
}

bool
pairs_check(struct span bytes)
{
	struct pairs w = {bytes};
	struct span name, value;

	if (bytes.len > PAIRS_MAX)
		return false;
	while (pairs_next(&w, &name, &value))
		;
	return w.bytes.len == 0;
}
