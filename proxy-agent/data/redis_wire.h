#ifndef PROXY_AGENT_DATA_REDIS_WIRE_H
#define PROXY_AGENT_DATA_REDIS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/stream.h"

/*
 * redis_wire: commands to a Redis server and its answers (RESP2), of which many
 * may be under way: answers come in the order of the commands. What is large in
 * one is read in pieces, so that it may be larger than memory.
 *
 * Owner:   redis_close() takes NULL; it owns the stream from redis_open() on.
 * Threads: one at a time.
 * Errors:  ST_CLOSED, ST_TIMEOUT, ST_IO the connection is of no more use;
 *          ST_MALFORMED the same, it does not speak RESP2.
 */
struct redis;

enum redis_kind {
	REDIS_LINE,   /* text */
	REDIS_ERROR,  /* text: "NOPERM this user ..." */
	REDIS_NUMBER, /* n */
	REDIS_BULK,   /* n bytes, by redis_bytes() */
	REDIS_LIST,   /* n answers follow */
	REDIS_NONE,
};

struct redis_word {
	enum redis_kind kind;
	int64_t n;
	struct span text; /* good until the next call */
};

NODISCARD enum status redis_open(struct stream *stream, struct redis **out);
/* As stream_signed_in(). */
void redis_signed_in(struct redis *r);
void redis_close(struct redis *r);

/* A command, which goes out with the first answer that is waited for. */
NODISCARD enum status redis_say(struct redis *r, const struct span *words,
				size_t count);

/* What comes next; the bytes of a bulk that nobody took are passed over. */
NODISCARD enum status redis_next(struct redis *r, struct redis_word *w);

/* Bytes of the bulk at hand, *got 0 at its end. */
NODISCARD enum status redis_bytes(struct redis *r, void *dst, size_t n,
				  size_t *got);

/* All of the bulk at hand into a buf; ST_LIMIT: it does not fit. */
NODISCARD enum status redis_all(struct redis *r, struct buf *to);

/* Over a whole answer, and what is in it. */
NODISCARD enum status redis_pass(struct redis *r);

/* Over what is left of an answer: `words` of it did not come yet. */
NODISCARD enum status redis_pass_words(struct redis *r, uint64_t words);

/* A command and an answer that is a line or number; ST_DENIED: an error. */
NODISCARD enum status redis_ask(struct redis *r, const struct span *words,
				size_t count, struct redis_word *w);

/* The first line of what it last said in refusal, or what went wrong. */
const char *redis_trouble(struct redis *r, enum status st);

/* One line of the protocol without its end. ST_MALFORMED: it is none. */
NODISCARD enum status redis_parse(struct span line, struct redis_word *w);

#endif
