#ifndef PROXY_AGENT_SESSION_SSH_IMPL_H
#define PROXY_AGENT_SESSION_SSH_IMPL_H

#include <libssh2.h>

#include "proxy-agent/session/ssh.h"

/* What the files of this session share; nobody else includes it. */
struct ssh {
	LIBSSH2_SESSION *session;
	int fd;
	const struct patience *patience;
};

/* Wait for what the library waits for; ST_TIMEOUT. */
NODISCARD enum status ssh_wait(const struct ssh *s, uint32_t ms);

/* Who we are: the first way that the server takes. */
NODISCARD enum status ssh_sign_in(struct ssh *s, const struct ssh_spec *spec);

#endif
