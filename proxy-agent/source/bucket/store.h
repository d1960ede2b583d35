#ifndef PROXY_AGENT_SOURCE_BUCKET_STORE_H
#define PROXY_AGENT_SOURCE_BUCKET_STORE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/session/http.h"
#include "proxy-agent/source/bucket/bucket.h"
#include "source/filter.h"
#include "source/source.h"
#include "source/url.h"
#include "sys/vault.h"

/*
 * store: what targets and addresses of stores of objects have in common: how
 * they are written, where their options stand, where their secrets are kept.
 */
#define STORE_SECRETS (16 * 1024) /* bytes of names and values */

/* Instead of what was there. */
NODISCARD enum status store_set(struct buf *to, struct span s);

/* "?name=value", or with & behind another; the value is escaped. */
NODISCARD enum status store_param(struct buf *to, const char *name,
				  struct span value);

/* Of the query of the target, else of its options; "" when in neither. */
NODISCARD enum status store_option(const struct source_target *t,
				   const struct url *u, const char *name,
				   struct buf *to);

/* The same of a yes or no; ST_USAGE is said in t->why. */
NODISCARD enum status store_flag(const struct source_target *t,
				 const struct url *u, const char *name,
				 bool *out);

/* Which objects are wanted; ST_USAGE is said in t->why. */
NODISCARD enum status store_filter(const struct source_target *t,
				   struct filter *out);

/*
 * A bucket of the objects that the target wants, with what is known of them;
 * says why not in t->why. To be closed in any case.
 */
NODISCARD enum status store_bucket(const struct source_target *t,
				   struct http *http,
				   const struct bucket_ops *ops,
				   struct bucket *out);

/* A key below the target: behind the last slash of the target's prefix. */
struct span store_below(struct span prefix, struct span key);

/*
 * As `trawl scan` takes it again: root, the name readable, the query of the
 * target, and `name=value` of this object's own when value is not empty.
 */
struct store_path {
	struct span root, key, query;
	const char *name;
	struct span value;
};
NODISCARD enum status store_path(const struct store_path *p, struct buf *to);

/* One more secret, when it is given; the vault has STORE_SECRETS. */
NODISCARD enum status store_secret(struct vault *v, const char *as,
				   struct span value);

/*
 * No secret is sent to an address of http and of another host, unless the
 * option tls=no says so: ST_USAGE is said in t->why. `what` would be sent: "the
 * password", "the SAS".
 */
NODISCARD enum status store_in_clear(const struct source_target *t,
				     struct span site, const char *what);

#endif
