#include "sys/loop.h"

#include <event2/event.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/must.h"

struct loop {
	struct event_base *base;
};

struct loop_io {
	struct event *event; /* NULL while nothing is wanted */
	struct loop *loop;
	int fd;
	loop_io_fn *fn;
	void *arg;
};

struct loop_timer {
	struct event *event;
	loop_fn *fn;
	void *arg;
};

struct loop_signal {
	struct event *event;
	loop_fn *fn;
	void *arg;
};

struct loop_waker {
	struct loop_io *io;
	int fd; /* eventfd */
	loop_fn *fn;
	void *arg;
};

enum status
loop_open(struct loop **out)
{
	struct loop *l = calloc(1, sizeof(*l));
	struct event_config *config = event_config_new();

	if (l == NULL || config == NULL)
		goto fail;
	if (event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK) != 0)
		goto fail;
	l->base = event_base_new_with_config(config);
	if (l->base == NULL)
		goto fail;
	event_config_free(config);
	*out = l;
	return ST_OK;
fail:
	if (config != NULL)
		event_config_free(config);
	free(l);
	return ST_NOMEM;
}

void
loop_close(struct loop *l)
{
	if (l == NULL)
		return;
	/* Connections that were closed within a callback end in the next turn:
	 * without it the library leaves them behind. Nothing else is due, all
	 * owners are gone. */
	(void)event_base_loop(l->base, EVLOOP_NONBLOCK);
	event_base_free(l->base);
	free(l);
}

struct event_base *
loop_base(struct loop *l)
{
	return l->base;
}

enum status
loop_run(struct loop *l)
{
	return event_base_dispatch(l->base) < 0 ? ST_IO : ST_OK;
}

enum status
loop_once(struct loop *l)
{
	return event_base_loop(l->base, EVLOOP_NONBLOCK) < 0 ? ST_IO : ST_OK;
}

void
loop_stop(struct loop *l)
{
	/* Fails only for a base that is not there. */
	(void)event_base_loopbreak(l->base);
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	const struct loop_io *io = arg;
	unsigned ready = 0;

	if (what & EV_READ)
		ready |= LOOP_READ;
	if (what & EV_WRITE)
		ready |= LOOP_WRITE;
	io->fn(io->arg, fd, ready);
}

enum status
loop_io_open(struct loop *l, int fd, unsigned want, loop_io_fn *fn, void *arg,
	     struct loop_io **out)
{
	struct loop_io *io = calloc(1, sizeof(*io));
	enum status st;

	must(fd >= 0 && fn != NULL);
	if (io == NULL)
		return ST_NOMEM;
	*io = (struct loop_io){.loop = l, .fd = fd, .fn = fn, .arg = arg};
	io->event = event_new(l->base, fd, EV_READ | EV_PERSIST, on_io, io);
	if (io->event == NULL) {
		free(io);
		return ST_NOMEM;
	}
	st = loop_io_want(io, want);
	if (st != ST_OK) {
		loop_io_close(io);
		return st;
	}
	*out = io;
	return ST_OK;
}

enum status
loop_io_want(struct loop_io *io, unsigned want)
{
	short what = EV_PERSIST;

	if (want & LOOP_READ)
		what |= EV_READ;
	if (want & LOOP_WRITE)
		what |= EV_WRITE;
	if (event_initialized(io->event) &&
	    event_get_events(io->event) == what &&
	    event_pending(io->event, EV_READ | EV_WRITE, NULL) != 0)
		return ST_OK;
	if (event_del(io->event) != 0)
		return ST_IO;
	if (want == 0)
		return ST_OK;
	if (event_assign(io->event, io->loop->base, io->fd, what, on_io, io) !=
		0 ||
	    event_add(io->event, NULL) != 0)
		return ST_IO;
	return ST_OK;
}

void
loop_io_close(struct loop_io *io)
{
	if (io == NULL)
		return;
	event_free(io->event);
	free(io);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	const struct loop_timer *t = arg;

	(void)fd;
	(void)what;
	t->fn(t->arg);
}

enum status
loop_timer_open(struct loop *l, loop_fn *fn, void *arg, struct loop_timer **out)
{
	struct loop_timer *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return ST_NOMEM;
	t->fn = fn;
	t->arg = arg;
	t->event = evtimer_new(l->base, on_timer, t);
	if (t->event == NULL) {
		free(t);
		return ST_NOMEM;
	}
	*out = t;
	return ST_OK;
}

enum status
loop_timer_set(struct loop_timer *t, uint64_t ms)
{
	struct timeval tv = {(time_t)(ms / 1000),
			     (suseconds_t)(ms % 1000 * 1000)};

	return evtimer_add(t->event, &tv) == 0 ? ST_OK : ST_NOMEM;
}

void
loop_timer_stop(struct loop_timer *t)
{
	(void)evtimer_del(t->event);
}

void
loop_timer_close(struct loop_timer *t)
{
	if (t == NULL)
		return;
	event_free(t->event);
	free(t);
}

static void
on_signal(evutil_socket_t fd, short what, void *arg)
{
	const struct loop_signal *s = arg;

	(void)fd;
	(void)what;
	s->fn(s->arg);
}

enum status
loop_signal_open(struct loop *l, int signal, loop_fn *fn, void *arg,
		 struct loop_signal **out)
{
	struct loop_signal *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return ST_NOMEM;
	s->fn = fn;
	s->arg = arg;
	s->event = evsignal_new(l->base, signal, on_signal, s);
	if (s->event == NULL || evsignal_add(s->event, NULL) != 0) {
		loop_signal_close(s);
		return ST_NOMEM;
	}
	*out = s;
	return ST_OK;
}

void
loop_signal_close(struct loop_signal *s)
{
	if (s == NULL)
		return;
	if (s->event != NULL)
		event_free(s->event);
	free(s);
}

static void
on_wake(void *arg, int fd, unsigned ready)
{
	const struct loop_waker *w = arg;
	uint64_t count;

	(void)ready;
	if (read(fd, &count, sizeof(count)) == sizeof(count))
		w->fn(w->arg);
}

enum status
loop_waker_open(struct loop *l, loop_fn *fn, void *arg, struct loop_waker **out)
{
	struct loop_waker *w = calloc(1, sizeof(*w));
	enum status st = ST_NOMEM;

	if (w == NULL)
		return ST_NOMEM;
	w->fn = fn;
	w->arg = arg;
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->fd < 0)
		goto fail;
	st = loop_io_open(l, w->fd, LOOP_READ, on_wake, w, &w->io);
	if (st != ST_OK)
		goto fail;
	*out = w;
	return ST_OK;
fail:
	loop_waker_close(w);
	return st;
}

void
loop_wake(struct loop_waker *w)
{
	const uint64_t one = 1;

	/* Full means that a wake is under way already. */
	if (write(w->fd, &one, sizeof(one)) < 0)
		return;
}

void
loop_waker_close(struct loop_waker *w)
{
	if (w == NULL)
		return;
	loop_io_close(w->io);
	if (w->fd >= 0)
		close(w->fd);
	free(w);
}
