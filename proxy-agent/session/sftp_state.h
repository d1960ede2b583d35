#ifndef PROXY_AGENT_SESSION_SFTP_STATE_H
#define PROXY_AGENT_SESSION_SFTP_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/sftp.h"
#include "proxy-agent/session/sftp_wire.h"

/*
 * What sftp.c (the session: requests, answers, names) and sftp_file.c (the
 * bytes of files, many requests ahead) share, and nobody else sees.
 */
#define HANDLE  256
#define PENDING 1024 /* requests under way */

enum { /* kinds of packets */
       FXP_INIT = 1,
       FXP_VERSION = 2,
       FXP_OPEN = 3,
       FXP_CLOSE = 4,
       FXP_READ = 5,
       FXP_LSTAT = 7,
       FXP_OPENDIR = 11,
       FXP_READDIR = 12,
       FXP_REALPATH = 16,
       FXP_STAT = 17,
       FXP_STATUS = 101,
       FXP_HANDLE = 102,
       FXP_DATA = 103,
       FXP_NAME = 104,
       FXP_ATTRS = 105,
       FXP_EXTENDED = 200,
       FXP_REPLY = 201,
};

enum piece_state { PIECE_ASKED, PIECE_HERE, PIECE_END, PIECE_FAILED };

/* One stretch of a file: asked for, or here. */
struct piece {
	enum piece_state state;
	uint64_t off;
	uint32_t want, len, at; /* bytes asked for, here, given out */
	uint8_t *data;
};

enum file_state { FILE_OPENING, FILE_OPEN, FILE_FAILED, FILE_LEAVING };

struct sftp_file {
	struct sftp *sftp;
	struct sftp_file *next;
	enum file_state state;
	enum status failed;
	uint8_t handle[HANDLE];
	size_t handle_len;
	uint64_t asked; /* where the next request begins */
	uint64_t size;
	bool ended; /* the server said so; nothing more is asked */
	unsigned under_way;
	struct piece ring[SFTP_WINDOW];
	size_t first, count; /* of the ring, in order of the file */
};

/* Who waits for the answer with an id: its place in the table. */
struct waiter {
	bool used;
	struct sftp_file *file; /* NULL: the one call that waits itself */
	size_t piece;           /* of the file's ring */
	bool opening;
};

struct sftp {
	struct ssh_stream *channel;
	struct pace *pace; /* or NULL */
	struct sftp_file *files;
	struct waiter waiters[PENDING];
	size_t under_way;
	uint32_t last; /* place that was given last */
	struct buf out, in;
	size_t in_at; /* bytes of it that were obeyed */
	/* the answer to the call that waits */
	uint32_t awaited;
	bool answered;
	uint8_t kind;
	struct buf answer;
	enum status broken; /* of the whole session */
	bool tells_fs;      /* has the extension STATVFS */
	uint32_t piece;     /* asked for in one request of a large file */
};

/* ---- sftp.c ----------------------------------------------------------------
 */

/* A number for a request of a file, or of a call that waits (NULL); ST_FULL:
 * take a turn first. */
NODISCARD enum status sftp_new_id(struct sftp *s, struct sftp_file *f,
				  size_t piece, uint32_t *id);
void sftp_request(struct sftp *s, struct wire_out *w, uint8_t kind,
		  uint32_t id);
/* It goes out with others, at the latest before an answer is awaited. */
NODISCARD enum status sftp_send(struct sftp *s, struct wire_out *w);

/* The next whole packet, which goes to who waits for it. */
NODISCARD enum status sftp_turn(struct sftp *s);
NODISCARD enum status sftp_close_handle(struct sftp *s, struct span handle);
enum status sftp_status(uint32_t code); /* what SSH_FXP_STATUS says */

/* ---- sftp_file.c -----------------------------------------------------------
 */

void sftp_file_answer(struct sftp_file *f, const struct waiter *w, uint8_t kind,
		      struct wire_in *in);
void sftp_file_free(struct sftp_file *f); /* the session is over */

#endif
