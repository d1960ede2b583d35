#include "source/url.h"

#include <string.h>

#include "base/codec.h"
#include "base/str.h"
#include "source/source.h"

/* Host and port; a host in brackets may hold colons. */
static enum status
take_host(struct span s, struct url *u)
{
	struct span port;
	uint64_t n = 0;
	size_t at;

	if (s.len > 0 && s.ptr[0] == '[') {
		at = str_find(s, ']');
		if (at == s.len)
			return ST_MALFORMED;
		u->host = span_of(s.ptr + 1, at - 1);
		s = span_skip(s, at + 1);
		if (s.len > 0 && s.ptr[0] != ':')
			return ST_MALFORMED;
		port = span_skip(s, 1);
	} else {
		at = str_find(s, ':');
		u->host = span_of(s.ptr, at);
		port = span_skip(s, at + 1);
	}
	if (u->host.len >= URL_HOST_MAX || str_find(u->host, 0) < u->host.len)
		return ST_MALFORMED;
	if (port.len > 0 && str_to_u64(port, 1, UINT16_MAX, &n) != ST_OK)
		return ST_MALFORMED;
	u->port = (uint16_t)n;
	return ST_OK;
}

enum status
url_parse(struct span target, struct url *out)
{
	struct url u = {.scheme = source_scheme(target)};
	struct span rest, authority;
	const uint8_t *at;
	size_t n;
	enum status st;

	if (u.scheme.len == 0)
		return ST_MALFORMED;
	rest = span_skip(target, u.scheme.len + 3);
	for (n = 0; n < rest.len && rest.ptr[n] != '/' && rest.ptr[n] != '?';)
		n++;
	authority = span_of(rest.ptr, n);
	rest = span_skip(rest, n);
	n = str_find(rest, '?');
	u.path = span_of(rest.ptr, n);
	u.query = span_skip(rest, n + 1);
	at = authority.len == 0 ? NULL
				: memrchr(authority.ptr, '@', authority.len);
	if (at != NULL) {
		n = (size_t)(at - authority.ptr);
		u.user = span_of(authority.ptr, n);
		authority = span_skip(authority, n + 1);
		if (str_find(u.user, ':') < u.user.len)
			return ST_DENIED;
	}
	st = take_host(authority, &u);
	if (st == ST_OK)
		*out = u;
	return st;
}

enum status
url_decode(struct span s, struct buf *to)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < s.len; i++) {
		uint8_t c = s.ptr[i];

		if (c == '%' && s.len - i > 2 &&
		    codec_digit(s.ptr[i + 1]) >= 0 &&
		    codec_digit(s.ptr[i + 2]) >= 0) {
			c = (uint8_t)(codec_digit(s.ptr[i + 1]) * 16 +
				      codec_digit(s.ptr[i + 2]));
			i += 2;
		}
		st = buf_add_byte(to, c);
	}
	return st;
}

enum status
url_encode(struct span name, struct buf *to)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < name.len; i++) {
		uint8_t c = name.ptr[i];

		if (c < 0x20 || c == 0x7f || c == '%' || c == '?' || c == '#')
			st = buf_addf(to, "%%%02X", c);
		else
			st = buf_add_byte(to, c);
	}
	return st;
}

enum status
url_root(const struct url *u, struct buf *to)
{
	const bool six = str_find(u->host, ':') < u->host.len;
	enum status st = buf_add(to, u->scheme.ptr, u->scheme.len);

	if (st == ST_OK)
		st = buf_add_str(to, "://");
	if (st == ST_OK && u->user.len > 0) {
		st = buf_add(to, u->user.ptr, u->user.len);
		if (st == ST_OK)
			st = buf_add_byte(to, '@');
	}
	if (st == ST_OK)
		st = buf_addf(to, "%s%.*s%s", six ? "[" : "", (int)u->host.len,
			      (const char *)u->host.ptr, six ? "]" : "");
	if (st == ST_OK && u->port != 0)
		st = buf_addf(to, ":%u", u->port);
	return st;
}

struct span
url_query(const struct url *u, const char *name)
{
	struct span rest = u->query, part;

	while (str_next(&rest, '&', &part)) {
		size_t n = str_find(part, '=');

		if (n < part.len && str_is(span_of(part.ptr, n), name))
			return span_of(part.ptr + n + 1, part.len - n - 1);
	}
	return span_of(NULL, 0);
}
