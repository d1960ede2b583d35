#include "master/proc/child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "master/proc/control.h"
#include "sys/loop.h"
#include "sys/pipe.h"

struct child {
	struct pipe *control;
	struct loop_io *io;
	struct loop_timer *first; /* what came together with the doors */
	const struct child_ops *ops;
	void *arg;
	enum role role;
	struct {
		uint8_t door;
		int fd;
	} sockets[PIPE_FDS_MAX];
	size_t socket_count;
	bool stopping;
};

static enum status
take_doors(struct child *c, struct pipe_message *m)
{
	if (m->kind != CONTROL_DOORS || m->body.len != m->fd_count) {
		pipe_drop_fds(m);
		return ST_MALFORMED;
	}
	for (size_t i = 0; i < m->fd_count; i++) {
		c->sockets[i].door = m->body.ptr[i];
		c->sockets[i].fd = m->fds[i];
	}
	c->socket_count = m->fd_count;
	return ST_OK;
}

/*
 * A Ctrl-C on the terminal reaches every process of the group; only the parent
 * decides what it means, and says so on the control socket.
 */
static void
leave_signals_to_parent(void)
{
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
}

enum status
child_open(enum role role, struct child **out)
{
	struct child *c = calloc(1, sizeof(*c));
	struct pipe_message m;
	enum status st;

	if (c == NULL)
		return ST_NOMEM;
	c->role = role;
	if (fcntl(CHILD_CONTROL_FD, F_SETFD, FD_CLOEXEC) != 0) {
		free(c);
		return ST_USAGE; /* nobody started us as a child */
	}
	leave_signals_to_parent();
	st = pipe_open(CHILD_CONTROL_FD, CONTROL_QUEUE, &c->control);
	if (st == ST_OK)
		st = pipe_receive(c->control, &m);
	if (st == ST_OK)
		st = take_doors(c, &m);
	if (st != ST_OK) {
		child_close(c);
		return st;
	}
	*out = c;
	return ST_OK;
}

void
child_close(struct child *c)
{
	if (c == NULL)
		return;
	child_unwatch(c);
	for (size_t i = 0; i < c->socket_count; i++)
		close(c->sockets[i].fd);
	pipe_close(c->control);
	free(c);
}

int
child_socket(const struct child *c, enum door door, size_t i)
{
	for (size_t k = 0; k < c->socket_count; k++)
		if (c->sockets[k].door == door && i-- == 0)
			return c->sockets[k].fd;
	return -1;
}

static void
stop(struct child *c)
{
	if (c->stopping)
		return;
	c->stopping = true;
	loop_io_close(c->io);
	c->io = NULL;
	c->ops->stop(c->arg);
}

static void
take(struct child *c, struct pipe_message *m)
{
	if (m->kind == CONTROL_PEER && m->fd_count == 1 &&
	    m->tag < ROLE__COUNT) {
		c->ops->peer(c->arg, (enum role)m->tag, m->fds[0]);
		return;
	}
	pipe_drop_fds(m);
	if (m->kind == CONTROL_STOP)
		stop(c);
}

static void
take_all(void *arg)
{
	struct child *c = arg;

	while (!c->stopping) {
		struct pipe_message m;
		enum status st = pipe_poll(c->control, &m);

		if (st == ST_AGAIN)
			return;
		if (st == ST_OK)
			take(c, &m);
		else
			stop(c); /* the parent is gone */
	}
}

static void
ready(void *arg, int fd, unsigned what)
{
	(void)fd;
	(void)what;
	take_all(arg);
}

enum status
child_watch(struct child *c, struct loop *loop, const struct child_ops *ops,
	    void *arg)
{
	enum status st;

	c->ops = ops;
	c->arg = arg;
	st = loop_io_open(loop, CHILD_CONTROL_FD, LOOP_READ, ready, c, &c->io);
	if (st == ST_OK)
		st = loop_timer_open(loop, take_all, c, &c->first);
	if (st == ST_OK)
		st = loop_timer_set(c->first, 0);
	if (st == ST_OK)
		st = pipe_say(c->control, CONTROL_READY, c->role,
			      span_of(NULL, 0));
	return st;
}

void
child_unwatch(struct child *c)
{
	loop_io_close(c->io);
	loop_timer_close(c->first);
	c->io = NULL;
	c->first = NULL;
}
