#include <stdio.h>

#include "runtime/node_impl.h"
#include "runtime/spawn.h"

static void
ask(struct node *n, uint16_t kind, uint64_t task)
{
	struct pipe_message m = {.kind = kind, .tag = task};

	if (pipe_send(n->pipe, &m) != ST_OK)
		loop_stop(n->loop);
}

void
node_ask_spawn(void *arg, uint64_t task)
{
	ask(arg, SPAWN_START, task);
}

void
node_ask_kill(void *arg, uint64_t task)
{
	ask(arg, SPAWN_KILL, task);
}

static void
has_left(void *arg)
{
	struct node *n = arg;

	loop_stop(n->loop);
}

void
node_leave(void *arg)
{
	struct node *n = arg;

	if (n->leaving)
		return;
	n->leaving = true;
	n->code = 0;
	jobs_allow(n->jobs, false);
	session_leave(n->session, has_left, n);
}

static void
on_started(struct node *n, struct pipe_message *m)
{
	if (m->fd_count != 2) {
		pipe_drop_fds(m);
		return;
	}
	if (asks_owns(m->tag))
		asks_started(n->asks, m->tag, m->fds[0], m->fds[1]);
	else
		jobs_started(n->jobs, m->tag, m->fds[0], m->fds[1]);
}

static void
on_ended(struct node *n, const struct pipe_message *m)
{
	char how[256];

	if (asks_owns(m->tag)) {
		asks_ended(n->asks, m->tag);
		return;
	}
	snprintf(how, sizeof(how), "%.*s", (int)m->body.len,
		 m->body.len > 0 ? (const char *)m->body.ptr : "");
	jobs_ended(n->jobs, m->tag, how);
}

void
node_hear(void *arg, int fd, unsigned ready)
{
	struct node *n = arg;
	struct pipe_message m;
	enum status st;

	(void)fd;
	(void)ready;
	while ((st = pipe_poll(n->pipe, &m)) == ST_OK) {
		switch (m.kind) {
		case SPAWN_STARTED:
			on_started(n, &m);
			break;
		case SPAWN_ENDED:
			on_ended(n, &m);
			break;
		case SPAWN_KILLED:
			if (asks_owns(m.tag))
				asks_ended(n->asks, m.tag);
			else
				jobs_killed(n->jobs, m.tag);
			break;
		case SPAWN_LEAVE:
			node_leave(n);
			break;
		default:
			pipe_drop_fds(&m);
		}
	}
	if (st != ST_AGAIN)
		loop_stop(n->loop); /* no supervisor, no agent */
}
