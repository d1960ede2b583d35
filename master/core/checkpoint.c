#include "master/core/checkpoint.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "master/store/store.h"

#define EVERY_SECONDS 1
#define STACK_BYTES   (256 * 1024)

struct checkpoint {
	struct store *store; /* of the thread once it runs */
	pthread_t thread;
	bool running;
	pthread_mutex_t lock; /* guards stop */
	pthread_cond_t wake;
	bool stop;
};

enum status
checkpoint_open(const char *database, struct checkpoint **out)
{
	struct checkpoint *k = calloc(1, sizeof(*k));
	pthread_condattr_t attr;
	struct buf why;
	enum status st;

	if (k == NULL)
		return ST_NOMEM;
	buf_init(&why, 4096);
	st = store_open(database, STORE_CHECKPOINT, &k->store, &why);
	buf_fini(&why);
	if (st != ST_OK) {
		free(k);
		return st;
	}
	pthread_mutex_init(&k->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&k->wake, &attr);
	pthread_condattr_destroy(&attr);
	*out = k;
	return ST_OK;
}

/* False when it is time to end. */
static bool
wait_a_while(struct checkpoint *k)
{
	struct timespec until;
	bool stop;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += EVERY_SECONDS;
	pthread_mutex_lock(&k->lock);
	while (!k->stop &&
	       pthread_cond_timedwait(&k->wake, &k->lock, &until) == 0)
		;
	stop = k->stop;
	pthread_mutex_unlock(&k->lock);
	return !stop;
}

static void *
run(void *arg)
{
	struct checkpoint *k = arg;
	bool well = true;

	while (wait_a_while(k)) {
		enum status st = store_checkpoint(k->store);

		/* Busy is no trouble: a reader looks at older pages. */
		if (st != ST_OK && st != ST_AGAIN && well)
			log_warn("the log of the database cannot be moved "
				 "reason=\"%s\"",
				 status_text(st));
		well = st == ST_OK || st == ST_AGAIN;
	}
	return NULL;
}

enum status
checkpoint_start(struct checkpoint *k)
{
	pthread_attr_t attr;
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	err = pthread_create(&k->thread, &attr, run, k);
	pthread_attr_destroy(&attr);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	k->running = err == 0;
	return status_of_errno(err);
}

void
checkpoint_close(struct checkpoint *k)
{
	if (k == NULL)
		return;
	if (k->running) {
		pthread_mutex_lock(&k->lock);
		k->stop = true;
		pthread_cond_signal(&k->wake);
		pthread_mutex_unlock(&k->lock);
		pthread_join(k->thread, NULL);
	}
	pthread_cond_destroy(&k->wake);
	pthread_mutex_destroy(&k->lock);
	store_close(k->store);
	free(k);
}
