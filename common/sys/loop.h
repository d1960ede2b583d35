#ifndef SYS_LOOP_H
#define SYS_LOOP_H

#include <stdint.h>

#include "base/status.h"

/*
 * loop: wait for descriptors, time and signals (libevent inside).
 *
 * Owner:   a watch belongs to whoever made it and is closed before its loop;
 *          closing one inside its own callback is fine.
 * Threads: one loop one thread; only loop_wake() may come from another.
 */
struct loop;
struct loop_io;
struct loop_timer;
struct loop_signal;
struct loop_waker;

enum loop_want { LOOP_READ = 1, LOOP_WRITE = 2 };

typedef void loop_io_fn(void *arg, int fd, unsigned ready);
typedef void loop_fn(void *arg);

NODISCARD enum status loop_open(struct loop **out);
void loop_close(struct loop *l); /* takes NULL */

/* Until loop_stop(), or nothing is watched any more. */
NODISCARD enum status loop_run(struct loop *l);
void loop_stop(struct loop *l);

/* Only what is ready now; for tests and for mixing with other waits. */
NODISCARD enum status loop_once(struct loop *l);

NODISCARD enum status loop_io_open(struct loop *l, int fd, unsigned want,
				   loop_io_fn *fn, void *arg,
				   struct loop_io **out);
NODISCARD enum status loop_io_want(struct loop_io *io, unsigned want);
void loop_io_close(struct loop_io *io); /* leaves the fd open; takes NULL */

/* Made stopped. A timer fires once; set it again for more. */
NODISCARD enum status loop_timer_open(struct loop *l, loop_fn *fn, void *arg,
				      struct loop_timer **out);
NODISCARD enum status loop_timer_set(struct loop_timer *t, uint64_t ms);
void loop_timer_stop(struct loop_timer *t);
void loop_timer_close(struct loop_timer *t); /* takes NULL */

NODISCARD enum status loop_signal_open(struct loop *l, int signal, loop_fn *fn,
				       void *arg, struct loop_signal **out);
void loop_signal_close(struct loop_signal *s); /* takes NULL */

/* From any thread or signal handler: fn runs in the loop's thread. */
NODISCARD enum status loop_waker_open(struct loop *l, loop_fn *fn, void *arg,
				      struct loop_waker **out);
void loop_wake(struct loop_waker *w);
void loop_waker_close(struct loop_waker *w); /* takes NULL */

/* For the files that speak to libevent themselves (TLS bufferevents). */
struct event_base;
struct event_base *loop_base(struct loop *l);

#endif
