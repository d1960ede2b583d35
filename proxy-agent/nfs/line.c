#include "proxy-agent/nfs/line.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "proxy-agent/nfs/rpc.h"
#include "proxy-agent/session/net.h"
#include "sys/pace.h"

#define TURN_MS 1000 /* between two looks at the clock */

static uint64_t
now_ms(void)
{
	return clock_mono_ms(clock_system());
}

static bool
is_low(int fd)
{
	struct sockaddr_storage a = {0};
	socklen_t n = sizeof(a);
	uint16_t port = 0;

	if (getsockname(fd, (struct sockaddr *)&a, &n) != 0)
		return false;
	if (a.ss_family == AF_INET)
		port = ntohs(((struct sockaddr_in *)&a)->sin_port);
	else if (a.ss_family == AF_INET6)
		port = ntohs(((struct sockaddr_in6 *)&a)->sin6_port);
	return port != 0 && port < IPPORT_RESERVED;
}

enum status
line_open(struct span host, uint16_t port, const struct patience *p,
	  struct buf *why, struct line *out)
{
	struct line l = {.answer_ms = p->answer_ms, .pace = p->pace};
	int fd = -1;
	enum status st = net_connect_low(host, port, p, why, &fd);

	if (st != ST_OK)
		return st;
	l.low = is_low(fd);
	l.rpc = rpc_init_context();
	if (l.rpc == NULL) {
		close(fd);
		return ST_NOMEM;
	}
	rpc_set_fd(l.rpc, fd);
	/* it stands already, which libnfs learns by an event; one that is set
	 * like this is never connected again by libnfs itself */
	if (rpc_service(l.rpc, POLLOUT) != 0) {
		line_close(&l);
		return ST_IO;
	}
	l.heard = now_ms();
	*out = l;
	return ST_OK;
}

void
line_close(struct line *l)
{
	struct rpc_context *rpc = l->rpc;

	l->rpc = NULL;
	l->lost = true;
	pace_lost(l->pace, l->under_way);
	if (rpc != NULL)
		rpc_destroy_context(rpc);
}

void
line_called(struct line *l, int rc)
{
	if (rc != 0) {
		l->lost = true;
		return;
	}
	pace_asked(l->pace);
	if (l->under_way++ == 0)
		l->heard = now_ms();
}

void
line_heard(struct line *l)
{
	if (l->under_way > 0)
		l->under_way--;
	pace_answered(l->pace);
	l->heard = now_ms();
}

bool
line_turn(struct line *l, uint32_t ms)
{
	struct pollfd p = {.fd = -1};
	/* else it is a pause, in which the server has nothing of us to do */
	struct pace *pace = l->under_way > 0 ? l->pace : NULL;
	int n;

	if (l->lost || l->rpc == NULL)
		return false;
	p.fd = rpc_get_fd(l->rpc);
	p.events = (short)rpc_which_events(l->rpc);
	pace_wait(pace);
	n = poll(&p, 1, (int)ms);
	pace_woke(pace);
	if (n < 0 && errno != EINTR)
		l->lost = true;
	if (n > 0 && rpc_service(l->rpc, p.revents) != 0)
		l->lost = true;
	if (l->under_way > 0 && now_ms() - l->heard > l->answer_ms)
		l->lost = true;
	return !l->lost;
}

bool
line_until(struct line *l, const bool *done)
{
	const uint32_t ms = l->answer_ms < TURN_MS ? l->answer_ms : TURN_MS;

	while (!*done && line_turn(l, ms))
		;
	if (l->lost)
		line_close(l); /* while whoever waits can still be told */
	return !l->lost;
}
