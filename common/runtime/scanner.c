#include "runtime/scanner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/must.h"

#define READ_SIZE (256 * 1024)
#define IN_MAX    (RECORD_HEAD + RECORD_MAX + READ_SIZE)
#define OUT_MAX   (4 * RECORD_MAX)

struct scanner {
	struct scanner_ops ops;
	void *arg;
	int in, out; /* its stdin and stdout, as we hold them */
	struct loop_io *read, *write;
	struct loop_timer *go_on; /* parse what is here, from the loop */
	struct buf have, say;
	bool held, at_end;
	bool busy, dead; /* closed while a callback of parse() runs */
};

static void
ended(struct scanner *s, enum status why)
{
	s->at_end = true;
	loop_io_close(s->read);
	s->read = NULL;
	s->ops.closed(s->arg, why);
}

/* The records that are here, until one is cut short or somebody holds. */
static void
parse(struct scanner *s)
{
	size_t done = 0;
	enum status st = ST_OK;

	s->busy = true;
	while (!s->held && !s->dead) {
		struct span rest = span_skip(buf_span(&s->have), done);
		struct record r;
		size_t used;

		st = record_next(rest, &r, &used);
		if (st != ST_OK)
			break;
		done += used;
		s->ops.record(s->arg, &r);
	}
	s->busy = false;
	if (s->dead) {
		scanner_close(s);
		return;
	}
	buf_drop(&s->have, done);
	if (st != ST_OK && st != ST_EOF && st != ST_AGAIN)
		ended(s, ST_MALFORMED);
}

static void
on_read(void *arg, int fd, unsigned ready)
{
	struct scanner *s = arg;
	ssize_t n;

	(void)ready;
	if (buf_reserve(&s->have, READ_SIZE) != ST_OK) {
		ended(s, ST_MALFORMED);
		return;
	}
	n = read(fd, s->have.data + s->have.len, READ_SIZE);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		ended(s, n == 0 ? ST_EOF : ST_IO);
		return;
	}
	s->have.len += (size_t)n;
	parse(s);
}

static void
on_write(void *arg, int fd, unsigned ready)
{
	struct scanner *s = arg;
	ssize_t n = write(fd, s->say.data, s->say.len);

	(void)ready;
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		loop_io_close(s->write); /* its end will come as EOF */
		s->write = NULL;
		return;
	}
	if (n > 0)
		buf_drop(&s->say, (size_t)n);
	if (s->say.len == 0 && loop_io_want(s->write, 0) != ST_OK)
		ended(s, ST_IO);
}

static void
on_go_on(void *arg)
{
	struct scanner *s = arg;

	if (s->held || s->at_end)
		return;
	if (loop_io_want(s->read, LOOP_READ) != ST_OK)
		ended(s, ST_IO);
	else
		parse(s);
}

enum status
scanner_open(struct loop *l, int in, int out, const struct scanner_ops *ops,
	     void *arg, struct scanner **made)
{
	struct scanner *s = calloc(1, sizeof(*s));
	enum status st = ST_NOMEM;

	if (s == NULL) {
		close(in);
		close(out);
		return st;
	}
	s->ops = *ops;
	s->arg = arg;
	s->in = in;
	s->out = out;
	buf_init(&s->have, IN_MAX);
	buf_init(&s->say, OUT_MAX);
	if (fcntl(in, F_SETFL, O_NONBLOCK) != 0 ||
	    fcntl(out, F_SETFL, O_NONBLOCK) != 0)
		st = ST_IO;
	else
		st = loop_io_open(l, out, LOOP_READ, on_read, s, &s->read);
	if (st == ST_OK)
		st = loop_io_open(l, in, 0, on_write, s, &s->write);
	if (st == ST_OK)
		st = loop_timer_open(l, on_go_on, s, &s->go_on);
	if (st != ST_OK) {
		scanner_close(s);
		return st;
	}
	*made = s;
	return ST_OK;
}

void
scanner_close(struct scanner *s)
{
	if (s == NULL)
		return;
	s->dead = s->busy;
	if (s->dead)
		return; /* parse() comes back here */
	loop_io_close(s->read);
	loop_io_close(s->write);
	loop_timer_close(s->go_on);
	close(s->in);
	close(s->out);
	buf_fini(&s->have);
	buf_fini(&s->say);
	free(s);
}

enum status
scanner_say(struct scanner *s, const struct record *r)
{
	enum status st;

	if (s->write == NULL)
		return ST_CLOSED;
	st = record_add(&s->say, r);
	return st == ST_OK ? loop_io_want(s->write, LOOP_WRITE) : st;
}

void
scanner_hold(struct scanner *s, bool hold)
{
	enum status st;

	if (s->held == hold || s->at_end)
		return;
	s->held = hold;
	/* Going on waits for the loop: the caller may be amid its own work. */
	st = hold ? loop_io_want(s->read, 0) : loop_timer_set(s->go_on, 0);
	must(st == ST_OK);
}
