#include <string.h>

#include "base/codec.h"
#include "extract/data/rows_impl.h"

#define BINARY_LEAST 32   /* bytes; shorter ones are no files */
#define LONG_LEAST   4096 /* bytes of text that gets lines of its own */

/* ---- taken -----------------------------------------------------------------
 */

/* "42" or "7, north": what of it may be said is asked when it has to be. */
static void
remember_key(struct rows_reader *r)
{
	struct key *k = &r->keys[r->number % KEYS];
	uint32_t n = 0;

	k->row = r->number;
	k->len = 0;
	for (uint32_t i = 0; i < r->count; i++) {
		struct span s = r->cells[i];

		if (!(r->columns[i].flags & ROWS_KEY))
			continue;
		if (s.len == 0 || s.len + n + 3 > sizeof(k->text))
			return;
		if (n > 0) {
			memcpy(k->text + n, ", ", 2);
			n += 2;
		}
		memcpy(k->text + n, s.ptr, s.len);
		n += (uint32_t)s.len;
	}
	k->text[n] = 0;
	k->len = n;
}

/* The cells at the front of s; false: not all of them are there. */
static bool
split(struct rows_reader *r, struct span *s)
{
	struct span at = *s;

	for (uint32_t i = 0; i < r->count; i++) {
		uint32_t n;

		if (at.len < 4)
			return false;
		n = codec_get32(at.ptr);
		at = span_skip(at, 4);
		r->cells[i] = span_of(NULL, 0);
		if (n == ROWS_NULL)
			continue;
		if (n > ROWS_CELL || n > at.len)
			return false;
		r->cells[i] = span_of(at.ptr, n);
		at = span_skip(at, n);
	}
	*s = at;
	return true;
}

static enum status
gather(struct rows_reader *r, size_t n)
{
	enum status st = buf_reserve(&r->row, n);

	r->broken |= st == ST_LIMIT;
	if (st == ST_OK && rows_take(r, r->row.data + r->row.len, n))
		r->row.len += n;
	return st == ST_LIMIT ? ST_OK : st;
}

/* A row of which the rest is still to come. */
static enum status
gather_row(struct rows_reader *r)
{
	enum status st = ST_OK;
	struct span s;

	r->row.len = 0; /* not wiped: the next one covers it */
	for (uint32_t i = 0; i < r->count && st == ST_OK && !r->broken; i++) {
		size_t at = r->row.len;
		uint32_t n;

		st = gather(r, 4);
		if (st != ST_OK || r->broken)
			break;
		n = codec_get32(r->row.data + at);
		if (n == ROWS_NULL)
			continue;
		if (n > ROWS_CELL)
			r->broken = true;
		else
			st = gather(r, n);
	}
	if (st != ST_OK || r->broken)
		return st;
	s = buf_span(&r->row);
	r->broken = !split(r, &s);
	return ST_OK;
}

static enum status
take_row(struct rows_reader *r)
{
	enum status st = split(r, &r->in) ? ST_OK : gather_row(r);

	if (st != ST_OK || r->broken)
		return st;
	r->number++;
	remember_key(r);
	return ST_OK;
}

/* ---- told ------------------------------------------------------------------
 */

static bool
is_bytes(const struct rows_reader *r, uint32_t i)
{
	return (r->columns[i].flags & ROWS_BINARY) &&
	       r->cells[i].len >= BINARY_LEAST;
}

static bool
stands_alone(const struct rows_reader *r, uint32_t i)
{
	return r->cells[i].len >= LONG_LEAST || is_bytes(r, i);
}

/* The bytes at the front that part no cells, eight at a time. */
static size_t
plain_run(struct span s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	size_t n = 0;

	for (; s.len - n >= 8; n += 8) {
		uint64_t x;

		memcpy(&x, s.ptr + n, sizeof(x));
		if (((x - ones * ' ') & ~x & ones * 0x80) != 0)
			break;
	}
	while (n < s.len && s.ptr[n] >= ' ')
		n++;
	return n;
}

static void
put_inline(struct made *m, struct span s)
{
	while (s.len > 0) {
		size_t n = plain_run(s);

		if (n > 0)
			made_text(m, span_of(s.ptr, n));
		if (n < s.len)
			made_byte(m, ' ');
		s = span_skip(s, n + 1);
	}
}

static void
put_line(struct rows_reader *r)
{
	for (uint32_t i = 0; i < r->count; i++) {
		struct span s = r->cells[i];

		if (i > 0)
			made_byte(r->made, '\t');
		if (s.len == 0 || stands_alone(r, i))
			continue;
		if (r->columns[i].late) {
			made_text(r->made, span_str(r->columns[i].name));
			made_text(r->made, span_str(": "));
		}
		made_mark(r->made, r->number, i);
		put_inline(r->made, s);
	}
	made_byte(r->made, '\n');
}

static void
put_long(struct rows_reader *r, uint32_t i)
{
	made_text(r->made, span_str(r->columns[i].name));
	made_text(r->made, span_str(": "));
	made_mark(r->made, r->number, i);
	made_text(r->made, r->cells[i]);
	made_byte(r->made, '\n');
}

static enum status
put_member(struct rows_reader *r, uint32_t i)
{
	char name[JOB_NAME_MAX];
	size_t n = rows_place(r, r->number, i, name, sizeof(name));
	struct part p;

	part_memory(&p, r->cells[i]);
	return job_count(r->x) ? job_member(r->x, &p, span_of(name, n)) : ST_OK;
}

/* Behind the row: long text in lines of its own, bytes as a member. */
static enum status
put_alone(struct rows_reader *r)
{
	enum status st = ST_OK;

	for (uint32_t i = 0; i < r->count && st == ST_OK && !r->x->stop; i++) {
		if (is_bytes(r, i))
			st = put_member(r, i);
		else if (stands_alone(r, i))
			put_long(r, i);
	}
	return st;
}

enum status
rows_put(struct rows_reader *r)
{
	enum status st = take_row(r);

	if (st != ST_OK || r->broken)
		return st;
	put_line(r);
	return put_alone(r);
}
