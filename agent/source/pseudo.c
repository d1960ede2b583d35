#include "agent/source/pseudo.h"

#include <linux/magic.h>
#include <stddef.h>
#include <sys/vfs.h>

/* File systems that hold no stored content: their files are made up. */
static const unsigned long pseudo[] = {
    PROC_SUPER_MAGIC,
    SYSFS_MAGIC,
    DEBUGFS_MAGIC,
    TRACEFS_MAGIC,
    SECURITYFS_MAGIC,
    CGROUP_SUPER_MAGIC,
    CGROUP2_SUPER_MAGIC,
    DEVPTS_SUPER_MAGIC,
    BPF_FS_MAGIC,
    PSTOREFS_MAGIC,
    EFIVARFS_MAGIC,
    NSFS_MAGIC,
    SELINUX_MAGIC,
    BINFMTFS_MAGIC,
    AUTOFS_SUPER_MAGIC,
    0x62656570ul /* configfs */,
    0x65735543ul /* fusectl */,
    0x19800202ul /* mqueue */,
    0x67596969ul /* rpc_pipefs */,
};

bool
pseudo_fs(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) != 0)
		return false;
	for (size_t i = 0; i < sizeof(pseudo) / sizeof(pseudo[0]); i++)
		if ((unsigned long)fs.f_type == pseudo[i])
			return true;
	return false;
}
