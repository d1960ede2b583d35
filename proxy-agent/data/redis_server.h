#ifndef PROXY_AGENT_DATA_REDIS_SERVER_H
#define PROXY_AGENT_DATA_REDIS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/status.h"
#include "proxy-agent/data/redis_wire.h"
#include "proxy-agent/source/account.h"

/*
 * redis_server: signing in to a Redis server, and what it says of itself.
 * Errors as redis_wire.h has them; ST_DENIED sign-in or rights.
 */
#define REDIS_PORT       6379
#define REDIS_BASES_MOST 65536

struct redis_base {
	uint32_t number;
	uint64_t keys;
};

struct redis_bases {
	struct redis_base *list; /* by number */
	size_t count;
};

/* A connection, before anybody signed in; never one in clear to another host
 * when there is a password. */
NODISCARD enum status redis_server_reach(const struct account *l, bool tls,
					 struct redis **out, struct buf *why);

/* A password is said once. ST_TIMEOUT: it is still loading its data. */
NODISCARD enum status
redis_server_sign_in(struct redis *r, const struct account *l, struct buf *why);

NODISCARD enum status redis_server_select(struct redis *r, uint32_t base);

/* Keys of the database that is selected. */
NODISCARD enum status redis_server_count(struct redis *r, uint64_t *keys);

/* Databases that hold something; of one who may not ask, the first. */
NODISCARD enum status redis_server_bases(struct redis *r,
					 struct redis_bases *out);
void redis_bases_fini(struct redis_bases *b);

/* "host:port" of each other node of its cluster that holds keys, a line each.
 */
NODISCARD enum status redis_server_nodes(struct redis *r, struct buf *to);

/* What INFO and CLUSTER NODES answer with, taken apart. */
NODISCARD enum status redis_parse_bases(struct span text,
					struct redis_bases *out);
NODISCARD enum status redis_parse_nodes(struct span text, struct buf *to);

#endif
