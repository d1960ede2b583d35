#ifndef SOURCE_RENEWAL_H
#define SOURCE_RENEWAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * renewal: a secret of a credential that the service replaced while it was in
 * use (a refresh token of Box), on its way back to the file that it came from.
 * It is told by what stood there before: a file that was changed since, or by
 * somebody who never had the secret, stays as it is.
 *
 * Owner: spans borrow; the bytes are whoever's made them, and wiped by him.
 */
#define RENEWAL_MAX (40 * 1024) /* bytes of a packed one */

struct renewal {
	struct span name; /* "refresh_token" */
	struct span was, is;
};

/* As pairs. ST_LIMIT: no room. */
NODISCARD enum status renewal_pack(const struct renewal *r, uint8_t *to,
				   size_t room, size_t *len);
/* ST_MALFORMED also for one that is no refresh token, or no plain text: of
 * who may be taken over by a server nothing else is taken. */
NODISCARD enum status renewal_unpack(struct span s, struct renewal *out);

/*
 * A file of credentials (credential.h) with each such value replaced, byte for
 * byte the same elsewhere. `room` is at least json.len + RENEWAL_ROOM, of which
 * the end is used on the way. ST_NOTFOUND: it has none that was like that.
 */
#define RENEWAL_ROOM (96 * 1024)

NODISCARD enum status renewal_apply(const struct renewal *r, struct span json,
				    uint8_t *to, size_t room, size_t *len);

#endif
