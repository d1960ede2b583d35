#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "source/kind.h"

/*
 * address: whether what a person writes names a target that proxies can read.
 * A secret in it is refused: the master never holds one, each proxy keeps those
 * that it needs under names of their own.
 *
 * Errors: ST_MALFORMED, ST_UNSUPPORTED: no such kind; ST_DENIED: it holds a
 *         secret. *why gets a sentence that never repeats a value.
 */
#define ADDRESS_MAX      2048 /* bytes of a URL */
#define ADDRESS_NAME_MAX 128  /* bytes of a name of a target or group */
#define ADDRESS_TEXT_MAX 4096 /* bytes of the value of an option */

NODISCARD enum status address_check(struct span url, const struct kind **kind,
				    struct buf *why);
NODISCARD enum status address_option(const struct kind *kind, struct span name,
				     struct span value, struct buf *why);

/*
 * Behind what is there: the server that a target stands on, "files.example:22",
 * by which those of one server are known; "s3://bucket" when it names no host.
 */
NODISCARD enum status address_server(struct span url, struct buf *to);

/* What it is called when nobody says: without the scheme and the user. */
struct span address_name(struct span url);

/* One line of UTF-8, as names and values are. */
bool address_line(struct span s);

#endif
