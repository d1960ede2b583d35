#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "proxy-agent/session/http_state.h"

/* The first or next header of a name, from *at on. */
struct span
http_header_from(const struct http_call *c, const char *name, size_t *at)
{
	struct span none = {0};
	size_t n = strlen(name);

	while (*at < c->head.len) {
		const char *line = (const char *)c->head.data + *at;
		size_t len = strlen(line);

		*at += len + 1;
		if (len > n && line[n] == ':' &&
		    strncasecmp(line, name, n) == 0)
			return str_trim(span_of(line + n + 1, len - n - 1));
	}
	return none;
}

struct span
http_header(const struct http_call *c, const char *name)
{
	struct span last = {0}, v;
	size_t at = 0;

	while ((v = http_header_from(c, name, &at)).ptr != NULL)
		last = v;
	return last;
}

static void
read_type(struct http_call *c)
{
	struct span v = http_header(c, "content-type"), part;

	buf_clear(&c->type);
	for (size_t i = 0; i < v.len; i++) {
		uint8_t b = v.ptr[i];

		if (buf_add_byte(&c->type, b >= 'A' && b <= 'Z' ? b | 0x20 : b))
			break;
	}
	v = buf_span(&c->type);
	if (!str_next(&v, ';', &part))
		return;
	c->reply.type = str_trim(part);
	while (str_next(&v, ';', &part)) {
		part = str_trim(part);
		if (!str_starts(part, "charset="))
			continue;
		part = span_skip(part, 8);
		if (part.len >= 2 && part.ptr[0] == '"')
			part = span_of(part.ptr + 1, part.len - 2);
		c->reply.charset = part;
	}
}

static void
copy_to(struct buf *to, struct span v)
{
	buf_clear(to);
	if (buf_add(to, v.ptr, v.len) != ST_OK)
		buf_clear(to); /* no range is asked with it then */
}

void
http_read_reply(struct http_call *c)
{
	curl_off_t length = -1;
	struct span date;
	char text[64];
	long code = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &code);
	curl_easy_getinfo(c->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	c->reply =
	    (struct http_reply){.code = (unsigned)code, .length = length};
	read_type(c);
	copy_to(&c->etag, http_header(c, "etag"));
	date = http_header(c, "last-modified");
	copy_to(&c->date, date);
	c->reply.etag = buf_span(&c->etag);
	c->reply.location = http_header(c, "location");
	if (str_copy(text, sizeof(text), date) == ST_OK && text[0] != 0)
		c->reply.modified = curl_getdate(text, NULL);
	if (c->reply.modified < 0)
		c->reply.modified = 0;
}
