#include "extract/ole/cfb.h"
#include "extract/ole/cfb_impl.h"

typedef uint32_t chain_fn(const struct cfb *c, uint32_t n);

/* To the sector `want` of its chain, from where it stands when that is before.
 */
static void
seek(struct cfb_stream *s, uint32_t want, chain_fn *next)
{
	if (want < s->at || s->sector == CFB_NONE) {
		s->at = 0;
		s->sector = s->start;
	}
	for (; s->at < want; s->at++)
		s->sector = next(s->c, s->sector);
}

/* ---- streams ---------------------------------------------------------------
 */

/* Bytes of one stretch of sectors that follow one another. */
static enum status
read_run(struct cfb_stream *s, void *dst, size_t n, uint64_t off, size_t *got)
{
	const struct cfb *c = s->c;
	uint32_t want = (uint32_t)(off >> c->shift), last;
	uint64_t in = off & (cfb_sector_size(c) - 1), room;

	*got = 0;
	seek(s, want, cfb_next);
	room = cfb_sector_size(c) - in;
	for (last = s->sector; room < n && cfb_next(c, last) == last + 1;
	     last++)
		room += cfb_sector_size(c);
	n = n < room ? n : (size_t)room;
	if (s->sector >= c->fat_count)
		return ST_MALFORMED;
	while (n > 0 &&
	       !part_pread(c->p, dst, n, cfb_sector_at(c, s->sector) + in))
		n /= 2; /* the file ends within a sector */
	*got = n;
	return ST_OK;
}

static enum status
read_mini(struct cfb_stream *s, void *dst, size_t n, uint64_t off, size_t *got)
{
	const struct cfb *c = s->c;
	const struct cfb_entry *root = &c->entries[0];
	uint32_t want = (uint32_t)(off >> c->mini_shift);
	uint64_t in = off & ((1u << c->mini_shift) - 1), from, at;

	*got = 0;
	seek(s, want, cfb_next_mini);
	from = ((uint64_t)s->sector << c->mini_shift) + in;
	if (from >= root->size)
		return ST_OK;
	if (n > (1u << c->mini_shift) - in)
		n = (size_t)((1u << c->mini_shift) - in);
	if (n > root->size - from)
		n = (size_t)(root->size - from);
	if (from >> c->shift >= c->small_count)
		return ST_OK;
	at = cfb_sector_at(c, c->small[from >> c->shift]) +
	     (from & (cfb_sector_size(c) - 1));
	if (at < c->p->size && n > c->p->size - at)
		n = (size_t)(c->p->size - at); /* the file ends within it */
	if (!part_pread(c->p, dst, n, at))
		return ST_OK;
	*got = n;
	return ST_OK;
}

static enum status
stream_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	struct cfb_stream *s = arg;

	*got = 0;
	if (off >= s->size)
		return ST_OK;
	if (n > s->size - off)
		n = (size_t)(s->size - off);
	return s->mini ? read_mini(s, dst, n, off, got)
		       : read_run(s, dst, n, off, got);
}

void
cfb_part(const struct cfb *c, uint32_t entry, struct cfb_stream *s,
	 struct part *out)
{
	const struct cfb_entry *e = &c->entries[entry];

	*s = (struct cfb_stream){.c = c,
				 .start = e->start,
				 .sector = CFB_NONE,
				 .size = e->size,
				 .mini = e->mini};
	*out = (struct part){.arg = s, .pread = stream_pread, .size = e->size};
}

/* ---- what no chain holds ---------------------------------------------------
 */

/* A sector whose bytes nobody has read, from n on; false: none is left. */
static bool
unused_from(const struct cfb *c, uint64_t *n)
{
	for (; cfb_sector_at(c, (uint32_t)*n) < c->p->size; ++*n)
		if (*n >= c->fat_count ||
		    (c->used[*n >> 3] & 1u << (*n & 7)) == 0)
			return true;
	return false;
}

uint64_t
cfb_unused_size(const struct cfb *c)
{
	uint64_t n = 0, size = 0;

	while (unused_from(c, &n)) {
		uint64_t at = cfb_sector_at(c, (uint32_t)n++);

		size += c->p->size - at < cfb_sector_size(c)
			    ? c->p->size - at
			    : cfb_sector_size(c);
	}
	return size;
}

enum status
cfb_unused_read(void *arg, void *dst, size_t n, size_t *got)
{
	struct cfb_unused *u = arg;
	const struct cfb *c = u->c;
	uint64_t in = u->at & (cfb_sector_size(c) - 1), sector, at;

	*got = 0;
	sector = u->at >> c->shift;
	if (!unused_from(c, &sector))
		return ST_OK;
	if (sector != u->at >> c->shift)
		in = 0;
	at = cfb_sector_at(c, (uint32_t)sector) + in;
	if (n > cfb_sector_size(c) - in)
		n = (size_t)(cfb_sector_size(c) - in);
	if (n > c->p->size - at)
		n = (size_t)(c->p->size - at);
	if (!part_pread(c->p, dst, n, at))
		return ST_IO;
	*got = n;
	u->at = (sector << c->shift) + in + n;
	return ST_OK;
}
