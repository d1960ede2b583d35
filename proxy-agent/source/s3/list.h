#ifndef PROXY_AGENT_SOURCE_S3_LIST_H
#define PROXY_AGENT_SOURCE_S3_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * s3_list: what a store like S3 answers with: a page of objects, of versions or
 * of common prefixes, and errors. Keys are given as they are, however the list
 * writes them.
 *
 * Source: ListObjectsV2 and ListObjectVersions of the API of S3, 2006-03-01.
 */
#define S3_NAME_MAX 256
#define S3_KEY_MAX  4096 /* 1,024 bytes, each escaped */

struct s3_entry {
	struct span key;
	struct span version; /* or empty */
	struct span etag;    /* or empty */
	uint64_t size;
	int64_t mtime; /* seconds; 0: not told */
	bool folder;   /* what stands before a delimiter */
	bool deleted;  /* a marker of a deletion, no object */
	bool archived; /* to be restored before it can be read */
};

struct s3_page {
	size_t count;        /* of all that stands in it */
	bool truncated;      /* there is one more: */
	struct buf token;    /* of objects */
	struct buf next_key; /* of versions: behind this one */
	struct buf next_version;
	struct buf last_key, last_version; /* of the last entry */
	struct buf code, region; /* of an error: where the bucket lies */
};

void s3_page_init(struct s3_page *p);
void s3_page_fini(struct s3_page *p);

/*
 * Each of a list, in its order; what the page held before is forgotten. Ends
 * with what take() says when that is not ST_OK. ST_MALFORMED, ST_LIMIT.
 */
NODISCARD enum status
s3_page_read(struct s3_page *p, struct span xml,
	     enum status (*take)(void *arg, const struct s3_entry *e),
	     void *arg);

/* The answer to what was refused: code and region, as far as they are told. */
NODISCARD enum status s3_page_error(struct s3_page *p, struct span xml);

#endif
