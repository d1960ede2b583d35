#include "proxy-agent/reader/unreached.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy-agent/session/net.h"
#include "source/kind.h"
#include "source/source.h"
#include "source/url.h"

/* 0: it stands nowhere that can be asked. */
static uint16_t
port_of(const struct kind *k, const struct url *u)
{
	if (k == NULL || strstr(k->form, "HOST") == NULL || u->host.len == 0)
		return 0;
	return u->port != 0 ? u->port : (uint16_t)strtoul(k->ports, NULL, 10);
}

bool
unreached(struct span target, const struct pairs *options)
{
	const struct kind *k = kind_find(source_scheme(target));
	struct patience p = patience_of(options);
	struct url u;
	uint16_t port;
	enum status st;
	int fd = -1;

	if (url_parse(target, &u) != ST_OK ||
	    pairs_find(*options, "proxy").len > 0)
		return false;
	port = port_of(k, &u);
	if (port == 0)
		return false;
	st = net_connect(u.host, port, &p, NULL, &fd);
	if (st == ST_OK)
		close(fd);
	return st == ST_CLOSED || st == ST_TIMEOUT || st == ST_NOTFOUND;
}
