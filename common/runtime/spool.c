#include "runtime/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/must.h"
#include "runtime/segment.h"

#define NAME_ROOM       32
#define SEGMENT_MAX     (4u * 1024 * 1024) /* bytes, then a new file */
#define SEGMENT_SHARE   8                  /* files a quota has at least */
#define TAIL_MAX        4096               /* numbers lost at a tail */
#define HOLES_MAX       64
#define GROUP_MAX       (2u * SEGMENT_ENTRY_MAX)
#define MARKS_BYTES_MAX (SPOOL_TASKS_MAX * (SEGMENT_HEAD + ORDER_CURSOR_MAX))

/* One file: numbers first .. end - 1, bytes that count. */
struct piece {
	uint64_t first, end;
	uint64_t bytes;
};

struct mark {
	uint64_t task, seq;
	bool ended;
	bool held; /* behind damage: later entries do not move it */
	struct batch_totals totals;
	size_t cursor_len;
	uint8_t *cursor; /* owned */
};

struct range {
	uint64_t from, to; /* to is behind the last */
};

struct spool {
	struct spool_config config;
	struct spool_io io;
	int dir;             /* borrowed */
	int active;          /* the last piece, for writing; -1: to be made */
	bool marked;         /* it begins with all marks that must be there */
	uint64_t piece_max;  /* bytes, then a new file */
	struct piece *piece; /* in order, at least one after open */
	size_t pieces, piece_room;
	uint64_t next, acked;
	struct mark marks[SPOOL_TASKS_MAX];
	size_t mark_count;
	struct buf group;             /* what is written together */
	struct range hole[HOLES_MAX]; /* numbers that opening found lost */
	size_t holes;
	bool holes_more; /* than fit */
	int read_fd;
	uint64_t read_first; /* of the piece that is open, 0: none */
	uint64_t asked;      /* number that was last read */
	struct segment_reader reader;
	struct segment_entry ahead; /* read, but above what was asked for */
	bool has_ahead;
};

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

static const struct spool_io disk = {NULL, disk_create, disk_write, disk_sync,
				     disk_cut};

static void
name_of(uint64_t first, char name[NAME_ROOM])
{
	snprintf(name, NAME_ROOM, "%016" PRIx64 ".seg", first);
}

/* The first number of a file by its name, 0 for a name that is none. */
static uint64_t
first_of(const char *name)
{
	char again[NAME_ROOM];
	uint64_t first = strtoull(name, NULL, 16);

	name_of(first, again);
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

/* ---- marks ---- */

/* Place of a task's mark; mark_count when it has none. */
static size_t
mark_place(const struct spool *sp, uint64_t task)
{
	size_t i = 0;

	while (i < sp->mark_count && sp->marks[i].task != task)
		i++;
	return i;
}

static struct mark *
mark_find(struct spool *sp, uint64_t task)
{
	size_t i = mark_place(sp, task);

	return i < sp->mark_count ? &sp->marks[i] : NULL;
}

static struct mark *
mark_make(struct spool *sp, uint64_t task)
{
	struct mark *m = mark_find(sp, task);

	if (m != NULL || sp->mark_count == SPOOL_TASKS_MAX)
		return m;
	m = &sp->marks[sp->mark_count++];
	*m = (struct mark){.task = task};
	return m;
}

static enum status
copy_of(struct span s, uint8_t **out)
{
	uint8_t *copy = NULL;

	if (s.len > 0) {
		copy = malloc(s.len);
		if (copy == NULL)
			return ST_NOMEM;
		memcpy(copy, s.ptr, s.len);
	}
	*out = copy;
	return ST_OK;
}

/* The copy of the entry's cursor becomes the mark's. */
static void
mark_move(struct mark *m, const struct segment_entry *e, uint8_t *cursor)
{
	free(m->cursor);
	m->cursor = cursor;
	m->cursor_len = e->cursor.len;
	m->seq = e->seq;
	m->totals = e->totals;
	m->ended = (e->flags & SEGMENT_LAST) != 0;
	m->held = false;
}

static void
mark_tell(const struct mark *m, struct spool_mark *out)
{
	*out = (struct spool_mark){
	    .task = m->task,
	    .seq = m->seq,
	    .ended = m->ended,
	    .totals = m->totals,
	    .cursor = span_of(m->cursor, m->cursor_len),
	};
}

enum status
spool_mark(const struct spool *sp, uint64_t task, struct spool_mark *out)
{
	size_t i = mark_place(sp, task);

	return spool_mark_at(sp, i, out) == ST_OK ? ST_OK : ST_NOTFOUND;
}

enum status
spool_mark_at(const struct spool *sp, size_t i, struct spool_mark *out)
{
	if (i >= sp->mark_count)
		return ST_EOF;
	mark_tell(&sp->marks[i], out);
	return ST_OK;
}

/* ---- pieces ---- */

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

static struct piece *
last_piece(const struct spool *sp)
{
	must(sp->pieces > 0);
	return &sp->piece[sp->pieces - 1];
}

static void
reading_ends(struct spool *sp)
{
	if (sp->read_first == 0)
		return;
	segment_close(&sp->reader);
	close(sp->read_fd);
	sp->read_fd = -1;
	sp->read_first = 0;
	sp->has_ahead = false;
}

/* Files that hold nothing but acknowledged numbers go; the last one stays. */
static void
drop_acked(struct spool *sp)
{
	char name[NAME_ROOM];
	size_t n = 0;

	if (!sp->marked)
		return; /* the marks stand only in the older files */
	while (n + 1 < sp->pieces && sp->piece[n].end <= sp->acked + 1) {
		if (sp->piece[n].first == sp->read_first)
			reading_ends(sp);
		name_of(sp->piece[n].first, name);
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

static struct segment_entry
entry_of(const struct spool *sp, uint8_t kind, uint64_t seq)
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
		e = entry_of(sp, SEGMENT_MARK, m->seq);
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
static enum status
put_group(struct spool *sp)
{
	struct piece *p = last_piece(sp);
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
	char name[NAME_ROOM];
	bool again = last_piece(sp)->first == sp->next;
	bool keep = again && sp->marked;
	enum status st = ST_IO;
	int fd;

	name_of(sp->next, name);
	fd = sp->io.create(sp->io.arg, sp->dir, name);
	if (fd < 0)
		return status_of_errno(errno);
	if (sp->io.cut(sp->io.arg, fd, keep ? last_piece(sp)->bytes : 0) != 0 ||
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
		last_piece(sp)->bytes = 0;
	return ST_OK;
fail:
	close(fd);
	return st;
}

/* Begin a file with the marks in it; then the ones before may go. */
static enum status
turn(struct spool *sp)
{
	enum status st = begin_piece(sp);

	if (st != ST_OK || sp->marked)
		return st;
	buf_clear(&sp->group);
	st = add_marks(sp);
	if (st == ST_OK && sp->group.len > 0)
		st = put_group(sp);
	if (st != ST_OK)
		return st;
	sp->marked = true;
	drop_acked(sp);
	return ST_OK;
}

/* ---- append ---- */

static uint64_t
marks_size(const struct spool *sp)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < sp->mark_count; i++)
		sum += SEGMENT_HEAD + sp->marks[i].cursor_len;
	return sum;
}

/* The last piece can take so much more; a new one is begun when it is full. */
static enum status
room_for(struct spool *sp, uint64_t size)
{
	const struct piece *p = last_piece(sp);
	bool fits = sp->active >= 0 && sp->marked &&
		    (p->first == sp->next || p->bytes + size <= sp->piece_max);
	uint64_t more = fits ? size : size + marks_size(sp);

	if (spool_bytes(sp) + more > sp->config.quota)
		return ST_FULL;
	return fits ? ST_OK : turn(sp);
}

enum status
spool_append(struct spool *sp, struct spool_entry *given)
{
	struct segment_entry e = entry_of(sp, SEGMENT_BATCH, sp->next);
	struct mark *m = mark_make(sp, given->task);
	uint8_t *cursor;
	enum status st;

	if (m == NULL)
		return ST_LIMIT;
	e.task = given->task;
	e.flags = (uint8_t)((given->last ? SEGMENT_LAST : 0) |
			    (m->held ? SEGMENT_AGAIN : 0));
	e.totals = given->totals;
	e.cursor = given->cursor;
	e.payload = given->payload;
	st = room_for(sp, segment_size(&e));
	if (st == ST_OK)
		st = copy_of(e.cursor, &cursor);
	if (st != ST_OK)
		return st;
	buf_clear(&sp->group);
	st = segment_encode(&e, &sp->group);
	if (st == ST_OK)
		st = put_group(sp);
	if (st != ST_OK) {
		free(cursor);
		return st;
	}
	given->seq = sp->next++;
	last_piece(sp)->end = sp->next;
	mark_move(m, &e, cursor);
	return ST_OK;
}

/* ---- acknowledge ---- */

/* When all is acknowledged nothing need lie on the disk or in memory. */
static void
tidy(struct spool *sp)
{
	const struct piece *p = last_piece(sp);

	if (sp->acked + 1 != sp->next || p->first == sp->next)
		return;
	reading_ends(sp);
	if (sp->mark_count > 0 && p->bytes <= sp->piece_max / 2)
		return;
	if (turn(sp) != ST_OK)
		return; /* it waits for the next append, which will say so */
	buf_fini(&sp->group);
	buf_init(&sp->group, GROUP_MAX + MARKS_BYTES_MAX);
}

enum status
spool_ack(struct spool *sp, uint64_t seq)
{
	if (seq >= sp->next)
		return ST_MALFORMED;
	if (seq <= sp->acked)
		return ST_OK;
	sp->acked = seq;
	drop_acked(sp);
	tidy(sp);
	return ST_OK;
}

void
spool_forget(struct spool *sp, uint64_t task)
{
	struct mark *m = mark_find(sp, task);

	if (m == NULL)
		return;
	free(m->cursor);
	*m = sp->marks[--sp->mark_count];
	sp->marks[sp->mark_count] = (struct mark){0};
	tidy(sp);
}

/* The same entry under a new number. */
static enum status
append_again(struct spool *sp, uint64_t seq)
{
	struct spool_entry e;
	enum status st = spool_read(sp, seq, &e);

	if (st != ST_OK || e.hole)
		return st;
	return spool_append(sp, &e);
}

enum status
spool_skip(struct spool *sp, uint64_t seq)
{
	uint64_t before = sp->next, from = sp->acked + 1;
	enum status st;

	if (seq < sp->next)
		return ST_OK;
	sp->next = seq + 1;
	st = turn(sp);
	if (st != ST_OK) {
		sp->next = before;
		return st;
	}
	for (; st == ST_OK && from < before; from++)
		st = append_again(sp, from);
	return st == ST_OK ? spool_ack(sp, seq) : st;
}

/* ---- read ---- */

static enum status
reading_begins(struct spool *sp, const struct piece *p)
{
	char name[NAME_ROOM];
	int fd;

	if (sp->read_first == p->first) {
		sp->reader.size = p->bytes;
		return ST_OK;
	}
	reading_ends(sp);
	name_of(p->first, name);
	fd = openat(sp->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return status_of_errno(errno);
	segment_open(&sp->reader, fd, 0, p->bytes);
	sp->read_fd = fd;
	sp->read_first = p->first;
	return ST_OK;
}

static bool
is_ours(const struct spool *sp, const struct segment_entry *e)
{
	return e->stream == sp->config.stream &&
	       memcmp(e->incarnation, sp->config.incarnation,
		      INCARNATION_LEN) == 0;
}

/* The first entry of the open file that is not below seq. */
static enum status
advance(struct spool *sp, uint64_t seq)
{
	while (!sp->has_ahead || sp->ahead.seq + sp->ahead.count <= seq) {
		enum status st;

		sp->has_ahead = false;
		st = segment_next(&sp->reader, &sp->ahead);
		if (st != ST_OK)
			return st;
		sp->has_ahead =
		    sp->ahead.kind != SEGMENT_MARK && is_ours(sp, &sp->ahead);
	}
	return ST_OK;
}

static const struct piece *
piece_of(const struct spool *sp, uint64_t seq)
{
	size_t i = sp->pieces - 1;

	while (i > 0 && sp->piece[i].first > seq)
		i--;
	return &sp->piece[i];
}

/* Whether it is known that nothing can be read under a number. */
static bool
known_lost(const struct spool *sp, uint64_t seq)
{
	if (seq < sp->piece[0].first || sp->holes_more)
		return true;
	for (size_t i = 0; i < sp->holes; i++)
		if (seq >= sp->hole[i].from && seq < sp->hole[i].to)
			return true;
	return false;
}

static void
tell(const struct spool *sp, uint64_t seq, struct spool_entry *out)
{
	const struct segment_entry *e = &sp->ahead;

	*out = (struct spool_entry){.seq = seq, .hole = true};
	if (!sp->has_ahead)
		return;
	out->task = e->task;
	out->totals = e->totals;
	if (e->seq > seq || e->kind == SEGMENT_HOLE)
		return;
	out->hole = false;
	out->last = (e->flags & SEGMENT_LAST) != 0;
	out->cursor = e->cursor;
	out->payload = e->payload;
}

enum status
spool_read(struct spool *sp, uint64_t seq, struct spool_entry *out)
{
	struct spool_entry e;
	enum status st;

	if (seq == 0 || seq >= sp->next)
		return ST_EOF;
	if (seq < sp->asked)
		reading_ends(sp); /* back to an earlier number */
	st = reading_begins(sp, piece_of(sp, seq));
	if (st == ST_OK)
		st = advance(sp, seq);
	if (st != ST_OK && st != ST_EOF)
		return st;
	sp->asked = seq;
	tell(sp, seq, &e);
	if (e.hole && !known_lost(sp, seq))
		return ST_MALFORMED;
	*out = e;
	return ST_OK;
}

uint64_t
spool_next(const struct spool *sp)
{
	return sp->next;
}

uint64_t
spool_acked(const struct spool *sp)
{
	return sp->acked;
}

/* ---- open ---- */

/* What the walk over all files knows so far. */
struct replay {
	struct spool *sp;
	struct spool_report *met;
	uint64_t limit; /* numbers from here on stand in the next file */
	uint64_t task;  /* of the entry before */
	bool damage;    /* numbers are missing since */
};

static void
note_hole(struct replay *r, uint64_t from, uint64_t to)
{
	struct spool *sp = r->sp;

	r->met->holes += to - from;
	if (sp->holes == HOLES_MAX)
		sp->holes_more = true;
	else
		sp->hole[sp->holes++] = (struct range){from, to};
}

/* The task goes on from where it stood before the damage. */
static enum status
hold(struct spool *sp, uint64_t task)
{
	struct mark *m = task != 0 ? mark_make(sp, task) : NULL;

	if (m == NULL)
		return task != 0 ? ST_LIMIT : ST_OK;
	m->held = true;
	m->ended = false;
	return ST_OK;
}

static enum status
replay_gap(struct replay *r, uint64_t upto)
{
	struct spool *sp = r->sp;

	if (upto <= sp->next)
		return ST_OK;
	note_hole(r, sp->next, upto);
	sp->next = upto;
	r->damage = true;
	return hold(sp, r->task);
}

static enum status
replay_move(struct mark *m, const struct segment_entry *e)
{
	uint8_t *cursor;
	enum status st;

	if (m == NULL)
		return ST_LIMIT;
	st = copy_of(e->cursor, &cursor);
	if (st == ST_OK)
		mark_move(m, e, cursor);
	return st;
}

static enum status
replay_batch(struct replay *r, const struct segment_entry *e)
{
	struct spool *sp = r->sp;
	const struct mark *m;
	enum status st;

	if (e->seq < sp->next || e->seq >= r->limit)
		return ST_OK; /* its number was given again: it never counted */
	st = replay_gap(r, e->seq);
	if (st == ST_OK && r->damage)
		st = hold(sp, e->task);
	if (st != ST_OK)
		return st;
	r->damage = false;
	r->task = e->task;
	sp->next = e->seq + 1;
	m = mark_find(sp, e->task);
	if (m != NULL && m->held && (e->flags & SEGMENT_AGAIN) == 0)
		return ST_OK;
	return replay_move(mark_make(sp, e->task), e);
}

static enum status
replay_mark(struct replay *r, const struct segment_entry *e)
{
	const struct mark *m = mark_find(r->sp, e->task);

	if (m != NULL && (m->held || e->seq < m->seq))
		return ST_OK;
	return replay_move(mark_make(r->sp, e->task), e);
}

static enum status
replay_hole(struct replay *r, const struct segment_entry *e)
{
	struct spool *sp = r->sp;
	enum status st;

	if (e->seq < sp->next || e->seq + e->count > r->limit)
		return ST_OK;
	st = replay_gap(r, e->seq);
	if (st != ST_OK)
		return st;
	note_hole(r, e->seq, e->seq + e->count);
	sp->next = e->seq + e->count;
	return ST_OK;
}

static enum status
replay_entry(struct replay *r, const struct segment_entry *e)
{
	if (!is_ours(r->sp, e)) {
		r->met->foreign++;
		return ST_OK;
	}
	switch ((enum segment_kind)e->kind) {
	case SEGMENT_BATCH:
		return replay_batch(r, e);
	case SEGMENT_MARK:
		return replay_mark(r, e);
	case SEGMENT_HOLE:
		return replay_hole(r, e);
	}
	return ST_OK;
}

/* Write over the start of a damaged tail which numbers are lost in it. */
static enum status
put_hole(struct replay *r, uint64_t count)
{
	struct spool *sp = r->sp;
	struct segment_entry e = entry_of(sp, SEGMENT_HOLE, sp->next);
	enum status st;

	e.count = count;
	e.task = r->task;
	buf_clear(&sp->group);
	st = segment_encode(&e, &sp->group);
	if (st == ST_OK)
		st = put_group(sp);
	if (st != ST_OK)
		return st;
	note_hole(r, sp->next, sp->next + count);
	sp->next += count;
	return ST_OK;
}

/*
 * Behind the last good entry of the last file: an append that died, or damage.
 * When a number may have been given there, and so be committed by the master,
 * it is not given again.
 */
static enum status
replay_tail(struct replay *r, const struct segment_reader *in)
{
	struct spool *sp = r->sp;
	struct piece *p = last_piece(sp);
	uint64_t count = in->skipped >= SEGMENT_HEAD ? 1 : 0;
	enum status st = ST_OK;

	p->bytes = in->at;
	r->met->cut = in->skipped;
	if (in->lost >= sp->next && in->lost - sp->next < TAIL_MAX)
		count = in->lost - sp->next + 1;
	if (count > 0)
		st = put_hole(r, count);
	if (st == ST_OK && sp->io.cut(sp->io.arg, sp->active, p->bytes) != 0)
		st = ST_IO;
	return st;
}

static enum status
replay_piece(struct replay *r, size_t i, int fd, uint64_t size)
{
	struct spool *sp = r->sp;
	struct segment_reader in;
	struct segment_entry e;
	enum status st;
	bool is_last = i + 1 == sp->pieces;

	r->limit = is_last ? UINT64_MAX : sp->piece[i + 1].first;
	segment_open(&in, fd, 0, size);
	while ((st = segment_next(&in, &e)) == ST_OK) {
		r->met->damaged += in.skipped;
		st = replay_entry(r, &e);
		if (st != ST_OK)
			break;
	}
	sp->piece[i].bytes = size;
	if (st == ST_EOF && is_last && in.skipped > 0)
		st = replay_tail(r, &in);
	else if (st == ST_EOF)
		r->met->damaged += in.skipped;
	segment_close(&in);
	sp->piece[i].end = sp->next;
	return st == ST_EOF ? ST_OK : st;
}

static enum status
replay_file(struct replay *r, size_t i)
{
	struct spool *sp = r->sp;
	char name[NAME_ROOM];
	struct stat info;
	enum status st = ST_IO;
	int fd;

	name_of(sp->piece[i].first, name);
	fd = openat(sp->dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return status_of_errno(errno);
	if (i + 1 == sp->pieces)
		sp->active = fd;
	if (i > 0)
		sp->piece[i - 1].end = sp->piece[i].first;
	if (fstat(fd, &info) == 0) {
		st = i == 0 ? ST_OK : replay_gap(r, sp->piece[i].first);
		if (st == ST_OK)
			st = replay_piece(r, i, fd, (uint64_t)info.st_size);
	}
	if (fd != sp->active)
		close(fd);
	return st;
}

static int
by_first(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->first < y->first ? -1 : x->first > y->first;
}

static enum status
list_pieces(struct spool *sp)
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

static enum status
begin_fresh(struct spool *sp)
{
	char name[NAME_ROOM];
	enum status st = piece_add(sp, 1);

	if (st != ST_OK)
		return st;
	name_of(1, name);
	sp->active = sp->io.create(sp->io.arg, sp->dir, name);
	if (sp->active < 0)
		return status_of_errno(errno);
	sp->marked = true;
	return sp->io.sync(sp->io.arg, sp->dir) == 0 ? ST_OK : ST_IO;
}

static enum status
replay_all(struct spool *sp, struct spool_report *met)
{
	struct replay r = {.sp = sp, .met = met};
	enum status st = list_pieces(sp);

	if (st != ST_OK)
		return st;
	met->fresh = sp->pieces == 0;
	if (met->fresh)
		return begin_fresh(sp);
	sp->next = sp->piece[0].first;
	sp->acked = sp->next - 1;
	for (size_t i = 0; st == ST_OK && i < sp->pieces; i++)
		st = replay_file(&r, i);
	/* It may have been begun and not got its marks: then it gets them. */
	sp->marked = sp->pieces == 1 || last_piece(sp)->first != sp->next;
	return st;
}

enum status
spool_open(int dir, const struct spool_config *c, struct spool **out,
	   struct spool_report *met)
{
	struct spool *sp;
	enum status st;

	must(c->quota >= SPOOL_QUOTA_MIN);
	*met = (struct spool_report){0};
	sp = calloc(1, sizeof(*sp));
	if (sp == NULL)
		return ST_NOMEM;
	sp->config = *c;
	sp->io = c->io != NULL ? *c->io : disk;
	sp->dir = dir;
	sp->active = sp->read_fd = -1;
	sp->next = 1;
	sp->piece_max = c->quota / SEGMENT_SHARE < SEGMENT_MAX
			    ? c->quota / SEGMENT_SHARE
			    : SEGMENT_MAX;
	buf_init(&sp->group, GROUP_MAX + MARKS_BYTES_MAX);
	st = replay_all(sp, met);
	if (st != ST_OK) {
		spool_close(sp);
		return st;
	}
	*out = sp;
	return ST_OK;
}

void
spool_close(struct spool *sp)
{
	if (sp == NULL)
		return;
	reading_ends(sp);
	while (sp->mark_count > 0)
		spool_forget(sp, sp->marks[0].task);
	if (sp->active >= 0)
		close(sp->active);
	buf_fini(&sp->group);
	free(sp->piece);
	free(sp);
}
