#include "proxy-agent/session/net.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "source/url.h"

#define SENTENCE  512
#define LOW_FIRST 665 /* below stand services that are known by their port */
#define LOW_LAST  1023

void
net_say(struct buf *why, const char *fmt, ...)
{
	char text[SENTENCE];
	va_list ap;
	int n;

	if (why == NULL)
		return;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_clear(why);
	if (n > 0 &&
	    buf_add(why, text,
		    (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1) !=
		ST_OK)
		buf_clear(why);
}

bool
net_wait(int fd, short events, uint32_t ms)
{
	const uint64_t end = clock_mono_ms(clock_system()) + ms;
	struct pollfd p = {.fd = fd, .events = events};

	for (;;) {
		uint64_t now = clock_mono_ms(clock_system());
		int n = poll(&p, 1, now < end ? (int)(end - now) : 0);

		if (n > 0)
			return true;
		if (n == 0 || errno != EINTR)
			return false;
	}
}

/* Why there is no connection, and what to do; another errno is ST_IO. */
static const struct trouble {
	int err;
	enum status st;
	const char *words;
} troubles[] = {
    {ECONNREFUSED, ST_CLOSED,
     "refuses connections: is the service running, and is this its port?"},
    {ECONNRESET, ST_CLOSED,
     "cuts connections off: does a firewall on the way keep us out?"},
    {EHOSTUNREACH, ST_CLOSED,
     "cannot be reached: is that host up, and does a route lead there?"},
    {ENETUNREACH, ST_CLOSED,
     "cannot be reached: no route of this host leads there; check the "
     "address and the routes"},
    {ENETDOWN, ST_CLOSED, "cannot be reached: the network is down"},
    {ETIMEDOUT, ST_TIMEOUT, NULL},
    {EACCES, ST_DENIED,
     "is kept from us by this host: let its firewall allow the connection"},
    {EPERM, ST_DENIED,
     "is kept from us by this host: let its firewall allow the connection"},
};

static const struct trouble *
trouble_of(int err)
{
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (troubles[i].err == err)
			return &troubles[i];
	return NULL;
}

enum status
net_status(int err)
{
	const struct trouble *t = trouble_of(err);

	return t == NULL ? ST_IO : t->st;
}

static enum status
finish(int fd, uint32_t ms)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (!net_wait(fd, POLLOUT, ms))
		return ST_TIMEOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0)
		return ST_IO;
	if (err == 0)
		return ST_OK;
	errno = err;
	return net_status(err);
}

/* Whether the socket has that port of ours now; errno says why not. */
static bool
bind_to(int fd, int family, uint16_t port)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6,
				   .sin6_port = htons(port)};
	struct sockaddr_in in4 = {.sin_family = AF_INET,
				  .sin_port = htons(port)};

	if (family == AF_INET)
		return bind(fd, (struct sockaddr *)&in4, sizeof(in4)) == 0;
	return bind(fd, (struct sockaddr *)&in6, sizeof(in6)) == 0;
}

/*
 * errno tells more when it is not ST_OK or ST_TIMEOUT; ST_AGAIN: not from this
 * port, 0 being any.
 */
static enum status
try_one(const struct addrinfo *a, uint16_t from, uint32_t ms, int *out)
{
	const int on = 1;
	int fd =
	    socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
		   a->ai_protocol);
	enum status st = ST_OK;

	if (fd < 0)
		return ST_IO;
	if (from != 0 && !bind_to(fd, a->ai_family, from))
		st = ST_AGAIN;
	else if (connect(fd, a->ai_addr, a->ai_addrlen) != 0)
		st = errno == EINPROGRESS ? finish(fd, ms) : net_status(errno);
	if (from != 0 && st == ST_IO && errno == EADDRNOTAVAIL)
		st = ST_AGAIN; /* still in use with that server */
	if (st != ST_OK) {
		int err = errno;

		close(fd);
		errno = err;
		return st;
	}
	/* requests are small and wait for nobody */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	*out = fd;
	return ST_OK;
}

/* Down from LOW_LAST, beginning anywhere: others do the same. */
static enum status
try_low(const struct addrinfo *a, uint32_t ms, int *out)
{
	const uint32_t count = LOW_LAST - LOW_FIRST + 1;
	const uint32_t begin =
	    (uint32_t)(clock_mono_us(clock_system()) % count);

	for (uint32_t i = 0; i < count; i++) {
		uint16_t port = (uint16_t)(LOW_LAST - (begin + i) % count);
		enum status st = try_one(a, port, ms, out);

		if (st != ST_AGAIN)
			return st;
		if (errno == EACCES)
			break; /* we may have none of them */
	}
	return try_one(a, 0, ms, out);
}

static void
explain(struct buf *why, enum status st, const char *host, unsigned port,
	uint32_t ms)
{
	const struct trouble *t = trouble_of(errno);

	if (st == ST_TIMEOUT)
		net_say(why,
			"%s, port %u, did not answer within %u s: check the "
			"address, the port and the firewalls between",
			host, port, ms / 1000);
	else
		net_say(why, "%s, port %u, %s%s", host, port,
			t != NULL ? "" : "cannot be reached: ",
			/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
			t != NULL ? t->words : strerror(errno));
}

static enum status
connect_to(struct span host, uint16_t port, bool low, const struct patience *p,
	   struct buf *why, int *fd)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	char name[URL_HOST_MAX], service[8];
	struct addrinfo *all = NULL;
	enum status st = str_copy(name, sizeof(name), host);
	int rc;

	if (st != ST_OK || host.len == 0) {
		net_say(why, "the target names no host");
		return ST_MALFORMED;
	}
	snprintf(service, sizeof(service), "%u", port);
	rc = getaddrinfo(name, service, &hints, &all);
	if (rc != 0) {
		net_say(why, "no address of %s is known (%s): check the name",
			name, gai_strerror(rc));
		return rc == EAI_MEMORY ? ST_NOMEM : ST_NOTFOUND;
	}
	st = ST_NOTFOUND;
	for (const struct addrinfo *a = all; a != NULL; a = a->ai_next) {
		st = low ? try_low(a, p->connect_ms, fd)
			 : try_one(a, 0, p->connect_ms, fd);
		if (st == ST_OK)
			break;
	}
	if (st != ST_OK)
		explain(why, st, name, port, p->connect_ms);
	freeaddrinfo(all);
	return st;
}

enum status
net_connect(struct span host, uint16_t port, const struct patience *p,
	    struct buf *why, int *fd)
{
	return connect_to(host, port, false, p, why, fd);
}

enum status
net_connect_low(struct span host, uint16_t port, const struct patience *p,
		struct buf *why, int *fd)
{
	return connect_to(host, port, true, p, why, fd);
}

bool
net_is_here(struct span host)
{
	bool v4 = str_starts(host, "127.");

	for (size_t i = 0; i < host.len; i++)
		v4 = v4 && (host.ptr[i] == '.' ||
			    (host.ptr[i] >= '0' && host.ptr[i] <= '9'));
	return v4 || str_is(host, "::1") || str_is(host, "localhost");
}

bool
net_is_local(int fd)
{
	struct sockaddr_storage a = {0};
	const struct sockaddr_in *v4 = (const void *)&a;
	const struct sockaddr_in6 *v6 = (const void *)&a;
	socklen_t len = sizeof(a);

	if (getpeername(fd, (struct sockaddr *)&a, &len) != 0)
		return false;
	if (a.ss_family == AF_INET)
		return (ntohl(v4->sin_addr.s_addr) >> 24) == 127;
	return a.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}
