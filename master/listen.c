#include "master/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "master/cmd.h"

#define BACKLOG 1024

struct listening {
	struct parent_config *to;
	enum door door;
	const char *setting; /* that names the address */
	struct buf *why;
};

static enum status
complain(struct listening *l, const struct conf_address *a, int err)
{
	const char *host = a->host[0] != '\0' ? a->host : "any address";
	enum status st;

	if (err == EADDRINUSE)
		st = buf_addf(l->why,
			      "Port %u on %s is taken by another program. Stop "
			      "it, or choose another with --%s.",
			      a->port, host, l->setting);
	else if (err == EACCES || err == EPERM)
		st = buf_addf(l->why,
			      "Port %u may only be used by root. Start as "
			      "root, or choose one above 1023 with --%s.",
			      a->port, l->setting);
	else if (err == EADDRNOTAVAIL)
		st = buf_addf(l->why,
			      "This host has no address %s. Choose one that it "
			      "has with --%s.",
			      host, l->setting);
	else
		st = buf_addf(l->why, "Port %u on %s cannot be used: %s.",
			      a->port, host, strerrordesc_np(err));
	return st == ST_OK ? ST_USAGE : st;
}

static int
open_socket(int family, const struct sockaddr *sa, socklen_t n, bool both)
{
	static const int on = 1, off = 0;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err;

	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY,
				 both ? &off : &on, sizeof(on));
	if (bind(fd, sa, n) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	err = errno;
	close(fd);
	return -err;
}

/* Every address of the host: IPv6 that takes IPv4 too, or IPv4 alone. */
static int
open_any(uint16_t port)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6,
				   .sin6_port = htons(port),
				   .sin6_addr = in6addr_any};
	struct sockaddr_in four = {.sin_family = AF_INET,
				   .sin_port = htons(port)};
	int fd = open_socket(AF_INET6, (const struct sockaddr *)&six,
			     sizeof(six), true);

	if (fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL)
		fd = open_socket(AF_INET, (const struct sockaddr *)&four,
				 sizeof(four), false);
	return fd;
}

static int
open_named(const struct conf_address *a)
{
	struct addrinfo hint = {.ai_socktype = SOCK_STREAM,
				.ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *found = NULL;
	char port[8];
	int fd;

	snprintf(port, sizeof(port), "%u", a->port);
	if (getaddrinfo(a->host, port, &hint, &found) != 0 || found == NULL)
		return -EADDRNOTAVAIL;
	fd = open_socket(found->ai_family, found->ai_addr, found->ai_addrlen,
			 false);
	freeaddrinfo(found);
	return fd;
}

static enum status
add(struct listening *l, int fd)
{
	if (l->to->socket_count == PARENT_SOCKETS_MAX) {
		close(fd);
		return buf_addf(l->why, "--%s: too many addresses.",
				l->setting) == ST_OK
			   ? ST_USAGE
			   : ST_NOMEM;
	}
	l->to->sockets[l->to->socket_count++] =
	    (struct parent_socket){.door = l->door, .fd = fd};
	return ST_OK;
}

static enum status
open_one(struct listening *l, const struct conf_address *a)
{
	int fd = a->host[0] == '\0' ? open_any(a->port) : open_named(a);

	return fd < 0 ? complain(l, a, -fd) : add(l, fd);
}

static enum status
open_list(struct listening *l, const char *list)
{
	struct conf_address a;
	enum status st = ST_OK;

	while (settings_next_address(&list, &a, &st)) {
		st = open_one(l, &a);
		if (st != ST_OK)
			return st;
	}
	return st;
}

/* Port 80 of every address where the console is on 443; nobody misses it. */
static enum status
open_redirect(struct listening *l, const struct settings *s)
{
	const char *list = s->web;
	struct conf_address a;
	enum status st = ST_OK;

	if (strcmp(s->redirect, "off") == 0)
		return ST_OK;
	if (strcmp(s->redirect, "auto") != 0)
		return open_list(l, s->redirect);
	while (settings_next_address(&list, &a, &st)) {
		if (a.port != 443)
			continue;
		a.port = 80;
		st = open_one(l, &a);
		if (st != ST_OK)
			return st;
	}
	return st;
}

/* The path may be longer than a socket address: go by the open folder. */
enum status
listen_admin_address(const struct settings *s, int *dir,
		     struct sockaddr_un *out)
{
	char path[SETTINGS_PATH];

	settings_path(s, "run", path);
	*dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*dir < 0)
		return status_of_errno(errno);
	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	snprintf(out->sun_path, sizeof(out->sun_path),
		 "/proc/self/fd/%d/admin.sock", *dir);
	return ST_OK;
}

static enum status
open_admin(struct listening *l, const struct settings *s)
{
	struct sockaddr_un a;
	int dir, fd;
	enum status st = listen_admin_address(s, &dir, &a);

	if (st != ST_OK)
		return buf_addf(l->why,
				"The folder %s/run cannot be opened: %s. Make "
				"the data folder with trawl-master init.",
				s->data, status_text(st)) == ST_OK
			   ? st
			   : ST_NOMEM;
	/* We hold the lock of the folder: a socket there is nobody's. */
	(void)unlinkat(dir, "admin.sock", 0);
	fd =
	    open_socket(AF_UNIX, (const struct sockaddr *)&a, sizeof(a), false);
	close(dir);
	if (fd < 0)
		return buf_addf(l->why, "%s/%s cannot be made: %s.", s->data,
				FILE_ADMIN, strerrordesc_np(-fd)) == ST_OK
			   ? ST_IO
			   : ST_NOMEM;
	return add(l, fd);
}

enum status
listen_all(const struct settings *s, struct parent_config *to, struct buf *why)
{
	struct listening l = {.to = to, .why = why};
	enum status st;

	l.door = DOOR_WEB;
	l.setting = "web";
	st = open_list(&l, s->web);
	if (st == ST_OK) {
		l.door = DOOR_PLAIN;
		l.setting = "redirect";
		st = open_redirect(&l, s);
	}
	if (st == ST_OK) {
		l.door = DOOR_AGENTS;
		l.setting = "agents";
		st = open_list(&l, s->agents);
	}
	if (st == ST_OK) {
		l.door = DOOR_ADMIN;
		l.setting = "data";
		st = open_admin(&l, s);
	}
	if (st != ST_OK)
		listen_close(to, s);
	return st;
}

void
listen_close(struct parent_config *of, const struct settings *s)
{
	char path[SETTINGS_PATH];

	for (size_t i = 0; i < of->socket_count; i++)
		close(of->sockets[i].fd);
	of->socket_count = 0;
	settings_path(s, FILE_ADMIN, path);
	(void)unlink(path);
}
