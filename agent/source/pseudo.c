#include "agent/source/pseudo.h"

#include <stdint.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

enum mounts_kind
pseudo_kind(int fd)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(fd, &fs) != 0 || fstat(fd, &st) != 0)
		return MOUNTS_DISK;
	return mounts_kind_by_magic((uint64_t)(uint32_t)fs.f_type,
				    major(st.st_dev) != 0);
}

bool
pseudo_fs(int fd)
{
	return pseudo_kind(fd) == MOUNTS_KERNEL;
}
