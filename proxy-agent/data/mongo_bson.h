#ifndef PROXY_AGENT_DATA_MONGO_BSON_H
#define PROXY_AGENT_DATA_MONGO_BSON_H

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * mongo_bson: a document (BSON 1.1) in the form of model/fields.h: a record
 * with its _id for a key, fields with the way to them for a name:
 * "address.cards[2].number".
 *
 * Ids, times of replication, true, false and nothing hold no content and are
 * left out; numbers and dates are text as people read them.
 * Errors: ST_MALFORMED it is none; ST_LIMIT it does not fit, or is deeper than
 *         MONGO_DEPTH.
 */
#define MONGO_DEPTH 200

NODISCARD enum status mongo_bson_put(struct buf *to, struct span document);

/* Of its fields those that are wanted: ask() is told the way to one without the
 * numbers of lists, unless all around it is taken or passed over. */
enum mongo_wish {
	MONGO_PASS,  /* with all that stands below */
	MONGO_ENTER, /* not itself; perhaps something below */
	MONGO_TAKE,  /* and what stands below, but what is passed over */
};
typedef enum mongo_wish mongo_ask(void *arg, struct span way);
NODISCARD enum status mongo_bson_put_some(struct buf *to, struct span document,
					  mongo_ask *ask, void *arg);

/* Its _id as people write it: 42, ObjectId(...), a text; added with a NUL. */
NODISCARD enum status mongo_bson_key(struct buf *to, struct span document);

/* The bytes of a field at the top of it, a text or binary; ST_NOTFOUND. */
NODISCARD enum status mongo_bson_bytes(struct span document, const char *name,
				       struct span *bytes);

#endif
