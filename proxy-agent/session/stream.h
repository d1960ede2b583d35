#ifndef PROXY_AGENT_SESSION_STREAM_H
#define PROXY_AGENT_SESSION_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/patience.h"

/*
 * stream: one connection to a target, plain or TLS, for protocols of lines and
 * counted bytes (IMAP, POP3). It blocks, but never for longer than its limits.
 *
 * Owner:   stream_close() takes NULL.
 * Threads: one at a time.
 * Errors:  ST_TIMEOUT the other side was silent too long, ST_CLOSED it was cut
 *          off, ST_EOF it ended, ST_LIMIT a line is too long, ST_DENIED its
 *          certificate is not to be trusted. `why` gets one sentence.
 */
#define STREAM_LINE (64 * 1024)

struct stream;

struct stream_to {
	const char *host; /* a name or an address, without brackets */
	uint16_t port;
	bool tls;           /* from the first byte on */
	struct span ca_pem; /* trusted instead of this host's CAs; or empty */
	struct patience patience;
};

NODISCARD enum status stream_open(const struct stream_to *to,
				  struct stream **out, struct buf *why);

/* TLS from here on (STARTTLS). ST_MALFORMED: more was said in clear. */
NODISCARD enum status stream_encrypt(struct stream *s, struct buf *why);

/*
 * Until it is said that we are signed in every wait has the limit of a sign-in,
 * and that of an answer from then on.
 */
void stream_signed_in(struct stream *s);

/* At least one byte. */
NODISCARD enum status stream_read(struct stream *s, void *dst, size_t n,
				  size_t *got);

/* What is there, at least a byte, without taking it; and taking n of it. */
NODISCARD enum status stream_peek(struct stream *s, struct span *there);
void stream_take(struct stream *s, size_t n);

/* Up to LF, without it and a CR before it; good until the next call. */
NODISCARD enum status stream_line(struct stream *s, struct span *line);

NODISCARD enum status stream_write(struct stream *s, struct span bytes);

/* A question went out by it, and its answer came: for the pace of the patience.
 */
void stream_asked(struct stream *s);
void stream_answered(struct stream *s);

/* It is TLS by now. */
bool stream_encrypted(const struct stream *s);

/* A password may be said: it is TLS, or does not leave this host. */
bool stream_private(const struct stream *s);

/* Why the last call failed, in words; "it was silent for 60 s". */
const char *stream_trouble(struct stream *s, enum status st);

void stream_close(struct stream *s);

/* What a server said, cut and printable: it may be anything. A C string. */
void stream_words(char *dst, size_t room, struct span text);

#endif
