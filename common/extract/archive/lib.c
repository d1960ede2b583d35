#include <stdio.h>

#include "extract/archive/lib_impl.h"

#define BLOCK (PART_BUF - PART_BACK)

static la_ssize_t
on_read(struct archive *a, void *arg, const void **buf)
{
	struct lib *l = arg;
	struct span s;

	(void)a;
	part_consume(l->p, l->given);
	l->given = 0;
	if (!job_in_time(l->x))
		return ARCHIVE_FATAL;
	/* what comes of damage depends on the blocks, so they are alike
	   whatever the way in */
	s = part_peek(l->p, BLOCK);
	if (s.len > BLOCK)
		s.len = BLOCK;
	if (s.len > l->unit)
		s.len -= s.len % l->unit;
	l->given = s.len;
	*buf = s.ptr;
	return (la_ssize_t)s.len;
}

static la_int64_t
on_skip(struct archive *a, void *arg, la_int64_t n)
{
	struct lib *l = arg;
	uint64_t left;

	(void)a;
	part_consume(l->p, l->given);
	l->given = 0;
	if (!l->seeks || n <= 0)
		return 0;
	left = l->p->pos < l->p->size ? l->p->size - l->p->pos : 0;
	if ((uint64_t)n > left)
		n = (la_int64_t)left;
	part_seek(l->p, l->p->pos + (uint64_t)n);
	return n;
}

static la_int64_t
on_seek(struct archive *a, void *arg, la_int64_t off, int whence)
{
	struct lib *l = arg;
	la_int64_t base = 0;

	(void)a;
	if (whence == SEEK_CUR)
		base = (la_int64_t)(l->p->pos + l->given);
	else if (whence == SEEK_END)
		base = (la_int64_t)l->p->size;
	if (off > INT64_MAX - base || off + base < 0)
		return ARCHIVE_FATAL;
	l->given = 0;
	l->sought = true;
	part_seek(l->p, (uint64_t)(off + base));
	return off + base;
}

bool
lib_open(struct lib *l, struct extractor *x, struct part *p)
{
	*l = (struct lib){.x = x, .p = p, .base = p->pos, .unit = 1};
	l->seeks = part_seekable(p) && p->size != UINT64_MAX;
	l->a = archive_read_new();
	return l->a != NULL;
}

int
lib_start(struct lib *l)
{
	archive_read_set_callback_data(l->a, l);
	archive_read_set_read_callback(l->a, on_read);
	archive_read_set_skip_callback(l->a, on_skip);
	if (l->seeks)
		archive_read_set_seek_callback(l->a, on_seek);
	return archive_read_open1(l->a);
}

/* Go to offset `to` of the archive, as far as the part still can. */
void
lib_stand(struct lib *l, la_int64_t to)
{
	uint64_t at = l->base + (uint64_t)to, end = l->p->pos + l->given;

	if (to < 0)
		return;
	l->given = 0;
	if (at >= l->p->pos && at <= end)
		part_consume(l->p, (size_t)(at - l->p->pos));
	else if (l->seeks && at <= l->p->size)
		part_seek(l->p, at);
	else if (at < l->p->pos && l->p->pos - at <= PART_BACK &&
		 l->p->pos - at <= l->p->at)
		part_unread(l->p, (size_t)(l->p->pos - at));
}

/* The part stands behind what the archive used of it. */
void
lib_close(struct lib *l)
{
	if (!l->sought && !l->placed)
		lib_stand(l, archive_filter_bytes(l->a, -1));
	archive_read_free(l->a);
	l->a = NULL;
}
