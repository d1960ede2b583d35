#include "extract/data/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "extract/made.h"
#include "model/rows.h"

#define KEYS         32768 /* rows whose keys are remembered */
#define KEY_TEXT     40
#define KEY_DIGITS   9    /* so many could be what is looked for */
#define BINARY_LEAST 32   /* bytes; shorter ones are no files */
#define LONG_LEAST   4096 /* bytes of text that gets lines of its own */
#define ROW_MAX      ((size_t)64 << 20) /* bytes of one row */

struct column {
	char *name;
	uint8_t flags;
	bool late; /* not in the head: its cells bring their name along */
};

/* The key of a row whose text may still be on its way. */
struct key {
	uint32_t row;
	uint32_t len;        /* 0: none that could be said */
	char text[KEY_TEXT]; /* ends with a 0 */
};

struct reader {
	struct extractor *x;
	struct part *p;
	struct made *made;
	struct column *columns;
	uint32_t count;
	struct span *cells; /* of the row at hand; ptr NULL: none */
	struct span in;     /* of the part: there, and not taken yet */
	size_t held;        /* bytes of it when it came */
	struct buf row;     /* when it does not stand in one piece there */
	uint32_t number;    /* of the row at hand, from 1 */
	struct key *keys;
	bool broken; /* the stream is not as it should be */
};

/* ---- bytes ---- */

/* What was taken is so for the part, too. */
static void
settle(struct reader *r)
{
	part_consume(r->p, r->held - r->in.len);
	r->held = r->in.len;
}

/* A pipe is asked for much at once: a call for each cell costs more than it. */
static bool
refill(struct reader *r)
{
	if (r->in.len > 0)
		return true;
	settle(r);
	r->in = part_ahead(r->p);
	r->held = r->in.len;
	return r->in.len > 0;
}

static size_t
take_some(struct reader *r, void *dst, size_t n)
{
	if (!refill(r))
		return 0;
	if (n > r->in.len)
		n = r->in.len;
	memcpy(dst, r->in.ptr, n);
	r->in = span_skip(r->in, n);
	return n;
}

static bool
take(struct reader *r, void *dst, size_t n)
{
	uint8_t *to = dst;
	size_t got = 1;

	for (; n > 0 && got > 0; n -= got, to += got)
		got = take_some(r, to, n);
	r->broken |= n > 0;
	return n == 0;
}

static bool
take32(struct reader *r, uint32_t *n)
{
	uint8_t raw[4] = {0};
	bool whole = take(r, raw, sizeof(raw));

	*n = codec_get32(raw);
	return whole;
}

/* ---- places ---- */

/* A key that says no more than which row it is. */
static bool
may_be_said(struct span key)
{
	size_t digits = 0;

	for (size_t i = 0; i < key.len; i++) {
		if (key.ptr[i] < ' ' || key.ptr[i] == 0x7f)
			return false;
		digits += key.ptr[i] >= '0' && key.ptr[i] <= '9';
	}
	return key.len > 0 && key.len < KEY_TEXT && digits < KEY_DIGITS;
}

static size_t
place_of(const struct reader *r, uint32_t row, uint32_t column, char *dst,
	 size_t room)
{
	const struct key *k = &r->keys[row % KEYS];
	bool said = k->row == row && may_be_said(span_of(k->text, k->len));
	const char *key = said ? k->text : "";
	int n = snprintf(dst, room, "row %u %s%s%s", row,
			 column < r->count ? r->columns[column].name : "",
			 key[0] != 0 ? ", key " : "", key);

	return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

static size_t
say(const void *arg, const struct made_mark *m, char *dst, size_t room)
{
	return place_of(arg, m->a, m->b, dst, room);
}

/* "42" or "7, north": what of it may be said is asked when it has to be. */
static void
remember_key(struct reader *r)
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

/* ---- a row ---- */

/* The cells at the front of s; false: not all of them are there. */
static bool
split(struct reader *r, struct span *s)
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
gather(struct reader *r, size_t n)
{
	enum status st = buf_reserve(&r->row, n);

	r->broken |= st == ST_LIMIT;
	if (st == ST_OK && take(r, r->row.data + r->row.len, n))
		r->row.len += n;
	return st == ST_LIMIT ? ST_OK : st;
}

/* A row of which the rest is still to come. */
static enum status
gather_row(struct reader *r)
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
take_row(struct reader *r)
{
	enum status st = split(r, &r->in) ? ST_OK : gather_row(r);

	if (st != ST_OK || r->broken)
		return st;
	r->number++;
	remember_key(r);
	return ST_OK;
}

static bool
is_bytes(const struct reader *r, uint32_t i)
{
	return (r->columns[i].flags & ROWS_BINARY) &&
	       r->cells[i].len >= BINARY_LEAST;
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
put_line(struct reader *r)
{
	for (uint32_t i = 0; i < r->count; i++) {
		struct span s = r->cells[i];

		if (i > 0)
			made_byte(r->made, '\t');
		if (s.len == 0 || s.len >= LONG_LEAST || is_bytes(r, i))
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

/* Behind the row: long text in lines of its own, bytes as a member. */
static enum status
put_alone(struct reader *r, uint32_t i)
{
	struct span s = r->cells[i];
	char name[JOB_NAME_MAX];
	struct part p;
	size_t n;

	if (s.len < LONG_LEAST && !is_bytes(r, i))
		return ST_OK;
	if (!is_bytes(r, i)) {
		made_text(r->made, span_str(r->columns[i].name));
		made_text(r->made, span_str(": "));
		made_mark(r->made, r->number, i);
		made_text(r->made, s);
		made_byte(r->made, '\n');
		return ST_OK;
	}
	n = place_of(r, r->number, i, name, sizeof(name));
	part_memory(&p, s);
	return job_count(r->x) ? job_member(r->x, &p, span_of(name, n)) : ST_OK;
}

static enum status
put_row(struct reader *r)
{
	enum status st = take_row(r);

	if (st != ST_OK || r->broken)
		return st;
	put_line(r);
	for (uint32_t i = 0; i < r->count && st == ST_OK && !r->x->stop; i++)
		st = put_alone(r, i);
	return st;
}

/* ---- a large cell ---- */

struct large {
	struct reader *r;
	uint32_t left; /* bytes of the piece at hand */
	bool ended;
};

/* To a piece with bytes, or the end. */
static void
next_piece(struct large *l)
{
	uint8_t tag = 0;

	while (l->left == 0 && !l->ended) {
		l->ended = !take(l->r, &tag, 1) || !take32(l->r, &l->left) ||
			   tag != 'M' || l->left == 0;
		l->r->broken |= tag != 'M';
	}
}

static enum status
read_large(void *arg, void *dst, size_t n, size_t *got)
{
	struct large *l = arg;

	*got = 0;
	next_piece(l);
	if (l->ended)
		return ST_OK;
	*got = take_some(l->r, dst, n < l->left ? n : l->left);
	l->left -= (uint32_t)*got;
	l->r->broken |= *got == 0;
	return ST_OK;
}

static void
pass_large(struct large *l)
{
	uint8_t rest[4096];
	size_t got = 1;

	while (got > 0 && !l->r->broken)
		(void)!read_large(l, rest, sizeof(rest), &got);
}

static enum status
put_large(struct reader *r)
{
	struct large l = {.r = r};
	struct part p = {.arg = &l, .read = read_large, .size = UINT64_MAX};
	char key[KEY_TEXT * 2], name[JOB_NAME_MAX];
	uint32_t column, n;
	enum status st = ST_OK;
	int len;

	if (!take32(r, &column) || !take32(r, &n) || n >= sizeof(key) ||
	    column >= r->count || !take(r, key, n) || !take32(r, &l.left)) {
		r->broken = true;
		return ST_OK;
	}
	if (!may_be_said(span_of(key, n)))
		n = 0;
	len = snprintf(name, sizeof(name), "%s%s%.*s", r->columns[column].name,
		       n > 0 ? ", key " : "", (int)n, key);
	if (job_count(r->x))
		st = job_member(r->x, &p, span_of(name, (size_t)len));
	pass_large(&l);
	return st;
}

/* ---- the table ---- */

static bool
take_column(struct reader *r, struct column *c)
{
	uint32_t n;

	if (!take(r, &c->flags, 1) || !take32(r, &n) || n > ROWS_NAME)
		return false;
	c->name = calloc(1, (size_t)n + 1);
	return c->name != NULL && take(r, c->name, n);
}

static bool
take_columns(struct reader *r)
{
	part_consume(r->p, ROWS_MAGIC_LEN);
	if (!take32(r, &r->count) || r->count > ROWS_COLUMNS) {
		r->count = 0;
		return false;
	}
	r->columns = calloc((size_t)r->count + 1, sizeof(*r->columns));
	r->cells = calloc((size_t)r->count + 1, sizeof(*r->cells));
	r->keys = calloc(KEYS, sizeof(*r->keys));
	if (r->columns == NULL || r->cells == NULL || r->keys == NULL)
		return false;
	for (uint32_t i = 0; i < r->count; i++)
		if (!take_column(r, &r->columns[i]))
			return false;
	return true;
}

static enum status
take_more_columns(struct reader *r)
{
	struct column *columns;
	struct span *cells;
	uint32_t more;

	if (!take32(r, &more) || more > ROWS_COLUMNS - r->count) {
		r->broken = true;
		return ST_OK;
	}
	columns = reallocarray(r->columns, (size_t)r->count + more + 1,
			       sizeof(*columns));
	if (columns == NULL)
		return ST_NOMEM;
	r->columns = columns;
	cells =
	    reallocarray(r->cells, (size_t)r->count + more + 1, sizeof(*cells));
	if (cells == NULL)
		return ST_NOMEM;
	r->cells = cells;
	for (; more > 0 && !r->broken; more--) {
		struct column *c = &r->columns[r->count];

		*c = (struct column){.late = true};
		r->broken = !take_column(r, c);
		r->cells[r->count++] = span_of(NULL, 0);
	}
	return ST_OK;
}

static void
put_head(struct reader *r)
{
	struct buf head;

	buf_init(&head, MADE_FIRST);
	for (uint32_t i = 0; i < r->count; i++)
		if ((i > 0 && buf_add(&head, "\t", 1) != ST_OK) ||
		    buf_add_str(&head, r->columns[i].name) != ST_OK)
			break;
	made_head(r->made, buf_span(&head));
	buf_fini(&head);
}

static void
check_count(struct reader *r, bool sample)
{
	uint8_t raw[16];
	uint64_t sent, counted;

	if (!take(r, raw, sizeof(raw)))
		return;
	sent = codec_get64(raw);
	counted = codec_get64(raw + 8);
	if (sample && counted == 0)
		job_note_words(r->x, COVER_SAMPLE,
			       "%u rows were read, no more were wanted",
			       r->number);
	else if (sample && sent == r->number)
		job_note_words(r->x, COVER_SAMPLE,
			       "%u of %llu rows were read, no more were wanted",
			       r->number, (unsigned long long)counted);
	else if (sent != r->number || sent != counted)
		job_note_words(r->x, COVER_CHANGED,
			       "%u rows were read, the server counted %llu",
			       r->number, (unsigned long long)counted);
}

/* Not often: to ask for the time costs as much as a row. */
static bool
in_time(struct reader *r)
{
	return r->number % 256 != 0 || job_in_time(r->x);
}

static enum status
put_table(struct reader *r)
{
	enum status st = ST_OK;
	uint8_t tag = 0;

	while (st == ST_OK && !r->broken && !r->x->stop && take(r, &tag, 1)) {
		if (tag == 'E' || tag == 'S') {
			check_count(r, tag == 'S');
			break;
		}
		if (tag == 'R')
			st = put_row(r);
		else if (tag == 'L')
			st = put_large(r);
		else if (tag == 'C')
			st = take_more_columns(r);
		else
			r->broken = true;
		if (!in_time(r))
			break;
	}
	return st;
}

static void
release(struct reader *r)
{
	size_t kept = r->number < KEYS ? (size_t)r->number + 1 : KEYS;

	for (uint32_t i = 0; r->columns != NULL && i < r->count; i++)
		free(r->columns[i].name);
	buf_fini(&r->row);
	if (r->keys != NULL)
		explicit_bzero(r->keys, kept * sizeof(*r->keys));
	free(r->columns);
	free(r->cells);
	free(r->keys);
}

enum status
rows_part(struct extractor *x, struct part *p)
{
	struct reader r = {.x = x, .p = p};
	enum status st = ST_OK, end;

	buf_init(&r.row, ROW_MAX);
	if (take_columns(&r)) {
		st = made_begin(x, &r.made, say, &r);
		if (st == ST_OK) {
			put_head(&r);
			st = put_table(&r);
			end = made_end(r.made);
			st = st == ST_OK ? end : st;
		}
	}
	if (r.broken && !x->stop)
		job_note_words(x, COVER_TRUNCATED, "after row %u", r.number);
	settle(&r);
	release(&r);
	return st == ST_OK && !x->stop ? job_rest(x, p) : st;
}
