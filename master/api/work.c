#include "master/api/work.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/must.h"

struct job {
	work_fn *fn;
	void *arg;
};

struct queue {
	struct job jobs[WORK_QUEUE]; /* a ring */
	size_t first, count;
	pthread_cond_t filled;
};

struct worker {
	struct work *work;
	enum lane lane;
	struct store *db;
	pthread_t thread;
};

struct work {
	pthread_mutex_t lock; /* queues and stopped */
	struct queue queues[LANE__COUNT];
	bool stopped;
	struct worker workers[WORK_THREADS_MAX];
	size_t count; /* threads that run */
};

static bool
next_job(struct work *w, struct queue *q, struct job *job)
{
	bool found = false;

	must(pthread_mutex_lock(&w->lock) == 0);
	while (q->count == 0 && !w->stopped)
		must(pthread_cond_wait(&q->filled, &w->lock) == 0);
	if (q->count > 0) {
		*job = q->jobs[q->first];
		q->first = (q->first + 1) % WORK_QUEUE;
		q->count--;
		found = true;
	}
	must(pthread_mutex_unlock(&w->lock) == 0);
	return found;
}

static void *
run(void *arg)
{
	struct worker *me = arg;
	struct job job;

	while (next_job(me->work, &me->work->queues[me->lane], &job))
		job.fn(job.arg, me->db);
	return NULL;
}

static enum status
start(struct work *w, enum lane lane, struct store *db)
{
	struct worker *me = &w->workers[w->count];
	sigset_t all, before;
	int err;

	*me = (struct worker){.work = w, .lane = lane, .db = db};
	/* Signals are for the thread that runs the loop. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	err = pthread_create(&me->thread, NULL, run, me);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (err != 0)
		return ST_AGAIN;
	w->count++;
	return ST_OK;
}

enum status
work_open(const size_t threads[LANE__COUNT], struct store *const *stores,
	  struct work **out)
{
	struct work *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return ST_NOMEM;
	must(pthread_mutex_init(&w->lock, NULL) == 0);
	for (size_t i = 0; i < LANE__COUNT; i++)
		must(pthread_cond_init(&w->queues[i].filled, NULL) == 0);
	for (unsigned lane = 0; lane < LANE__COUNT; lane++) {
		for (size_t i = 0; i < threads[lane]; i++) {
			enum status st;

			must(w->count < WORK_THREADS_MAX);
			st = start(w, (enum lane)lane,
				   stores == NULL ? NULL : stores[w->count]);
			if (st == ST_OK)
				continue;
			work_close(w);
			return st;
		}
	}
	*out = w;
	return ST_OK;
}

enum status
work_put(struct work *w, enum lane lane, work_fn *fn, void *arg)
{
	struct queue *q = &w->queues[lane];
	enum status st = ST_OK;

	must(pthread_mutex_lock(&w->lock) == 0);
	if (w->stopped) {
		st = ST_CLOSED;
	} else if (q->count == WORK_QUEUE) {
		st = ST_LIMIT;
	} else {
		q->jobs[(q->first + q->count) % WORK_QUEUE] =
		    (struct job){.fn = fn, .arg = arg};
		q->count++;
		must(pthread_cond_signal(&q->filled) == 0);
	}
	must(pthread_mutex_unlock(&w->lock) == 0);
	return st;
}

void
work_stop(struct work *w)
{
	must(pthread_mutex_lock(&w->lock) == 0);
	w->stopped = true;
	for (size_t i = 0; i < LANE__COUNT; i++)
		must(pthread_cond_broadcast(&w->queues[i].filled) == 0);
	must(pthread_mutex_unlock(&w->lock) == 0);
	for (size_t i = 0; i < w->count; i++)
		must(pthread_join(w->workers[i].thread, NULL) == 0);
	w->count = 0;
}

void
work_close(struct work *w)
{
	if (w == NULL)
		return;
	work_stop(w);
	for (size_t i = 0; i < LANE__COUNT; i++)
		pthread_cond_destroy(&w->queues[i].filled);
	pthread_mutex_destroy(&w->lock);
	free(w);
}
