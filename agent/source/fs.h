#ifndef AGENT_SOURCE_FS_H
#define AGENT_SOURCE_FS_H

#include "source/source.h"

/*
 * fs: files of this host. Folders are walked depth first, names in bytewise
 * order; links inside are not followed, special files are not opened, pseudo
 * file systems are entered only when the target itself lies in one.
 */
extern const struct source_ops fs_source;

#endif
