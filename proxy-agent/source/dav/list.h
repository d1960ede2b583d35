#ifndef PROXY_AGENT_SOURCE_DAV_LIST_H
#define PROXY_AGENT_SOURCE_DAV_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/status.h"

/*
 * dav_list: what a server of WebDAV says that a folder holds: the answer to
 * PROPFIND of depth 1, read as it comes, in bytewise order of the paths.
 *
 * Owner:  dav_list_fini(); spans of entries live until the next read.
 * Limits: DAV_BYTES for all names of one folder, then ST_LIMIT.
 */
#define DAV_BYTES (48u << 20)

struct dav_entry {
	struct span path; /* from the root of the server, decoded; folders
			     end in "/" */
	uint64_t size;
	int64_t mtime;
	struct span etag; /* a strong one, or empty */
	struct span detail;
	uint8_t reason; /* enum cover_reason */
	bool folder;
	bool sized; /* the server said how large it is */
};

struct dav_reader;

struct dav_list {
	struct arena names;
	struct dav_entry *entries;
	size_t count, room;
	struct dav_reader *reader; /* between begin and end */
	bool is_folder; /* what was asked for; else it is the one entry */
};

void dav_list_init(struct dav_list *l);
void dav_list_fini(struct dav_list *l);

/*
 * A new list: begin, feed as it comes, end. The decoded path of the folder that
 * is asked for must live until the end, which gives the first trouble or `st`.
 * ST_MALFORMED: it is no answer of WebDAV. Whatever failed, the list is empty.
 */
NODISCARD enum status dav_list_begin(struct dav_list *l, struct span path);
NODISCARD enum status dav_list_feed(struct dav_list *l, struct span xml,
				    bool last);
NODISCARD enum status dav_list_end(struct dav_list *l, enum status st);

#endif
