#include "agent/source/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "agent/source/fs_impl.h"

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

	if (fs_set_path(s, l->path_len, name) != ST_OK) {
		ahead_fini(&s->ahead); /* it may be of this entry */
		return false;
	}
	fs_start_item(s, item);
	if (type == DT_DIR) {
		item->reason = fs_enter(s, name);
		item->folder = true;
		if (item->reason == COVER_MOUNT)
			item->detail = mounts_why(s->left_out);
		return item->reason != COVER_OK;
	}
	if (own_file(s->own, l->dev, l->ino, name))
		item->reason = COVER_OWN;
	else if (type == DT_REG)
		fs_open_file(s, l, name, item);
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
	fs_start_item(s, item);
	item->folder = true;
	item->reason = COVER_VANISHED;
}

static enum status
next_item(struct source *s, struct source_item *item)
{
	if (s->fd >= 0)
		ahead_spend(&s->ahead, s->fd);
	s->fd = -1;
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
		fs_name_version(s, &now, item);
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
	fs_fill(item, &st);
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
	fs_fill(item, &st);
	return ST_OK;
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
