#ifndef SYS_FILE_H
#define SYS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/span.h"
#include "base/status.h"

/*
 * file: small files of our own (settings, keys, state), whole and safe.
 *
 * Links are never followed in the last part of a path. ST_NOTFOUND, ST_DENIED,
 * ST_FULL, ST_IO as the kernel says.
 */

/* Behind what is in *to; ST_LIMIT when it is larger than the buf's cap. */
NODISCARD enum status file_read(const char *path, struct buf *to);

/*
 * The new content or the old one, never half, also after a power cut: written
 * beside, fsync, rename, fsync of the folder.
 */
NODISCARD enum status file_replace(const char *path, struct span data,
				   mode_t mode);
/* The same for what a power cut may take: no disk is made to write for it. */
NODISCARD enum status file_refresh(const char *path, struct span data,
				   mode_t mode);

/*
 * Make a folder with its parents (0755) and this mode, or accept one that is
 * there. ST_DENIED when it belongs to somebody else (neither us nor root) or
 * others could write to it.
 */
NODISCARD enum status file_private_dir(const char *path, mode_t mode);

/*
 * The same for a folder that is, or becomes, owner's: what root makes for the
 * user that a program drops to.
 */
NODISCARD enum status file_private_dir_of(const char *path, mode_t mode,
					  uid_t owner, gid_t group);

/* Write all, going on after short writes and signals. */
NODISCARD enum status file_write_all(int fd, struct span data);

/* Up to n bytes; *got is less only at the end. */
NODISCARD enum status file_read_all(int fd, void *dst, size_t n, size_t *got);

bool file_exists(const char *path);

/* dir + "/" + name into dst; ST_LIMIT when it does not fit. */
NODISCARD enum status file_join(char *dst, size_t room, const char *dir,
				const char *name);

/* Remove a folder of ours with all in it; links are removed, not followed. */
NODISCARD enum status file_remove_tree(const char *path);

/* Free and total bytes of the file system that holds path. */
NODISCARD enum status file_space(const char *path, uint64_t *free_bytes,
				 uint64_t *total_bytes);

#endif
