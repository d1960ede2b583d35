/*
 * The way through a cloud as the files of it share it: `tree` asks for pages,
 * `tree_entry` takes what stands in them, `tree_level` enters and leaves
 * containers, `tree_cursor` says and finds a position. One thread.
 */
#ifndef PROXY_AGENT_SOURCE_CLOUD_TREE_IMPL_H
#define PROXY_AGENT_SOURCE_CLOUD_TREE_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/cloud/tree.h"

#define PATH_CAP   16384
#define NEXT_CAP   (16 * 1024)
#define ID_CAP     2048
#define CURSOR_CAP 8192

struct tree_folder {
	struct tree_folder *next;
	unsigned kind;
	bool whole;
	size_t names; /* of the target's path that it fits */
	struct span id, name;
};

/* The n-th name of the target's path; empty: it has no more. */
struct span tree_want(const struct tree *t, size_t n);
/* A name as it stands in a path: slashes of its own are escaped. */
enum status tree_add_name(struct buf *to, struct span name, bool whole);

/* Into a container; path: bytes of the tree's path before its name. */
enum status tree_push(struct tree *t, unsigned kind, struct span id,
		      size_t path, size_t names);
void tree_pop(struct tree *t);
/* Into the next container of the innermost level, or out of it. */
enum status tree_descend(struct tree *t);

/* Why a container, or a list of it, is not read: an item of its own. */
enum status tree_tell_unread(struct tree *t, enum status st);

/* An id that a cursor can hold. */
bool tree_cursor_fits(struct span s);
/* "PART INDEX\nID\nid of level 1\n...", an "m" before it: in a mirror */
enum status tree_cursor_add(const struct tree *t, struct span id,
			    struct buf *to);
enum status tree_cursor_read(struct tree *t, struct span s);
/* The id of the container to go on in, of the next level; false: this one. */
bool tree_cursor_next(const struct tree *t, struct span *id);

#endif
