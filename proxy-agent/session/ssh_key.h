#ifndef PROXY_AGENT_SESSION_SSH_KEY_H
#define PROXY_AGENT_SESSION_SSH_KEY_H

#include <libssh/libssh.h>

#include "base/span.h"
#include "base/status.h"

/*
 * ssh_key: a private key out of its text: OpenSSH's own format or PEM, with a
 * passphrase or without (words.ptr NULL). Nobody is ever asked for one.
 *
 * Owner:  the caller's, ssh_key_free() wipes it.
 * Errors: ST_MALFORMED: its passphrase is wrong or missing, or it is no key;
 *         ST_USAGE: locked by a cipher that the library cannot undo.
 */
NODISCARD enum status ssh_key_read(struct span text, struct span words,
				   ssh_key *out);

#endif
