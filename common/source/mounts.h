#ifndef SOURCE_MOUNTS_H
#define SOURCE_MOUNTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/*
 * mounts: which file systems a walk of a Unix host enters. Those on its disks
 * are read; what else is mounted below a target is left out and named, unless
 * the option mounts=yes says otherwise. A type that is not known is a disk's.
 */
enum mounts_kind {
	MOUNTS_DISK,
	MOUNTS_KERNEL,  /* made up: proc, sysfs ... */
	MOUNTS_MEMORY,  /* tmpfs: gone when the host stops */
	MOUNTS_NETWORK, /* another host's */
	MOUNTS_PROGRAM, /* FUSE without a device */
	MOUNTS_LAYERS,  /* what stands elsewhere on this host once more */
	MOUNTS_MEDIUM,  /* a disc, a stick */
};

/* By its name, as a host lists it; "fuse.sshfs" and the like, too. */
enum mounts_kind mounts_kind_of(struct span type);

/* By the number of statfs(); has_device: its st_dev has a major number. */
enum mounts_kind mounts_kind_by_magic(uint64_t magic, bool has_device);

/* Where desktops mount what somebody plugs in. */
bool mounts_is_medium(struct span path);

/* One line of /proc/self/mountinfo. */
struct mounts_line {
	struct span device; /* "8:1" */
	struct span where;  /* as it is written: \040 for a blank */
	enum mounts_kind kind;
};

/* What is mounted at just that path; the last line counts, it lies on top.
 * False: nothing is. */
bool mounts_find(struct span table, struct span path, struct mounts_line *out);

/* On what that path lies: the mount that it, or a folder above it, is. */
bool mounts_above(struct span table, struct span path, struct mounts_line *out);

/* One sentence on why it is left out; empty for a disk. */
struct span mounts_why(enum mounts_kind kind);

#endif
