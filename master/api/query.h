#ifndef MASTER_API_QUERY_H
#define MASTER_API_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"

/*
 * query: the part of an URL behind the question mark, taken apart.
 *
 * Owner:  names and values are copied into the arena.
 * Errors: ST_MALFORMED for a bad escape, a NUL or bytes that are not UTF-8,
 *         ST_LIMIT for more than QUERY_MAX pairs or a full arena.
 */
#define QUERY_MAX 96

struct query_pair {
	struct span name, value;
};

struct query {
	struct query_pair pairs[QUERY_MAX];
	size_t count;
};

NODISCARD enum status query_parse(struct span raw, struct arena *a,
				  struct query *out);

/* One percent-decoded piece; "+" is a space only when `form`. */
NODISCARD enum status query_decode(struct span raw, bool form, struct arena *a,
				   struct span *out);

/* The first pair of that name; NULL when there is none. */
const struct query_pair *query_find(const struct query *q, const char *name);

/* How many pairs have that name. */
size_t query_count(const struct query *q, const char *name);

#endif
