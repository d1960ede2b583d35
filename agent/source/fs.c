#include "agent/source/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/source/pseudo.h"
#include "agent/source/trail.h"
#include "base/clock.h"
#include "base/str.h"

#define OPEN_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)

struct source {
	struct trail trail;
	char *path; /* of the item */
	size_t path_len, path_room;
	size_t root_len; /* of the target's own path, without a slash */
	int fd;          /* of the item, or -1 */
	bool count;
	const struct source_known *known; /* NULL: versions are not wanted */
	const struct own *own;
	char version[160];
	bool trickle; /* a pseudo file system, named as the target */
	bool mounts;  /* enter other file systems, too */
	enum mounts_kind left_out; /* why enter() said COVER_MOUNT */
	bool root_pending;         /* the target itself is still to be given */
	struct source_item root_item;
	int root_fd; /* of the target when it is a file */
};

static uint8_t
reason_of(int err)
{
	static const struct {
		int err;
		uint8_t reason;
	} map[] = {
	    {EACCES, COVER_DENIED},     {EPERM, COVER_DENIED},
	    {ENOENT, COVER_VANISHED},   {ENOTDIR, COVER_VANISHED},
	    {ESTALE, COVER_VANISHED},   {ELOOP, COVER_LINK},
	    {ENXIO, COVER_SPECIAL},     {ENODEV, COVER_SPECIAL},
	    {ENAMETOOLONG, COVER_NAME},
	};

	for (size_t i = 0; i < sizeof(map) / sizeof(map[0]); i++)
		if (map[i].err == err)
			return map[i].reason;
	return COVER_IO;
}

static void
fill(struct source_item *item, const struct stat *st)
{
	item->size = st->st_size < 0 ? 0 : (uint64_t)st->st_size;
	item->mtime = st->st_mtime;
	item->mode = st->st_mode;
	item->uid = st->st_uid;
	item->gid = st->st_gid;
	item->sparse =
	    S_ISREG(st->st_mode) && st->st_blocks < st->st_size / 512;
}

/* The path becomes its first `len` bytes, a slash and the name. */
static enum status
set_path(struct source *s, size_t len, const char *name)
{
	size_t n = strlen(name), need = len + n + 2;

	if (need > s->path_room) {
		char *more = realloc(s->path, need * 2);

		if (more == NULL)
			return ST_NOMEM;
		s->path = more;
		s->path_room = need * 2;
	}
	if (len > 0 && s->path[len - 1] != '/')
		s->path[len++] = '/';
	memcpy(s->path + len, name, n + 1);
	s->path_len = len + n;
	return ST_OK;
}

/* ---- going down and up ----------------------------------------------------
 */

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* What is mounted in a folder that the walk comes to, when it is to be left
 * out; of what the kernel makes up nothing is ever entered. */
static bool
is_left_out(struct source *s, int fd)
{
	s->left_out = pseudo_kind(fd);
	if (s->left_out == MOUNTS_DISK &&
	    mounts_is_medium(span_of(s->path, s->path_len)))
		s->left_out = MOUNTS_MEDIUM;
	return s->left_out == MOUNTS_KERNEL ||
	       (s->left_out != MOUNTS_DISK && !s->mounts);
}

/* COVER_OK: the walk is inside now. Else why not. */
static uint8_t
enter(struct source *s, const char *name)
{
	struct level *l = trail_here(&s->trail);
	int fd = level_open(l, name, O_DIRECTORY);
	struct stat st;

	if (fd < 0)
		return reason_of(errno);
	if (fstat(fd, &st) != 0) {
		close(fd);
		return COVER_IO;
	}
	if (trail_holds(&s->trail, &st)) {
		close(fd);
		return COVER_LOOP;
	}
	if (st.st_dev != l->dev && is_left_out(s, fd)) {
		close(fd);
		return COVER_MOUNT;
	}
	if (own_folder(s->own, &st)) {
		close(fd);
		return COVER_OWN;
	}
	if (trail_push(&s->trail, fd, &st, s->path_len) != ST_OK)
		return COVER_IO; /* what was listed is walked all the same */
	return COVER_OK;
}

/* ---- items -----------------------------------------------------------------
 */

static void
start_item(struct source *s, struct source_item *item)
{
	*item = (struct source_item){
	    .path = span_of(s->path, s->path_len),
	    .reason = COVER_OK,
	    .trickle = s->trickle,
	};
}

/* What was written a moment ago may change once more in that moment. */
#define SETTLED_S 2

/* A file's version is its inode, size and times. */
static void
name_version(struct source *s, const struct stat *st, struct source_item *item)
{
	int n;

	if (!S_ISREG(st->st_mode))
		return;
	fill(item, st);
	if (st->st_ctim.tv_sec + SETTLED_S >= clock_wall_s(clock_system()))
		return;
	n = snprintf(s->version, sizeof(s->version),
		     "%ju %ju %ju %jd.%09ld %jd.%09ld", (uintmax_t)st->st_dev,
		     (uintmax_t)st->st_ino, (uintmax_t)st->st_size,
		     (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
		     (intmax_t)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
	item->version = span_of(s->version, (size_t)n);
}

/* What need not be read need not be opened: its version tells from outside. */
static bool
is_known(struct source *s, const struct level *l, const char *name,
	 struct source_item *item)
{
	struct stat st;

	if (s->known == NULL || s->trickle ||
	    fstatat(l->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	name_version(s, &st, item);
	if (item->version.len > 0 &&
	    s->known->has(s->known->arg, item->path, item->version))
		return true;
	start_item(s, item);
	return false;
}

static void
open_file(struct source *s, struct level *l, const char *name,
	  struct source_item *item)
{
	struct stat st;

	if (s->count) {
		if (fstatat(l->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			fill(item, &st);
		return;
	}
	if (is_known(s, l, name, item))
		return;
	s->fd = level_open(l, name, 0);
	if (s->fd < 0)
		item->reason = reason_of(errno);
}

static unsigned char
type_of(const struct level *l, size_t i)
{
	struct stat st;

	if (l->folder.entries[i].type != DT_UNKNOWN)
		return l->folder.entries[i].type;
	if (fstatat(l->fd, folder_name(&l->folder, i), &st,
		    AT_SYMLINK_NOFOLLOW) != 0)
		return DT_REG; /* opening it will say why */
	return (unsigned char)IFTODT(st.st_mode);
}

/* One entry of a folder: true when it is an item for the caller. */
static bool
step(struct source *s, struct source_item *item)
{
	struct level *l = trail_here(&s->trail);
	size_t i = l->at++;
	const char *name = folder_name(&l->folder, i);
	unsigned char type = type_of(l, i);

	if (set_path(s, l->path_len, name) != ST_OK)
		return false;
	start_item(s, item);
	if (type == DT_DIR) {
		item->reason = enter(s, name);
		item->folder = true;
		if (item->reason == COVER_MOUNT)
			item->detail = mounts_why(s->left_out);
		return item->reason != COVER_OK;
	}
	if (own_file(s->own, l->dev, l->ino, name))
		item->reason = COVER_OWN;
	else if (type == DT_REG)
		open_file(s, l, name, item);
	else
		item->reason = type == DT_LNK ? COVER_LINK : COVER_SPECIAL;
	return true;
}

/* The rest of a folder that could not be opened again. */
static void
lost_folder(struct source *s, struct source_item *item)
{
	struct level *l = trail_here(&s->trail);

	l->at = l->folder.count;
	s->path_len = l->path_len;
	s->path[s->path_len] = 0;
	start_item(s, item);
	item->folder = true;
	item->reason = COVER_VANISHED;
}

static enum status
next_item(struct source *s, struct source_item *item)
{
	close_fd(&s->fd);
	if (s->root_pending) {
		s->root_pending = false;
		s->fd = s->root_fd;
		s->root_fd = -1;
		*item = s->root_item;
		return ST_OK;
	}
	while (s->trail.depth > 0) {
		struct level *l = trail_here(&s->trail);

		if (l->at == l->folder.count) {
			trail_pop(&s->trail);
		} else if (l->fd < 0) {
			lost_folder(s, item);
			return ST_OK;
		} else if (step(s, item)) {
			return ST_OK;
		}
	}
	return ST_EOF;
}

static enum status
fs_next(struct source *s, struct source_item *item)
{
	enum status st = next_item(s, item);
	struct stat now;

	/* of what was opened: it may be another file than a moment ago */
	if (st == ST_OK && s->known != NULL && !s->trickle && s->fd >= 0 &&
	    fstat(s->fd, &now) == 0)
		name_version(s, &now, item);
	return st;
}

static enum status
fs_read(struct source *s, void *dst, size_t n, size_t *got)
{
	ssize_t r;

	do
		r = read(s->fd, dst, n);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return ST_IO;
	*got = (size_t)r;
	return ST_OK;
}

static enum status
fs_take(struct source *s, struct source_item *item, int *fd)
{
	struct stat st;

	if (fstat(s->fd, &st) != 0)
		return ST_IO;
	if (!S_ISREG(st.st_mode))
		return ST_UNSUPPORTED;
	fill(item, &st);
	*fd = s->fd;
	s->fd = -1;
	return ST_OK;
}

static enum status
fs_cursor(const struct source *s, struct buf *to)
{
	size_t from = s->root_len;

	if (s->path_len <= from)
		return ST_OK;
	if (s->path[from] == '/')
		from++;
	return buf_add(to, s->path + from, s->path_len - from);
}

static enum status
fs_look(struct span path, struct source_item *item)
{
	char name[PATH_MAX];
	struct stat st;

	if (path.len >= sizeof(name))
		return ST_LIMIT;
	memcpy(name, path.ptr, path.len);
	name[path.len] = 0;
	if (lstat(name, &st) != 0)
		return status_of_errno(errno);
	if (S_ISLNK(st.st_mode) && stat(name, &st) != 0)
		return status_of_errno(errno);
	fill(item, &st);
	return ST_OK;
}

/* ---- beginning -------------------------------------------------------------
 */

/* Go down to where an earlier walk was; stop where it no longer matches. */
static enum status
resume(struct source *s, struct span cursor)
{
	char name[NAME_MAX + 1];
	size_t depth;

	while (cursor.len > 0 && s->trail.depth > 0) {
		struct level *l = trail_here(&s->trail);
		const uint8_t *slash = memchr(cursor.ptr, '/', cursor.len);
		size_t n =
		    slash == NULL ? cursor.len : (size_t)(slash - cursor.ptr);

		if (n > NAME_MAX)
			return ST_MALFORMED;
		memcpy(name, cursor.ptr, n);
		name[n] = 0;
		l->at = folder_find(&l->folder, name);
		if (l->at == l->folder.count ||
		    strcmp(folder_name(&l->folder, l->at), name) != 0)
			return ST_OK;
		cursor = span_skip(cursor, n + 1);
		if (cursor.len == 0 && slash == NULL) {
			l->at++;
			return ST_OK;
		}
		if (set_path(s, l->path_len, name) != ST_OK)
			return ST_NOMEM;
		depth = s->trail.depth;
		if (enter(s, name) != COVER_OK && s->trail.depth == depth)
			return ST_OK; /* next() says why */
		s->trail.levels[depth - 1].at++;
	}
	return ST_OK;
}

/* The target is one object: a file, or something that cannot be entered. */
static void
root_is_item(struct source *s, uint8_t reason, bool folder)
{
	start_item(s, &s->root_item);
	s->root_item.reason = reason;
	s->root_item.folder = folder;
	s->root_pending = true;
}

/* A reader before this one may have read of it. */
static enum status
open_input(struct source *s, int fd)
{
	struct stat st;

	s->known = NULL; /* it is another each time */
	if (fstat(fd, &st) != 0 || lseek(fd, 0, SEEK_SET) != 0) {
		root_is_item(s, reason_of(errno), false);
		return ST_OK;
	}
	s->root_fd = fd;
	root_is_item(s, COVER_OK, false);
	fill(&s->root_item, &st);
	return ST_OK;
}

static enum status
open_root(struct source *s, struct span cursor)
{
	const int flags = OPEN_FLAGS & ~O_NOFOLLOW;
	struct stat st;
	int fd;
	enum status done;

	if (stat(s->path, &st) != 0) {
		root_is_item(s, reason_of(errno), false);
		return ST_OK;
	}
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		root_is_item(s, COVER_SPECIAL, false);
		return ST_OK;
	}
	fd = open(s->path, flags | O_NOATIME);
	if (fd < 0 && errno == EPERM)
		fd = open(s->path, flags);
	if (fd < 0) {
		root_is_item(s, reason_of(errno), S_ISDIR(st.st_mode));
		return ST_OK;
	}
	s->trickle = pseudo_fs(fd);
	if (S_ISREG(st.st_mode)) {
		s->root_fd = fd;
		root_is_item(s, COVER_OK, false);
		fill(&s->root_item, &st);
		return ST_OK;
	}
	done = trail_push(&s->trail, fd, &st, s->path_len);
	if (done == ST_IO) {
		root_is_item(s, COVER_IO, true);
		done = ST_OK;
	}
	return done == ST_OK ? resume(s, cursor) : done;
}

static void
fs_close(struct source *s)
{
	if (s == NULL)
		return;
	trail_fini(&s->trail);
	close_fd(&s->fd);
	close_fd(&s->root_fd);
	free(s->path);
	free(s);
}

static enum status
fs_open(const struct source_target *t, struct source **out)
{
	struct source *s = calloc(1, sizeof(*s));
	size_t n = t->path.len;
	enum status st = ST_NOMEM;

	if (s == NULL)
		return ST_NOMEM;
	s->fd = s->root_fd = -1;
	s->count = t->count;
	s->known = t->count ? NULL : t->known;
	s->own = t->own;
	if (str_to_bool(source_option(t, "mounts"), &s->mounts) != ST_OK)
		s->mounts = false;
	while (n > 1 && t->path.ptr[n - 1] == '/')
		n--;
	s->path = malloc(n + 1);
	if (s->path == NULL)
		goto fail;
	memcpy(s->path, t->path.ptr, n);
	s->path[n] = 0;
	s->path_len = s->root_len = n;
	s->path_room = n + 1;
	st = t->input > 0 && strcmp(s->path, "-") == 0
		 ? open_input(s, t->input)
		 : open_root(s, t->cursor);
	if (st != ST_OK)
		goto fail;
	*out = s;
	return ST_OK;
fail:
	fs_close(s);
	return st;
}

const struct source_ops fs_source = {
    .scheme = "",
    .open = fs_open,
    .next = fs_next,
    .read = fs_read,
    .take = fs_take,
    .cursor = fs_cursor,
    .look = fs_look,
    .close = fs_close,
};
