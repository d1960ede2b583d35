#ifndef PROXY_AGENT_SESSION_SSH_KEY_H
#define PROXY_AGENT_SESSION_SSH_KEY_H

#include "base/span.h"
#include "proxy-agent/session/ssh_impl.h"

struct rsa;
struct ssh_agent;

/*
 * ssh_key: keys that libssh2 cannot use by itself: RSA ones, which have to sign
 * with SHA-512, and those that an agent holds. The library is given the public
 * half under the name of the signature ("rsa-sha2-512") and signs through us.
 *
 * Both give what libssh2_userauth_publickey() gives.
 */
int ssh_key_rsa(struct ssh *s, const char *user, struct rsa *key);

/*
 * An agent behind a socket of its own protocol (draft-miller-ssh-agent). Its
 * keys are tried in its order; each that is shown counts as a try.
 */
NODISCARD enum status ssh_agent_open(struct span socket, uint32_t wait_ms,
				     struct ssh_agent **out);
void ssh_agent_close(struct ssh_agent *a); /* takes NULL */
size_t ssh_agent_count(const struct ssh_agent *a);
int ssh_key_agent(struct ssh *s, const char *user, struct ssh_agent *a,
		  size_t i);

#endif
