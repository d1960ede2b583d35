#include "runtime/spool_impl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"

/* ---- the disk ---- */

static int
disk_create(void *arg, int dir, const char *name)
{
	(void)arg;
	return openat(dir, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		      0600);
}

static ssize_t
disk_write(void *arg, int fd, struct span s, uint64_t at)
{
	(void)arg;
	return pwrite(fd, s.ptr, s.len, (off_t)at);
}

static int
disk_sync(void *arg, int fd)
{
	(void)arg;
	return fdatasync(fd);
}

static int
disk_cut(void *arg, int fd, uint64_t size)
{
	(void)arg;
	return ftruncate(fd, (off_t)size);
}

const struct spool_io spool_disk = {NULL, disk_create, disk_write, disk_sync,
				    disk_cut};

void
spool_piece_name(uint64_t first, char name[SPOOL_NAME_ROOM])
{
	snprintf(name, SPOOL_NAME_ROOM, "%016" PRIx64 ".seg", first);
}

/* The first number of a file by its name, 0 for a name that is none. */
static uint64_t
first_of(const char *name)
{
	char again[SPOOL_NAME_ROOM];
	uint64_t first = strtoull(name, NULL, 16);

	spool_piece_name(first, again);
	return strcmp(again, name) == 0 ? first : 0;
}

static enum status
write_all(struct spool *sp, int fd, struct span s, uint64_t at)
{
	while (s.len > 0) {
		ssize_t n = sp->io.write(sp->io.arg, fd, s, at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return status_of_errno(errno);
		if (n == 0)
			return ST_IO;
		s = span_skip(s, (size_t)n);
		at += (uint64_t)n;
	}
	return ST_OK;
}

/* ---- which files there are ---- */

static enum status
piece_add(struct spool *sp, uint64_t first)
{
	if (sp->pieces == sp->piece_room) {
		size_t room = sp->piece_room > 0 ? sp->piece_room * 2 : 16;
		struct piece *p = reallocarray(sp->piece, room, sizeof(*p));

		if (p == NULL)
			return ST_NOMEM;
		sp->piece = p;
		sp->piece_room = room;
	}
	sp->piece[sp->pieces++] = (struct piece){first, first, 0};
	return ST_OK;
}

struct piece *
spool_piece_last(const struct spool *sp)
{
	must(sp->pieces > 0);
	return &sp->piece[sp->pieces - 1];
}

static int
by_first(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

enum status
spool_piece_list(struct spool *sp)
{
	int fd = openat(sp->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	enum status st = ST_OK;
	struct dirent *e;

	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return ST_IO;
	}
	while (st == ST_OK && (e = readdir(d)) != NULL)
		if (first_of(e->d_name) != 0)
			st = piece_add(sp, first_of(e->d_name));
	closedir(d);
	if (sp->pieces > 0)
		qsort(sp->piece, sp->pieces, sizeof(sp->piece[0]), by_first);
	return st;
}

enum status
spool_piece_fresh(struct spool *sp)
{
	char name[SPOOL_NAME_ROOM];
	enum status st = piece_add(sp, 1);

	if (st != ST_OK)
		return st;
	spool_piece_name(1, name);
	sp->active = sp->io.create(sp->io.arg, sp->dir, name);
	if (sp->active < 0)
		return status_of_errno(errno);
	sp->marked = true;
	return sp->io.sync(sp->io.arg, sp->dir) == 0 ? ST_OK : ST_IO;
}

/* Files that hold nothing but acknowledged numbers go; the last one stays. */
void
spool_piece_drop_acked(struct spool *sp)
{
	char name[SPOOL_NAME_ROOM];
	size_t n = 0;

	if (!sp->marked)
		return; /* the marks stand only in the older files */
	while (n + 1 < sp->pieces && sp->piece[n].end <= sp->acked + 1) {
		if (sp->piece[n].first == sp->read_first)
			spool_read_end(sp);
		spool_piece_name(sp->piece[n].first, name);
		if (unlinkat(sp->dir, name, 0) != 0 && errno != ENOENT)
			break; /* tried again at the next acknowledgement */
		n++;
	}
	memmove(sp->piece, sp->piece + n,
		(sp->pieces - n) * sizeof(sp->piece[0]));
	sp->pieces -= n;
}

uint64_t
spool_bytes(const struct spool *sp)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < sp->pieces; i++)
		sum += sp->piece[i].bytes;
	return sum;
}

/* ---- writing ---- */

struct segment_entry
spool_piece_entry(const struct spool *sp, uint8_t kind, uint64_t seq)
{
	struct segment_entry e = {
	    .kind = kind, .stream = sp->config.stream, .seq = seq, .count = 1};

	memcpy(e.incarnation, sp->config.incarnation, INCARNATION_LEN);
	return e;
}

static enum status
add_marks(struct spool *sp)
{
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && i < sp->mark_count; i++) {
		const struct mark *m = &sp->marks[i];
		struct segment_entry e;

		if (m->seq == 0)
			continue;
		e = spool_piece_entry(sp, SEGMENT_MARK, m->seq);
		e.task = m->task;
		e.flags = m->ended ? SEGMENT_LAST : 0;
		e.totals = m->totals;
		e.cursor = span_of(m->cursor, m->cursor_len);
		st = segment_encode(&e, &sp->group);
	}
	return st;
}

/*
 * Write the group at the end of the last piece and sync it. On trouble the file
 * is cut back; when even that fails the piece is left as it is and a new one,
 * whose name says where it begins, makes what stands behind it worthless.
 */
enum status
spool_piece_put(struct spool *sp)
{
	struct piece *p = spool_piece_last(sp);
	enum status st;

	st = write_all(sp, sp->active, buf_span(&sp->group), p->bytes);
	if (st == ST_OK && sp->io.sync(sp->io.arg, sp->active) != 0)
		st = status_of_errno(errno);
	if (st == ST_OK) {
		p->bytes += sp->group.len;
		return ST_OK;
	}
	if (sp->io.cut(sp->io.arg, sp->active, p->bytes) != 0 ||
	    sp->io.sync(sp->io.arg, sp->active) != 0) {
		close(sp->active);
		sp->active = -1;
	}
	return st == ST_FULL ? ST_FULL : ST_IO;
}

/*
 * A file for the numbers from next on. One that has its marks and no batch yet
 * is taken again as it is: those marks may stand nowhere else.
 */
static enum status
begin_piece(struct spool *sp)
{
	char name[SPOOL_NAME_ROOM];
	bool again = spool_piece_last(sp)->first == sp->next;
	bool keep = again && sp->marked;
	enum status st = ST_IO;
	int fd;

	spool_piece_name(sp->next, name);
	fd = sp->io.create(sp->io.arg, sp->dir, name);
	if (fd < 0)
		return status_of_errno(errno);
	if (sp->io.cut(sp->io.arg, fd,
		       keep ? spool_piece_last(sp)->bytes : 0) != 0 ||
	    sp->io.sync(sp->io.arg, sp->dir) != 0)
		goto fail;
	st = again ? ST_OK : piece_add(sp, sp->next);
	if (st != ST_OK)
		goto fail;
	if (sp->active >= 0)
		close(sp->active);
	sp->active = fd;
	sp->marked = keep;
	if (!keep)
		spool_piece_last(sp)->bytes = 0;
	return ST_OK;
fail:
	close(fd);
	return st;
}

/* Begin a file with the marks in it; then the ones before may go. */
enum status
spool_piece_turn(struct spool *sp)
{
	enum status st = begin_piece(sp);

	if (st != ST_OK || sp->marked)
		return st;
	buf_clear(&sp->group);
	st = add_marks(sp);
	if (st == ST_OK && sp->group.len > 0)
		st = spool_piece_put(sp);
	if (st != ST_OK)
		return st;
	sp->marked = true;
	spool_piece_drop_acked(sp);
	return ST_OK;
}
