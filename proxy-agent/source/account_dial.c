/* By itself, so that readers that never speak TLS need not load it. */
#include "base/str.h"
#include "proxy-agent/source/account.h"

enum status
account_dial(const struct account *l, bool tls, uint16_t port,
	     struct stream **out, struct buf *why)
{
	char host[URL_HOST_MAX];
	const struct stream_to to = {
	    .host = host,
	    .port = l->url.port != 0 ? l->url.port : port,
	    .tls = tls,
	    .ca_pem = l->ca,
	    .patience = l->patience,
	};
	enum status st = str_copy(host, sizeof(host), l->url.host);

	return st == ST_OK ? stream_open(&to, out, why) : st;
}
