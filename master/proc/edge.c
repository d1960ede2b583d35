#include "master/proc/edge.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/must.h"
#include "sys/loop.h"

#define TURN 64 /* messages before others on the loop get their turn */

struct edge {
	struct pipe *pipe;
	struct loop *loop;
	struct loop_io *io;
	struct loop_timer *again; /* more messages wait inside the pipe */
	const struct edge_ops *ops;
	void *arg;
	unsigned busy;
	bool closed, gone, full, stopped;
};

static void
destroy(struct edge *e)
{
	loop_io_close(e->io);
	loop_timer_close(e->again);
	pipe_close(e->pipe);
	free(e);
}

static void
enter(struct edge *e)
{
	must(e->busy < UINT8_MAX);
	e->busy++;
}

static bool
leave(struct edge *e)
{
	must(e->busy > 0);
	if (--e->busy == 0 && e->closed) {
		destroy(e);
		return false;
	}
	return !e->closed;
}

static void
set_want(struct edge *e)
{
	unsigned want = e->stopped ? 0 : LOOP_READ;

	if (pipe_waiting(e->pipe) > 0)
		want |= LOOP_WRITE;
	(void)!loop_io_want(e->io, want);
}

static void
go_down(struct edge *e)
{
	if (e->gone)
		return;
	e->gone = true;
	loop_io_close(e->io);
	e->io = NULL;
	loop_timer_stop(e->again);
	enter(e);
	e->ops->down(e->arg);
	(void)leave(e);
}

/* False when the edge is gone. */
static bool
push(struct edge *e)
{
	enum status st = pipe_flush(e->pipe);

	if (st != ST_OK && st != ST_AGAIN) {
		go_down(e);
		return false;
	}
	if (e->full && pipe_waiting(e->pipe) < EDGE_QUEUE_MAX / 2) {
		e->full = false;
		if (e->ops->room != NULL)
			e->ops->room(e->arg);
	}
	return !e->closed && !e->gone;
}

static void
read_messages(struct edge *e)
{
	enum status st = ST_OK;
	unsigned n = 0;

	while (!e->closed && !e->gone && !e->stopped && n++ < TURN) {
		struct pipe_message m;

		st = pipe_poll(e->pipe, &m);
		if (st != ST_OK)
			break;
		pipe_drop_fds(&m); /* none is meant to be on an edge */
		e->ops->message(e->arg, m.kind, m.body);
	}
	if (e->closed || e->gone)
		return;
	if (st != ST_OK && st != ST_AGAIN)
		go_down(e);
	else if (st == ST_OK && !e->stopped)
		(void)!loop_timer_set(e->again, 0);
}

static void
ready(void *arg, int fd, unsigned what)
{
	struct edge *e = arg;

	(void)fd;
	enter(e);
	if ((what & LOOP_WRITE) == 0 || push(e)) {
		if ((what & LOOP_READ) != 0)
			read_messages(e);
	}
	if (!e->closed && !e->gone)
		set_want(e);
	(void)leave(e);
}

static void
go_on(void *arg)
{
	struct edge *e = arg;

	enter(e);
	read_messages(e);
	if (!e->closed && !e->gone)
		set_want(e);
	(void)leave(e);
}

enum status
edge_open(struct loop *loop, int fd, const struct edge_ops *ops, void *arg,
	  struct edge **out)
{
	struct edge *e = calloc(1, sizeof(*e));
	enum status st = ST_NOMEM;

	if (e == NULL) {
		close(fd);
		return ST_NOMEM;
	}
	e->loop = loop;
	e->ops = ops;
	e->arg = arg;
	st = pipe_open(fd, EDGE_QUEUE_MAX, &e->pipe);
	if (st != ST_OK) {
		close(fd);
		destroy(e);
		return st;
	}
	st = loop_io_open(loop, fd, LOOP_READ, ready, e, &e->io);
	if (st == ST_OK)
		st = loop_timer_open(loop, go_on, e, &e->again);
	if (st != ST_OK) {
		destroy(e);
		return st;
	}
	*out = e;
	return ST_OK;
}

void
edge_close(struct edge *e)
{
	if (e == NULL)
		return;
	e->closed = true;
	if (e->busy == 0)
		destroy(e);
}

enum status
edge_send(struct edge *e, uint16_t kind, struct span body)
{
	struct pipe_message m = {.kind = kind, .body = body};
	enum status st;

	if (e->gone || e->closed)
		return ST_CLOSED;
	st = pipe_queue(e->pipe, &m);
	if (st == ST_FULL)
		e->full = true;
	else if (st == ST_OK && pipe_waiting(e->pipe) > 0)
		set_want(e);
	return st;
}

size_t
edge_queued(const struct edge *e)
{
	return pipe_waiting(e->pipe);
}

bool
edge_crowded(struct edge *e)
{
	if (pipe_waiting(e->pipe) <= EDGE_QUEUE_MAX / 2)
		return false;
	e->full = true;
	return true;
}

void
edge_read_stop(struct edge *e, bool stop)
{
	if (e->stopped == stop || e->gone || e->closed)
		return;
	e->stopped = stop;
	set_want(e);
	if (!stop) /* what came before we stopped lies in the pipe already */
		(void)!loop_timer_set(e->again, 0);
}
