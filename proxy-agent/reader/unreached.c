#include "proxy-agent/reader/unreached.h"

#include <unistd.h>

#include "proxy-agent/session/net.h"
#include "source/kind.h"
#include "source/source.h"
#include "source/url.h"

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
	port = k != NULL ? kind_port(k, &u) : 0;
	if (port == 0)
		return false;
	st = net_connect(u.host, port, &p, NULL, &fd);
	if (st == ST_OK)
		close(fd);
	return st == ST_CLOSED || st == ST_TIMEOUT || st == ST_NOTFOUND;
}
