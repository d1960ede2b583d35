#ifndef WIRE_DIAL_H
#define WIRE_DIAL_H

#include <stdint.h>

#include "base/status.h"

struct loop;
struct dial;

/*
 * dial: a TCP connection to a name or a literal address (IPv4, IPv6) without
 * blocking the loop. A name is looked up by a thread, which asks whatever the
 * host is set up to ask (hosts, DNS, directory). Addresses are tried one after
 * the other, in the order that the system prefers.
 *
 * Owner:  dial_close() takes NULL, is right in the callback and calls none.
 * Errors: NOTFOUND no such name, TIMEOUT, CLOSED refused, IO all else; the text
 *         is for people.
 */
struct dial_result {
	enum status st;
	int fd;           /* with ST_OK: connected, the callee's to close */
	const char *text; /* else: why */
};

typedef void dial_fn(void *arg, const struct dial_result *r);

struct dial_target {
	const char *host; /* copied */
	uint16_t port;
	uint32_t try_ms; /* for the look-up, and for each address */
};

NODISCARD enum status dial_open(struct loop *loop, const struct dial_target *to,
				dial_fn *fn, void *arg, struct dial **out);
void dial_close(struct dial *d);

/*
 * The settings of a link's connection, at both of its ends. Frames are whole
 * messages: waiting for more only costs time. A peer that is gone without a
 * word is found in about two minutes.
 */
void dial_tune(int fd);

#endif
