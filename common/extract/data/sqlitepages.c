#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "extract/data/sqlite.h"
#include "extract/data/sqlitepage.h"
#include "extract/made.h"
#include "extract/text.h"

#define HEADER         100
#define PAGE_MIN       512
#define PAGE_MAX       65536
#define MAPPED_MAX     (UINT64_C(1) << 28) /* pages whose state is kept */
#define LOOK_EVERY     256 /* pages between looks at the clock */
#define WAL_HEADER     32
#define FRAME_HEADER   24
#define JOURNAL_HEADER 28

struct pages {
	struct extractor *x;
	struct part *part;
	uint8_t page[PAGE_MAX];
	uint32_t size, usable;
	uint64_t count;
	uint8_t *freed; /* a bit for each page, from 1 */
	struct made *made;
	const char *words; /* before the page's number, or NULL */
	uint64_t frame;
};

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static bool
is_page_size(uint64_t n)
{
	return n >= PAGE_MIN && n <= PAGE_MAX && (n & (n - 1)) == 0;
}

static size_t
say_page(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	static const char *const words[] = {"page", "unused space of page",
					    "rows of page"};
	int n =
	    snprintf(dst, room, "%s %lu", words[m->b % 3], (unsigned long)m->a);

	(void)arg;
	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

/* ---- pages of a database ---------------------------------------------------
 */

static bool
bit(const struct pages *s, uint64_t n)
{
	return s->freed != NULL && (s->freed[n / 8] >> n % 8 & 1);
}

static void
set_bit(struct pages *s, uint64_t n)
{
	if (n >= 1 && n <= s->count)
		s->freed[n / 8] |= (uint8_t)(1 << n % 8);
}

static bool
read_page(struct pages *s, uint64_t number)
{
	return part_pread(s->part, s->page, s->size, (number - 1) * s->size);
}

/* Trunks of the list of free pages name the others; section 1.5. */
static void
find_freed(struct pages *s, uint32_t trunk)
{
	s->freed = s->count < MAPPED_MAX ? calloc(1, s->count / 8 + 1) : NULL;
	while (s->freed != NULL && trunk >= 1 && trunk <= s->count &&
	       !bit(s, trunk) && job_in_time(s->x)) {
		uint32_t n, most = s->size / 4 - 2;

		set_bit(s, trunk);
		if (!read_page(s, trunk))
			return;
		trunk = be32(s->page);
		n = be32(s->page + 4);
		for (uint32_t i = 0; i < n && i < most; i++)
			set_bit(s, be32(s->page + 8 + 4 * i));
	}
}

static void
put_page(struct pages *s, uint64_t number, bool all)
{
	const struct sqlitepage p = {.made = s->made,
				     .bytes = span_of(s->page, s->size),
				     .number = (uint32_t)number,
				     .usable = s->usable};
	bool tree = sqlitepage_is_tree(&p);

	all |= bit(s, number);
	if (tree && all)
		sqlitepage_rows(&p);
	if (tree)
		sqlitepage_unused(&p);
	else if (all)
		sqlitepage_bytes(&p);
}

static enum status
put_pages(struct pages *s, bool all)
{
	enum status st = made_begin(s->x, &s->made, say_page, s);

	if (st != ST_OK)
		return st;
	for (uint64_t n = 1; n <= s->count && !s->x->stop; n++) {
		if (n % LOOK_EVERY == 0 && !job_in_time(s->x))
			break;
		if (!read_page(s, n)) {
			job_note(s->x, COVER_TRUNCATED);
			break;
		}
		put_page(s, n, all);
	}
	return made_end(s->made);
}

/* What follows the last whole page; all of it when there are none. */
static enum status
put_rest(struct pages *s)
{
	part_seek(s->part, s->count * s->size);
	return s->part->pos < s->part->size ? job_rest(s->x, s->part) : ST_OK;
}

static enum status
read_database(struct pages *s, bool all)
{
	uint8_t h[HEADER];
	enum status st = ST_OK;

	if (!part_pread(s->part, h, sizeof(h), 0))
		return job_rest(s->x, s->part);
	s->size = (uint32_t)h[16] << 8 | h[17];
	if (s->size == 1)
		s->size = PAGE_MAX;
	if (!is_page_size(s->size) || h[20] > s->size - 480)
		return job_rest(s->x, s->part);
	s->usable = s->size - h[20];
	s->count = s->part->size / s->size;
	find_freed(s, be32(h + 32));
	st = put_pages(s, all);
	free(s->freed);
	return st == ST_OK && !s->x->stop ? put_rest(s) : st;
}

static struct pages *
pages_new(struct extractor *x, struct part *p)
{
	struct pages *s = calloc(1, sizeof(*s));

	if (s != NULL) {
		s->x = x;
		s->part = p;
	}
	return s;
}

enum status
sqlite_pages(struct extractor *x, struct part *p, bool all)
{
	struct pages *s = pages_new(x, p);
	enum status st = s == NULL ? ST_NOMEM : read_database(s, all);

	free(s);
	return st;
}

/* ---- logs ------------------------------------------------------------------
 */

bool
sqlite_is_wal(struct format_look *l)
{
	const uint8_t *h = l->head.ptr;

	return l->head.len >= WAL_HEADER && be32(h) >> 1 == 0x377f0682 >> 1 &&
	       be32(h + 4) == 3007000 && is_page_size(be32(h + 8));
}

/* A page that a log holds, behind `before` bytes that start with its number. */
static bool
next_page(struct pages *s, size_t before, uint32_t *number)
{
	uint8_t h[FRAME_HEADER];

	if (part_read(s->part, h, before) < before)
		return false;
	*number = be32(h);
	return part_read(s->part, s->page, s->size) == s->size;
}

/* At most `most` pages; what they lack is looked at by the caller. */
static enum status
put_log(struct pages *s, size_t before, size_t behind, uint64_t most)
{
	enum status st = made_begin(s->x, &s->made, say_page, s);
	uint8_t sum[8];
	uint32_t number;

	if (st != ST_OK)
		return st;
	for (uint64_t n = 0; n < most && !s->x->stop; n++) {
		size_t whole = before + s->size + behind;

		if ((n % LOOK_EVERY == 0 && !job_in_time(s->x)) ||
		    s->part->size - s->part->pos < whole ||
		    !next_page(s, before, &number))
			break;
		put_page(s, number, true);
		part_read(s->part, sum, behind);
	}
	return made_end(s->made);
}

enum status
sqlite_wal_part(struct extractor *x, struct part *p)
{
	struct pages *s = pages_new(x, p);
	enum status st = ST_NOMEM;

	if (s != NULL) {
		s->size = s->usable = be32(part_peek(p, WAL_HEADER).ptr + 8);
		part_consume(p, WAL_HEADER);
		st = put_log(s, FRAME_HEADER, 0, UINT64_MAX);
	}
	free(s);
	if (st != ST_OK || x->stop || p->pos == p->size)
		return st;
	job_note(x, COVER_TRUNCATED);
	return job_rest(x, p);
}

/*
 * Section 3: headers as long as a sector; behind each as many numbers, pages
 * and sums as it says, up to the next sector.
 */
static enum status
put_journal(struct pages *s)
{
	struct span h = part_peek(s->part, JOURNAL_HEADER);
	uint32_t sector, count;
	uint64_t gap;
	enum status st;

	if (h.len < JOURNAL_HEADER ||
	    memcmp(h.ptr, SQLITE_JOURNAL_MAGIC, 8) != 0)
		return ST_EOF;
	count = be32(h.ptr + 8);
	sector = be32(h.ptr + 20);
	s->size = s->usable = be32(h.ptr + 24);
	if (!is_page_size(sector) || !is_page_size(s->size) ||
	    s->part->size - s->part->pos < sector)
		return ST_EOF;
	part_seek(s->part, s->part->pos + sector);
	st = put_log(s, 4, 4, count == 0 ? UINT64_MAX : count);
	gap = (sector - s->part->pos % sector) % sector;
	if (gap <= s->part->size - s->part->pos)
		part_seek(s->part, s->part->pos + gap);
	return st;
}

enum status
sqlite_journal_part(struct extractor *x, struct part *p)
{
	struct pages *s = pages_new(x, p);
	enum status st = s == NULL ? ST_NOMEM : ST_OK;

	while (st == ST_OK && !x->stop)
		st = put_journal(s);
	free(s);
	return st == ST_EOF ? job_rest(x, p) : st;
}
