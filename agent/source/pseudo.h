#ifndef AGENT_SOURCE_PSEUDO_H
#define AGENT_SOURCE_PSEUDO_H

#include <stdbool.h>

/*
 * pseudo: does this descriptor lie in a file system whose files are made up by
 * the kernel (proc, sysfs, ...)? False when it cannot be told.
 */
bool pseudo_fs(int fd);

#endif
