#include <signal.h>
#include <time.h>

#include "base/clock.h"
#include "scan/director.h"

#define WATCH_MS  500
#define HANG_WALL 6 /* times the CPU limit, when it only waits */

static uint64_t
now_ms(void)
{
	return clock_mono_ms(clock_system());
}

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
	uint64_t read;

	if (w->state != CHILD_BUSY || w->overdue)
		return;
	/* a stream may come slowly, as long as it comes */
	read = at->read;
	if (w->batch != NULL && batch_streams(w->batch) && read != w->read)
		w->since_ms = 0;
	w->read = read;
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
	seat_signal(s, id, SIGKILL);
}

void
watch_workers(struct scan *s)
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
