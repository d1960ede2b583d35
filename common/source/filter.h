#ifndef SOURCE_FILTER_H
#define SOURCE_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "source/pairs.h"

/*
 * filter: which files of a target are wanted, by its options: the same words
 * for every source of files. What is not wanted is no object of the scan.
 *
 *   include, exclude   globs with commas between (base/glob.h), tried on the
 *                      path below the target; a folder that is excluded is not
 *                      entered
 *   max_size           "10MiB"; larger files are left out
 *   newer, older       "7d": changed within, or before, that time
 *
 * Owner: borrows the options.
 */
struct filter {
	struct span include, exclude; /* empty: all, none */
	uint64_t max_size;
	int64_t since, until; /* seconds since 1970 */
};

/* The name of an option that cannot be read is in *bad; else it is empty. */
struct filter filter_of(struct pairs options, int64_t now, struct span *bad);

/* path: below the target, without a slash before it. mtime 0: not known. */
bool filter_takes(const struct filter *f, struct span path, uint64_t size,
		  int64_t mtime);
bool filter_enters(const struct filter *f, struct span path);

#endif
