#include "proxy-agent/odbc/connect.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/odbc/wide.h"
#include "source/pairs.h"

#define VALUE_CAP ((size_t)64 << 10)
#define WORDS_CAP ((size_t)128 << 10)

static enum status
say(struct buf *why, const char *words, enum status st)
{
	if (why != NULL && buf_add_str(why, words) != ST_OK)
		return ST_NOMEM;
	return st;
}

/* Some drivers take braces for a part of the value: only where they must be. */
static bool
is_plain(struct span value)
{
	static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz"
				   "0123456789_.:/-@";

	for (size_t i = 0; i < value.len; i++)
		if (memchr(safe, value.ptr[i], sizeof(safe) - 1) == NULL)
			return false;
	return true;
}

/* {value}, a } in it doubled. */
static enum status
add_quoted(struct buf *to, struct span value)
{
	enum status st = ST_OK;

	if (is_plain(value))
		return buf_add(to, value.ptr, value.len);
	st = buf_add_byte(to, '{');
	for (size_t i = 0; st == ST_OK && i < value.len; i++) {
		if (value.ptr[i] == 0)
			return ST_MALFORMED;
		if (value.ptr[i] == '}')
			st = buf_add_byte(to, '}');
		if (st == ST_OK)
			st = buf_add_byte(to, value.ptr[i]);
	}
	return st == ST_OK ? buf_add_byte(to, '}') : st;
}

static enum status
add_host(struct buf *to, const char *host)
{
	const bool six = strchr(host, ':') != NULL;

	return buf_addf(to, six ? "[%s]" : "%s", host);
}

/* The value that stands for a name, not quoted yet. */
static enum status
value_of(struct buf *to, struct span name, const struct product *p,
	 const struct sql_to *t)
{
	struct span driver = pairs_find(t->options, "driver");
	struct span server = pairs_find(t->options, "server");
	enum status st = ST_OK;

	if (str_is(name, "driver"))
		return driver.ptr != NULL ? buf_add(to, driver.ptr, driver.len)
					  : buf_add_str(to, p->driver);
	if (str_is(name, "server"))
		return buf_add(to, server.ptr, server.len);
	if (str_is(name, "host"))
		return buf_add_str(to, t->host);
	if (str_is(name, "port"))
		return buf_addf(to, "%u", t->port);
	if (str_is(name, "database"))
		return buf_add_str(to, t->database);
	if (str_is(name, "user"))
		return buf_add_str(to, t->user);
	if (str_is(name, "password"))
		return buf_add_str(to, t->password != NULL ? t->password : "");
	if (!str_is(name, "host_port") && !str_is(name, "service"))
		return ST_NOTFOUND;
	st = add_host(to, t->host);
	if (st == ST_OK)
		st = buf_addf(to, ":%u", t->port);
	if (st == ST_OK && str_is(name, "service"))
		st = buf_addf(to, "/%s", t->database);
	return st;
}

static enum status
add_value(struct buf *to, struct span name, const struct product *p,
	  const struct sql_to *t)
{
	struct buf value;
	enum status st;

	buf_init(&value, VALUE_CAP);
	st = value_of(&value, name, p, t);
	if (st == ST_OK)
		st = add_quoted(to, buf_span(&value));
	buf_fini(&value);
	return st;
}

/* Names between braces become values; other braces stay as they are. */
static enum status
fill(struct buf *to, struct span pattern, const struct product *p,
     const struct sql_to *t)
{
	enum status st = ST_OK;

	while (st == ST_OK && pattern.len > 0) {
		const uint8_t first = pattern.ptr[0];
		const uint8_t *end =
		    first == '{' ? memchr(pattern.ptr, '}', pattern.len) : NULL;
		size_t len = end == NULL ? 0 : (size_t)(end - pattern.ptr) - 1;

		st = end == NULL
			 ? ST_NOTFOUND
			 : add_value(to, span_of(pattern.ptr + 1, len), p, t);
		pattern = span_skip(pattern, st == ST_OK ? len + 2 : 1);
		if (st == ST_NOTFOUND)
			st = buf_add_byte(to, first);
	}
	return st;
}

static enum status
check(const struct product *p, const struct sql_to *t, struct buf *why)
{
	bool own = pairs_find(t->options, "connect").ptr != NULL;

	if (!own && p->driver == NULL &&
	    pairs_find(t->options, "driver").ptr == NULL)
		return say(why,
			   "no driver is named: option driver=NAME, as "
			   "odbcinst -q -d lists them",
			   ST_UNSUPPORTED);
	if (!own && p->tls == NULL && !t->here && !t->clear)
		return say(why,
			   "nothing is known that keeps others on the way from "
			   "reading the password: write what its driver needs "
			   "for TLS into option connect, or allow it by option "
			   "tls=no",
			   ST_DENIED);
	return ST_OK;
}

enum status
connect_words(struct buf *to, const struct product *p, const struct sql_to *t,
	      struct buf *why)
{
	struct span own = pairs_find(t->options, "connect");
	struct buf text;
	enum status st = check(p, t, why);

	buf_init(&text, WORDS_CAP);
	if (st == ST_OK)
		st = fill(&text, own.ptr != NULL ? own : span_str(p->connect),
			  p, t);
	if (st == ST_OK && own.ptr == NULL && p->tls != NULL && !t->here &&
	    !t->clear)
		st = buf_add_str(&text, p->tls);
	if (st == ST_OK)
		st = wide_of(to, buf_span(&text));
	if (st == ST_MALFORMED)
		st = say(why, "a value of the connection is not UTF-8", st);
	buf_fini(&text);
	return st;
}
