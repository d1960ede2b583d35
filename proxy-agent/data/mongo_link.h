#ifndef PROXY_AGENT_DATA_MONGO_LINK_H
#define PROXY_AGENT_DATA_MONGO_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/data/mongo_choice.h"
#include "proxy-agent/source/account.h"

/*
 * mongo_link: a session with one MongoDB server by libmongoc, which reads and
 * knows nothing else; other members of a set are never connected to.
 *
 * Owner:   mongo_link_close() takes NULL.
 * Threads: one at a time.
 * Errors:  ST_DENIED sign-in or rights, ST_CLOSED the connection is gone,
 *          ST_IO what else the server says; mongo_link_trouble() has words.
 */
struct mongo_link;
struct mongo_cursor;

/* `source`: the database that knows the user. */
NODISCARD enum status mongo_link_open(const struct account *a, bool tls,
				      const char *source,
				      struct mongo_link **out);
void mongo_link_close(struct mongo_link *m);
const char *mongo_link_trouble(const struct mongo_link *m);

enum mongo_kind { MONGO_COLLECTION, MONGO_VIEW, MONGO_SERIES };
typedef enum status mongo_name(void *arg, const char *name,
			       enum mongo_kind kind);
NODISCARD enum status mongo_link_bases(struct mongo_link *m, mongo_name *each,
				       void *arg);
NODISCARD enum status mongo_link_collections(struct mongo_link *m,
					     const char *base, mongo_name *each,
					     void *arg);

/* Documents, as the server counts them by itself. */
NODISCARD enum status mongo_link_count(struct mongo_link *m, const char *base,
				       const char *collection, uint64_t *count);

/*
 * Documents, by_id in the order of their _id, behind the one with the _id of
 * `behind` (a document, or empty); else in an order of its own, from the start
 * only. The fields that are told are asked for, or all but these.
 */
struct mongo_find {
	const char *base, *collection;
	bool by_id;
	struct span behind;
	struct mongo_told told;
};
NODISCARD enum status mongo_cursor_open(struct mongo_link *m,
					const struct mongo_find *f,
					struct mongo_cursor **out);

/* The pieces of a file (GridFS) in their order: `of` is its document. */
NODISCARD enum status mongo_cursor_pieces(struct mongo_link *m,
					  const char *base,
					  const char *collection,
					  struct span of,
					  struct mongo_cursor **out);

/* ST_EOF behind the last; good until the next call. */
NODISCARD enum status mongo_cursor_next(struct mongo_cursor *c,
					struct span *document);
void mongo_cursor_close(struct mongo_cursor *c);

#endif
