#include "sys/pipe.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"
#include "sys/pipe_state.h"

enum status
pipe_pair(int fds[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		return status_of_errno(errno);
	return ST_OK;
}

enum status
pipe_open(int fd, size_t cap, struct pipe **out)
{
	struct pipe *p;

	must(fd >= 0 && cap <= SIZE_MAX / 4);
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return ST_NOMEM;
	p->fd = fd;
	p->last = &p->first;
	buf_init(&p->in, 2 * (size_t)PIPE_BODY_MAX + PIPE_READ_STEP);
	/* What was sent is dropped late, so twice the room. */
	buf_init(&p->out, 2 * cap + PIPE_HEAD);
	*out = p;
	return ST_OK;
}

void
pipe_close_fds(const int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
}

void
pipe_drop_passed(struct pipe *p)
{
	struct passed *f = p->first;

	pipe_close_fds(f->fds, f->count);
	p->first = f->next;
	if (p->first == NULL)
		p->last = &p->first;
	free(f);
}

void
pipe_close(struct pipe *p)
{
	if (p == NULL)
		return;
	while (p->first != NULL)
		pipe_drop_passed(p);
	pipe_close_fds(p->in_fds, p->in_fd_count);
	buf_fini(&p->in);
	buf_fini(&p->out);
	close(p->fd);
	free(p);
}

int
pipe_fd(const struct pipe *p)
{
	return p->fd;
}

size_t
pipe_waiting(const struct pipe *p)
{
	return p->out.len - p->out_at;
}

void
pipe_drop_fds(struct pipe_message *m)
{
	pipe_close_fds(m->fds, m->fd_count);
	m->fd_count = 0;
}

enum status
pipe_wait_for(int fd, short what)
{
	struct pollfd pfd = {.fd = fd, .events = what};

	while (poll(&pfd, 1, -1) < 0)
		if (errno != EINTR)
			return status_of_errno(errno);
	return ST_OK;
}
