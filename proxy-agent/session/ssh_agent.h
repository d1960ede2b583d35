#ifndef PROXY_AGENT_SESSION_SSH_AGENT_H
#define PROXY_AGENT_SESSION_SSH_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * ssh_agent: a key agent (draft-miller-ssh-agent) between whose socket and the
 * library we stand: the library would wait for it for ever, and show a server
 * each key that it has. A thread carries one question at a time, tells of no
 * more than `keys` keys, and hangs up when an answer takes longer than wait_ms.
 *
 * Owner:  ssh_agent_end() takes NULL, and waits for the thread.
 * Errors: ST_NOTFOUND: nobody answers at that path; ST_NOMEM.
 */
struct ssh_relay;

NODISCARD enum status ssh_agent_begin(struct span path, uint32_t wait_ms,
				      uint32_t keys, struct ssh_relay **out);

/* The end that the library talks to. It closes it. */
int ssh_agent_fd(const struct ssh_relay *r);

/* How many keys were told of; nothing is carried any more. */
size_t ssh_agent_end(struct ssh_relay *r);

#endif
