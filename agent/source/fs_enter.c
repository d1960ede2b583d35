#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/source/fs_impl.h"
#include "agent/source/pseudo.h"

/* The path becomes its first `len` bytes, a slash and the name. */
enum status
fs_set_path(struct source *s, size_t len, const char *name)
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
uint8_t
fs_enter(struct source *s, const char *name)
{
	struct level *l = trail_here(&s->trail);
	struct stat st;
	int fd;

	ahead_fini(&s->ahead); /* of the folder's files before this one */
	fd = level_open(l, name, O_DIRECTORY);
	if (fd < 0)
		return fs_reason(errno);
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
