#ifndef SYS_PIPE_STATE_H
#define SYS_PIPE_STATE_H

#include <sys/socket.h>

#include "base/buf.h"
#include "sys/pipe.h"

/*
 * pipe_state: the inside of a pipe, for pipe.c (its life), pipe_out.c (what
 * goes out) and pipe_in.c (what comes in), and for nobody else.
 */
#define PIPE_READ_STEP 65536 /* read at once when no large body is awaited */

/* Descriptors that go out together with the byte at `at` of the queue. */
struct passed {
	struct passed *next;
	uint64_t at;
	size_t count;
	int fds[];
};

struct pipe {
	int fd;
	struct buf in; /* received, from in_at on not yet handed out */
	size_t in_at;
	size_t in_use; /* bytes of the message handed out last */
	int in_fds[PIPE_FDS_MAX];
	size_t in_fd_count;
	struct buf out; /* queued, from out_at on not yet sent */
	size_t out_at;
	uint64_t sent; /* bytes of the queue ever sent */
	struct passed *first, **last;
};

union pipe_control {
	struct cmsghdr align;
	char room[CMSG_SPACE(sizeof(int) * PIPE_FDS_MAX)];
};

void pipe_close_fds(const int *fds, size_t n);
void pipe_drop_passed(struct pipe *p); /* the first of them */

/* Until the descriptor is ready for poll()'s events. */
NODISCARD enum status pipe_wait_for(int fd, short what);

#endif
