#include "proxy-agent/worker/starter.h"

#include <unistd.h>

#include "model/pack.h"
#include "proxy-agent/keeper/reach.h"
#include "sys/pipe.h"

#define BODY_MAX (128 * 1024) /* of a request */

enum status
starter_open(struct starter *s, int fd)
{
	enum status st;

	s->pipe = NULL;
	st = pipe_open(fd, REACH_CAP, &s->pipe);
	if (st != ST_OK)
		close(fd);
	return st;
}

void
starter_close(struct starter *s)
{
	pipe_close(s->pipe);
}

/* What it says to one request. */
static enum status
ask(struct starter *s, const struct pipe_message *q, struct pipe_message *a)
{
	enum status st = pipe_send(s->pipe, q);

	if (st == ST_OK)
		st = pipe_receive(s->pipe, a);
	if (st == ST_OK)
		pipe_drop_fds(a); /* it sends none */
	return st;
}

/* Words of the keeper; a code that would mean success is none. */
static enum status
refused(const struct pipe_message *a, struct buf *why)
{
	enum status st = ST_IO;

	if (a->kind != REACH_REFUSED || a->body.len == 0)
		return ST_MALFORMED;
	if (a->body.ptr[0] == ST_DENIED || a->body.ptr[0] == ST_NOTFOUND ||
	    a->body.ptr[0] == ST_UNSUPPORTED)
		st = (enum status)a->body.ptr[0];
	if (buf_add(why, a->body.ptr + 1, a->body.len - 1) != ST_OK)
		return ST_NOMEM;
	return st;
}

static enum status
ask_start(struct starter *s, const struct scan_wanted *w, int theirs,
	  struct scan_reader *out, struct buf *why)
{
	struct pipe_message q = {.kind = REACH_START, .fd_count = 2}, a;
	struct packer p;
	struct buf body;
	enum status st;

	buf_init(&body, BODY_MAX);
	p = packer_to(&body);
	pack_span(&p, w->target);
	pack_span(&p, w->credential);
	pack_span(&p, w->options.bytes);
	q.body = buf_span(&body);
	q.fds[0] = theirs;
	q.fds[1] = w->slots;
	st = p.st == ST_OK ? ask(s, &q, &a) : p.st;
	buf_fini(&body);
	if (st != ST_OK)
		return st;
	if (a.kind != REACH_STARTED || a.body.len != 1 || a.tag == 0)
		return refused(&a, why);
	out->pid = (pid_t)a.tag;
	out->told = a.body.ptr[0] != 0;
	return ST_OK;
}

static enum status
start(void *arg, const struct scan_wanted *w, struct scan_reader *out,
      struct buf *why)
{
	int pair[2];
	enum status st = pipe_pair(pair);

	if (st != ST_OK)
		return st;
	st = ask_start(arg, w, pair[1], out, why);
	close(pair[1]);
	if (st == ST_OK)
		out->fd = pair[0];
	else
		close(pair[0]);
	return st;
}

static void
send_signal(void *arg, pid_t pid, int number)
{
	struct starter *s = arg;
	const uint8_t body = (uint8_t)number;
	const struct pipe_message q = {.kind = REACH_SIGNAL,
				       .tag = (uint64_t)pid,
				       .body = span_of(&body, 1)};
	struct pipe_message a;

	if (ask(s, &q, &a) != ST_OK)
		_exit(1); /* no supervisor, no scan */
}

const struct scan_starter starter_of_supervisor = {start, send_signal};
