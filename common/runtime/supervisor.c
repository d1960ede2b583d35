#include "runtime/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/must.h"
#include "runtime/backoff.h"
#include "runtime/spawn.h"
#include "sys/loop.h"
#include "sys/pipe.h"
#include "sys/proc.h"

#define SCANNERS_MAX 20 /* tasks, and questions of the master */
#define PIPE_CAP     (64 * 1024)
#define RESULTS_ROOM (256 * 1024)
#define NAME_ROOM    64 /* bytes of a program's name */
#define LEAVE_MS     8000
#define CALM_MS      60000 /* a link that lived so long died by chance */

struct scanner_child {
	struct supervisor *of;
	uint64_t task; /* 0: free */
	pid_t pid;
	int pidfd;
	struct loop_io *watch;
	void *helper; /* NULL: it asks for nothing */
};

struct supervisor {
	const struct supervisor_config *config;
	struct loop *loop;
	struct loop_signal *term, *intr;
	struct loop_timer *retry, *late, *calm;
	struct backoff backoff;
	pid_t link;
	int link_fd; /* pidfd */
	struct loop_io *link_watch, *pipe_watch;
	struct pipe *pipe;
	struct scanner_child scanner[SCANNERS_MAX];
	bool leaving;
	int code;
};

static void
say(struct supervisor *s, struct pipe_message *m)
{
	if (s->pipe != NULL && pipe_send(s->pipe, m) != ST_OK)
		log_debug("the link does not listen any more");
}

static void
say_ended(struct supervisor *s, uint64_t task, const char *how, bool killed)
{
	struct pipe_message m = {.kind = killed ? SPAWN_KILLED : SPAWN_ENDED,
				 .tag = task,
				 .body = span_str(how)};

	say(s, &m);
}

/* ---- scanners ---- */

static struct scanner_child *
find(struct supervisor *s, uint64_t task)
{
	for (size_t i = 0; i < SCANNERS_MAX; i++)
		if (s->scanner[i].task == task)
			return &s->scanner[i];
	return NULL;
}

/* Reap; the watch and the slot are free again. True when it was killed. */
static bool
bury(struct scanner_child *c, char how[PROC_END_TEXT])
{
	int status = 0;

	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	proc_end_text(status, how);
	loop_io_close(c->watch);
	close(c->pidfd);
	if (c->helper != NULL)
		c->of->config->help->close(c->helper);
	*c = (struct scanner_child){.pidfd = -1};
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void
on_scanner_end(void *arg, int fd, unsigned ready)
{
	struct scanner_child *c = arg;
	struct supervisor *s = c->of;
	uint64_t task = c->task;
	char how[PROC_END_TEXT];
	bool killed;

	(void)fd;
	(void)ready;
	killed = bury(c, how);
	log_debug("scanner ended task=%" PRIu64 " how=\"%s\"", task, how);
	say_ended(s, task, how, killed);
}

static void
kill_all(struct supervisor *s)
{
	char how[PROC_END_TEXT];

	for (size_t i = 0; i < SCANNERS_MAX; i++) {
		if (s->scanner[i].task == 0)
			continue;
		kill(s->scanner[i].pid, SIGKILL);
		(void)bury(&s->scanner[i], how);
	}
}

/* A scan must never make the host slow for those who work on it. */
static void
be_modest(const struct supervisor_config *c, pid_t pid)
{
	const int class_shift = 13, who_process = 1, level = 7;

	if (c->nice > 0 && setpriority(PRIO_PROCESS, (id_t)pid, c->nice) != 0)
		log_debug("nice is refused: %s", strerror(errno));
	if (c->io_class > 0 &&
	    syscall(SYS_ioprio_set, who_process, pid,
		    (int)(c->io_class << class_shift) | level) != 0)
		log_debug("ionice is refused: %s", strerror(errno));
}

/* A socket to who helps scanners; *theirs stays -1 when nobody does. */
static enum status
open_help(struct supervisor *s, struct scanner_child *c, int *theirs)
{
	const struct supervisor_help *h = s->config->help;
	int ends[2];
	enum status st;

	if (h == NULL)
		return ST_OK;
	st = pipe_pair(ends);
	if (st != ST_OK)
		return st;
	*theirs = ends[1];
	return h->open(h->arg, s->loop, ends[0], &c->helper);
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static enum status
exec_scanner(struct supervisor *s, struct scanner_child *c, int in, int out)
{
	char name[NAME_ROOM];
	char *argv[] = {name, NULL};
	struct proc_fd fds[] = {{in, 0}, {out, 1}, {-1, SPAWN_HELP_FD}};
	struct proc_spec spec = {.path = s->config->scanner,
				 .argv = argv,
				 .fds = fds,
				 .fd_count = 2};
	enum status st = open_help(s, c, &fds[2].from);

	snprintf(name, sizeof(name), "%s", base_name(s->config->scanner));
	if (fds[2].from >= 0)
		spec.fd_count = 3;
	if (st == ST_OK)
		st = proc_spawn(&spec, &c->pid, &c->pidfd);
	if (fds[2].from >= 0)
		close(fds[2].from);
	if (st != ST_OK) {
		if (c->helper != NULL)
			s->config->help->close(c->helper);
		return st;
	}
	be_modest(s->config, c->pid);
	st = loop_io_open(s->loop, c->pidfd, LOOP_READ, on_scanner_end, c,
			  &c->watch);
	if (st != ST_OK) {
		char how[PROC_END_TEXT];

		kill(c->pid, SIGKILL);
		(void)bury(c, how);
	}
	return st;
}

static enum status
start_scanner(struct supervisor *s, uint64_t task, struct scanner_child *c)
{
	int in[2], out[2];
	struct pipe_message m = {
	    .kind = SPAWN_STARTED, .tag = task, .fd_count = 2};
	enum status st;

	if (pipe2(in, O_CLOEXEC) != 0)
		return status_of_errno(errno);
	if (pipe2(out, O_CLOEXEC) != 0) {
		st = status_of_errno(errno);
		close(in[0]);
		close(in[1]);
		return st;
	}
	/* it speaks in long stretches: with less room both only wake more */
	if (fcntl(out[0], F_SETPIPE_SZ, RESULTS_ROOM) < 0)
		log_debug("a pipe keeps its usual room");
	c->of = s;
	c->task = task;
	st = exec_scanner(s, c, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	m.fds[0] = in[1];
	m.fds[1] = out[0];
	if (st == ST_OK)
		say(s, &m);
	else
		*c = (struct scanner_child){.pidfd = -1};
	close(in[1]);
	close(out[0]);
	return st;
}

static void
on_start(struct supervisor *s, uint64_t task)
{
	struct scanner_child *c = find(s, 0);
	char text[256];
	enum status st = ST_LIMIT;

	if (task == 0 || find(s, task) != NULL)
		return;
	if (c != NULL)
		st = start_scanner(s, task, c);
	if (st == ST_OK)
		return;
	snprintf(text, sizeof(text), "%s cannot be started: %s",
		 s->config->scanner, status_text(st));
	say_ended(s, task, text, false);
}

static void
on_kill(struct supervisor *s, uint64_t task)
{
	struct scanner_child *c = task != 0 ? find(s, task) : NULL;

	if (c != NULL)
		kill(c->pid, SIGKILL); /* told when it is reaped */
}

/* ---- the link ---- */

static void
on_pipe(void *arg, int fd, unsigned ready)
{
	struct supervisor *s = arg;
	struct pipe_message m;
	enum status st;

	(void)fd;
	(void)ready;
	while ((st = pipe_poll(s->pipe, &m)) == ST_OK) {
		pipe_drop_fds(&m);
		if (m.kind == SPAWN_START)
			on_start(s, m.tag);
		else if (m.kind == SPAWN_KILL)
			on_kill(s, m.tag);
	}
	if (st == ST_AGAIN)
		return;
	loop_io_close(s->pipe_watch); /* its end comes by the pidfd */
	s->pipe_watch = NULL;
}

static void
forget_link(struct supervisor *s)
{
	loop_io_close(s->link_watch);
	loop_io_close(s->pipe_watch);
	s->link_watch = s->pipe_watch = NULL;
	pipe_close(s->pipe);
	s->pipe = NULL;
	if (s->link_fd >= 0)
		close(s->link_fd);
	s->link_fd = -1;
	s->link = 0;
}

static void
retry_later(struct supervisor *s)
{
	uint64_t ms = backoff_next(&s->backoff, 0);

	loop_timer_stop(s->calm);
	must(loop_timer_set(s->retry, ms) == ST_OK);
}

static void
on_link_end(void *arg, int fd, unsigned ready)
{
	struct supervisor *s = arg;
	char how[PROC_END_TEXT];
	int status = 0;

	(void)fd;
	(void)ready;
	while (waitpid(s->link, &status, 0) < 0 && errno == EINTR)
		continue;
	forget_link(s);
	kill_all(s);
	if (s->leaving ||
	    (WIFEXITED(status) && WEXITSTATUS(status) == SPAWN_EXIT_FINAL)) {
		s->code = s->leaving ? 0 : 1;
		loop_stop(s->loop);
		return;
	}
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		backoff_reset(&s->backoff); /* from outside: soon again */
	proc_end_text(status, how);
	log_error("the link ended and is started again how=\"%s\"", how);
	retry_later(s);
}

static enum status
spawn_link(struct supervisor *s, int their_end)
{
	char cwd[4096];
	struct proc_fd fds[] = {{their_end, SPAWN_FD}};
	struct proc_spec spec = {.path = s->config->link,
				 .argv = s->config->argv,
				 .fds = fds,
				 .fd_count = 1,
				 .dir = getcwd(cwd, sizeof(cwd))};

	return proc_spawn(&spec, &s->link, &s->link_fd);
}

static void
on_retry(void *arg)
{
	struct supervisor *s = arg;
	int ends[2];
	enum status st = pipe_pair(ends);

	if (st == ST_OK) {
		st = pipe_open(ends[0], PIPE_CAP, &s->pipe);
		if (st == ST_OK)
			st = spawn_link(s, ends[1]);
		close(ends[1]);
	}
	if (st == ST_OK)
		st = loop_io_open(s->loop, s->link_fd, LOOP_READ, on_link_end,
				  s, &s->link_watch);
	if (st == ST_OK)
		st = loop_io_open(s->loop, pipe_fd(s->pipe), LOOP_READ, on_pipe,
				  s, &s->pipe_watch);
	if (st == ST_OK)
		st = loop_timer_set(s->calm, CALM_MS);
	if (st == ST_OK)
		return;
	log_error("the link cannot be started reason=\"%s\"", status_text(st));
	if (s->link > 0) {
		kill(s->link, SIGKILL);
		waitpid(s->link, NULL, 0);
	}
	forget_link(s);
	retry_later(s);
}

static void
on_calm(void *arg)
{
	struct supervisor *s = arg;

	backoff_reset(&s->backoff);
}

/* ---- the end ---- */

static void
on_late(void *arg)
{
	struct supervisor *s = arg;

	if (s->link > 0)
		kill(s->link, SIGKILL);
}

static void
on_stop(void *arg)
{
	struct supervisor *s = arg;
	struct pipe_message m = {.kind = SPAWN_LEAVE};

	if (s->leaving) { /* asked twice: at once */
		on_late(s);
		return;
	}
	s->leaving = true;
	if (s->link == 0) {
		loop_stop(s->loop);
		return;
	}
	say(s, &m);
	if (loop_timer_set(s->late, LEAVE_MS) != ST_OK)
		on_late(s);
}

static enum status
watch_all(struct supervisor *s)
{
	enum status st = loop_timer_open(s->loop, on_retry, s, &s->retry);

	if (st == ST_OK)
		st = loop_timer_open(s->loop, on_late, s, &s->late);
	if (st == ST_OK)
		st = loop_timer_open(s->loop, on_calm, s, &s->calm);
	if (st == ST_OK)
		st = loop_signal_open(s->loop, SIGTERM, on_stop, s, &s->term);
	if (st == ST_OK)
		st = loop_signal_open(s->loop, SIGINT, on_stop, s, &s->intr);
	return st == ST_OK ? loop_timer_set(s->retry, 0) : st;
}

enum status
supervisor_run(const struct supervisor_config *c, int *code)
{
	struct supervisor s = {.config = c, .link_fd = -1};
	enum status st = loop_open(&s.loop);

	s.backoff = (struct backoff){c->retry_ms, c->retry_cap_ms, 0};
	if (st == ST_OK)
		st = watch_all(&s);
	if (st == ST_OK)
		st = loop_run(s.loop);
	kill_all(&s);
	forget_link(&s);
	loop_timer_close(s.retry);
	loop_timer_close(s.late);
	loop_timer_close(s.calm);
	loop_signal_close(s.term);
	loop_signal_close(s.intr);
	loop_close(s.loop);
	*code = s.code;
	return st;
}
