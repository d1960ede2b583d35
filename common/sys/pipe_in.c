#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/codec.h"
#include "sys/pipe_state.h"

/* Complete length of the first message; 0 while its head is not there. */
static size_t
first_length(const struct pipe *p)
{
	if (p->in.len - p->in_at < PIPE_HEAD)
		return 0;
	return PIPE_HEAD + (size_t)codec_get32(p->in.data + p->in_at);
}

static enum status
take_fds(struct pipe *p, struct msghdr *mh)
{
	struct cmsghdr *cm;

	for (cm = CMSG_FIRSTHDR(mh); cm != NULL; cm = CMSG_NXTHDR(mh, cm)) {
		int fds[PIPE_FDS_MAX];
		size_t n;

		if (cm->cmsg_level != SOL_SOCKET || cm->cmsg_type != SCM_RIGHTS)
			continue;
		n = (cm->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(cm), n * sizeof(int));
		if (n > PIPE_FDS_MAX - p->in_fd_count) {
			pipe_close_fds(fds, n);
			return ST_MALFORMED;
		}
		memcpy(p->in_fds + p->in_fd_count, fds, n * sizeof(int));
		p->in_fd_count += n;
	}
	return (mh->msg_flags & MSG_CTRUNC) != 0 ? ST_MALFORMED : ST_OK;
}

/* One recvmsg of up to n bytes. */
static enum status
receive_some(struct pipe *p, size_t n, int flags)
{
	union pipe_control c;
	struct iovec iov;
	struct msghdr mh = {.msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = c.room,
			    .msg_controllen = sizeof(c.room)};
	enum status st = buf_reserve(&p->in, n);
	ssize_t got;

	if (st != ST_OK)
		return st;
	iov = (struct iovec){p->in.data + p->in.len, n};
	do
		got = recvmsg(p->fd, &mh, MSG_CMSG_CLOEXEC | flags);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return status_of_errno(errno);
	st = take_fds(p, &mh);
	if (st != ST_OK)
		return st;
	if (got == 0)
		return ST_CLOSED;
	p->in.len += (size_t)got;
	return ST_OK;
}

/* Forget the message that was handed out last. */
static void
release(struct pipe *p)
{
	p->in_at += p->in_use;
	p->in_use = 0;
	if (p->in_at == p->in.len) {
		p->in.len = p->in_at = 0; /* its pages are used again */
	} else if (p->in_at > PIPE_BODY_MAX / 4) {
		buf_drop(&p->in, p->in_at);
		p->in_at = 0;
	}
}

static enum status
hand_out(struct pipe *p, size_t length, struct pipe_message *m)
{
	const uint8_t *head = p->in.data + p->in_at;
	size_t fds = (size_t)head[6] | (size_t)head[7] << 8;

	if (fds > p->in_fd_count)
		return ST_MALFORMED;
	m->kind = (uint16_t)(head[4] | head[5] << 8);
	m->tag = codec_get64(head + 8);
	m->body = span_of(head + PIPE_HEAD, length - PIPE_HEAD);
	m->fd_count = fds;
	memcpy(m->fds, p->in_fds, fds * sizeof(int));
	p->in_fd_count -= fds;
	memmove(p->in_fds, p->in_fds + fds, p->in_fd_count * sizeof(int));
	p->in_use = length;
	return ST_OK;
}

static enum status
next_message(struct pipe *p, struct pipe_message *m, int flags)
{
	release(p);
	for (;;) {
		size_t have = p->in.len - p->in_at;
		size_t length = first_length(p), want = PIPE_READ_STEP;
		enum status st;

		if (length > PIPE_HEAD + (size_t)PIPE_BODY_MAX)
			return ST_MALFORMED;
		if (length > 0 && have >= length)
			return hand_out(p, length, m);
		if (length > have + want)
			want = length - have;
		st = receive_some(p, want, flags);
		if (st == ST_AGAIN && flags == 0)
			st = pipe_wait_for(p->fd, POLLIN);
		if (st != ST_OK)
			return st;
	}
}

void
pipe_wipe(struct pipe *p)
{
	if (p->in_use > 0)
		explicit_bzero(p->in.data + p->in_at, p->in_use);
}

enum status
pipe_receive(struct pipe *p, struct pipe_message *m)
{
	return next_message(p, m, 0);
}

enum status
pipe_poll(struct pipe *p, struct pipe_message *m)
{
	return next_message(p, m, MSG_DONTWAIT);
}
