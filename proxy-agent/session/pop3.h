#ifndef PROXY_AGENT_SESSION_POP3_H
#define PROXY_AGENT_SESSION_POP3_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/stream.h"

/*
 * pop3: a mailbox over POP3 (RFC 1939, 2449, 5034). Messages are fetched by
 * TOP with more lines than any has: RETR marks them as read on some servers.
 * Nothing is deleted: no DELE is ever sent.
 *
 * Several may be asked for; they come in that order.
 * Owner:   pop3_close() takes NULL and closes the stream.
 * Errors:  as stream.h; ST_DENIED the server said -ERR, ST_MALFORMED it spoke
 *          no POP3. pop3_trouble() has the words.
 */
#define POP3_MESSAGES 1000000
#define POP3_UID      70 /* bytes of a unique id (RFC 1939, 7) */

struct pop3;

struct pop3_login {
	struct span user;
	struct span password;
	struct span token; /* OAuth 2: then XOAUTH2 */
};

/* Takes the stream, also when it fails; `why` gets one sentence. */
NODISCARD enum status pop3_open(struct stream *stream,
				const struct pop3_login *login,
				struct pop3 **out, struct buf *why);
void pop3_close(struct pop3 *p);

struct pop3_message {
	uint32_t number; /* in this session */
	uint64_t size;
	char uid[POP3_UID + 1]; /* the same in every session; or empty */
};

/* All of them, in order of their numbers; *list is the caller's to free(). */
NODISCARD enum status pop3_list(struct pop3 *p, struct pop3_message **list,
				size_t *count);

/* Whether a second question may be sent before the first is answered. */
bool pop3_pipelines(const struct pop3 *p);

NODISCARD enum status pop3_ask(struct pop3 *p, uint32_t number);

/* The next one that was asked for; ST_DENIED: it cannot be had. */
NODISCARD enum status pop3_next(struct pop3 *p);

/* Its bytes; *got 0 at its end. What is not read is passed over. */
NODISCARD enum status pop3_read(struct pop3 *p, void *dst, size_t n,
				size_t *got);

const char *pop3_trouble(struct pop3 *p, enum status st);

#endif
