#ifndef PROXY_AGENT_SESSION_NET_H
#define PROXY_AGENT_SESSION_NET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/patience.h"

/*
 * net: a TCP connection to a server, and waiting for it.
 *
 * Errors: ST_NOTFOUND (no such name), ST_TIMEOUT, ST_CLOSED (nobody listens, or
 *         no way leads there: it may be otherwise soon), ST_DENIED (this host
 *         lets nobody out to it), ST_IO; *why then has one sentence for people.
 *         None of them means that a sign-in was tried.
 */

/* Every address of the name in turn. *fd is non-blocking and close-on-exec. */
NODISCARD enum status net_connect(struct span host, uint16_t port,
				  const struct patience *p, struct buf *why,
				  int *fd);

/*
 * The same, from a port below 1024 where we may have one: some servers answer
 * no other. Where we may not it is any.
 */
NODISCARD enum status net_connect_low(struct span host, uint16_t port,
				      const struct patience *p, struct buf *why,
				      int *fd);

/* What an errno of connect() means, one of those above. */
enum status net_status(int err);

/* Until one of the poll() events is there; false when the time is over. */
bool net_wait(int fd, short events, uint32_t ms);

/*
 * Whether that is this host, which a password may be sent to in clear: by its
 * name (127.x, ::1, localhost), and by the other end of a connection.
 */
bool net_is_here(struct span host);
bool net_is_local(int fd);

/* A sentence into a buf that may be NULL; what does not fit is left out. */
void net_say(struct buf *why, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
