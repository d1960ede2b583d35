#include "master/core/address.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/utf.h"
#include "source/url.h"

#define KEEP_IT                                                                \
	" Keep it where it is used: `trawl-proxy-agent credential add NAME` "  \
	"on each proxy that may read the target, and give that NAME here."

/* Names of what is a secret, in queries and options of any kind of target. */
static const char *const secrets[] = {
    "password",   "passwd",        "pass",        "pwd",         "passphrase",
    "secret",     "client_secret", "token",       "sig",         "signature",
    "sas",        "key",           "apikey",      "api_key",     "access_key",
    "secret_key", "accountkey",    "account_key", "private_key", "cookie",
};

static bool
same(struct span s, const char *word)
{
	return s.len == strlen(word) &&
	       (s.len == 0 ||
		strncasecmp((const char *)s.ptr, word, s.len) == 0);
}

static bool
is_secret(struct span name)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (same(name, secrets[i]))
			return true;
	return false;
}

/* A value that is one by its looks, whatever it is called. */
static bool
looks_secret(struct span v)
{
	struct url u;

	if (v.len == 0)
		return false;
	if (memmem(v.ptr, v.len, "-----BEGIN ", 11) != NULL)
		return true;
	return url_parse(v, &u) == ST_DENIED;
}

/* "a=1&b=2" or "A=1;B=2": whether a name in it is that of a secret. */
static bool
names_secret(struct span query)
{
	for (size_t from = 0, i = 0; i <= query.len; i++) {
		struct span part;

		if (i < query.len && query.ptr[i] != '&' && query.ptr[i] != ';')
			continue;
		part = span_of(query.ptr + from, i - from);
		from = i + 1;
		if (is_secret(span_of(part.ptr, str_find(part, '='))) ||
		    looks_secret(span_skip(part, str_find(part, '=') + 1)))
			return true;
	}
	return false;
}

bool
address_line(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
			return false;
	return utf_valid(s);
}

static enum status
say(struct buf *why, enum status st, const char *text)
{
	return buf_add_str(why, text) == ST_OK ? st : ST_NOMEM;
}

enum status
address_check(struct span url, const struct kind **kind, struct buf *why)
{
	struct url u;
	enum status st = url_parse(url, &u);

	if (st == ST_DENIED)
		return say(why, st, "The address holds a password." KEEP_IT);
	if (st != ST_OK || url.len > ADDRESS_MAX || !address_line(url))
		return say(why, ST_MALFORMED,
			   "The address is not well formed: "
			   "sftp://USER@HOST/PATH is one.");
	*kind = kind_find(u.scheme);
	if (*kind == NULL)
		return say(why, ST_UNSUPPORTED,
			   "No kind of target has that scheme.");
	if (names_secret(u.query))
		return say(why, ST_DENIED,
			   "The address holds a secret." KEEP_IT);
	if (u.host.len == 0)
		return say(why, ST_MALFORMED, "The address names no host.");
	return ST_OK;
}

enum status
address_server(struct span url, struct buf *to)
{
	const struct kind *k = NULL;
	struct url u;
	uint16_t port = 0;
	enum status st = url_parse(url, &u);

	if (st == ST_OK)
		k = kind_find(u.scheme);
	if (k == NULL)
		return buf_add(to, url.ptr, url.len);
	port = kind_port(k, &u);
	if (port == 0)
		st = buf_addf(to, "%s://", k->scheme);
	for (size_t i = 0; st == ST_OK && i < u.host.len; i++)
		st = buf_add_byte(to, (uint8_t)tolower(u.host.ptr[i]));
	return st == ST_OK && port != 0 ? buf_addf(to, ":%u", port) : st;
}

enum status
address_option(const struct kind *kind, struct span name, struct span value,
	       struct buf *why)
{
	const int n = name.len > 64 ? 64 : (int)name.len;
	const char *text = (const char *)name.ptr;
	enum status st;

	if (!address_line(name) || !address_line(value) ||
	    value.len > ADDRESS_TEXT_MAX)
		return say(why, ST_MALFORMED,
			   "An option is one line, of at most 4,096 bytes.");
	if (str_is(name, "accept_host_key"))
		return say(
		    why, ST_DENIED,
		    "A host is known by the fingerprint of its key, which "
		    "a person approves: give it as host_key.");
	if (name.len > 0 && str_listed(kind->options, name)) {
		if (!looks_secret(value))
			return ST_OK;
		st = buf_addf(why, "The option %.*s holds a secret." KEEP_IT, n,
			      text);
		return st == ST_OK ? ST_DENIED : st;
	}
	if (is_secret(name) || str_listed(kind->access, name)) {
		st = buf_addf(why,
			      "%.*s is part of a credential, which the master "
			      "never holds." KEEP_IT,
			      n, text);
		return st == ST_OK ? ST_DENIED : st;
	}
	st =
	    buf_addf(why, "%s:// has no option %.*s; it has: %s.", kind->scheme,
		     n, text, kind->options[0] != 0 ? kind->options : "none");
	return st == ST_OK ? ST_UNSUPPORTED : st;
}

struct span
address_name(struct span url)
{
	struct span rest = span_skip(url, str_find(url, ':') + 3);
	size_t end = str_find(rest, '?'), at;

	if (end == 0)
		return url;
	rest = span_of(rest.ptr, end);
	at = str_find(span_of(rest.ptr, str_find(rest, '/')), '@');
	if (at < str_find(rest, '/'))
		rest = span_skip(rest, at + 1);
	while (rest.ptr != NULL && rest.len > 1 &&
	       rest.ptr[rest.len - 1] == '/')
		rest.len--;
	if (rest.len > ADDRESS_NAME_MAX)
		rest.len =
		    utf_valid_prefix(span_of(rest.ptr, ADDRESS_NAME_MAX));
	return rest;
}
