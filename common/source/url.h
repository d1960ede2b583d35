#ifndef SOURCE_URL_H
#define SOURCE_URL_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * url: the name of a remote target, taken apart:
 * scheme://user@host:port/path?query (RFC 3986, with the bytes of names that
 * are not ASCII as they are). Spans borrow from the target.
 *
 * Errors: ST_MALFORMED; ST_DENIED when it holds a password, which the list of
 *         processes would show to everybody: it belongs into the credential.
 */
#define URL_HOST_MAX 256

struct url {
	struct span scheme;
	struct span user;  /* as it stands there, see url_decode(); or empty */
	struct span host;  /* without the brackets of an IPv6 address */
	uint16_t port;     /* 0: not given */
	struct span path;  /* with its first slash, or empty */
	struct span query; /* without the question mark, or empty */
};

NODISCARD enum status url_parse(struct span target, struct url *out);

/* Percent-decoded, behind what is there. A bad escape stands for itself. */
NODISCARD enum status url_decode(struct span s, struct buf *to);

/*
 * A name's bytes as they stand in the path of a target: only "%", "?", "#" and
 * control characters are escaped, so that people can read it and url_parse()
 * finds the same object by it.
 */
NODISCARD enum status url_encode(struct span name, struct buf *to);

/* scheme://user@host:port of it, without a slash behind. */
NODISCARD enum status url_root(const struct url *u, struct buf *to);

/* The value of a name in the query, still encoded; ptr NULL: not there. */
struct span url_query(const struct url *u, const char *name);

#endif
