#include "fake/fake_agent.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "crypto/key.h"
#include "crypto/x509.h"
#include "sys/file.h"

#define PATIENCE_MS 20000

/* ---- a disk that may be full ---- */

static int
io_create(void *arg, int dir, const char *name)
{
	(void)arg;
	return openat(dir, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static ssize_t
io_write(void *arg, int fd, struct span s, uint64_t at)
{
	const struct fake_agent *a = arg;

	if (a->disk_full) {
		errno = ENOSPC;
		return -1;
	}
	return pwrite(fd, s.ptr, s.len, (off_t)at);
}

static int
io_sync(void *arg, int fd)
{
	(void)arg;
	(void)fd;
	return 0; /* the test dies, the machine does not */
}

static int
io_cut(void *arg, int fd, uint64_t size)
{
	(void)arg;
	return ftruncate(fd, (off_t)size);
}

/* ---- life and death ---- */

static void
enrol(struct fake_agent *a)
{
	int64_t now = clock_wall_s(clock_system());
	struct cert_order o = {.role = CERT_AGENT,
			       .agent = 7,
			       .not_before = now - 60,
			       .not_after = now + a->master.cert_seconds};
	struct buf csr, cert, pem;
	struct key *key;

	buf_init(&csr, CERT_MAX);
	buf_init(&cert, CERT_MAX);
	buf_init(&pem, CERT_MAX);
	must(key_make(&key) == ST_OK && key_pem(key, &pem) == ST_OK);
	must(csr_make(key, "test", &csr) == ST_OK);
	must(cert_sign(a->master.ca_key, buf_span(&a->master.ca),
		       buf_span(&csr), &o, &cert) == ST_OK);
	must(state_ca(a->state, buf_span(&a->master.ca)) == ST_OK);
	must(state_identity(a->state, buf_span(&pem), buf_span(&cert)) ==
	     ST_OK);
	key_free(key);
	buf_fini(&csr);
	buf_fini(&cert);
	buf_fini(&pem);
}

static void
on_filled(void *arg)
{
	struct fake_agent *a = arg;

	if (a->session != NULL)
		session_filled(a->session);
}

static void
on_progress(void *arg, const struct task_progress *p)
{
	struct fake_agent *a = arg;

	if (a->session != NULL)
		session_progress(a->session, p);
}

static void
spawn(void *arg, uint64_t task)
{
	struct fake_agent *a = arg;

	fake_scanner_spawn(&a->scanner, task);
}

static void
kill_one(void *arg, uint64_t task)
{
	struct fake_agent *a = arg;

	fake_scanner_kill(&a->scanner, task);
}

static void
open_jobs(struct fake_agent *a)
{
	struct jobs_config c = {
	    .loop = a->loop,
	    .clock = clock_system(),
	    .spool = a->spool,
	    .dir = a->state->tasks,
	    .at_once = 1,
	    .retry_ms = 5,
	    .tick_ms = 10,
	    .ops = {spawn, kill_one, on_filled, on_progress},
	    .arg = a,
	};

	must(jobs_open(&c, &a->jobs) == ST_OK);
	a->scanner.jobs = a->jobs;
}

static void
open_spool(struct fake_agent *a, uint8_t incarnation[INCARNATION_LEN])
{
	const struct spool_io io = {a, io_create, io_write, io_sync, io_cut};
	struct spool_config c = {
	    .quota = a->quota, .stream = STREAM_FINDINGS, .io = &io};

	must(state_incarnation(a->state, incarnation) == ST_OK);
	memcpy(c.incarnation, incarnation, INCARNATION_LEN);
	a->spool_dir =
	    open(a->state->spool, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(spool_open(a->spool_dir, &c, &a->spool, &a->met) == ST_OK);
}

static void
offer(void *arg, struct agent_hello *m)
{
	const struct fake_agent *a = arg;

	m->kinds[0] = span_str(a->kind);
	m->kind_count = 1;
}

static void
open_session(struct fake_agent *a, const uint8_t incarnation[INCARNATION_LEN])
{

	struct session_config c = {
	    .loop = a->loop,
	    .clock = clock_system(),
	    .state = a->state,
	    .spool = a->spool,
	    .jobs = a->jobs,
	    .build = "test",
	    .program = "trawl-agent",
	    .spool_dir = a->state->spool,
	    .master = a->address,
	    .reconnect_base_ms = 5,
	    .reconnect_cap_ms = 40,
	    .link = link_config_default,
	    .offer = a->kind != NULL ? offer : NULL,
	    .offer_arg = a,
	};

	snprintf(a->address, sizeof(a->address), "127.0.0.1:%u",
		 a->master.port);

	memcpy(c.incarnation, incarnation, INCARNATION_LEN);
	must(session_open(&c, &a->session) == ST_OK);
}

void
fake_agent_born(struct fake_agent *a)
{
	uint8_t incarnation[INCARNATION_LEN], key[FINGERPRINT_KEY_LEN];
	struct buf why;

	buf_init(&why, 1024);
	must(state_open(a->dir, &a->state, &why) == ST_OK);
	buf_fini(&why);
	if (!a->state->enrolled)
		enrol(a);
	open_spool(a, incarnation);
	open_jobs(a);
	open_session(a, incarnation);
	memset(key, 0x5a, sizeof(key));
	if (a->master.hellos > 0) { /* it was told before */
		jobs_allow(a->jobs, true);
		jobs_key(a->jobs, key);
	}
}

void
fake_agent_dies(struct fake_agent *a)
{
	session_close(a->session);
	a->session = NULL;
	fake_scanner_close(&a->scanner);
	jobs_close(a->jobs);
	spool_close(a->spool);
	close(a->spool_dir);
	state_close(a->state);
}

void
fake_agent_open(struct fake_agent *a)
{
	memset(a, 0, sizeof(*a));
	log_setup("test", LOG_ERROR);
	must(signal(SIGPIPE, SIG_IGN) != SIG_ERR); /* as proc_harden() does */
	snprintf(a->dir, sizeof(a->dir), "/tmp/trawl-agent.XXXXXX");
	must(mkdtemp(a->dir) != NULL);
	a->quota = SPOOL_QUOTA_MIN;
	must(loop_open(&a->loop) == ST_OK);
	fake_master_open(&a->master, a->loop);
	fake_scanner_open(&a->scanner, a->loop);
}

void
fake_agent_close(struct fake_agent *a)
{
	if (a->session != NULL)
		fake_agent_dies(a);
	loop_timer_close(a->watch);
	fake_master_close(&a->master);
	loop_close(a->loop);
	must(file_remove_tree(a->dir) == ST_OK);
}

static void
on_watch(void *arg)
{
	struct fake_agent *a = arg;

	a->reached = a->until(a);
	if (a->reached || clock_mono_ms(clock_system()) >= a->deadline_ms)
		loop_stop(a->loop);
	else
		must(loop_timer_set(a->watch, 2) == ST_OK);
}

bool
fake_agent_run(struct fake_agent *a, bool (*until)(struct fake_agent *a))
{
	a->until = until;
	a->reached = false;
	a->deadline_ms = clock_mono_ms(clock_system()) + PATIENCE_MS;
	if (a->watch == NULL)
		must(loop_timer_open(a->loop, on_watch, a, &a->watch) == ST_OK);
	must(loop_timer_set(a->watch, 0) == ST_OK);
	must(loop_run(a->loop) == ST_OK);
	return a->reached;
}
