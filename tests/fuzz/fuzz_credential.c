#include <stdlib.h>
#include <string.h>

#include "source/covers.h"
#include "source/credential.h"
#include "source/pairs.h"
#include "source/url.h"

#define ROOM 512

/*
 * A file of credentials and the name of a target, from anybody: nothing is
 * written behind the room, what comes out is sound, and a name that was put
 * into a path comes back out of it.
 */
static void
try_url(struct span s)
{
	struct buf there, back;
	struct url u;

	if (url_parse(s, &u) == ST_OK &&
	    (u.scheme.len + u.host.len + u.path.len + u.query.len > s.len ||
	     u.host.len >= URL_HOST_MAX))
		abort();
	buf_init(&there, 3 * s.len + 1);
	buf_init(&back, s.len + 1);
	if (url_encode(s, &there) != ST_OK ||
	    url_decode(buf_span(&there), &back) != ST_OK ||
	    !span_eq(buf_span(&back), s))
		abort();
	buf_fini(&there);
	buf_fini(&back);
}

/* Values are sound, and a scope covers no other host than its own. */
static enum status
on_scope(void *arg, struct span scope, struct pairs values)
{
	const struct span other = span_str("sftp://elsewhere.example/");
	struct url u;

	(void)arg;
	if (!pairs_check(values.bytes))
		abort();
	if (covers(scope, other, (struct pairs){0}) &&
	    (url_parse(scope, &u) != ST_OK || u.host.len != 17))
		abort();
	return ST_OK;
}

static void
try_each(struct span in)
{
	uint8_t room[ROOM + 1];
	const char *why;
	enum status st;

	room[ROOM] = 0x5a;
	st = credential_each(in, room, ROOM, on_scope, NULL, &why);
	if (room[ROOM] != 0x5a || (st == ST_MALFORMED && why[0] == 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span in = span_of(data, size);
	uint8_t room[ROOM + 1];
	const char *why;
	size_t len = 0;
	enum status st;

	room[ROOM] = 0x5a;
	st =
	    credential_pick(in, span_str("sftp://h/a"), room, ROOM, &len, &why);
	if (room[ROOM] != 0x5a || len > ROOM ||
	    (st == ST_OK && !pairs_check(span_of(room, len))) ||
	    (st == ST_MALFORMED && why[0] == 0))
		abort();
	try_url(in);
	try_each(in);
	return 0;
}
