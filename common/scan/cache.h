#ifndef SCAN_CACHE_H
#define SCAN_CACHE_H

#include <stddef.h>

#include "base/status.h"

/*
 * cache: where compiled patterns are kept from run to run, in a folder that
 * only we write: $TRAWL_CACHE (an absolute path), /var/cache/trawl for root,
 * else the user's own cache folder. It is made when it is missing. Without one
 * ("" in dst) every run compiles anew.
 */
void cache_file(char *dst, size_t room);

#endif
