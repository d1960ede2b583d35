#ifndef PROXY_AGENT_SESSION_SFTP_H
#define PROXY_AGENT_SESSION_SFTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/ssh.h"

/*
 * sftp: files of a server over an SSH channel, version 3 of the protocol
 * (draft-ietf-secsh-filexfer-02). Ours, because a library that waits for each
 * answer makes a link with a delay slow: here many requests are under way, of
 * one file and of several.
 *
 * Owner:  sftp_close() takes NULL and ends every file.
 * Limits: SFTP_MEMORY bytes of answers that nobody has read yet.
 * Errors: ST_NOTFOUND, ST_DENIED, ST_UNSUPPORTED, ST_IO are of one object;
 *         ST_CLOSED, ST_TIMEOUT and ST_MALFORMED end the session.
 */
#define SFTP_PIECE  32768        /* bytes asked for in one request */
#define SFTP_LARGE  (255 * 1024) /* of a server that says its limits */
#define SFTP_WINDOW 64         /* requests under way for the file being read */
#define SFTP_FLIGHT (4u << 20) /* bytes that they are for */
#define SFTP_AHEAD  9          /* requests for a file that comes later */

struct sftp;
struct sftp_file;

struct sftp_attr {
	uint64_t size;
	int64_t mtime;
	uint32_t mode, uid, gid;
	bool has_size, has_mode;
};

/* Who answers: the subsystem of that name, or its program, read-only. */
enum sftp_how {
	SFTP_SUBSYSTEM,
	SFTP_PROGRAM, /* as the user */
	SFTP_SUDO,    /* as root, where sudo asks for no password */
};

NODISCARD enum status sftp_open(struct ssh *ssh, enum sftp_how how,
				struct sftp **out);
void sftp_close(struct sftp *s);

NODISCARD enum status sftp_stat(struct sftp *s, struct span path, bool follow,
				struct sftp_attr *out);

/* Where a path leads, without links: "." is the folder of the user. */
NODISCARD enum status sftp_real(struct sftp *s, struct span path,
				struct buf *to);

/*
 * Whether a kernel makes up what is in this folder (/proc, /sys ...): its file
 * system has no blocks. False where the server cannot tell.
 */
NODISCARD enum status sftp_pseudo(struct sftp *s, struct span path, bool *out);

/* Each entry of a folder but "." and ".."; what it returns ends the listing. */
typedef enum status sftp_entry_fn(void *arg, struct span name,
				  const struct sftp_attr *a);
NODISCARD enum status sftp_list(struct sftp *s, struct span path,
				sftp_entry_fn *each, void *arg);

/*
 * Ask for a file without waiting: as many bytes as it is said to have, up to
 * SFTP_AHEAD pieces, come while others are read. size: UINT64_MAX, not known.
 */
NODISCARD enum status sftp_begin(struct sftp *s, struct span path,
				 uint64_t size, struct sftp_file **out);
/* Its next bytes, in order; *got 0 at the end. */
NODISCARD enum status sftp_read(struct sftp_file *f, void *dst, size_t n,
				size_t *got);
void sftp_end(struct sftp_file *f); /* takes NULL; nothing is waited for */

#endif
