#include "proxy-agent/session/ssh_agent.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/str.h"
#include "proxy-agent/session/net.h"

#define MESSAGE_MAX (256 * 1024)
#define KEYS        12 /* the kind of an answer: the keys that it has */
#define LIST        9  /* bytes before the first: length, kind, number */

struct ssh_relay {
	int agent, ours, theirs;
	uint32_t wait_ms, keys;
	size_t told;
	pthread_t thread;
	uint8_t message[4 + MESSAGE_MAX];
};

static uint32_t
number(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return ntohl(v);
}

static bool
fill(int fd, uint32_t wait_ms, uint8_t *dst, size_t n)
{
	while (n > 0) {
		ssize_t got;

		if (wait_ms > 0 && !net_wait(fd, POLLIN, wait_ms))
			return false;
		got = read(fd, dst, n);
		if (got <= 0)
			return false;
		dst += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
send_all(int fd, const uint8_t *from, size_t n)
{
	while (n > 0) {
		ssize_t put = send(fd, from, n, MSG_NOSIGNAL);

		if (put <= 0)
			return false;
		from += put;
		n -= (size_t)put;
	}
	return true;
}

/* A whole message, with its length before it; 0: there is none. */
static size_t
receive(struct ssh_relay *r, int fd, uint32_t wait_ms)
{
	uint32_t n;

	if (!fill(fd, wait_ms, r->message, 4))
		return 0;
	n = number(r->message);
	if (n == 0 || n > MESSAGE_MAX || !fill(fd, wait_ms, r->message + 4, n))
		return 0;
	return 4 + (size_t)n;
}

/* Beyond blob and comment of one key of the list; 0: they are not there. */
static size_t
skip_key(const struct ssh_relay *r, size_t at, size_t n)
{
	for (int i = 0; i < 2; i++) {
		if (n - at < 4 || number(r->message + at) > n - at - 4)
			return 0;
		at += 4 + (size_t)number(r->message + at);
	}
	return at;
}

static void
put_number(uint8_t *p, size_t v)
{
	const uint32_t n = htonl((uint32_t)v);

	memcpy(p, &n, sizeof(n));
}

/* Cuts a list of keys behind those that may be tried: the library goes by its
 * end, not by its number. Bytes that are left, 0: it is no list. */
static size_t
tell_few(struct ssh_relay *r, size_t n)
{
	size_t at = LIST;

	if (n < LIST || r->message[4] != KEYS)
		return n;
	for (r->told = 0;
	     at > 0 && r->told < number(r->message + 5) && r->told < r->keys;
	     r->told++)
		at = skip_key(r, at, n);
	if (at == 0)
		return 0;
	put_number(r->message, at - 4);
	put_number(r->message + 5, r->told);
	return at;
}

static void *
carry(void *arg)
{
	struct ssh_relay *r = arg;
	size_t n;

	while ((n = receive(r, r->ours, 0)) > 0) {
		if (!send_all(r->agent, r->message, n))
			break;
		n = receive(r, r->agent, r->wait_ms);
		n = tell_few(r, n);
		if (n == 0 || !send_all(r->ours, r->message, n))
			break;
	}
	shutdown(r->ours, SHUT_RDWR);
	return NULL;
}

static void
drop(struct ssh_relay *r)
{
	if (r->agent >= 0)
		close(r->agent);
	if (r->ours >= 0)
		close(r->ours);
	free(r);
}

static enum status
reach(struct span path, int fd)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	if (fd < 0 || str_copy(to.sun_path, sizeof(to.sun_path), path) != ST_OK)
		return ST_NOTFOUND;
	return connect(fd, (const struct sockaddr *)(const void *)&to,
		       sizeof(to)) == 0
		   ? ST_OK
		   : ST_NOTFOUND;
}

enum status
ssh_agent_begin(struct span path, uint32_t wait_ms, uint32_t keys,
		struct ssh_relay **out)
{
	struct ssh_relay *r = calloc(1, sizeof(*r));
	int pair[2];
	enum status st;

	if (r == NULL)
		return ST_NOMEM;
	r->wait_ms = wait_ms;
	r->keys = keys;
	r->ours = -1;
	r->agent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	st = reach(path, r->agent);
	if (st == ST_OK &&
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		st = ST_NOMEM;
	if (st == ST_OK) {
		r->ours = pair[0];
		r->theirs = pair[1];
		if (pthread_create(&r->thread, NULL, carry, r) != 0) {
			close(r->theirs);
			st = ST_NOMEM;
		}
	}
	if (st != ST_OK) {
		drop(r);
		return st;
	}
	*out = r;
	return ST_OK;
}

int
ssh_agent_fd(const struct ssh_relay *r)
{
	return r->theirs;
}

size_t
ssh_agent_end(struct ssh_relay *r)
{
	size_t told;

	if (r == NULL)
		return 0;
	shutdown(r->ours, SHUT_RDWR);
	pthread_join(r->thread, NULL);
	told = r->told;
	drop(r);
	return told;
}
