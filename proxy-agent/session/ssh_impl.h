#ifndef PROXY_AGENT_SESSION_SSH_IMPL_H
#define PROXY_AGENT_SESSION_SSH_IMPL_H

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include "proxy-agent/session/ssh.h"

/* What the files of this session share; nobody else includes it. */
struct ssh {
	ssh_session session; /* has the socket once it began */
	const struct patience *patience;
};

/* Wait for what the library waits for; ST_TIMEOUT, ST_CLOSED. */
NODISCARD enum status ssh_wait(const struct ssh *s, uint32_t ms);

/* What became of a call that the library says went wrong. */
NODISCARD enum status ssh_status(const struct ssh *s);

/* A session upon that connection, which it takes: what may be agreed upon, and
 * nothing of this host. ST_NOMEM. */
NODISCARD enum status ssh_prepare(struct ssh *s, const struct ssh_spec *spec,
				  int fd);

/* Greeting and keys, and whether the server is who it should be. */
NODISCARD enum status ssh_greet(struct ssh *s, const struct ssh_spec *spec);

/* Who we are: the first way that the server takes. */
NODISCARD enum status ssh_sign_in(struct ssh *s, const struct ssh_spec *spec);

#endif
