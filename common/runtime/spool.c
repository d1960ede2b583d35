#include "runtime/spool.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/must.h"
#include "runtime/spool_impl.h"

#define SEGMENT_MAX   (4u * 1024 * 1024) /* bytes, then a new file */
#define SEGMENT_SHARE 8                  /* files a quota has at least */
#define GROUP_MAX     (2u * SEGMENT_ENTRY_MAX)
#define MARKS_BYTES_MAX                                                        \
	(SPOOL_TASKS_MAX * (SEGMENT_HEAD + SEGMENT_MORE + ORDER_CURSOR_MAX))

/* ---- append ---- */

static uint64_t
marks_size(const struct spool *sp)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < sp->mark_count; i++)
		sum += SEGMENT_HEAD + SEGMENT_MORE + sp->marks[i].cursor_len;
	return sum;
}

/* The last piece can take so much more; a new one is begun when it is full. */
static enum status
room_for(struct spool *sp, uint64_t size)
{
	const struct piece *p = spool_piece_last(sp);
	bool fits = sp->active >= 0 && sp->marked &&
		    (p->first == sp->next || p->bytes + size <= sp->piece_max);
	uint64_t more = fits ? size : size + marks_size(sp);

	if (spool_bytes(sp) + more > sp->config.quota)
		return ST_FULL;
	return fits ? ST_OK : spool_piece_turn(sp);
}

enum status
spool_append(struct spool *sp, struct spool_entry *given)
{
	struct segment_entry e = spool_piece_entry(sp, SEGMENT_BATCH, sp->next);
	struct mark *m = spool_mark_make(sp, given->task);
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
		st = spool_mark_copy(e.cursor, &cursor);
	if (st != ST_OK)
		return st;
	buf_clear(&sp->group);
	st = segment_encode(&e, &sp->group);
	if (st == ST_OK)
		st = spool_piece_put(sp);
	if (st != ST_OK) {
		free(cursor);
		return st;
	}
	given->seq = sp->next++;
	spool_piece_last(sp)->end = sp->next;
	spool_mark_move(m, &e, cursor);
	return ST_OK;
}

/* ---- acknowledge ---- */

/* When all is acknowledged nothing need lie on the spool_disk or in memory. */
static void
tidy(struct spool *sp)
{
	const struct piece *p = spool_piece_last(sp);

	if (sp->acked + 1 != sp->next || p->first == sp->next)
		return;
	spool_read_end(sp);
	if (sp->mark_count > 0 && p->bytes <= sp->piece_max / 2)
		return;
	if (spool_piece_turn(sp) != ST_OK)
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
	spool_piece_drop_acked(sp);
	tidy(sp);
	return ST_OK;
}

void
spool_forget(struct spool *sp, uint64_t task)
{
	struct mark *m = spool_mark_find(sp, task);

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
	st = spool_piece_turn(sp);
	if (st != ST_OK) {
		sp->next = before;
		return st;
	}
	for (; st == ST_OK && from < before; from++)
		st = append_again(sp, from);
	return st == ST_OK ? spool_ack(sp, seq) : st;
}

/* ---- open ---- */

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
	sp->io = c->io != NULL ? *c->io : spool_disk;
	sp->dir = dir;
	sp->active = sp->read_fd = -1;
	sp->next = 1;
	sp->piece_max = c->quota / SEGMENT_SHARE < SEGMENT_MAX
			    ? c->quota / SEGMENT_SHARE
			    : SEGMENT_MAX;
	buf_init(&sp->group, GROUP_MAX + MARKS_BYTES_MAX);
	st = spool_replay(sp, met);
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
	spool_read_end(sp);
	while (sp->mark_count > 0)
		spool_forget(sp, sp->marks[0].task);
	if (sp->active >= 0)
		close(sp->active);
	buf_fini(&sp->group);
	free(sp->piece);
	free(sp);
}
