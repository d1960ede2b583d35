#ifndef AGENT_SOURCE_FS_IMPL_H
#define AGENT_SOURCE_FS_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "agent/source/ahead.h"
#include "agent/source/trail.h"
#include "source/mounts.h"
#include "source/source.h"

/*
 * What the files of fs share: `fs_open` begins, `fs` walks, `fs_enter` goes
 * into a folder, `fs_item` says what one file is. One thread.
 */
struct source {
	struct trail trail;
	char *path; /* of the item */
	size_t path_len, path_room;
	size_t root_len; /* of the target's own path, without a slash */
	int fd;          /* of the item, or -1 */
	struct ahead ahead;
	bool count;
	const struct source_known *known; /* NULL: versions are not wanted */
	const struct own *own;
	char version[160];
	bool trickle; /* a pseudo file system, named as the target */
	bool mounts;  /* enter other file systems, too */
	enum mounts_kind left_out; /* why fs_enter() said COVER_MOUNT */
	bool root_pending;         /* the target itself is still to be given */
	struct source_item root_item;
	int root_fd; /* of the target when it is a file */
};

/* fs_item.c: enum cover_reason of an errno; what a stat says; a fresh item of
 * the path; its version; the file of an item, opened unless it is known. */
uint8_t fs_reason(int err);
void fs_fill(struct source_item *item, const struct stat *st);
void fs_start_item(struct source *s, struct source_item *item);
void fs_name_version(struct source *s, const struct stat *st,
		     struct source_item *item);
void fs_open_file(struct source *s, struct level *l, const char *name,
		  struct source_item *item);

/* fs_enter.c: the path of a name below its first `len` bytes; COVER_OK: the
 * walk is inside of it now, else why not. */
enum status fs_set_path(struct source *s, size_t len, const char *name);
uint8_t fs_enter(struct source *s, const char *name);

/* fs_open.c */
enum status fs_open(const struct source_target *t, struct source **out);
void fs_close(struct source *s); /* takes NULL */

#endif
