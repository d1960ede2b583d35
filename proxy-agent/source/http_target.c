#include "proxy-agent/source/http_target.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "proxy-agent/session/patience.h"

void
target_why(const struct source_target *t, const char *format, ...)
{
	char text[512];
	va_list list;

	if (t->why == NULL)
		return;
	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	buf_clear(t->why);
	if (buf_add_str(t->why, text) != ST_OK)
		buf_clear(t->why);
}

bool
target_flag(const struct source_target *t, const char *name, bool unless)
{
	bool is = unless;

	if (str_to_bool(source_option(t, name), &is) != ST_OK)
		return unless;
	return is;
}

enum status
target_number(const struct source_target *t, const char *name, uint64_t max,
	      uint64_t *out)
{
	struct span v = source_option(t, name);

	if (v.ptr == NULL || str_to_u64(v, 0, max, out) == ST_OK)
		return ST_OK;
	target_why(t, "the option %s is a number up to %llu", name,
		   (unsigned long long)max);
	return ST_USAGE;
}

enum status
http_target_limits(const struct source_target *t, struct http_limits *l)
{
	static const char *const names[] = {"rate",  "sessions",  "tries",
					    "pause", "pause_max", "resumes"};
	struct patience p = patience_of(&t->options);

	*l = http_limits_default;
	l->connect_ms = p.connect_ms;
	l->stall_ms = p.answer_ms > p.idle_ms ? p.answer_ms : p.idle_ms;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct span v = source_option(t, names[i]);

		if (v.ptr == NULL || http_limit_set(l, names[i], v) == ST_OK)
			continue;
		target_why(t, "the option %s is not a value that it may have",
			   names[i]);
		return ST_USAGE;
	}
	return ST_OK;
}

struct http_way
http_target_way(const struct source_target *t)
{
	return (struct http_way){
	    .proxy = source_option(t, "proxy"),
	    .user = source_access(t, "proxy_user"),
	    .password = source_access(t, "proxy_password"),
	    .basic = str_is(source_option(t, "proxy_auth"), "basic"),
	};
}

static enum status
set_auth(const struct source_target *t, unsigned *auth)
{
	static const struct {
		const char *name;
		unsigned auth;
	} ways[] = {{"any", HTTP_ANY},
		    {"basic", HTTP_BASIC},
		    {"digest", HTTP_DIGEST},
		    {"ntlm", HTTP_NTLM}};
	struct span v = source_option(t, "auth");

	*auth = HTTP_ANY;
	if (v.ptr == NULL)
		return ST_OK;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (str_is(v, ways[i].name)) {
			*auth = ways[i].auth;
			return ST_OK;
		}
	target_why(t, "the option auth is one of any, basic, digest, ntlm");
	return ST_USAGE;
}

enum status
http_target_open(const struct source_target *t,
		 const struct http_target_use *use, struct http **out)
{
	struct http_options o = {
	    .site = use->site,
	    .user = source_access(t, "user"),
	    .password = source_access(t, "password"),
	    .token = source_access(t, "token"),
	    .cookie = source_access(t, "cookie"),
	    .ca = source_access(t, "ca"),
	    .ca_file = source_option(t, "ca_file"),
	    .way = http_target_way(t),
	    .any_certificate = str_is(source_option(t, "certificate"), "any"),
	    .pace = t->pace,
	};
	enum status st = http_target_limits(t, &o.limits);

	if (st == ST_OK)
		st = set_auth(t, &o.auth);
	if (st != ST_OK)
		return st;
	if (o.user.len == 0)
		o.user = use->user;
	if (use->own_sign)
		o.user = o.password = o.token = o.cookie = span_of(NULL, 0);
	st = http_open(&o, out);
	if (st == ST_USAGE)
		target_why(t, "the option proxy is the address of a proxy, as "
			      "in http://proxy.example:3128");
	if (st == ST_MALFORMED) {
		target_why(t, "a name or secret of the credential holds a "
			      "line end, which HTTP cannot send");
		st = ST_USAGE;
	}
	return st;
}
