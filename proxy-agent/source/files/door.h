#ifndef PROXY_AGENT_SOURCE_FILES_DOOR_H
#define PROXY_AGENT_SOURCE_FILES_DOOR_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/sftp.h"
#include "proxy-agent/session/shell.h"
#include "proxy-agent/session/ssh.h"
#include "source/source.h"
#include "source/url.h"

/*
 * door: how files of a host are reached over a connection: SFTP, by subsystem
 * or program, or commands where the host has neither. Options of ssh://: by
 * (auto, sftp, exec), sudo.
 *
 * Owner:  door_close() ends any, also one that is all zero, and its files.
 * Errors: as of session/sftp.h.
 */
struct door { /* one of them */
	struct sftp *sftp;
	struct shell *shell;
};

struct door_file { /* one of them, or none */
	struct sftp_file *sftp;
	struct shell_file *shell;
};

/* Says in t->why what is missing. */
NODISCARD enum status door_open(struct door *d, struct ssh *ssh,
				const struct source_target *t,
				const struct url *u);
void door_close(struct door *d);

NODISCARD enum status door_stat(const struct door *d, struct span path,
				bool follow, struct sftp_attr *out);
NODISCARD enum status door_real(const struct door *d, struct span path,
				struct buf *to);
NODISCARD enum status door_pseudo(const struct door *d, struct span path,
				  bool *out);
NODISCARD enum status door_list(const struct door *d, struct span path,
				sftp_entry_fn *each, void *arg);
NODISCARD enum status door_begin(const struct door *d, struct span path,
				 uint64_t size, struct door_file *out);

static inline bool
door_began(const struct door_file *f)
{
	return f->sftp != NULL || f->shell != NULL;
}

NODISCARD enum status door_read(const struct door_file *f, void *dst, size_t n,
				size_t *got);
void door_end(struct door_file *f); /* any, and it is none then */

#endif
