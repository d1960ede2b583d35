#include "source/covers.h"

#include <string.h>

#include "base/str.h"
#include "source/kind.h"
#include "source/url.h"

#define DECODED_MAX 4096 /* bytes of a path, or of a value in a query */

/*
 * Names of options and in queries that say where to connect, by what program,
 * or with less care for the password on its way.
 */
static const char *const leading[] = {
    "endpoint", "host",        "hosts",      "server",  "servers", "proxy",
    "auth_url", "identity",    "realm",      "kdc",     "account", "authority",
    "address",  "url",         "gateway",    "connect", "driver",  "dsn",
    "tls",      "certificate", "proxy_auth",
};

/* A region is a part of a host's name and no more. */
static bool
is_region(struct span value)
{
	for (size_t i = 0; i < value.len; i++) {
		uint8_t c = value.ptr[i];

		if (c != '-' && !(c >= '0' && c <= '9') &&
		    !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
			return false;
	}
	return true;
}

static bool
holds(struct span value, const char *part)
{
	return value.len > 0 &&
	       memmem(value.ptr, value.len, part, strlen(part)) != NULL;
}

static uint16_t
port_of(const struct url *u)
{
	const struct kind *k = kind_find(u->scheme);
	uint64_t n = 0;
	size_t len = 0;

	if (u->port != 0 || k == NULL)
		return u->port;
	while (k->ports[len] >= '0' && k->ports[len] <= '9')
		len++;
	if (str_to_u64(span_of(k->ports, len), 1, UINT16_MAX, &n) != ST_OK)
		return 0;
	return (uint16_t)n;
}

static bool
same_word(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		uint8_t x = a.ptr[i], y = b.ptr[i];

		if (x >= 'A' && x <= 'Z')
			x |= 0x20;
		if (y >= 'A' && y <= 'Z')
			y |= 0x20;
		if (x != y)
			return false;
	}
	return true;
}

/* ---- paths ---- */

/* A part that leads elsewhere than it says. */
static bool
strays(struct span path)
{
	struct span part;

	while (str_next(&path, '/', &part))
		if (str_is(part, ".") || str_is(part, ".."))
			return true;
	return false;
}

static bool
path_within(struct span scope, struct span path)
{
	if (scope.len == 0 || str_is(scope, "/"))
		return true;
	if (path.len < scope.len || memcmp(path.ptr, scope.ptr, scope.len) != 0)
		return false;
	return scope.ptr[scope.len - 1] == '/' || path.len == scope.len ||
	       path.ptr[scope.len] == '/';
}

static bool
paths_fit(const struct url *scope, const struct url *target)
{
	struct buf a, b;
	bool good;

	buf_init(&a, DECODED_MAX);
	buf_init(&b, DECODED_MAX);
	good = url_decode(scope->path, &a) == ST_OK &&
	       url_decode(target->path, &b) == ST_OK;
	if (good && a.len > 1)
		good = !strays(buf_span(&b)) &&
		       path_within(buf_span(&a), buf_span(&b));
	buf_fini(&a);
	buf_fini(&b);
	return good;
}

/* ---- what else leads somewhere ---- */

static bool
leads(struct span name, struct span value)
{
	for (size_t i = 0; i < sizeof(leading) / sizeof(leading[0]); i++)
		if (str_is(name, leading[i]))
			return true;
	if (str_is(name, "region"))
		return !is_region(value);
	return holds(value, "//") || holds(value, "%2");
}

/* The next name=value of a query. */
static bool
next_part(struct span *query, struct span *name, struct span *value)
{
	struct span part;
	size_t n;

	if (query->len == 0 || !str_next(query, '&', &part))
		return false;
	n = str_find(part, '=');
	*name = span_of(part.ptr, n);
	*value = span_skip(part, n + 1);
	return true;
}

static struct span
query_find(struct span query, struct span wanted)
{
	struct span name, value;

	while (next_part(&query, &name, &value))
		if (span_eq(name, wanted))
			return value;
	return span_of(NULL, 0);
}

/* The value as it is used: that of the scope is still as in a query. */
static bool
allowed(const struct url *scope, struct span name, struct span value)
{
	struct span have = query_find(scope->query, name);
	struct buf plain;
	bool good;

	if (have.ptr == NULL)
		return !leads(name, value);
	buf_init(&plain, DECODED_MAX);
	good = url_decode(have, &plain) == ST_OK &&
	       span_eq(buf_span(&plain), value);
	buf_fini(&plain);
	return good;
}

static bool
query_allowed(const struct url *scope, struct span query)
{
	struct span name, value;
	struct buf plain;
	bool good = true;

	buf_init(&plain, DECODED_MAX);
	while (good && next_part(&query, &name, &value)) {
		buf_clear(&plain);
		good = url_decode(value, &plain) == ST_OK &&
		       allowed(scope, name, buf_span(&plain));
	}
	buf_fini(&plain);
	return good;
}

/* What the scope asks for is there, by one way or the other. */
static bool
is_said(const struct url *target, struct pairs options, struct span wanted)
{
	struct span name, value;

	if (query_find(target->query, wanted).ptr != NULL)
		return true;
	while (pairs_next(&options, &name, &value))
		if (span_eq(name, wanted))
			return true;
	return false;
}

static bool
leads_nowhere_else(const struct url *scope, const struct url *target,
		   struct pairs options)
{
	struct span rest = scope->query, name, value;
	struct pairs w = options;

	if (!query_allowed(scope, target->query))
		return false;
	while (pairs_next(&w, &name, &value))
		if (!allowed(scope, name, value))
			return false;
	while (next_part(&rest, &name, &value))
		if (!is_said(target, options, name))
			return false;
	return true;
}

/* ---- the door ---- */

bool
covers_scope(struct span scope)
{
	struct url u;

	return url_parse(scope, &u) == ST_OK && u.host.len > 0 &&
	       kind_find(u.scheme) != NULL;
}

bool
covers(struct span scope, struct span target, struct pairs options)
{
	struct url s, t;

	if (!covers_scope(scope) || url_parse(scope, &s) != ST_OK ||
	    url_parse(target, &t) != ST_OK)
		return false;
	return span_eq(s.scheme, t.scheme) && same_word(s.host, t.host) &&
	       port_of(&s) == port_of(&t) &&
	       (s.user.len == 0 || span_eq(s.user, t.user)) &&
	       paths_fit(&s, &t) && leads_nowhere_else(&s, &t, options);
}
