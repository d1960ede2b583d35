#ifndef PROXY_AGENT_SOURCE_SWIFT_LIST_H
#define PROXY_AGENT_SOURCE_SWIFT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * swift_list: the lists that OpenStack Swift answers with, of the containers
 * of an account, the objects of a container and the segments of a manifest:
 * an array of JSON, a page at a time, its names in bytewise order. An element
 * is read by itself, so that a page takes little more than its bytes.
 *
 * Source: the Object Storage API of OpenStack, version 1.
 */
#define SWIFT_NAME_MAX 4096 /* Swift itself allows 1024 */

struct swift_entry {
	struct span name; /* UTF-8 without a NUL, never empty */
	struct span hash; /* or empty */
	uint64_t size;
	int64_t mtime; /* seconds; 0: not told */
	bool folder;   /* what stands before a delimiter */
	bool marks;    /* an empty object that stands for a folder */
	bool manifest; /* of a static large object */
};

struct swift_page {
	size_t count; /* elements, those left out too */
	size_t bad;   /* of them: no object, or nothing that can be its name */
	const char *why; /* what is wrong; NULL: nothing */
};

/*
 * Each element in its turn; no content at all is an empty list. `marker` is
 * the name behind which the page was asked for, and becomes the last name of
 * it; NULL: the list is no page and has any order. What is bad is counted, said
 * in `why` and passed over; the rest is read. Ends with what take() says when
 * that is not ST_OK.
 *
 * Errors: ST_MALFORMED: no list, or one that does not go on behind the marker,
 *         and never would; ST_LIMIT: an element of more than 64 KiB.
 */
NODISCARD enum status
swift_list_read(struct span body, struct buf *marker, struct swift_page *p,
		enum status (*take)(void *arg, const struct swift_entry *e),
		void *arg);

#endif
