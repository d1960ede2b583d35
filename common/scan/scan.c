#include "scan/scan.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "scan/director.h"

#define HANG_SPARE 30 /* seconds above the extractor's own limit */
#define EVENTS     16

static uint64_t
now_ms(void)
{
	return clock_mono_ms(clock_system());
}

void
scan_fail(struct scan *s, struct span why)
{
	if (s->outcome != 0)
		return;
	s->outcome = SCAN_FAILED;
	buf_clear(&s->message);
	if (buf_add(&s->message, why.ptr, why.len) != ST_OK ||
	    buf_add_byte(&s->message, 0) != ST_OK)
		buf_clear(&s->message);
}

/* ---- the door --------------------------------------------------------------
 */

static void
end_all(struct scan *s)
{
	child_hang_up(s, &s->reader);
	child_hang_up(s, &s->census);
	child_hang_up(s, &s->zygote);
	remote_end_reader(s);
	child_end(&s->census_pid);
	child_end(&s->zygote_pid);
	for (size_t i = 0; i < SCAN_JOBS_MAX; i++)
		child_hang_up(s, &s->workers[i].pipe);
}

/*
 * Let them go by themselves, so that their CPU time is known to ours. Nobody is
 * at work any more, so none can hang.
 */
static void
dismiss(struct scan *s)
{
	for (size_t i = 0; i < s->worker_count; i++)
		child_hang_up(s, &s->workers[i].pipe);
	child_hang_up(s, &s->zygote);
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
	if (s->outcome != 0) {
		end_all(s);
		unchanged_save(s);
	}
}

enum status
scan_step(struct scan *s)
{
	struct epoll_event e[EVENTS];
	int n = epoll_wait(s->epoll, e, EVENTS, 0);

	for (int i = 0; i < n && s->outcome == 0; i++)
		hear_peer(s, e[i].data.u32);
	if (s->outcome == 0 && !s->paused && !s->stopping)
		seat_dispatch(s);
	watch_workers(s);
	emit_ready(s);
	if (now_ms() - s->progress_ms >= SCAN_PROGRESS_MS) {
		s->progress_ms = now_ms();
		emit_progress(s);
	}
	conclude(s);
	return s->outcome == 0 ? ST_OK : ST_EOF;
}

bool
scan_ready(const struct scan *s)
{
	return s->zygote_ready;
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
			seat_signal(s, i, number);
	child_signal_reader(s, number);
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

uint64_t
scan_rested_ms(const struct scan *s)
{
	return s->sum.rested_ms;
}

uint64_t
scan_unreached(const struct scan *s)
{
	return s->unreached;
}

/* ---- beginning and end -----------------------------------------------------
 */

static size_t
order_size(const struct scan_order *o)
{
	size_t n = o->cursor.len + o->limits.len + o->options.len +
		   o->credential.len + o->ocr.len;

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
	s->order.limits = keep(&to, o->limits);
	s->order.options = keep(&to, o->options);
	s->order.credential = keep(&to, o->credential);
	s->order.ocr = keep(&to, o->ocr);
	*to = 0; /* a text, as the extractors want it */
	return ST_OK;
}

static void
choose_remote(struct scan *s, const struct scan_remote *how)
{
	if (how == NULL)
		return;
	s->remote = *how;
	s->options.remote = &s->remote;
	if (s->order.options.len > 0)
		s->remote.options.bytes = s->order.options;
	if (s->order.credential.len > 0)
		s->remote.credential = s->order.credential;
}

static void
choose(struct scan *s, const struct scan_options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	s->options = *o;
	choose_remote(s, o->remote);
	snprintf(s->cache, sizeof(s->cache), "%s",
		 o->cache == NULL ? "" : o->cache);
	s->options.cache = s->cache[0] == 0 ? NULL : s->cache;
	if (s->order.ocr.len > 0)
		s->options.extract.ocr = (const char *)s->order.ocr.ptr;
	if (s->options.matches_max == 0)
		s->options.matches_max = SCAN_MATCHES_MAX;
	if (s->options.cursor_ms == 0)
		s->options.cursor_ms = SCAN_CURSOR_MS;
	s->worker_count = s->order.jobs;
	if (s->worker_count == 0)
		s->worker_count = cores > 0 ? (size_t)cores : 1;
	if (s->worker_count > SCAN_JOBS_MAX)
		s->worker_count = SCAN_JOBS_MAX;
}

static enum status
set_limits(struct scan *s, struct buf *why)
{
	struct budget *b = &s->options.extract.budget;
	enum status st;

	if (b->depth == 0)
		budget_default(b);
	st = budget_set(b, s->order.limits, why);
	if (s->options.hang_seconds == 0)
		s->options.hang_seconds = (unsigned)b->seconds + HANG_SPARE;
	return st;
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
		st = child_zygote(s);
	if (st == ST_OK)
		st = child_reader(s);
	if (st == ST_OK)
		st = child_census(s);
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
	buf_init(&s->suspect, SLOT_PATH);
	buf_init(&s->message, 4096);
	raise_files();
	st = copy_order(s, order);
	if (st == ST_OK) {
		choose(s, o);
		st = set_limits(s, why);
	}
	if (st == ST_OK) {
		rights_find_nobody(s);
		unchanged_open(s);
		ours_find(s);
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
	results_shelf_fini(&s->shelf);
	slots_close(&s->slots);
	if (s->status != NULL)
		munmap(s->status, s->worker_count * WORKER_STATUS_PAGE);
	if (s->epoll >= 0)
		close(s->epoll);
	buf_fini(&s->cursor);
	extract_kit_close(s->libraries);
	unchanged_close(s);
	buf_fini(&s->last);
	buf_fini(&s->suspect);
	buf_fini(&s->message);
	free(s->order_bytes);
	free(s);
}
