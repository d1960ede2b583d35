#include "proxy-agent/session/stream.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/must.h"
#include "crypto/tls_out.h"
#include "proxy-agent/session/net.h"
#include "sys/pace.h"

#define ROOM STREAM_LINE

struct stream {
	int fd;
	struct tls_out *tls;         /* NULL: in clear */
	uint32_t idle_ms, answer_ms; /* idle_ms: now; answer_ms: signed in */
	bool local;                  /* a loopback address */
	struct pace *pace;           /* or NULL */
	uint8_t *in;
	size_t at, end; /* of what was read and not taken yet */
	char *host;
	struct buf ca;
	char words[96]; /* of stream_trouble() */
};

/* ---- connecting ---- */

/* ---- waiting ---- */

static enum status
wait_for(const struct stream *s, short events)
{
	bool there;

	pace_wait(s->pace);
	there = net_wait(s->fd, events, s->idle_ms);
	pace_woke(s->pace);
	return there ? ST_OK : ST_TIMEOUT;
}

static enum status
shake(struct stream *s)
{
	enum status st;
	short events = 0;

	while ((st = tls_out_shake(s->tls, &events)) == ST_AGAIN) {
		st = wait_for(s, events);
		if (st != ST_OK)
			return st;
	}
	return st == ST_EOF ? ST_CLOSED : st;
}

enum status
stream_encrypt(struct stream *s, struct buf *why)
{
	const struct tls_out_to to = {
	    .fd = s->fd, .host = s->host, .ca_pem = buf_span(&s->ca)};
	enum status st;

	if (s->at < s->end)
		return ST_MALFORMED; /* somebody in between speaks for it */
	st = tls_out_open(&to, &s->tls);
	if (st == ST_OK)
		st = shake(s);
	if (st != ST_OK && why != NULL)
		(void)!buf_addf(why, "%s: %s", s->host,
				st == ST_MALFORMED
				    ? "the CA file holds no certificate"
				    : stream_trouble(s, st));
	return st;
}

static enum status
prepare(struct stream *s, const struct stream_to *to)
{
	s->fd = -1;
	s->idle_ms = to->patience.sign_in_ms;
	s->answer_ms = to->patience.answer_ms;
	s->pace = to->patience.pace;
	pace_lost(s->pace, UINT32_MAX); /* with the connection before */
	buf_init(&s->ca, (size_t)1 << 20);
	s->host = strdup(to->host);
	s->in = malloc(ROOM);
	if (s->host == NULL || s->in == NULL)
		return ST_NOMEM;
	return to->ca_pem.len == 0
		   ? ST_OK
		   : buf_add(&s->ca, to->ca_pem.ptr, to->ca_pem.len);
}

enum status
stream_open(const struct stream_to *to, struct stream **out, struct buf *why)
{
	struct stream *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	st = prepare(s, to);
	if (st == ST_OK)
		st = net_connect(span_str(to->host), to->port, &to->patience,
				 why, &s->fd);
	if (st == ST_OK)
		s->local = net_is_local(s->fd);
	if (st == ST_OK && to->tls)
		st = stream_encrypt(s, why);
	if (st != ST_OK) {
		stream_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

void
stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	tls_out_close(s->tls);
	if (s->fd >= 0)
		close(s->fd);
	if (s->in != NULL)
		explicit_bzero(s->in, ROOM); /* it was somebody's mail */
	buf_fini(&s->ca);
	free(s->in);
	free(s->host);
	free(s);
}

void
stream_signed_in(struct stream *s)
{
	s->idle_ms = s->answer_ms;
	pace_lost(s->pace, UINT32_MAX);
}

void
stream_asked(struct stream *s)
{
	pace_asked(s->pace);
}

void
stream_answered(struct stream *s)
{
	pace_answered(s->pace);
}

bool
stream_encrypted(const struct stream *s)
{
	return s->tls != NULL;
}

bool
stream_private(const struct stream *s)
{
	return s->tls != NULL || s->local;
}

/* ---- bytes ---- */

static enum status
plain_read(struct stream *s, void *dst, size_t n, size_t *got)
{
	ssize_t r = recv(s->fd, dst, n, 0);

	if (r > 0) {
		*got = (size_t)r;
		return ST_OK;
	}
	if (r == 0)
		return ST_EOF;
	if (errno == EAGAIN || errno == EINTR)
		return ST_AGAIN;
	return errno == ECONNRESET ? ST_CLOSED : ST_IO;
}

/* Past the buffer. */
static enum status
receive(struct stream *s, void *dst, size_t n, size_t *got)
{
	enum status st;

	for (;;) {
		short events = POLLIN;

		st = s->tls != NULL ? tls_out_read(s->tls, dst, n, got, &events)
				    : plain_read(s, dst, n, got);
		if (st == ST_OK)
			pace_came(s->pace, *got);
		if (st != ST_AGAIN)
			return st;
		st = wait_for(s, events);
		if (st != ST_OK)
			return st;
	}
}

enum status
stream_read(struct stream *s, void *dst, size_t n, size_t *got)
{
	size_t have = s->end - s->at;

	if (have == 0)
		return receive(s, dst, n, got);
	*got = have < n ? have : n;
	memcpy(dst, s->in + s->at, *got);
	s->at += *got;
	return ST_OK;
}

/* More behind what is there, which moves to the front. */
static enum status
more(struct stream *s)
{
	enum status st;
	size_t got = 0;

	memmove(s->in, s->in + s->at, s->end - s->at);
	s->end -= s->at;
	s->at = 0;
	if (s->end == ROOM)
		return ST_LIMIT;
	st = receive(s, s->in + s->end, ROOM - s->end, &got);
	s->end += got;
	return st;
}

enum status
stream_peek(struct stream *s, struct span *there)
{
	enum status st = s->at < s->end ? ST_OK : more(s);

	if (st == ST_OK)
		*there = span_of(s->in + s->at, s->end - s->at);
	return st;
}

void
stream_take(struct stream *s, size_t n)
{
	must(n <= s->end - s->at);
	s->at += n;
}

enum status
stream_line(struct stream *s, struct span *line)
{
	size_t seen = 0;
	uint8_t *lf = NULL;

	while (lf == NULL) {
		size_t have = s->end - s->at;

		if (have > seen)
			lf = memchr(s->in + s->at + seen, '\n', have - seen);
		if (lf == NULL) {
			enum status st = more(s);

			if (st != ST_OK)
				return st;
			seen = have;
		}
	}
	*line = span_of(s->in + s->at, (size_t)(lf - (s->in + s->at)));
	s->at += line->len + 1;
	if (line->len > 0 && line->ptr[line->len - 1] == '\r')
		line->len--;
	return ST_OK;
}

static enum status
plain_write(struct stream *s, struct span bytes, size_t *sent)
{
	ssize_t r = send(s->fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

	if (r >= 0) {
		*sent = (size_t)r;
		return ST_OK;
	}
	if (errno == EAGAIN || errno == EINTR)
		return ST_AGAIN;
	return errno == EPIPE || errno == ECONNRESET ? ST_CLOSED : ST_IO;
}

enum status
stream_write(struct stream *s, struct span bytes)
{
	while (bytes.len > 0) {
		short events = POLLOUT;
		size_t sent = 0;
		enum status st = s->tls != NULL ? tls_out_write(s->tls, bytes,
								&sent, &events)
						: plain_write(s, bytes, &sent);

		if (st == ST_AGAIN)
			st = wait_for(s, events);
		if (st != ST_OK)
			return st;
		bytes = span_skip(bytes, sent);
	}
	return ST_OK;
}

const char *
stream_trouble(struct stream *s, enum status st)
{
	if (s->tls != NULL && tls_out_trouble(s->tls)[0] != 0)
		return tls_out_trouble(s->tls);
	if (st == ST_TIMEOUT)
		snprintf(s->words, sizeof(s->words), "it said nothing for %u s",
			 s->idle_ms / 1000);
	else
		snprintf(s->words, sizeof(s->words), "%s",
			 st == ST_EOF ? "it ended the connection"
				      : status_text(st));
	return s->words;
}

void
stream_words(char *dst, size_t room, struct span text)
{
	size_t n = text.len < room ? text.len : room - 1;

	if (n > 0)
		memcpy(dst, text.ptr, n);
	for (size_t i = 0; i < n; i++)
		if (dst[i] < ' ' || dst[i] >= 0x7f)
			dst[i] = ' ';
	dst[n] = 0;
}
