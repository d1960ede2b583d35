#include "source/mounts.h"

#include <linux/magic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define FUSE_MAGIC 0x65735546u

/* Types that stand on no disk of the host. magic 0: not told by a number. */
static const struct type {
	const char *name;
	uint32_t magic;
	enum mounts_kind kind;
} types[] = {
    {"proc", PROC_SUPER_MAGIC, MOUNTS_KERNEL},
    {"sysfs", SYSFS_MAGIC, MOUNTS_KERNEL},
    {"debugfs", DEBUGFS_MAGIC, MOUNTS_KERNEL},
    {"tracefs", TRACEFS_MAGIC, MOUNTS_KERNEL},
    {"securityfs", SECURITYFS_MAGIC, MOUNTS_KERNEL},
    {"cgroup", CGROUP_SUPER_MAGIC, MOUNTS_KERNEL},
    {"cgroup2", CGROUP2_SUPER_MAGIC, MOUNTS_KERNEL},
    {"devpts", DEVPTS_SUPER_MAGIC, MOUNTS_KERNEL},
    {"bpf", BPF_FS_MAGIC, MOUNTS_KERNEL},
    {"pstore", PSTOREFS_MAGIC, MOUNTS_KERNEL},
    {"efivarfs", EFIVARFS_MAGIC, MOUNTS_KERNEL},
    {"nsfs", NSFS_MAGIC, MOUNTS_KERNEL},
    {"selinuxfs", SELINUX_MAGIC, MOUNTS_KERNEL},
    {"binfmt_misc", BINFMTFS_MAGIC, MOUNTS_KERNEL},
    {"autofs", AUTOFS_SUPER_MAGIC, MOUNTS_KERNEL},
    {"configfs", 0x62656570, MOUNTS_KERNEL},
    {"fusectl", 0x65735543, MOUNTS_KERNEL},
    {"mqueue", 0x19800202, MOUNTS_KERNEL},
    {"rpc_pipefs", 0x67596969, MOUNTS_KERNEL},
    {"nfsd", 0x6e667364, MOUNTS_KERNEL},
    {"tmpfs", TMPFS_MAGIC, MOUNTS_MEMORY},
    {"devtmpfs", 0, MOUNTS_KERNEL},
    {"ramfs", RAMFS_MAGIC, MOUNTS_MEMORY},
    {"hugetlbfs", HUGETLBFS_MAGIC, MOUNTS_MEMORY},
    {"nfs", NFS_SUPER_MAGIC, MOUNTS_NETWORK},
    {"nfs4", 0, MOUNTS_NETWORK},
    {"cifs", 0xff534d42, MOUNTS_NETWORK},
    {"smb3", 0xfe534d42, MOUNTS_NETWORK},
    {"smbfs", SMB_SUPER_MAGIC, MOUNTS_NETWORK},
    {"ncpfs", NCP_SUPER_MAGIC, MOUNTS_NETWORK},
    {"afs", AFS_SUPER_MAGIC, MOUNTS_NETWORK},
    {"kafs", 0x6b414653, MOUNTS_NETWORK},
    {"coda", CODA_SUPER_MAGIC, MOUNTS_NETWORK},
    {"ceph", 0x00c36400, MOUNTS_NETWORK},
    {"9p", V9FS_MAGIC, MOUNTS_NETWORK},
    {"lustre", 0x0bd00bd0, MOUNTS_NETWORK},
    {"gpfs", 0x47504653, MOUNTS_NETWORK},
    {"pvfs2", 0x20030528, MOUNTS_NETWORK},
    {"beegfs", 0x19830326, MOUNTS_NETWORK},
    {"virtiofs", 0, MOUNTS_NETWORK},
    {"fuse", 0, MOUNTS_PROGRAM},
    {"overlay", OVERLAYFS_SUPER_MAGIC, MOUNTS_LAYERS},
    {"aufs", 0x61756673, MOUNTS_LAYERS},
    {"iso9660", ISOFS_SUPER_MAGIC, MOUNTS_MEDIUM},
    {"udf", UDF_SUPER_MAGIC, MOUNTS_MEDIUM},
};

#define TYPES (sizeof(types) / sizeof(types[0]))

enum mounts_kind
mounts_kind_of(struct span type)
{
	if (str_starts(type, "fuse."))
		return MOUNTS_PROGRAM;
	for (size_t i = 0; i < TYPES; i++)
		if (str_is(type, types[i].name))
			return types[i].kind;
	return MOUNTS_DISK;
}

enum mounts_kind
mounts_kind_by_magic(uint64_t magic, bool has_device)
{
	if (magic == FUSE_MAGIC)
		return has_device ? MOUNTS_DISK : MOUNTS_PROGRAM;
	for (size_t i = 0; i < TYPES && magic != 0; i++)
		if (types[i].magic == magic)
			return types[i].kind;
	return MOUNTS_DISK;
}

bool
mounts_is_medium(struct span path)
{
	return str_starts(path, "/media/") || str_starts(path, "/run/media/");
}

/* A byte of the table, where blanks and backslashes are \040 and so on. */
static uint8_t
unescape(struct span *s)
{
	const uint8_t *p = s->ptr;
	uint8_t c = p[0];
	size_t n = 1;

	if (c == '\\' && s->len > 3 && p[1] >= '0' && p[1] <= '3' &&
	    p[2] >= '0' && p[2] <= '7' && p[3] >= '0' && p[3] <= '7') {
		c = (uint8_t)((p[1] - '0') << 6 | (p[2] - '0') << 3 |
			      (p[3] - '0'));
		n = 4;
	}
	*s = span_skip(*s, n);
	return c;
}

/* How much of `path` a written mount point is: all of it, or the folders above
 * something; SIZE_MAX: it leads elsewhere. */
static size_t
covers(struct span written, struct span path)
{
	size_t i = 0;

	if (str_is(written, "/"))
		return path.len == 1 ? 1 : 0;
	while (written.len > 0)
		if (i == path.len || unescape(&written) != path.ptr[i++])
			return SIZE_MAX;
	return i == path.len || path.ptr[i] == '/' ? i : SIZE_MAX;
}

/* ID PARENT MAJOR:MINOR ROOT WHERE OPTIONS [WORD:VALUE...] - TYPE ... */
static bool
take_line(struct span line, struct mounts_line *out)
{
	struct span word;

	for (int i = 0; i < 6; i++) {
		if (!str_next(&line, ' ', &word))
			return false;
		if (i == 2)
			out->device = word;
		if (i == 4)
			out->where = word;
	}
	while (!str_is(word, "-"))
		if (!str_next(&line, ' ', &word))
			return false;
	if (!str_next(&line, ' ', &word))
		return false;
	out->kind = mounts_kind_of(word);
	return true;
}

bool
mounts_find(struct span table, struct span path, struct mounts_line *out)
{
	struct span line;
	struct mounts_line m;
	bool found = false;

	while (str_next(&table, '\n', &line)) {
		if (!take_line(line, &m) || covers(m.where, path) != path.len)
			continue;
		if (m.kind == MOUNTS_DISK && mounts_is_medium(path))
			m.kind = MOUNTS_MEDIUM;
		*out = m;
		found = true;
	}
	return found;
}

bool
mounts_above(struct span table, struct span path, struct mounts_line *out)
{
	struct span line;
	struct mounts_line m;
	size_t most = 0;
	bool found = false;

	while (str_next(&table, '\n', &line)) {
		size_t n =
		    take_line(line, &m) ? covers(m.where, path) : SIZE_MAX;

		if (n == SIZE_MAX || n < most)
			continue;
		most = n;
		*out = m;
		found = true;
	}
	return found;
}

#define REMEDY ": make it a target of its own, or say mounts=yes"

struct span
mounts_why(enum mounts_kind kind)
{
	static const char *const why[] = {
	    [MOUNTS_DISK] = "",
	    [MOUNTS_KERNEL] = "what is mounted here is made up by the kernel",
	    [MOUNTS_MEMORY] = "what is mounted here is in memory" REMEDY,
	    [MOUNTS_NETWORK] = "what is mounted here is another host's" REMEDY,
	    [MOUNTS_PROGRAM] =
		"what is mounted here comes from a program (FUSE)" REMEDY,
	    [MOUNTS_LAYERS] = "what is mounted here shows folders that stand "
			      "elsewhere on this host" REMEDY,
	    [MOUNTS_MEDIUM] = "what is mounted here can be taken out" REMEDY,
	};

	return span_str(why[kind]);
}
