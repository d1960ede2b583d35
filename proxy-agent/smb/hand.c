#include "proxy-agent/smb/hand.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "proxy-agent/smb/cifs.h"
#include "proxy-agent/smb/login.h"
#include "proxy-agent/smb/reading.h"
#include "sys/pace.h"
#include "sys/vault.h"

#define WAITING  16 /* jobs that may wait; a crew gives fewer */
#define PATH_CAP (80 * 1024)

struct job {
	uint64_t tag;
	struct buf path;
};

struct hand {
	struct pipe *pipe;
	struct cifs *cifs;
	struct login login;
	struct job jobs[WAITING];
	size_t first, count;
	uint64_t stopped; /* jobs up to this number are not wanted */
	bool kept_out;    /* the server has no session for us */
	uint8_t *lap;
	size_t lent, next;  /* pieces of it that are lent; the one to fill */
	struct pace pace;   /* of its session */
	uint32_t rested_ms; /* by it, since that was told */
};

/* The target as open() of a source would have it. */
static enum status
be_told(struct hand *h, struct pipe_message *m)
{
	struct vault secret = {.fd = -1};
	struct source_target t = {0};
	uint32_t n;
	enum status st;

	if (h->cifs != NULL || m->body.len < sizeof(n) || m->fd_count > 1)
		return ST_MALFORMED;
	memcpy(&n, m->body.ptr, sizeof(n));
	if (n > m->body.len - sizeof(n))
		return ST_MALFORMED;
	t.pace = &h->pace;
	t.path = span_of(m->body.ptr + sizeof(n), n);
	t.options.bytes = span_skip(m->body, sizeof(n) + n);
	st = m->fd_count == 0 ? ST_OK
			      : vault_take(m->fds[0], (size_t)m->tag, &secret);
	m->fd_count = 0;
	t.access.bytes = vault_span(&secret);
	if (st == ST_OK)
		st = login_read(&t, &h->login);
	vault_close(&secret);
	return st == ST_OK ? cifs_open(&h->login, NULL, &h->cifs) : st;
}

static enum status
note(struct hand *h, const struct pipe_message *m)
{
	struct job *j;

	if (h->cifs == NULL || h->count == WAITING)
		return ST_MALFORMED;
	j = &h->jobs[(h->first + h->count++) % WAITING];
	j->tag = m->tag;
	buf_init(&j->path, PATH_CAP);
	return buf_add(&j->path, m->body.ptr, m->body.len);
}

static enum status
hear(struct hand *h, struct pipe_message *m)
{
	switch (m->kind) {
	case HAND_TARGET:
		return be_told(h, m);
	case HAND_READ:
		return note(h, m);
	case HAND_STOP:
		h->stopped = m->tag;
		return ST_OK;
	case HAND_BACK:
		if (h->lent == 0)
			return ST_MALFORMED;
		h->lent--;
		return ST_OK;
	default:
		return ST_MALFORMED;
	}
}

/* What has come in the meantime. */
static enum status
listen_up(struct hand *h)
{
	struct pipe_message m;
	enum status st = pipe_poll(h->pipe, &m);

	while (st == ST_OK) {
		st = hear(h, &m);
		if (st == ST_OK)
			st = pipe_poll(h->pipe, &m);
	}
	return st == ST_AGAIN ? ST_OK : st;
}

/* Less asked of a server that answers late; who waits for us may go away. */
static void
rest(struct hand *h)
{
	struct pollfd p = {.fd = pipe_fd(h->pipe)};
	uint64_t ms = pace_rest(&h->pace);

	h->rested_ms += (uint32_t)ms;
	if (ms > 0)
		(void)!poll(&p, 1, (int)ms);
}

/* A piece of the lap to read into. */
static enum status
wait_for_room(struct hand *h)
{
	struct pipe_message m;
	enum status st = ST_OK;

	while (st == ST_OK && h->lent == HAND_PIECES) {
		st = pipe_receive(h->pipe, &m);
		if (st == ST_OK)
			st = hear(h, &m);
	}
	return st;
}

static uint8_t *
room(const struct hand *h)
{
	return h->lap + h->next * HAND_PIECE;
}

static enum status
hand_over(struct hand *h, const struct job *j, size_t n)
{
	const struct hand_lent lent = {.which = (uint32_t)h->next,
				       .len = (uint32_t)n};

	if (n == 0)
		return ST_OK;
	if (n <= HAND_LITTLE)
		return pipe_say(h->pipe, HAND_BYTES, j->tag,
				span_of(room(h), n));
	h->next = (h->next + 1) % HAND_PIECES;
	h->lent++;
	return pipe_say(h->pipe, HAND_LENT, j->tag,
			span_of(&lent, sizeof(lent)));
}

static enum status
copy(struct hand *h, const struct job *j, int *error)
{
	struct reading r;
	enum status st = wait_for_room(h);
	size_t got;

	reading_begin(&r, h->cifs, buf_span(&j->path));
	while (st == ST_OK && !r.end && j->tag > h->stopped) {
		if (reading_next(&r, room(h), &got) != ST_OK) {
			*error = r.error;
			return ST_OK;
		}
		st = hand_over(h, j, got);
		rest(h);
		if (st == ST_OK)
			st = listen_up(h);
		if (st == ST_OK && !r.end)
			st = wait_for_room(h);
	}
	return st;
}

/* Not let in, as others of us were: a server has only so many sessions. */
static int
why_not(const struct cifs *c)
{
	return cifs_stood(c) ? cifs_error(c) : EUSERS;
}

static enum status
work(struct hand *h)
{
	struct job *j = &h->jobs[h->first];
	struct hand_end end = {0};
	int error = 0;
	enum status st = ST_OK;

	if (j->tag > h->stopped) {
		if (h->kept_out ||
		    cifs_file(h->cifs, buf_span(&j->path)) != ST_OK)
			error = h->kept_out ? EUSERS : why_not(h->cifs);
		else
			st = copy(h, j, &error);
		h->kept_out = error == EUSERS;
		end.error = error;
		end.rested_ms = h->rested_ms;
		h->rested_ms = 0;
		if (st == ST_OK)
			st = pipe_say(h->pipe, HAND_END, j->tag,
				      span_of(&end, sizeof(end)));
		cifs_file_end(h->cifs);
		rest(h);
	}
	buf_fini(&j->path);
	h->first = (h->first + 1) % WAITING;
	h->count--;
	return st;
}

int
hand_serve(struct pipe *p, uint8_t *lap)
{
	struct hand h = {.pipe = p,
			 .login = {.account.vault.fd = -1, .keytab.fd = -1}};
	struct pipe_message m;
	enum status st = ST_OK;

	h.lap = lap;
	pace_init(&h.pace, clock_system());
	while (st == ST_OK) {
		if (h.count == 0) {
			st = pipe_receive(p, &m);
			if (st == ST_OK)
				st = hear(&h, &m);
		}
		if (st == ST_OK)
			st = listen_up(&h);
		if (st == ST_OK && h.count > 0)
			st = work(&h);
	}
	cifs_close(h.cifs);
	login_fini(&h.login);
	return st == ST_CLOSED ? 0 : 1;
}
