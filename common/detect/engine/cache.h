#ifndef DETECT_ENGINE_CACHE_H
#define DETECT_ENGINE_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include <hs/hs.h>

/*
 * engine_cache: a compiled database in a file, bound to what it was made from
 * by a key. A file that is foreign, damaged or open to others counts as none.
 */

/* FNV-1a, to put a key together. */
#define ENGINE_CACHE_SEED UINT64_C(0xcbf29ce484222325)
uint64_t engine_cache_mix(uint64_t h, const void *p, size_t n);
/* The library and the processor. */
uint64_t engine_cache_machine(uint64_t h);

/* NULL when there is none. */
hs_database_t *engine_cache_load(const char *path, uint64_t key);
/* By rename; that it cannot be written is no failure. */
void engine_cache_save(const char *path, uint64_t key, const hs_database_t *db);

#endif
