#ifndef PROXY_AGENT_SESSION_SHELL_H
#define PROXY_AGENT_SESSION_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/sftp.h"
#include "proxy-agent/session/ssh.h"

/*
 * shell: files of a host that offers no SFTP, by commands over SSH: `find`
 * lists and `cat` reads, with sudo where asked. A few shells (POSIX sh) run
 * them, each on a channel of its own: one answers, the others are told what to
 * read ahead. Nothing is written on the host.
 *
 * Owner:  shell_close() takes NULL and ends every file.
 * Limits: SHELL_RECORD bytes of one name; what was not read waits in the
 *         windows of the channels.
 * Errors: as of sftp.h.
 */
#define SHELL_LANES  4
#define SHELL_RECORD (64 * 1024)

struct shell;
struct shell_file;

/* ST_UNSUPPORTED: no sh, find or cat; ST_DENIED: sudo refuses them. */
NODISCARD enum status shell_open(struct ssh *ssh, bool sudo,
				 struct shell **out);
void shell_close(struct shell *s);

/* As their like in sftp.h; a link at the path itself is followed. */
NODISCARD enum status shell_stat(struct shell *s, struct span path,
				 struct sftp_attr *out);
NODISCARD enum status shell_real(struct shell *s, struct span path,
				 struct buf *to);
NODISCARD enum status shell_list(struct shell *s, struct span path,
				 sftp_entry_fn *each, void *arg);
NODISCARD enum status shell_begin(struct shell *s, struct span path,
				  struct shell_file **out);
NODISCARD enum status shell_read(struct shell_file *f, void *dst, size_t n,
				 size_t *got);
void shell_end(struct shell_file *f); /* takes NULL */

#endif
