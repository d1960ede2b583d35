#ifndef UNIT_PROXY_AGENT_DATA_REDIS_SCRIPT_H
#define UNIT_PROXY_AGENT_DATA_REDIS_SCRIPT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* clang-format off */
#include <cmocka.h>
/* clang-format on */

#include "fake/script.h"
#include "proxy-agent/data/redis_wire.h"
#include "source/pairs.h"

/* A server that says one text, whatever it is asked, and a session with it. */
static inline struct redis *
redis_that_says(struct script *s, const char *text)
{
	const struct script_line lines[] = {{NULL, text}};
	const struct pairs none = {.bytes = span_of(NULL, 0)};
	struct stream_to to = {.host = "127.0.0.1",
			       .patience = patience_of(&none)};
	struct stream *stream;
	struct redis *r;

	script_start(s, lines, 1);
	to.port = s->port;
	assert_int_equal(stream_open(&to, &stream, NULL), ST_OK);
	assert_int_equal(redis_open(stream, &r), ST_OK);
	return r;
}

#endif
