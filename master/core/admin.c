#include "master/core/admin.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "master/core/ops.h"

struct visitor {
	struct admin *admin;
	int fd; /* -1: free */
	struct loop_io *io;
	struct buf in, out;
};

struct admin {
	struct core *core;
	struct loop_io *door;
	struct visitor visitors[ADMIN_CONNS];
};

static void
leave(struct visitor *v)
{
	if (v->fd < 0)
		return;
	loop_io_close(v->io);
	close(v->fd);
	buf_fini(&v->in);
	buf_fini(&v->out);
	v->fd = -1;
	v->io = NULL;
}

/* {"op": .., "args": ..} to an answer of one line. */
static enum status
answer_line(struct visitor *v, struct span line)
{
	struct actor who = {.user = PEER_USER_OPERATOR,
			    .address = span_str("local")};
	json_t *root = json_loadb((const char *)line.ptr, line.len, 0, NULL);
	const char *op = json_string_value(json_object_get(root, "op"));
	json_t *args = json_object_get(root, "args");
	char *text = args == NULL ? NULL : json_dumps(args, JSON_COMPACT);
	struct answer r;
	enum status st;

	answer_init(&r);
	if (op == NULL)
		answer_problem(&r, 400, "A line is {\"op\", \"args\"}.");
	else
		ops_run(v->admin->core, &who, span_str(op), span_str(text), &r);
	st = buf_addf(&v->out, "{\"status\":%u,\"body\":", r.http);
	if (st == ST_OK)
		st = buf_add(&v->out, r.body.data, r.body.len);
	if (st == ST_OK)
		st = buf_add_str(&v->out, "}\n");
	answer_fini(&r);
	free(text);
	json_decref(root);
	return st;
}

static enum status
take_lines(struct visitor *v)
{
	enum status st = ST_OK;

	while (st == ST_OK && v->in.len > 0) {
		const uint8_t *end = memchr(v->in.data, '\n', v->in.len);
		size_t n;

		if (end == NULL)
			return ST_OK;
		n = (size_t)(end - v->in.data);
		st = answer_line(v, span_of(v->in.data, n));
		buf_drop(&v->in, n + 1);
	}
	return st;
}

static enum status
read_some(struct visitor *v)
{
	enum status st = buf_reserve(&v->in, 4096);
	ssize_t n;

	if (st != ST_OK)
		return st;
	n = read(v->fd, v->in.data + v->in.len, 4096);
	if (n == 0)
		return ST_CLOSED;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? ST_OK : ST_CLOSED;
	v->in.len += (size_t)n;
	return take_lines(v);
}

static enum status
write_some(struct visitor *v)
{
	while (v->out.len > 0) {
		ssize_t n = send(v->fd, v->out.data, v->out.len,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? ST_OK
								 : ST_CLOSED;
		buf_drop(&v->out, (size_t)n);
	}
	return ST_OK;
}

static void
on_visitor(void *arg, int fd, unsigned ready)
{
	struct visitor *v = arg;
	enum status st = ST_OK;

	(void)fd;
	if (ready & LOOP_READ)
		st = read_some(v);
	if (st == ST_OK)
		st = write_some(v);
	if (st == ST_OK)
		st = loop_io_want(v->io, v->out.len > 0 ? LOOP_READ | LOOP_WRITE
							: LOOP_READ);
	if (st != ST_OK)
		leave(v);
}

/* Root, or the user that the master runs as or was started by. */
static bool
may_enter(int fd)
{
	struct ucred who;
	socklen_t n = sizeof(who);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) != 0)
		return false;
	return who.uid == 0 || who.uid == geteuid();
}

static struct visitor *
free_place(struct admin *a)
{
	for (size_t i = 0; i < ADMIN_CONNS; i++)
		if (a->visitors[i].fd < 0)
			return &a->visitors[i];
	return NULL;
}

static void
on_door(void *arg, int door, unsigned ready)
{
	struct admin *a = arg;
	struct visitor *v = free_place(a);
	int fd = accept4(door, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)ready;
	if (fd < 0)
		return;
	if (v == NULL || !may_enter(fd)) {
		log_warn("a visitor of the admin socket is turned away");
		close(fd);
		return;
	}
	v->fd = fd;
	buf_init(&v->in, ADMIN_LINE);
	buf_init(&v->out, 4 * ADMIN_LINE);
	if (loop_io_open(a->core->loop, fd, LOOP_READ, on_visitor, v, &v->io) !=
	    ST_OK)
		leave(v);
}

enum status
admin_open(struct core *c, int fd, struct admin **out)
{
	struct admin *a = calloc(1, sizeof(*a));
	enum status st = ST_OK;

	if (a == NULL)
		return ST_NOMEM;
	a->core = c;
	for (size_t i = 0; i < ADMIN_CONNS; i++) {
		a->visitors[i].admin = a;
		a->visitors[i].fd = -1;
	}
	if (fd >= 0)
		st = loop_io_open(c->loop, fd, LOOP_READ, on_door, a, &a->door);
	if (st != ST_OK) {
		free(a);
		return st;
	}
	*out = a;
	return ST_OK;
}

void
admin_close(struct admin *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < ADMIN_CONNS; i++)
		leave(&a->visitors[i]);
	loop_io_close(a->door);
	free(a);
}
