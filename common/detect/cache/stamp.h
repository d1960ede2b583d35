#ifndef DETECT_CACHE_STAMP_H
#define DETECT_CACHE_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * stamp: what files are, in a number that changes when one of them does: names,
 * sizes, times and inodes. Nothing is opened but folders.
 */

/* FNV-1a over n bytes, from STAMP_SEED on. */
#define STAMP_SEED UINT64_C(0xcbf29ce484222325)
uint64_t stamp_mix(uint64_t h, const void *p, size_t n);

/*
 * The files of a folder and of the folders in it. False when one cannot be
 * looked at, or when one changed so lately (STAMP_QUIET seconds) that it could
 * change once more without being told apart.
 */
#define STAMP_QUIET 2
bool stamp_folder(const char *dir, uint64_t *out);

/* One file, however lately it changed: who replaces programs renames them. */
bool stamp_file(const char *path, uint64_t *out);

#endif
