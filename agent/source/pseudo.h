#ifndef AGENT_SOURCE_PSEUDO_H
#define AGENT_SOURCE_PSEUDO_H

#include <stdbool.h>

#include "source/mounts.h"

/* pseudo: in what file system a descriptor lies; a disk's when it cannot be
 * told. */
enum mounts_kind pseudo_kind(int fd);

/* Is it one whose files are made up by the kernel (proc, sysfs, ...)? */
bool pseudo_fs(int fd);

#endif
