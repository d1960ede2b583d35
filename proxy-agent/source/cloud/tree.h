#ifndef PROXY_AGENT_SOURCE_CLOUD_TREE_H
#define PROXY_AGENT_SOURCE_CLOUD_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/bucket/bucket.h"
#include "proxy-agent/source/turns.h"
#include "source/filter.h"
#include "source/source.h"

/*
 * tree: the way through what a cloud shows as containers within containers:
 * people, drives, sites, folders, mailboxes. A container has lists (`parts`),
 * which come in pages; what is no container is given while its page is at hand,
 * containers are entered when all lists of theirs were read, in the order of
 * their ids, which no renaming changes. It feeds a bucket.
 *
 * The target's path is matched by names on the way down. A name that another
 * object beside it may have, too, has its id behind it: "Inbox/Hello?id=AAMk".
 *
 * The cursor holds the ids down to the last object. When that was deleted, as
 * many objects as were given before it are left out instead.
 *
 * A container that lies in itself is named and not entered; a list whose pages
 * lead in a circle is told as one that cannot be read.
 *
 * Limits: TREE_DEPTH levels; TREE_BYTES of ids and names of containers that
 * are still to be entered, of one level.
 */
#define TREE_DEPTH 48
#define TREE_BYTES (16u << 20)

#define TREE_FILE 0 /* no container; kinds of containers begin with 1 */

struct tree;

struct tree_entry {
	unsigned kind;
	struct span id, name;
	struct span url, post; /* to get it, as struct bucket_entry has them */
	uint64_t size;
	int64_t mtime;
	/* Other content has another; empty: a rescan reads it again. */
	struct span version;
	uint8_t reason;     /* enum cover_reason */
	const char *detail; /* a constant */
	bool unsized;
	bool alike; /* others may have its name: its id is shown */
	bool whole; /* slashes in its name stand for levels */
};

/* A container, and where in it we are. */
struct tree_place {
	unsigned kind;
	struct span id;
	unsigned part;
	struct span next; /* what the last page said of the next; or empty */
	/* The one entry that the target names in it; empty: all are wanted. */
	struct span want;
	bool browse;
};

struct tree_ops {
	/*
	 * One page of a list: tree_add() for each entry, then tree_turn() with
	 * what leads to the next page; else the list ends here. ST_MALFORMED
	 * behind tree_turn(): a part of this page could not be read.
	 * ST_DENIED, ST_NOTFOUND, ST_MALFORMED, ST_LIMIT: this list cannot be;
	 * anything else: nothing can.
	 */
	enum status (*page)(void *arg, const struct tree_place *p);
	unsigned (*parts)(void *arg, unsigned kind);
	void *arg;
};

struct tree_level {
	unsigned kind;
	struct buf id, next;
	struct turns turns;
	size_t path;  /* bytes of the tree's path that are before its name */
	size_t names; /* of the target's path: that were matched above it */
	unsigned part;
	uint64_t index; /* objects of this part that were given */
	struct arena memory;
	struct tree_folder *folders; /* newest first; then an array */
	struct tree_folder **order;
	size_t count, at;
	bool sorted;
	bool mute; /* resumed: its objects were given before */
	bool told; /* that this list is not sound */
};

struct tree {
	struct tree_ops ops;
	struct bucket *bucket; /* while a page is read */
	struct filter filter;
	struct buf path; /* of the innermost container */
	struct buf root; /* of it: scheme and host */
	struct buf want; /* names of the target, a NUL behind each */
	struct buf want_id;
	size_t want_count, below; /* below: bytes of path of the target */
	bool browse;
	bool matched; /* the target was found */
	bool begun;   /* a page came */
	struct tree_level levels[TREE_DEPTH];
	size_t depth;
	struct buf cursor; /* that is resumed; or empty */
	size_t resume_at;  /* in it: the next id */
	unsigned skip_part;
	uint64_t skip_index;
	struct buf skip_id;
	bool skipping, by_index;
	/* Whether the lists at hand are in the order of a mirror, and whether
	 * those were that the cursor was made in: each order has its own. */
	bool mirrored, was_mirrored;
	enum status st; /* of tree_add() */
	size_t seen;    /* entries of the page, wanted or not */
	bool torn;      /* an entry had an id that is none */
};

/*
 * root: "onedrive://host"; path: of the target, encoded; id: that its query
 * names, or empty. joined: so many names at its beginning are one.
 */
struct tree_target {
	struct span root, path, id, cursor;
	size_t joined;
	struct filter filter;
	bool browse;
};

NODISCARD enum status tree_open(struct tree *t, const struct tree_ops *ops,
				const struct tree_target *target);
/* The outermost container. */
NODISCARD enum status tree_begin(struct tree *t, unsigned kind, struct span id);
void tree_close(struct tree *t); /* takes a zeroed one */

/* As list() of struct bucket_ops. */
NODISCARD enum status tree_list(struct tree *t, struct bucket *b);

/* Within page(). */
void tree_add(struct tree *t, const struct tree_entry *e);
NODISCARD enum status tree_turn(struct tree *t, struct span next);

/* The target's path led nowhere, and all was looked at. */
bool tree_missed(const struct tree *t);

#endif
