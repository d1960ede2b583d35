#ifndef PROXY_AGENT_SOURCE_AZURE_BLOBS_H
#define PROXY_AGENT_SOURCE_AZURE_BLOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * azure_blobs: the lists that Azure Storage answers with: containers, blobs,
 * queues, and the messages of a queue.
 */
struct azure_blob {
	struct span name;     /* of a message: its id */
	struct span snapshot; /* when it is one; or empty */
	struct span version;  /* or empty */
	struct span etag;     /* or empty */
	struct span text;     /* of a message */
	uint64_t size;
	int64_t mtime; /* of a message: when it was put there */
	bool current;  /* of its versions */
	bool folder;   /* what stands before a delimiter */
	bool archived;
};

struct azure_page {
	struct buf name, snapshot, version, stamp, etag, tier, kind, text;
	struct buf next; /* marker of the next page; empty: this was the last */
	size_t count;    /* of all that stands in it */
	uint64_t size;
	bool current;
};

void azure_page_init(struct azure_page *p);
void azure_page_fini(struct azure_page *p);

/*
 * Each of a page, in its order; folders of a hierarchy are left out. Ends with
 * what take() says when that is not ST_OK. ST_MALFORMED.
 */
NODISCARD enum status
azure_page_read(struct azure_page *p, struct span xml,
		enum status (*take)(void *arg, const struct azure_blob *e),
		void *arg);

#endif
