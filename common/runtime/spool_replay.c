#include "runtime/spool_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAIL_MAX 4096 /* numbers lost at a tail */

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
	if (sp->holes == SPOOL_HOLES_MAX)
		sp->holes_more = true;
	else
		sp->hole[sp->holes++] = (struct range){from, to};
}

/* The task goes on from where it stood before the damage. */
static enum status
hold(struct spool *sp, uint64_t task)
{
	struct mark *m = task != 0 ? spool_mark_make(sp, task) : NULL;

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
	st = spool_mark_copy(e->cursor, &cursor);
	if (st == ST_OK)
		spool_mark_move(m, e, cursor);
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
	m = spool_mark_find(sp, e->task);
	if (m != NULL && m->held && (e->flags & SEGMENT_AGAIN) == 0)
		return ST_OK;
	return replay_move(spool_mark_make(sp, e->task), e);
}

static enum status
replay_mark(struct replay *r, const struct segment_entry *e)
{
	const struct mark *m = spool_mark_find(r->sp, e->task);

	if (m != NULL && (m->held || e->seq < m->seq))
		return ST_OK;
	return replay_move(spool_mark_make(r->sp, e->task), e);
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
	if (!spool_is_ours(r->sp, e)) {
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
	struct segment_entry e = spool_piece_entry(sp, SEGMENT_HOLE, sp->next);
	enum status st;

	e.count = count;
	e.task = r->task;
	buf_clear(&sp->group);
	st = segment_encode(&e, &sp->group);
	if (st == ST_OK)
		st = spool_piece_put(sp);
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
	struct piece *p = spool_piece_last(sp);
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
	char name[SPOOL_NAME_ROOM];
	struct stat info;
	enum status st = ST_IO;
	int fd;

	spool_piece_name(sp->piece[i].first, name);
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

enum status
spool_replay(struct spool *sp, struct spool_report *met)
{
	struct replay r = {.sp = sp, .met = met};
	enum status st = spool_piece_list(sp);

	if (st != ST_OK)
		return st;
	met->fresh = sp->pieces == 0;
	if (met->fresh)
		return spool_piece_fresh(sp);
	sp->next = sp->piece[0].first;
	sp->acked = sp->next - 1;
	for (size_t i = 0; st == ST_OK && i < sp->pieces; i++)
		st = replay_file(&r, i);
	/* It may have been begun and not got its marks: then it gets them. */
	sp->marked = sp->pieces == 1 || spool_piece_last(sp)->first != sp->next;
	return st;
}
