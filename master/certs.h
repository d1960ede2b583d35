#ifndef MASTER_CERTS_H
#define MASTER_CERTS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "master/settings.h"

/*
 * certs: the certificates that an installation makes for itself: that of the
 * gate, signed by its CA, and that of the console, signed by itself. They are
 * written into the data folder whole or not at all; keys are never changed.
 *
 * On failure *why gets a sentence; the caller has initialised it.
 */
#define CERTS_GATE_DAYS 3650
#define CERTS_WEB_DAYS  825

NODISCARD enum status certs_write(const struct settings *s, const char *name,
				  struct span der, struct buf *why);

struct certs_ca {
	const struct key *key;
	struct span der;
};

/* Good from `from` on (seconds since 1970), never longer than its CA. */
NODISCARD enum status certs_gate(const struct settings *s,
				 const struct certs_ca *ca, const struct key *k,
				 int64_t from, struct buf *why);

/* For every name and address of this host; its SHA-256 as hex. */
NODISCARD enum status certs_web(const struct settings *s, const struct key *k,
				char print[2 * HASH_LEN + 1], struct buf *why);

/*
 * Makes those anew that have less than a third of their life left, and says so
 * in the log. A console's certificate that somebody gave stays as it is.
 */
NODISCARD enum status certs_renew(const struct settings *s, int64_t now,
				  struct buf *why);

#endif
