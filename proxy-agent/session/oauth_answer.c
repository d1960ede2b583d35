#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/session/oauth_impl.h"
#include "proxy-agent/session/stream.h"

#define USUAL_MS 3000000 /* when no end was said */

static struct span
skip_blank(struct span s)
{
	while (s.len > 0 && (*s.ptr == ' ' || *s.ptr == '\n' ||
			     *s.ptr == '\r' || *s.ptr == '\t'))
		s = span_skip(s, 1);
	return s;
}

/*
 * The value of a name, a text without its quotes or a number: a copy of the
 * answer in a tree of JSON could not be wiped. Tokens hold no escapes.
 */
static struct span
answered(struct span s, const char *name)
{
	char quoted[64];
	const uint8_t *at;
	int n = snprintf(quoted, sizeof(quoted), "\"%s\"", name);

	at = s.len == 0 ? NULL : memmem(s.ptr, s.len, quoted, (size_t)n);
	if (at == NULL)
		return span_of(NULL, 0);
	s = skip_blank(span_skip(s, (size_t)(at - s.ptr) + (size_t)n));
	if (s.len == 0 || *s.ptr != ':')
		return span_of(NULL, 0);
	s = skip_blank(span_skip(s, 1));
	if (s.len > 0 && *s.ptr == '"') {
		s = span_skip(s, 1);
		return span_of(s.ptr, str_find(s, '"'));
	}
	for (n = 0; (size_t)n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9';)
		n++;
	return span_of(s.ptr, (size_t)n);
}

static bool
is_sound(struct span s)
{
	if (s.ptr == NULL || s.len > OAUTH_TOKEN_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7f || s.ptr[i] == '\\')
			return false;
	return s.len > 0;
}

static enum status
keep_in(struct vault *v, struct span s)
{
	enum status st = ST_OK;

	if (v->base == NULL)
		st = vault_open(OAUTH_TOKEN_MAX, v);
	if (st == ST_OK && s.ptr != NULL) {
		memcpy(v->base, s.ptr, s.len);
		v->len = s.len;
	}
	return st;
}

/* From here on the old one may be worth nothing. */
static enum status
renew(struct oauth *o, struct span refresh)
{
	struct span was = oauth_refresh(o);

	if (o->renewal != NULL && was.len > 0 && !span_eq(was, refresh))
		o->renewal->keep(o->renewal->arg, span_str("refresh_token"),
				 was, refresh);
	return keep_in(&o->refresh, refresh);
}

enum status
oauth_take(struct oauth *o, struct span s)
{
	struct span token = answered(s, "access_token");
	struct span refresh = answered(s, "refresh_token");
	uint64_t seconds = USUAL_MS / 1000, now;
	enum status st;

	if (!is_sound(token)) {
		snprintf(o->why, OAUTH_WHY,
			 "the place of sign-in gave no token");
		return ST_MALFORMED;
	}
	st = keep_in(&o->token, token);
	if (st == ST_OK && is_sound(refresh))
		st = renew(o, refresh);
	if (str_to_u64(answered(s, "expires_in"), 1, 365 * 86400, &seconds) !=
	    ST_OK)
		seconds = USUAL_MS / 1000;
	now = clock_mono_ms(clock_system());
	o->issued_ms = now;
	o->mark++;
	o->uses = 0;
	o->ends_ms = now + seconds * 1000;
	o->why[0] = 0;
	return st;
}

enum status
oauth_refuse(struct oauth *o, struct span s, unsigned code)
{
	char error[80], more[200];

	stream_words(error, sizeof(error), answered(s, "error"));
	stream_words(more, sizeof(more), answered(s, "error_description"));
	o->refused = code >= 400 && code < 500 && code != 408 && code != 429;
	snprintf(o->why, OAUTH_WHY, "the sign-in was refused (%u%s%s%s%s)",
		 code, error[0] != 0 ? " " : "", error,
		 more[0] != 0 ? ": " : "", more);
	return o->refused ? ST_DENIED : ST_IO;
}
