#include "scan/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/must.h"
#include "scan/director.h"
#include "scan/reader.h"
#include "scan/talk.h"
#include "scan/zygote.h"
#include "sys/proc.h"

#define PIPE_CAP   (64 * 1024)
#define WATCH_MS   500
#define DEATHS_MAX 1000 /* of a child, without any progress between */
#define HANG_SPARE 30   /* seconds above the extractor's own limit */
#define HANG_WALL  6    /* times the CPU limit, when it only waits */
#define EVENTS     16

/* Who an epoll event is from; workers follow. */
enum peer { PEER_READER, PEER_CENSUS, PEER_ZYGOTE, PEER_WORKER };

static uint64_t
now_ms(void)
{
	return clock_mono_ms(clock_system());
}

static void
fail(struct scan *s, struct span why)
{
	if (s->outcome != 0)
		return;
	s->outcome = SCAN_FAILED;
	buf_clear(&s->message);
	if (buf_add(&s->message, why.ptr, why.len) != ST_OK ||
	    buf_add_byte(&s->message, 0) != ST_OK)
		buf_clear(&s->message);
}

/* ---- children --------------------------------------------------------------
 */

static enum status
listen_to(struct scan *s, struct pipe *p, unsigned peer)
{
	struct epoll_event e = {.events = EPOLLIN, .data.u32 = peer};

	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, pipe_fd(p), &e) != 0)
		return status_of_errno(errno);
	return ST_OK;
}

static void
hang_up(struct scan *s, struct pipe **p)
{
	if (*p == NULL)
		return;
	/* a forked child may hold a copy, so closing alone would not do */
	epoll_ctl(s->epoll, EPOLL_CTL_DEL, pipe_fd(*p), NULL);
	pipe_close(*p);
	*p = NULL;
}

/* What a child writes by mistake must not reach our own output. */
static void
mute_stdio(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < 2; i++)
		if (fd < 0 || dup2(fd, i) < 0)
			close(i);
	if (fd > 2)
		close(fd);
}

/* No handler of the caller runs here; Ctrl-C is for the director alone. */
static void
reset_signals(void)
{
	static const int ignored[] = {SIGINT, SIGQUIT, SIGHUP, SIGPIPE};
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		if (i != SIGKILL && i != SIGSTOP)
			(void)signal(i, SIG_DFL); /* some cannot be set */
	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL) != 0)
		_exit(1);
}

static void
child_begin(const char *name, pid_t parent, const int *keep, size_t n)
{
	prctl(PR_SET_NAME, name, 0, 0, 0);
	proc_harden();
	reset_signals();
	mute_stdio();
	if (proc_close_except(keep, n) != ST_OK ||
	    proc_die_with(parent) != ST_OK)
		_exit(1);
}

/* A pair of sockets and a fork: 0 in the child, whose end is *fd. */
static enum status
fork_child(struct scan *s, unsigned peer, struct pipe **p, pid_t *pid, int *fd)
{
	int pair[2];
	enum status st = pipe_pair(pair);

	if (st != ST_OK)
		return st;
	*pid = fork();
	if (*pid == 0) {
		*fd = pair[1];
		return ST_OK;
	}
	close(pair[1]);
	if (*pid < 0) {
		close(pair[0]);
		return ST_NOMEM;
	}
	st = pipe_open(pair[0], PIPE_CAP, p);
	return st == ST_OK ? listen_to(s, *p, peer) : st;
}

static struct reader_spec
reader_spec(struct scan *s, int fd)
{
	return (struct reader_spec){
	    .fd = fd,
	    .order = &s->order,
	    .sources = s->options.sources,
	    .slots = &s->slots,
	    .seq = s->next_seq,
	    .root = s->root,
	    .cursor = buf_span(&s->cursor),
	};
}

static enum status
start_reader(struct scan *s)
{
	pid_t parent = getpid();
	int fd = -1;
	enum status st =
	    fork_child(s, PEER_READER, &s->reader, &s->reader_pid, &fd);

	if (st != ST_OK)
		return st;
	if (s->reader_pid == 0) {
		struct reader_spec r = reader_spec(s, fd);
		const int keep[] = {fd, s->slots.fd};

		child_begin("trawl-reader", parent, keep, 2);
		reader_main(&r);
	}
	for (size_t i = 0; st == ST_OK && i < s->slots.count; i++)
		if (s->batches[i].state == BATCH_NONE)
			st =
			    pipe_say(s->reader, TALK_SLOT, i, span_of(NULL, 0));
	return st == ST_CLOSED ? ST_OK : st; /* its death will be heard */
}

static enum status
start_census(struct scan *s)
{
	pid_t parent = getpid();
	int fd = -1;
	enum status st;

	if (!s->order.want_totals)
		return ST_OK;
	st = fork_child(s, PEER_CENSUS, &s->census, &s->census_pid, &fd);
	if (st != ST_OK || s->census_pid != 0)
		return st;
	child_begin("trawl-census", parent, &fd, 1);
	{
		const struct reader_spec r = reader_spec(s, fd);

		census_main(&r);
	}
}

static enum status
start_zygote(struct scan *s)
{
	struct zygote_spec z = {
	    .order = &s->order,
	    .options = &s->options,
	    .slots = &s->slots,
	    .status = s->status,
	    .workers = s->worker_count,
	    .nobody = s->drop ? &s->nobody : NULL,
	};
	pid_t parent = getpid();
	enum status st =
	    fork_child(s, PEER_ZYGOTE, &s->zygote, &s->zygote_pid, &z.fd);

	s->zygote_ready = false;
	if (st != ST_OK || s->zygote_pid != 0)
		return st;
	child_begin("trawl-zygote", parent, &z.fd, 1);
	zygote_main(&z);
}

static void
end_child(pid_t *pid)
{
	if (*pid <= 0)
		return;
	kill(*pid, SIGKILL);
	while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
		;
	*pid = 0;
}

/* ---- workers ---------------------------------------------------------------
 */

static void
start_worker(struct scan *s, size_t id)
{
	struct worker_seat *w = &s->workers[id];
	void *page = s->status + id * WORKER_STATUS_PAGE;
	struct worker_status *at = page;
	struct pipe_message m = {.kind = TALK_FORK, .tag = id, .fd_count = 1};
	int pair[2];

	if (pipe_pair(pair) != ST_OK)
		return;
	m.fds[0] = pair[1];
	atomic_store(&at->seq, UINT64_MAX); /* of no batch */
	*w = (struct worker_seat){.state = CHILD_STARTING};
	if (pipe_open(pair[0], PIPE_CAP, &w->pipe) != ST_OK ||
	    listen_to(s, w->pipe, PEER_WORKER + (unsigned)id) != ST_OK ||
	    pipe_send(s->zygote, &m) != ST_OK) {
		hang_up(s, &w->pipe);
		w->state = CHILD_NONE;
	}
	close(pair[1]);
}

static void
signal_worker(struct scan *s, size_t id, int number)
{
	struct talk_number n = {.n = number};

	if (s->zygote != NULL && pipe_say(s->zygote, TALK_SIGNAL, id,
					  span_of(&n, sizeof(n))) != ST_OK)
		return; /* it is gone, and its workers with it */
}

/* Its end: put the batch back, without the guilty object if need be. */
static void
bury(struct scan *s, size_t id, unsigned weight)
{
	struct worker_seat *w = &s->workers[id];
	const struct worker_status *at;
	const void *page = s->status + id * WORKER_STATUS_PAGE;
	struct batch *b = w->batch;
	uint32_t item;

	at = page;
	hang_up(s, &w->pipe);
	if (b != NULL) {
		item = at->seq == b->seq ? at->item : b->head->count;
		if (w->overdue && item == b->next)
			batch_give_up(b, item, COVER_TIME);
		else
			batch_died(b, item, weight);
		b->state = BATCH_WAITING;
	}
	*w = (struct worker_seat){.state = CHILD_NONE};
}

static void
send_work(struct scan *s, size_t id, struct batch *b)
{
	struct worker_seat *w = &s->workers[id];
	struct talk_work job = {
	    .slot = (uint32_t)(b - s->batches),
	    .from = b->next,
	    .to = b->until,
	};
	struct pipe_message m = {
	    .kind = TALK_WORK,
	    .tag = b->seq,
	    .body = span_of(&job, sizeof(job)),
	    .fd_count = b->fd_count,
	};

	memcpy(m.fds, b->fds, b->fd_count * sizeof(int));
	b->state = BATCH_RUNNING;
	w->batch = b;
	w->state = CHILD_BUSY;
	w->since_ms = 0;
	if (pipe_send(w->pipe, &m) != ST_OK)
		w->state = CHILD_DYING; /* the zygote will say how it died */
}

static void
dispatch(struct scan *s)
{
	for (size_t i = 0; i < s->worker_count && s->zygote_ready; i++) {
		struct worker_seat *w = &s->workers[i];
		struct batch *b = batch_waiting(s);

		while (b != NULL && !batch_range(b)) {
			b->state = BATCH_DONE;
			b = batch_waiting(s);
		}
		if (b == NULL)
			return;
		if (w->state == CHILD_NONE)
			start_worker(s, i);
		if (w->state == CHILD_STARTING || w->state == CHILD_IDLE)
			send_work(s, i, b);
	}
}

/* ---- what they say ---------------------------------------------------------
 */

static void
hear_batch(struct scan *s, struct pipe_message *m)
{
	struct talk_batch t;
	const struct slot_head *h;
	struct batch *b;

	must(m->body.len == sizeof(t));
	memcpy(&t, m->body.ptr, sizeof(t));
	h = slot_check(&s->slots, t.slot);
	must(h != NULL && h->fds == m->fd_count && m->tag == s->next_seq);
	b = &s->batches[t.slot];
	must(b->state == BATCH_NONE);
	*b = (struct batch){.state = BATCH_WAITING,
			    .seq = m->tag,
			    .head = h,
			    .fd_count = m->fd_count};
	memcpy(b->fds, m->fds, m->fd_count * sizeof(int));
	s->next_seq++;
	s->reader_deaths = 0;
	s->root = h->root;
	buf_clear(&s->cursor);
	if (buf_add(&s->cursor, (const uint8_t *)h + h->cursor,
		    h->cursor_len) != ST_OK)
		fail(s, span_str("no memory for the position of the scan"));
}

static void
reader_gone(struct scan *s)
{
	hang_up(s, &s->reader);
	end_child(&s->reader_pid);
	if (s->walked || s->stopping)
		return;
	if (++s->reader_deaths > DEATHS_MAX || start_reader(s) != ST_OK)
		fail(s, span_str("the reader cannot be kept running"));
}

static void
hear_reader(struct scan *s)
{
	struct pipe_message m;
	enum status st;

	while ((st = pipe_poll(s->reader, &m)) == ST_OK) {
		if (m.kind == TALK_BATCH)
			hear_batch(s, &m);
		else if (m.kind == TALK_WALKED)
			s->walked = true;
	}
	if (st != ST_AGAIN || s->walked)
		reader_gone(s);
}

static void
hear_census(struct scan *s)
{
	struct pipe_message m;
	struct talk_census c;
	enum status st;

	while ((st = pipe_poll(s->census, &m)) == ST_OK) {
		must(m.body.len == sizeof(c));
		memcpy(&c, m.body.ptr, sizeof(c));
		s->sum.total_objects = c.objects;
		s->sum.total_bytes = c.bytes;
		s->sum.total_exact = c.exact != 0;
	}
	if (st == ST_AGAIN)
		return;
	hang_up(s, &s->census);
	end_child(&s->census_pid);
}

static void
zygote_gone(struct scan *s)
{
	hang_up(s, &s->zygote);
	end_child(&s->zygote_pid);
	for (size_t i = 0; i < s->worker_count; i++)
		if (s->workers[i].state != CHILD_NONE)
			bury(s, i, TRY_KILLED);
	if (s->outcome != 0 || s->stopping)
		return;
	if (++s->zygote_deaths > DEATHS_MAX || start_zygote(s) != ST_OK)
		fail(s, span_str("workers cannot be kept running"));
}

static void hear_worker(struct scan *s, size_t id);

/* How a worker ended, after everything that it still said. */
static void
worker_gone(struct scan *s, size_t id, int status)
{
	bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;

	if (s->workers[id].state == CHILD_NONE)
		return;
	if (s->workers[id].pipe != NULL)
		hear_worker(s, id);
	bury(s, id, killed ? TRY_KILLED : TRY_CRASH);
}

static void
zygote_says(struct scan *s, const struct pipe_message *m)
{
	struct talk_number n = {0};

	if (m->body.len == sizeof(n))
		memcpy(&n, m->body.ptr, sizeof(n));
	switch (m->kind) {
	case TALK_READY:
		s->zygote_ready = true;
		break;
	case TALK_BORN:
		must(m->tag < s->worker_count);
		s->workers[m->tag].pid = n.n;
		s->zygote_deaths = 0;
		break;
	case TALK_GONE:
		must(m->tag < s->worker_count);
		worker_gone(s, (size_t)m->tag, n.n);
		break;
	case TALK_FAILED:
		fail(s, m->body);
		break;
	default:
		must(false);
	}
}

static void
hear_zygote(struct scan *s)
{
	struct pipe_message m;
	enum status st;

	while ((st = pipe_poll(s->zygote, &m)) == ST_OK)
		zygote_says(s, &m);
	if (st != ST_AGAIN)
		zygote_gone(s);
}

/* A worker that talks nonsense has been taken over: end it. */
static void
distrust(struct scan *s, size_t id)
{
	hang_up(s, &s->workers[id].pipe);
	s->workers[id].state = CHILD_DYING;
	signal_worker(s, id, SIGABRT);
}

static void
hear_worker(struct scan *s, size_t id)
{
	struct worker_seat *w = &s->workers[id];
	struct pipe_message m;
	enum status st;

	while ((st = pipe_poll(w->pipe, &m)) == ST_OK) {
		bool ours = w->batch != NULL && m.tag == w->batch->seq;

		if (ours && m.kind == TALK_RESULT &&
		    batch_result(w->batch, m.body) == ST_OK)
			continue;
		if (!ours || m.kind != TALK_DONE ||
		    w->batch->next != w->batch->until) {
			distrust(s, id);
			return;
		}
		w->batch->state = BATCH_WAITING;
		w->batch = NULL;
		w->state = CHILD_IDLE;
	}
	if (st != ST_AGAIN) {
		hang_up(s, &w->pipe);
		w->state = CHILD_DYING;
	}
}

/* ---- the watch -------------------------------------------------------------
 */

static int64_t
cpu_of(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &t) != 0)
		return 0;
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void
watch_one(struct scan *s, size_t id, uint64_t now)
{
	struct worker_seat *w = &s->workers[id];
	const void *page = s->status + id * WORKER_STATUS_PAGE;
	const struct worker_status *at = page;
	uint64_t limit = s->options.hang_seconds;
	int64_t cpu = cpu_of(w->pid);

	if (w->state != CHILD_BUSY || w->overdue)
		return;
	if (w->since_ms == 0 || w->seq != at->seq || w->item != at->item) {
		w->seq = at->seq;
		w->item = at->item;
		w->cpu_ns = cpu;
		w->since_ms = now;
		return;
	}
	if (cpu - w->cpu_ns < (int64_t)limit * 1000000000 &&
	    now - w->since_ms < limit * 1000 * HANG_WALL)
		return;
	w->overdue = true;
	signal_worker(s, id, SIGKILL);
}

static void
watch(struct scan *s)
{
	uint64_t now = now_ms();

	if (s->held || s->paused) {
		for (size_t i = 0; i < s->worker_count; i++)
			s->workers[i].since_ms = 0; /* it may have to wait */
		return;
	}
	if (now - s->watch_ms < WATCH_MS)
		return;
	s->watch_ms = now;
	for (size_t i = 0; i < s->worker_count; i++)
		watch_one(s, i, now);
}

/* ---- the door --------------------------------------------------------------
 */

static void
hear(struct scan *s, unsigned peer)
{
	if (peer == PEER_READER && s->reader != NULL)
		hear_reader(s);
	else if (peer == PEER_CENSUS && s->census != NULL)
		hear_census(s);
	else if (peer == PEER_ZYGOTE && s->zygote != NULL)
		hear_zygote(s);
	else if (peer >= PEER_WORKER &&
		 s->workers[peer - PEER_WORKER].pipe != NULL)
		hear_worker(s, peer - PEER_WORKER);
}

static void
end_all(struct scan *s)
{
	hang_up(s, &s->reader);
	hang_up(s, &s->census);
	hang_up(s, &s->zygote);
	end_child(&s->reader_pid);
	end_child(&s->census_pid);
	end_child(&s->zygote_pid);
	for (size_t i = 0; i < SCAN_JOBS_MAX; i++)
		hang_up(s, &s->workers[i].pipe);
}

/*
 * Let them go by themselves, so that their CPU time is known to ours. Nobody is
 * at work any more, so none can hang.
 */
static void
dismiss(struct scan *s)
{
	for (size_t i = 0; i < s->worker_count; i++)
		hang_up(s, &s->workers[i].pipe);
	hang_up(s, &s->zygote);
	while (s->zygote_pid > 0 && waitpid(s->zygote_pid, NULL, 0) < 0 &&
	       errno == EINTR)
		;
	s->zygote_pid = 0;
}

static void
conclude(struct scan *s)
{
	if (s->outcome == 0 && s->stopping) {
		end_all(s);
		s->held = false;
		emit_unfinished(s);
		s->outcome = SCAN_STOPPED;
	}
	if (s->outcome == 0 && s->walked && s->emit_seq == s->next_seq) {
		s->outcome = SCAN_DONE;
		dismiss(s);
	}
	if (s->outcome != 0)
		end_all(s);
}

enum status
scan_step(struct scan *s)
{
	struct epoll_event e[EVENTS];
	int n = epoll_wait(s->epoll, e, EVENTS, 0);

	for (int i = 0; i < n && s->outcome == 0; i++)
		hear(s, e[i].data.u32);
	if (s->outcome == 0 && !s->paused && !s->stopping)
		dispatch(s);
	watch(s);
	emit_ready(s);
	if (now_ms() - s->progress_ms >= SCAN_PROGRESS_MS) {
		s->progress_ms = now_ms();
		emit_progress(s);
	}
	conclude(s);
	return s->outcome == 0 ? ST_OK : ST_EOF;
}

int
scan_fd(const struct scan *s)
{
	return s->epoll;
}

int
scan_wait_ms(const struct scan *s)
{
	return s->stopping ? 0 : SCAN_PROGRESS_MS;
}

static void
mute(struct scan *s, bool quiet)
{
	for (size_t i = 0; i < s->worker_count; i++) {
		struct epoll_event e = {
		    .events = quiet ? 0 : EPOLLIN,
		    .data.u32 = PEER_WORKER + (unsigned)i,
		};

		if (s->workers[i].pipe != NULL)
			epoll_ctl(s->epoll, EPOLL_CTL_MOD,
				  pipe_fd(s->workers[i].pipe), &e);
	}
}

void
scan_hold(struct scan *s, bool hold)
{
	if (s->held == hold || s->stopping)
		return;
	s->held = hold;
	mute(s, hold);
}

void
scan_pause(struct scan *s, bool pause)
{
	int number = pause ? SIGSTOP : SIGCONT;

	if (s->paused == pause || s->outcome != 0)
		return;
	s->paused = pause;
	for (size_t i = 0; i < s->worker_count; i++)
		if (s->workers[i].state != CHILD_NONE)
			signal_worker(s, i, number);
	if (s->reader_pid > 0)
		kill(s->reader_pid, number);
	if (s->census_pid > 0)
		kill(s->census_pid, number);
}

void
scan_stop(struct scan *s)
{
	s->stopping = true;
}

enum scan_outcome
scan_outcome(const struct scan *s)
{
	return s->outcome;
}

const char *
scan_message(const struct scan *s)
{
	return s->message.len == 0 ? "" : (const char *)s->message.data;
}

void
scan_sum(const struct scan *s, struct scan_progress *out)
{
	*out = s->sum;
}

/* ---- beginning and end -----------------------------------------------------
 */

static size_t
order_size(const struct scan_order *o)
{
	size_t n = o->cursor.len;

	for (size_t i = 0; i < o->path_count; i++)
		n += o->paths[i].len;
	for (size_t i = 0; i < o->type_count; i++)
		n += o->types[i].len;
	return n;
}

static struct span
keep(uint8_t **to, struct span s)
{
	struct span copy = span_of(*to, s.len);

	if (s.len > 0)
		memcpy(*to, s.ptr, s.len);
	*to += s.len;
	return copy;
}

static enum status
copy_order(struct scan *s, const struct scan_order *o)
{
	uint8_t *to = malloc(order_size(o) + 1);

	if (to == NULL)
		return ST_NOMEM;
	s->order_bytes = to;
	s->order = *o;
	for (size_t i = 0; i < o->path_count; i++)
		s->order.paths[i] = keep(&to, o->paths[i]);
	for (size_t i = 0; i < o->type_count; i++)
		s->order.types[i] = keep(&to, o->types[i]);
	s->order.cursor = keep(&to, o->cursor);
	return ST_OK;
}

static void
choose(struct scan *s, const struct scan_options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	s->options = *o;
	snprintf(s->cache, sizeof(s->cache), "%s",
		 o->cache == NULL ? "" : o->cache);
	s->options.cache = s->cache[0] == 0 ? NULL : s->cache;
	if (s->options.budget.depth == 0)
		extract_budget_default(&s->options.budget);
	if (s->options.matches_max == 0)
		s->options.matches_max = SCAN_MATCHES_MAX;
	if (s->options.cursor_ms == 0)
		s->options.cursor_ms = SCAN_CURSOR_MS;
	if (s->options.hang_seconds == 0)
		s->options.hang_seconds =
		    s->options.budget.seconds + HANG_SPARE;
	s->worker_count = s->order.jobs;
	if (s->worker_count == 0)
		s->worker_count = cores > 0 ? (size_t)cores : 1;
	if (s->worker_count > SCAN_JOBS_MAX)
		s->worker_count = SCAN_JOBS_MAX;
}

/* Batches hold descriptors of files; a low soft limit would end the scan. */
static void
raise_files(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) != 0 || l.rlim_cur == l.rlim_max)
		return;
	l.rlim_cur = l.rlim_max < 16384 ? l.rlim_max : 16384;
	if (setrlimit(RLIMIT_NOFILE, &l) != 0)
		return; /* it only limits how much goes on at a time */
}

static enum status
take_memory(struct scan *s)
{
	size_t slots = s->worker_count * 4 + 4;
	void *pages =
	    mmap(NULL, s->worker_count * WORKER_STATUS_PAGE,
		 PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return ST_NOMEM;
	s->status = pages;
	s->batches = calloc(slots, sizeof(*s->batches));
	if (s->batches == NULL)
		return ST_NOMEM;
	return slots_open(slots, &s->slots);
}

static enum status
start(struct scan *s, struct buf *why)
{
	struct span at;
	enum status st = cursor_unpack(s->order.cursor, &s->root, &at);

	if (st != ST_OK) {
		if (buf_add_str(why, "the position to go on from is damaged") !=
		    ST_OK)
			return ST_NOMEM;
		return st;
	}
	st = buf_add(&s->cursor, at.ptr, at.len);
	if (st == ST_OK)
		st = take_memory(s);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (st == ST_OK && s->epoll < 0)
		st = status_of_errno(errno);
	if (st == ST_OK)
		st = start_zygote(s);
	if (st == ST_OK)
		st = start_reader(s);
	if (st == ST_OK)
		st = start_census(s);
	return st;
}

enum status
scan_open(const struct scan_order *order, const struct scan_options *o,
	  const struct scan_sink *sink, struct scan **out, struct buf *why)
{
	struct scan *s = calloc(1, sizeof(*s));
	enum status st;

	if (s == NULL)
		return ST_NOMEM;
	s->epoll = s->slots.fd = -1;
	s->sink = *sink;
	s->cursor_ms = s->progress_ms = s->watch_ms = now_ms();
	buf_init(&s->cursor, SLOT_PATH);
	buf_init(&s->last, SLOT_PATH);
	buf_init(&s->message, 4096);
	raise_files();
	st = copy_order(s, order);
	if (st == ST_OK) {
		choose(s, o);
		rights_find_nobody(s);
		st = start(s, why);
	}
	if (st != ST_OK) {
		scan_close(s);
		return st;
	}
	*out = s;
	return ST_OK;
}

void
scan_close(struct scan *s)
{
	if (s == NULL)
		return;
	if (s->epoll >= 0)
		end_all(s);
	for (size_t i = 0; s->batches != NULL && i < s->slots.count; i++)
		batch_clear(&s->batches[i]);
	free(s->batches);
	slots_close(&s->slots);
	if (s->status != NULL)
		munmap(s->status, s->worker_count * WORKER_STATUS_PAGE);
	if (s->epoll >= 0)
		close(s->epoll);
	buf_fini(&s->cursor);
	buf_fini(&s->last);
	buf_fini(&s->message);
	free(s->order_bytes);
	free(s);
}
