#include "proxy-agent/session/watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/must.h"

#define GRACE_MS 10000
#define TICK_MS  500 /* calls are many and short: none of them wakes anybody */

struct watch {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	void (*late)(void *arg);
	void *arg;
	uint32_t grace_ms;
	struct timespec end;   /* of the call at hand; monotonic */
	bool busy, told, gone; /* gone: the thread shall end */
};

static struct timespec
after(uint32_t ms)
{
	struct timespec t;

	must(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
	t.tv_sec += (time_t)(ms / 1000);
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_nsec -= 1000000000;
		t.tv_sec++;
	}
	return t;
}

static bool
is_over(const struct timespec *end)
{
	const struct timespec now = after(0);

	return now.tv_sec > end->tv_sec ||
	       (now.tv_sec == end->tv_sec && now.tv_nsec >= end->tv_nsec);
}

/* The first time it is asked to stop, the second time nobody asks. */
static void
act(struct watch *w)
{
	if (w->told) {
		log_error("a call into a library does not come back");
		_exit(1);
	}
	w->told = true;
	w->end = after(w->grace_ms);
	pthread_mutex_unlock(&w->lock);
	w->late(w->arg);
	pthread_mutex_lock(&w->lock);
}

static void *
run(void *arg)
{
	struct watch *w = arg;

	pthread_mutex_lock(&w->lock);
	while (!w->gone) {
		const struct timespec next = after(TICK_MS);

		if (w->busy && is_over(&w->end))
			act(w);
		else
			pthread_cond_timedwait(&w->changed, &w->lock, &next);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static bool
prepare(struct watch *w)
{
	pthread_condattr_t attr;
	bool good;

	if (pthread_condattr_init(&attr) != 0)
		return false;
	good = pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0 &&
	       pthread_cond_init(&w->changed, &attr) == 0;
	pthread_condattr_destroy(&attr);
	return good && pthread_mutex_init(&w->lock, NULL) == 0;
}

uint32_t
watch_grace(uint32_t answer_ms)
{
	return answer_ms < GRACE_MS ? answer_ms : GRACE_MS;
}

enum status
watch_open(void (*late)(void *arg), void *arg, uint32_t grace_ms,
	   struct watch **out)
{
	struct watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return ST_NOMEM;
	w->late = late;
	w->arg = arg;
	w->grace_ms = grace_ms;
	if (!prepare(w) || pthread_create(&w->thread, NULL, run, w) != 0) {
		free(w);
		return ST_NOMEM;
	}
	*out = w;
	return ST_OK;
}

void
watch_close(struct watch *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->gone = true;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

void
watch_begin(struct watch *w, uint32_t ms)
{
	pthread_mutex_lock(&w->lock);
	w->busy = true;
	w->told = false;
	w->end = after(ms);
	pthread_mutex_unlock(&w->lock);
}

bool
watch_end(struct watch *w)
{
	bool told;

	pthread_mutex_lock(&w->lock);
	w->busy = false;
	told = w->told;
	pthread_mutex_unlock(&w->lock);
	return told;
}
