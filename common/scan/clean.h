#ifndef SCAN_CLEAN_H
#define SCAN_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/status.h"

/*
 * clean: versions of objects that an earlier scan read in full and found
 * nothing in. The next scan of the same order need not read them again; what
 * held something is always read, so that findings are those of a whole scan.
 *
 * A version is what the source calls one (source.h): for a file its inode,
 * size and times. What is kept of it and of its path is a keyed digest
 * (SipHash-2-4, 128 bits; the key is random and lies in the file): a file of
 * them tells nobody what was there.
 *
 * Layout: struct clean_head, then digests in ascending order, CLEAN_SIZE each.
 * Limits: CLEAN_MAX objects; further ones are read again.
 * Owner:  clean_close() takes NULL. One thread.
 */
#define CLEAN_NAME "clean-"           /* begins its file's name */
#define CLEAN_SIZE 16                 /* bytes of a digest */
#define CLEAN_MAX  (4u * 1024 * 1024) /* objects; 64 MiB */
#define CLEAN_HOW  32                 /* bytes of what the scan was like */
#define CLEAN_DAYS 100                /* without use, then it is removed */

/* What earlier scans found, mapped read-only. All zero: nothing. */
struct clean_known {
	const uint8_t *base;
	size_t bytes, count;
};

/* fd stays the caller's. ST_MALFORMED: not such a file. */
NODISCARD enum status clean_map(int fd, struct clean_known *out);
void clean_unmap(struct clean_known *k);
void clean_digest(const struct clean_known *k, struct span path,
		  struct span version, uint8_t out[CLEAN_SIZE]);
bool clean_has(const struct clean_known *k, const uint8_t digest[CLEAN_SIZE]);

struct clean;

/* The file for scans like `how` in this folder; made when it is missing. */
NODISCARD enum status clean_open(const char *folder,
				 const uint8_t how[CLEAN_HOW],
				 struct clean **out);
void clean_close(struct clean *c);
int clean_fd(const struct clean *c); /* for clean_map(); stays ours */
const char *clean_path(const struct clean *c);
/* Read in full now, and nothing was in it. */
void clean_add(struct clean *c, const uint8_t digest[CLEAN_SIZE]);
/* The new file. Not whole: what was known before stays known. */
NODISCARD enum status clean_save(struct clean *c, bool whole);

#endif
