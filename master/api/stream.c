#include "master/api/stream.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/must.h"

struct stream {
	struct stream_ops ops;
	pthread_mutex_t lock; /* all below */
	pthread_cond_t taken;
	void *conn;
	uint8_t data[STREAM_ROOM]; /* a ring */
	size_t first, count;
	unsigned refs;
	bool asleep, left, ended, whole;
};

enum status
stream_open(const struct stream_ops *ops, struct stream **out)
{
	struct stream *s = calloc(1, sizeof(*s));
	pthread_condattr_t attr;

	if (s == NULL)
		return ST_NOMEM;
	must(pthread_mutex_init(&s->lock, NULL) == 0);
	must(pthread_condattr_init(&attr) == 0);
	must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
	must(pthread_cond_init(&s->taken, &attr) == 0);
	pthread_condattr_destroy(&attr);
	s->ops = *ops;
	s->refs = 1;
	*out = s;
	return ST_OK;
}

static void
lock(struct stream *s)
{
	must(pthread_mutex_lock(&s->lock) == 0);
}

static void
unlock(struct stream *s)
{
	must(pthread_mutex_unlock(&s->lock) == 0);
}

void
stream_ref(struct stream *s)
{
	lock(s);
	s->refs++;
	unlock(s);
}

void
stream_unref(struct stream *s)
{
	bool last;

	if (s == NULL)
		return;
	lock(s);
	last = --s->refs == 0;
	unlock(s);
	if (!last)
		return;
	pthread_cond_destroy(&s->taken);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

static void
wake(struct stream *s)
{
	if (!s->asleep)
		return;
	s->asleep = false;
	s->ops.wake(s->conn);
}

static enum status
wait_for_room(struct stream *s)
{
	struct timespec until;

	must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
	until.tv_sec += STREAM_SECONDS;
	while (s->count == STREAM_ROOM && !s->left)
		if (pthread_cond_timedwait(&s->taken, &s->lock, &until) != 0)
			return s->count < STREAM_ROOM ? ST_OK : ST_TIMEOUT;
	return s->left ? ST_CLOSED : ST_OK;
}

static size_t
put(struct stream *s, struct span bytes)
{
	size_t end = (s->first + s->count) % STREAM_ROOM;
	size_t n = STREAM_ROOM - s->count;

	if (n > bytes.len)
		n = bytes.len;
	if (n > STREAM_ROOM - end)
		n = STREAM_ROOM - end;
	memcpy(s->data + end, bytes.ptr, n);
	s->count += n;
	return n;
}

enum status
stream_write(struct stream *s, struct span bytes)
{
	enum status st = ST_OK;

	lock(s);
	while (bytes.len > 0) {
		st = wait_for_room(s);
		if (st != ST_OK)
			break;
		bytes = span_skip(bytes, put(s, bytes));
		wake(s);
	}
	if (s->left)
		st = ST_CLOSED;
	unlock(s);
	return st;
}

void
stream_end(struct stream *s, bool whole)
{
	lock(s);
	s->ended = true;
	s->whole = whole;
	wake(s);
	unlock(s);
}

void
stream_bind(struct stream *s, void *conn)
{
	lock(s);
	s->conn = conn;
	unlock(s);
}

static ssize_t
take(struct stream *s, char *dst, size_t room)
{
	size_t n = s->count < room ? s->count : room;

	if (n > STREAM_ROOM - s->first)
		n = STREAM_ROOM - s->first;
	memcpy(dst, s->data + s->first, n);
	s->first = (s->first + n) % STREAM_ROOM;
	s->count -= n;
	must(pthread_cond_signal(&s->taken) == 0);
	return (ssize_t)n;
}

ssize_t
stream_read(struct stream *s, char *dst, size_t room)
{
	ssize_t n = 0;

	lock(s);
	if (s->count > 0) {
		n = take(s, dst, room);
	} else if (s->ended) {
		n = s->whole ? -1 : -2;
	} else {
		s->asleep = true;
		s->ops.sleep(s->conn);
	}
	unlock(s);
	return n;
}

void
stream_leave(struct stream *s)
{
	lock(s);
	s->left = true;
	s->asleep = false;
	must(pthread_cond_signal(&s->taken) == 0);
	unlock(s);
}
