#include "extract/mail/pstdata.h"

#include <stdlib.h>
#include <string.h>

#include "extract/ole/le.h"

#define KIND_BLOCKS 1
#define KIND_NODES  2
#define LOOK_EVERY  4096

/* ---- bytes -----------------------------------------------------------------
 */

static bool
add_piece(struct pst_data *d, uint64_t bid)
{
	uint32_t n = pst_block_size(d->s, bid);

	if (n == 0) {
		d->s->damage++;
		return true;
	}
	if (d->count > d->s->p->size / 64) {
		d->s->damage++; /* more than there is room for */
		return false;
	}
	if (d->count % LOOK_EVERY == LOOK_EVERY - 1 && !job_in_time(d->s->x))
		return false;
	if (d->count == d->room) {
		size_t room = d->room == 0 ? 4 : d->room * 4;
		struct pst_piece *p =
		    realloc(d->pieces, room * sizeof(*d->pieces));

		if (p == NULL)
			return false;
		d->pieces = p;
		d->room = room;
	}
	d->size += n;
	d->pieces[d->count++] = (struct pst_piece){bid, d->size};
	return true;
}

struct list {
	uint8_t kind, level;
	unsigned count, head; /* bytes before the numbers */
	struct span s;
};

static bool
list_of(struct pst *s, uint64_t bid, struct list *l)
{
	l->s = pst_block(s, bid);
	if (l->s.len < 8)
		return false;
	l->kind = l->s.ptr[0];
	l->level = l->s.ptr[1];
	l->count = le16(l->s.ptr + 2);
	l->head = l->kind == KIND_BLOCKS || pst_wide(s) ? 8 : 4;
	return true;
}

/* Number i of a list of blocks; 0: there is none. */
static uint64_t
listed(struct pst *s, uint64_t bid, unsigned level, unsigned i)
{
	unsigned n = pst_number(s);
	struct list l;

	if (!list_of(s, bid, &l) || l.kind != KIND_BLOCKS || l.level != level ||
	    i >= l.count || (size_t)l.head + ((size_t)i + 1) * n > l.s.len)
		return 0;
	return pst_id(s, l.s.ptr + l.head + (size_t)i * n);
}

static bool
add_listed(struct pst_data *d, uint64_t bid)
{
	uint64_t piece;

	for (unsigned i = 0; (piece = listed(d->s, bid, 1, i)) != 0; i++)
		if (!add_piece(d, piece))
			return false;
	return true;
}

bool
pst_data_open(struct pst *s, uint64_t bid, struct pst_data *d)
{
	uint64_t below;
	struct list l;

	*d = (struct pst_data){.s = s};
	if (bid == 0)
		return false;
	if (!pst_is_internal(bid)) {
		(void)add_piece(d, bid);
	} else if (!list_of(s, bid, &l) || l.kind != KIND_BLOCKS) {
		s->damage++;
	} else if (l.level == 1) {
		(void)add_listed(d, bid);
	} else {
		for (unsigned i = 0; (below = listed(s, bid, 2, i)) != 0; i++)
			if (!add_listed(d, below))
				break;
	}
	return d->count > 0;
}

void
pst_data_close(struct pst_data *d)
{
	free(d->pieces);
	*d = (struct pst_data){0};
}

struct span
pst_data_piece(const struct pst_data *d, size_t i)
{
	return i < d->count ? pst_block(d->s, d->pieces[i].bid)
			    : span_of(NULL, 0);
}

/* The piece in which an offset lies. */
static size_t
piece_of(const struct pst_data *d, uint64_t off)
{
	size_t low = 0, high = d->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (d->pieces[mid].end <= off)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Beyond what the file has, it is as if it were unpacked. */
static bool
within_budget(struct pst *s, uint64_t n)
{
	s->given += n;
	return s->given <= s->p->size || job_spend(s->x, n);
}

static enum status
data_pread(void *arg, void *dst, size_t n, uint64_t off, size_t *got)
{
	const struct pst_data *d = arg;
	uint64_t begin;
	struct span s;
	size_t i;

	*got = 0;
	if (off >= d->size)
		return ST_OK;
	i = piece_of(d, off);
	begin = i == 0 ? 0 : d->pieces[i - 1].end;
	s = span_skip(pst_data_piece(d, i), (size_t)(off - begin));
	if (s.len == 0)
		return ST_MALFORMED;
	*got = n < s.len ? n : s.len;
	memcpy(dst, s.ptr, *got);
	return within_budget(d->s, *got) ? ST_OK : ST_LIMIT;
}

void
pst_data_part(struct pst_data *d, struct part *out)
{
	*out = (struct part){.arg = d, .pread = data_pread, .size = d->size};
}

/* ---- nodes below -----------------------------------------------------------
 */

/* The list at hand; false: there are no more. */
static bool
nodes_list(const struct pst_subs *l, struct list *out)
{
	unsigned n = pst_number(l->s);
	uint64_t bid;

	if (!list_of(l->s, l->bid, out) || out->kind != KIND_NODES ||
	    (out->level == 0 && l->list > 0))
		return false;
	if (out->level == 0)
		return true;
	if (l->list >= out->count ||
	    out->head + ((size_t)l->list + 1) * 2 * n > out->s.len)
		return false;
	bid =
	    pst_id(l->s, out->s.ptr + out->head + (size_t)l->list * 2 * n + n);
	if (!list_of(l->s, bid, out) || out->kind != KIND_NODES ||
	    out->level != 0) {
		l->s->damage++;
		out->count = 0;
	}
	return true;
}

bool
pst_subs_next(struct pst_subs *l, struct pst_node *n)
{
	size_t size = 3 * (size_t)pst_number(l->s), at;
	struct list list;
	const uint8_t *e;

	while (l->bid != 0 && nodes_list(l, &list)) {
		at = list.head + l->at * size;
		if (l->at < list.count && at + size <= list.s.len) {
			e = list.s.ptr + at;
			*n = (struct pst_node){
			    .nid = le32(e),
			    .data = pst_id(l->s, e + size / 3),
			    .subs = pst_id(l->s, e + size / 3 * 2),
			};
			l->at++;
			return true;
		}
		l->list++;
		l->at = 0;
	}
	return false;
}

bool
pst_subs_find(struct pst *s, uint64_t bid, uint32_t nid, struct pst_node *n)
{
	struct pst_subs l = {.s = s, .bid = bid};

	while (pst_subs_next(&l, n))
		if (n->nid == nid)
			return true;
	return false;
}
