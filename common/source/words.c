#include "source/words.h"

#include <string.h>

#include "base/codec.h"
#include "base/str.h"

#define HEAD 5 /* NUL and length */

enum status
words_add(uint8_t *to, size_t room, size_t *len, struct span name,
	  struct span value)
{
	uint8_t *at = to + *len;

	if (name.len == 0 || name.len > WORDS_NAME_MAX ||
	    memchr(name.ptr, 0, name.len) != NULL)
		return ST_MALFORMED;
	if (room > WORDS_MAX)
		room = WORDS_MAX;
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
words_next(struct words *w, struct span *name, struct span *value)
{
	struct span rest = w->bytes;
	size_t n = str_find(rest, 0);
	uint32_t len;

	if (n == 0 || n > WORDS_NAME_MAX || rest.len - n < HEAD)
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
words_find(struct words w, const char *name)
{
	struct span have, value;

	while (words_next(&w, &have, &value))
		if (str_is(have, name))
			return value;
	return span_of(NULL, 0);
}

enum status
words_copy(struct words w, const char *name, char *dst, size_t room)
{
	struct span value = words_find(w, name);

	return value.ptr == NULL ? ST_NOTFOUND : str_copy(dst, room, value);
}

bool
words_check(struct span bytes)
{
	struct words w = {bytes};
	struct span name, value;

	if (bytes.len > WORDS_MAX)
		return false;
	while (words_next(&w, &name, &value))
		;
	return w.bytes.len == 0;
}
