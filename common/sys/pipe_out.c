#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/codec.h"
#include "base/must.h"
#include "sys/pipe_state.h"

static void
put_head(uint8_t head[PIPE_HEAD], const struct pipe_message *m)
{
	codec_put32(head, (uint32_t)m->body.len);
	head[4] = (uint8_t)m->kind;
	head[5] = (uint8_t)(m->kind >> 8);
	head[6] = (uint8_t)m->fd_count;
	head[7] = (uint8_t)(m->fd_count >> 8);
	codec_put64(head + 8, m->tag);
}

static void
attach(struct msghdr *mh, union pipe_control *c, const int *fds, size_t n)
{
	struct cmsghdr *cm;

	if (n == 0)
		return;
	memset(c, 0, sizeof(*c));
	mh->msg_control = c->room;
	mh->msg_controllen = CMSG_SPACE(sizeof(int) * n);
	cm = CMSG_FIRSTHDR(mh);
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(sizeof(int) * n);
	memcpy(CMSG_DATA(cm), fds, sizeof(int) * n);
}

/* One sendmsg; *sent is how many bytes went. */
static enum status
send_some(int fd, struct msghdr *mh, int flags, size_t *sent)
{
	*sent = 0;
	for (;;) {
		ssize_t n = sendmsg(fd, mh, MSG_NOSIGNAL | flags);

		if (n >= 0) {
			*sent = (size_t)n;
			return ST_OK;
		}
		if (errno != EINTR)
			return status_of_errno(errno);
	}
}

static void
advance(struct iovec *iov, size_t n)
{
	for (int i = 0; i < 2; i++) {
		size_t take = n < iov[i].iov_len ? n : iov[i].iov_len;

		iov[i].iov_base = (uint8_t *)iov[i].iov_base + take;
		iov[i].iov_len -= take;
		n -= take;
	}
}

/*
 * Head and body straight from the caller's memory. Stops with ST_AGAIN only
 * when flags say MSG_DONTWAIT; iov then holds the rest. Descriptors travel
 * with the first byte; *fds_gone, false at first when there are any, says that
 * they are under way and are not sent again with the rest.
 */
static enum status
send_direct(struct pipe *p, struct iovec iov[2], const struct pipe_message *m,
	    int flags, bool *fds_gone)
{
	union pipe_control c;

	while (iov[0].iov_len + iov[1].iov_len > 0) {
		struct msghdr mh = {.msg_iov = iov, .msg_iovlen = 2};
		size_t sent;
		enum status st;

		if (!*fds_gone)
			attach(&mh, &c, m->fds, m->fd_count);
		st = send_some(p->fd, &mh, flags, &sent);
		if (st != ST_OK)
			return st;
		*fds_gone = true;
		advance(iov, sent);
	}
	return ST_OK;
}

static void
begin_send(uint8_t head[PIPE_HEAD], struct iovec iov[2],
	   const struct pipe_message *m)
{
	must(m->body.len <= PIPE_BODY_MAX && m->fd_count <= PIPE_FDS_MAX);
	put_head(head, m);
	iov[0] = (struct iovec){head, PIPE_HEAD};
	/* sendmsg only reads it, but iovec knows no const */
	memcpy(&iov[1].iov_base, &m->body.ptr, sizeof(iov[1].iov_base));
	iov[1].iov_len = m->body.len;
}

enum status
pipe_send(struct pipe *p, const struct pipe_message *m)
{
	uint8_t head[PIPE_HEAD];
	struct iovec iov[2];
	bool fds_gone = m->fd_count == 0;
	enum status st;

	for (;;) {
		st = pipe_flush(p);
		if (st == ST_OK)
			break;
		if (st != ST_AGAIN)
			return st;
		st = pipe_wait_for(p->fd, POLLOUT);
		if (st != ST_OK)
			return st;
	}
	begin_send(head, iov, m);
	for (;;) {
		st = send_direct(p, iov, m, 0, &fds_gone);
		if (st != ST_AGAIN) /* the fd may be in non-blocking mode */
			return st;
		st = pipe_wait_for(p->fd, POLLOUT);
		if (st != ST_OK)
			return st;
	}
}

enum status
pipe_say(struct pipe *p, uint16_t kind, uint64_t tag, struct span body)
{
	struct pipe_message m;

	m.kind = kind;
	m.tag = tag;
	m.body = body;
	m.fd_count = 0;
	return pipe_send(p, &m);
}

static enum status
keep_fds(struct pipe *p, const struct pipe_message *m)
{
	struct passed *f = calloc(1, sizeof(*f) + m->fd_count * sizeof(int));

	if (f == NULL)
		return ST_NOMEM;
	f->at = p->sent + pipe_waiting(p);
	for (; f->count < m->fd_count; f->count++) {
		int fd = fcntl(m->fds[f->count], F_DUPFD_CLOEXEC, 3);

		if (fd < 0) {
			pipe_close_fds(f->fds, f->count);
			free(f);
			return status_of_errno(errno);
		}
		f->fds[f->count] = fd;
	}
	*p->last = f;
	p->last = &f->next;
	return ST_OK;
}

static void
compact(struct pipe *p)
{
	buf_drop(&p->out, p->out_at);
	p->out_at = 0;
}

/* What is left of a message behind what waits; room was made before. */
static enum status
enqueue(struct pipe *p, const struct iovec iov[2])
{
	enum status st = buf_add(&p->out, iov[0].iov_base, iov[0].iov_len);

	return st != ST_OK ? st
			   : buf_add(&p->out, iov[1].iov_base, iov[1].iov_len);
}

enum status
pipe_queue(struct pipe *p, const struct pipe_message *m)
{
	size_t need = PIPE_HEAD + m->body.len;
	uint8_t head[PIPE_HEAD];
	struct iovec iov[2];
	bool fds_gone = m->fd_count == 0;
	enum status st = pipe_flush(p);

	if (st != ST_OK && st != ST_AGAIN)
		return st;
	if (need > p->out.cap / 2 || pipe_waiting(p) > p->out.cap / 2 - need)
		return ST_FULL;
	if (need > p->out.cap - p->out.len)
		compact(p);
	begin_send(head, iov, m);
	if (pipe_waiting(p) == 0) {
		/* Room first: half a message sent cannot be taken back. */
		st = buf_reserve(&p->out, need);
		if (st != ST_OK)
			return st;
		st = send_direct(p, iov, m, MSG_DONTWAIT, &fds_gone);
		if (st != ST_AGAIN)
			return st;
	}
	if (!fds_gone) {
		st = keep_fds(p, m);
		if (st != ST_OK)
			return st;
	}
	return enqueue(p, iov);
}

enum status
pipe_flush(struct pipe *p)
{
	while (pipe_waiting(p) > 0) {
		size_t n = pipe_waiting(p), sent;
		struct iovec iov = {p->out.data + p->out_at, n};
		struct msghdr mh = {.msg_iov = &iov, .msg_iovlen = 1};
		union pipe_control c;
		bool with = p->first != NULL && p->first->at == p->sent;
		enum status st;

		if (with)
			attach(&mh, &c, p->first->fds, p->first->count);
		/* Do not run past the byte that the next ones go with. */
		if (with && p->first->next != NULL)
			n = (size_t)(p->first->next->at - p->sent);
		else if (!with && p->first != NULL)
			n = (size_t)(p->first->at - p->sent);
		if (n < iov.iov_len)
			iov.iov_len = n;
		st = send_some(p->fd, &mh, MSG_DONTWAIT, &sent);
		if (st != ST_OK)
			return st;
		if (with)
			pipe_drop_passed(p);
		p->out_at += sent;
		p->sent += sent;
	}
	compact(p);
	return ST_OK;
}
