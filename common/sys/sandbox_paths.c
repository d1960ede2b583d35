#include "sys/sandbox_paths.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FS_EXECUTE    (UINT64_C(1) << 0)
#define FS_WRITE_FILE (UINT64_C(1) << 1)
#define FS_READ_FILE  (UINT64_C(1) << 2)
#define FS_READ_DIR   (UINT64_C(1) << 3)
#define FS_ALL_ABI1   ((UINT64_C(1) << 13) - 1)
#define FS_REFER      (UINT64_C(1) << 13) /* ABI 2 */
#define FS_TRUNCATE   (UINT64_C(1) << 14) /* ABI 3 */
#define FS_OF_A_FILE  (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE)
#define FS_READ       (FS_READ_FILE | FS_READ_DIR)

static uint64_t
known_rights(int abi)
{
	uint64_t all = FS_ALL_ABI1;

	if (abi >= 2)
		all |= FS_REFER;
	if (abi >= 3)
		all |= FS_TRUNCATE;
	return all;
}

static enum status
allow_path(int ruleset, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = rights};
	struct stat sb;
	enum status st = ST_OK;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return errno == ENOENT ? ST_OK : status_of_errno(errno);
	if (fstat(rule.parent_fd, &sb) != 0)
		st = status_of_errno(errno);
	else if (!S_ISDIR(sb.st_mode))
		rule.allowed_access &= FS_OF_A_FILE;
	if (st == ST_OK && syscall(SYS_landlock_add_rule, ruleset,
				   LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
		st = status_of_errno(errno);
	close(rule.parent_fd);
	return st;
}

static enum status
allow_paths(int ruleset, const char *const *paths, size_t n, uint64_t rights)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < n; i++)
		st = allow_path(ruleset, paths[i], rights);
	return st;
}

/*
 * Who may read everywhere is not asked on every open, which costs a walk up to
 * the root each time; what writes stays asked for. Each open asks for the right
 * to truncate, too, so who only reads is not asked for that either: seccomp
 * refuses it all three ways to do so.
 */
static uint64_t
asked_rights(const struct sandbox_paths *p, bool only_reads, int abi)
{
	uint64_t all = known_rights(abi);

	for (size_t i = 0; p != NULL && i < p->read_count; i++)
		if (p->read[i] != NULL && strcmp(p->read[i], "/") == 0)
			all &= ~(FS_READ | (only_reads ? FS_TRUNCATE : 0));
	return all;
}

enum status
sandbox_paths_enter(const struct sandbox_paths *p, bool only_reads,
		    int *abi_out)
{
	struct landlock_ruleset_attr attr = {0};
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);
	uint64_t all;
	enum status st = ST_OK;
	int ruleset;

	*abi_out = abi < 0 ? 0 : abi;
	if (abi < 1)
		return ST_OK; /* the kernel has none, or it is switched off */
	all = asked_rights(p, only_reads, abi);
	attr.handled_access_fs = all;
	ruleset =
	    (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (ruleset < 0)
		return status_of_errno(errno);
	if (p != NULL) {
		st = (all & FS_READ) == 0 ? ST_OK
					  : allow_paths(ruleset, p->read,
							p->read_count, FS_READ);
		if (st == ST_OK)
			st = allow_paths(ruleset, p->write, p->write_count,
					 all & ~FS_EXECUTE);
		if (st == ST_OK)
			st = allow_paths(ruleset, p->exec, p->exec_count,
					 all & (FS_READ | FS_EXECUTE));
	}
	if (st == ST_OK && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		st = status_of_errno(errno);
	close(ruleset);
	return st;
}
