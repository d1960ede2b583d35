#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "runtime/node_impl.h"
#include "runtime/report.h"
#include "runtime/spawn.h"
#include "sys/proc.h"
#include "sys/sandbox.h"
#include "wire/kinds.h"

#define PIPE_CAP (64 * 1024)
#define WHY_MAX  1024

/* ---- its folder ---- */

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
	    .ops = {node_ask_spawn, node_ask_kill, on_filled, on_progress},
	    .arg = n,
	};

	return jobs_open(&c, &n->jobs);
}

static enum status
open_asks(struct node *n)
{
	static const struct asks_ops ops = {node_ask_spawn, node_ask_kill,
					    on_answer};

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

/* ---- words and rights ---- */

static enum status
open_words(struct node *n)
{
	enum status st = pipe_open(SPAWN_FD, PIPE_CAP, &n->pipe);

	if (st == ST_OK)
		st = loop_io_open(n->loop, SPAWN_FD, LOOP_READ, node_hear, n,
				  &n->pipe_watch);
	if (st == ST_OK)
		st =
		    loop_signal_open(n->loop, SIGTERM, node_leave, n, &n->term);
	if (st == ST_OK)
		st = loop_timer_open(n->loop, node_report, n, &n->report);
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

enum status
node_open(struct node *n)
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

void
node_close(struct node *n)
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
