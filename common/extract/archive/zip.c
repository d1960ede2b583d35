#include "extract/archive/zip.h"

#include <stdlib.h>
#include <string.h>

#include "extract/archive/once.h"
#include "extract/archive/zipdirectory.h"
#include "extract/archive/zipmember.h"
#include "extract/archive/zipview.h"
#include "extract/hold.h"
#include "extract/text.h"

#define GAP_MAX_PLAIN 24 /* a data descriptor: 12 to 24 bytes */

/* Bytes of the archive that are accounted for. */
struct range {
	uint64_t from, to;
};

struct zip {
	struct extractor *x;
	struct part *p;
	struct zip_directory dir;
	struct range *ranges;
	size_t range_count, range_room;
	struct once once;
};

static void
add_range(struct zip *z, uint64_t from, uint64_t to)
{
	size_t room = z->range_room == 0 ? 64 : z->range_room * 2;
	struct range *more;

	if (z->range_count == z->range_room) {
		more = reallocarray(z->ranges, room, sizeof(*more));
		if (more == NULL)
			return; /* its bytes are read once more, as text */
		z->ranges = more;
		z->range_room = room;
	}
	z->ranges[z->range_count++] = (struct range){from, to};
}

static bool
is_folder(const struct zip_member *m)
{
	return m->name_len > 0 && m->name[m->name_len - 1] == '/' &&
	       (m->packed == 0 || m->packed == ZIP_UNKNOWN);
}

static void
note_member(struct zip *z, const struct zip_member *m, enum cover_reason why)
{
	job_note_member(z->x, span_of(m->name, m->name_len), why, NULL);
}

static enum status
central_member(struct zip *z, struct zip_member *m, uint64_t start)
{
	struct zip_member here = {0};
	enum status st;

	if (start >= z->p->size) {
		note_member(z, m, COVER_TRUNCATED);
		return ST_OK;
	}
	part_seek(z->p, start);
	if (!zip_local(z->p, &here)) {
		note_member(z, m, COVER_MALFORMED);
		return ST_OK;
	}
	/* the local header is a second opinion; the directory leads */
	m->flags |= here.flags & 1;
	m->local = here.local;
	m->data = here.data;
	st = zip_content(z->x, z->p, m, NULL);
	add_range(z, start,
		  m->packed == ZIP_UNKNOWN ? z->p->pos : m->data + m->packed);
	return st;
}

/* What a kind of document left over, or all of it. */
static enum status
walk_view(struct zip *z, struct zip_view *v)
{
	struct zip_member m = {0};
	enum status st = ST_OK;

	for (size_t i = 0; st == ST_OK && !z->x->stop && i < v->count; i++) {
		const struct zip_entry *e = &v->entries[i];

		zip_view_fill(e, &m);
		if (e->done || is_folder(&m)) {
			continue;
		}
		if (!job_count(z->x))
			break;
		once_name(&z->once, m.name, &m.name_len);
		st = central_member(z, &m, e->local);
	}
	return st;
}

/* What lies where is known of the members that a kind took, too. */
static void
add_taken(struct zip *z, const struct zip_view *v)
{
	struct zip_member here;

	for (size_t i = 0; i < v->count; i++) {
		const struct zip_entry *e = &v->entries[i];

		if (!e->done || e->local >= z->p->size)
			continue;
		part_seek(z->p, e->local);
		if (zip_local(z->p, &here) && e->packed != ZIP_UNKNOWN)
			add_range(z, e->local, here.data + e->packed);
	}
}

/* A document that is a zip: who knows it reads first. ST_EOF: it is none. */
static enum status
read_kind(struct zip *z, struct zip_view *v)
{
	const struct zip_kind *k = zip_kind_of(v);
	const char *parser = z->x->parser;
	enum status st;

	if (k == NULL)
		return ST_EOF;
	z->x->parser = k->name;
	job_say_where(z->x);
	st = k->read(z->x, v);
	z->x->parser = parser;
	if (st == ST_OK)
		add_taken(z, v);
	return st;
}

static void
note_lost(struct zip *z, uint64_t seen)
{
	if (!z->x->stop && seen < z->dir.entries &&
	    z->dir.entries - seen != 65536)
		job_note(z->x, COVER_MALFORMED);
}

/* All names decide in which page they are, unless they say that it is UTF-8. */
static void
learn_names(struct zip *z, const struct zip_view *v)
{
	struct names_seen *n = &z->x->levels[z->x->depth].names;

	for (size_t i = 0; i < v->count; i++)
		names_learn(n, v->entries[i].name);
}

static enum status
read_view(struct zip *z, struct zip_view *v)
{
	enum status st;

	learn_names(z, v);
	st = read_kind(z, v);

	if (st == ST_EOF)
		st = ST_OK;
	if (st == ST_OK && !z->x->stop)
		st = walk_view(z, v);
	if (st == ST_OK)
		note_lost(z, v->count);
	return st;
}

static enum status
walk_directory(struct zip *z)
{
	struct zip_member m = {0};
	uint64_t local = 0, seen = 0;
	enum status st = ST_OK;

	while (st == ST_OK && !z->x->stop &&
	       zip_directory_next(z->p, &z->dir, &m, &local)) {
		seen++;
		if (is_folder(&m)) {
			continue;
		}
		if (!job_count(z->x))
			break;
		once_name(&z->once, m.name, &m.name_len);
		st = central_member(z, &m, local + z->dir.shift);
	}
	if (st == ST_OK)
		note_lost(z, seen);
	return st;
}

/* Behind streamed data: its sizes, with or without a signature. */
static void
skip_descriptor(struct part *p)
{
	static const unsigned char lens[] = {16, 24, 12, 20};
	struct span s = part_peek(p, 28);
	size_t i = s.len >= 4 && zip_u32(s.ptr) == 0x08074b50u ? 0 : 2;

	for (size_t end = i + 2; i < end; i++)
		if (s.len == lens[i] ||
		    (s.len >= lens[i] + 4u &&
		     memcmp(s.ptr + lens[i], "PK", 2) == 0)) {
			part_consume(p, lens[i]);
			return;
		}
}

static void
skip_to(struct part *p, uint64_t off)
{
	while (p->pos < off) {
		struct span s = part_ahead(p);
		size_t n = s.len;

		if (part_seekable(p)) {
			part_seek(p, off < p->size ? off : p->size);
			return;
		}
		if (n > off - p->pos)
			n = (size_t)(off - p->pos);
		if (n == 0)
			return;
		part_consume(p, n);
	}
}

/* Where a member that was read from its local header ends. */
static bool
leave_member(struct part *p, const struct zip_member *m, uint64_t end)
{
	if (m->packed != ZIP_UNKNOWN) {
		if (m->packed > end - m->data)
			return false;
		skip_to(p, m->data + m->packed);
		if (m->flags & 8)
			skip_descriptor(p);
	} else {
		skip_descriptor(p);
	}
	return true;
}

/* Members by their local headers, from the position on up to `end`. */
static enum status
walk_local(struct zip *z, uint64_t end)
{
	struct zip_member m = {0};
	enum status st = ST_OK;
	struct span s;

	while (st == ST_OK && !z->x->stop && z->p->pos < end) {
		if (!zip_local(z->p, &m)) {
			s = part_peek(z->p, 4);
			if (s.len < 4 || memcmp(s.ptr, "PK\1\2", 4) == 0)
				break;
			part_consume(z->p, 1); /* not to find it again */
			if (!zip_next_header(z->p, end))
				break;
			continue;
		}
		if (is_folder(&m))
			continue;
		if (!job_count(z->x))
			break;
		once_name(&z->once, m.name, &m.name_len);
		st = zip_content(z->x, z->p, &m, NULL);
		if (st == ST_OK && !z->x->stop && !leave_member(z->p, &m, end))
			break;
	}
	return st;
}

static int
by_start(const void *a, const void *b)
{
	const struct range *l = a, *r = b;

	return l->from < r->from ? -1 : l->from > r->from;
}

/* Bytes between members: what was deleted, comments, the directory itself. */
static enum status
read_gap(struct zip *z, uint64_t from, uint64_t to)
{
	uint8_t sig[4];
	enum status st = ST_OK;

	if (from > 0 && to - from <= GAP_MAX_PLAIN)
		return ST_OK;
	part_seek(z->p, from);
	if (part_pread(z->p, sig, 4, from) && zip_u32(sig) == ZIP_LOCAL)
		st = walk_local(z, to);
	if (st == ST_OK && !z->x->stop && z->p->pos < to)
		st = text_bytes(z->x, z->p, to - z->p->pos);
	return st;
}

static enum status
read_gaps(struct zip *z)
{
	uint64_t at = 0;
	bool lies = false;
	enum status st = ST_OK;
	size_t n = z->range_count;

	if (n > 0)
		qsort(z->ranges, n, sizeof(z->ranges[0]), by_start);
	for (size_t i = 0; i <= n && st == ST_OK && !z->x->stop; i++) {
		uint64_t from = i < n ? z->ranges[i].from : z->p->size;

		lies = lies || from < at;
		if (from > at)
			st = read_gap(z, at, from);
		if (i < n && z->ranges[i].to > at)
			at = z->ranges[i].to;
	}
	if (lies && st == ST_OK && !z->x->stop)
		job_note(z->x, COVER_MALFORMED);
	return st;
}

static enum status
read_listed(struct zip *z)
{
	struct zip_view v;
	enum status st = zip_view_open(z->x, z->p, &z->dir, &v);
	bool viewed = st == ST_OK;

	if (viewed)
		st = read_view(z, &v);
	zip_view_close(&v);
	if (!viewed && st == ST_LIMIT)
		st = walk_directory(z);
	return st == ST_OK && !z->x->stop ? read_gaps(z) : st;
}

/*
 * The list is gone: a document is told by its local headers, an archive is read
 * along them.
 */
static enum status
read_unlisted(struct zip *z)
{
	struct zip_view v;
	enum status st = zip_view_open(z->x, z->p, NULL, &v);

	job_note(z->x, COVER_TRUNCATED);
	if (st == ST_OK)
		st = read_kind(z, &v);
	else if (st == ST_LIMIT)
		st = ST_EOF; /* no document has so many */
	if (st == ST_OK && !z->x->stop)
		st = walk_view(z, &v);
	zip_view_close(&v);
	if (st != ST_EOF)
		return st == ST_OK && !z->x->stop ? read_gaps(z) : st;
	part_seek(z->p, 0);
	st = walk_local(z, z->p->size);
	if (st == ST_OK && !z->x->stop)
		st = job_rest(z->x, z->p);
	return st;
}

static enum status
read_seekable(struct zip *z)
{
	if (zip_directory_find(z->p, &z->dir))
		return read_listed(z);
	return read_unlisted(z);
}

static enum status
read_stream(struct zip *z)
{
	struct part *p = z->p;
	enum status st;
	struct hold h;

	z->p = &h.part;
	if (hold_part(z->x, p, &h)) {
		st = read_seekable(z);
	} else {
		st = walk_local(z, UINT64_MAX);
		if (st == ST_OK && !z->x->stop)
			st = job_rest(z->x, &h.part);
	}
	z->p = p;
	hold_end(z->x, &h);
	return st;
}

enum status
zip_part(struct extractor *x, struct part *p)
{
	struct zip z = {.x = x, .p = p};
	enum status st;

	x->levels[x->depth].names.dos = true;
	if (part_seekable(p) && p->size != UINT64_MAX)
		st = read_seekable(&z);
	else
		st = read_stream(&z);
	free(z.ranges);
	once_close(&z.once);
	return st;
}
