#include <inttypes.h>

#include "base/clock.h"
#include "base/str.h"
#include "proxy-agent/source/web/impl.h"

#define SETTLED_S 60 /* a time alone tells versions apart, older than this */

/*
 * A strong ETag says it alone (RFC 9110, 8.8.3). A weak one stands for what
 * means the same, so it takes two of: that, a time, a length. What changed just
 * now may change again within its second, and many ETags are made of that.
 */
static bool
is_sure(const struct http_reply *r)
{
	bool weak = str_starts(r->etag, "W/");
	int halves = weak + (r->modified > 0) + (r->length >= 0);

	if (r->modified + SETTLED_S >= clock_wall_s(clock_system()))
		return false;
	return (r->etag.len > 0 && !weak) || halves >= 2;
}

struct span
web_version(struct source *s, const struct http_reply *r)
{
	buf_clear(&s->version);
	if (s->known != NULL && is_sure(r) &&
	    buf_addf(&s->version, "%" PRId64 " %" PRId64 " %.*s", r->length,
		     r->modified, (int)r->etag.len,
		     (const char *)r->etag.ptr) != ST_OK)
		buf_clear(&s->version);
	return buf_span(&s->version);
}

bool
web_is_same(const struct source *s)
{
	return s->version.len > 0 &&
	       s->known->has(s->known->arg, buf_span(&s->path),
			     buf_span(&s->version));
}
