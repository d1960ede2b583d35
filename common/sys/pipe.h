#ifndef SYS_PIPE_H
#define SYS_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * pipe: framed messages and passed descriptors over a socketpair between our
 * own processes.
 *
 * A message is a head of 16 bytes (length u32, kind u16, descriptors u16, tag
 * u64, little endian) and its body. Both ways of use may be mixed on one pipe:
 * blocking (pipe_send, pipe_receive) and, in a loop, without waiting
 * (pipe_queue + pipe_flush, pipe_poll).
 *
 * Owner:   pipe_open() takes the descriptor, pipe_close() closes it with every
 *          descriptor that still waits inside.
 * Threads: one owner at a time.
 * Limits:  PIPE_BODY_MAX a message; `cap` bytes waiting to go out, then
 *          pipe_queue() gives ST_FULL and queues nothing.
 * Errors:  ST_CLOSED when the other side is gone, ST_MALFORMED when its bytes
 *          are no frame (the pipe is of no more use), ST_AGAIN only from calls
 *          that do not wait.
 */
#define PIPE_HEAD     16
#define PIPE_BODY_MAX 4194304 /* 4 MiB */
#define PIPE_FDS_MAX  128

struct pipe;

struct pipe_message {
	uint16_t kind;
	uint64_t tag;
	struct span body;      /* borrows until the next receive or poll */
	int fds[PIPE_FDS_MAX]; /* received: the caller's to close */
	size_t fd_count;
};

/* A connected pair of stream sockets, close-on-exec. */
NODISCARD enum status pipe_pair(int fds[2]);

NODISCARD enum status pipe_open(int fd, size_t cap, struct pipe **out);
void pipe_close(struct pipe *p); /* takes NULL */
int pipe_fd(const struct pipe *p);

/* Copies of the descriptors are sent; the caller's own stay open. */
NODISCARD enum status pipe_send(struct pipe *p, const struct pipe_message *m);
NODISCARD enum status pipe_receive(struct pipe *p, struct pipe_message *m);

/*
 * As pipe_send() but never waits: what does not fit into the socket is copied
 * (descriptors are duplicated) and goes out by pipe_flush().
 */
NODISCARD enum status pipe_queue(struct pipe *p, const struct pipe_message *m);

/* ST_OK: nothing waits any more. ST_AGAIN: call when the fd is writable. */
NODISCARD enum status pipe_flush(struct pipe *p);
size_t pipe_waiting(const struct pipe *p); /* bytes queued */

/* The next message if it is complete, else ST_AGAIN. Call until it says so. */
NODISCARD enum status pipe_poll(struct pipe *p, struct pipe_message *m);

/* Overwrites what the last message that came held: it was a secret. */
void pipe_wipe(struct pipe *p);

/* Closes the received descriptors of a message that nobody wants. */
void pipe_drop_fds(struct pipe_message *m);

/* Message with body only. */
NODISCARD enum status pipe_say(struct pipe *p, uint16_t kind, uint64_t tag,
			       struct span body);

#endif
