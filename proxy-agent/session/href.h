#ifndef PROXY_AGENT_SESSION_HREF_H
#define PROXY_AGENT_SESSION_HREF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * href: taking URLs apart and putting them together (RFC 3986), with the
 * forgiveness that browsers show to what people write into pages.
 *
 * Spans borrow from the text that was split. Limit: HREF_MAX bytes.
 */
#define HREF_MAX 4096

struct href {
	struct span scheme;
	struct span authority; /* user@host:port as written */
	struct span path;
	struct span query;    /* without the question mark */
	struct span fragment; /* without the # */
	bool has_authority, has_query;
};

struct href_place {
	struct span user, host; /* host of IPv6: without brackets */
	uint16_t port;          /* 0: none is named */
	bool has_user, v6;
};

/* Anything has these five parts: a reference that is relative lacks some. */
void href_split(struct span text, struct href *out);

/* ST_MALFORMED: no host, or a port that is none. */
NODISCARD enum status href_place(struct span authority, struct href_place *out);

/* 80, 443; 0 for a scheme that is not known. */
uint16_t href_port(struct span scheme);

/*
 * What a reference in a page at `base` (absolute) leads to: absolute, without
 * fragment and user, in the one form in which all spellings of it are equal
 * (case of scheme and host, dots, default port, percent signs). ST_MALFORMED
 * when it is no URL with a host, ST_LIMIT when it is too long.
 */
NODISCARD enum status href_join(struct span base, struct span ref,
				struct buf *to);

/* The same of a text that is absolute already. */
NODISCARD enum status href_tidy(struct span text, struct buf *to);

/* Whether both name the same scheme, host and port; both are tidy. */
bool href_same_site(struct span a, struct span b);

/*
 * Percent signs for all but letters, digits, -._~ and what stands in `keep`:
 * what signed requests want, digits of the numbers in capitals.
 */
NODISCARD enum status href_escape(struct span s, const char *keep,
				  struct buf *to);

/* %41 becomes A; a percent sign without a number stays one. */
NODISCARD enum status href_unescape(struct span s, struct buf *to);

/*
 * The value of one name in a query, unescaped, + left alone; false: not there.
 * ST_LIMIT of the buffer counts as not there.
 */
bool href_param(struct span query, const char *name, struct buf *to);

#endif
