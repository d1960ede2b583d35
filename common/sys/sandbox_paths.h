#ifndef SYS_SANDBOX_PATHS_H
#define SYS_SANDBOX_PATHS_H

#include <stdbool.h>

#include "base/status.h"
#include "sys/sandbox.h"

/*
 * sandbox_paths: the folders that a process keeps, by Landlock. Any other path
 * gives EACCES.
 *
 * paths may be NULL: none. only_reads: its calls leave it no way to change a
 * file. *abi is what the kernel knows, 0 when it has no Landlock, which is no
 * failure.
 */
NODISCARD enum status sandbox_paths_enter(const struct sandbox_paths *paths,
					  bool only_reads, int *abi);

#endif
