#include "agent/source/trail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define OPEN_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
trail_fini(struct trail *t)
{
	while (t->depth > 0)
		trail_pop(t);
	free(t->levels);
	*t = (struct trail){0};
}

bool
trail_holds(const struct trail *t, const struct stat *st)
{
	for (size_t i = 0; i < t->depth; i++)
		if (t->levels[i].dev == st->st_dev &&
		    t->levels[i].ino == st->st_ino)
			return true;
	return false;
}

enum status
trail_push(struct trail *t, int fd, const struct stat *st, size_t path_len)
{
	struct level *l;

	if (t->depth == t->room) {
		size_t room = t->room == 0 ? 16 : t->room * 2;

		l = reallocarray(t->levels, room, sizeof(*l));
		if (l == NULL) {
			close(fd);
			return ST_NOMEM;
		}
		t->levels = l;
		t->room = room;
	}
	l = &t->levels[t->depth++];
	*l = (struct level){
	    .fd = fd,
	    .dev = st->st_dev,
	    .ino = st->st_ino,
	    .path_len = path_len,
	    .noatime = O_NOATIME,
	};
	if (t->depth - t->first_open > TRAIL_OPEN)
		close_fd(&t->levels[t->first_open++].fd);
	return folder_read(&l->folder, fd);
}

/* The parent is opened again by way of its child, which may have moved. */
void
trail_pop(struct trail *t)
{
	struct level *l = &t->levels[--t->depth], *up;
	struct stat st;

	if (t->depth > 0 && t->levels[t->depth - 1].fd < 0) {
		up = &t->levels[t->depth - 1];
		up->fd = openat(l->fd, "..", OPEN_FLAGS | O_DIRECTORY);
		if (up->fd >= 0 &&
		    (fstat(up->fd, &st) != 0 || st.st_dev != up->dev ||
		     st.st_ino != up->ino))
			close_fd(&up->fd);
		t->first_open = t->depth - 1;
	}
	close_fd(&l->fd);
	folder_fini(&l->folder);
}

int
level_open(struct level *l, const char *name, int flags)
{
	int fd = openat(l->fd, name, OPEN_FLAGS | flags | l->noatime);

	/* only its owner or CAP_FOWNER may read a file without a trace */
	if (fd < 0 && errno == EPERM && l->noatime != 0) {
		fd = openat(l->fd, name, OPEN_FLAGS | flags);
		if (fd >= 0)
			l->noatime = 0;
	}
	return fd;
}
