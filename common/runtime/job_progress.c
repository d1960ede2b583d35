#include "runtime/jobs_impl.h"

#include "base/clock.h"
#include "model/task.h"

uint8_t
job_state(const struct job *t)
{
	if (job_is_over(t) || t->outcome != 0) {
		switch (t->outcome) {
		case SCAN_STOPPED:
			return TASK_STOPPED;
		case SCAN_FAILED:
		case SCAN_UNREACHED:
			return TASK_FAILED;
		default:
			return TASK_DONE;
		}
	}
	if (t->wish == WISH_PAUSE)
		return TASK_PAUSED;
	return t->run == RUN_IDLE ? TASK_QUEUED : TASK_RUNNING;
}

static void
rate_note(struct job *t, uint64_t ms, uint64_t bytes)
{
	t->rate[t->rate_at].ms = ms;
	t->rate[t->rate_at].bytes = bytes;
	t->rate_at = (t->rate_at + 1) % RATE_SLOTS;
	if (t->rate_count < RATE_SLOTS)
		t->rate_count++;
}

/* Bytes a second between the oldest and the newest note. */
static uint64_t
rate_of(const struct job *t)
{
	size_t new = (t->rate_at + RATE_SLOTS - 1) % RATE_SLOTS;
	size_t old = (t->rate_at + RATE_SLOTS - t->rate_count) % RATE_SLOTS;
	uint64_t ms;

	if (t->rate_count < 2 || t->rate[new].bytes < t->rate[old].bytes)
		return 0;
	ms = t->rate[new].ms - t->rate[old].ms;
	if (ms == 0)
		return 0;
	return (t->rate[new].bytes - t->rate[old].bytes) * 1000 / ms;
}

void
job_tell(struct job *t)
{
	const struct jobs_config *c = &t->jobs->config;
	struct task_progress p = {.task = t->order.task, .state = job_state(t)};
	const struct batch_totals *sum;

	if (t->gather == NULL)
		return;
	sum = gather_totals(t->gather);
	p.progress = t->progress;
	p.progress.signs += t->excused;
	p.progress.done_objects = sum->objects;
	p.progress.done_bytes = sum->bytes;
	p.progress.findings = sum->findings;
	p.progress.partial = sum->partial;
	p.progress.unread = sum->unread;
	p.progress.current = buf_span(&t->current);
	rate_note(t, clock_mono_ms(c->clock), sum->bytes);
	p.bytes_per_second = p.state == TASK_RUNNING ? rate_of(t) : 0;
	c->ops.progress(c->arg, &p);
}

void
job_keep(struct job *t, const struct scan_progress *p)
{
	size_t n = p->current.len < PATH_SHOWN ? p->current.len : PATH_SHOWN;

	t->progress = *p;
	buf_clear(&t->current);
	if (buf_add(&t->current, p->current.ptr, n) != ST_OK)
		buf_clear(&t->current);
	t->progress.current = span_of(NULL, 0);
}
