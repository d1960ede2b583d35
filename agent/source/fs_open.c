#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/source/fs_impl.h"
#include "agent/source/pseudo.h"
#include "base/str.h"

#define OPEN_FLAGS (O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)

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
		if (fs_set_path(s, l->path_len, name) != ST_OK)
			return ST_NOMEM;
		depth = s->trail.depth;
		if (fs_enter(s, name) != COVER_OK && s->trail.depth == depth)
			return ST_OK; /* next() says why */
		s->trail.levels[depth - 1].at++;
	}
	return ST_OK;
}

/* The target is one object: a file, or something that cannot be entered. */
static void
root_is_item(struct source *s, uint8_t reason, bool folder)
{
	fs_start_item(s, &s->root_item);
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
		root_is_item(s, fs_reason(errno), false);
		return ST_OK;
	}
	s->root_fd = fd;
	root_is_item(s, COVER_OK, false);
	fs_fill(&s->root_item, &st);
	return ST_OK;
}

static enum status
open_root(struct source *s, struct span cursor)
{
	struct stat st;
	int fd;
	enum status done;

	if (stat(s->path, &st) != 0) {
		root_is_item(s, fs_reason(errno), false);
		return ST_OK;
	}
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
		root_is_item(s, COVER_SPECIAL, false);
		return ST_OK;
	}
	fd = open(s->path, OPEN_FLAGS | O_NOATIME);
	if (fd < 0 && errno == EPERM)
		fd = open(s->path, OPEN_FLAGS);
	if (fd < 0) {
		root_is_item(s, fs_reason(errno), S_ISDIR(st.st_mode));
		return ST_OK;
	}
	s->trickle = pseudo_fs(fd);
	if (S_ISREG(st.st_mode)) {
		s->root_fd = fd;
		root_is_item(s, COVER_OK, false);
		fs_fill(&s->root_item, &st);
		return ST_OK;
	}
	done = trail_push(&s->trail, fd, &st, s->path_len);
	if (done == ST_IO) {
		root_is_item(s, COVER_IO, true);
		done = ST_OK;
	}
	return done == ST_OK ? resume(s, cursor) : done;
}

void
fs_close(struct source *s)
{
	if (s == NULL)
		return;
	ahead_fini(&s->ahead);
	trail_fini(&s->trail);
	if (s->fd >= 0)
		close(s->fd);
	if (s->root_fd >= 0)
		close(s->root_fd);
	free(s->path);
	free(s);
}

enum status
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
