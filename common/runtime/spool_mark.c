#include "runtime/spool_impl.h"

#include <stdlib.h>
#include <string.h>

/* Place of a task's mark; mark_count when it has none. */
static size_t
mark_place(const struct spool *sp, uint64_t task)
{
	size_t i = 0;

	while (i < sp->mark_count && sp->marks[i].task != task)
		i++;
	return i;
}

struct mark *
spool_mark_find(struct spool *sp, uint64_t task)
{
	size_t i = mark_place(sp, task);

	return i < sp->mark_count ? &sp->marks[i] : NULL;
}

struct mark *
spool_mark_make(struct spool *sp, uint64_t task)
{
	struct mark *m = spool_mark_find(sp, task);

	if (m != NULL || sp->mark_count == SPOOL_TASKS_MAX)
		return m;
	m = &sp->marks[sp->mark_count++];
	*m = (struct mark){.task = task};
	return m;
}

enum status
spool_mark_copy(struct span s, uint8_t **out)
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
void
spool_mark_move(struct mark *m, const struct segment_entry *e, uint8_t *cursor)
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
