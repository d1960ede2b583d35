#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "agent/source/fs_impl.h"
#include "base/clock.h"

uint8_t
fs_reason(int err)
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

void
fs_fill(struct source_item *item, const struct stat *st)
{
	item->size = st->st_size < 0 ? 0 : (uint64_t)st->st_size;
	item->mtime = st->st_mtime;
	item->mode = st->st_mode;
	item->uid = st->st_uid;
	item->gid = st->st_gid;
	item->sparse =
	    S_ISREG(st->st_mode) && st->st_blocks < st->st_size / 512;
}

void
fs_start_item(struct source *s, struct source_item *item)
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
void
fs_name_version(struct source *s, const struct stat *st,
		struct source_item *item)
{
	int n;

	if (!S_ISREG(st->st_mode))
		return;
	fs_fill(item, st);
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
	fs_name_version(s, &st, item);
	if (item->version.len > 0 &&
	    s->known->has(s->known->arg, item->path, item->version))
		return true;
	fs_start_item(s, item);
	return false;
}

/*
 * Its descriptor, or -errno. Those that may turn out to be known are opened one
 * by one, and what the kernel makes up is made when it is opened.
 */
static int
open_file(struct source *s, struct level *l, const char *name)
{
	int fd;

	if (s->known == NULL && !s->trickle)
		return ahead_take(&s->ahead, l, l->at - 1, s->own);
	fd = level_open(l, name, 0);
	return fd < 0 ? -errno : fd;
}

void
fs_open_file(struct source *s, struct level *l, const char *name,
	     struct source_item *item)
{
	struct stat st;
	int fd;

	if (s->count) {
		if (fstatat(l->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			fs_fill(item, &st);
		return;
	}
	if (is_known(s, l, name, item))
		return;
	fd = open_file(s, l, name);
	if (fd < 0)
		item->reason = fs_reason(-fd);
	else
		s->fd = fd;
}
