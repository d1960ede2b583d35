#include "sys/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/codec.h"
#include "base/must.h"

/* Bytes read at once when no large body is awaited. */
#define READ_STEP 65536

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
	buf_init(&p->in, 2 * (size_t)PIPE_BODY_MAX + READ_STEP);
	/* What was sent is dropped late, so twice the room. */
	buf_init(&p->out, 2 * cap + PIPE_HEAD);
	*out = p;
	return ST_OK;
}

static void
close_all(const int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		close(fds[i]);
}

static void
drop_passed(struct pipe *p)
{
	struct passed *f = p->first;

	close_all(f->fds, f->count);
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
		drop_passed(p);
	close_all(p->in_fds, p->in_fd_count);
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
	close_all(m->fds, m->fd_count);
	m->fd_count = 0;
}

/* ---- sending ---- */

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

union control {
	struct cmsghdr align;
	char room[CMSG_SPACE(sizeof(int) * PIPE_FDS_MAX)];
};

static void
attach(struct msghdr *mh, union control *c, const int *fds, size_t n)
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
 * with the first byte; *fds_gone says that they are under way.
 */
static enum status
send_direct(struct pipe *p, struct iovec iov[2], const struct pipe_message *m,
	    int flags, bool *fds_gone)
{
	union control c;

	*fds_gone = m->fd_count == 0;
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

static enum status
wait_for(int fd, short what)
{
	struct pollfd pfd = {.fd = fd, .events = what};

	while (poll(&pfd, 1, -1) < 0)
		if (errno != EINTR)
			return status_of_errno(errno);
	return ST_OK;
}

enum status
pipe_send(struct pipe *p, const struct pipe_message *m)
{
	uint8_t head[PIPE_HEAD];
	struct iovec iov[2];
	bool fds_gone;
	enum status st;

	for (;;) {
		st = pipe_flush(p);
		if (st == ST_OK)
			break;
		if (st != ST_AGAIN)
			return st;
		st = wait_for(p->fd, POLLOUT);
		if (st != ST_OK)
			return st;
	}
	begin_send(head, iov, m);
	for (;;) {
		st = send_direct(p, iov, m, 0, &fds_gone);
		if (st != ST_AGAIN) /* the fd may be in non-blocking mode */
			return st;
		must(fds_gone || iov[0].iov_len == PIPE_HEAD);
		st = wait_for(p->fd, POLLOUT);
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
			close_all(f->fds, f->count);
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
		union control c;
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
			drop_passed(p);
		p->out_at += sent;
		p->sent += sent;
	}
	compact(p);
	return ST_OK;
}

/* ---- receiving ---- */

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
			close_all(fds, n);
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
	union control c;
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
		size_t length = first_length(p), want = READ_STEP;
		enum status st;

		if (length > PIPE_HEAD + (size_t)PIPE_BODY_MAX)
			return ST_MALFORMED;
		if (length > 0 && have >= length)
			return hand_out(p, length, m);
		if (length > have + want)
			want = length - have;
		st = receive_some(p, want, flags);
		if (st == ST_AGAIN && flags == 0)
			st = wait_for(p->fd, POLLIN);
		if (st != ST_OK)
			return st;
	}
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
