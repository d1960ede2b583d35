#include "runtime/spool_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void
spool_read_end(struct spool *sp)
{
	if (sp->read_first == 0)
		return;
	segment_close(&sp->reader);
	close(sp->read_fd);
	sp->read_fd = -1;
	sp->read_first = 0;
	sp->has_ahead = false;
}

static enum status
reading_begins(struct spool *sp, const struct piece *p)
{
	char name[SPOOL_NAME_ROOM];
	int fd;

	if (sp->read_first == p->first) {
		sp->reader.size = p->bytes;
		return ST_OK;
	}
	spool_read_end(sp);
	spool_piece_name(p->first, name);
	fd = openat(sp->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return status_of_errno(errno);
	segment_open(&sp->reader, fd, 0, p->bytes);
	sp->read_fd = fd;
	sp->read_first = p->first;
	return ST_OK;
}

bool
spool_is_ours(const struct spool *sp, const struct segment_entry *e)
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
		sp->has_ahead = sp->ahead.kind != SEGMENT_MARK &&
				spool_is_ours(sp, &sp->ahead);
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
		spool_read_end(sp); /* back to an earlier number */
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
