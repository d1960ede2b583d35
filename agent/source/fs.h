#ifndef AGENT_SOURCE_FS_H
#define AGENT_SOURCE_FS_H

#include "source/source.h"

/*
 * fs: files of this host. Folders are walked depth first, names in bytewise
 * order; links inside are not followed, special files are not opened. Of the
 * file systems that are mounted below those of disks are entered, others with
 * the option mounts=yes, pseudo ones only when the target itself lies in one.
 */
extern const struct source_ops fs_source;

#endif
