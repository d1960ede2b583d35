#include "master/proc/parent.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "master/proc/child.h"
#include "master/proc/control.h"
#include "sys/loop.h"
#include "sys/pipe.h"
#include "sys/proc.h"

#define ARGS_MAX    64
#define STOP_MS     10000 /* for children to end by themselves */
#define CALM_MS     5000  /* a child that lived so long did not crash at once */
#define RESTART_MIN 50
#define RESTART_MAX 10000

struct kid {
	struct parent *parent;
	const struct role_row *row;
	pid_t pid; /* 0 while it does not run */
	int pidfd;
	struct pipe *control;
	struct loop_io *end_io, *control_io;
	struct loop_timer *restart;
	uint64_t born;  /* monotonic ms */
	uint64_t wait;  /* ms before the next start */
	bool ready;     /* has said so, in this life */
	bool was_ready; /* in any life */
};

struct parent {
	const struct parent_config *config;
	struct loop *loop;
	struct loop_signal *term, *interrupt;
	struct loop_timer *deadline; /* of stopping */
	struct kid kids[ROLE__COUNT];
	bool stopping, started;
	enum status result;
};

static uint64_t
now_ms(void)
{
	return clock_mono_ms(clock_system());
}

static bool
runs(const struct kid *k)
{
	return k->pid > 0;
}

/* ---- stopping ---- */

static void
finish_if_alone(struct parent *p)
{
	if (!p->stopping)
		return;
	for (size_t i = 0; i < ROLE__COUNT; i++)
		if (runs(&p->kids[i]))
			return;
	loop_stop(p->loop);
}

static void
stop_all(struct parent *p)
{
	uint32_t ms = p->config->stop_ms > 0 ? p->config->stop_ms : STOP_MS;

	if (p->stopping)
		return;
	p->stopping = true;
	for (size_t i = 0; i < ROLE__COUNT; i++) {
		struct kid *k = &p->kids[i];

		loop_timer_stop(k->restart);
		if (runs(k))
			(void)!pipe_say(k->control, CONTROL_STOP, 0,
					span_of(NULL, 0));
	}
	(void)!loop_timer_set(p->deadline, ms);
	finish_if_alone(p);
}

static void
told_to_stop(void *arg)
{
	struct parent *p = arg;

	log_info("stopping");
	stop_all(p);
}

static void
out_of_patience(void *arg)
{
	struct parent *p = arg;

	for (size_t i = 0; i < ROLE__COUNT; i++)
		if (runs(&p->kids[i])) {
			log_warn("%s does not end and is killed",
				 p->kids[i].row->name);
			kill(p->kids[i].pid, SIGKILL);
		}
}

static void
give_up(struct parent *p, enum status st)
{
	if (p->result == ST_OK)
		p->result = st;
	stop_all(p);
}

/* ---- one child ---- */

static void start(struct kid *k);

static void
start_again(void *arg)
{
	start(arg);
}

static void
forget(struct kid *k)
{
	loop_io_close(k->end_io);
	loop_io_close(k->control_io);
	k->end_io = k->control_io = NULL;
	pipe_close(k->control);
	k->control = NULL;
	if (k->pidfd >= 0)
		close(k->pidfd);
	k->pidfd = -1;
	k->pid = 0;
	k->ready = false;
}

/* Killed from outside is no crash loop; dying at once again and again is. */
static uint64_t
wait_before_restart(struct kid *k, int how)
{
	if (now_ms() - k->born >= CALM_MS ||
	    (WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL)) {
		k->wait = 0;
		return RESTART_MIN;
	}
	k->wait = k->wait == 0 ? RESTART_MIN : k->wait * 2;
	if (k->wait > RESTART_MAX)
		k->wait = RESTART_MAX;
	return k->wait;
}

static void
ended(void *arg, int fd, unsigned what)
{
	struct kid *k = arg;
	struct parent *p = k->parent;
	char text[PROC_END_TEXT];
	uint64_t wait;
	int how = 0;

	(void)fd;
	(void)what;
	if (waitpid(k->pid, &how, WNOHANG) == 0)
		return;
	proc_end_text(how, text);
	forget(k);
	if (p->stopping) {
		finish_if_alone(p);
		return;
	}
	if (WIFEXITED(how) && !k->was_ready) {
		log_error("%s could not start: %s", k->row->name, text);
		give_up(p, ST_IO);
		return;
	}
	wait = wait_before_restart(k, how);
	log_error("%s ended (%s); it starts again in %llu ms", k->row->name,
		  text, (unsigned long long)wait);
	if (loop_timer_set(k->restart, wait) != ST_OK)
		give_up(p, ST_NOMEM);
}

static void
note_ready(struct kid *k)
{
	struct parent *p = k->parent;

	k->ready = k->was_ready = true;
	if (p->started)
		return;
	for (size_t i = 0; i < ROLE__COUNT; i++)
		if (p->kids[i].row != NULL && !p->kids[i].ready)
			return;
	p->started = true;
	if (p->config->started != NULL)
		p->config->started(p->config->arg);
}

static void
heard(void *arg, int fd, unsigned what)
{
	struct kid *k = arg;
	struct pipe_message m;
	enum status st;

	(void)fd;
	(void)what;
	while ((st = pipe_poll(k->control, &m)) == ST_OK) {
		pipe_drop_fds(&m);
		if (m.kind == CONTROL_READY)
			note_ready(k);
	}
	if (st == ST_AGAIN)
		return;
	/* Closed: its end is told by the pidfd. */
	loop_io_close(k->control_io);
	k->control_io = NULL;
}

static enum status
spawn(struct kid *k, int control)
{
	const struct parent_config *c = k->parent->config;
	struct proc_fd fds[] = {{.from = control, .to = CHILD_CONTROL_FD}};
	struct proc_spec spec = {
	    .path = c->program, .fds = fds, .fd_count = 1, .dir = "."};
	char *argv[ARGS_MAX + 4];
	size_t n = 0;
	union {
		const char *in;
		char *out;
	} word;

	word.in = c->program;
	argv[n++] = word.out;
	word.in = "--role";
	argv[n++] = word.out;
	word.in = k->row->name;
	argv[n++] = word.out;
	for (size_t i = 0; c->args != NULL && c->args[i] != NULL; i++) {
		if (n > ARGS_MAX)
			return ST_LIMIT;
		word.in = c->args[i];
		argv[n++] = word.out;
	}
	argv[n] = NULL;
	spec.argv = argv;
	return proc_spawn(&spec, &k->pid, &k->pidfd);
}

static enum status
hand_doors(struct kid *k)
{
	const struct parent_config *c = k->parent->config;
	struct pipe_message m = {.kind = CONTROL_DOORS};
	uint8_t doors[PARENT_SOCKETS_MAX];

	for (size_t i = 0; i < c->socket_count; i++) {
		if ((k->row->doors & DOOR_BIT(c->sockets[i].door)) == 0)
			continue;
		doors[m.fd_count] = (uint8_t)c->sockets[i].door;
		m.fds[m.fd_count++] = c->sockets[i].fd;
	}
	m.body = span_of(doors, m.fd_count);
	return pipe_send(k->control, &m);
}

static enum status
hand_peer(struct kid *k, enum role peer, int fd)
{
	struct pipe_message m = {.kind = CONTROL_PEER,
				 .tag = (uint64_t)peer,
				 .fds = {fd},
				 .fd_count = 1};

	return pipe_send(k->control, &m);
}

/* One fresh pair a neighbour that runs. A neighbour that just died is fine. */
static void
deal_edges(struct kid *k)
{
	for (size_t i = 0; i < ROLE__COUNT; i++) {
		struct kid *peer = &k->parent->kids[i];
		int fds[2];

		if ((k->row->peers & ROLE_BIT(i)) == 0 || !runs(peer))
			continue;
		if (pipe_pair(fds) != ST_OK) {
			give_up(k->parent, ST_IO);
			return;
		}
		(void)!hand_peer(k, peer->row->role, fds[0]);
		(void)!hand_peer(peer, k->row->role, fds[1]);
		close(fds[0]);
		close(fds[1]);
	}
}

static enum status
raise_kid(struct kid *k)
{
	struct loop *loop = k->parent->loop;
	enum status st;
	int fds[2];

	st = pipe_pair(fds);
	if (st != ST_OK)
		return st;
	st = pipe_open(fds[0], CONTROL_QUEUE, &k->control);
	if (st != ST_OK)
		close(fds[0]);
	if (st == ST_OK)
		st = spawn(k, fds[1]);
	close(fds[1]);
	if (st == ST_OK)
		st = loop_io_open(loop, k->pidfd, LOOP_READ, ended, k,
				  &k->end_io);
	if (st == ST_OK)
		st = loop_io_open(loop, fds[0], LOOP_READ, heard, k,
				  &k->control_io);
	return st;
}

static void
start(struct kid *k)
{
	enum status st;

	if (k->parent->stopping || runs(k))
		return;
	k->born = now_ms();
	st = raise_kid(k);
	if (st != ST_OK) {
		log_error("%s cannot be started: %s", k->row->name,
			  status_text(st));
		give_up(k->parent, st);
		return;
	}
	if (hand_doors(k) == ST_OK)
		deal_edges(k);
	/* else it has ended already, which its pidfd says */
}

/* ---- all of them ---- */

static enum status
set_up(struct parent *p)
{
	enum status st = loop_open(&p->loop);

	if (st == ST_OK)
		st = loop_signal_open(p->loop, SIGTERM, told_to_stop, p,
				      &p->term);
	if (st == ST_OK)
		st = loop_signal_open(p->loop, SIGINT, told_to_stop, p,
				      &p->interrupt);
	if (st == ST_OK)
		st = loop_timer_open(p->loop, out_of_patience, p, &p->deadline);
	for (size_t i = 0; i < ROLE__COUNT; i++) {
		struct kid *k = &p->kids[i];

		k->parent = p;
		k->row = role_row((enum role)i);
		k->pidfd = -1;
		if (st == ST_OK)
			st = loop_timer_open(p->loop, start_again, k,
					     &k->restart);
	}
	return st;
}

static void
tear_down(struct parent *p)
{
	for (size_t i = 0; i < ROLE__COUNT; i++) {
		struct kid *k = &p->kids[i];

		if (runs(k)) {
			kill(k->pid, SIGKILL);
			waitpid(k->pid, NULL, 0);
		}
		forget(k);
		loop_timer_close(k->restart);
	}
	loop_timer_close(p->deadline);
	loop_signal_close(p->term);
	loop_signal_close(p->interrupt);
	loop_close(p->loop);
}

enum status
parent_run(const struct parent_config *config)
{
	struct parent p = {.config = config};
	enum status st = set_up(&p);

	for (size_t i = 0; st == ST_OK && i < ROLE__COUNT; i++)
		if (p.kids[i].row != NULL)
			start(&p.kids[i]);
	if (st == ST_OK && p.result == ST_OK)
		st = loop_run(p.loop);
	tear_down(&p);
	return st == ST_OK ? p.result : st;
}
