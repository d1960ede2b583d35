#ifndef PROXY_AGENT_SOURCE_FILES_WALK_H
#define PROXY_AGENT_SOURCE_FILES_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"
#include "proxy-agent/source/files/folders.h"
#include "source/filter.h"
#include "source/source.h"
#include "source/url.h"

/*
 * walk: what those who walk the folders of a server have in common: where they
 * are, how that is written, which files are wanted, and whose turn it is of the
 * objects that were asked for ahead. A source says how its folders are listed
 * and its files are read, and keeps what it asked for.
 *
 * Paths are as the server has them, names with a slash between.
 *
 * Owner:  walk_init() first; walk_fini() ends any, also one that is all zero.
 * Limits: WALK_PATH bytes of a path: FOLDERS_DEPTH names and more.
 */
#define WALK_PATH (80 * 1024)

struct walk {
	struct folders folders;
	struct filter filter;
	const struct source_known *known; /* versions are wanted; or NULL */
	struct buf root;                  /* of what people see: "nfs://host" */
	struct buf shown;                 /* what they see of one object */
	struct buf path;                  /* where the walk is */
	size_t base;                      /* length of the target's own path */
	bool single;                      /* the target is one object */
	bool browse;
};

/* The filter and the rest of a target; says what is wrong in t->why. */
NODISCARD enum status walk_init(struct walk *w, const struct source_target *t);
void walk_fini(struct walk *w);

/* What stands before each path; `tail` behind the host, "/" where paths have
 * none of their own. */
NODISCARD enum status walk_root(struct walk *w, const struct url *u,
				const char *tail);

/* The path becomes its first `len` bytes, a slash and the name. */
void walk_to(struct walk *w, size_t len, struct span name);

/* The walk's path below the target, as a filter wants it. */
struct span walk_below(const struct walk *w);

/* A path as people see it, good until the next; an address of its own. */
struct span walk_show(struct walk *w, const struct buf *path);

/* The path of an object below the target, as a position behind it. */
NODISCARD enum status walk_cursor(const struct walk *w, const struct buf *path,
				  struct buf *to);

/* Without its server, or memory, there is nothing to go on with: the program
 * ends and is started again where it was. */
void walk_need(enum status st);

/* ---- objects that were asked for before their turn -------------------------
 * A ring of places in an array of the caller: the first is the one at hand.
 */
struct ring {
	size_t first, count, room;
	bool at_hand; /* next() has given the first */
};

/* The place of the i-th. */
static inline size_t
ring_at(const struct ring *r, size_t i)
{
	return (r->first + i) % r->room;
}

/* The place of one more, which must fit. */
size_t ring_add(struct ring *r);
void ring_drop(struct ring *r);

#endif
