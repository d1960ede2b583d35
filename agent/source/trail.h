#ifndef AGENT_SOURCE_TRAIL_H
#define AGENT_SOURCE_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "agent/source/folder.h"
#include "base/status.h"

/*
 * trail: the folders on the way from the target of a walk to where it is, each
 * with its names. However deep it goes, TRAIL_OPEN of them are open: the outer
 * ones are closed and opened again on the way back, by "..".
 *
 * Owner: all zero is an empty trail; trail_fini() ends any.
 */
#define TRAIL_OPEN 96

struct level {
	int fd; /* -1: closed to save descriptors, or lost on the way back */
	dev_t dev;
	ino_t ino;
	struct folder folder;
	size_t at;       /* next entry */
	size_t path_len; /* of the folder's own path */
	int noatime;     /* O_NOATIME while nobody objected */
};

struct trail {
	struct level *levels; /* moves when the trail grows */
	size_t depth, room;
	size_t first_open; /* levels below this have a closed descriptor */
};

void trail_fini(struct trail *t);

static inline struct level *
trail_here(const struct trail *t)
{
	return &t->levels[t->depth - 1];
}

/*
 * Into a folder, whose descriptor the trail owns from here on. On ST_IO the
 * trail is in it with the names that could be read; on ST_NOMEM it may be, too:
 * see depth.
 */
NODISCARD enum status trail_push(struct trail *t, int fd, const struct stat *st,
				 size_t path_len);

/* Out of the innermost folder. The one above has fd -1 when it is not where it
 * was. */
void trail_pop(struct trail *t);

/* Is this folder one of those on the way? */
bool trail_holds(const struct trail *t, const struct stat *st);

/* Open a name of this folder for reading, leaving no trace where we may. */
int level_open(struct level *l, const char *name, int flags);

#endif
