#ifndef PROXY_AGENT_SESSION_SSH_H
#define PROXY_AGENT_SESSION_SSH_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/patience.h"
#include "source/pairs.h"

/*
 * ssh: one connection to an SSH server, by libssh. Nothing is read of the host
 * that we run on: no settings, no keys, no list of known hosts.
 *
 * The key of the server is compared with the fingerprints of the option
 * host_key ("SHA256:...", several with commas); accept_host_key=yes takes any,
 * and without both the sentence in *why shows the fingerprint for approval.
 * sha1=yes lets RSA keys, of hosts and of users, sign with SHA-1.
 * A password is sent once, and no more than SSH_TRIES ways are tried in all.
 *
 * Owner:   ssh_close() takes NULL and ends the channels, too.
 * Errors:  ST_DENIED: host key or sign-in; ST_TIMEOUT; ST_UNSUPPORTED: no
 *          algorithm in common; ST_CLOSED; ST_IO. *why has a sentence.
 */
#define SSH_TRIES 3
#define SSH_PORT  22

struct ssh;
struct ssh_stream;

struct ssh_spec {
	struct span host; /* of the target */
	uint16_t port;    /* 0: SSH_PORT */
	struct span user; /* empty: the credential names it */
	struct pairs access, options;
	const struct patience *patience; /* outlives the session */
	struct buf *why;                 /* or NULL */
};

NODISCARD enum status ssh_open(const struct ssh_spec *spec, struct ssh **out);
void ssh_close(struct ssh *s);

/* Of its patience: whoever asks says so. */
struct pace *ssh_pace(const struct ssh *s);

/* A channel with a subsystem ("sftp") or a command behind it. What goes to the
 * standard error is thrown away. */
NODISCARD enum status ssh_subsystem(struct ssh *s, const char *name,
				    struct ssh_stream **out);
NODISCARD enum status ssh_exec(struct ssh *s, const char *command,
			       struct ssh_stream **out);
void ssh_end(struct ssh_stream *c); /* takes NULL */

/* Waits for at least one byte; *got 0 at the end. */
NODISCARD enum status ssh_read(struct ssh_stream *c, void *dst, size_t n,
			       size_t *got);
/* Waits until all is on its way. */
NODISCARD enum status ssh_write(struct ssh_stream *c, struct span bytes);

#endif
