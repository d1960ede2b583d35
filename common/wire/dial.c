#include "wire/dial.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/loop.h"

#define TRIES_MAX 8
#define HOST_MAX  256
#define STACK     (1024 * 1024) /* plug-ins of name lookup want some */

struct place {
	socklen_t len;
	struct sockaddr_storage address;
};

struct dial {
	struct loop *loop;
	dial_fn *fn;
	void *arg;
	char host[HOST_MAX];
	uint16_t port;
	uint32_t try_ms;

	int answers; /* from the thread that looks the name up, -1 */
	size_t got;  /* bytes read into places */
	struct loop_io *io;
	struct loop_timer *timer;

	struct place places[TRIES_MAX];
	size_t count, next;
	int fd;   /* that is connecting, -1 */
	int last; /* errno of the last try */
};

static void look_up_ready(void *arg, int fd, unsigned ready);
static void try_next(struct dial *d);

/* ---- end ---- */

/* The thread finds nobody to tell and ends by itself. */
static void
end_look_up(struct dial *d)
{
	if (d->answers >= 0)
		close(d->answers);
	d->answers = -1;
}

static void
end_try(struct dial *d)
{
	loop_io_close(d->io);
	d->io = NULL;
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

static void
say(struct dial *d, enum status st, int fd, const char *why)
{
	struct dial_result r = {.st = st, .fd = fd};
	char text[HOST_MAX + 128];
	bool ip6 = strchr(d->host, ':') != NULL;

	snprintf(text, sizeof(text), "%s%s%s:%u: %s", ip6 ? "[" : "", d->host,
		 ip6 ? "]" : "", d->port, why);
	r.text = text;
	loop_timer_stop(d->timer);
	d->fn(d->arg, &r); /* may close d */
}

static void
say_errno(struct dial *d)
{
	enum status st = status_of_errno(d->last);

	if (d->last == ECONNREFUSED)
		st = ST_CLOSED;
	say(d, st == ST_AGAIN ? ST_IO : st, -1, strerror(d->last));
}

/* ---- connecting ---- */

void
dial_tune(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
	    {IPPROTO_TCP, TCP_NODELAY, 1},   {SOL_SOCKET, SO_KEEPALIVE, 1},
	    {IPPROTO_TCP, TCP_KEEPIDLE, 60}, {IPPROTO_TCP, TCP_KEEPINTVL, 20},
	    {IPPROTO_TCP, TCP_KEEPCNT, 3},
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		(void)setsockopt(fd, options[i].level, options[i].name,
				 &options[i].value, sizeof(options[i].value));
}

static void
connected(void *arg, int fd, unsigned ready)
{
	struct dial *d = arg;
	int err = 0;
	socklen_t len = sizeof(err);

	(void)ready;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		err = errno;
	if (err != 0) {
		d->last = err;
		end_try(d);
		try_next(d);
		return;
	}
	d->fd = -1; /* the callee's from here on */
	end_try(d);
	say(d, ST_OK, fd, "connected");
}

static bool
start_try(struct dial *d, const struct place *p)
{
	d->fd = socket(p->address.ss_family,
		       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (d->fd < 0) {
		d->last = errno;
		return false;
	}
	dial_tune(d->fd);
	if (connect(d->fd, (const struct sockaddr *)&p->address, p->len) < 0 &&
	    errno != EINPROGRESS) {
		d->last = errno;
		return false;
	}
	if (loop_io_open(d->loop, d->fd, LOOP_WRITE, connected, d, &d->io) ==
		ST_OK &&
	    loop_timer_set(d->timer, d->try_ms) == ST_OK)
		return true;
	d->last = ENOMEM;
	return false;
}

static void
try_next(struct dial *d)
{
	while (d->next < d->count) {
		if (start_try(d, &d->places[d->next++]))
			return;
		end_try(d);
	}
	say_errno(d);
}

/* ---- names ---- */

static size_t
copy_places(const struct addrinfo *list, struct place *places)
{
	size_t n = 0;

	for (; list != NULL && n < TRIES_MAX; list = list->ai_next) {
		if (list->ai_addrlen > sizeof(places[n].address))
			continue;
		memset(&places[n], 0, sizeof(places[n]));
		places[n].len = list->ai_addrlen;
		memcpy(&places[n].address, list->ai_addr, list->ai_addrlen);
		n++;
	}
	return n;
}

static size_t
look_up(const char *host, uint16_t port, int flags, struct place *places)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC,
				 .ai_socktype = SOCK_STREAM,
				 .ai_flags = AI_NUMERICSERV | flags};
	struct addrinfo *list = NULL;
	char service[8];
	size_t n;

	snprintf(service, sizeof(service), "%u", port);
	if (getaddrinfo(host, service, &hints, &list) != 0)
		return 0;
	n = copy_places(list, places);
	freeaddrinfo(list);
	return n;
}

/*
 * A thread and not a process: the agent's sandbox lets it start neither. It
 * owns its question, so that a dial may be closed while it still waits for a
 * name server.
 */
struct question {
	char host[HOST_MAX];
	uint16_t port;
	int out;
};

static void *
ask(void *arg)
{
	struct question *q = arg;
	struct place places[TRIES_MAX];
	size_t n = look_up(q->host, q->port, AI_ADDRCONFIG, places);

	if (n == 0) /* a host with loopback only has no configured address */
		n = look_up(q->host, q->port, 0, places);
	(void)!send(q->out, places, n * sizeof(places[0]), MSG_NOSIGNAL);
	close(q->out);
	free(q);
	return NULL;
}

/* Signals are for the loop's thread. */
static enum status
start_thread(struct question *q)
{
	pthread_attr_t attr;
	sigset_t all, before;
	pthread_t id;
	int err;

	sigfillset(&all);
	if (pthread_attr_init(&attr) != 0)
		return ST_NOMEM;
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	(void)pthread_attr_setstacksize(&attr, STACK);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&id, &attr, ask, q);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return err == 0 ? ST_OK : ST_NOMEM;
}

static enum status
start_look_up(struct dial *d)
{
	struct question *q = calloc(1, sizeof(*q));
	enum status st;
	int fds[2];

	if (q == NULL)
		return ST_NOMEM;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
		free(q);
		return status_of_errno(errno);
	}
	d->answers = fds[0];
	memcpy(q->host, d->host, sizeof(q->host));
	q->port = d->port;
	q->out = fds[1];
	st = start_thread(q);
	if (st != ST_OK) {
		close(fds[1]);
		free(q);
		return st;
	}
	st = loop_io_open(d->loop, d->answers, LOOP_READ, look_up_ready, d,
			  &d->io);
	return st == ST_OK ? loop_timer_set(d->timer, d->try_ms) : st;
}

static void
look_up_ready(void *arg, int fd, unsigned ready)
{
	struct dial *d = arg;
	size_t room = sizeof(d->places) - d->got;
	ssize_t n = recv(fd, (uint8_t *)d->places + d->got, room, MSG_DONTWAIT);

	(void)ready;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		d->got += (size_t)n;
		return;
	}
	loop_io_close(d->io);
	d->io = NULL;
	end_look_up(d);
	d->count = d->got / sizeof(d->places[0]);
	if (d->count == 0)
		say(d, ST_NOTFOUND, -1, "the name is not known");
	else
		try_next(d);
}

static void
out_of_time(void *arg)
{
	struct dial *d = arg;

	if (d->answers >= 0) {
		loop_io_close(d->io);
		d->io = NULL;
		end_look_up(d);
		say(d, ST_TIMEOUT, -1, "looking the name up took too long");
		return;
	}
	if (d->count == 0) { /* a literal address, first turn of the loop */
		d->count = look_up(d->host, d->port, AI_NUMERICHOST, d->places);
		d->last = EAFNOSUPPORT;
	} else {
		d->last = ETIMEDOUT;
		end_try(d);
	}
	try_next(d);
}

/* A literal address starts from the loop too: no callback before we return. */
static enum status
start(struct dial *d)
{
	struct place places[TRIES_MAX];
	enum status st = loop_timer_open(d->loop, out_of_time, d, &d->timer);

	if (st != ST_OK)
		return st;
	if (look_up(d->host, d->port, AI_NUMERICHOST, places) > 0)
		return loop_timer_set(d->timer, 0);
	return start_look_up(d);
}

enum status
dial_open(struct loop *loop, const struct dial_target *to, dial_fn *fn,
	  void *arg, struct dial **out)
{
	struct dial *d;
	enum status st;

	if (strlen(to->host) >= HOST_MAX)
		return ST_LIMIT;
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return ST_NOMEM;
	memcpy(d->host, to->host, strlen(to->host));
	d->port = to->port;
	d->try_ms = to->try_ms;
	d->loop = loop;
	d->fn = fn;
	d->arg = arg;
	d->answers = d->fd = -1;
	st = start(d);
	if (st != ST_OK) {
		dial_close(d);
		return st;
	}
	*out = d;
	return ST_OK;
}

void
dial_close(struct dial *d)
{
	if (d == NULL)
		return;
	end_try(d);
	end_look_up(d);
	loop_timer_close(d->timer);
	free(d);
}
