#ifndef MASTER_API_HTTP_H
#define MASTER_API_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"
#include "master/api/sse.h"
#include "master/api/stream.h"

struct api;
struct http;

/*
 * http: the door itself: libmicrohttpd on inherited sockets, and nothing but
 * it. It makes struct request out of what comes and bytes out of struct reply;
 * what they mean is decided in serve.c and static.c.
 *
 * Threads: those of the library never wait; requests are served by api->work
 *          while their connection sleeps.
 */
struct http_config {
	struct api *api;                            /* its work must be open */
	const char *cert, *key;                     /* PEM text */
	uint32_t connections, per_address, timeout; /* of each socket */
	uint16_t web_port; /* where the plain door sends people */
	bool hsts;
};

NODISCARD enum status http_open(const struct http_config *config,
				struct http **out);

/* fd: a listening socket, which is copied. */
NODISCARD enum status http_listen(struct http *h, int fd);

/* The same without TLS: every answer sends people to https. */
NODISCARD enum status http_listen_plain(struct http *h, int fd);

/*
 * Takes no new connections. Then stop whatever lets connections sleep (sse,
 * work), then http_close().
 */
void http_quiet(struct http *h);
void http_close(struct http *h); /* takes NULL */

/* How sleeping connections of live streams and exports are handled. */
extern const struct sse_ops http_sse_ops;
extern const struct stream_ops http_stream_ops;

#endif
