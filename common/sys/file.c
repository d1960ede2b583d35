#include "sys/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/str.h"

enum status
file_read_all(int fd, void *dst, size_t n, size_t *got)
{
	size_t have = 0;

	while (have < n) {
		ssize_t r = read(fd, (uint8_t *)dst + have, n - have);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return status_of_errno(errno);
		if (r == 0)
			break;
		have += (size_t)r;
	}
	*got = have;
	return ST_OK;
}

enum status
file_write_all(int fd, struct span data)
{
	while (data.len > 0) {
		ssize_t n = write(fd, data.ptr, data.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return status_of_errno(errno);
		data = span_skip(data, (size_t)n);
	}
	return ST_OK;
}

static enum status
read_rest(int fd, struct buf *to)
{
	for (;;) {
		size_t left = to->cap - to->len, got = 0;
		size_t step = left < 65536 ? left : 65536;
		uint8_t past;
		enum status st;

		if (step == 0) { /* full: one more byte is too much */
			st = file_read_all(fd, &past, 1, &got);
			return st == ST_OK && got > 0 ? ST_LIMIT : st;
		}
		st = buf_reserve(to, step);
		if (st == ST_OK)
			st = file_read_all(fd, to->data + to->len, step, &got);
		if (st != ST_OK)
			return st;
		to->len += got;
		if (got < step)
			return ST_OK;
	}
}

enum status
file_read(const char *path, struct buf *to)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat sb;
	enum status st;

	if (fd < 0)
		return status_of_errno(errno);
	if (fstat(fd, &sb) != 0)
		st = status_of_errno(errno);
	else if (!S_ISREG(sb.st_mode))
		st = ST_UNSUPPORTED;
	else
		st = read_rest(fd, to);
	close(fd);
	return st;
}

/* The folder of path, open, and the name in it. */
static enum status
open_parent(const char *path, int *dir, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *parent;

	if (slash == NULL)
		parent = strdup(".");
	else if (slash == path)
		parent = strdup("/");
	else
		parent = strndup(path, (size_t)(slash - path));
	if (parent == NULL)
		return ST_NOMEM;
	*name = slash == NULL ? path : slash + 1;
	*dir = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(parent);
	return *dir < 0 ? status_of_errno(errno) : ST_OK;
}

static enum status
write_new(int dir, const char *name, struct span data, mode_t mode, bool sync)
{
	int fd =
	    openat(dir, name,
		   O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	enum status st;

	if (fd < 0)
		return status_of_errno(errno);
	st = file_write_all(fd, data);
	/* The mode asked for, whatever umask says. */
	if (st == ST_OK && (fchmod(fd, mode) != 0 || (sync && fsync(fd) != 0)))
		st = status_of_errno(errno);
	if (close(fd) != 0 && st == ST_OK)
		st = status_of_errno(errno);
	return st;
}

static enum status
replace(const char *path, struct span data, mode_t mode, bool sync)
{
	uint8_t random[8];
	char beside[32] = ".new-";
	const char *name;
	int dir;
	enum status st = open_parent(path, &dir, &name);

	if (st != ST_OK)
		return st;
	st = ST_IO;
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		goto out;
	codec_hex(span_of(random, sizeof(random)), beside + 5);
	st = write_new(dir, beside, data, mode, sync);
	if (st == ST_OK && renameat(dir, beside, dir, name) != 0)
		st = status_of_errno(errno);
	if (st == ST_OK && sync && fsync(dir) != 0)
		st = status_of_errno(errno);
	if (st != ST_OK)
		(void)unlinkat(dir, beside, 0); /* gone already after rename */
out:
	close(dir);
	return st;
}

enum status
file_replace(const char *path, struct span data, mode_t mode)
{
	return replace(path, data, mode, true);
}

enum status
file_refresh(const char *path, struct span data, mode_t mode)
{
	return replace(path, data, mode, false);
}

static enum status
make_parents(char *path)
{
	for (char *at = strchr(path + 1, '/'); at != NULL;
	     at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(path, 0755) != 0 && errno != EEXIST) {
			*at = '/';
			return status_of_errno(errno);
		}
		*at = '/';
	}
	return ST_OK;
}

/* Ours, root's or the owner's, and nobody else may write. */
static enum status
check_private(const char *path, mode_t mode, uid_t owner)
{
	struct stat sb;

	if (lstat(path, &sb) != 0)
		return status_of_errno(errno);
	if (!S_ISDIR(sb.st_mode))
		return ST_EXISTS;
	if ((sb.st_uid != geteuid() && sb.st_uid != 0 && sb.st_uid != owner) ||
	    (sb.st_mode & 022 & ~mode) != 0)
		return ST_DENIED;
	return ST_OK;
}

/* A copy that does not end with a slash. */
static char *
without_slashes(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return strndup(path, n);
}

/* Made with this mode, whatever umask says, or checked when it is there. */
static enum status
make_private(char *path, mode_t mode, uid_t owner)
{
	enum status st = make_parents(path);

	if (st != ST_OK)
		return st;
	if (mkdir(path, mode) == 0)
		return chmod(path, mode) == 0 ? ST_OK : status_of_errno(errno);
	return errno == EEXIST ? check_private(path, mode, owner)
			       : status_of_errno(errno);
}

enum status
file_private_dir_of(const char *path, mode_t mode, uid_t owner, gid_t group)
{
	char *copy = without_slashes(path);
	struct stat sb;
	enum status st;

	if (copy == NULL)
		return ST_NOMEM;
	st = make_private(copy, mode, owner);
	if (st == ST_OK && lstat(copy, &sb) != 0)
		st = status_of_errno(errno);
	if (st == ST_OK && (sb.st_uid != owner || sb.st_gid != group) &&
	    geteuid() == 0 && lchown(copy, owner, group) != 0)
		st = status_of_errno(errno);
	free(copy);
	return st;
}

enum status
file_private_dir(const char *path, mode_t mode)
{
	char *copy = without_slashes(path);
	enum status st;

	if (copy == NULL)
		return ST_NOMEM;
	st = make_private(copy, mode, geteuid());
	free(copy);
	return st;
}

bool
file_exists(const char *path)
{
	struct stat sb;

	return lstat(path, &sb) == 0;
}

enum status
file_join(char *dst, size_t room, const char *dir, const char *name)
{
	const char *between = str_ends(span_str(dir), "/") ? "" : "/";
	int n = snprintf(dst, room, "%s%s%s", dir, between, name);

	return n < 0 || (size_t)n >= room ? ST_LIMIT : ST_OK;
}

/*
 * One descriptor a level; what lies deeper is moved up to the root of the tree
 * and removed in the next round.
 */
#define TREE_LEVELS 64

struct tree {
	int root;
	unsigned names; /* given to folders that were moved up, ever */
};

static enum status empty_dir(struct tree *t, int dir, unsigned levels);

static enum status
move_up(struct tree *t, int dir, const char *name)
{
	char up[32];

	(void)snprintf(up, sizeof(up), ".deep-%u", t->names++);
	return renameat(dir, name, t->root, up) == 0 ? ST_OK
						     : status_of_errno(errno);
}

/* A name that unlink() would not take. */
static enum status
remove_dir(struct tree *t, int dir, const char *name, unsigned levels)
{
	enum status st;
	int sub;

	if (unlinkat(dir, name, AT_REMOVEDIR) == 0)
		return ST_OK;
	if (levels == 0)
		return move_up(t, dir, name);
	sub =
	    openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (sub < 0)
		return status_of_errno(errno);
	st = empty_dir(t, sub, levels - 1);
	if (st == ST_OK && unlinkat(dir, name, AT_REMOVEDIR) != 0)
		st = status_of_errno(errno);
	return st;
}

/* Empties the folder; closes dir. */
static enum status
empty_dir(struct tree *t, int dir, unsigned levels)
{
	DIR *d = fdopendir(dir);
	const struct dirent *e;
	enum status st = ST_OK;

	if (d == NULL) {
		close(dir);
		return ST_NOMEM;
	}
	while (st == ST_OK && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(dir, e->d_name, 0) == 0 || errno == ENOENT)
			continue;
		st = remove_dir(t, dir, e->d_name, levels);
	}
	closedir(d);
	return st;
}

enum status
file_remove_tree(const char *path)
{
	struct tree t = {.root = open(path, O_RDONLY | O_DIRECTORY |
						O_NOFOLLOW | O_CLOEXEC)};
	enum status st = ST_OK;

	if (t.root < 0)
		return status_of_errno(errno);
	while (st == ST_OK) {
		/* Its own descriptor a round: closedir() takes it along. */
		int dir =
		    openat(t.root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		unsigned before = t.names;

		st = dir < 0 ? status_of_errno(errno)
			     : empty_dir(&t, dir, TREE_LEVELS);
		if (t.names == before)
			break; /* nothing was moved: it is empty */
	}
	close(t.root);
	if (st == ST_OK && rmdir(path) != 0)
		st = status_of_errno(errno);
	return st;
}

enum status
file_space(const char *path, uint64_t *free_bytes, uint64_t *total_bytes)
{
	struct statvfs v;

	if (statvfs(path, &v) != 0)
		return status_of_errno(errno);
	*free_bytes = (uint64_t)v.f_bavail * v.f_frsize;
	*total_bytes = (uint64_t)v.f_blocks * v.f_frsize;
	return ST_OK;
}
