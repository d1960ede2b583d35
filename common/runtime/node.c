#include "runtime/node.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/must.h"
#include "model/task.h"
#include "runtime/asks.h"
#include "runtime/jobs.h"
#include "runtime/report.h"
#include "runtime/session.h"
#include "runtime/spawn.h"
#include "runtime/spool.h"
#include "runtime/state.h"
#include "sys/loop.h"
#include "sys/pipe.h"
#include "sys/proc.h"
#include "sys/sandbox.h"
#include "wire/kinds.h"

#define PIPE_CAP   (64 * 1024)
#define WHY_MAX    1024
#define TASKS_TOLD 8 /* in the status file */

struct node {
	const struct node_config *config;
	struct loop *loop;
	struct pipe *pipe;
	struct loop_io *pipe_watch;
	struct loop_signal *term;
	struct loop_timer *report;
	struct state *state;
	int spool_dir;
	struct spool *spool;
	struct jobs *jobs;
	struct asks *asks;
	struct session *session;
	uint8_t incarnation[INCARNATION_LEN];
	char spool_trouble[128];
	bool leaving;
	int code;
};

/* ---- words with the supervisor ---- */

static void
ask(struct node *n, uint16_t kind, uint64_t task)
{
	struct pipe_message m = {.kind = kind, .tag = task};

	if (pipe_send(n->pipe, &m) != ST_OK)
		loop_stop(n->loop);
}

static void
ask_spawn(void *arg, uint64_t task)
{
	ask(arg, SPAWN_START, task);
}

static void
ask_kill(void *arg, uint64_t task)
{
	ask(arg, SPAWN_KILL, task);
}

static void
has_left(void *arg)
{
	struct node *n = arg;

	loop_stop(n->loop);
}

static void
leave(void *arg)
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

static void
on_pipe(void *arg, int fd, unsigned ready)
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
			leave(n);
			break;
		default:
			pipe_drop_fds(&m);
		}
	}
	if (st != ST_AGAIN)
		loop_stop(n->loop); /* no supervisor, no agent */
}

/* ---- what jobs and session tell each other ---- */

static void
on_filled(void *arg)
{
	struct node *n = arg;

	if (n->session != NULL)
		session_filled(n->session);
}

static void
on_progress(void *arg, const struct task_progress *p)
{
	struct node *n = arg;

	if (n->session != NULL)
		session_progress(n->session, p);
}

static void
on_ask(void *arg, const struct agent_ask *q)
{
	struct node *n = arg;

	asks_take(n->asks, q);
}

static void
on_answer(void *arg, const struct agent_answer *a)
{
	struct node *n = arg;

	if (n->session != NULL)
		session_answer(n->session, a);
}

/* ---- the status file ---- */

static void
tell_tasks(const struct node *n, struct report *r)
{
	struct task_held held[TASKS_TOLD];
	size_t count = jobs_list(n->jobs, held, TASKS_TOLD);
	size_t at = 0;

	for (size_t i = 0; i < count && at < sizeof(r->tasks); i++) {
		int more =
		    snprintf(r->tasks + at, sizeof(r->tasks) - at,
			     "%s%" PRIu64 " %s", i > 0 ? ", " : "",
			     held[i].task, task_state_name(held[i].state));

		at += more > 0 ? (size_t)more : 0;
	}
}

static void
write_report(struct node *n)
{
	struct report r = {
	    .pid = (uint64_t)getppid(),
	    .written = (uint64_t)clock_wall_s(clock_system()),
	    .spool_bytes = spool_bytes(n->spool),
	    .spool_batches = spool_next(n->spool) - 1 - spool_acked(n->spool),
	    .spool_quota = n->config->spool_quota,
	};
	struct session_facts f;

	session_facts(n->session, &f);
	snprintf(r.connection, sizeof(r.connection), "%s",
		 session_phase_name(f.phase));
	snprintf(r.master, sizeof(r.master), "%s", n->config->master);
	snprintf(r.trouble, sizeof(r.trouble), "%s", f.trouble);
	snprintf(r.spool_trouble, sizeof(r.spool_trouble), "%s",
		 n->spool_trouble);
	if (f.last_contact > 0)
		r.last_contact = (uint64_t)(f.last_contact / 1000000);
	r.next_try_ms = f.next_try_ms;
	if (f.skew_us > 5000000 || f.skew_us < -5000000)
		snprintf(r.skew, sizeof(r.skew), "%" PRId64,
			 f.skew_us / 1000000);
	tell_tasks(n, &r);
	if (report_write(n->state, &r) != ST_OK)
		log_debug("the status file cannot be written");
}

static void
on_report(void *arg)
{
	struct node *n = arg;

	write_report(n);
	if (loop_timer_set(n->report, REPORT_EVERY_MS) != ST_OK)
		log_warn("status is not written any more: no timer");
}

/* ---- start ---- */

static enum status
open_state(struct node *n)
{
	struct buf why;
	enum status st;

	buf_init(&why, WHY_MAX);
	st = state_open(n->config->state, &n->state, &why);
	if (st != ST_OK)
		log_error("%.*s", (int)why.len,
			  why.len > 0 ? (const char *)why.data : "");
	buf_fini(&why);
	if (st == ST_OK && !n->state->enrolled) {
		log_error("this host is not enrolled: run trawl-agent enroll "
			  "TOKEN state=%s",
			  n->config->state);
		st = ST_NOTFOUND;
	}
	return st;
}

static void
tell_damage(struct node *n, const struct spool_report *met)
{
	if (met->cut > 0)
		log_info("the spool's last write was cut short and is dropped "
			 "bytes=%" PRIu64,
			 met->cut);
	if (met->foreign > 0)
		log_warn("the spool holds entries of another agent, which are "
			 "left out entries=%" PRIu64,
			 met->foreign);
	if (met->damaged == 0)
		return;
	snprintf(n->spool_trouble, sizeof(n->spool_trouble),
		 "%" PRIu64 " damaged bytes, what they held is scanned again",
		 met->damaged);
	log_error("the spool is damaged, what is lost is scanned again "
		  "bytes=%" PRIu64 " entries=%" PRIu64,
		  met->damaged, met->holes);
}

static enum status
open_spool(struct node *n)
{
	struct spool_config c = {.quota = n->config->spool_quota,
				 .stream = STREAM_FINDINGS};
	struct spool_report met;
	enum status st = state_incarnation(n->state, n->incarnation);

	n->spool_dir = open(n->state->spool,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (n->spool_dir < 0 || st != ST_OK)
		return st != ST_OK ? st : ST_IO;
	memcpy(c.incarnation, n->incarnation, INCARNATION_LEN);
	st = spool_open(n->spool_dir, &c, &n->spool, &met);
	if (st == ST_OK && met.fresh) {
		/* Numbers begin again, so nobody may know the old ones. */
		spool_close(n->spool);
		n->spool = NULL;
		st = state_new_incarnation(n->state, n->incarnation);
		memcpy(c.incarnation, n->incarnation, INCARNATION_LEN);
		if (st == ST_OK)
			st = spool_open(n->spool_dir, &c, &n->spool, &met);
	}
	if (st == ST_OK)
		tell_damage(n, &met);
	else
		log_error("the spool cannot be opened folder=%s reason=\"%s\"",
			  n->state->spool, status_text(st));
	return st;
}

static enum status
open_jobs(struct node *n)
{
	struct jobs_config c = {
	    .loop = n->loop,
	    .clock = clock_system(),
	    .spool = n->spool,
	    .dir = n->state->tasks,
	    .at_once = n->config->at_once,
	    .retry_ms = n->config->retry_ms,
	    .ops = {ask_spawn, ask_kill, on_filled, on_progress},
	    .arg = n,
	};

	return jobs_open(&c, &n->jobs);
}

static enum status
open_asks(struct node *n)
{
	static const struct asks_ops ops = {ask_spawn, ask_kill, on_answer};

	return asks_open(n->loop, &ops, n, &n->asks);
}

static enum status
open_session(struct node *n)
{
	struct session_config c = {
	    .loop = n->loop,
	    .clock = clock_system(),
	    .state = n->state,
	    .spool = n->spool,
	    .jobs = n->jobs,
	    .build = n->config->build,
	    .program = n->config->program,
	    .spool_dir = n->state->spool,
	    .master = n->config->master,
	    .offer = n->config->offer,
	    .offer_arg = n->config->offer_arg,
	    .ask = on_ask,
	    .ask_arg = n,
	    .reconnect_base_ms = n->config->reconnect_base_ms,
	    .reconnect_cap_ms = n->config->reconnect_cap_ms,
	    .link = link_config_default,
	};

	memcpy(c.incarnation, n->incarnation, INCARNATION_LEN);
	return session_open(&c, &n->session);
}

/* Scans that were under way go on without waiting for the master. */
static void
go_on_offline(struct node *n)
{
	struct buf key;

	buf_init(&key, FINGERPRINT_KEY_LEN + 1);
	if (state_read(n->state, "fingerprint.key", &key) == ST_OK &&
	    key.len == FINGERPRINT_KEY_LEN) {
		jobs_allow(n->jobs, true);
		jobs_key(n->jobs, key.data);
	}
	buf_fini(&key);
}

static enum status
open_words(struct node *n)
{
	enum status st = pipe_open(SPAWN_FD, PIPE_CAP, &n->pipe);

	if (st == ST_OK)
		st = loop_io_open(n->loop, SPAWN_FD, LOOP_READ, on_pipe, n,
				  &n->pipe_watch);
	if (st == ST_OK)
		st = loop_signal_open(n->loop, SIGTERM, leave, n, &n->term);
	if (st == ST_OK)
		st = loop_timer_open(n->loop, on_report, n, &n->report);
	return st;
}

static enum status
drop_rights(const struct node_config *c)
{
	enum status st = priv_drop(c->user, PRIV_NONE);

	if (st == ST_OK)
		st = priv_verify(c->user, PRIV_NONE);
	/* A change of user makes the kernel forget whom we die with. */
	return st == ST_OK ? proc_die_with(getppid()) : st;
}

static enum status
confine(const struct node *n)
{
	static const char *const read[] = {"/etc/resolv.conf",
					   "/etc/hosts",
					   "/etc/nsswitch.conf",
					   "/etc/host.conf",
					   "/etc/gai.conf",
					   "/etc/services",
					   "/etc/ld.so.cache",
					   "/etc/localtime",
					   "/etc/os-release",
					   "/usr/lib",
					   "/lib",
					   "/lib64",
					   "/run/systemd/resolve",
					   "/run/resolvconf",
					   "/proc",
					   "/sys/fs/cgroup",
					   "/sys/devices/system/cpu"};
	const char *write[] = {n->state->dir};
	struct sandbox_paths paths = {
	    .read = read,
	    .read_count = sizeof(read) / sizeof(read[0]),
	    .write = write,
	    .write_count = 1,
	};
	struct sandbox_state got;
	enum status st = sandbox_enter(SANDBOX_LINK, &paths, &got);

	if (st == ST_OK && got.landlock == 0)
		log_warn("this kernel has no Landlock: folders are not closed "
			 "to the link");
	return st;
}

static enum status
open_all(struct node *n)
{
	enum status st = loop_open(&n->loop);

	if (st == ST_OK)
		st = open_words(n);
	if (st == ST_OK)
		st = drop_rights(n->config);
	if (st == ST_OK)
		st = open_state(n);
	if (st == ST_OK)
		st = open_spool(n);
	if (st == ST_OK)
		st = open_jobs(n);
	if (st == ST_OK)
		st = open_asks(n);
	if (st == ST_OK)
		st = open_session(n);
	if (st == ST_OK)
		st = confine(n);
	return st;
}

static void
close_all(struct node *n)
{
	session_close(n->session);
	jobs_close(n->jobs);
	asks_close(n->asks);
	spool_close(n->spool);
	if (n->spool_dir >= 0)
		close(n->spool_dir);
	state_close(n->state);
	loop_timer_close(n->report);
	loop_signal_close(n->term);
	loop_io_close(n->pipe_watch);
	pipe_close(n->pipe);
	loop_close(n->loop);
}

int
node_run(const struct node_config *c)
{
	struct node n = {.config = c, .spool_dir = -1, .code = 1};
	enum status st = open_all(&n);

	if (st == ST_OK) {
		go_on_offline(&n);
		on_report(&n);
		if (loop_run(n.loop) != ST_OK)
			n.code = 1;
	} else {
		log_error("the agent cannot start reason=\"%s\"",
			  status_text(st));
		/* Only a person can change what it found. */
		if (st == ST_NOTFOUND || st == ST_MALFORMED || st == ST_DENIED)
			n.code = SPAWN_EXIT_FINAL;
	}
	if (n.leaving)
		state_remove(n.state, "status"); /* nothing runs */
	close_all(&n);
	return n.code;
}
